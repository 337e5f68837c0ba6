"""Averages over tasks, by hand and by NumPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepagent_gym.envs.mind2web.metrics import SCORES, Averages, break_down, summarise


def info(verdicts, steps=None, **more):
    """What a finished task says; a verdict of None is a step without a positive."""
    steps = len(verdicts) if steps is None else steps
    return {
        "steps": steps,
        "steps_without_positive": verdicts.count(None),
        "success": len(verdicts) == steps and all(v is not None and v[2] == 1 for v in verdicts),
        "verdicts": [
            dict(zip(SCORES, v or (0, 0, 0), strict=True), positive_in_top_k=v is not None)
            for v in verdicts
        ],
        **more,
    }


def test_macro_and_micro_by_hand():
    summary = summarise([info([(1, 1, 1)]), info([(0, 0.5, 0), (1, 0.5, 0), None])])
    assert summary.tasks == 2
    assert summary.steps == 4
    assert summary.steps_without_positive == 1
    assert summary.macro == pytest.approx((2 / 3, 2 / 3, 1 / 2))
    assert summary.micro == pytest.approx((1 / 2, 1 / 2, 1 / 4))
    assert summary.macro_found == pytest.approx((3 / 4, 3 / 4, 1 / 2))
    assert summary.micro_found == pytest.approx((2 / 3, 2 / 3, 1 / 3))
    assert summary.task_success == 0.5


def test_steps_that_were_not_reached_failed():
    summary = summarise([info([(1, 1, 1)], steps=4)])
    assert summary.micro == Averages(0.25, 0.25, 0.25)
    assert summary.micro_found == Averages(1, 1, 1)
    assert summary.task_success == 0


def test_there_may_be_no_positive_at_all():
    summary = summarise([info([None, None])])
    assert summary.macro == Averages(0, 0, 0)
    assert summary.macro_found is summary.micro_found is None


def test_groups():
    infos = [
        info([(1, 1, 1)], website="b", domain="x"),
        info([(0, 0, 0)], website="a", domain="x"),
        info([(0, 1, 0)], website="b", domain="x"),
    ]
    assert list(break_down(infos, "website")) == ["a", "b"]
    assert break_down(infos, "website")["b"] == summarise([infos[0], infos[2]])
    assert break_down(infos, "domain") == {"x": summarise(infos)}


VERDICTS = st.tuples(*[st.sampled_from([0.0, 0.5, 1.0])] * 3)


@given(st.lists(st.lists(VERDICTS, min_size=1, max_size=6), min_size=1, max_size=6))
def test_averages_are_numpys(tasks):
    summary = summarise([info(task) for task in tasks])
    assert summary.macro == pytest.approx(
        np.mean([np.mean(task, axis=0) for task in tasks], axis=0)
    )
    assert summary.micro == pytest.approx(np.mean(np.concatenate(tasks), axis=0))
    assert summary.macro_found == summary.macro
    assert summary.micro_found == summary.micro
