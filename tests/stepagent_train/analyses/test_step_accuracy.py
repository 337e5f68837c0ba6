import pytest

pytest.importorskip("torch", reason="training needs the extra train")

from stepagent_train.analyses.step_accuracy import Pair, agreement

PAIRS = [
    # task, pages of expert and own, outcomes of expert and own
    Pair("a", 1.0, 0.5, [1.0, 0.0], [0.0, 0.0]),  # N=1: +1 right; N=2: +0.5 right
    Pair("a", 0.5, 0.5, [1.0, 1.0], [0.0, 1.0]),  # tied pages; N=1: +1; N=2: +0.5
    Pair("b", 0.2, 0.6, [1.0, 0.0], [0.0, 1.0]),  # N=1: +1 wrong; N=2: 0, no order
    Pair("b", 0.2, 0.6, [0.0, 0.0], [1.0, 1.0]),  # N=1: -1 right; N=2: -1 right
    Pair("c", 0.2, 0.6, [None, None], [1.0, 1.0]),  # never known
    Pair("c", 0.9, 0.1, [None, 1.0], [0.5, 0.5]),  # N=1: unknown; N=2: +0.5 right
]


@pytest.mark.parametrize(
    ("samples", "threshold", "pairs", "above", "tied", "accuracy"),
    [
        (1, 0.0, 4, 4 / 4, 1 / 4, 2 / 3),
        (2, 0.0, 5, 4 / 5, 1 / 4, 3 / 3),
        (2, 0.5, 5, 1 / 5, 0 / 1, 1 / 1),  # just tau is not more
        (2, 0.49, 5, 4 / 5, 1 / 4, 3 / 3),
    ],
)
def test_accuracy_is_of_ordered_pairs_above_tau(samples, threshold, pairs, above, tied, accuracy):
    found = agreement(PAIRS, samples, threshold)
    assert found["pairs"] == pairs
    assert found["above tau"].mean == pytest.approx(above)
    assert found["tied"].mean == pytest.approx(tied)
    assert found["accuracy"].mean == pytest.approx(accuracy)
    assert found["compared"] == round(above * pairs * (1 - tied))


def test_observations_are_the_tasks_with_pairs_to_compare():
    found = agreement(PAIRS, 1, 0.0)
    assert (found["above tau"].n, found["tied"].n, found["accuracy"].n) == (2, 2, 2)
    # task a has 1 of 1 right, task b 1 of 2
    assert found["accuracy"].low == pytest.approx(1 / 2)
    assert found["accuracy"].high == pytest.approx(1.0)


def test_nothing_above_tau_is_no_accuracy():
    found = agreement(PAIRS, 1, 5.0)
    assert found["accuracy"].mean is None
    assert found["above tau"].mean == 0.0


def test_rounding_makes_no_difference():
    pairs = [Pair("a", 0.3, 0.1 + 0.2, [1.0], [0.0]), Pair("a", 1.0, 0.0, [0.8], [0.45])]
    assert agreement(pairs, 1, 0.35)["above tau"].mean == 1 / 2
    assert agreement(pairs, 1, 0.0)["tied"].mean == 1 / 2
