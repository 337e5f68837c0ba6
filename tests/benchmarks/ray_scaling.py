"""Time the Ray engine with more and more workers, beside the local loop.

    python tests/benchmarks/ray_scaling.py [--env ID] [--episodes 4000] [--workers 1 2 4]

The random policy plays, so that all the time is the environment's and the engine's.  `start` is
the time to the first episode of a cluster that is up, when actors are started and have imported;
`episodes/s` and `turns/s` count what ends after the first episodes, as many as are played at once.
With `--latency` a model of that delay stays with the driver
instead, and `ideal` is what its delay allows.
"""

import argparse
import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import NamedTuple

from harness.ray_engine import ray_rollout
from stepagent_gym.datasets import load_prompt
from stepagent_gym.policy import Policy, RandomPolicy
from stepagent_gym.rollout import Start, rollout
from stepagent_gym.sessions import make_env
from stepagent_gym.text_env import TextEnv
from stepagent_gym.types import Completion, Message, Trajectory

Engine = Callable[[Sequence[Start]], AsyncIterator[Trajectory]]


class Timing(NamedTuple):
    """Seconds to the first episode, and rates once all places are taken."""

    start: float
    episodes: float
    turns: float


class Sleeper:
    """A model that thinks for `delay` seconds and then always looks for the same."""

    def __init__(self, delay: float) -> None:
        self.delay = delay

    async def act(self, messages: Sequence[Message]) -> Completion:
        await asyncio.sleep(self.delay)
        return Completion("Thought: I look.\nAction: search[red shoes]")

    async def close(self) -> None:
        return None


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--env", default="stepagent/WebShop-v0")
    parser.add_argument("--episodes", type=int, default=4000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--latency", type=float)
    args = parser.parse_args()
    env = make_env(args.env, {}).unwrapped
    assert isinstance(env, TextEnv)
    tasks = env.task_ids
    prompt = load_prompt(env.benchmark)
    env.close()
    starts = [Start(tasks[n % len(tasks)], n // len(tasks)) for n in range(args.episodes)]
    policy: Policy = RandomPolicy() if args.latency is None else Sleeper(args.latency)
    keywords = {"policy": policy, "prompt": prompt, "concurrency": args.concurrency}

    import ray

    ray.init(
        address="local",
        num_cpus=max(args.workers),
        include_dashboard=False,
        log_to_driver=False,
        logging_level="ERROR",
    )
    print(f"{args.env}: {args.episodes:,} episodes, {args.concurrency} at once, ", end="")
    print(f"{os.cpu_count()} cores")
    print(f"{'engine':<14}{'start s':>9}{'episodes/s':>12}{'turns/s':>10}{'speed-up':>10}")
    rows = [("local", partial(rollout, args.env, workers=0, **keywords))]
    for workers in args.workers:
        engine = partial(ray_rollout, args.env, workers=workers, **keywords)
        rows.append((f"ray, {workers} worker{'s' * (workers > 1)}", engine))
    first = None
    for name, engine in rows:
        timing = asyncio.run(measure(engine, starts, args.concurrency))
        first = first or timing.episodes
        print(
            f"{name:<14}{timing.start:>9.2f}{timing.episodes:>12,.0f}{timing.turns:>10,.0f}"
            f"{timing.episodes / first:>9.2f}x",
            flush=True,
        )
    if args.latency is not None:
        print(f"ideal: {args.concurrency / args.latency:,.0f} turns/s")


async def measure(engine: Engine, starts: Sequence[Start], wave: int) -> Timing:
    """Play all starts, and time those after the first wave."""
    times = [time.perf_counter()]
    turns = []
    async for trajectory in engine(starts=starts):
        times.append(time.perf_counter())
        turns.append(len(trajectory.steps))
    seconds = times[-1] - times[wave]
    return Timing(times[1] - times[0], len(turns[wave:]) / seconds, sum(turns[wave:]) / seconds)


if __name__ == "__main__":
    main()
