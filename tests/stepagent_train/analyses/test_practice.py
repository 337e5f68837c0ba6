import pytest

pytest.importorskip("torch", reason="training needs the extra train")

from stepagent_gym.types import Completion
from stepagent_train.analyses.practice import shares
from stepagent_train.inspection import Practice


def practice(expert, text, action):
    return Practice(expert, "t", 0, 0, 0, Completion(text), None, action, "a: x", "x")


def test_shares_are_of_all_practices_and_their_intervals_over_trajectories():
    practices = [
        practice(0, "a: x", "x"),  # the same text
        practice(0, "b: x", "x"),  # the same action
        practice(0, "b: y", "y"),
        practice(1, "hm", None),
    ]
    found = shares(practices)
    assert {name: e.mean for name, e in found.items()} == {
        "same text": 1 / 4,
        "same action": 2 / 4,
        "unparsable": 1 / 4,
    }
    assert {e.n for e in found.values()} == {2}
    # trajectories drawn whole: the first alone has 2 of 3, the second alone none
    assert (found["same action"].low, found["same action"].high) == (0.0, pytest.approx(2 / 3))


def test_one_trajectory_has_no_interval():
    assert shares([practice(0, "a: x", "x")])["same text"] == (1.0, None, None, 1)
