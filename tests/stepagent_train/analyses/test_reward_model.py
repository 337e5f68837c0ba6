import math

import pytest

pytest.importorskip("torch", reason="training needs the extra train")

from stepagent_train.analyses.reward_model import Rated, against, auc, calibration, rated


def test_auc_is_the_share_of_pairs_in_order():
    assert auc([0.1, 0.9, 0.5], [False, True, False]) == 1.0
    assert auc([0.9, 0.1, 0.5], [False, True, False]) == 0.0
    # pairs (0.5, 0.5) tied, (0.5, 0.2) right
    assert auc([0.5, 0.5, 0.2], [True, False, False]) == 0.75
    assert math.isnan(auc([0.5, 0.2], [True, True]))


def test_the_truth_is_drawn_apart_from_the_samples():
    rows = [
        {"task_id": "a", "rating": 0.5, "outcomes": [1.0, 0.0, 0.25, 0.75]},
        {"task_id": "a", "rating": 0.5, "outcomes": [1.0, None, 1.0, None]},
        {"task_id": "b", "rating": None, "outcomes": [1.0, 1.0, 1.0, 1.0]},
        {"task_id": "b", "rating": 0.1, "outcomes": [None, 1.0, 1.0, 1.0]},
        {"task_id": "b", "rating": 0.1, "outcomes": [1.0, 1.0, None, None]},
    ]
    assert rated(rows, 2) == [
        Rated("a", 0.5, (0.5, 1.0, 0.5)),
        Rated("a", 1.0, (0.5, 1.0, 1.0)),
    ]


ACTIONS = [
    Rated("a", 1.0, (0.8,)),
    Rated("a", 0.0, (0.2,)),
    Rated("b", 0.5, (0.5,)),
    Rated("b", 0.9, (0.1,)),
]


def test_ratings_are_held_against_the_truth():
    found = against(ACTIONS, 0, good=0.5)
    assert found["squared error"].mean == pytest.approx((0.04 + 0.04 + 0 + 0.64) / 4)
    # ranks of ratings 4 2 3 1, of truths 4 1 2 3: 1 - 6 * (0 + 1 + 1 + 4) / 60
    assert found["Spearman"].mean == pytest.approx(0.4)
    # good are 0.8 and 0.1, the others 0.2 and 0.5
    assert found["AUC"].mean == 0.5
    assert {e.n for e in found.values()} == {2}


def test_calibration_sorts_by_rating():
    groups = calibration(ACTIONS, 2)
    assert [row["actions"] for row in groups] == [2, 2]
    assert [row["rating"] for row in groups] == pytest.approx([0.15, 0.65])
    assert [row["truth"].mean for row in groups] == pytest.approx([0.45, 0.75])
    assert len(calibration(ACTIONS, 9)) == 4
