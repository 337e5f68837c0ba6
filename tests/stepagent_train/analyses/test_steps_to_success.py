import pytest

pytest.importorskip("torch", reason="training needs the extra train")
from dataclasses import replace

from stepagent_gym.types import Completion, Step, Trajectory
from stepagent_train.analyses.folders import Evaluated
from stepagent_train.analyses.steps_to_success import curve, summary


def episode(task, rewards, success, seed=0):
    """Make an episode with these step rewards."""
    steps = tuple(
        Step("", Completion("x"), None, "x", reward, False, False, {"success": success})
        for reward in rewards
    )
    status = "finished" if success else "truncated"
    given = (status, None, sum(rewards), success, sum(rewards))
    return Trajectory("e", "test", task, seed, steps, "", *given)


EPISODES = [
    episode("a", [0.0, 1.0], True),
    episode("a", [0.0, 0.0, 0.0, 1.0], True, seed=1),
    episode("b", [0.25, 0.25, 0.0], False),
    episode("c", [1.0], True),
]


def test_an_episode_counts_what_it_had_within_the_budget():
    rewards, successes = curve(EPISODES, range(1, 5))
    # tasks: a the mean of its two repeats, b, c
    assert [e.mean for e in rewards] == pytest.approx(
        [(0 + 0.25 + 1) / 3, (0.5 + 0.5 + 1) / 3, (0.5 + 0.5 + 1) / 3, (1 + 0.5 + 1) / 3]
    )
    assert [e.mean for e in successes] == pytest.approx([1 / 3, 1.5 / 3, 1.5 / 3, 2 / 3])
    assert {e.n for e in (*rewards, *successes)} == {3}


def test_turns_to_success_are_those_of_the_episodes_that_succeeded():
    run = Evaluated("r", None, None, "e", {}, EPISODES, 0)
    row = summary(run)
    assert row["episodes"] == 4
    assert row["turns to success"].mean == pytest.approx((3 + 1) / 2)
    assert row["turns"].mean == pytest.approx((3 + 3 + 1) / 3)
    assert (row["median"], row["most"]) == (2, 4)
    lost = summary(replace_episodes(run, [EPISODES[2]]))
    assert lost["turns to success"] == (None, None, None, 0)
    assert (lost["median"], lost["most"]) == (None, None)


def replace_episodes(run, episodes):
    return run._replace(episodes=[replace(e) for e in episodes])
