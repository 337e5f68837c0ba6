"""InterCode's rewards: golden vectors, and tau beside its definition."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepagent_gym.envs.intercode_sql.reward import intercode, iou, kendall, score

ROWS = st.lists(st.integers(0, 6), max_size=12)


@pytest.mark.parametrize(
    ("rows", "gold", "expected"),
    [
        ([1, 2], [1, 2], 1.0),
        ([2, 1], [1, 2], -1.0),
        ([], [], 1.0),
        ([1], [1, 2, 3], 1 / 3),
        ([1, 2], [1, 2, 3], 0.67),
        ([2, 1], [1, 2, 3], -0.67),
        ([1, 2, 3], [2, 1, 3], 0.33),
        ([1, 1], [1, 1], 1.0),
        ([1, 2, 2], [1, 2], 0.67),
        ([], [1], 0.0),
        ([3], [1, 2], 0.0),
    ],
)
def test_golden_vectors(rows, gold, expected):
    assert intercode(rows, gold) == expected


def test_what_is_no_list_of_rows_is_nothing():
    assert score(None, [(1,)], "iou") == 0.0
    assert score(None, [], "intercode") == 0.0


@given(ROWS, ROWS)
def test_iou_is_symmetric_bounded_and_blind_to_order(rows, gold):
    value = iou(rows, gold)
    assert 0.0 <= value <= 1.0
    assert value == iou(gold, rows) == iou(sorted(rows), gold)
    assert (value == 1.0) == (sorted(rows) == sorted(gold))
    assert -1.0 <= intercode(rows, gold) <= 1.0
    assert abs(intercode(rows, gold)) <= value + 0.005


@given(st.lists(st.tuples(st.text("ab", max_size=2), st.text("ab", max_size=2)), max_size=20))
def test_knights_method_gives_tau_b(pairs):
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    assert kendall(first, second) == pytest.approx(naive(first, second))


def naive(first, second):
    total = agree = ties_first = ties_second = 0
    for i in range(len(first)):
        for j in range(i):
            a = (first[i] > first[j]) - (first[i] < first[j])
            b = (second[i] > second[j]) - (second[i] < second[j])
            total, agree = total + 1, agree + a * b
            ties_first, ties_second = ties_first + (a == 0), ties_second + (b == 0)
    if total in (ties_first, ties_second):
        return None
    return agree / math.sqrt((total - ties_first) * (total - ties_second))
