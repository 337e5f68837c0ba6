"""Every analysis by its command, on real runs, with the numbers that must come out."""

import pytest

pytest.importorskip("torch", reason="training needs the extra train")
import orjson

from harness.cli import main
from harness.runs import read_trajectories
from stepagent_gym.errors import RunError, UsageError
from stepagent_train.analyses import ANALYSES
from stepagent_train.analyses.command import run_analyse
from stepagent_train.inspection import read_practice


def test_the_command_lists_what_there_is(capsys):
    assert main(["train", "analyse"]) == 2
    printed = capsys.readouterr().out
    assert all(name in printed for name in ANALYSES)
    with pytest.raises(UsageError, match="no analysis 'nothing'"):
        run_analyse(["nothing"])


def test_practice(analyse, runs, tables):
    found, _ = analyse("practice", runs.implicit)
    (row,) = tables(found)["by iteration"]
    practices = read_practice(runs.implicit / "stage-000" / "practice.jsonl")
    assert row["practices"] == len(practices)
    assert row["same action"]["mean"] == sum(p.same_action for p in practices) / len(practices)
    assert row["same action"]["n"] == 2
    turns = tables(found)["by turn"]
    assert sum(of_turn["practices"] for of_turn in turns) == len(practices)


def test_drift(analyse, runs, tables):
    found, _ = analyse("drift", runs.implicit)
    start, first = tables(found)["by iteration"]
    assert (start["iteration"], first["iteration"]) == (0, 1)
    for name in ("own KL a reply", "own KL a token", "expert KL a reply", "expert gain a reply"):
        assert start[name] == {"mean": 0.0, "ci_low": 0.0, "ci_high": 0.0, "n": 2}
    assert first["own KL a reply"]["mean"] > 0
    assert first["expert KL a reply"]["mean"] > 0
    assert 1 <= first["tokens a reply"]["mean"] <= 3


def test_iterations(analyse, runs, tables):
    found, folder = analyse("iterations", runs.implicit, "--limit", 1, "--drift-limit", 2)
    rows = tables(found)["on dev"]
    assert [row["iteration"] for row in rows] == [0, 1]
    assert [row["reward"]["n"] for row in rows] == [1, 1]
    assert rows[0]["same action"]["n"] == 2
    assert rows[1]["same action"] is None
    # a random model buys nothing, so that all are equal and the earliest is chosen
    assert [row["chosen"] for row in rows] == ["chosen", ""]
    (tested,) = tables(found)["on test, the chosen one"]
    assert tested["iteration"] == 0
    played = sorted(path.name for path in (folder / "evaluations").iterdir())
    assert played == ["dev-0", "dev-1", "test-0"]
    assert [c["split"] for c in found["conditions"]] == ["train", "dev", "test"]


def test_steps_to_success(analyse, runs, tables):
    found, _ = analyse("steps-to-success", runs.oracle, runs.random)
    first, second = tables(found)["turns of episodes"]
    assert first["success"]["mean"] == 1.0
    turns = [len(t.steps) for t in read_trajectories(runs.oracle)]
    assert first["turns to success"]["mean"] == pytest.approx(sum(turns) / len(turns))
    assert second["run"] == "random"
    curve = [row for row in tables(found)["by budget"] if row["run"] == "oracle"]
    assert curve[min(turns) - 2]["success"]["mean"] == 0.0
    assert curve[max(turns) - 1]["success"]["mean"] == 1.0


def test_step_reward(analyse, runs, tables):
    more = ["--samples", 2, "--max-new-tokens", 1, "--examples", 0, "--limit", 2]
    found, folder = analyse("step-reward", runs.oracle, "--scorer", runs.model, *more)
    (row,) = tables(found)["by run"]
    # a random model never buys: of an oracle's actions the purchase alone is worth anything
    turns = sorted((t.task_id, len(t.steps)) for t in read_trajectories(runs.oracle))[:2]
    expected = sum(1 / n for _, n in turns) / 2
    assert row["average reward per step"]["mean"] == pytest.approx(expected)
    assert row["outcome"]["mean"] == 1.0
    assert row["actions"] == sum(n for _, n in turns)
    assert row["less the first run"]["mean"] == 0.0
    assert (row["lost"], row["not reproduced"]) == (0, 0)
    along = tables(found)["by place in the episode, of 5 parts"]
    assert {row["reward"]["mean"] for row in along[:-1]} <= {0.0, None}
    assert along[-1]["reward"]["mean"] == 1.0
    before = (folder / "outcomes-1.jsonl").stat().st_mtime_ns
    again, _ = analyse("step-reward", runs.oracle, "--scorer", runs.model, *more)
    assert again == found
    assert (folder / "outcomes-1.jsonl").stat().st_mtime_ns == before
    with pytest.raises(RunError, match="drawn with another samples; choose another --out"):
        analyse_raising("step-reward", runs.oracle, "--scorer", runs.model, *more[2:], out=folder)


def analyse_raising(name, *arguments, out):
    run_analyse([name, *map(str, arguments), "--out", str(out)])


def test_step_accuracy(analyse, runs, tables):
    more = ["--samples", 2, "--thresholds", 0, 0.5, "--max-new-tokens", 1, "--examples", 0]
    more += ["--set", "max_turns=5"]
    given = ["--model", runs.model, "--scorer", runs.model, "--limit", 1]
    found, folder = analyse("step-accuracy", *given, *more)
    rows = tables(found)["by N and tau"]
    assert [(row["N"], row["tau"]) for row in rows] == [(1, 0), (1, 0.5), (2, 0), (2, 0.5)]
    header, *pairs = [
        orjson.loads(line) for line in (folder / "outcomes.jsonl").read_bytes().splitlines()[1:]
    ]
    assert header["pairs"] == len(pairs) == rows[0]["pairs"]
    assert {pair["expert_page"] for pair in pairs} != {0}
    # only purchases are worth anything to a random model, and they are worth their page's score
    assert rows[0]["accuracy"]["mean"] in (1.0, None)


def test_reward_model(analyse, runs, tables):
    more = ["--samples", 2, "--reference", 1, "--max-new-tokens", 1, "--examples", 0]
    given = ["--model", runs.model, "--scorer", runs.model]
    found, _ = analyse("reward-model", runs.reward, *given, *more)
    rows = tables(found)["ratings against the truth"]
    names = ["reward model", "Monte Carlo, N = 1", "Monte Carlo, N = 2", "constant"]
    assert [row["rating"] for row in rows] == names
    by_name = dict(zip(names, rows, strict=True))
    # outcomes of a random model do not vary, so that one tells as much as all
    assert by_name[names[1]]["squared error"]["mean"] == 0.0
    assert by_name[names[1]]["AUC"]["mean"] == 1.0
    assert by_name["constant"]["AUC"]["mean"] == 0.5
    assert by_name["reward model"]["environment steps"] == 0
    assert by_name["reward model"]["tokens read"] > 0
    assert by_name[names[2]]["environment steps"] > by_name[names[1]]["environment steps"] > 0
    assert by_name["reward model"]["squared error"]["n"] == 1
    groups = tables(found)["calibration of the reward model"]
    assert sum(row["actions"] for row in groups) == rows[0]["actions"]
