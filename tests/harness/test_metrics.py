import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.metrics import interval, mean_over, summarise
from stepagent_gym.types import Completion, Step, Trajectory


def episode(task, reward, *, seed=0, kind=None, status="finished", error=None, **metrics):
    step = Step("o", Completion("t"), None, "a", reward, True, False, {"task_type": kind})
    return Trajectory(
        "e",
        "test",
        task,
        seed,
        (step,),
        "end",
        status,
        error,
        reward,
        reward == 1.0,
        reward,
        metrics,
    )


@given(st.lists(st.floats(0, 1), min_size=2, max_size=50))
def test_an_interval_holds_its_mean_and_stays_in_range(values):
    low, high = interval(values)
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9
    assert low - 1e-9 <= np.mean(values) <= high + 1e-9 or len(values) < 10


def test_intervals_cover_the_true_mean_about_as_often_as_they_say():
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(200):
        low, high = interval(rng.random(60))
        covered += low <= 0.5 <= high
    assert 0.88 <= covered / 200 <= 0.99


def test_one_row_is_the_same_as_none():
    values = [0.1, 0.5, 0.9, 0.2]
    assert interval([values]) == interval(values)


@given(
    st.lists(st.lists(st.floats(0, 1), min_size=5, max_size=5), min_size=2, max_size=4),
)
def test_an_interval_over_seeds_stays_in_range(rows):
    low, high = interval(rows)
    assert min(map(min, rows)) - 1e-9 <= low <= high <= max(map(max, rows)) + 1e-9


def test_what_seeds_differ_in_widens_the_interval():
    # every task is the same in a seed, so only the draw of seeds can move the mean
    low, high = interval([[0.0] * 20, [0.5] * 20, [1.0] * 20])
    assert (low, high) == (0.0, 1.0)
    alone = interval([0.5] * 20)
    assert alone == (0.5, 0.5)


def test_a_draw_of_tasks_holds_for_all_seeds():
    # seeds that agree on every task tell no more of the tasks than one of them does
    values = [0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 0.0]
    one, three = interval(values), interval([values] * 3)
    assert three == pytest.approx(one, abs=0.13)


def test_intervals_over_seeds_cover_the_true_mean_about_as_often_as_they_say():
    rng = np.random.default_rng(2)
    covered = 0
    for _ in range(100):
        task, seed = rng.normal(0, 0.3, 30), rng.normal(0, 0.05, (3, 1))
        low, high = interval((0.5 + task + seed + rng.normal(0, 0.3, (3, 30))).tolist())
        covered += low <= 0.5 <= high
    assert covered >= 85


def test_a_mean_over_seeds_is_of_the_tasks_that_all_have():
    runs = [{"a": [0.0, 1.0], "b": [1.0]}, {"a": [1.0], "c": [0.0]}]
    found = mean_over(runs)
    assert found["mean"] == 0.75
    assert found["by_seed"] == [0.5, 1.0]
    assert found["ci_low"] is None
    assert "by_seed" not in mean_over(runs[:1])
    assert mean_over([{"a": [1.0]}, {"b": [1.0]}]) is None
    assert mean_over([]) is None


def test_no_interval_from_one_task():
    assert interval([0.5]) is None
    assert interval([]) is None


def test_errors_are_apart_and_never_zeros():
    summary = summarise(
        [episode("0", 1.0), episode("1", 0.5)]
        + [episode("2", 0.0, status="error", error="policy: gone")] * 2
    )
    assert summary["metrics"]["reward"]["mean"] == 0.75
    assert summary["metrics"]["reward"]["n"] == 2
    assert summary["errors"] == 2
    assert summary["error_messages"] == {"policy: gone": 2}


def test_types_are_broken_down():
    summary = summarise([episode("0", 1.0, kind="a"), episode("1", 0.0, kind="b")])
    assert {kind: m["success"]["mean"] for kind, m in summary["by_type"].items()} == {
        "a": 1,
        "b": 0,
    }


def test_repeats_of_a_task_count_as_one_and_show_their_spread():
    runs = [episode(str(t), float(s == 0), seed=s) for t in range(10) for s in range(2)]
    reward = summarise(runs)["metrics"]["reward"]
    assert (reward["mean"], reward["n"]) == (0.5, 10)
    assert (reward["ci_low"], reward["ci_high"]) == (0.5, 0.5)
    assert reward["spread"] == pytest.approx(np.std([1, 0], ddof=1))


def test_a_metric_of_some_episodes_has_its_own_number():
    summary = summarise([episode("0", 1.0, r_att=0.5), episode("1", 0.0)])
    assert summary["metrics"]["r_att"]["n"] == 1


def test_the_order_of_episodes_does_not_matter():
    episodes = [episode(str(i), random.Random(i).random()) for i in range(40)]
    shuffled = random.Random(7).sample(episodes, len(episodes))
    assert summarise(episodes) == summarise(shuffled)


def test_nothing_played_is_no_score():
    assert summarise([])["metrics"] == {}


def test_pooled_metrics_weigh_tasks_by_what_they_count():
    runs = [episode("0", 1.0, acc=1.0, steps=1.0), episode("1", 0.0, acc=0.5, steps=4.0)]
    metrics = summarise(runs, pooled={"acc": "steps", "absent": "steps"})["metrics"]
    assert metrics["acc"]["mean"] == 0.75
    assert metrics["acc_micro"]["mean"] == pytest.approx(3 / 5)
    assert metrics["acc_micro"]["ci_low"] <= 0.6 <= metrics["acc_micro"]["ci_high"]
    assert metrics["acc_micro"]["n"] == 2
    assert "absent_micro" not in metrics
