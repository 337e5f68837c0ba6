from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from stepagent_gym.errors import UsageError
from stepagent_train.study.fields import check_keys, read_table, read_value


@dataclass(frozen=True)
class Inner:
    steps: int = 1


@dataclass(frozen=True)
class Outer:
    name: str
    inner: Inner = Inner()
    either: Inner | str | None = None
    lr: float = 0.1


def test_a_table_becomes_a_dataclass():
    found = read_table(Outer, {"inner": {"steps": 3}, "either": "x", "lr": 1}, "f:", name="n")
    assert found == Outer("n", Inner(3), "x", 1.0)
    assert isinstance(found.lr, float)
    assert read_table(Outer, {"name": "n", "either": {"steps": 2}}, "f:").either == Inner(2)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({}, "f: name is missing"),
        ({"name": "n", "inner": 3}, r"f: inner: a table is wanted, not 3"),
        ({"name": "n", "inner": {"steps": 0}}, r"f: inner\.steps = 0: at least 1"),
        ({"name": "n", "inner": {"step": 1}}, r"f: inner: no key 'step'; there are steps"),
        ({"name": "n", "either": 3}, "f: either = 3: a text is wanted"),
        ({"name": "n", "lr": -1}, "f: lr = -1: more than 0"),
        ([], "a table is wanted"),
    ],
)
def test_what_is_wrong_is_named(table, said):
    with pytest.raises(UsageError, match=said):
        read_table(Outer, table, "f:")


@pytest.mark.parametrize(
    ("hint", "value", "expected"),
    [
        (int | None, 3, 3),
        (Path | None, "a/b", Path("a/b")),
        (tuple[str, ...], ["a"], ("a",)),
        (Literal["x", "y"], "y", "y"),
        (bool, False, False),
        (int | str | None, "paper", "paper"),
    ],
)
def test_values_are_read_by_their_types(hint, value, expected):
    assert read_value(hint, value, "f: v") == expected


@pytest.mark.parametrize(
    ("hint", "value"),
    [(int, True), (int, 1.0), (bool, 1), (str, 1), (tuple[str, ...], "a"), (tuple[str, ...], [1])],
)
def test_other_types_are_refused(hint, value):
    with pytest.raises(UsageError, match=r"f: v = .* is wanted"):
        read_value(hint, value, "f: v")


def test_unknown_keys_are_named():
    with pytest.raises(UsageError, match="f: no key 'c'; there are a, b"):
        check_keys({"a": 1, "c": 2}, ["b", "a"], "f")
