import os
import resource
import signal
import subprocess
import sys
import textwrap

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.runs import RunFolder, read_trajectories
from stepagent_gym.errors import ConfigChanged, RunError, RunLocked
from stepagent_gym.types import Trajectory

CONFIG = {"model": "oracle", "limit": 3, "concurrency": 64, "out": None}
CONDITIONS = {"e": {"data_hash": "a", "max_turns": 10}}


def episode(task, status="finished"):
    error = "policy: x" if status == "error" else None
    return Trajectory("e", "test", task, 0, (), "end", status, error, 1.0, True, 1.0, {})


@pytest.fixture
def run(tmp_path):
    return RunFolder.create(tmp_path / "run", CONFIG, CONDITIONS)


def resume(path, config=CONFIG, conditions=CONDITIONS):
    return RunFolder.resume(path, config, conditions)


def tasks(path):
    return [trajectory.task_id for trajectory in read_trajectories(path)]


def test_episodes_are_on_disk_when_append_returns(run):
    with run:
        run.append(episode("0"))
        assert tasks(run.path) == ["0"]
        run.append(episode("1"))
    assert tasks(run.path) == ["0", "1"]


def test_a_folder_with_a_run_is_not_begun_again(run):
    with pytest.raises(RunError, match="--resume"):
        RunFolder.create(run.path, CONFIG, CONDITIONS)


@given(st.integers(0, 400), st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_file_cut_anywhere_is_repaired(tmp_path_factory, cut, junk):
    run = RunFolder.create(tmp_path_factory.mktemp("cut") / "run", CONFIG, CONDITIONS)
    with run:
        for task in "012":
            run.append(episode(task))
    file = run.path / "trajectories.jsonl"
    content = file.read_bytes()
    kept = content[: min(cut, len(content))]
    file.write_bytes(kept + (b'{"env_id": "e", "task' if junk else b""))
    whole = kept.count(b"\n")
    assert len(tasks(run.path)) == whole
    with resume(run.path) as again:
        again.append(episode("new"))
    assert tasks(run.path) == [*"012"[:whole], "new"]


def test_a_malformed_line_in_the_middle_is_named(run):
    with run:
        run.append(episode("0"))
    file = run.path / "trajectories.jsonl"
    file.write_bytes(b"not json\n" + file.read_bytes())
    with pytest.raises(RunError, match=r"line 1.*remove the line"):
        tasks(run.path)


def test_errors_are_dropped_to_be_played_again(run):
    with run:
        for task, status in (
            ("0", "finished"),
            ("1", "error"),
            ("0", "finished"),
            ("2", "truncated"),
        ):
            run.append(episode(task, status))
    with resume(run.path) as again:
        assert again.drop_errors() == 2
        again.append(episode("1"))
    assert tasks(run.path) == ["0", "2", "1"]


@pytest.mark.parametrize(
    ("config", "conditions", "shown"),
    [
        ({**CONFIG, "limit": 4}, CONDITIONS, r"config.limit: 3 then, 4 now"),
        (CONFIG, {"e": {"data_hash": "b", "max_turns": 10}}, r"conditions.e.data_hash: 'a' then"),
        (CONFIG, {}, r"conditions.e.max_turns: 10 then, None now"),
    ],
)
def test_a_changed_config_is_refused_with_the_difference(run, config, conditions, shown):
    with pytest.raises(ConfigChanged, match=shown):
        resume(run.path, config, conditions)


def test_what_does_not_bear_on_results_may_change(run):
    resume(run.path, {**CONFIG, "concurrency": 2, "out": "elsewhere"})


def test_two_processes_do_not_write_to_one_run(run):
    with run, pytest.raises(RunLocked), resume(run.path):
        pass
    with resume(run.path):
        pass


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"[]", b"null"])
def test_a_broken_header_is_named(run, content):
    (run.path / "run.json").write_bytes(content)
    with pytest.raises(RunError, match=r"run\.json"):
        resume(run.path)


def test_a_folder_without_a_run_is_named(tmp_path):
    with pytest.raises(RunError, match="holds no run"):
        resume(tmp_path)


def test_the_header_says_versions_and_config(run):
    header = orjson.loads((run.path / "run.json").read_bytes())
    assert header["config"] == CONFIG
    assert {"stepagent-gym", "python", "gymnasium", "numpy"} <= header["versions"].keys()


WRITER = """
import os, sys
from pathlib import Path
from harness.runs import RunFolder
from stepagent_gym.types import Trajectory
run = RunFolder.resume(Path(sys.argv[1]), {config}, {conditions})
with run:
    for i in range(int(sys.argv[2]), 10**6):
        verdict = ("finished", None, 1.0, True, 1.0)
        run.append(Trajectory("e", "test", str(i), 0, (), "x" * 3000, *verdict))
        print(i, flush=True)
"""


def writer(path, first, **options):
    code = textwrap.dedent(WRITER).format(config=CONFIG, conditions=CONDITIONS)
    return subprocess.Popen(
        [sys.executable, "-c", code, str(path), str(first)], stdout=subprocess.PIPE, **options
    )


def test_killing_the_writer_loses_nothing_that_was_appended(run):
    first = 0
    for kill_after in (1, 37, 200):
        process = writer(run.path, first)
        for _ in range(kill_after):
            last = int(process.stdout.readline())
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        with resume(run.path):
            done = [int(task) for task in tasks(run.path)]
        assert done == list(range(len(done)))
        assert len(done) > last
        first = len(done)


def test_a_full_disk_is_one_clear_message_and_loses_nothing(run):
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    process = writer(run.path, 0, stderr=subprocess.PIPE, preexec_fn=limit)
    out, err = process.communicate()
    appended = len(out.split())
    assert process.returncode != 0
    assert b"every episode that ended before is safe" in err
    assert [int(task) for task in tasks(run.path)] == list(range(appended))
    assert (run.path / "trajectories.jsonl").read_bytes().endswith(b"\n")
