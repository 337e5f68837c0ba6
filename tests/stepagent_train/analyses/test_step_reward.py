import pytest

pytest.importorskip("torch", reason="training needs the extra train")

from stepagent_train.analyses.step_reward import average, by_part, valued


def action(task, seed, turn, turns, *outcomes):
    return {"task": task, "seed": seed, "turn": turn, "turns": turns, "outcomes": list(outcomes)}


ACTIONS = [
    action("a", 0, 0, 2, 1.0, 0.0),
    action("a", 0, 1, 2, 1.0, 1.0),
    action("a", 1, 0, 1, 0.0, 0.0),
    action("b", 0, 0, 3, None, 0.5),
    action("b", 0, 1, 3, None, None),
    action("b", 0, 2, 3, 0.25, 0.25),
]


def test_actions_are_averaged_within_an_episode_and_episodes_within_a_task():
    values = valued(ACTIONS, 2)
    assert average(values["a"]) == pytest.approx(((0.5 + 1.0) / 2 + 0.0) / 2)
    assert average(values["b"]) == pytest.approx((0.5 + 0.25) / 2)
    first = valued(ACTIONS, 1)
    assert average(first["a"]) == pytest.approx((1.0 + 0.0) / 2)
    assert [a["turn"] for a in first["b"]] == [2]


def test_the_last_action_is_in_the_last_part():
    found = by_part(valued(ACTIONS, 2), 2)
    # first half: turn 0 of a's first episode; of b's three turns the first
    assert found[0][::3] == (pytest.approx((0.5 + 0.5) / 2), 2)
    # second half: turn 1 of a's first episode, and all of its second; turn 2 of b
    assert found[1][::3] == (pytest.approx(((1.0 + 0.0) / 2 + 0.25) / 2), 2)
    assert [e.n for e in by_part(valued(ACTIONS, 2), 5)] == [0, 1, 1, 0, 2]
