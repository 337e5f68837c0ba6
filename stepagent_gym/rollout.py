"""The only loop that steps environments.

    async for trajectory in rollout("stepagent/WebShop-v0", [Start("0"), Start("1")], policy):
        ...

Many episodes are played at once under one concurrency limit; each is a few lines of `_play`.  A
bad episode is data, not a crash: a fault of the environment or of the policy ends it with
`status="error"`, after environment faults were tried again on a fresh environment.
"""

import asyncio
import math
import os
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from stepagent_gym.errors import (
    ContextOverflow,
    EnvironmentFault,
    PolicyError,
    StepAgentError,
)
from stepagent_gym.policy import EpisodePolicy, Policy
from stepagent_gym.react import ActionFormat, Prompt, render
from stepagent_gym.sessions import LocalSessions, Session, Sessions, WorkerSessions, make_env
from stepagent_gym.text_env import TextEnv
from stepagent_gym.types import Completion, Snapshot, Status, Step, Trajectory

Overflow = Literal["fail", "drop-examples", "drop-oldest"]
"""What becomes of a chat that does not fit the model's context: the episode ends in an error, or
the worked examples are left out, the last one first, or the turns, the oldest one first."""

_NOT_RECORDED = frozenset({"available_actions", "thought", "action"})


@dataclass(frozen=True, slots=True)
class Start:
    """Where an episode begins: at a task, or at a snapshot with the steps before it (a branch)."""

    task: str | int
    seed: int = 0
    snapshot: Snapshot | None = None
    steps: tuple[Step, ...] = ()


@dataclass
class _Episode:
    """One episode as it is played; also what scripted policies may see (`EpisodeView`)."""

    session: Session
    env_id: str
    split: str
    action_format: ActionFormat
    seed: int
    task_id: str
    observation: str = ""
    info: Mapping[str, Any] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    @property
    def turn(self) -> int:
        return len(self.steps)

    async def call(self, method: str, *arguments: Any) -> Any:
        return await self.session.call(method, *arguments)

    async def begin(self, start: Start) -> None:
        task: Any = {"task": start.task}
        options = task if start.snapshot is None else {"snapshot": start.snapshot}
        self.observation, self.info = await self.session.call(
            "reset", seed=start.seed, options=options
        )
        self.task_id = self.info["task_id"]
        self.steps = list(start.steps)

    async def take(self, completion: Completion, dropped: Mapping[str, int]) -> bool:
        """Take a turn; whether the episode is over."""
        seen, reward, terminated, truncated, info = await self.session.call("step", completion.text)
        kept = {key: value for key, value in info.items() if key not in _NOT_RECORDED}
        self.steps.append(
            Step(
                observation=self.observation,
                completion=completion,
                thought=info["thought"],
                action=info["action"],
                reward=reward,
                terminated=terminated,
                truncated=truncated,
                info=kept,
                dropped=dropped,
            )
        )
        self.observation, self.info = seen, info
        return bool(terminated or truncated)

    async def trajectory(self, error: str | None = None) -> Trajectory:
        metrics: dict[str, float] = {}
        if error is None:
            metrics = await self.session.call("metrics")
        truncated = bool(self.steps) and self.steps[-1].truncated
        status: Status = "error" if error else "truncated" if truncated else "finished"
        return Trajectory(
            env_id=self.env_id,
            split=self.split,
            task_id=self.task_id,
            seed=self.seed,
            steps=tuple(self.steps),
            final_observation=self.observation,
            status=status,
            error=error,
            reward=math.fsum(step.reward for step in self.steps),
            success=bool(self.info.get("success", False)),
            score=float(self.info.get("score", 0.0)),
            metrics={
                "turns": float(len(self.steps)),
                "invalid_turns": float(sum(not s.info["valid"] for s in self.steps)),
                **metrics,
            },
        )


async def rollout(
    env_id: str,
    starts: Iterable[Start] | AsyncIterable[Start],
    policy: Policy,
    *,
    prompt: Prompt,
    env_options: Mapping[str, Any] | None = None,
    examples: int = 1,
    concurrency: int = 64,
    workers: int | None = None,
    retries: int = 1,
    overflow: Overflow = "fail",
) -> AsyncIterator[Trajectory]:
    """Play an episode from every start, and yield trajectories as they finish.

    `starts`: all of them, or an asynchronous iterator of those that come up while others are
    played; its tasks are ids, and several episodes wait for its next start at once.
    `env_options`: keywords of the environment.  `examples`: demonstrations in the prompt.
    `concurrency`: episodes at once.  `workers`: processes that step the environments (None: none
    for a fast environment, one a core for a slow one; 0: none).  `retries`: how often an episode
    whose environment failed is played again from its start.  `overflow`: what is done with a chat
    that does not fit the model's context; each step records what it had to leave out.
    Raises `UsageError` and `DataError`; other faults are in the trajectories.
    """
    options = dict(env_options or {})
    env = make_env(env_id, options)
    described = env.unwrapped
    assert isinstance(described, TextEnv)
    players = concurrency
    if isinstance(starts, AsyncIterable):
        pending = aiter(starts)
    else:
        todo = [replace(start, task=described.resolve_task(start.task)) for start in starts]
        players = min(concurrency, len(todo))
        pending = _each(todo)
    sessions = _sessions(env_id, options, described, workers)
    player = _Player(sessions, described, policy, prompt, examples, retries, overflow)
    results: _Results = asyncio.Queue(maxsize=2 * concurrency)
    tasks = [asyncio.create_task(player.play_all(pending, results)) for _ in range(players)]
    try:
        while players:
            result = await results.get()
            if result is None:
                players -= 1
            elif isinstance(result, BaseException):
                raise result
            else:
                yield result
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        sessions.close()
        env.close()


async def _each(starts: Iterable[Start]) -> AsyncIterator[Start]:
    for start in starts:
        yield start


def _sessions(
    env_id: str, options: Mapping[str, Any], env: TextEnv, workers: int | None
) -> Sessions:
    if workers is None:
        workers = (os.cpu_count() or 1) if env.slow else 0
    if workers == 0:
        return LocalSessions(env_id, options)
    return WorkerSessions(env_id, options, workers)


_Results = asyncio.Queue[Trajectory | BaseException | None]


@dataclass(frozen=True)
class _Player:
    """What all episodes of a rollout have in common."""

    sessions: Sessions
    env: TextEnv
    policy: Policy
    prompt: Prompt
    examples: int
    retries: int
    overflow: Overflow

    async def play_all(self, starts: AsyncIterator[Start], results: "_Results") -> None:
        """Play one start after the other in one session, replaced after a fault.

        None is the last result.
        """
        session: Session | None = None
        try:
            async for start in starts:
                for attempt in range(self.retries + 1):
                    session = session or self.sessions.open()
                    trajectory, faulty = await self._attempt(session, start)
                    if faulty:
                        session.close()
                        session = None
                    if not faulty or attempt == self.retries:
                        break
                await results.put(trajectory)
            await results.put(None)
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            await results.put(error)
        finally:
            if session is not None:
                session.close()

    async def _attempt(self, session: Session, start: Start) -> tuple[Trajectory, bool]:
        """Play an episode; whether its environment must not be used again."""
        episode = _Episode(
            session,
            self.env.env_id,
            self.env.split,
            self.env.action_format,
            start.seed,
            str(start.task),
        )
        try:
            await self._play(episode, start)
            return await episode.trajectory(), False
        except PolicyError as error:
            return await episode.trajectory(f"policy: {error}"), False
        except EnvironmentFault as error:
            return await episode.trajectory(f"environment: {error}"), True
        except StepAgentError:
            raise
        except Exception as error:
            message = f"unexpected: {type(error).__name__}: {error}"
            return await episode.trajectory(message), True

    async def _play(self, episode: _Episode, start: Start) -> None:
        await episode.begin(start)
        acting: Policy = self.policy
        if isinstance(acting, EpisodePolicy):
            acting = acting.for_episode(episode)
        dropped: Mapping[str, int] = episode.steps[-1].dropped if episode.steps else {}
        done = False
        while not done:
            completion, dropped = await self._ask(acting, episode, dropped)
            done = await episode.take(completion, dropped)

    async def _ask(
        self, acting: Policy, episode: _Episode, dropped: Mapping[str, int]
    ) -> tuple[Completion, Mapping[str, int]]:
        """Ask for a reply; gives it with what the chat had to leave out, never less than before."""
        while True:
            messages = render(
                self.prompt,
                episode.steps,
                episode.observation,
                examples=self.examples - dropped.get("examples", 0),
                action_format=episode.action_format,
                dropped=dropped.get("turns", 0),
            )
            try:
                return await acting.act(messages), dropped
            except ContextOverflow as error:
                dropped = self._drop(episode, dropped, error)

    def _drop(
        self, episode: _Episode, dropped: Mapping[str, int], error: ContextOverflow
    ) -> Mapping[str, int]:
        """Leave out one thing more, where there is one that may be."""
        if self.overflow == "fail":
            raise error
        name = "examples" if self.overflow == "drop-examples" else "turns"
        count = dropped.get(name, 0)
        if count >= (self.examples if name == "examples" else episode.turn):
            raise ContextOverflow(f"{error} (without {count} {name}, all there are)") from error
        return {**dropped, name: count + 1}
