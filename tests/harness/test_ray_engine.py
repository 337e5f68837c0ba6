"""The Ray engine against the local one, with real actors; skipped where Ray is absent."""

import asyncio
import importlib.util
import os
import signal
import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from harness.ray_engine import DEATHS, ray_rollout
from harness.ray_player import Answer, Job, Player
from harness.runs import read_trajectories
from stepagent_gym.datasets import load_prompt
from stepagent_gym.errors import BudgetSpent, ContextOverflow, NotInstalled, PolicyError, UsageError
from stepagent_gym.policy import OraclePolicy, RandomPolicy, ScriptedPolicy
from stepagent_gym.react import reply
from stepagent_gym.rollout import Start, rollout
from stepagent_gym.types import Completion

WEBSHOP, ALFWORLD = "stepagent/WebShop-v0", "stepagent/ALFWorld-v0"
PROMPT = load_prompt("webshop")
HAS_RAY = importlib.util.find_spec("ray") is not None
needs_ray = [
    pytest.mark.ray,
    pytest.mark.skipif(not HAS_RAY, reason="Ray is not installed (extra: ray)"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning"),
    pytest.mark.xdist_group("ray"),
]
with_ray = lambda test: [test := mark(test) for mark in needs_ray][-1]  # noqa: E731
STARTS = [Start(task, seed) for seed in range(3) for task in range(40)]


@pytest.fixture(scope="module")
def cluster():
    """A cluster of this process, with three CPUs in name."""
    import ray

    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ray.init(
            address="local", num_cpus=3, include_dashboard=False, log_to_driver=False,
            logging_level="ERROR", runtime_env={"env_vars": {"PYTHONPATH": path}},
        )  # fmt: skip
    yield ray
    ray.shutdown()


def play(engine, starts, policy, env_id=WEBSHOP, **options):
    options = {"prompt": PROMPT, "workers": 2, "concurrency": 8, **options}

    async def gather():
        return [trajectory async for trajectory in engine(env_id, starts, policy, **options)]

    return asyncio.run(gather())


def lines(trajectories):
    """The trajectories as bytes, in an order of their own."""
    return sorted(orjson.dumps(trajectory.to_json()) for trajectory in trajectories)
