"""`stepagent bench env`: how fast an environment is, through `gymnasium.make` as users call it.

Oracle episodes are recorded in one process and played in fresh ones: the first pass meets every
page, query and product for the first time in its process (tasks that share a query repeat it), the
second finds what the first left in the caches.
Every figure is the median of `--rounds` processes.  The original engine is measured beside ours on
a few of the same episodes, where it is installed (`bench_references.py`).
"""

import asyncio
import gc
import multiprocessing as mp
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import gymnasium
import tyro
from rich.console import Console
from rich.table import Table

from harness.bench_references import (
    PUBLISHED,
    Recording,
    first_half,
    measure_reference,
    play_all,
    resident,
    seconds,
)
from harness.evaluate import chosen_environments
from harness.runs import write_json
from stepagent_gym.datasets import load_prompt
from stepagent_gym.errors import UsageError
from stepagent_gym.policy import OraclePolicy
from stepagent_gym.rollout import Start, rollout
from stepagent_gym.sessions import make_env
from stepagent_gym.text_env import TextEnv

_TRAINING = "stepagent_train.commands"  # of another package, which imports this one
_EXTRA_ENVIRONMENTS = 20


@dataclass(frozen=True)
class BenchConfig:
    """Measure the speed of environments."""

    env: str = "all"
    """Environments by id, separated by commas, or all."""
    split: str = "test"
    data: str | None = None
    episodes: int = 300
    """Oracle episodes in a pass."""
    rounds: int = 5
    """Processes; every figure is the median over them."""
    reference_episodes: int = 10
    """Of these, how many the original engine plays, in one process."""
    out: Path | None = None
    """Also write the figures as JSON."""


def run_bench(arguments: list[str]) -> int:
    """Run `stepagent bench env`, `rollout`, `train` or `all`."""
    if arguments[:1] == ["all"]:
        from harness.bench_all import run_bench_all

        return run_bench_all(arguments[1:])
    if arguments[:1] == ["rollout"]:
        from harness.bench_rollout import run_bench_rollout

        return run_bench_rollout(arguments[1:])
    if arguments[:1] == ["train"]:
        bench_train: Callable[[list[str]], int] = import_module(_TRAINING).run_bench
        return bench_train(arguments[1:])
    if arguments[:1] != ["env"]:
        raise UsageError("stepagent bench env|rollout|train|all [--env ID] [--out FILE] ...")
    config = tyro.cli(BenchConfig, args=arguments[1:], prog="stepagent bench env")
    results = {}
    for env_id in chosen_environments(config.env):
        results[env_id] = bench_env(env_id, config)
        _print(env_id, results[env_id])
    if config.out is not None:
        write_json(config.out, results)
    return 0


def bench_env(env_id: str, config: BenchConfig) -> dict[str, Any]:
    """Measure one environment; gives its conditions and the median of each figure."""
    options = {"split": config.split, "data": config.data}
    context = mp.get_context("spawn")
    with context.Pool(1) as pool:
        recording, conditions = pool.apply(record, (env_id, options, config.episodes))
    rounds = []
    for _ in range(config.rounds):
        with context.Pool(1) as pool:
            figures: dict[str, float] = pool.apply(measure, (env_id, options, recording))
        figures["import to first observation, s"] = _first_observation(env_id, options)
        rounds.append(figures)
    medians = {name: statistics.median(figures[name] for figures in rounds) for name in rounds[0]}
    with context.Pool(1) as pool:
        original = pool.apply(
            measure_reference, (env_id, options, recording[: config.reference_episodes])
        )
    return {
        "conditions": conditions,
        "episodes": len(recording),
        "figures": medians,
        "original": original or dict(PUBLISHED.get(env_id, {})),
        "published": not original,
    }


def record(
    env_id: str, options: Mapping[str, Any], episodes: int
) -> tuple[Recording, dict[str, Any]]:
    """Let the oracle play the first tasks of a split, and keep its replies."""
    env = make_env(env_id, options)
    unwrapped = env.unwrapped
    assert isinstance(unwrapped, TextEnv)

    async def play() -> Recording:
        return [
            (played.task_id, [step.completion.text for step in played.steps])
            async for played in rollout(
                env_id,
                [Start(task) for task in unwrapped.task_ids[:episodes]],
                OraclePolicy(),
                prompt=load_prompt(unwrapped.benchmark),
                env_options=options,
                examples=0,
                concurrency=1,
                workers=0,
            )
        ]

    return asyncio.run(play()), unwrapped.conditions()


def measure(env_id: str, options: Mapping[str, Any], recording: Recording) -> dict[str, float]:
    """Measure an environment in this process, which has not used it before."""
    began = resident()
    env: gymnasium.Env[str, str] = gymnasium.make(env_id, **dict(options))
    unwrapped = env.unwrapped
    assert isinstance(unwrapped, TextEnv)
    first_task = recording[0][0]
    env.reset(seed=0, options={"task": first_task})
    loaded = resident()
    cold, warm = play_all(env, recording), play_all(env, recording)
    return {
        "turns a second, first pass": cold.pace,
        "turns a second, second pass": warm.pace,
        "turn, us": 1e6 * statistics.median(warm.turns),
        "reset to a new task, us": 1e6 * statistics.median(cold.resets),
        "reset to the same task, us": 1e6
        * _each(lambda: env.reset(seed=0, options={"task": first_task})),
        "snapshot, us": 1e6 * _each(unwrapped.snapshot),
        "restore, us": 1e6 * _restore_time(env, recording),
        "memory of the first environment, MB": (loaded - began) / 1e6,
        "memory of a further environment, MB": _further(env_id, options, first_task) / 1e6,
        "memory of the process, MB": resident() / 1e6,
    }


def _restore_time(env: gymnasium.Env[str, str], recording: Recording) -> float:
    """Time the restoring of a snapshot from the middle of an episode."""
    unwrapped = env.unwrapped
    assert isinstance(unwrapped, TextEnv)
    play_all(env, [first_half(recording)])
    options = {"snapshot": unwrapped.snapshot()}
    return _each(lambda: env.reset(options=options))


def _further(env_id: str, options: Mapping[str, Any], task: str) -> float:
    """Give the bytes of a further environment that has been reset."""
    gc.collect()
    before = resident()
    envs = [gymnasium.make(env_id, **dict(options)) for _ in range(_EXTRA_ENVIRONMENTS)]
    for env in envs:
        env.reset(seed=0, options={"task": task})
    after = resident()
    for env in envs:
        env.close()
    return (after - before) / _EXTRA_ENVIRONMENTS


def _first_observation(env_id: str, options: Mapping[str, Any]) -> float:
    """Time a fresh interpreter from its first import to the first observation, in seconds."""
    code = (
        "import time; began = time.perf_counter(); import gymnasium\n"
        f"env = gymnasium.make('stepagent_gym:{env_id}', **{dict(options)!r})\n"
        "env.reset(seed=0); print(time.perf_counter() - began)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _each(call: Callable[[], Any], calls: int = 300) -> float:
    """Give the median seconds of a call."""
    return statistics.median(seconds(call) for _ in range(calls))


def _print(env_id: str, result: Mapping[str, Any]) -> None:
    conditions = result["conditions"]
    table = Table(
        title=f"{env_id}  ·  {conditions['data']}/{conditions['data_hash']}, "
        f"split {conditions['split']}, {result['episodes']} episodes"
    )
    table.add_column("")
    for heading in ("median", "original", "ratio"):
        table.add_column(heading, justify="right")
    for name, value in result["figures"].items():
        original = result["original"].get(name)
        ratio = ""
        if original is not None and value:
            ratio = f"{times_better(name, value, original):,.0f}x"
        table.add_row(name, _figure(value), "" if original is None else _figure(original), ratio)
    Console().print(table)


def times_better(name: str, ours: float, original: float) -> float:
    """Give how many times better a figure is: rates are better when higher, all else when lower."""
    return ours / original if "a second" in name else original / ours


def _figure(value: float) -> str:
    return f"{value:,.2f}" if value < 100 else f"{value:,.0f}"
