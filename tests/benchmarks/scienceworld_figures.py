"""Measure ScienceWorld: parity, determinism, the oracle, speed beside the package, branches, kills.

python tests/benchmarks/scienceworld_figures.py parity --realdata REALDATA
python tests/benchmarks/scienceworld_figures.py oracle --variations 10
python tests/benchmarks/scienceworld_figures.py speed
python tests/benchmarks/scienceworld_figures.py branches
python tests/benchmarks/scienceworld_figures.py kills --count 100
python tests/benchmarks/scienceworld_figures.py workers
"""

import argparse
import asyncio
import gzip
import json
import statistics
import time
from collections import Counter
from pathlib import Path

import gymnasium

import stepagent_gym  # noqa: F401 - registers the ids
from stepagent_gym.datasets import load_prompt
from stepagent_gym.envs.scienceworld.env import data_hash
from stepagent_gym.envs.scienceworld.gold import gold_path
from stepagent_gym.envs.scienceworld.simulator import shared
from stepagent_gym.envs.scienceworld.tasks import TASKS, split_task_id
from stepagent_gym.policy import OraclePolicy
from stepagent_gym.rollout import Start, rollout

TASK = "find-non-living-thing/3"


def make(**options):
    options = {"split": "all", "action_format": "bare", "max_turns": 10_000, **options}
    return gymnasium.make("stepagent/ScienceWorld-v0", **options).unwrapped


def parity(arguments):
    """Play every recorded episode, twice over, the second time from parked copies."""
    path = arguments.realdata / "scienceworld" / "recorded" / "episodes.jsonl.gz"
    with gzip.open(path, "rt") as file:
        episodes = [json.loads(line) for line in file]
    envs = {name: make(simplification=name) for name in ("", "easy")}
    for number in (1, 2):
        same, by_task = 0, Counter()
        for episode in episodes:
            env = envs[episode["simplification"]]
            first, _ = env.reset(seed=0, options={"task": episode["task"]})
            good = first == f"{episode['task_description']}\n\n{episode['initial']}"
            for step in episode["steps"]:
                observation, _, over, _, info = env.step(step["action"])
                good &= observation == step["observation"]
                good &= abs(info["score"] - step["score"]) < 1e-6
                good &= over == (step["completed"] or step["score"] < 0)
            same += good
            by_task[episode["task"].partition("/")[0]] += good
        steps = sum(len(episode["steps"]) for episode in episodes)
        print(f"pass {number}: {same} of {len(episodes)} episodes, {steps} steps, identical;")
        print("  by task:", ", ".join(f"{task} {count}" for task, count in sorted(by_task.items())))


def oracle(arguments):
    """Play the gold paths of variations spread over each task."""
    env, wins, tried = make(), 0, 0
    for task, entry in TASKS.items():
        count = min(arguments.variations, entry.variations)
        for index in range(count):
            name = f"{task}/{index * (entry.variations - 1) // max(1, count - 1)}"
            env.reset(seed=0, options={"task": name})
            over, info, turns = False, {}, 0
            while not over and turns < 1000:
                *_, over, _, info = env.step(env.expert()[1])
                turns += 1
            wins += info["success"]
            tried += 1
            if not info["success"]:
                print(f"  {name}: score {info['score']:.2f} after {turns} turns, {info['end']}")
    print(f"the oracle reaches 1.0 on {wins} of {tried} variations over {len(TASKS)} tasks")


def speed(arguments):
    """Time the package's step, ours, and ours with valid actions, on the same gold paths."""
    from scienceworld import ScienceWorldEnv

    names = [f"{task}/{entry.test}" for task, entry in list(TASKS.items())[::3]]
    paths = {name: gold_path(name, "easy", data_hash())[:30] for name in names}
    package = ScienceWorldEnv("", envStepLimit=100_000)
    ours = {flag: make(valid_actions=flag) for flag in (False, True)}
    for number in (1, 2, 3):
        times = {"package": [], "ours": [], "ours, valid actions": []}
        for name, path in paths.items():
            task, variation = split_task_id(name)
            package.load(task, variation, "easy")
            package.reset()
            _time(times["package"], package.step, path)
            for key, flag in (("ours", False), ("ours, valid actions", True)):
                env = ours[flag]
                env.reset(seed=0, options={"task": name})
                _time(times[key], env.step, path)
        print(f"pass {number}, {sum(map(len, paths.values()))} steps (ms):")
        for key, values in times.items():
            ratio = sum(times["package"]) / len(times["package"]) / (sum(values) / len(values))
            print(
                f"  {key:22} mean {1e3 * statistics.mean(values):6.1f}  "
                f"median {1e3 * statistics.median(values):6.1f}  {ratio:.1f}x"
            )
    _py4j(package, paths)


def _time(times, step, actions):
    for action in actions:
        began = time.perf_counter()
        result = step(action)
        times.append(time.perf_counter() - began)
        if result[2]:
            break


def _py4j(package, paths):
    """Time the simulator's own step, score and completion behind py4j, without the package."""
    times = []

    def step(action):
        text = package.server.step(action)
        return text, package.server.getScore(), package.server.getCompleted()

    for name, path in paths.items():
        package.load(*split_task_id(name), "easy")
        package.server.reset()
        _time(times, step, path)
    mean, median = 1e3 * statistics.mean(times), 1e3 * statistics.median(times)
    print(f"bare step behind py4j: mean {mean:.1f} ms, median {median:.1f} ms")


def branches(arguments):
    """Count the environment steps and the time of 4 branches at each turn of a gold path."""
    path = gold_path("boil/21", "easy", data_hash())[:30]
    trunk, branch, snapshots = make(), make(), []
    trunk.reset(seed=0, options={"task": "boil/21"})
    for action in path:
        trunk.step(action)
        snapshots.append(trunk.snapshot())
    times = []
    for snapshot in snapshots:
        for _ in range(4):
            began = time.perf_counter()
            branch.reset(options={"snapshot": snapshot})
            times.append(time.perf_counter() - began)
            branch.step("look around")
    naive = 4 * sum(range(1, len(path) + 1))
    print(
        f"{len(times)} branches over {len(path)} turns: {branch._simulator.steps_replayed} steps "
        f"replayed where replaying each would take {naive}; a branch takes "
        f"{1e3 * statistics.median(times):.0f} ms (median)"
    )


def kills(arguments):
    """Kill the host before random turns; the episode must come back the same."""
    env = make()
    path = gold_path(TASK, "easy", data_hash())
    env.reset(seed=0, options={"task": TASK})
    expected = [env.step(action)[0] for action in path]
    killed = wrong = 0
    while killed < arguments.count:
        env.reset(seed=0, options={"task": TASK})
        for turn, action in enumerate(path):
            if (killed * 7 + turn) % 3 == 0 and killed < arguments.count:
                shared.host().process.kill()
                killed += 1
            wrong += env.step(action)[0] != expected[turn]
    print(f"{killed} kills, {wrong} turns that differ, zombies: {_zombies()}")


def _zombies():
    states = [
        path.read_text().rpartition(")")[2].split()[0] for path in Path("/proc").glob("[0-9]*/stat")
    ]
    return states.count("Z")


def workers(arguments):
    """Play gold paths in 1, 2 and 4 worker processes."""
    names = [f"{task}/{entry.test}" for task, entry in TASKS.items() if entry.eto_turns]
    starts = [Start(name, seed=seed) for seed in range(4) for name in names]
    for name in names:
        gold_path(name, "easy", data_hash())

    async def play(count):
        turns = 0
        async for episode in rollout(
            "stepagent/ScienceWorld-v0",
            starts,
            OraclePolicy(),
            prompt=load_prompt("scienceworld"),
            env_options={"split": "all", "max_turns": 60},
            workers=count,
            concurrency=8,
        ):
            turns += len(episode.steps)
        return turns

    for count in (1, 2, 4):
        began = time.perf_counter()
        turns = asyncio.run(play(count))
        seconds = time.perf_counter() - began
        print(f"{count} workers: {turns} turns, {turns / seconds:.0f} a second, start included")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    commands = {f.__name__: f for f in (parity, oracle, speed, branches, kills, workers)}
    parser.add_argument("command", choices=commands)
    parser.add_argument("--realdata", type=Path)
    parser.add_argument("--variations", type=int, default=10)
    parser.add_argument("--count", type=int, default=100)
    arguments = parser.parse_args()
    commands[arguments.command](arguments)


if __name__ == "__main__":
    main()
