"""A language model with a scalar head that says what the last action of a chat is worth."""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from stepagent_gym.errors import UsageError
from stepagent_gym.types import Step
from stepagent_train.experience import Setting
from stepagent_train.model import Places, Scorer, load_frozen
from stepagent_train.run import MODEL, replacing
from stepagent_train.tokens import NOT_OWN, ChatTokeniser, Tokens, Unusable, collate

HEAD = "reward_head.pt"


def left_cut(tokens: Tokens, max_length: int) -> Tokens:
    """Keep the end of a chat, which holds the action; what is lost is its beginning."""
    return Tokens(tokens.ids[-max_length:], tokens.turns[-max_length:])


def up_to_last_turn(tokens: Tokens) -> Tokens:
    """Drop what a template puts after the last own turn, so that the value is read at its end."""
    end = max((i for i, turn in enumerate(tokens.turns) if turn != NOT_OWN), default=-1) + 1
    return Tokens(tokens.ids[:end], tokens.turns[:end])


def values(scorer: Scorer, chats: Sequence[Tokens]) -> Tensor:
    """Give the value at the last token of each chat: (chats,)."""
    batch = collate(chats)
    none = torch.zeros(0, dtype=torch.long)
    last = torch.tensor([len(chat) - 1 for chat in chats])
    scores = scorer(
        batch.ids, batch.attention, Places(none, none, none), (torch.arange(len(chats)), last)
    )
    found: Tensor = scores.values
    return found


def action_chat(
    tokeniser: ChatTokeniser,
    steps: Sequence[Step],
    setting: Setting,
    *,
    examples: int,
    max_length: int,
) -> Tokens | None:
    """Give a chat up to and with the reply of the last step, cut on the left; None if unusable."""
    try:
        whole = tokeniser.trajectory(
            setting.prompt,
            steps,
            examples=examples,
            action_format=setting.action_format,
        )
    except Unusable:
        return None
    return left_cut(up_to_last_turn(whole), max_length)


@torch.no_grad()
def predict(scorer: Scorer, chats: Sequence[Tokens], batch: int) -> list[float]:
    """Give the value of each chat, as it is learned."""
    scorer.eval()
    order = sorted(range(len(chats)), key=lambda i: len(chats[i]))
    found = [0.0] * len(chats)
    for begin in range(0, len(order), batch):
        group = order[begin : begin + batch]
        for i, value in zip(group, values(scorer, [chats[i] for i in group]).tolist(), strict=True):
            found[i] = value
    return found


def rate(scorer: Scorer, chats: Sequence[Tokens | None], batch: int) -> list[float | None]:
    """Give what a reward model says of the last action of each chat; None where there is none."""
    found = iter(predict(scorer, [chat for chat in chats if chat is not None], batch))
    return [None if chat is None else next(found) for chat in chats]


def save_head(scorer: Scorer, path: Path) -> None:
    """Write the head beside a run's model."""
    assert scorer.critic is not None
    with replacing(path / HEAD) as partial:
        torch.save(scorer.critic.state_dict(), partial)


def load_reward_model(path: Path, device: torch.device) -> Scorer:
    """Load the model of a run of `reward-model`; `UsageError` where there is none."""
    if not (path / HEAD).is_file():
        raise UsageError(
            f"{path} holds no reward model; make one with `stepagent train reward-model "
            f"--out {path}`"
        )
    scorer = load_frozen(path / MODEL, device, critic=True)
    assert scorer.critic is not None
    scorer.critic.load_state_dict(torch.load(path / HEAD, map_location=device, weights_only=True))
    return scorer
