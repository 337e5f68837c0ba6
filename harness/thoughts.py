"""Thoughts for expert actions that have none: a model is shown the chat and the action to come.

The action is never altered: the reply that is stored is the model's thought before the recorded
action, and it must be read as that action again.
"""

import hashlib
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import orjson
from rich.console import Console

from harness.accounts import Account
from harness.policies.spending import Meter, Metered
from harness.progress import print_spending
from harness.runs import replace_file
from stepagent_gym.errors import PolicyError, RunError
from stepagent_gym.policy import Policy
from stepagent_gym.react import Parsing, Prompt, Syntax, parse, render, reply
from stepagent_gym.types import Completion, Message, Step, Trajectory

REQUEST = """

(The expert's next action is known. It is:

{action}

Write the thought that leads the expert to it: what the goal still needs, what the latest \
observation shows, and why this action comes next. One to three plain sentences, as "I"; use only \
what has been seen so far, and do not mention that the action was given. Write the thought alone, \
without a label and without the action.)"""
TRIES = 3
THOUGHTS, SPENDING = "thoughts.jsonl", "thoughts-spending.json"

_LABEL = re.compile(r"\W*thought\s*\d*\s*\**\s*:\**", re.I)
_LABELLED = re.compile(r"\baction\b[^:\n]{0,12}:", re.I)
_NEXT = re.compile(r"^[^\w\n]*(?:action|answer|observation)\b[^:\n]{0,12}:", re.I | re.M)


@dataclass(frozen=True)
class Narrator:
    """Writes thoughts with a model.

    `syntax`, `parsing`: how the environment will read the replies.
    """

    policy: Policy
    prompt: Prompt
    syntax: Syntax
    parsing: Parsing
    examples: int

    async def narrate(self, trajectory: Trajectory) -> Trajectory:
        """Give the trajectory with a thought before every action that had none.

        Later turns are written with the earlier thoughts in view.  Raises `PolicyError` where the
        model gives no usable thought.
        """
        steps: list[Step] = []
        for step in trajectory.steps:
            if step.thought is None and step.action is not None:
                steps.append(await self._with_thought(step.action, step, steps))
            else:
                steps.append(step)
        return replace(trajectory, steps=tuple(steps))

    async def _with_thought(self, action: str, step: Step, before: Sequence[Step]) -> Step:
        chat = render(self.prompt, before, step.observation, examples=self.examples)
        last = chat[-1]
        chat[-1] = Message(last.role, last.content + REQUEST.format(action=action))
        for _ in range(TRIES):
            thought = clean(_without_reasoning((await self.policy.act(chat)).text))
            text = reply(thought, action)
            parsed = parse(text, self.syntax, self.parsing)
            if parsed.thought and parsed.action == action and not _LABELLED.search(thought):
                return replace(step, completion=Completion(text), thought=parsed.thought)
        raise PolicyError(
            f"{TRIES} replies held no thought that leaves the action {action!r} as it is"
        )


def clean(text: str) -> str:
    """Take labels, line breaks and anything from a next label on off a thought."""
    text = text.strip()
    if label := _LABEL.match(text):
        text = text[label.end() :]
    if after := _NEXT.search(text):
        text = text[: after.start()]
    return " ".join(text.split())


def _without_reasoning(text: str) -> str:
    """Drop a `<think>` block of a reasoning model."""
    return text.rpartition("</think>")[2]


def lacking(trajectory: Trajectory) -> int:
    """Count the actions of a trajectory that have no thought."""
    return sum(step.thought is None and step.action is not None for step in trajectory.steps)


class ThoughtFile:
    """Trajectories that have had their thoughts written, kept for another time.

    Raises `RunError` for a file that is malformed; a half-written last line is cut off.
    """

    def __init__(self, path: Path, model: str, narrator: Narrator) -> None:
        self._path = path
        self._conditions = [model, narrator.prompt.sha256, narrator.examples, narrator.parsing]
        self._known = _read(path)

    def get(self, trajectory: Trajectory) -> Trajectory | None:
        """Give the trajectory with its thoughts, if the same model wrote them before."""
        return self._known.get(self._key(trajectory))

    def put(self, trajectory: Trajectory, narrated: Trajectory) -> None:
        """Keep a trajectory with its thoughts; on disk when this returns."""
        line = {"key": self._key(trajectory), "trajectory": narrated.to_json()}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                file.write(orjson.dumps(line) + b"\n")
        except OSError as error:
            raise RunError(f"cannot write to {self._path}: {error.strerror}") from error

    def _key(self, trajectory: Trajectory) -> str:
        """Name what the thoughts depend on."""
        on = orjson.dumps([trajectory.to_json(), *self._conditions])
        return hashlib.sha256(on).hexdigest()


class Writer:
    """The model that writes thoughts, and the folder that keeps them and what they cost."""

    def __init__(self, model: str, policy: Policy, folder: Path) -> None:
        self.model = model
        self.policy = policy
        self._folder = folder
        self._account: Account | None = None
        if isinstance(policy, Metered):
            self._account = Account(folder / SPENDING, policy.meter)

    @property
    def meters(self) -> Sequence[Meter]:
        """What it has spent, now and before; none where the model is on no server."""
        return () if self._account is None else (self._account.meter,)

    @asynccontextmanager
    async def at_work(self, played: Meter, console: Console) -> AsyncIterator[None]:
        """Count what is spent while the block lasts, and close the model; `played`: beside it."""
        async with AsyncExitStack() as stack:
            if self._account is not None:
                self._account.meter.beside = (played,)
                stack.callback(print_spending, self._account.meter, console)
                await stack.enter_async_context(self._account.kept())
            stack.push_async_callback(self.policy.close)
            yield

    def file(self, narrator: Narrator) -> ThoughtFile:
        """Open the thoughts that are kept."""
        return ThoughtFile(self._folder / THOUGHTS, self.model, narrator)


def _read(path: Path) -> Mapping[str, Trajectory]:
    if not path.exists():
        return {}
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        replace_file(path, whole)
    try:
        lines = [orjson.loads(line) for line in whole.split(b"\n") if line]
        return {line["key"]: Trajectory.from_json(line["trajectory"]) for line in lines}
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise RunError(
            f"{path} is malformed: {error!r}; remove it to have them written again"
        ) from error
