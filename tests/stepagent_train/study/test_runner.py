"""Real studies: cells in processes of their own, kept, taken up, failing apart from each other."""

import fcntl
import os
import signal
import time

import orjson
import pytest

from harness.cli import main
from stepagent_train.study.processes import start
from stepagent_train.study.spent import read_spent

MORE = """
[methods.eto]
method = "eto"
select = "dev"
iterations = 2
epochs = 1
batch = 2
max_length = 2048

[methods.control]
budget = "eto"

[methods.hopeless]
method = "sft"
expert_reward = 2.0

[methods.after]
method = "sft"
from = "hopeless"
steps = 1
"""


def run(path, out, *more):
    return main(["train", "study", str(path), "--out", str(out), "--jobs", "2", *more])


def read(path):
    return orjson.loads(path.read_bytes())


def steps_of(run):
    lines = (run / "log.jsonl").read_bytes().splitlines(keepends=True)
    rows = [orjson.loads(line) for line in lines if line.endswith(b"\n")]
    return [row for row in rows if row["step"] > 0]


def test_a_study_runs_and_what_fails_holds_up_only_what_needs_it(write, tmp_path, capsys):
    path, out = write(MORE), tmp_path / "out"
    assert run(path, out) == 1
    results = read(out / "results.json")
    cells = {id: cell["status"] for id, cell in results["cells"].items()}
    below = "sql/seed-0"
    assert {id for id, status in cells.items() if status == "failed"} == {f"{below}/hopeless/train"}
    assert {id for id, status in cells.items() if status == "held up"} == {
        f"{below}/{name}" for name in ("hopeless/test", "after/train", "after/test")
    }
    told = capsys.readouterr().out
    assert "holds no finished episode" in told
    assert "holds no finished episode" in (out / "study.md").read_text()
    scores = {score["variant"]: score for score in results["scores"]}
    assert scores["hopeless"]["reward"] is None
    assert scores["hopeless"]["lacking"] == {"0": "held up"}
    assert scores["sft"]["reward"]["n"] == 2
    assert scores["sft"]["conditions"]["max_turns"] == 4
    assert {"data_hash", "split", "stepagent-gym", "commit"} <= scores["sft"]["conditions"].keys()
    assert "| hopeless | seed 0: held up |" in (out / "study.md").read_text()

    runs = {name: out / "cells" / below / name / "train" / "run" for name in ("eto", "control")}
    wanted, taken = (read_spent(runs[name]).trained_tokens for name in ("eto", "control"))
    batch = max(row["tokens"] for row in steps_of(runs["control"]))
    assert abs(wanted - taken) <= batch
    assert read_spent(runs["eto"]).environment_steps > 0
    chosen = results["cells"][f"{below}/eto/test"]["command"][2]
    assert "iteration-" in chosen

    before = {id: cell["attempts"] for id, cell in results["cells"].items()}
    assert run(path, out) == 1
    after = {id: cell["attempts"] for id, cell in read(out / "results.json")["cells"].items()}
    assert {id for id in after if after[id] != before[id]} == {f"{below}/hopeless/train"}

    path.write_text(path.read_text().replace("iterations = 2", "iterations = 1"))
    assert run(path, out) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert f"the cell {below}/eto/train was begun under another config" in told
    assert "--iterations 2 then, --iterations 1 now" in told


def test_a_study_that_was_killed_goes_on_where_it_was(write, tmp_path):
    path = write()
    path.write_text(path.read_text().replace("steps = 4", "steps = 12"))
    killed = tmp_path / "killed"
    words = ("train", "study", str(path), "--out", str(killed))
    study = start(words, tmp_path / "log", 1)
    cell = killed / "cells" / "sql" / "seed-0" / "sft" / "train"
    log = cell / "run" / "log.jsonl"
    while not log.exists() or len(log.read_bytes().splitlines()) < 4:
        assert study.exitcode is None, (tmp_path / "log").read_text()
        time.sleep(0.01)
    assert study.pid is not None
    os.kill(study.pid, signal.SIGKILL)
    study.join()
    with (cell / "run" / "config.json").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # until the training is dead too
    assert not (cell / "run" / "model").exists()
    assert read(cell / "cell.json")["status"] == "running"
    steps = steps_of(cell / "run")
    assert run(path, killed) == 0
    assert read(cell / "cell.json")["attempts"] == 2
    assert read(killed / "cells" / "sql" / "experts" / "cell.json")["attempts"] == 1
    assert (cell / "run" / "model" / "model.safetensors").exists()
    # what was trained before the kill was not trained again
    before = {row["step"]: row for row in steps}
    after = {row["step"]: row for row in steps_of(cell / "run")}
    assert list(after) == list(range(1, 13))
    assert all(after[step] == row for step, row in list(before.items())[:-1])
    assert "≥ " in (killed / "study.md").read_text()


def test_a_study_is_run_once_at_a_time(write, tmp_path, capsys):
    out = tmp_path / "out"
    out.mkdir()
    with (out / ".lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert run(write(), out) == 2
    assert "another process runs the study" in " ".join(capsys.readouterr().err.split())


def test_no_score_is_shown_before_there_is_one(write, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    assert run(write(), out, "--page") == 1
    assert "seed 0: waiting" in (out / "study.md").read_text()
    with pytest.raises(FileNotFoundError):
        read(out / "cells" / "sql" / "experts" / "cell.json")
