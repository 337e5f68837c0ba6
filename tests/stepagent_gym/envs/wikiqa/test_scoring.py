"""Exact match and F1 against recorded verdicts and the official scripts' rules."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepagent_gym.envs.wikiqa import exact_match, f1
from stepagent_gym.envs.wikiqa.scoring import normalise


def test_a_recorded_run_scores_identically(realdata):
    (file,) = (realdata / "qa" / "logs").glob("*.json")
    rows = json.loads(file.read_text()).values()
    assert len(rows) == 465
    for row in rows:
        assert exact_match(row["pred"], row["gt"]) == row["em"]
        assert f1(row["pred"], row["gt"]) == pytest.approx(row["f1"], abs=1e-12)


@pytest.mark.parametrize(
    ("prediction", "answer", "em", "overlap"),
    [
        ("The Beatles!", "beatles", True, 1.0),
        ("an apple a day", "apple day", True, 1.0),
        ("yes", "no", False, 0.0),
        ("yes it is", "yes", False, 0.0),
        ("no", "noanswer", False, 0.0),
        ("New York City", "New York", False, 0.8),
        ("red red blue", "red blue blue", False, 2 / 3),
        ("", "x", False, 0.0),
        ("the", "", True, 0.0),
    ],
)
def test_the_rules(prediction, answer, em, overlap):
    assert exact_match(prediction, answer) is em
    assert f1(prediction, answer) == pytest.approx(overlap)


def test_musique_has_no_rule_for_yes_and_no():
    assert f1("yes it is", "yes", closed_rule=False) == pytest.approx(0.5)
    assert f1("the", "", closed_rule=False) == 1.0
    assert f1("x", "", closed_rule=False) == 0.0


@given(st.text(), st.text())
def test_scores_are_symmetric_and_bounded(a, b):
    assert 0.0 <= f1(a, b) <= 1.0
    assert f1(a, b) == f1(b, a)
    assert exact_match(a, b) == (normalise(a) == normalise(b))
    if normalise(a):
        assert f1(a, a) == 1.0
