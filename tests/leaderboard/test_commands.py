"""The command `board`, as users run it."""

import subprocess
import sys
import urllib.request


def board(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "harness.cli", "board", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def test_help_lists_the_commands():
    done = board("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in ("submit", "verify", "add", "serve", "build"))
    assert board().returncode == 2
    assert "verify FILE.zip" in board("verfiy").stderr


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
