"""Scores, differences and tables against numbers worked out by hand."""

import re
from dataclasses import replace

import pytest

from harness.comparison import PairKey
from stepagent_train.study.cells import plan_cells
from stepagent_train.study.config import read_study
from stepagent_train.study.page import PICTURE, html, markdown
from stepagent_train.study.plots import gains, plots
from stepagent_train.study.results import Group, Outcome, Results, Run, bases
from stepagent_train.study.runner import State
from stepagent_train.study.table import (
    costs,
    differences,
    iterations,
    overview,
    papers,
    scores,
    tables,
)

MORE = """
[methods.eto]
method = "eto"
select = "dev"

[methods.control]
budget = "eto"

[plot]
x = "lr"
"""
CONDITIONS = {"data": "embedded", "data_hash": "aa", "split": "test", "max_turns": 4}
HEADER = {"versions": {"stepagent-gym": "0.1.0", "python": "3.11"}, "git_commit": "b" * 40}


def make_run(cell, *rewards):
    """A run of the tasks 0, 1, ... with these rewards; None: the episode ended in an error."""
    episodes = {
        PairKey("e", "aa", "test", str(task), 0): Outcome(
            reward or 0.0, reward == 1, reward is None
        )
        for task, reward in enumerate(rewards)
    }
    return Run(cell, CONDITIONS, HEADER, {"reward": {}}, rewards.count(None), episodes)


@pytest.fixture
def results(write):
    path = write(MORE)
    path.write_text(path.read_text().replace("seeds = [0]", "seeds = [0, 1]"))
    study = read_study(path)
    cells = plan_cells(study)
    rewards = {
        ("sft", 0): (0.0, 0.5, 1.0),
        ("sft", 1): (0.0, 0.0, 1.0),
        ("eto", 0): (1.0, 0.5, 1.0),
        ("eto", 1): (1.0, None, 1.0),
        ("control", 0): (0.0, 1.0, 1.0),
    }
    groups = {}
    for name in ("sft", "eto", "control"):
        runs = {
            seed: make_run(cells[f"sql/seed-{seed}/{name}/test"], *rewards[name, seed])
            for seed in (0, 1)
            if (name, seed) in rewards
        }
        lacking = {seed: "failed" for seed in (0, 1) if seed not in runs}
        groups["sql", name] = Group("sql", name, runs, lacking)
    dev = {("sql", "eto"): {0: {n: {"reward": mean(r)} for n, r in ((1, 0.2), (2, 0.4), (3, 0.4))}}}
    spent = {"optimiser_steps": 4, "prompt_tokens": 0, "completion_tokens": 0}
    spent |= {"environment_steps": 7, "seconds": 2.0, "attempts": 1}
    taken = {
        ("sql", name): {
            seed: {**spent, "trained_tokens": tokens} for seed, tokens in enumerate(by_seed)
        }
        for name, by_seed in (("eto", (1000, 2000)), ("control", (1010, 1980)))
    }
    states = {id: State("done") for id in cells}
    return Results(study, cells, states, groups, dev, taken)


def mean(value):
    return {"mean": value, "ci_low": None, "ci_high": None, "n": 2}


def test_an_average_is_over_the_tasks_that_every_seed_has(results):
    sft = results.groups["sql", "sft"].average("reward")
    assert sft["mean"] == pytest.approx(2.5 / 6)
    assert sft["by_seed"] == pytest.approx([0.5, 1 / 3])
    assert (sft["n"], sft["left_out"]) == (3, 0)
    eto = results.groups["sql", "eto"].average("reward")
    assert (eto["mean"], eto["n"], eto["left_out"]) == (1.0, 2, 1)
    assert results.groups["sql", "sft"].average("success")["mean"] == pytest.approx(1 / 3)


def test_differences_are_paired_by_seed_and_task(results):
    found = results.difference("sql", "eto", "sft")
    # task 0: +1 in both seeds, task 2: 0 in both; task 1 has no result in one seed
    assert (found["seeds"], found["tasks"], found["left_out"]) == (2, 2, 1)
    assert found["reward"]["mean"] == 0.5
    assert found["reward"]["by_seed"] == [0.5, 0.5]
    # the control has one seed alone: +0, -0.5, +0 less it
    found = results.difference("sql", "eto", results.control("eto"))
    assert (found["seeds"], found["tasks"]) == (1, 3)
    assert found["reward"]["mean"] == pytest.approx((1 - 0.5 + 0) / 3)
    assert results.difference("sql", "sft", "sft") is None
    assert bases(results, "eto") == ["sft", "control"]
    assert bases(results, "control") == ["sft", "eto"]


def test_every_score_stands_with_its_n_and_what_it_depends_on(results):
    table = scores(results)
    assert list(table.head) == ["method", "sql, reward", "sql, success"]
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["sft"][0].startswith("0.417 [")
    assert rows["sft"][0].endswith("n=3×2")
    assert rows["eto"][0] == "1.000 [1.000, 1.000] n=2×2; 1 episodes ended in errors"
    assert rows["control"][0].endswith("n=3×1; seed 1: failed")
    for known in ("split test", "data_hash aa", "max_turns 4", "stepagent-gym 0.1.0", "b" * 12):
        assert known in table.note


def test_methods_stand_beside_their_controls_first(results):
    table = overview(results)
    assert tables(results)[0] == table
    assert list(table.head) == ["method", "sql, reward", "less its control"]
    assert [row[0] for row in table.rows] == ["sft", "eto"]
    assert table.rows[0][1].startswith("0.417 [")
    assert table.rows[0][2] == ""
    assert table.rows[1][1:] == [
        "1.000 [1.000, 1.000] n=2×2; 1 episodes ended in errors",
        "+0.167 [-0.500, +1.000] n=3×1",
    ]
    assert "split test" in table.note
    alone = {name: v for name, v in results.study.variants.items() if v.budget is None}
    alone_study = replace(results.study, variants=alone)
    assert overview(replace(results, study=alone_study)).rows == []


def test_a_difference_stands_beside_that_of_the_papers(results):
    table = differences(results, "sql")
    rows = {row[0]: row for row in table.rows}
    assert list(table.head)[1::2][:3] == [
        "less sft, reward",
        "less its control, reward",
        "less eto, reward",
    ]
    assert rows["eto"][1].startswith("+0.500 [")
    assert rows["eto"][1].endswith("n=2×2")
    # IPR reports 57.2 for ETO and 54.9 for SFT
    assert rows["eto"][-1] == "IPR Llama-2-7B InterCodeSQL +0.023"
    assert rows["control"][-1] == ""
    assert "sft" not in rows


def test_the_papers_scores_stand_beside_ours(results):
    rows = {row[0]: row for row in papers(results, "sql").rows}
    assert rows["eto"][3] == "0.572"
    assert "control" not in rows


def test_costs_are_means_and_a_control_says_how_near_it_came(results):
    rows = {row[1]: row for row in costs(results).rows}
    assert rows["eto"][2:5] == ["2", "4", "1,500"]
    assert rows["control"][-1] == "1.010, 0.990 of eto"


def test_the_earliest_of_equal_iterations_is_chosen(results):
    (row,) = iterations(results).rows
    assert row[:4] == ["sql", "eto", "0", "2"]


def test_plots_have_titles_and_points(results):
    drawn = dict(plots(results))
    assert list(drawn) == [
        "Reward on the test tasks, with its interval: sql",
        "Paired difference of reward to sft, with its interval: sql",
        "Reward on the dev tasks over iterations: sql",
    ]
    assert all(svg.startswith("<svg") and "<script" not in svg for svg in drawn.values())


def test_the_picture_sets_methods_with_a_control_against_both(results):
    picture = gains(results)
    assert picture is not None
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", picture)
    assert {"eto", "sql", "less sft", "less fine-tuning for as long"} <= set(texts)
    assert "control" not in texts
    assert f"]({PICTURE})" in markdown(results, picture)
    assert picture in html(results, picture)
    variants = {name: v for name, v in results.study.variants.items() if name != "control"}
    costs = {key: value for key, value in results.costs.items() if key[1] != "control"}
    groups = {key: value for key, value in results.groups.items() if key[1] != "control"}
    study = replace(results.study, variants=variants)
    alone = replace(results, study=study, groups=groups, costs=costs)
    assert gains(alone) is None
    assert PICTURE not in markdown(alone, None)
    assert "<figure>" not in html(alone, None)


def test_hostile_names_stay_text(results):
    bad = '<script>alert("1")</script> | [a](javascript:b) `c` $x$ -->'
    study = replace(results.study, name=bad, question=bad)
    states = {**results.states, "sql/experts": State("failed", error=f"{bad}\n    </pre>{bad}")}
    hostile = replace(
        results,
        study=study,
        states=states,
        groups={("sql", bad): replace(results.groups["sql", "sft"], variant=bad)},
    )
    page = html(hostile, gains(hostile))
    assert "<script" not in page
    assert page.count("</pre>") == page.count("<pre>") == 1
    assert "&lt;script&gt;" in page
    text = markdown(hostile, gains(hostile))
    table = [line for line in text.splitlines() if line.startswith("| ")]
    assert all(line.replace("\\|", "").count("|") == 4 for line in table if "alert" in line)
    outside = "\n".join(line for line in text.splitlines() if not line.startswith("    "))
    assert "<script" not in outside
    assert "](javascript" not in outside


def test_the_page_needs_nothing_else(results):
    page = html(results, gains(results))
    assert "default-src 'none'" in page
    assert "src=" not in page
    assert 'href="http' not in page
    for table in tables(results):
        assert f"<h2>{table.title}</h2>" in page
