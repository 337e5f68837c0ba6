"""Play 1,000 episodes through a hostile server, kill the run three times, compare with a calm one.

    python tests/benchmarks/hostile_server.py

The server answers a share of the requests with 429, 500, 503, HTML, cut JSON, empty bodies, hangs
of a minute and dropped connections; its real answers, garbage among them, depend on the chat alone.
Prints the counts, and fails where a task has not exactly one episode, an episode ended in an error,
or a trajectory or the summary differs from the calm run's.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import orjson

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "harness" / "policies"))

from hostile import WEBSHOP, HostileServer, evaluate, kill_at, running, shop_run  # noqa: E402

from harness.runs import read_trajectories  # noqa: E402


def main() -> None:
    """Play both runs and compare them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--faults", type=float, default=0.25, help="share of the requests")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        calm, run = Path(folder) / "calm", Path(folder) / "hostile"
        seconds = {}
        began = time.monotonic()
        with running(HostileServer(faults=0.0)) as server:
            check(evaluate(*arguments(calm, server)))
        seconds["calm"] = time.monotonic() - began
        began = time.monotonic()
        with running(HostileServer(faults=options.faults, seed=options.seed)) as server:
            kill_at(200, arguments(run, server), run / "trajectories.jsonl")
            kill_at(450, ["--resume", run], run / "trajectories.jsonl")
            kill_at(700, ["--resume", run], run / "trajectories.jsonl")
            check(evaluate("--resume", run))
        seconds["hostile"] = time.monotonic() - began
        compare(run, calm)
        print(f"1,000 episodes: calm {seconds['calm']:.0f} s, hostile {seconds['hostile']:.0f} s")
        print("the server sent", ", ".join(f"{n:,} x {kind}" for kind, n in server.sent.items()))
        print("spent", orjson.loads((run / "spending.json").read_bytes()))
        print(orjson.dumps(read_summary(run)["metrics"]["reward"]).decode())


def arguments(out, server):
    """Give the arguments of 1,000 episodes, 64 in flight."""
    common = shop_run(out, server, tasks=500, repeats=2, concurrency=64)
    return [*common, "--split", "all", "--timeout", 2, "--quiet"]


def check(done):
    """Fail where a run has not every result."""
    assert done.returncode == 0, done.stdout + done.stderr


def read_summary(run):
    """Give a run's summary of WebShop."""
    return orjson.loads((run / "summary.json").read_bytes())[WEBSHOP]


def compare(run, calm):
    """Fail where two runs differ in anything but time."""
    ours, theirs = list(read_trajectories(run)), list(read_trajectories(calm))
    assert len(ours) == len(theirs) == 1000
    assert {t.key: t for t in ours} == {t.key: t for t in theirs}
    assert read_summary(run) == read_summary(calm)
    assert read_summary(run)["errors"] == 0


if __name__ == "__main__":
    main()
