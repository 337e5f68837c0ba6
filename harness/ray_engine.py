"""The Ray engine: whole episodes are played by Ray actors, on this machine or on a cluster.

    stepagent eval --model oracle --env stepagent/WebShop-v0 --engine ray --workers 4

Every actor runs the one loop (`stepagent_gym.rollout`) over the starts that it is sent, and sends
back trajectories.  A scripted policy is copied into the actors; a model stays here, where its key,
cache and budget are: an actor sends the chats of its episodes and is sent the replies.

The driver alone knows which episodes are open.  When an actor dies, those that it had not sent
back are given to others, so that each is in the results exactly once.
"""

import asyncio
import math
import os
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from harness.ray_player import Answer, Job, Player, Question, Report
from stepagent_gym.errors import (
    EnvironmentFault,
    NotInstalled,
    PolicyError,
    StepAgentError,
    UsageError,
)
from stepagent_gym.policy import EpisodePolicy, Policy, ScriptedPolicy
from stepagent_gym.react import ActionFormat, Prompt
from stepagent_gym.rollout import Overflow, Start
from stepagent_gym.sessions import make_env
from stepagent_gym.text_env import TextEnv
from stepagent_gym.types import Completion, Step, Trajectory

DEATHS = 3
"""An episode over which so many actors died ends in an error; it was alone in the last one."""


async def ray_rollout(
    env_id: str,
    starts: Iterable[Start],
    policy: Policy,
    *,
    prompt: Prompt,
    env_options: Mapping[str, Any] | None = None,
    examples: int = 1,
    concurrency: int = 64,
    workers: int | None = None,
    retries: int = 1,
    overflow: Overflow = "fail",
    address: str | None = None,
) -> AsyncIterator[Trajectory]:
    """Play as `stepagent_gym.rollout` does, in Ray actors.

    `concurrency`: episodes at once, over all actors.  `workers`: actors (None: one for each CPU of
    the cluster).  `address`: of a cluster, where this package and the data must be installed on
    every node (None: the cluster that this process is in, else one on this machine, which lasts as
    long as the process).
    A policy that is not scripted stays here and may not call the environment.
    Raises what `rollout` raises, and `NotInstalled` where Ray is missing.
    """
    options = dict(env_options or {})
    cluster = _Cluster(address, workers)
    env = make_env(env_id, options)
    described = env.unwrapped
    assert isinstance(described, TextEnv)
    todo = [replace(start, task=described.resolve_task(start.task)) for start in starts]
    env.close()
    lanes = max(1, min(cluster.workers, len(todo)))
    job = Job(
        env_id=described.env_id,
        env_options=options,
        policy=policy if isinstance(policy, ScriptedPolicy) else None,
        prompt=prompt,
        examples=examples,
        concurrency=math.ceil(concurrency / lanes),
        retries=retries,
        overflow=overflow,
    )
    driver = _Driver(cluster, job, policy, described.split, todo)
    async for trajectory in driver.play(lanes):
        yield trajectory


class _Cluster:
    """The Ray cluster that this process is in, or joins."""

    def __init__(self, address: str | None, workers: int | None) -> None:
        try:
            ray: Any = import_module("ray")
        except ImportError:
            raise NotInstalled(
                "--engine ray needs a package: pip install 'stepagent-gym[ray]'"
            ) from None
        if workers is not None and workers < 1:
            raise UsageError(f"workers={workers}: the Ray engine needs at least one")
        self.ray = ray
        if not ray.is_initialized():
            _join(ray, address, workers)
        cpus = int(ray.cluster_resources().get("CPU", 0))
        self.workers = cpus if workers is None else workers
        if not 1 <= self.workers <= cpus:
            raise UsageError(
                f"workers={self.workers}: each takes a CPU, and the Ray cluster has {cpus}"
            )

    def start(self, job: Any, calls: int) -> Any:
        """Start an actor that takes so many calls at once; `job` is a reference to a `Job`."""
        return self.ray.remote(num_cpus=1, max_concurrency=calls)(Player).remote(job)


def _join(ray: Any, address: str | None, workers: int | None) -> None:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    if address is None:
        ray.init(
            address="local",
            num_cpus=max(workers or 1, os.cpu_count() or 1),
            include_dashboard=False,
            log_to_driver=False,
            logging_level="ERROR",
        )
        return
    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR")
    except (ConnectionError, ValueError) as error:
        raise UsageError(f"no Ray cluster at {address}: {error}") from error


@dataclass
class _View:
    """An episode as the driver's policy may see it: the environment itself is far."""

    env_id: str
    split: str
    task_id: str
    seed: int
    action_format: ActionFormat
    turn: int

    @property
    def observation(self) -> str:
        raise _far("observation")

    @property
    def info(self) -> Mapping[str, Any]:
        raise _far("info")

    @property
    def steps(self) -> Sequence[Step]:
        raise _far("steps")

    async def begin(self, start: Start) -> None:
        raise _far("begin")

    async def call(self, method: str, *arguments: Any) -> Any:
        raise _far(method)


def _far(what: str) -> PolicyError:
    return PolicyError(f"a policy of the driver cannot use {what}: its environment is far")


class _Mail:
    """Answers on their way to an actor: those that come up at the same time go together."""

    def __init__(self, player: Any) -> None:
        self._player = player
        self._answers: list[Answer] = []

    def add(self, answer: Answer) -> None:
        if not self._answers:
            asyncio.get_running_loop().call_soon(self._send)
        self._answers.append(answer)

    def _send(self) -> None:
        self._player.send.remote([], self._answers)
        self._answers = []


class _Driver:
    """Hands out starts, answers questions, gathers trajectories, replaces actors that die."""

    def __init__(
        self, cluster: _Cluster, job: Job, policy: Policy, split: str, todo: Iterable[Start]
    ) -> None:
        self.cluster = cluster
        self.job = job
        self.policy = policy
        self.split = split
        self.todo = deque(todo)
        self.deaths: Counter[tuple[str | int, int]] = Counter()
        self.results: asyncio.Queue[Trajectory | BaseException] = asyncio.Queue()

    async def play(self, lanes: int) -> AsyncIterator[Trajectory]:
        """Play everything in so many actors at once."""
        asked = len(self.todo)
        shared = self.cluster.ray.put(self.job)
        tasks = [asyncio.create_task(self._lane(shared)) for _ in range(lanes)]
        try:
            for _ in range(asked):
                result = await self.results.get()
                if isinstance(result, BaseException):
                    raise result
                yield result
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _lane(self, shared: Any) -> None:
        """Keep one actor playing until no start is left."""
        errors = self.cluster.ray.exceptions
        try:
            while self.todo:
                given: list[Start] = []
                player = self.cluster.start(shared, 4 * self.job.concurrency + 16)
                try:
                    await self._serve(player, given)
                except errors.RayActorError as death:
                    self._give_back(given, death)
                finally:
                    self.cluster.ray.kill(player)
        except errors.RayTaskError as error:
            self.results.put_nowait(error.cause)
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            self.results.put_nowait(error)

    async def _serve(self, player: Any, given: list[Start]) -> None:
        """Give an actor starts and answers, and take what it has done off `given`."""
        policies: dict[int, tuple[_View, Policy]] = {}
        answering: set[asyncio.Task[None]] = set()
        mail = _Mail(player)
        try:
            while self._refill(player, given):
                report: Report = await player.receive.remote()
                for trajectory in report.trajectories:
                    given.remove(_start_of(trajectory, given))
                    self.results.put_nowait(trajectory)
                for question in report.questions:
                    task = asyncio.create_task(self._answer(mail, question, policies))
                    answering.add(task)
                    task.add_done_callback(answering.discard)
        finally:
            for task in answering:
                task.cancel()

    def _refill(self, player: Any, given: list[Start]) -> bool:
        """Send starts, so that none of the actor's episodes waits for one; false: it is done."""
        starts: list[Start] = []
        while self.todo and len(given) < 2 * self.job.concurrency:
            if given and (self._is_suspect(given[0]) or self._is_suspect(self.todo[0])):
                break
            start = self.todo.popleft()
            given.append(start)
            starts.append(start)
        if starts:
            player.send.remote(starts, [])
        return bool(given)

    def _is_suspect(self, start: Start) -> bool:
        """Whether one more death would be the last of an episode; it is played alone, then."""
        return self.deaths[start.task, start.seed] == DEATHS - 1

    async def _answer(
        self, mail: _Mail, question: Question, policies: dict[int, tuple[_View, Policy]]
    ) -> None:
        """Ask the policy; a fault of one episode goes to the actor, others end the rollout."""
        result: Completion | tuple[str, str]
        try:
            result = await self._policy_of(question, policies).act(question.messages)
        except (PolicyError, EnvironmentFault) as error:
            result = type(error).__name__, str(error)
        except StepAgentError as error:
            self.results.put_nowait(error)
            return
        except Exception as error:
            result = type(error).__name__, str(error)
        mail.add(Answer(question.number, result))

    def _policy_of(self, question: Question, policies: dict[int, tuple[_View, Policy]]) -> Policy:
        """Give the policy of an episode, the same one for all of its turns."""
        if not isinstance(self.policy, EpisodePolicy):
            return self.policy
        if question.episode not in policies:
            view = _View(
                question.env_id,
                question.split,
                question.task_id,
                question.seed,
                question.action_format,
                question.turn,
            )
            policies[question.episode] = view, self.policy.for_episode(view)
        view, policy = policies[question.episode]
        view.turn = question.turn
        return policy

    def _give_back(self, starts: Iterable[Start], death: Exception) -> None:
        """Have the episodes of a dead actor played again, first of all; not without end."""
        for start in starts:
            self.deaths[start.task, start.seed] += 1
            if self.deaths[start.task, start.seed] < DEATHS:
                self.todo.appendleft(start)
            else:
                self.results.put_nowait(self._lost(start, death))

    def _lost(self, start: Start, death: Exception) -> Trajectory:
        reason = str(death).partition("\n")[0]
        return Trajectory(
            env_id=self.job.env_id,
            split=self.split,
            task_id=str(start.task),
            seed=start.seed,
            steps=start.steps,
            final_observation="",
            status="error",
            error=f"environment: the Ray actor of this episode died {DEATHS} times: {reason}",
            reward=math.fsum(step.reward for step in start.steps),
            success=False,
            score=0.0,
        )


def _start_of(trajectory: Trajectory, starts: Iterable[Start]) -> Start:
    """Find where a trajectory began: of branches of a task, the longest that it continues."""
    return max(
        (
            start
            for start in starts
            if (start.task, start.seed) == (trajectory.task_id, trajectory.seed)
            and trajectory.steps[: len(start.steps)] == start.steps
        ),
        key=lambda start: len(start.steps),
    )
