"""Measure preparation and use of a WebShop catalogue of the full size, 1.18 million products.

    python tests/benchmarks/webshop_million.py --products 1180000 --folder /tmp/million

Writes an invented catalogue in the original's raw schema (about 4 KB a product), prepares it with
`stepagent data prepare`, and prints time and peak memory; then, in fresh processes, the time to
open it, resident memory, turns a second, and the time of searches not seen before; and how much of
the memory of two processes is shared.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from webshop_search import Catalogue

HUMAN = 12_087
IMAGE = "https://images.example.com/I/"


def write_sources(folder: Path, products: int) -> None:
    """Write the three files of the original's download."""
    catalogue = Catalogue(0)
    rng = np.random.default_rng(1)
    attributes, human = {}, {}
    with (folder / "items_shuffle.json").open("w") as file:
        for number in range(products):
            words = catalogue.product(number).split()
            asin = f"B{(number * 7919) % 10**9:09}"
            options = {
                "color": [{"value": w, "image": IMAGE + w, "asin": asin} for w in words[10:15]],
                "size": [{"value": w, "image": None, "asin": asin} for w in ("small", "large")],
            }
            product = {
                "asin": asin,
                "name": " ".join(words[:12]),
                "full_description": " ".join(words[20:]),
                "small_description": [" ".join(words[12:20])] * 5,
                "pricing": f"${5 + number % 90}.99" + "$99.50" * (number % 7 == 0),
                "category": "garden",
                "query": words[0],
                "product_category": f"Home › {words[1]} › {words[2]}",
                "customization_options": options if rng.random() < 0.6 else "",
                "images": [f"{IMAGE}{asin}{i}.jpg" for i in range(30)],
                "average_rating": "",
                "page": number % 400,
            }
            file.write(("[" if number == 0 else ",\n") + json.dumps(product))
            attributes[asin] = {"attributes": words[3:6]}
            if number % max(1, products // HUMAN) == 0:
                instruction = {
                    "instruction": catalogue.query(" ".join(words)),
                    "instruction_attributes": words[3:5],
                    "instruction_options": [],
                }
                human[asin] = [instruction]
        file.write("]\n")
    (folder / "items_ins_v2.json").write_text(json.dumps(attributes))
    (folder / "items_human_ins.json").write_text(json.dumps(human))


USE = """
import json, sys, time
began = time.perf_counter()
import gymnasium, numpy as np
def resident():
    fields = dict(line.split(":") for line in open("/proc/self/smaps_rollup").readlines()[1:])
    return {name: int(fields[name].split()[0]) / 1e3 for name in ("Rss", "Pss", "Anonymous")}
env = gymnasium.make("stepagent_gym:stepagent/WebShop-v0", data="million", max_turns=10**6)
opened = time.perf_counter() - began
env.reset(seed=0, options={"task": 0})
first = time.perf_counter() - began
catalogue = env.unwrapped._catalogue
queries = [catalogue.goal(i).instruction for i in range(1000)]
times = []
for query in queries:
    start = time.perf_counter()
    catalogue.search(query)
    times.append(1e3 * (time.perf_counter() - start))
start, turns = time.perf_counter(), 0
for task in range(300):
    env.reset(seed=0, options={"task": task})
    over = False
    while not over:
        *_, over, _, _ = env.step("Action: " + env.unwrapped.expert()[1])
        turns += 1
spent = time.perf_counter() - start
print(json.dumps({"import and open, s": opened, "to the first observation, s": first,
    "search, median ms": np.median(times), "search, p95 ms": np.percentile(times, 95),
    "turns a second with the oracle": turns / spent, **resident()}), flush=True)
sys.stdin.read()
"""


def use(processes: int) -> list[dict[str, float]]:
    """Use the catalogue in several processes that are alive at once."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", USE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(processes)
    ]
    results = [json.loads(process.stdout.readline()) for process in running if process.stdout]
    for process in running:
        process.communicate("")
    return results


def prepare(source: Path) -> tuple[float, float]:
    """Prepare the catalogue: seconds, and the peak of the memory of all processes, in MB."""
    command = ["data", "prepare", "webshop", "--from", str(source), "--name", "million"]
    start, peak = time.perf_counter(), 0.0
    process = subprocess.Popen(
        [sys.executable, "-m", "harness.cli", *command], start_new_session=True
    )
    while process.poll() is None:
        time.sleep(0.5)
        peak = max(peak, session_memory(process.pid))
    if process.returncode:
        sys.exit(process.returncode)
    return time.perf_counter() - start, peak


def session_memory(session: int) -> float:
    """Sum the proportional memory of a session's processes, in MB."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                rollup = (folder / "smaps_rollup").read_text()
                total += int(rollup.partition("\nPss:")[2].split()[0])
        except (OSError, IndexError, ValueError):
            continue
    return total / 1e3


def main() -> None:
    """Make the files where they are missing, prepare, measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--products", type=int, default=1_180_000)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    source = options.folder / f"source-{options.products}"
    os.environ["STEPAGENT_DATA"] = str(options.folder / "data")
    if not source.exists():
        source.mkdir(parents=True)
        write_sources(source, options.products)
    size = sum(path.stat().st_size for path in source.iterdir())
    print(f"{options.products:,} products, {size / 1e9:.2f} GB of JSON")
    seconds, peak = prepare(source)
    print(f"prepared in {seconds:.0f} s, peak memory of all its processes {peak:,.0f} MB")
    alone = [use(1)[0] for _ in range(3)]
    for name in alone[0]:
        print(f"  {name}: {statistics.median(result[name] for result in alone):,.2f}")
    pair = use(2)
    print("two processes at once, MB:", [{k: r[k] for k in ("Rss", "Pss")} for r in pair])


if __name__ == "__main__":
    main()
