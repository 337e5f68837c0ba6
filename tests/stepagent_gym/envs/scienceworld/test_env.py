import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import gymnasium
import pytest

from stepagent_gym.envs.scienceworld import simulator
from stepagent_gym.envs.scienceworld.simulator import Simulator, shared
from stepagent_gym.envs.scienceworld.tasks import TASKS, splits
from stepagent_gym.errors import EnvironmentFault, ReplayDiverged, SnapshotError, UsageError

pytestmark = pytest.mark.skipif(
    find_spec("scienceworld") is None or find_spec("jpype") is None,
    reason="scienceworld or JPype1 is not installed (extra scienceworld)",
)
SAMPLE = 8  # of the recorded episodes, every eighth; tests/benchmarks plays all of them


@pytest.fixture
def make():
    made = []

    def make_one(**options):
        options = {"action_format": "bare", "max_turns": 10_000, "split": "all", **options}
        made.append(gymnasium.make("stepagent/ScienceWorld-v0", **options).unwrapped)
        return made[-1]

    yield make_one
    for env in made:
        env.close()


@pytest.fixture(scope="module")
def recorded(realdata):
    with gzip.open(realdata / "scienceworld" / "recorded" / "episodes.jsonl.gz", "rt") as file:
        return [json.loads(line) for line in file]


def begin(env, episode):
    observation, info = env.reset(seed=0, options={"task": episode["task"]})
    assert observation == f"{episode['task_description']}\n\n{episode['initial']}"
    return info


def step(env, expected):
    """Do a recorded step, which must come back the same."""
    observation, _, terminated, _, info = env.step(expected["action"])
    assert observation == expected["observation"]
    assert info["score"] == pytest.approx(expected["score"], abs=1e-6)
    assert terminated == (expected["completed"] or expected["score"] < 0)
    return info


def test_recorded_episodes_come_back_identical(make, recorded):
    envs = {name: make(simplification=name) for name in ("", "easy")}
    for episode in recorded[::SAMPLE]:
        env = envs[episode["simplification"]]
        begin(env, episode)
        for expected in episode["steps"]:
            step(env, expected)


def test_interleaved_and_branched_episodes_do_not_disturb_each_other(make, recorded):
    kinds = ("grow-", "mendelian", "find-animal", "test-conductivity", "boil")
    short = [e for e in recorded if e["task"].startswith(kinds) and len(e["steps"]) < 60]
    easy = [e for e in short if e["simplification"] == "easy"]
    plain = [e for e in short if e["simplification"] == ""]
    growing = [easy[1], easy[5], easy[16], easy[24], easy[28], easy[33], *plain[::3]]
    assert {e["simplification"] for e in growing} == {"easy", ""}
    # Listing the valid actions must not change anything either.
    envs = [
        make(simplification=e["simplification"], valid_actions=number == 1)
        for number, e in enumerate(growing)
    ]
    branches = []
    for env, episode in zip(envs, growing, strict=True):
        begin(env, episode)
    rng = random.Random(1)
    places = [0] * len(growing)
    while open_ones := [i for i, e in enumerate(growing) if places[i] < len(e["steps"])]:
        index = rng.choice(open_ones)
        if rng.random() < 0.05 and not envs[index]._episode.done:
            branches.append((index, places[index], envs[index].snapshot()))
        step(envs[index], growing[index]["steps"][places[index]])
        places[index] += 1
    for index, place, snapshot in branches:
        other = make(simplification=growing[index]["simplification"])
        other.reset(options={"snapshot": snapshot})
        for expected in growing[index]["steps"][place:]:
            step(other, expected)


def test_another_process_and_another_java_give_the_same(make, recorded, tmp_path):
    episode = next(e for e in recorded if e["kind"] == "gold" and len(e["steps"]) < 25)
    code = (
        "import sys, json, gymnasium, stepagent_gym\n"
        "env = gymnasium.make('stepagent/ScienceWorld-v0', split='all', action_format='bare',"
        " simplification=sys.argv[2], max_turns=10000).unwrapped\n"
        "texts = [env.reset(seed=0, options={'task': sys.argv[1]})[0]]\n"
        "texts += [env.step(action)[0] for action in json.loads(sys.argv[3])]\n"
        "print(json.dumps(texts))"
    )
    actions = [s["action"] for s in episode["steps"]]
    arguments = [episode["task"], episode["simplification"], json.dumps(actions)]
    environments = [{}]
    if Path("/usr/bin/java").exists():
        environments.append({"STEPAGENT_JAVA": str(Path("/usr/bin/java").resolve().parents[1])})
    for environment in environments:
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            capture_output=True, text=True, check=True, env={**os.environ, **environment},
        )  # fmt: skip
        assert json.loads(done.stdout)[1:] == [s["observation"] for s in episode["steps"]]


def test_a_wrong_focus_ends_the_episode_and_is_no_success(make):
    env = make()
    _, info = env.reset(seed=0, options={"task": "boil/1"})
    assert info["end"] is None
    env.step("open cupboard")
    _, reward, terminated, truncated, info = env.step("focus on inventory")
    assert (reward, terminated, truncated) == (0, True, False)
    assert info["end"] == "wrong focus"
    assert not info["success"]
    assert info["score"] == -1
    assert info["best_score"] == 0


def test_rewards_sum_to_the_best_score_and_success_is_a_full_score(make):
    env = make(split="dev")
    for task in ("find-plant/150", "chemistry-mix-paint-secondary-color/18"):
        env.reset(seed=0, options={"task": task})
        total, terminated = 0.0, False
        while not terminated:
            _, reward, terminated, _, info = env.step(env.expert()[1])
            total += reward
            assert reward >= 0
            assert info["best_score"] == pytest.approx(total)
        assert info["success"]
        assert info["end"] == "completed"
        assert total == info["score"] == 1


def test_malformed_replies_do_not_touch_the_best_score(make):
    env = make(action_format="react")
    env.reset(seed=0, options={"task": "find-plant/150"})
    while env.step(f"Action: {env.expert()[1]}")[1] == 0:
        pass
    best = env.snapshot()["state"]["best"]
    assert best > 0
    *_, info = env.step("no action at all, in two lines\nwithout a label")
    assert not info["valid"]
    assert info["best_score"] == best


def test_what_is_not_understood_is_invalid(make):
    env = make()
    env.reset(seed=0, options={"task": "boil/0"})
    for action in ("fly", "", "\x00", "\ud800", "x" * 100_000, "🦆"):
        observation, _, terminated, _, info = env.step(action)
        assert not info["valid"]
        assert not terminated
    assert env.step("LOOK   around")[-1]["valid"]


def test_available_actions_come_when_asked_for(make):
    env = make(valid_actions=True)
    _, info = env.reset(seed=0, options={"task": "boil/0"})
    assert len(info["available_actions"]) > 100
    assert "look around" in info["available_actions"]
    assert make().reset(seed=0, options={"task": "boil/0"})[1]["available_actions"] is None


def test_a_killed_process_is_replaced_and_the_episode_goes_on(make, recorded):
    episode = next(e for e in recorded if e["task"].startswith("grow-plant"))
    env, bystander = make(simplification=episode["simplification"]), make()
    begin(env, episode)
    bystander.reset(seed=0, options={"task": "boil/0"})
    for number, expected in enumerate(episode["steps"][:12]):
        if number in (3, 7):
            shared.host().process.send_signal(signal.SIGKILL)
        step(env, expected)
    assert bystander.step("look around")[-1]["valid"]


def test_a_hanging_process_is_replaced(make, monkeypatch):
    env = make()
    env.reset(seed=0, options={"task": "boil/0"})
    expected = env.step("look around")[0]
    hanging = shared.host().process
    monkeypatch.setattr(simulator, "PATIENCE", 20.0)
    hanging.send_signal(signal.SIGSTOP)
    monkeypatch.setattr(simulator, "PATIENCE", 0.5)
    monkeypatch.setattr(simulator.Host, "kill", _patient_again(simulator.Host.kill, monkeypatch))
    assert env.step("look around")[0] == expected
    assert hanging.poll() is not None


def _patient_again(kill, monkeypatch):
    """Kill as usual, and wait longer for the next host, which has to start."""

    def killing(self):
        monkeypatch.setattr(simulator, "PATIENCE", 60.0)
        kill(self)

    return killing


def test_the_host_of_another_process_is_left_alone(make):
    env = make()
    env.reset(seed=0, options={"task": "boil/0"})
    expected = env.step("open door to kitchen")[0]
    theirs = shared.host()
    theirs.owner = -1  # as a child finds it after a fork
    env.reset(seed=0, options={"task": "boil/0"})
    assert env.step("open door to kitchen")[0] == expected
    assert theirs.process.poll() is None
    theirs.kill()


def test_a_second_death_is_a_fault_and_no_zero(make, monkeypatch):
    env = make()
    env.reset(seed=0, options={"task": "boil/0"})
    ask = simulator.Host.ask

    def dying(self, method, *arguments):
        if method == "act":
            self.process.kill()
        return ask(self, method, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(simulator.Host, "ask", dying)
        with pytest.raises(EnvironmentFault, match="died or hung"):
            env.step("look around")
    env.reset(seed=0, options={"task": "boil/0"})
    assert env.step("look around")[-1]["valid"]


def test_kills_leave_no_zombies_and_closing_is_idempotent(make):
    one = Simulator()
    for _ in range(5):
        one.begin("boil", 0, "easy")
        process = shared.host().process
        process.kill()
        one.act("look around")
        assert process.poll() is not None
    one.close()
    one.close()
    with pytest.raises(EnvironmentFault, match="reset the environment"):
        one.act("look around")
    env = make()
    env.close()
    env.close()
    states = [line.split()[2] for line in _children()]
    assert "Z" not in states


def _children():
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = status.read_text()
        except OSError:
            continue
        line = text.rpartition(")")[2].split()
        if int(line[1]) == os.getpid():
            yield f"x x {line[0]}"


def test_the_host_leaves_with_its_process_and_leaves_no_files(tmp_path):
    code = (
        "from stepagent_gym.envs.scienceworld.simulator import Simulator, shared\n"
        "Simulator().begin('boil', 0, 'easy'); print(shared.host().process.pid)"
    )
    (tmp_path / "temporary").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
    )  # fmt: skip
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []
    for _ in range(100):
        if not Path(f"/proc/{done.stdout.strip()}").exists():
            return
        time.sleep(0.05)
    pytest.fail("the host outlived the process that began it")


def test_a_snapshot_whose_text_differs_is_refused(make):
    env = make()
    env.reset(seed=0, options={"task": "boil/0"})
    env.step("look around")
    snapshot = env.snapshot()
    snapshot["state"]["digest"] = "0" * 64
    with pytest.raises(ReplayDiverged, match="other observations"):
        env.reset(options={"snapshot": snapshot})
    snapshot["state"]["actions"] = [None]
    with pytest.raises(SnapshotError):
        env.reset(options={"snapshot": snapshot})


def test_branches_share_the_replay_of_what_they_have_in_common(make):
    trunk = make()
    trunk.reset(seed=0, options={"task": "find-plant/151"})
    snapshots = []
    for action in ("go to kitchen", "look around", "open cupboard", "inventory"):
        trunk.step(action)
        snapshots.append(trunk.snapshot())
    branch = make()
    for snapshot in snapshots:
        for _ in range(3):
            branch.reset(options={"snapshot": snapshot})
            branch.step("look around")
    assert branch._simulator.steps_replayed == len(snapshots)


def test_turn_limits_are_those_of_the_task(make):
    env = make(max_turns=None)
    for task, limit in {"boil/0": 100, "lifespan-longest-lived/0": 10,
                        "inclined-plane-determine-angle/0": 100}.items():  # fmt: skip
        env.reset(seed=0, options={"task": task})
        assert env._episode.max_turns == limit
    assert env.conditions()["max_turns"] == "eto (10 to 120, by task)"
    assert make(max_turns=7).conditions()["max_turns"] == 7


def test_splits():
    sizes = {name: len(ids) for name, ids in splits().items()}
    assert sizes == {
        "all": 7207, "train": 3592, "dev": 1796, "test": 1819,
        "eto_train": 1483, "eto_dev": 194, "eto_test": 211, "eto_dev_clean": 140,
    }  # fmt: skip
    assert len(TASKS) == 30
    known = set(splits()["all"])
    assert all(known.issuperset(ids) for ids in splits().values())
    assert not set(splits()["eto_dev_clean"]) & set(splits()["eto_train"])


def test_the_table_of_tasks_is_the_packages(realdata):
    ids = json.loads((realdata / "scienceworld" / "tasks.json").read_text())
    assert [task["task_name"] for task in ids] == list(TASKS)


def test_the_intro_of_eto_is_the_task_alone(make):
    full, info = make().reset(seed=0, options={"task": "boil/0"})
    task, _ = make(intro="task").reset(seed=0, options={"task": "boil/0"})
    assert task.startswith("Task Description:\nYour task is to boil")
    assert full.startswith(f"{task}\n\nThis room is called")
    assert info["task_type"] == "boil"


@pytest.mark.parametrize(
    "options",
    [{"simplification": "hard"}, {"simplification": "easy,hard"}, {"intro": "none"},
     {"valid_actions": "yes"}, {"split": "exam"}, {"data": "mine"}],
)  # fmt: skip
def test_unknown_values_are_refused(options):
    with pytest.raises(UsageError):
        gymnasium.make("stepagent/ScienceWorld-v0", **options)


def test_what_is_missing_is_said_with_the_remedy(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(simulator, "find_spec", lambda name: None)
        with pytest.raises(UsageError, match=r"pip install 'stepagent-gym\[scienceworld\]'"):
            gymnasium.make("stepagent/ScienceWorld-v0")
    monkeypatch.setenv("STEPAGENT_JAVA", "/nowhere")
    with pytest.raises(UsageError, match="there is no Java"):
        simulator.Host()
