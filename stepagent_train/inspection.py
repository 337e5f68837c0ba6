"""Inspection: the agent practises at the states of experts, where both can be compared.

Every expert trajectory is cut after each action (Eq. 4), and at each of its states the agent
answers K times (Eq. 5):

    s_i = (o_1, a_1, ..., o_i) of the expert,    a_i^k ~ pi(. | s_i),  k = 1..K

No environment is stepped, so all states of all trajectories are asked at once, and the chat of a
trajectory is read once for all its states.

Source: StepAgent (arXiv 2411.03817), Section 4.1.  There decoding is said to be greedy, with which
K replies would be the same: here K > 1 takes temperature 1, and what is no difference is dropped by
`--dedupe`: replies of the same text (they have no gradient in a preference), or of the same action
(a correct action in other words should not be pushed down).  What was answered is kept in
`stage-NNN/practice.jsonl`, which `read_practice` reads for any method.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

import orjson

from stepagent_gym.errors import DataCorrupt, RunError, UsageError
from stepagent_gym.react import Parsed, parse, render
from stepagent_gym.sessions import make_env
from stepagent_gym.text_env import TextEnv
from stepagent_gym.types import Completion, Message, Trajectory
from stepagent_train.experience import Setting, tokenise
from stepagent_train.generate import completion
from stepagent_train.loop import Learner
from stepagent_train.model import CausalModel
from stepagent_train.run import RunArgs
from stepagent_train.shared_prefix import Place, replies
from stepagent_train.tokens import NOT_OWN, ChatTokeniser, Tokens

Dedupe = Literal["none", "text", "action"]


@dataclass(frozen=True)
class ReflectArgs(RunArgs):
    """What the methods that practise at experts' states take."""

    iterations: int = 3
    """Rounds of practising and training."""
    lr: float = 5e-7
    batch: int = 4
    """Expert trajectories an optimiser step; each brings its turns times the practices."""
    practices: int = 1
    """K, replies at each expert state."""
    practice_temperature: float | None = None
    """By default greedy for one practice, and 1 for more."""
    dedupe: Dedupe = "action"
    """Drop practices that do not differ from the expert, or from each other, in this."""

    def check(self) -> None:
        """Refuse practices that would all be the same."""
        super().check()
        if self.practices < 1:
            raise UsageError(f"practices={self.practices}: at least one is needed")
        if self.practice_temperature == 0 and self.practices > 1:
            raise UsageError("greedy practices of a state are all the same; ask for one of them")

    def resolved_temperature(self) -> float:
        """Give the temperature of practices."""
        if self.practice_temperature is None:
            return 0.0 if self.practices == 1 else 1.0
        return self.practice_temperature


@dataclass(frozen=True, slots=True)
class Practice:
    """What an agent answered at a state of an expert.

    `expert` is the place of the trajectory among those that were given, `turn` that of the state
    (from 0), `sample` that of the reply among those at the state.  `action` and `expert_action`
    are None where none was found.
    """

    expert: int
    task_id: str
    seed: int
    turn: int
    sample: int
    completion: Completion
    thought: str | None
    action: str | None
    expert_text: str
    expert_action: str | None

    def to_json(self) -> dict[str, Any]:
        """Give a JSON object with a key for each field."""
        names = ("expert", "task_id", "seed", "turn", "sample", "thought", "action")
        more = {"expert_text": self.expert_text, "expert_action": self.expert_action}
        own = {name: getattr(self, name) for name in names}
        return {**own, "completion": self.completion.to_json(), **more}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave."""
        return cls(**{**value, "completion": Completion.from_json(value["completion"])})

    @property
    def same_text(self) -> bool:
        """Whether the expert answered just the same."""
        return self.completion.text == self.expert_text

    @property
    def same_action(self) -> bool:
        """Whether the expert did the same."""
        return self.action is not None and self.action == self.expert_action


class Asking(NamedTuple):
    """How replies at states are sampled; `batch`: the most at once."""

    samples: int
    temperature: float
    max_new_tokens: int
    batch: int
    seed: str


class Inspection(NamedTuple):
    """Practices of a stage, with the experts as they are trained on (None: one is too long)."""

    experts: Sequence[Trajectory]
    practices: list[Practice]
    chats: list[Tokens | None]


def read_practice(path: Path) -> list[Practice]:
    """Read a file of practices; `DataCorrupt` names a line that is none."""
    found = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            found.append(Practice.from_json(orjson.loads(line)))
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise DataCorrupt(f"{path}, line {number}, is no practice: {error!r}") from error
    return found


def inspect(
    learner: Learner,
    stage: int,
    experts: Sequence[Trajectory],
    setting: Setting,
    args: ReflectArgs,
    *,
    examples: int,
) -> Inspection:
    """Practise with the model as it is, once in the run's life, and log how much was the same.

    `examples`: worked examples in the prompt that is trained on.  Experts that are too long are
    left out, and counted.  Raises `RunError` where all are.
    """
    asking = Asking(
        args.practices,
        args.resolved_temperature(),
        args.max_new_tokens,
        args.concurrency,
        f"{args.seed} {stage}",
    )

    def chats(shown: int) -> list[Tokens | None]:
        length = learner.max_length
        return tokenise(learner.chat, experts, setting, examples=shown, max_length=length)

    trained = chats(examples)
    asked = trained if args.rollout_examples == examples else chats(args.rollout_examples)

    def make() -> list[Any]:
        mine = learner.run.share([i for i, chat in enumerate(asked) if chat is not None])
        practices = practise(
            learner.scorer.model,
            learner.chat,
            {i: (experts[i], asked[i]) for i in mine},
            setting,
            asking,
        )
        return [practice.to_json() for practice in practices]

    rows = [Practice.from_json(row) for row in learner.run.once(stage, "practice", make)]
    practices = [practice for practice in rows if trained[practice.expert] is not None]
    if not practices:
        raise RunError(f"no expert trajectory fits into {learner.max_length} tokens")
    learner.run.log(
        stage,
        0,
        experts=len(experts),
        left_out=len(experts) - len({practice.expert for practice in practices}),
        practices=len(practices),
        same_text=sum(p.same_text for p in practices) / len(practices),
        same_action=sum(p.same_action for p in practices) / len(practices),
        no_action=sum(p.action is None for p in practices) / len(practices),
        tokens=sum(len(p.completion.token_ids or ()) for p in practices) / len(practices),
        prompt_tokens=sum(len(chat) for chat in asked if chat is not None),
        completion_tokens=sum(len(p.completion.token_ids or ()) for p in rows),
    )
    return Inspection(experts, practices, trained)


def practise(
    model: CausalModel,
    tokeniser: ChatTokeniser,
    chats: Mapping[int, tuple[Trajectory, Tokens | None]],
    setting: Setting,
    asking: Asking,
) -> list[Practice]:
    """Answer at every state of every trajectory, all in one batch of requests.

    `chats`: trajectories by their place among the experts, with their tokens.
    """
    read = reader(setting)
    numbers = list(chats)
    places: list[Place] = []
    asked: list[tuple[int, int, int]] = []
    for chat, number in enumerate(numbers):
        trajectory, tokens = chats[number]
        assert tokens is not None
        for turn in sorted(set(tokens.turns) - {NOT_OWN}):
            for sample in range(asking.samples):
                name = f"{asking.seed} {trajectory.task_id} {number} {turn} {sample}"
                places.append(Place(chat, tokens.turns.index(turn), random.Random(name)))
                asked.append((number, turn, sample))
    given = replies(
        model,
        [tokens.ids for _, tokens in chats.values() if tokens is not None],
        places,
        stop_ids=tokeniser.stop_ids,
        temperature=asking.temperature,
        max_new_tokens=asking.max_new_tokens,
        batch=asking.batch,
    )
    practices = []
    for (number, turn, sample), row in zip(asked, given, strict=True):
        trajectory, reply = chats[number][0], completion(row, tokeniser)
        parsed, step = read(reply.text), trajectory.steps[turn]
        practices.append(
            Practice(
                number,
                trajectory.task_id,
                trajectory.seed,
                turn,
                sample,
                reply,
                parsed.thought,
                parsed.action,
                step.completion.text,
                step.action,
            )
        )
    return practices


def reader(setting: Setting) -> Callable[[str], Parsed]:
    """Give what finds the action in a reply, as the environment would."""
    if setting.action_format == "bare":
        return lambda text: Parsed(None, text, "bare")
    made = make_env(setting.env_id, setting.options)
    env = made.unwrapped
    assert isinstance(env, TextEnv)
    syntax, parsing = env.syntax, env.parsing
    made.close()
    return lambda text: parse(text, syntax, parsing)


def differing(practices: Iterable[Practice], dedupe: Dedupe) -> list[Practice]:
    """Drop practices that repeat the expert's reply at their state, or an earlier practice's.

    By `action`, replies without one are told apart by their text.
    """
    if dedupe == "none":
        return list(practices)
    known: set[tuple[int, int, bool, str]] = set()
    kept = []
    for practice in practices:
        by_action = dedupe == "action" and practice.action is not None
        what = practice.action if by_action else practice.completion.text
        key = (practice.expert, practice.turn, by_action, what or "")
        if practice.same_text or (by_action and practice.same_action) or key in known:
            continue
        known.add(key)
        kept.append(practice)
    return kept


def reply_tokens(
    chat: ChatTokeniser, expert: Trajectory, practice: Practice, setting: Setting, examples: int
) -> Tokens:
    """Give a practised reply as it stands after its state; raises `Unusable` as `encode` does."""
    before = state_chat(expert, practice.turn, setting, examples)
    return one_reply(chat, before, practice.completion, practice.turn)


def state_chat(episode: Trajectory, turn: int, setting: Setting, examples: int) -> list[Message]:
    """Give the chat of an episode up to where turn `turn` is to be answered."""
    steps, state = episode.steps[:turn], episode.steps[turn].observation
    return render(
        setting.prompt, steps, state, examples=examples, action_format=setting.action_format
    )


def one_reply(
    chat: ChatTokeniser, before: Sequence[Message], completion: Completion, turn: int
) -> Tokens:
    """Give the own tokens of a reply to a chat, without the chat, as those of turn `turn`.

    Nothing follows such a reply, so it ends as it was sampled, be that with a control token which
    is not the template's end of a turn.
    """
    messages = [*before, Message("assistant", completion.text)]
    whole = chat.encode(messages, {len(before): completion})
    ids = tuple(i for i, mine in zip(whole.ids, whole.turns, strict=True) if mine != NOT_OWN)
    sampled = tuple(completion.token_ids or ())
    if sampled[: len(ids)] == ids:
        ids = sampled
    return Tokens(ids, (turn,) * len(ids))
