"""`stepagent bench rollout`: how little the harness adds to the time that a model takes.

A model that answers every turn after the same 200 ms gives recorded oracle replies, so that all
time beyond it is ours.  `ideal` is the time that the same episodes take on as many slots where a
turn costs those 200 ms and nothing else, its ragged end included; `share` is ideal over measured.

Where the extra `train` is installed, practice is measured too: how many states of experts a small
model answers a second, with the chats read once, beside a batched and a sequential loop.
"""

import asyncio
import contextlib
import heapq
import itertools
import multiprocessing as mp
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import tyro
from rich.console import Console
from rich.table import Table

from harness.bench import record
from harness.chat_server import ChatServer
from harness.evaluate import chosen_environments
from harness.policies import Sampling, Server, make_policy
from harness.runs import write_json
from stepagent_gym.datasets import load_prompt
from stepagent_gym.policy import EpisodeView, Policy
from stepagent_gym.react import Prompt, render
from stepagent_gym.rollout import Start, rollout
from stepagent_gym.sessions import make_env
from stepagent_gym.text_env import TextEnv
from stepagent_gym.types import Completion, Message

_PRACTICE = "stepagent_train.bench_practice"  # of another package, which imports this one
_NO_KEY = "STEPAGENT_BENCH_KEY"  # unset: our own server wants none, and gets nobody's


@dataclass(frozen=True)
class RolloutBenchConfig:
    """Measure what the harness adds to the time of a model."""

    env: str = "stepagent/WebShop-v0,stepagent/ALFWorld-v0"
    """Environments by id, separated by commas, or all."""
    split: str = "test"
    data: str | None = None
    episodes: int = 200
    """Tasks that the oracle records; they are played again and again."""
    delay: float = 0.2
    """Seconds that the model takes for a turn."""
    in_flight: int = 256
    """Episodes at once with the model in the process."""
    served: int = 64
    """Episodes at once with the model behind a server of this machine."""
    straggler: float = 30.0
    """Seconds that one turn of one episode takes, to see whether others wait for it."""
    seconds: float = 20.0
    """About how long each measurement takes."""
    practised: int = 8
    """Episodes at whose states a small model practises, where the extra train is installed."""
    practices: int = 1
    """Replies at each of these states."""
    out: Path | None = None
    """Also write the figures as JSON."""


class Answers:
    """Recorded replies by what a chat shows: the task in it, and how many turns were taken."""

    def __init__(self, replies: Mapping[str, Sequence[str]], place: int) -> None:
        self.replies = replies
        self.place = place

    def __call__(self, chat: Sequence[str]) -> str:
        """Give the reply to the texts of a chat; the last one again where the episode goes on."""
        replies = self.replies[chat[self.place]]
        return replies[min((len(chat) - 1 - self.place) // 2, len(replies) - 1)]

    def of_request(self, request: Mapping[str, Any]) -> str:
        """Give the reply to a request."""
        return self([message["content"] for message in request["messages"]])


class SleepingPolicy:
    """A model in the process that takes its time; `late` is the task that it gets stuck on.

    The first turn of that task's episode with seed 0 takes `wait` seconds more.
    """

    def __init__(
        self, answers: Answers, delay: float, late: str | None = None, wait: float = 0.0
    ) -> None:
        self.answers = answers
        self.delay = delay
        self.late = late
        self.wait = wait

    async def act(self, messages: Sequence[Message]) -> Completion:
        """Answer after the delay."""
        await asyncio.sleep(self.delay)
        return Completion(self.answers([message.content for message in messages]))

    def for_episode(self, view: EpisodeView) -> Policy:
        """Give the policy of an episode."""
        return _Late(self) if (view.task_id, view.seed) == (self.late, 0) else self

    async def close(self) -> None:
        """Do nothing: there is nothing to free."""


class _Late:
    def __init__(self, policy: SleepingPolicy) -> None:
        self.policy = policy
        self.wait = policy.wait

    async def act(self, messages: Sequence[Message]) -> Completion:
        wait, self.wait = self.wait, 0.0
        await asyncio.sleep(wait)
        return await self.policy.act(messages)

    async def close(self) -> None:
        return None


@dataclass(frozen=True)
class _Bench:
    """What the measurements of one environment have in common."""

    env_id: str
    options: Mapping[str, Any]
    prompt: Prompt
    answers: Answers
    turns: Mapping[str, int]
    delay: float

    def starts(self, turns: float) -> list[Start]:
        """Give starts of at least so many turns, over the tasks again with the next seed."""
        starts: list[Start] = []
        for seed in itertools.count():
            for task, length in self.turns.items():
                if turns <= 0:
                    return starts
                starts.append(Start(task, seed))
                turns -= length
        raise AssertionError("unreachable")

    def measure(
        self, policy: Policy, starts: Sequence[Start], at_once: int, wait: float = 0.0
    ) -> dict[str, float]:
        """Play, and compare with the ideal; of the episodes after the first where that waits."""
        ends = asyncio.run(self._play(policy, starts, at_once))
        lengths = [self.turns[str(start.task)] for start in starts]
        durations = [length * self.delay for length in lengths]
        durations[0] += wait
        others = 1 if wait else 0
        seconds = max(ends[others:])
        ideal = max(ideal_ends(durations, at_once)[others:])
        turns = sum(lengths[others:])
        return {
            "at once": at_once,
            "turns": turns,
            "seconds": seconds,
            "turns a second": turns / seconds,
            "ideal": turns / ideal,
            "share": ideal / seconds,
        }

    async def _play(self, policy: Policy, starts: Sequence[Start], at_once: int) -> list[float]:
        """Give when each start's episode ended, in seconds, in the order of the starts."""
        ends: dict[tuple[str, int], float] = {}
        began = time.perf_counter()
        async for trajectory in rollout(
            self.env_id,
            starts,
            policy,
            prompt=self.prompt,
            env_options=self.options,
            concurrency=at_once,
        ):
            ends[trajectory.task_id, trajectory.seed] = time.perf_counter() - began
            if len(trajectory.steps) != self.turns[trajectory.task_id]:
                raise RuntimeError(f"not the recorded episode: {trajectory.error or trajectory}")
        await policy.close()
        return [ends[str(start.task), start.seed] for start in starts]


def run_bench_rollout(arguments: list[str]) -> int:
    """Run `stepagent bench rollout`."""
    config = tyro.cli(RolloutBenchConfig, args=arguments, prog="stepagent bench rollout")
    results = {}
    for env_id in chosen_environments(config.env):
        results[env_id] = bench_rollout(env_id, config)
        _print(env_id, results[env_id])
        if config.practised and find_spec("torch") is not None:
            results[env_id]["practice"] = bench_practice(env_id, config)
            _print_practice(env_id, results[env_id]["practice"])
    if config.out is not None:
        write_json(config.out, results)
    return 0


def bench_rollout(env_id: str, config: RolloutBenchConfig) -> dict[str, Any]:
    """Measure one environment; gives its conditions and the figures of each measurement."""
    bench, conditions = _prepare(env_id, config)
    answers, delay = bench.answers, config.delay
    rate = 1 / delay
    few = bench.starts(rate * config.seconds / 2)
    many = bench.starts(config.in_flight * rate * config.seconds)
    served = bench.starts(config.served * rate * config.seconds)
    late = str(many[0].task)
    figures = {
        "one after the other": bench.measure(SleepingPolicy(answers, delay), few, 1),
        "in the process": bench.measure(SleepingPolicy(answers, delay), many, config.in_flight),
        f"others than one that waits {config.straggler:g} s": bench.measure(
            SleepingPolicy(answers, delay, late, config.straggler),
            many,
            config.in_flight,
            config.straggler,
        ),
    }
    with serving(answers, delay) as url:
        server = Server(base_url=url, api_key_env=_NO_KEY)
        policy = make_policy("openai/recorded", Sampling(), server)
        name = "through the OpenAI client and a server"
        figures[name] = bench.measure(policy, served, config.served)
    return {"conditions": conditions, "delay": delay, "figures": figures}


def bench_practice(env_id: str, config: RolloutBenchConfig) -> dict[str, Any]:
    """Measure practice at the states of experts, which needs the extra train."""
    bench: Callable[..., dict[str, Any]] = import_module(_PRACTICE).bench_practice
    return bench(env_id, config.split, config.data, config.practised, config.practices)


def _prepare(env_id: str, config: RolloutBenchConfig) -> tuple[_Bench, dict[str, Any]]:
    """Record the oracle's episodes, and note how each shows itself in a chat."""
    options = {"split": config.split, "data": config.data}
    recording, conditions = record(env_id, options, config.episodes)
    env = make_env(env_id, options)
    unwrapped = env.unwrapped
    assert isinstance(unwrapped, TextEnv)
    prompt = load_prompt(unwrapped.benchmark)
    shown: dict[str, Sequence[str]] = {}
    turns = {}
    for task, replies in recording:
        observation, _ = env.reset(seed=0, options={"task": task})
        if observation not in shown:
            shown[observation] = replies
            turns[task] = len(replies)
    env.close()
    answers = Answers(shown, place=len(render(prompt, [], "")) - 1)
    return _Bench(env_id, options, prompt, answers, turns, config.delay), conditions


@contextlib.contextmanager
def serving(answers: Answers, delay: float) -> Iterator[str]:
    """Serve answers from a process of its own while the block lasts; gives the base URL."""
    context = mp.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(answers, delay, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send(None)
        process.join()


def _serve(answers: Answers, delay: float, parent: "Connection[str, None]") -> None:
    async def serve() -> None:
        async with ChatServer(answers.of_request, delay) as server:
            parent.send(server.url)
            await asyncio.to_thread(parent.recv)

    asyncio.run(serve())


def ideal_ends(durations: Sequence[float], slots: int) -> list[float]:
    """Give when each of some episodes ends on slots that take them in order, and add nothing."""
    free = [0.0] * slots
    ends = []
    for duration in durations:
        ends.append(heapq.heappop(free) + duration)
        heapq.heappush(free, ends[-1])
    return ends


def _print(env_id: str, result: Mapping[str, Any]) -> None:
    conditions = result["conditions"]
    table = Table(
        title=f"{env_id}  ·  {conditions['data']}/{conditions['data_hash']}, "
        f"split {conditions['split']}, a turn of the model {1000 * result['delay']:.0f} ms"
    )
    table.add_column("")
    for heading in ("at once", "turns", "seconds", "turns a second", "ideal", "share"):
        table.add_column(heading, justify="right")
    for name, figures in result["figures"].items():
        table.add_row(
            name,
            f"{figures['at once']:,}",
            f"{figures['turns']:,}",
            f"{figures['seconds']:.1f}",
            f"{figures['turns a second']:,.1f}",
            f"{figures['ideal']:,.1f}",
            f"{figures['share']:.1%}",
        )
    Console(width=None if sys.stdout.isatty() else 120).print(table)


def _print_practice(env_id: str, practice: Mapping[str, Any]) -> None:
    table = Table(title=f"{env_id}  ·  practice at experts' states, a random Llama of 0.5M")
    table.add_column("")
    for heading in ("states", "seconds", "states a second", "shared is faster by"):
        table.add_column(heading, justify="right")
    for way, figures in practice.items():
        table.add_row(
            way,
            f"{figures['states']:,}",
            f"{figures['seconds']:.2f}",
            f"{figures['states a second']:.1f}",
            f"{figures['ratio']:.1f}x",
        )
    Console(width=None if sys.stdout.isatty() else 120).print(table)
