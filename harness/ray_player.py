"""The actor of the Ray engine, and what it and the driver tell each other.

Nothing here needs Ray: an actor is an object whose methods are called from afar.
"""

import asyncio
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import stepagent_gym.errors
from stepagent_gym.errors import PolicyError, StepAgentError
from stepagent_gym.policy import EpisodeView, Policy
from stepagent_gym.react import ActionFormat, Prompt
from stepagent_gym.rollout import Overflow, Start, rollout
from stepagent_gym.types import Completion, Message, Trajectory


@dataclass(frozen=True)
class Job:
    """What every actor of a rollout is told: arguments of `stepagent_gym.rollout`.

    `policy`: the scripted policy, or None where the driver answers.
    """

    env_id: str
    env_options: Mapping[str, Any]
    policy: Policy | None
    prompt: Prompt
    examples: int
    concurrency: int
    retries: int
    overflow: Overflow


@dataclass(frozen=True)
class Question:
    """A chat that waits for the driver's policy, and what the policy may know of its episode.

    `number` is the question's in its actor, `episode` the episode's.
    """

    number: int
    episode: int
    messages: Sequence[Message]
    env_id: str
    split: str
    task_id: str
    seed: int
    action_format: ActionFormat
    turn: int


@dataclass(frozen=True)
class Answer:
    """What came of a question: a completion, or the class and the message of an error."""

    number: int
    result: Completion | tuple[str, str]


@dataclass
class Report:
    """What an actor has to tell: episodes that ended, and chats that wait."""

    trajectories: list[Trajectory] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


class Player:
    """The actor: plays the starts that it is sent.  Its methods run side by side in one loop."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._starts = _Starts()
        self._report = Report()
        self._news = asyncio.Event()
        self._desk = _Desk(self._report_question)
        self._playing: asyncio.Task[None] | None = None

    async def send(self, starts: Sequence[Start], answers: Sequence[Answer]) -> None:
        """Take starts to be played, and answers to questions."""
        for start in starts:
            self._starts.queue.put_nowait(start)
        for answer in answers:
            self._desk.answer(answer)
        if self._playing is None:
            self._playing = asyncio.create_task(self._play())
            self._playing.add_done_callback(lambda _: self._news.set())

    async def receive(self) -> Report:
        """Give the news, when there is some; raises what ended the rollout, if anything did."""
        await self._news.wait()
        self._news.clear()
        if self._playing is not None and self._playing.done():
            self._playing.result()
        report, self._report = self._report, Report()
        return report

    async def _play(self) -> None:
        job = self._job
        async for trajectory in rollout(
            job.env_id,
            self._starts,
            self._desk if job.policy is None else job.policy,
            prompt=job.prompt,
            env_options=job.env_options,
            examples=job.examples,
            concurrency=job.concurrency,
            workers=0,
            retries=job.retries,
            overflow=job.overflow,
        ):
            self._report.trajectories.append(trajectory)
            self._news.set()

    def _report_question(self, question: Question) -> None:
        self._report.questions.append(question)
        self._news.set()


class _Starts:
    """The starts of an actor, as `rollout` takes them: it waits for more, without an end."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Start] = asyncio.Queue()

    def __aiter__(self) -> "_Starts":
        return self

    async def __anext__(self) -> Start:
        return await self.queue.get()


class _Desk:
    """The policy of an actor whose model is with the driver: hands chats out, takes replies in."""

    def __init__(self, hand_out: Callable[[Question], None]) -> None:
        self._hand_out = hand_out
        self._waiting: dict[int, asyncio.Future[Completion]] = {}
        self._questions = itertools.count()
        self._episodes = itertools.count()

    def for_episode(self, view: EpisodeView) -> Policy:
        """Give a policy that asks the driver."""
        return _Asking(self, view, next(self._episodes))

    async def act(self, messages: Sequence[Message]) -> Completion:
        """Refuse: a chat belongs to an episode."""
        raise PolicyError("chats are answered by episode")

    async def close(self) -> None:
        """Do nothing: the driver closes its policy."""

    async def ask(self, messages: Sequence[Message], view: EpisodeView, episode: int) -> Completion:
        """Send a chat to the driver and wait for the reply."""
        number = next(self._questions)
        future: asyncio.Future[Completion] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        question = Question(
            number,
            episode,
            messages,
            view.env_id,
            view.split,
            view.task_id,
            view.seed,
            view.action_format,
            view.turn,
        )
        self._hand_out(question)
        return await future

    def answer(self, answer: Answer) -> None:
        """Wake the episode that asked."""
        future = self._waiting.pop(answer.number)
        if isinstance(answer.result, Completion):
            future.set_result(answer.result)
        else:
            future.set_exception(_rebuilt(*answer.result))


@dataclass(frozen=True)
class _Asking:
    """The policy of one episode in such an actor."""

    desk: _Desk
    view: EpisodeView
    episode: int

    async def act(self, messages: Sequence[Message]) -> Completion:
        return await self.desk.ask(messages, self.view, self.episode)

    async def close(self) -> None:
        return None


def _rebuilt(name: str, message: str) -> Exception:
    """Make an error of the driver's policy again: of our tree, or another of the same name."""
    kind = getattr(stepagent_gym.errors, name, None)
    if not (isinstance(kind, type) and issubclass(kind, StepAgentError)):
        kind = type(name, (Exception,), {})
    rebuilt: Exception = kind(message)
    return rebuilt
