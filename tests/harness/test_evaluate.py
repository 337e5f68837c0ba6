"""The command, as users run it: in a process of its own, on the embedded tasks."""

import os
import signal
import subprocess
import sys
import time

import orjson
import pytest

from harness.runs import read_trajectories

WEBSHOP = "stepagent/WebShop-v0"


def stepagent(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "harness.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def evaluate(*arguments):
    return stepagent("eval", "--env", WEBSHOP, *arguments)


def read(path):
    return orjson.loads(path.read_bytes())


@pytest.fixture(scope="module")
def oracle_run(tmp_path_factory):
    """A finished run of the oracle over twenty tasks."""
    run = tmp_path_factory.mktemp("runs") / "oracle"
    done = evaluate("--model", "oracle", "--limit", 20, "--out", run)
    assert done.returncode == 0, done.stderr
    return run, done.stdout


def test_scores_stand_beside_what_they_depend_on(oracle_run):
    run, printed = oracle_run
    part = read(run / "summary.json")[WEBSHOP]
    assert part["metrics"]["success"]["mean"] >= 0.95
    assert part["metrics"]["reward"].keys() >= {"mean", "ci_low", "ci_high", "n"}
    assert (part["metrics"]["reward"]["n"], part["errors"], part["complete"]) == (20, 0, True)
    assert part["conditions"].keys() >= {
        "data", "data_hash", "split", "split_hash", "tasks", "max_turns", "seed", "prompt_sha256",
        "action_format", "parsing", "nouns", "products", "model",
    }  # fmt: skip
    assert sum(m["reward"]["n"] for m in part["by_type"].values()) == 20
    for text in (WEBSHOP, "20", "split test", "max_turns 10", "data embedded/", "stepagent-gym"):
        assert text in " ".join(printed.split())
    assert "\x1b" not in printed


def test_the_header_holds_the_resolved_config(oracle_run):
    run, _ = oracle_run
    header = read(run / "run.json")
    assert header["config"]["model"] == "oracle"
    assert header["config"]["limit"] == 20
    assert header["conditions"][WEBSHOP]["tasks"] == 20
    assert header["versions"]["stepagent-gym"]


def test_trajectories_hold_every_turn(oracle_run):
    run, _ = oracle_run
    trajectories = list(read_trajectories(run))
    assert len({t.key for t in trajectories}) == len(trajectories) == 20
    for trajectory in trajectories:
        assert trajectory.steps[0].observation.startswith("WebShop [SEP] Instruction:")
        assert trajectory.reward == sum(step.reward for step in trajectory.steps)


def test_a_replayed_run_gives_the_same_trajectories(oracle_run, tmp_path):
    run, _ = oracle_run
    done = evaluate("--model", f"replay/{run}", "--limit", 20, "--out", tmp_path / "again")
    assert done.returncode == 0, done.stderr
    assert {t.key: t for t in read_trajectories(tmp_path / "again")} == {
        t.key: t for t in read_trajectories(run)
    }


def test_episodes_without_a_result_are_errors_and_the_status_says_so(oracle_run, tmp_path):
    run, _ = oracle_run
    out = tmp_path / "more"
    done = evaluate("--model", f"replay/{run}", "--limit", 25, "--out", out)
    assert done.returncode == 1
    assert "--resume" in done.stdout
    part = read(out / "summary.json")[WEBSHOP]
    assert (part["errors"], part["episodes"], part["complete"]) == (5, 20, False)
    assert part["metrics"]["reward"]["n"] == 20
    again = stepagent("eval", "--resume", out)
    assert again.returncode == 1
    assert len(list(read_trajectories(out))) == 25


def test_a_run_killed_anywhere_ends_as_a_calm_one(tmp_path):
    arguments = ["--model", "random", "--limit", 60, "--repeats", 3, "--max-turns", 40]
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    assert evaluate(*arguments, "--out", calm).returncode == 0
    command = [sys.executable, "-m", "harness.cli", "eval"]
    begin = [*command, "--env", WEBSHOP, *map(str, arguments), "--out", str(killed)]
    for lines in (1, 40, 90):
        process = subprocess.Popen(
            begin, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
        )
        file = killed / "trajectories.jsonl"
        while process.poll() is None:
            if file.exists() and file.read_bytes().count(b"\n") >= lines:
                os.kill(process.pid, signal.SIGKILL)
                break
            time.sleep(0.002)
        process.wait()
        begin = [*command, "--resume", str(killed), "--concurrency", "3"]
    with (killed / "trajectories.jsonl").open("ab") as half:
        half.write(b'{"env_id": "stepagent/WebShop-v0", "split": "te')
    done = stepagent("eval", "--resume", killed)
    assert done.returncode == 0, done.stderr
    ours, theirs = list(read_trajectories(killed)), list(read_trajectories(calm))
    assert len(ours) == len(theirs) == 180
    assert {t.key: t for t in ours} == {t.key: t for t in theirs}
    assert read(killed / "summary.json") == read(calm / "summary.json")
    assert "spread" in read(calm / "summary.json")[WEBSHOP]["metrics"]["reward"]


def test_an_interrupt_keeps_what_was_finished(tmp_path):
    run = tmp_path / "run"
    command = [sys.executable, "-m", "harness.cli", "eval", "--env", WEBSHOP, "--model", "random"]
    process = subprocess.Popen(
        [*command, "--split", "all", "--repeats", "20", "--max-turns", "40", "--out", str(run)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    file = run / "trajectories.jsonl"
    while not (file.exists() and file.read_bytes().count(b"\n") > 20):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode == 130
    assert "interrupted" in errors
    assert "Traceback" not in errors
    assert len(list(read_trajectories(run))) > 20


def test_a_run_is_not_resumed_under_another_config(oracle_run):
    run, _ = oracle_run
    before = (run / "trajectories.jsonl").read_bytes()
    done = stepagent("eval", "--resume", run, "--limit", 30, "--seed", 4)
    assert done.returncode == 2
    assert "config.limit: 20 then, 30 now" in done.stderr
    assert "config.seed: 0 then, 4 now" in done.stderr
    assert (run / "trajectories.jsonl").read_bytes() == before


def test_what_bears_on_no_result_may_change(oracle_run):
    run, _ = oracle_run
    assert stepagent("eval", "--resume", run, "--timeout", 7, "--concurrency", 2).returncode == 0
    done = stepagent("eval", "--resume", run, "--temperature", 0.5, "--overflow", "drop-oldest")
    assert done.returncode == 2
    assert "config.sampling.temperature: 0.0 then, 0.5 now" in done.stderr
    assert "config.overflow: 'fail' then, 'drop-oldest' now" in done.stderr


def test_a_run_of_another_version_is_not_resumed(oracle_run, tmp_path):
    run, _ = oracle_run
    header = read(run / "run.json")
    header["config"]["temprature"] = 1.0
    (tmp_path / "run.json").write_bytes(orjson.dumps(header))
    done = stepagent("eval", "--resume", tmp_path)
    assert done.returncode == 2
    assert "temprature" in done.stderr
    assert "another version" in done.stderr


def test_resuming_a_finished_run_changes_nothing(oracle_run):
    run, _ = oracle_run
    before = (run / "trajectories.jsonl").read_bytes()
    assert stepagent("eval", "--resume", run).returncode == 0
    assert (run / "trajectories.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--model", "oracel"], "oracel"),
        (["--model", "oracle", "--split", "tset"], "tset"),
        (["--model", "oracle", "--data", "nothing"], "nothing"),
        (["--model", "oracle", "--env", "stepagent/WebShip-v0"], "WebShip"),
        (["--model", "oracle", "--set", "colour=red"], "colour"),
        (["--model", "oracle", "--set", "page_score=x"], "page_score"),
        (["--model", "oracle", "--set", "colour"], "NAME=VALUE"),
        (["--model", "oracle", "--examples", "9"], "--examples 9"),
        (["--model", "oracle", "--limit", "0"], "limit"),
        (["--model", "oracle", "--max-turns", "many"], "many"),
        (["--model", "replay/nowhere"], "holds no run"),
        (["--model", "openai/m", "--base-url", "localhost"], "no http or https address"),
        (["--model", "openai/m", "--base-url", "http://x/v1", "--max-cost", "1"], "price of 'm'"),
        (["--model", "oracle", "--requests", "0"], "requests is at least 1"),
        (["--model", "oracle", "--max-tokens", "0"], "max_tokens is at least 1"),
        (["--resume", "nowhere"], "holds no run"),
    ],
)
def test_wrong_requests_are_one_line_with_the_name(tmp_path, arguments, named):
    done = evaluate(*arguments, "--out", tmp_path / "run")
    assert done.returncode == 2
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_of_the_environment_reach_it(tmp_path):
    run = tmp_path / "run"
    options = ["--limit", 2, "--set", "page_score=ipr_paper", "--out", run]
    done = evaluate("--model", "oracle", *options)
    assert done.returncode == 0, done.stderr
    assert read(run / "summary.json")[WEBSHOP]["conditions"]["page_score"] == "ipr_paper"
    trajectory = next(read_trajectories(run))
    assert all("page_score" in step.info for step in trajectory.steps)


def test_an_existing_run_is_not_written_over(oracle_run):
    run, _ = oracle_run
    done = evaluate("--model", "oracle", "--out", run)
    assert done.returncode == 2
    assert f"--resume {run}" in done.stderr


def test_help_lists_the_commands():
    assert stepagent().returncode == 2
    done = stepagent("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in ("eval", "data", "report", "bench"))
    assert stepagent("evla").returncode == 2


def test_the_report_is_one_page_without_markup_from_outside(oracle_run, tmp_path):
    run, _ = oracle_run
    done = stepagent("report", run, "--out", tmp_path / "page.html")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "page.html").read_text()
    # the facts, the index, the page's own script, and one block of episodes
    assert page.count("<script") == page.count("</script>") == 4
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")
    assert "default-src 'none'" in page


def test_hostile_text_stays_text_in_the_report(oracle_run, tmp_path):
    run, _ = oracle_run
    hostile = "</script><img src=x onerror=alert(1)><!--"
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in run.iterdir():
        content = file.read_bytes().replace(b"I search for it", hostile.encode())
        (copy / file.name).write_bytes(content)
    assert stepagent("report", copy).returncode == 0
    page = (copy / "report.html").read_text()
    assert "<img" not in page
    assert page.count("</script>") == 4


def test_an_unfinished_run_has_no_report(oracle_run, tmp_path):
    run, _ = oracle_run
    (tmp_path / "run.json").write_bytes((run / "run.json").read_bytes())
    done = stepagent("report", tmp_path)
    assert done.returncode == 2
    assert "--resume" in done.stderr
