import json
import pickle

import guess  # noqa: F401 - registers the example
import gymnasium
import pytest
from gymnasium.error import ResetNeeded

from stepagent_gym.errors import ReplayDiverged, SnapshotError, UsageError


def make(**options):
    return gymnasium.make("test/Guess-v0", **options)


def test_info_holds_the_contract():
    env = make()
    _, info = env.reset(seed=1, options={"task": 3})
    assert info == {
        "task_id": "game-3", "turn": 0, "valid": True, "success": False, "score": 0.0,
        "available_actions": [f"guess {n}" for n in range(1, 21)],
        "distance": 20, "task_type": info["task_type"],
    }  # fmt: skip
    _, _, _, _, info = env.step("Thought: hm\nAction: guess 99")
    assert (info["thought"], info["action"], info["parse_rule"]) == ("hm", "guess 99", "label")
    assert info["turn"] == 1


def test_a_reply_without_an_action_spends_a_turn_and_says_what_was_expected():
    env = make(max_turns=2)
    env.reset(seed=1)
    text, reward, terminated, truncated, info = env.step("Thought: I do not know")
    assert "Action: guess 7" in text
    assert (reward, terminated, truncated, info["valid"], info["turn"]) == (
        0,
        False,
        False,
        False,
        1,
    )
    assert info["action"] is None
    assert env.step("")[3] is True


def test_strict_parsing_answers_as_the_benchmark_does():
    env = make(parsing="strict")
    env.reset(seed=1)
    assert env.step("guess 7")[0].startswith("Error Input.")


def test_bare_format_passes_every_string_to_the_engine():
    env = make(action_format="bare")
    env.reset(seed=1)
    text, _, _, _, info = env.step("Thought: x\nAction: guess 7")
    assert text == "Nothing happens."
    assert info["action"] == "Thought: x\nAction: guess 7"
    assert info["valid"] is False


@pytest.mark.parametrize(("limit", "turns"), [(None, 8), (5, 5), ("short", 3)])
def test_the_turn_limit_truncates(limit, turns):
    env = make(max_turns=limit, action_format="bare")
    env.reset(seed=1)
    ends = [env.step("look")[3] for _ in range(turns)]
    assert ends == [False] * (turns - 1) + [True]
    with pytest.raises(ResetNeeded):
        env.step("look")


def test_step_and_snapshot_need_a_reset():
    env = make().unwrapped
    for call in (env.snapshot, lambda: env.step("x")):
        with pytest.raises(ResetNeeded):
            call()


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"split": "tset"}, "tset"),
        ({"action_format": "json"}, "json"),
        ({"max_turns": 0}, "0"),
        ({"max_turns": "long"}, "long"),
        ({"max_turns": True}, "True"),
        ({"parsing": "loose"}, "loose"),
        ({"render_mode": "human"}, "human"),
    ],
)
def test_values_that_do_not_exist_are_named(options, named):
    from guess import GuessEnv

    with pytest.raises(UsageError, match=named):
        GuessEnv(**options)


def test_an_unknown_keyword_is_named():
    with pytest.raises(TypeError, match="colour"):
        make(colour="red")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"tusk": 1}, "tusk"),
        ({"task": 50}, "0 to 49"),
        ({"task": -1}, "-1"),
        ({"task": "game-50"}, "game-50"),
        ({"task": 1.5}, "1.5"),
        ({"task": 1, "snapshot": {}}, "both"),
    ],
)
def test_reset_options_that_do_not_exist_are_named(options, named):
    with pytest.raises(UsageError, match=named):
        make().reset(options=options)


def test_a_seed_chooses_task_and_episode():
    env = make()
    first = [env.reset(seed=5)[1]["task_id"]] + [env.reset()[1]["task_id"] for _ in range(5)]
    again = [make().reset(seed=5)[1]["task_id"]]
    assert first[0] == again[0]
    assert len(set(first)) > 1


def test_global_generators_are_left_alone():
    import random

    import numpy as np

    states = random.getstate(), str(np.random.get_state())
    env = make()
    env.reset(seed=3)
    env.step("Action: guess 3")
    assert (random.getstate(), str(np.random.get_state())) == states


def play(env, actions):
    return [env.step(action) for action in actions]


def test_a_snapshot_survives_json_and_pickle_and_continues_the_same():
    env = make(max_turns=4)
    env.reset(seed=9, options={"task": 7})
    play(env, ["Action: guess 1", "nonsense without an action at all\nreally\nyes"])
    snapshot = env.unwrapped.snapshot()
    rest = play(env, ["Action: guess 20", "Action: guess 2"])
    for copy in (json.loads(json.dumps(snapshot)), pickle.loads(pickle.dumps(snapshot)), snapshot):
        other = make(max_turns=30)
        text, info = other.reset(options={"snapshot": copy})
        assert text == snapshot["observation"]
        assert (info["turn"], info["valid"], info["action"]) == (2, False, None)
        assert play(other, ["Action: guess 20", "Action: guess 2"]) == rest


def test_a_snapshot_of_an_ended_episode_stays_ended():
    env = make(max_turns=1)
    env.reset(seed=9)
    env.step("Action: guess 1")
    other = make()
    other.reset(options={"snapshot": env.unwrapped.snapshot()})
    with pytest.raises(ResetNeeded):
        other.step("Action: guess 2")


def test_a_replay_that_diverges_is_an_error():
    env = make()
    env.reset(seed=9)
    env.step("Action: guess 1")
    snapshot = env.unwrapped.snapshot()
    snapshot["actions"] = ["guess 20"]
    with pytest.raises(ReplayDiverged, match="other observations"):
        env.reset(options={"snapshot": snapshot})


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"env_id": "stepagent/WebShop-v0"}, "env_id"),
        ({"data_hash": "f" * 16}, "data_hash"),
        ({"settings": {"reward": "iou"}}, "settings"),
        ({"state": {"page": 1}}, "another version"),
        ({"extra": 1}, "no snapshot"),
    ],
)
def test_a_snapshot_from_elsewhere_is_refused(change, named):
    env = make()
    env.reset(seed=9)
    with pytest.raises(SnapshotError, match=named):
        env.reset(options={"snapshot": {**env.unwrapped.snapshot(), **change}})


@pytest.mark.parametrize("junk", [None, 3, "text", {}, []])
def test_junk_is_no_snapshot(junk):
    with pytest.raises(SnapshotError):
        make().reset(options={"snapshot": junk})


def test_ansi_rendering_shows_the_observation():
    env = make(render_mode="ansi")
    text, _ = env.reset(seed=1)
    assert env.render() == text


def test_conditions_say_what_a_score_depends_on():
    conditions = make(max_turns="short").unwrapped.conditions()
    assert conditions["max_turns"] == 3
    assert {"data", "data_hash", "split", "split_hash", "split_tasks"} <= conditions.keys()
