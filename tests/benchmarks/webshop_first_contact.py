"""Measure WebShop turns where every search, and most products, are new to the process.

    python tests/benchmarks/webshop_first_contact.py --data rec1k

Oracle episodes with distinct searches are recorded in one process; fresh processes play them once.
"""

import argparse
import statistics
from collections.abc import Sequence
from multiprocessing import get_context

from harness.bench import record
from harness.bench_references import Recording, play_all
from stepagent_gym.sessions import make_env

WEBSHOP = "stepagent/WebShop-v0"


def distinct(data: str) -> Recording:
    """Record one episode for each different first search."""
    recording, _ = record(WEBSHOP, {"split": "all", "data": data}, 4000)
    by_search = {replies[0].rpartition("Action: ")[2]: (t, replies) for t, replies in recording}
    return list(by_search.values())


def turns_a_second(data: str, recording: Sequence[tuple[str, Sequence[str]]]) -> float:
    """Play the recording once in this process."""
    env = make_env(WEBSHOP, {"split": "all", "data": data})
    env.reset(seed=0, options={"task": 0})
    return play_all(env, recording).pace


def main() -> None:
    """Print the median over fresh processes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    context = get_context("spawn")
    with context.Pool(1) as pool:
        recording = pool.apply(distinct, (options.data,))
    rates = []
    for _ in range(options.rounds):
        with context.Pool(1) as pool:
            rates.append(pool.apply(turns_a_second, (options.data, recording)))
    low, high = min(rates), max(rates)
    print(f"{len(recording)} distinct searches: {statistics.median(rates):,.0f} turns a second")
    print(f"({low:,.0f} to {high:,.0f} over {options.rounds} processes)")


if __name__ == "__main__":
    main()
