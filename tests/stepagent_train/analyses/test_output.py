import math

import pytest

pytest.importorskip("matplotlib", reason="analyses need the extra train")
import orjson

from harness.metrics import interval, interval_of
from stepagent_train.analyses.output import (
    Estimate,
    Findings,
    Panel,
    Series,
    Table,
    known,
    mean_of,
    ratio_of,
    statistic_of,
    write,
)


def test_a_mean_has_the_interval_of_every_score():
    values = [0.0, 1.0, 1.0, 0.5]
    found = mean_of(values)
    assert found == (0.625, *interval(values), 4)
    assert mean_of([0.5]) == (0.5, None, None, 1)
    assert mean_of([]) == (None, None, None, 0)


def test_a_ratio_is_of_sums_and_its_interval_draws_whole_observations():
    parts = [(1.0, 1.0), (0.0, 3.0), (0.0, 0.0), (2.0, 4.0)]
    found = ratio_of(parts)
    assert (found.mean, found.n) == (3 / 8, 3)
    assert 0.0 <= found.low < 3 / 8 < found.high <= 1.0
    assert ratio_of([(2.0, 4.0), (1.0, 2.0)])[:3] == (0.5, 0.5, 0.5)
    assert ratio_of([(0.0, 0.0)]) == (None, None, None, 0)


def test_draws_without_a_value_are_left_out():
    # of three tasks the first alone has a value: draws without it have none
    found = statistic_of(3, lambda drawn: 7.0 if 0 in drawn else math.nan)
    assert found == (7.0, 7.0, 7.0, 3)
    assert statistic_of(2, lambda drawn: math.nan) == (None, None, None, 2)
    assert interval_of(2, lambda drawn: math.nan) is None
    assert interval_of(1, lambda drawn: 1.0) is None


def findings():
    rows = [
        {"run": "a|b", "value": Estimate(0.5, 0.25, 0.75, 8), "steps": 3, "share": 0.25},
        {"run": "c", "value": Estimate(None, None, None, 0), "steps": None, "share": None},
    ]
    series = [Series("a", [(0, rows[0]["value"]), (1, rows[1]["value"])])]
    return Findings(
        "Something",
        [{"split": "dev", "data_hash": "1f", "none": None}],
        [Table("first", rows), Table("empty", [])],
        [Panel("p", "x", "y", [*series, Series("b", [(0, known(1.0))], line=False)])],
        ["A note."],
    )


def test_what_was_found_is_written_as_a_table_and_a_plot(tmp_path):
    text = write(findings(), tmp_path)
    assert (tmp_path / "table.md").read_text() == text
    assert "| run | value | steps | share |" in text
    assert "| a\\|b | 0.500 [0.250, 0.750] (8) | 3 | 0.250 |" in text
    assert "| c | none (0) |  |  |" in text
    assert "- split dev, data_hash 1f\n- A note." in text
    table = orjson.loads((tmp_path / "table.json").read_bytes())
    first = table["tables"][0]["rows"][0]["value"]
    assert first == {"mean": 0.5, "ci_low": 0.25, "ci_high": 0.75, "n": 8}
    assert table["conditions"][0]["split"] == "dev"


def test_the_same_findings_give_the_same_plot(tmp_path):
    write(findings(), tmp_path / "one")
    write(findings(), tmp_path / "two")
    plots = [(tmp_path / name / "plot.svg").read_bytes() for name in ("one", "two")]
    assert plots[0] == plots[1]
    assert b"Something" in plots[0]
