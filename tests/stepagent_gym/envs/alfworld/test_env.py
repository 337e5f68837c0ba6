import json
import os
import signal
from importlib.util import find_spec

import gymnasium
import pytest

from stepagent_gym.envs.alfworld.reference import ReferenceProcess
from stepagent_gym.errors import EnvironmentFault, SnapshotError, UsageError

needs_reference = pytest.mark.skipif(
    find_spec("textworld") is None or find_spec("alfworld") is None,
    reason="the reference engine is not installed (extra alfworld; `make test-textworld`)",
)
ENGINES = ["native", pytest.param("textworld", marks=needs_reference)]


@pytest.fixture
def make():
    """Make environments that take bare actions, and close them."""
    made = []

    def make_one(**options):
        env = gymnasium.make(
            "stepagent/ALFWorld-v0", **{"action_format": "bare", "max_turns": 1000, **options}
        )
        made.append(env)
        return env

    yield make_one
    for env in made:
        env.close()


def solve(env, task, limit=100):
    _, info = env.reset(seed=0, options={"task": task})
    for turn in range(1, limit + 1):
        observation, reward, terminated, truncated, info = env.step(env.unwrapped.expert()[1])
        assert info["valid"]
        assert (reward == 1) == terminated == info["success"] == (info["score"] == 1)
        if terminated:
            return turn
    return None


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("grammar", ["old", "new"])
@pytest.mark.parametrize("oracle", ["walkthrough", "explorer", "sweeper"])
def test_games_are_won_in_both_grammars_by_both_oracles(make, engine, grammar, oracle):
    env = make(engine=engine, grammar=grammar, oracle=oracle, split="dev")
    for task in range(42) if engine == "native" else (0, 20, 41):
        assert solve(env, task, limit=50)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_first_text_is_as_eto_cuts_it(make, engine):
    observation, info = make(engine=engine).reset(seed=0, options={"task": 0})
    first, second = observation.split("\n")
    assert first.startswith("You are in the middle of a room. Looking quickly around you, you see")
    assert second.startswith("Your task is to: ")
    assert info["task_type"] == info["task_id"].split("/")[1].split("-")[0]
    assert info["score"] < 1


@pytest.mark.parametrize("engine", ENGINES)
def test_the_prefix_of_a_location_is_stripped_or_kept(make, engine):
    texts = {}
    for grammar in ("old", "new"):
        for prefix in ("strip", "keep"):
            env = make(engine=engine, grammar=grammar, prefix=prefix)
            env.reset(seed=0, options={"task": 0})
            texts[grammar, prefix] = env.step("go to cabinet 1")[0]
    rest = texts["old", "strip"]
    assert rest.startswith(("The cabinet 1 is closed", "On the cabinet 1"))
    assert texts["old", "keep"].startswith("You arrive at loc ")
    assert texts["old", "keep"].endswith(f". {rest}")
    assert texts["new", "strip"] == texts["new", "keep"] == f"You arrive at cabinet 1. {rest}"


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_not_admissible_is_answered_and_changes_nothing(make, engine):
    env = make(engine=engine)
    env.reset(seed=0, options={"task": 0})
    for action in ("fly to the moon", "", "GO TO cabinet 1", "go to cabinet 99"):
        before = env.unwrapped.snapshot()["state"]["state"]
        observation, reward, terminated, _, info = env.step(action)
        assert (observation, reward, terminated) == ("Nothing happens.", 0, False)
        assert not info["valid"]
        assert env.unwrapped.snapshot()["state"]["state"] == before


@pytest.mark.parametrize("engine", ENGINES)
def test_snapshots_restore_anywhere_in_a_game(make, engine):
    env, other = make(engine=engine), make(engine=engine)
    env.reset(seed=0, options={"task": 1})
    moments = []
    for _ in range(4):
        moments.append((json.loads(json.dumps(env.unwrapped.snapshot())), env.unwrapped.expert()))
        env.step(moments[-1][1][1])
    after = env.unwrapped.snapshot()
    for snapshot, advice in reversed(moments):
        other.reset(options={"snapshot": snapshot})
        assert other.unwrapped.expert() == advice
    for _, (_, action) in moments:
        other.step(action)
    assert other.unwrapped.snapshot() == after


def test_off_the_walkthrough_the_oracle_explores_and_still_wins(make):
    env = make()
    for task in range(10):
        _, info = env.reset(seed=0, options={"task": task})
        for seed in range(6):
            *_, terminated, _, info = env.step(env.unwrapped.explore(seed))
            if terminated:
                break
        turns = 0
        while not terminated and turns < 50:
            *_, terminated, _, info = env.step(env.unwrapped.expert()[1])
            turns += 1
        assert info["success"]


def test_turn_limits_by_name():
    for name, turns in {None: 40, "eto": 40, "ipr": 20, "textworld": 50, 7: 7}.items():
        env = gymnasium.make("stepagent/ALFWorld-v0", max_turns=name).unwrapped
        assert env.conditions()["max_turns"] == turns
    assert env.conditions()["grammar"] == "the game's (new)"
    env = gymnasium.make("stepagent/ALFWorld-v0", grammar="old").unwrapped
    assert env.conditions()["grammar"] == "old"


@pytest.mark.parametrize(
    ("reply", "action"),
    [
        ("Thought: a\nAction: go to desk 1", "go to desk 1"),
        ("Thought: a\nAction:\ngo to desk 1", "go to desk 1"),
        ("Action:go to desk 1", "go to desk 1"),
        ("Action: go to desk 1\nObservation: x\nAction: look", "go to desk 1\nObservation: x"),
        ("go to desk 1", None),
    ],
)
def test_the_published_parsing_rule(make, reply, action):
    env = make(action_format="react", parsing="strict")
    env.reset(seed=0, options={"task": 0})
    info = env.step(reply)[-1]
    if action is None:
        assert info["action"] is None
    else:
        assert info["action"].startswith(action)


@pytest.mark.parametrize(
    "options",
    [{"engine": "fast"}, {"grammar": "newer"}, {"prefix": "cut"}, {"oracle": "best"},
     {"split": "tests"}, {"data": "nowhere"}, {"max_turns": "agentbench"}],
)  # fmt: skip
def test_unknown_values_are_refused_by_name(options):
    from stepagent_gym.errors import StepAgentError

    with pytest.raises(StepAgentError, match=next(iter(options.values()))):
        gymnasium.make("stepagent/ALFWorld-v0", **options)


def test_a_snapshot_belongs_to_its_grammar(make):
    env = make(grammar="new")
    env.reset(seed=0, options={"task": 0})
    snapshot = env.unwrapped.snapshot()
    with pytest.raises(SnapshotError, match="settings"):
        make(grammar="old").reset(options={"snapshot": snapshot})
    snapshot["state"]["state"][0] = 10_000
    with pytest.raises(SnapshotError, match="damaged"):
        make(grammar="new").reset(options={"snapshot": snapshot})


def test_task_ids_are_sorted_and_splits_are_official(make):
    env = make(split="all").unwrapped
    assert list(env.task_ids) == sorted(env.task_ids)
    parts = {split: make(split=split).unwrapped.task_ids for split in
             ("train", "valid_seen", "valid_unseen", "dev", "test")}  # fmt: skip
    assert parts["dev"] == parts["valid_seen"]
    assert parts["test"] == parts["valid_unseen"]
    assert sum(map(len, list(parts.values())[:3])) == len(env.task_ids)
    for split in ("train", "valid_seen", "valid_unseen"):
        assert all(name.startswith(f"{split}/") for name in parts[split])
        types = {name.split("/")[1].split("-")[0] for name in parts[split]}
        assert len(types) == 6


def test_without_the_packages_the_reference_says_what_to_install(monkeypatch):
    monkeypatch.setattr("stepagent_gym.envs.alfworld.reference.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'stepagent-gym\[alfworld\]'"):
        gymnasium.make("stepagent/ALFWorld-v0", engine="textworld")


@needs_reference
def test_a_dead_reference_is_a_fault_and_the_next_reset_recovers(make):
    env = make(engine="textworld")
    env.reset(seed=0, options={"task": 0})
    os.kill(env.unwrapped._reference._process.pid, signal.SIGKILL)
    with pytest.raises(EnvironmentFault, match="died"):
        env.step("look")
    env.reset(seed=0, options={"task": 0})
    assert env.step("look")[-1]["valid"]
    env.close()
    env.close()


@needs_reference
def test_a_problem_that_cannot_be_loaded_is_a_fault():
    engine = ReferenceProcess()
    with pytest.raises(EnvironmentFault, match="failed"):
        engine.reset("(define)", "nothing", "new")
    engine.close()


@needs_reference
def test_a_difference_between_the_engines_is_a_fault(make, monkeypatch):
    env = make(engine="textworld")
    env.reset(seed=0, options={"task": 0})
    engine = type(env.unwrapped._engine)
    monkeypatch.setattr(engine, "won", lambda self, state: True)
    with pytest.raises(EnvironmentFault, match="differ"):
        env.step("look")
