"""Figures of InterCode-SQL: parity with recorded MySQL runs, safety, speed.

python tests/benchmarks/sql_figures.py parity --from ../shared/realdata/sql [--show N]
python tests/benchmarks/sql_figures.py fuzz [--count 10000]
python tests/benchmarks/sql_figures.py speed --from ../shared/realdata/sql
"""

import argparse
import hashlib
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "examples"))
import hostile_sql
import recorded_sql

from stepagent_gym.datasets import open_dataset, prepare
from stepagent_gym.envs.intercode_sql.library import Library


def main() -> None:
    """Print the figures asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=("parity", "fuzz", "speed"))
    parser.add_argument("--from", dest="source", type=Path, default="../shared/realdata/sql")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--show", type=int, default=0)
    args = parser.parse_args()
    if args.what == "fuzz":
        fuzz(args.count)
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["STEPAGENT_DATA"] = folder
        prepare("intercode_sql", [str(args.source / "intercode_spider")])
        parity(args.source, args.show) if args.what == "parity" else speed(args.source)


def parity(source: Path, show: int) -> None:
    """Play all recorded turns."""
    start = time.perf_counter()
    tally = recorded_sql.replay(source, "intercode_sql")
    seconds = time.perf_counter() - start
    kept = tally.turns - tally.leaked
    print(f"{tally.turns:,} turns in {seconds:.1f} s")
    print(f"observations identical: {tally.same:,} ({tally.same / tally.turns:.2%}); without the "
          f"{tally.leaked} turns on leaked tables {tally.same_unleaked / kept:.2%}")  # fmt: skip
    print(f"rewards as recorded: {tally.right:,} of {tally.scored:,} "
          f"({tally.right / tally.scored:.2%}); of those not 0 "
          f"{tally.right_nonzero:,} of {tally.nonzero:,} "
          f"({tally.right_nonzero / tally.nonzero:.2%})")  # fmt: skip
    for kind, found in sorted(tally.differences.items(), key=lambda pair: -len(pair[1])):
        print(f"  {kind}: {len(found)}")
        for row in found[:show]:
            print("   ", *(str(part)[:300] for part in row), sep="\n      ")
    for row in tally.rewards[:show]:
        print("  reward", *row, sep=" | ")


def fuzz(count: int) -> None:
    """Send hostile and mutated statements to the embedded databases."""
    folder = open_dataset("intercode_sql").path
    before = digest(folder)
    library = Library.open(None)
    start = time.perf_counter()
    slowest = 0.0
    outcomes = {"rows": 0, "refused": 0}
    database, schema = next(iter(library.schemas.items()))
    for statement, dialect in hostile_sql.statements(count, 0, next(iter(schema.tables))):
        server = library.mysql if dialect == "mysql" else library.sqlite
        begun = time.perf_counter()
        outcomes[hostile_sql.outcome(server, statement, database)] += 1
        slowest = max(slowest, time.perf_counter() - begun)
    seconds = time.perf_counter() - start
    print(f"{count:,} statements in {seconds:.1f} s, the slowest {slowest:.2f} s: {outcomes}")
    print(f"files byte-identical: {digest(folder) == before}")


def digest(folder: Path) -> str:
    """Hash all files under a folder."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            whole.update(path.as_posix().encode() + path.read_bytes())
    return whole.hexdigest()


def speed(source: Path) -> None:
    """Time every distinct recorded turn, first and again, on the real databases."""
    library = Library.open("intercode_sql")
    distinct = {}
    for _, task, turns in recorded_sql.episodes(source):
        database = library.task(str(task)).database.lower()
        for action, observation, _ in turns:
            found = recorded_sql.EXECUTE.fullmatch(str(action))
            if not str(observation).startswith(recorded_sql.UNREAD):
                distinct[found[1] if found else str(action), database] = None
    for label in ("first time", "again"):
        taken = []
        for statement, database in distinct:
            begun = time.perf_counter()
            hostile_sql.outcome(library.mysql, statement, database)
            taken.append(time.perf_counter() - begun)
        taken = sorted(seconds * 1e3 for seconds in taken)
        late = taken[len(taken) * 95 // 100]
        print(f"{label}: {len(taken):,} distinct statements, median {statistics.median(taken):.3f} "
              f"ms, 95% {late:.2f} ms, mean {statistics.mean(taken):.3f} ms")  # fmt: skip


if __name__ == "__main__":
    main()
