"""Paired differences of two runs."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.comparison import PairKey, compare, compare_seeds, sign_test


class Played(NamedTuple):
    failed: bool
    reward: float
    success: bool


def key(task, seed=0):
    return PairKey("env", "hash", "test", str(task), seed)


PLAYED = st.builds(Played, st.booleans(), st.floats(0, 1), st.booleans())
RUN = st.dictionaries(st.builds(key, st.integers(0, 8), st.integers(0, 1)), PLAYED)


@given(RUN)
def test_equal_runs_do_not_differ(run):
    found = compare(run, run)
    assert found["gained"] == found["lost"] == 0
    assert found["p_value"] == 1.0
    for name in ("reward", "success"):
        assert found[name] is None or found[name]["mean"] == 0.0
    assert found["pairs"] + found["errors"] == len(run)
    assert found["only_first"] == found["only_second"] == 0


@given(RUN, RUN)
def test_swapped_runs_differ_the_other_way(first, second):
    one, other = compare(first, second), compare(second, first)
    assert (one["gained"], one["lost"]) == (other["lost"], other["gained"])
    assert (one["only_first"], one["only_second"]) == (other["only_second"], other["only_first"])
    assert one["p_value"] == other["p_value"]
    assert (one["pairs"], one["tasks"], one["errors"]) == (
        other["pairs"], other["tasks"], other["errors"],
    )  # fmt: skip
    for name in ("reward", "success"):
        if one[name] is None:
            assert other[name] is None
            continue
        assert one[name]["mean"] == pytest.approx(-other[name]["mean"], abs=1e-12)


def test_errors_and_missing_episodes_are_left_out_and_counted():
    good, bad = Played(False, 1.0, True), Played(False, 0.0, False)
    error = Played(True, 0.0, False)
    first = {key(0): good, key(1): good, key(2): good, key(3): bad}
    second = {key(0): bad, key(1): error, key(3): bad, key(4): good}
    found = compare(first, second)
    assert (found["pairs"], found["errors"]) == (2, 1)
    assert (found["only_first"], found["only_second"]) == (1, 1)
    assert found["reward"]["mean"] == -0.5
    assert (found["gained"], found["lost"]) == (0, 1)


def test_repeats_of_a_task_count_as_one():
    good, bad = Played(False, 1.0, True), Played(False, 0.0, False)
    first = {key(0, seed): bad for seed in range(10)} | {key(1): bad}
    second = {key(0, seed): good for seed in range(10)} | {key(1): bad}
    found = compare(first, second)
    assert (found["pairs"], found["tasks"], found["gained"]) == (11, 2, 1)
    assert found["success"]["mean"] == 0.5


@pytest.mark.parametrize(
    ("gained", "lost", "p"),
    [(0, 0, 1.0), (5, 0, 2 / 32), (0, 6, 2 / 64), (3, 3, 1.0), (8, 2, 2 * 56 / 1024)],
)
def test_the_sign_test_is_exact(gained, lost, p):
    assert sign_test(gained, lost) == pytest.approx(p)


@given(RUN, RUN)
def test_one_seed_is_compared_as_one_run(first, second):
    one, found = compare(first, second), compare_seeds([(first, second)])
    assert (found["seeds"], found["tasks"], found["left_out"]) == (1, one["tasks"], 0)
    assert (found["reward"], found["success"]) == (one["reward"], one["success"])


def test_seeds_are_paired_with_seeds_over_the_tasks_of_all():
    def run(*rewards):
        return {key(task): Played(r is None, r or 0.0, r == 1) for task, r in enumerate(rewards)}

    found = compare_seeds(
        [(run(0.0, 0.5, 1.0), run(0.5, 0.5, 0.0)), (run(0.0, 0.0, 1.0), run(1.0, None, 1.0))]
    )
    assert (found["seeds"], found["tasks"], found["left_out"]) == (2, 2, 1)
    assert found["reward"]["by_seed"] == [-0.25, 0.5]
    assert found["reward"]["mean"] == 0.125
    assert found["success"]["by_seed"] == [-0.5, 0.5]
    assert found["reward"]["ci_low"] <= -0.25 < 0.5 <= found["reward"]["ci_high"]
    assert compare_seeds([])["reward"] is None
