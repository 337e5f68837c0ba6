import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.keep import PRESETS, read_keep
from stepagent_gym import ENVIRONMENTS
from stepagent_gym.errors import UsageError
from stepagent_gym.types import Trajectory

WEBSHOP = "stepagent/WebShop-v0"


def trajectory(reward=0.7, success=False, status="finished", **metrics):
    return Trajectory(
        WEBSHOP, "train", "0", 0, (), "", status, None, reward, success, 0.5, metrics
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", True),
        (" ", True),
        ("reward>=0.7", True),
        ("reward > 0.7", False),
        ("reward==.7", True),
        ("reward!=7e-1", False),
        ("score<1 and turns<=10", True),
        ("turns<=10 and success==true", False),
        ("success == false and\treward<1.\n", True),
        ("reward>-1 and reward<+1", True),
        ("em==1", True),
    ],
)
def test_an_expression_says_what_is_kept(text, kept):
    assert read_keep(text, WEBSHOP)(trajectory(turns=10.0, em=1.0)) is kept


def test_a_fault_is_never_kept():
    assert not read_keep("", WEBSHOP)(trajectory(1.0, True, "error"))


HOSTILE = (
    "__import__('os').system('true')>=0",
    "reward>=__import__('os')",
    "reward.__class__==1",
    "reward>=0.7 or True",
    "reward>=0.7 and",
    "and reward>=0.7",
    "0.7<=reward",
    "0<reward<1",
    "reward=0.7",
    "reward=>0.7",
    "reward>=0.7;success==1",
    "reward>=1e999999",
    "reward>=nan",
    "reward>=0x7",
    "reward>=1_0",
    "reward>=٠",
    "rewаrd>=0.7",
    "(reward>=0.7)",
    "lambda:0>=1",
    "score<1and turns<=10",
    "reward",
    "eto",
    "\x00",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_anything_else_is_refused_by_name(text):
    with pytest.raises(UsageError, match="comparison"):
        read_keep(text, WEBSHOP)


def test_long_expressions_are_refused():
    with pytest.raises(UsageError, match="1000 characters"):
        read_keep(" and ".join(["reward>=0"] * 200), WEBSHOP)


@given(st.text(max_size=60))
def test_no_text_does_anything_but_filter_or_be_refused(text):
    try:
        keep = read_keep(text, WEBSHOP)
    except UsageError:
        return
    assert all(comparison.name.isidentifier() for comparison in keep.comparisons)


def test_an_unknown_number_is_named_with_those_there_are():
    keep = read_keep("rewrad>=1", WEBSHOP)
    for check in (lambda: keep.check(["reward", "turns"]), lambda: keep(trajectory(turns=1.0))):
        with pytest.raises(UsageError, match=r"no number 'rewrad' here; there are reward, .*turns"):
            check()


@pytest.mark.parametrize(
    ("preset", "env", "passing", "failing"),
    [
        ("ipr", "WebShop", trajectory(0.71), trajectory(0.7)),
        ("ipr", "InterCodeSQL", trajectory(1.0), trajectory(0.99)),
        ("stepagent", "WebShop", trajectory(0.75), trajectory(0.7)),
        ("stepagent", "HotpotQA", trajectory(0.0, em=1.0), trajectory(1.0, em=0.0)),
        ("stepagent", "ScienceWorld", trajectory(0.0, True), trajectory(0.9)),
    ],
)
def test_the_filters_of_the_papers(preset, env, passing, failing):
    keep = read_keep(preset, f"stepagent/{env}-v0")
    assert keep(passing)
    assert not keep(failing)


def test_the_filters_are_of_environments_that_exist():
    assert PRESETS["stepagent"].keys() == ENVIRONMENTS.keys()
    assert PRESETS["ipr"].keys() < ENVIRONMENTS.keys()
    with pytest.raises(UsageError, match="no filter for stepagent/MuSiQue-v0"):
        read_keep("ipr", "stepagent/MuSiQue-v0")
