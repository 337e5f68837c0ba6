"""How long a report of many episodes takes to write, to open in a browser, and to be read.

python tests/benchmarks/report_page.py [--episodes 10000]

The run is one of the random policy on the embedded WebShop, its episodes repeated under new tasks.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

import orjson

sys.path.insert(0, str(Path(__file__).parents[1]))
from browser import launch

from harness.cli import main as stepagent
from harness.report import write_report


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--episodes", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        command = ["eval", "--model", "random", "--env", "stepagent/WebShop-v0", "--quiet"]
        stepagent([*command, "--out", str(run)])
        repeat(run / "trajectories.jsonl", args.episodes)
        start = time.perf_counter()
        page = write_report([run], Path(folder) / "page.html")
        print(f"written in {time.perf_counter() - start:.2f} s, {page.stat().st_size / 1e6:.1f} MB")
        opened, read = zip(*(measure(page) for _ in range(args.rounds)), strict=True)
        print(f"list ready after {statistics.median(opened):.2f} s (of {len(opened)} rounds)")
        print(f"an episode shown {statistics.median(read):.3f} s after the click")


def repeat(path: Path, episodes: int) -> None:
    """Repeat the episodes of a run under new tasks."""
    lines = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    with path.open("wb") as file:
        for number in range(episodes):
            episode = {**lines[number % len(lines)], "task_id": str(number)}
            file.write(orjson.dumps(episode) + b"\n")


def measure(path: Path) -> tuple[float, float]:
    """Give the seconds until the list is ready, and until an episode in its middle is shown."""
    with launch() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        start = time.perf_counter()
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready]", state="attached")
        opened = time.perf_counter() - start
        page.locator(".list").evaluate("list => { list.scrollTop = list.scrollHeight / 2 }")
        page.wait_for_timeout(200)
        start = time.perf_counter()
        page.locator(".line").nth(8).click()
        page.locator("dialog .turn").first.wait_for()
        return opened, time.perf_counter() - start


if __name__ == "__main__":
    main()
