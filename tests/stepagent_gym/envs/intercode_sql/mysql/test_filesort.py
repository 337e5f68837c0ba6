"""The sort is right for any rows, and ties come as the C++ library leaves them."""

import random

from hypothesis import given
from hypothesis import strategies as st

from stepagent_gym.envs.intercode_sql.mysql import filesort

KEYS = st.lists(st.tuples(st.none() | st.integers(0, 9), st.integers(0, 3)), max_size=80)


def ranked(key, descending):
    parts = []
    for value, down in zip(key, descending, strict=True):
        number = -1 if value is None else value
        parts.append(-number if down else number)
    return parts


@given(KEYS, st.tuples(st.booleans(), st.booleans()), st.none() | st.integers(0, 90))
def test_rows_come_sorted(keys, descending, wanted):
    order = filesort.sort(keys, descending, wanted, len(keys))
    best = sorted(ranked(key, descending) for key in keys)
    assert len(set(order)) == len(order)
    assert [ranked(keys[n], descending) for n in order] == best[
        : len(best) if wanted is None else wanted
    ]


def test_sixteen_equal_rows_keep_their_order_and_more_do_not():
    assert filesort.sort([(1,)] * 16, [False], None, 16) == list(range(16))
    assert filesort.sort([(1,)] * 17, [False], None, 17) != list(range(17))


def test_a_small_limit_keeps_the_first_of_equal_rows_and_the_last():
    assert filesort.sort([(1,)] * 10, [False], 1, 10) == [0]
    assert filesort.sort([(1,)] * 10, [False], 2, 10) == [0, 1]


def test_bad_pivots_end_too():
    rng = random.Random(0)
    keys = [(rng.choice((0, 1)),) for _ in range(5000)]
    order = filesort.sort(keys, [True], None, 5000)
    assert [keys[n] for n in order] == sorted(keys, reverse=True)
