"""The command `board`, as users run it."""

import subprocess
import sys
import urllib.request

import pytest

BLOCKED = """
import sys
sys.modules["flask"] = None
from harness.cli import main
sys.exit(main(sys.argv[1:]))
"""


def board(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "harness.cli", "board", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def without_flask(*arguments):
    return subprocess.run(
        [sys.executable, "-c", BLOCKED, "board", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_lists_the_commands():
    done = board("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in ("submit", "verify", "add", "serve", "build"))
    assert board().returncode == 2
    assert "verify FILE.zip" in board("verfiy").stderr


@pytest.mark.parametrize("command", [("serve",), ("build", "--out", "nowhere")])
def test_the_site_names_the_extra_that_it_needs(command):
    done = without_flask(*command)
    assert done.returncode == 2
    assert "pip install 'stepagent-gym[board]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_submissions_are_verified_without_the_extra(archive):
    done = without_flask("verify", archive, "--workers", "0")
    assert done.returncode == 0, done.stderr


def test_a_submission_is_added_built_and_served(archive, run, tmp_path):
    store = tmp_path / "store"
    added = board("add", archive, "--store", store)
    assert added.returncode == 0, added.stderr
    assert added.stdout.startswith("verified: ")
    run.episodes[0]["score"] = 0.77
    run.summarise()
    refused = board("add", run.archive(tmp_path / "tampered.zip"), "--store", store)
    assert refused.returncode == 1
    assert "the episode's score is 0.77" in refused.stdout
    run.episodes[0]["\x1b[2J"] = 1
    strange = board("add", run.archive(tmp_path / "strange.zip"), "--store", store)
    assert strange.returncode == 1
    assert strange.stdout.startswith("refused: ")
    assert "\x1b" not in strange.stdout + strange.stderr
    built = board("build", "--store", store, "--out", tmp_path / "site")
    assert built.returncode == 0, built.stderr
    serving = subprocess.Popen(
        [sys.executable, "-m", "harness.cli", "board", "serve"]
        + ["--store", str(store), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        address = serving.stdout.readline().split()[-1]
        assert "STEPAGENT_BOARD_TOKEN" in serving.stdout.readline()
        with urllib.request.urlopen(address) as response:
            assert response.read() == (tmp_path / "site" / "index.html").read_bytes()
            assert response.headers["X-Content-Type-Options"] == "nosniff"
    finally:
        serving.terminate()
        serving.communicate()
