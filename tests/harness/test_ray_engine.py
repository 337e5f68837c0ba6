"""The Ray engine against the local one, with real actors."""

import asyncio
import hashlib
import os
import signal
import socket
import subprocess
import sys
import warnings
from pathlib import Path

import orjson
import pytest

from harness.ray_engine import DEATHS, ray_rollout
from harness.runs import read_trajectories
from stepagent_gym.datasets import load_prompt
from stepagent_gym.errors import BudgetSpent, ContextOverflow, PolicyError, UsageError
from stepagent_gym.policy import OraclePolicy, RandomPolicy, ScriptedPolicy
from stepagent_gym.react import reply
from stepagent_gym.rollout import Start, rollout
from stepagent_gym.types import Completion

ray = pytest.importorskip("ray", reason="Ray is not installed: pip install 'stepagent-gym[ray]'")
pytestmark = pytest.mark.ray

WEBSHOP, ALFWORLD = "stepagent/WebShop-v0", "stepagent/ALFWorld-v0"
STARTS = [Start(task, seed) for seed in range(3) for task in range(40)]
COMMAND = [sys.executable, "-m", "harness.cli"]


@pytest.fixture(scope="module", autouse=True)
def _cluster():
    """A cluster of three CPUs in name; what this module defines is sent to actors whole."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ray.init(
            address="local", num_cpus=3, include_dashboard=False, log_to_driver=False,
            logging_level="ERROR",
        )  # fmt: skip
        ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    yield
    ray.shutdown()


def play(engine, starts, policy, env_id=WEBSHOP, benchmark="webshop", on_result=None, **options):
    options = {"prompt": load_prompt(benchmark), "workers": 2, "concurrency": 8, **options}

    async def gather():
        results = []
        async for trajectory in engine(env_id, starts, policy, **options):
            results.append(trajectory)
            if on_result is not None:
                on_result(results)
        return results

    return asyncio.run(gather())


def lines(trajectories):
    """The trajectories as bytes, whatever order they ended in."""
    return sorted(orjson.dumps(trajectory.to_json()) for trajectory in trajectories)


def local(starts, policy, **options):
    return lines(play(rollout, starts, policy, **{"workers": 0, **options}))


class Shopper:
    """A model: its reply and its faults follow from the chat; it counts the turns of episodes."""

    def __init__(self, delay=0.0, faults=False, longest=None):
        self.delay = delay
        self.faults = faults
        self.longest = longest

    def for_episode(self, view):
        return ShopperEpisode(self, view)

    async def act(self, messages):
        raise AssertionError("a chat without its episode")

    async def close(self):
        return None


class ShopperEpisode:
    def __init__(self, shopper, view):
        self.shopper, self.view = shopper, view
        self.asked = 0

    async def act(self, messages):
        shopper, view = self.shopper, self.view
        await asyncio.sleep(shopper.delay)
        if shopper.longest is not None and len(messages) > shopper.longest:
            raise ContextOverflow(f"{len(messages)} messages")
        digest = hashlib.sha256("".join(m.content for m in messages).encode()).digest()
        if shopper.faults and digest[0] < 24:
            raise [PolicyError("nothing to say"), KeyError("x"), ValueError("y z")][digest[1] % 3]
        assert self.asked == view.turn
        self.asked += 1
        actions = ("search[red shoes]", "click[next >]", "click[buy now]", "click[back to search]")
        return Completion(reply(f"{view.task_id} {view.turn}", actions[digest[2] % 4]))


@pytest.mark.parametrize("policy", [OraclePolicy(), RandomPolicy()])
@pytest.mark.parametrize(("env", "benchmark"), [(WEBSHOP, "webshop"), (ALFWORLD, "alfworld")])
def test_scripted_policies_play_to_the_byte_as_here(policy, env, benchmark):
    options = {"env_id": env, "benchmark": benchmark}
    ours = play(ray_rollout, STARTS, policy, **options)
    assert lines(ours) == local(STARTS, policy, **options)
    assert len({trajectory.key for trajectory in ours}) == len(STARTS)


def test_a_model_stays_here_and_plays_to_the_byte_as_here():
    ours = play(ray_rollout, STARTS, Shopper())
    assert lines(ours) == local(STARTS, Shopper())


def test_faults_are_the_same_as_here():
    ours = play(ray_rollout, STARTS, Shopper(faults=True))
    assert lines(ours) == local(STARTS, Shopper(faults=True))
    errors = {trajectory.error for trajectory in ours if trajectory.error}
    assert errors == {
        "policy: nothing to say", "unexpected: KeyError: 'x'", "unexpected: ValueError: y z",
    }  # fmt: skip


def test_branches_are_continued_where_they_part():
    import gymnasium

    (whole,) = play(rollout, [Start(3)], RandomPolicy(), workers=0)
    env = gymnasium.make(WEBSHOP, disable_env_checker=True)
    env.reset(seed=0, options={"task": 3})
    starts = [Start(whole.task_id)]
    for turn in (1, 2):
        env.step(whole.steps[turn - 1].completion.text)
        starts.append(Start(whole.task_id, 0, env.unwrapped.snapshot(), whole.steps[:turn]))
    ours = play(ray_rollout, starts * 3, Shopper0())
    assert lines(ours) == local(starts * 3, Shopper0())


class Shopper0(Shopper):
    """A shopper that does not count, for episodes that begin in the middle."""

    def for_episode(self, view):
        episode = ShopperEpisode(self, view)
        episode.asked = view.turn
        return episode


def test_a_spent_budget_ends_the_rollout():
    class Spender(Shopper):
        def for_episode(self, view):
            if view.task_id == "7":
                raise BudgetSpent("all is spent")
            return super().for_episode(view)

    with pytest.raises(BudgetSpent, match="all is spent"):
        play(ray_rollout, STARTS, Spender(0.001))


class Refusing(RandomPolicy):
    """Knows what is wrong only when it plays."""

    def for_episode(self, view):
        raise UsageError("nobody plays here")


def test_what_ends_a_rollout_in_an_actor_is_raised_here():
    with pytest.raises(UsageError, match=r"^nobody plays here$"):
        play(ray_rollout, STARTS, Refusing())


def test_wrong_requests_are_refused_as_here():
    with pytest.raises(UsageError, match="no task 1000000"):
        play(ray_rollout, [Start(1000000)], OraclePolicy())
    with pytest.raises(UsageError, match="split"):
        play(ray_rollout, STARTS, OraclePolicy(), env_options={"split": "none"})
    with pytest.raises(UsageError, match="has 3"):
        play(ray_rollout, STARTS, OraclePolicy(), workers=4)
    with pytest.raises(UsageError, match="at least one"):
        play(ray_rollout, STARTS, OraclePolicy(), workers=0)
    assert play(ray_rollout, [], OraclePolicy()) == []


def actors():
    """The processes of living actors of the Ray engine."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if file.read_bytes().startswith(b"ray::Player") and ours(file.parent):
                found.append(int(file.parent.name))
        except OSError:
            continue
    return found


def ours(process):
    """Whether a process descends from this one."""
    while process.name not in ("0", "1"):
        if process.name == str(os.getpid()):
            return True
        fields = (process / "stat").read_text().rpartition(")")[2].split()
        process = process.parent / fields[1]
    return False


@pytest.mark.parametrize("policy", [Shopper0(0.005), None])
def test_episodes_of_a_killed_worker_are_played_again_once(policy):
    policy = policy or Slow()
    killed = []

    def kill(results):
        if len(results) in (10, 45):
            victim = actors()[0]
            os.kill(victim, signal.SIGKILL)
            killed.append(victim)

    trajectories = play(ray_rollout, STARTS, policy, on_result=kill)
    assert len(set(killed)) == 2
    assert len(trajectories) == len(STARTS)
    calm = Shopper0() if isinstance(policy, Shopper0) else RandomPolicy()
    assert lines(trajectories) == local(STARTS, calm)


class Slow(RandomPolicy):
    """The random policy, in no hurry."""

    def for_episode(self, view):
        return SlowEpisode(super().for_episode(view))


class SlowEpisode(ScriptedPolicy):
    def __init__(self, policy):
        self.policy = policy

    async def act(self, messages):
        await asyncio.sleep(0.005)
        return await self.policy.act(messages)


class Deadly(RandomPolicy):
    """Kills its process over one task."""

    def for_episode(self, view):
        if view.task_id == "11":
            os._exit(1)
        return super().for_episode(view)


def test_an_episode_that_kills_its_workers_ends_in_an_error_and_no_other_does():
    starts = [Start(task) for task in range(20)]
    trajectories = play(ray_rollout, starts, Deadly())
    (lost,) = [t for t in trajectories if t.status == "error"]
    assert lost.task_id == "11"
    assert f"died {DEATHS} times" in lost.error
    whole = [t for t in trajectories if t is not lost]
    assert lines(whole) == local([start for start in starts if start.task != 11], RandomPolicy())


def stepagent(*arguments):
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_cluster_at_an_address(tmp_path):
    played = ["eval", "--model", "oracle", "--env", WEBSHOP, "--limit", 20, "--engine", "ray"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block"]
    command += [
        f"--port={port}",
        "--num-cpus=2",
        "--include-dashboard=false",
        "--disable-usage-stats",
    ]
    address = f"127.0.0.1:{port}"
    head = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        assert any("Ray runtime started" in line for line in head.stdout)
        done = stepagent(*played, "--ray-address", address, "--out", tmp_path / "run")
        assert done.returncode == 0, done.stderr
        assert len(list(read_trajectories(tmp_path / "run"))) == 20
        more = [*played, "--ray-address", address, "--workers", 3, "--out", tmp_path / "more"]
        assert "the Ray cluster has 2" in stepagent(*more).stderr
    finally:
        head.terminate()
        head.communicate()


def test_the_command_and_a_run_continued_by_the_other_engine(tmp_path):
    def stepagent_ends_well(*arguments):
        done = stepagent(*arguments)
        assert done.returncode == 0, done.stderr

    played = ["--model", "random", "--env", WEBSHOP, "--repeats", 2, "--max-turns", 20]
    played += ["--limit", 30]
    near, far = tmp_path / "near", tmp_path / "far"
    stepagent_ends_well("eval", *played, "--out", near)
    stepagent_ends_well("eval", *played, "--out", far, "--engine", "ray", "--workers", 2)
    assert lines(read_trajectories(far)) == lines(read_trajectories(near))
    assert (far / "summary.json").read_bytes() == (near / "summary.json").read_bytes()
    file = near / "trajectories.jsonl"
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:25]) + b'{"env_id": ')
    stepagent_ends_well("eval", "--resume", near, "--engine", "ray")
    assert lines(read_trajectories(near)) == lines(read_trajectories(far))
    gather = ["collect", "--model", "oracle", "--env", WEBSHOP, "--limit", 12]
    stepagent_ends_well(*gather, "--out", tmp_path / "a.jsonl")
    stepagent_ends_well(*gather, "--out", tmp_path / "b.jsonl", "--engine", "ray")
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
