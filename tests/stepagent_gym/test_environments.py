"""The contract that every registered environment keeps.

Environments are found through gymnasium's registry, so a new one is tested by being registered.
"""

import json
import pickle
import subprocess
import sys

import gymnasium
import pytest
from gymnasium.utils.env_checker import check_env
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import stepagent_gym
from stepagent_gym.datasets import load_prompt
from stepagent_gym.errors import ReplayDiverged, SnapshotError

sys.path.insert(0, __file__.rsplit("/", 2)[0] + "/examples")
import episodes as recorder

IDS = [env_id for env_id in gymnasium.registry if env_id.startswith("stepagent/")]
INFO = {"task_id", "turn", "valid", "success", "score", "available_actions"}

pytestmark = pytest.mark.parametrize("env_id", IDS)


@pytest.fixture(scope="module")
def played():
    """Episodes by (id, kind), played once in this process."""
    cache = {}

    def get(env_id, kind):
        if (env_id, kind) not in cache:
            cache[env_id, kind] = recorder.episodes(env_id, kind)
        return cache[env_id, kind]

    return get


def child(root, *arguments):
    script = root / "tests" / "examples" / "episodes.py"
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_is_in_the_table(env_id):
    assert env_id in stepagent_gym.ENVIRONMENTS
    assert gymnasium.make(env_id).unwrapped.env_id == env_id


def test_gymnasiums_checker_passes(env_id):
    check_env(gymnasium.make(env_id).unwrapped)


def test_it_is_made_without_the_import(env_id):
    code = f"import gymnasium; print(gymnasium.make('stepagent_gym:{env_id}').reset(seed=1)[0])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip("\n") == gymnasium.make(env_id).reset(seed=1)[0].rstrip("\n")


@pytest.mark.parametrize("kind", ["oracle", "random"])
def test_two_processes_give_the_same_bytes(env_id, kind, played, root):
    assert child(root, "play", env_id, kind) == played(env_id, kind)


@pytest.mark.parametrize("kind", ["oracle", "random"])
def test_every_moment_restores_here_and_elsewhere(env_id, kind, played, root, tmp_path):
    cases, expected = [], []
    for episode in played(env_id, kind):
        for turn, snapshot in enumerate(episode["snapshots"]):
            cases.append((snapshot, episode["replies"][turn:]))
            moment = episode["moments"][turn]
            at_rest = moment if len(moment) == 2 else [moment[0], moment[4]]
            expected.append([at_rest, *episode["moments"][turn + 1 :]])
    env = gymnasium.make(env_id, max_turns=1000)
    assert [recorder.restore(env, *case) for case in cases] == expected
    file = tmp_path / "cases.json"
    file.write_text(json.dumps(cases))
    assert child(root, "restore", env_id, file) == expected


def test_snapshots_are_plain_small_and_do_not_change_afterwards(env_id, played):
    env = gymnasium.make(env_id)
    env.reset(seed=3, options={"task": 0})
    for text in recorder.texts(env, "oracle", 3):
        snapshot = env.unwrapped.snapshot()
        before = json.dumps(snapshot)
        assert pickle.loads(pickle.dumps(snapshot)) == snapshot
        assert len(before) < 200_000
        ended = any(env.step(text)[2:4])
        assert json.dumps(snapshot) == before
        if ended:
            break


def test_info_keeps_the_contract(env_id, played):
    for kind in ("oracle", "random"):
        for episode in played(env_id, kind):
            for turn, moment in enumerate(episode["moments"]):
                info = moment[-1]
                assert info.keys() >= INFO | ({"thought", "action"} if turn else set())
                assert info["turn"] == turn
                assert isinstance(info["task_id"], str)
                assert isinstance(info["valid"], bool)
                assert isinstance(info["success"], bool)
                assert isinstance(info["score"], (int, float))


def test_available_actions_can_be_sent(env_id):
    env = gymnasium.make(env_id, action_format="bare", max_turns=1000)
    env.reset(seed=1, options={"task": 0})
    valid = 0
    for seed in range(30):
        *_, terminated, truncated, info = env.step(env.unwrapped.explore(seed))
        valid += info["valid"]
        if terminated or truncated:
            env.reset(seed=1, options={"task": 1})
    # ScienceWorld itself lists some actions that it then does not understand.
    assert valid >= (26 if env.unwrapped.slow else 30)


def test_the_oracle_succeeds(env_id):
    env = gymnasium.make(env_id, max_turns=1000)
    ids = env.unwrapped.task_ids
    count = 12 if env.unwrapped.slow else 40
    successes = 0
    for index in range(count):
        env.reset(seed=0, options={"task": index * (len(ids) - 1) // (count - 1)})
        over = False
        while not over:
            thought, action = env.unwrapped.expert()
            *_, terminated, truncated, info = env.step(f"Thought: {thought}\nAction: {action}")
            over = terminated or truncated
        successes += info["success"]
    assert successes >= 0.9 * count


def test_expert_actions_are_valid(env_id, played):
    for episode in played(env_id, "oracle"):
        assert all(moment[-1]["valid"] for moment in episode["moments"])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    text=st.one_of(
        st.text(st.characters(), max_size=60),
        st.builds("Action: {}".format, st.text(max_size=40)),
        st.builds("Action: {}[{}]".format, st.sampled_from(["search", "click", "x"]), st.text()),
        st.sampled_from(["[", "]", "a", "\n", "Action: ", "search[", "\x00", "😀"]).map(
            lambda unit: unit * (2**20 // len(unit))
        ),
        st.integers(1, 2000).map(lambda n: "Action: search" + "[" * n + "x" + "]" * n),
    ),
    action_format=st.sampled_from(["react", "bare"]),
    parsing=st.sampled_from(["lenient", "strict"]),
)
def test_any_reply_spends_a_turn_and_never_raises(env_id, text, action_format, parsing):
    env = gymnasium.make(env_id, action_format=action_format, parsing=parsing)
    env.reset(seed=0, options={"task": 0})
    observation, reward, terminated, truncated, info = env.step(text)
    assert info["turn"] == 1
    assert isinstance(observation, str)
    if not info["valid"]:
        assert reward == 0
        assert not terminated


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_damaged_snapshot_is_refused_or_restored_and_nothing_else(env_id, data):
    env = gymnasium.make(env_id)
    env.reset(seed=0, options={"task": 0})
    env.step("Action: " + env.unwrapped.expert()[1])
    snapshot = json.loads(json.dumps(env.unwrapped.snapshot()))
    junk = st.none() | st.integers() | st.text(max_size=5) | st.just([]) | st.just({})
    key = data.draw(
        st.sampled_from(["task_id", "seed", "turn", "state", "actions", "info", "done"])
    )
    if isinstance(snapshot[key], dict) and snapshot[key] and data.draw(st.booleans()):
        snapshot[key][data.draw(st.sampled_from(sorted(snapshot[key])))] = data.draw(junk)
    else:
        snapshot[key] = data.draw(junk)
    try:
        env.reset(options={"snapshot": snapshot})
    except (SnapshotError, ReplayDiverged):
        env.reset(seed=0, options={"task": 0})
        assert env.step("Action: xyzzy")[-1]["turn"] == 1


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_vector_environments_reset_by_themselves(env_id, kind):
    envs = gymnasium.make_vec(env_id, num_envs=2, vectorization_mode=kind, max_turns=1)
    try:
        first, _ = envs.reset(seed=[1, 2], options={"task": 0})
        _, _, _, truncated, _ = envs.step(("Action: xyzzy", "Action: xyzzy"))
        assert list(truncated) == [True, True]
        _, _, _, truncated, infos = envs.step(("Action: xyzzy", "Action: xyzzy"))
        assert list(truncated) == [False, False]
        assert list(infos["turn"]) == [0, 0]
    finally:
        envs.close()


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_vector_environments_work(env_id, kind):
    envs = gymnasium.make_vec(env_id, num_envs=3, vectorization_mode=kind)
    try:
        observations, infos = envs.reset(seed=[1, 2, 3], options={"task": 2})
        single, _ = gymnasium.make(env_id).reset(seed=1, options={"task": 2})
        assert tuple(observations) == (single,) * 3
        assert list(infos["task_id"]) == [gymnasium.make(env_id).unwrapped.task_ids[2]] * 3
        observations, rewards, *_ = envs.step(("Action: xyzzy", "nothing", "Action: search[a]"))
        assert all(isinstance(text, str) for text in observations)
        assert list(rewards) == [0, 0, 0]
    finally:
        envs.close()


def test_it_has_a_prompt_with_a_demonstration(env_id):
    prompt = load_prompt(gymnasium.make(env_id).unwrapped.benchmark)
    assert prompt.demonstrations
    assert set(prompt.formats) == {"react", "bare"}
