"""Verification: in processes, killed and resumed, with data by its hash; how long it takes."""

import hashlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import orjson
import pytest

from leaderboard.submission import submit
from leaderboard.verify import CHUNK, verify
from stepagent_gym.datasets import embedded_root
from stepagent_gym.errors import EnvironmentFault, RunLocked

WEBSHOP = "stepagent/WebShop-v0"


def tampered(run, out):
    """Write an archive in which one reward is too high, and the summary fits."""
    episode = next(e for e in run.episodes if e["status"] == "finished" and e["reward"] < 1)
    episode["steps"][-1]["reward"] = episode["reward"] = 1.0
    run.summarise()
    return run.archive(out)


def test_a_run_as_it_was_is_verified(archive):
    verdict = verify(archive, workers=0)
    assert verdict.verified, verdict.findings
    assert verdict.episodes == 60
    assert verdict.turns > 300
    assert verdict.data == {WEBSHOP: "embedded"}
    assert type(verdict).from_json(orjson.loads(orjson.dumps(verdict.to_json()))) == verdict


def test_worker_processes_say_the_same(run, archive, tmp_path):
    assert verify(archive, workers=2).verified
    path = tampered(run, tmp_path / "tampered.zip")
    alone, together = verify(path, workers=0), verify(path, workers=2)
    assert alone.findings == together.findings != ()


@pytest.fixture(scope="module")
def long_archive(play, tmp_path_factory):
    """A submission that takes some seconds to replay."""
    folder = tmp_path_factory.mktemp("long")
    run = play(folder / "run", split="all", limit=None, repeats=4)
    return submit(run, folder / "long.zip")


def test_a_verification_that_was_killed_goes_on(long_archive, tmp_path):
    side = tmp_path / "side.jsonl"
    command = [sys.executable, "-m", "harness.cli", "board", "verify", str(long_archive)]
    process = subprocess.Popen([*command, "--side-file", str(side)], stdout=subprocess.DEVNULL)
    while process.poll() is None and not (side.exists() and side.read_bytes().count(b"\n") > 12):
        time.sleep(0.002)
    assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    with side.open("ab") as half:
        half.write(b'{"first": 100000, "epi')
    told = []
    verdict = verify(long_archive, workers=0, side_file=side, tell=told.append)
    assert verdict.verified, verdict.findings
    assert verdict.episodes == 2000
    assert 12 * CHUNK <= verdict.resumed < 2000
    assert told[0] == verdict.resumed + CHUNK
    assert not side.exists()


def test_a_process_that_dies_is_no_verdict(long_archive, tmp_path):
    """Kill one of two processes in the middle; what was replayed is kept."""
    side = tmp_path / "side.jsonl"
    before = set(children_of(os.getpid()))

    def kill(episodes):
        if episodes == 200:
            for child in set(children_of(os.getpid())) - before:
                os.kill(child, signal.SIGKILL)

    with pytest.raises(EnvironmentFault, match="process that replayed episodes died"):
        verify(long_archive, workers=2, side_file=side, tell=kill)
    again = verify(long_archive, workers=2, side_file=side)
    assert again.verified
    assert again.resumed >= 200


def test_processes_end_with_the_one_that_began_them(long_archive, tmp_path):
    command = [sys.executable, "-m", "harness.cli", "board", "verify", str(long_archive)]
    process = subprocess.Popen([*command, "--workers", "2"], stdout=subprocess.DEVNULL)
    while process.poll() is None and len(children := children_of(process.pid)) < 2:
        time.sleep(0.01)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 60
    while any(map(alive, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not list(filter(alive, children))


def children_of(pid):
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def alive(pid):
    try:
        return "(zombie)" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_the_main_program_does_not_matter(archive):
    code = f"""
from pathlib import Path
from leaderboard.verify import CHUNK, verify
assert verify(Path({str(archive)!r}), workers=2).verified
"""
    subprocess.run([sys.executable], input=code, text=True, check=True)


def interrupted(archive, side):
    """Verify until the first chunk was replayed."""

    def stop(episodes):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify(archive, workers=0, side_file=side, tell=stop)


def test_findings_of_before_are_kept(run, tmp_path):
    path, side = tampered(run, tmp_path / "tampered.zip"), tmp_path / "side.jsonl"
    calm = verify(path, workers=0)
    interrupted(path, side)
    again = verify(path, workers=0, side_file=side)
    assert again.resumed == CHUNK
    assert again.findings == calm.findings != ()


def test_a_side_file_of_another_archive_is_not_believed(run, archive, tmp_path):
    side = tmp_path / "side.jsonl"
    interrupted(archive, side)
    path = tampered(run, tmp_path / "tampered.zip")
    verdict = verify(path, workers=0, side_file=side)
    assert not verdict.verified
    assert verdict.resumed == 0


def test_a_side_file_beside_the_archive_is_not_read(archive, tmp_path):
    verify(archive, workers=0)
    assert list(archive.parent.iterdir()) == [archive]
    assert not list((tmp_path / "stepagent-data" / "verifications").iterdir())


def test_two_verifications_of_one_archive_do_not_mix(archive, tmp_path):
    side = tmp_path / "side.jsonl"

    def second(episodes):
        with pytest.raises(RunLocked, match="another process is verifying"):
            verify(archive, workers=0, side_file=side)

    assert verify(archive, workers=0, side_file=side, tell=second).verified


def test_five_hundred_episodes_verify_in_five_seconds(play, tmp_path):
    """Of processor time, so that a busy machine does not fail it."""
    archive = submit(play(tmp_path / "run", split="all", limit=500), tmp_path / "run.zip")
    command = [sys.executable, "-m", "harness.cli", "board", "verify", "--json", str(archive)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 5
    assert orjson.loads(done.stdout)["episodes"] == 500


def test_the_command_prints_a_verdict_and_no_control_characters(run, archive, tmp_path):
    command = [sys.executable, "-m", "harness.cli", "board", "verify"]
    done = subprocess.run([*command, archive], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "60 episodes" in done.stdout
    assert f"{WEBSHOP}: reward" in done.stdout
    run.episodes[0]["steps"][0]["action"] = "\x1b[2Jcleared\u202e"
    run.episodes[0]["split"] = "\x1b[2J\u202e"
    path = run.archive(tmp_path / "tampered.zip")
    done = subprocess.run([*command, path], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("refused: ")
    assert not {"\x1b", "\u202e"} & set(done.stdout + done.stderr)
    missing = subprocess.run([*command, "no.zip"], capture_output=True, text=True, check=False)
    assert missing.returncode == 2
    assert "there is no file no.zip" in missing.stderr


@pytest.mark.parametrize("limit", ["ipr", "50"])
def test_another_published_limit_and_settings_are_verified(play, tmp_path, limit):
    run = play(
        tmp_path / "run",
        env="stepagent/ALFWorld-v0",
        model="oracle",
        limit=10,
        max_turns=limit,
        set=("prefix=keep",),
        parsing="strict",
    )
    verdict = verify(submit(run, tmp_path / "run.zip"), workers=0)
    assert verdict.verified, verdict.findings


def test_data_is_found_by_its_hash_and_never_by_a_path(play, load_run, tmp_path):
    copy = tmp_path / "stepagent-data" / "webshop" / "mine"
    shutil.copytree(embedded_root() / "webshop" / "prepared", copy)
    listing = copy / "manifest.json"
    manifest = orjson.loads(listing.read_bytes())
    other = copy / "other.txt"
    other.write_text("other data")
    sha256 = hashlib.sha256(other.read_bytes()).hexdigest()
    manifest["files"]["other.txt"] = {"bytes": 10, "sha256": sha256}
    listing.write_bytes(orjson.dumps(manifest))
    archive = submit(play(tmp_path / "run", limit=5, data=str(copy)), tmp_path / "run.zip")
    verdict = verify(archive, workers=0)
    assert verdict.verified, verdict.findings
    copy.rename(tmp_path / "elsewhere")
    assert "played on other data" in verify(archive, workers=0).findings[0]
    altered = load_run(tmp_path / "run")
    altered.header["config"]["data"] = str(tmp_path / "elsewhere")
    altered.summarise()
    again = verify(altered.archive(tmp_path / "again.zip"), workers=0)
    assert "played on other data" in again.findings[0]
