"""How long the re-execution of 500 WebShop episodes takes, and where the time goes.

python tests/benchmarks/board_verify.py [--profile]
"""

import cProfile
import os
import pstats
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from harness.evaluate import EvalConfig, evaluate
from leaderboard.submission import submit
from leaderboard.verify import verify

EPISODES = 500


def main() -> None:
    """Play at random, then verify: with the processes that verify chooses, with none, with two."""
    with tempfile.TemporaryDirectory() as folder:
        run, archive = Path(folder) / "run", Path(folder) / "run.zip"
        config = EvalConfig(
            "random", "stepagent/WebShop-v0", "all", limit=EPISODES, out=run, quiet=True
        )
        evaluate(config, Console(quiet=True))
        submit(run, archive)
        load = os.getloadavg()[0]
        print(f"{EPISODES} episodes, {os.cpu_count()} cores, load average {load:.1f}")
        for workers in (None, 0, 2):
            began, used = time.perf_counter(), time.process_time()
            verdict = verify(archive, workers=workers)
            assert verdict.verified
            assert verdict.episodes == EPISODES
            print(
                f"workers {workers}: {time.perf_counter() - began:.2f} s, of this process's "
                f"processor time {time.process_time() - used:.2f} s; {verdict.turns:,} turns"
            )
        if "--profile" in sys.argv:
            with cProfile.Profile() as profile:
                verify(archive, workers=0)
            pstats.Stats(profile).sort_stats("tottime").print_stats(20)


if __name__ == "__main__":
    main()
