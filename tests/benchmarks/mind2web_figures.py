"""Measure Mind2Web: scores of the policies, recall of the lexical ranker, speed.

python tests/benchmarks/mind2web_figures.py scores --from train_steps.json
python tests/benchmarks/mind2web_figures.py recall --from train_steps.json
python tests/benchmarks/mind2web_figures.py speed

`scores` plays oracle, random and always A by every protocol; `recall` sets the lexical ranker
beside the order of the page and the order of chance; `speed` prepares and plays invented pages of
3,000 elements with 600 candidates, as large as the real ones are.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "examples"))
import websites

from harness.metrics import summarise
from stepagent_gym import datasets
from stepagent_gym.datasets import load_prompt
from stepagent_gym.envs.mind2web.dom import parse_page
from stepagent_gym.envs.mind2web.env import Mind2WebEnv
from stepagent_gym.envs.mind2web.ranking import lexical_ranks, recall
from stepagent_gym.envs.mind2web.sources import read_tasks
from stepagent_gym.policy import OraclePolicy, RandomPolicy
from stepagent_gym.rollout import Start, rollout
from stepagent_gym.types import Completion


class AlwaysA:
    """A policy that finds nothing."""

    async def act(self, messages):
        return Completion("Answer: A")

    async def close(self):
        """Hold nothing."""


POLICIES = {"oracle": OraclePolicy, "random": RandomPolicy, "always A": AlwaysA}
SETTINGS = (
    {"protocol": "clean"},
    {"protocol": "official"},
    {"protocol": "agentbench"},
    {"protocol": "agentbench", "top_k": 10},
)


def turn_times(env, choose):
    """Play every task once, and give the seconds of each turn."""
    rng, taken = random.Random(0), []
    for task in env.task_ids:
        env.reset(options={"task": task})
        over = False
        while not over:
            action = choose(rng)
            started = time.perf_counter()
            *_, terminated, truncated, _ = env.step(action)
            taken.append(time.perf_counter() - started)
            over = terminated or truncated
    return taken


async def play(policy, settings):
    """Play every task once."""
    tasks = Mind2WebEnv(data="mind2web", split="all").task_ids
    options = {"data": "mind2web", "split": "all", "action_format": "bare", **settings}
    played = rollout("stepagent/Mind2Web-v0", [Start(task) for task in tasks], policy,
                     prompt=load_prompt("mind2web"), env_options=options)  # fmt: skip
    return [trajectory async for trajectory in played]


def scores(source):
    dataset = datasets.prepare("mind2web", [str(source)])
    print(dict(dataset.counts), dict(dataset.info))
    for settings in SETTINGS:
        for name, make in POLICIES.items():
            trajectories = asyncio.run(play(make(), settings))
            metrics = summarise(trajectories, pooled=Mind2WebEnv.pooled)["metrics"]
            shown = {key: round(average["mean"], 3) for key, average in metrics.items()}
            print(*settings.values(), name, len(trajectories), "tasks", shown)


def recalls(source):
    best = {"lexical": [], "page order": [], "chance": []}
    rng = random.Random(0)
    for task in read_tasks(source, None):
        for step in task.steps:
            tree = parse_page(step.html)
            given = (*step.positives, *step.negatives)
            shown = [(tree.by_id[c.node], c.description) for c in given if c.node in tree.by_id]
            right = {tree.by_id.get(candidate.node) for candidate in step.positives}
            by_page = sorted(range(len(shown)), key=lambda place: shown[place][0])
            orders = {
                "lexical": lexical_ranks(tree, shown, task.instruction, step.previous),
                "page order": [by_page.index(place) for place in range(len(shown))],
                "chance": rng.sample(range(len(shown)), len(shown)),
            }
            for name, ranks in orders.items():
                ranked = [
                    rank for (node, _), rank in zip(shown, ranks, strict=True) if node in right
                ]
                best[name].append(min(ranked, default=None))
    for name, ranks in best.items():
        print(name, *(f"@{k} {recall(ranks, k):.3f}" for k in (1, 3, 5, 10, 20, 50)))


def speed(folder, tasks=40, steps=5):
    rng = random.Random(0)
    recorded = []
    for number in range(tasks):
        task = websites.task(f"large-{number}", steps)
        task["actions"] = [
            websites.action(rng, f"{number}-{step}", candidates=600, elements=3000)
            for step in range(steps)
        ]
        recorded.append(task)
    (folder / "train.json").write_text(json.dumps(recorded))
    started = time.perf_counter()
    dataset = datasets.prepare("mind2web", [str(folder / "train.json")], name="large")
    taken = time.perf_counter() - started
    pages = tasks * steps
    size = statistics.mean(len(a["cleaned_html"]) for task in recorded for a in task["actions"])
    print(f"prepared {pages} pages of {size / 1e3:.0f} kB: {pages / taken:.0f} pages/s")
    print(f"{dataset.size / pages / 1e3:.1f} kB a step")
    env = Mind2WebEnv(data="large", split="all", action_format="bare", top_k=50)
    choices = {
        "oracle": lambda rng: env.expert()[1],
        "random": lambda rng: env.explore(rng.getrandbits(53)),
    }
    for name, choose in choices.items():
        turns = sorted(turn_times(env, choose))
        print(
            f"{name}: {len(turns)} turns, mean {1e6 * statistics.mean(turns):.0f} us, 99% within "
            f"{1e6 * turns[len(turns) * 99 // 100]:.0f} us, most {1e6 * turns[-1]:.0f} us"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("figure", choices=["scores", "recall", "speed"])
    parser.add_argument("--from", dest="source", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["STEPAGENT_DATA"] = folder
        if arguments.figure == "speed":
            speed(Path(folder))
        else:
            {"scores": scores, "recall": recalls}[arguments.figure](arguments.source)


if __name__ == "__main__":
    main()
