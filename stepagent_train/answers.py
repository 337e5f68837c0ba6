"""Replies at experts' states as the discriminator and the policy of StepAgent-Inverse see them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from stepagent_gym.react import reply
from stepagent_gym.types import Completion, Trajectory
from stepagent_train.branches import bare_tree, rows_of
from stepagent_train.discriminator import (
    DiscInput,
    Discriminator,
    DiscriminatorArgs,
    Examination,
    Judged,
    examination,
    held_out_tasks,
)
from stepagent_train.experience import Setting, tokenise
from stepagent_train.inspection import Inspection, Practice, one_reply, state_chat
from stepagent_train.loop import Learner
from stepagent_train.packing import Branch, Tree
from stepagent_train.tokens import NOT_OWN, ChatTokeniser, Tokens, Unusable


class Key(NamedTuple):
    """Whose reply at which state: a practice by its number, or the expert's (None)."""

    expert: int
    turn: int
    sample: int | None


class Answers(NamedTuple):
    """Replies at the states of one trajectory as branches, and whose they are."""

    tree: Tree
    keys: tuple[Key, ...]


def differs(practice: Practice) -> bool:
    """Whether a practice does another thing than the expert."""
    return not practice.same_action and not practice.same_text


def practised(
    learner: Learner, found: Inspection, setting: Setting, args: DiscriminatorArgs
) -> list[Answers]:
    """Give all practices as they were sampled, to train the policy on."""
    return gather(
        learner.chat,
        found,
        setting,
        examples=args.rollout_examples,
        max_length=learner.max_length,
        experts=False,
    )


def judge(
    learner: Learner,
    stage: int,
    discriminator: Discriminator,
    found: Inspection,
    setting: Setting,
    args: DiscriminatorArgs,
) -> dict[Key, float]:
    """Train the discriminator on what is not held out, and give its logit for every reply."""
    candidates = gather(
        learner.chat,
        found,
        setting,
        examples=args.rollout_examples,
        max_length=learner.max_length,
        disc_input=args.disc_input,
        experts=True,
    )
    held_out = _held_out(found, args)
    count: dict[tuple[int, int], int] = {}
    for practice in found.practices:
        state = practice.expert, practice.turn
        count[state] = count.get(state, 0) + 1
    samples = [
        Judged(
            sample.tree,
            tuple(key.sample is None for key in sample.keys),
            tuple(1.0 if k.sample is None else 1 / count[k.expert, k.turn] for k in sample.keys),
        )
        for sample in candidates
        if found.experts[sample.keys[0].expert].task_id not in held_out
    ]
    discriminator.train(stage, samples)
    rows = learner.run.once(
        stage,
        "judged",
        lambda: discriminator.logits([c.tree for c in learner.run.share(candidates)]),
    )
    return {
        key: logit
        for sample, row in zip(candidates, rows, strict=True)
        for key, logit in zip(sample.keys, row, strict=True)
    }


def examine(found: Inspection, logits: Mapping[Key, float], args: DiscriminatorArgs) -> Examination:
    """Examine the discriminator on the pairs of held-out tasks whose actions differ."""
    held_out = _held_out(found, args)
    pairs: dict[int, list[tuple[float, float]]] = {}
    for practice in found.practices:
        own = Key(practice.expert, practice.turn, practice.sample)
        expert = own._replace(sample=None)
        if practice.task_id in held_out and differs(practice) and {own, expert} <= logits.keys():
            pairs.setdefault(practice.expert, []).append((logits[expert], logits[own]))
    return examination(pairs)


def judge_episodes(
    learner: Learner,
    stage: int,
    discriminator: Discriminator,
    own: Sequence[Trajectory],
    setting: Setting,
    args: DiscriminatorArgs,
) -> list[list[float]]:
    """Give the logit of every turn of own episodes; 0 for one that cannot be read."""

    def make() -> list[list[float]]:
        mine = learner.run.share(own)
        chats = tokenise(
            learner.chat,
            mine,
            setting,
            examples=args.rollout_examples,
            max_length=learner.max_length,
        )
        logits = [[0.0] * len(episode.steps) for episode in mine]
        planted: list[Answers] = []
        for number, (episode, chat) in enumerate(zip(mine, chats, strict=True)):
            replies: dict[Key, Tokens] = {}
            for turn, step in enumerate(episode.steps if chat is not None else ()):
                answer = Key(number, turn, 0), step.completion, step.action
                shown = args.rollout_examples
                _read(learner.chat, episode, answer, setting, shown, args.disc_input, replies)
            if chat is not None:
                planted += _plant(chat, replies, learner.max_length)
        for sample, row in zip(
            planted, discriminator.logits([p.tree for p in planted]), strict=True
        ):
            for key, logit in zip(sample.keys, row, strict=True):
                logits[key.expert][key.turn] = logit
        return logits

    rows: list[list[float]] = learner.run.once(stage, "judged-episodes", make)
    return rows


def _held_out(found: Inspection, args: DiscriminatorArgs) -> frozenset[str]:
    return held_out_tasks((e.task_id for e in found.experts), args.held_out, args.seed)


def gather(
    tokeniser: ChatTokeniser,
    found: Inspection,
    setting: Setting,
    *,
    examples: int,
    max_length: int,
    experts: bool,
    disc_input: DiscInput = "full",
) -> list[Answers]:
    """Put the practices (and the experts' replies) of each trajectory on its bare chat.

    `examples`: worked examples in the chat.  A reply of `disc_input` "action" has no thought.
    """
    by_expert: dict[int, list[Practice]] = {}
    for practice in found.practices:
        by_expert.setdefault(practice.expert, []).append(practice)
    planted = []
    for number, practices in by_expert.items():
        expert, chat = found.experts[number], found.chats[number]
        assert chat is not None
        replies: dict[Key, Tokens] = {}
        for turn in sorted({p.turn for p in practices}) if experts else ():
            step = expert.steps[turn]
            answer = Key(number, turn, None), step.completion, step.action
            _read(tokeniser, expert, answer, setting, examples, disc_input, replies)
        for p in practices:
            answer = Key(number, p.turn, p.sample), p.completion, p.action
            _read(tokeniser, expert, answer, setting, examples, disc_input, replies)
        planted += _plant(chat, replies, max_length)
    return planted


def _read(
    tokeniser: ChatTokeniser,
    episode: Trajectory,
    answer: tuple[Key, Completion, str | None],
    setting: Setting,
    examples: int,
    disc_input: DiscInput,
    replies: dict[Key, Tokens],
) -> None:
    """Add the tokens of a reply, or of its action alone, unless it has none."""
    key, completion, action = answer
    if disc_input == "action" and action is not None:
        completion = Completion(reply(None, action, setting.action_format))
    try:
        before = state_chat(episode, key.turn, setting, examples)
        tokens = one_reply(tokeniser, before, completion, key.turn)
    except Unusable:
        return
    if len(tokens):
        replies[key] = tokens


def _plant(chat: Tokens, replies: Mapping[Key, Tokens], max_length: int) -> list[Answers]:
    """Make trees of at most `max_length` tokens of replies to the states of a chat."""
    starts = {turn: chat.turns.index(turn) for turn in sorted(set(chat.turns) - {NOT_OWN})}
    keys = [key for key in replies if key.turn in starts]
    branches = [Branch(starts[key.turn], replies[key]) for key in keys]
    rows = rows_of([b.at for b in branches], [len(b.tokens) for b in branches], max_length)
    return [
        Answers(bare_tree(chat, [branches[i] for i in row]), tuple(keys[i] for i in row))
        for row in rows
    ]
