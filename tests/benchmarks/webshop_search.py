"""Measure the WebShop search engine on a synthetic catalogue of any size.

    python tests/benchmarks/webshop_search.py --documents 1180000

Products fall into categories with words of their own, on top of a Zipfian vocabulary common to
all; a few words ("color", "size", "women") are in a third to a half of the products, and every
product has a word nobody else has.  Queries have 8 to 20 terms and are made like WebShop's
instructions: a product's words between "find me", "with color:" and "and size:".

Prints the build time, peak memory and size of the index; then, in a fresh process, the time to
open it, the memory after all queries, the time of a search not seen before, and on how many of a
sample of queries the results equal an exhaustive computation.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from stepagent_gym.envs.webshop.index import SearchIndex
from stepagent_gym.envs.webshop.index_build import build_index

COMMON = {"color": 0.45, "size": 0.42, "women": 0.3, "black": 0.26, "men": 0.2, "find": 0.08}
CATEGORIES = 400


class Catalogue:
    """A generator of products and queries; the same for the same seed."""

    def __init__(self, seed: int, words: int = 300_000):
        self.random = np.random.default_rng(seed)
        syllables = np.array([c + v for c in "bcdfghklmnprstvw" for v in ("a", "e", "i", "o", "u")])
        parts = syllables[self.random.integers(0, len(syllables), (words, 4))]
        ends = np.array(["", "n", "r", "s", "t", "l"])[self.random.integers(0, 6, words)]
        lengths = self.random.integers(2, 5, words)
        self.words = np.array(
            ["".join(row[:n]) + end for row, n, end in zip(parts, lengths, ends, strict=True)]
        )
        # The 40 most frequent ranks are left out: COMMON stands in their place.
        self.popularity = np.cumsum(1 / np.arange(40, words + 40) ** 1.05)
        self.topics = self.random.integers(0, words // 10, (CATEGORIES, 500))
        self.topical = np.cumsum(1 / np.arange(3, 503))

    def _draw(self, cumulative: np.ndarray, shape: int) -> np.ndarray:
        drawn: np.ndarray = np.searchsorted(cumulative, self.random.random(shape) * cumulative[-1])
        return drawn

    def product(self, number: int) -> str:
        """Return the text of one product, about 130 words."""
        size = int(np.clip(self.random.lognormal(4.65, 0.6), 10, 900))
        own = self.topics[self.random.integers(CATEGORIES)][self._draw(self.topical, size // 2)]
        general = self._draw(self.popularity, size - size // 2)
        words = self.words[np.concatenate((own, general))].tolist()
        for word, share in COMMON.items():
            if self.random.random() < share:
                words += [word] * int(self.random.integers(1, 4))
        return " ".join([*words, f"b{number:08x}"])

    def query(self, text: str) -> str:
        """Return a query of 8 to 20 terms for a product."""
        words = [word for word in text.split() if word not in COMMON]
        half = self.random.choice(words[: len(words) // 2 or 1], self.random.integers(3, 9))
        rest = self.random.choice(words[len(words) // 2 :], self.random.integers(2, 6))
        who = "women" if self.random.random() < 0.5 else "men"
        wanted = f"with color: {rest[0]}, and size: {' '.join(rest[1:])}"
        return f"find me {who} {' '.join(half)} {wanted}"


def texts(documents: int) -> Iterator[str]:
    """Yield the catalogue."""
    catalogue = Catalogue(0)
    for number in range(documents):
        yield catalogue.product(number)


def resident() -> dict[str, float]:
    """Return this process's resident memory by kind, MB."""
    lines = (line.split() for line in Path("/proc/self/status").read_text().splitlines())
    return {
        fields[0][:-1]: int(fields[1]) / 1e3
        for fields in lines
        if fields[0] in ("VmRSS:", "RssAnon:", "RssFile:")
    }


def measure(directory: Path, queries: list[str], sample: int) -> None:
    """Print what opening and searching cost."""
    print("before opening", resident())
    start = time.perf_counter()
    index = SearchIndex(directory)
    print(f"open: {(time.perf_counter() - start) * 1e3:.1f} ms")
    durations = []
    for query in queries:
        start = time.perf_counter()
        index.search(query)
        durations.append((time.perf_counter() - start) * 1e3)
    median, high, most = np.percentile(durations, [50, 95, 100])
    print(f"search, {len(queries)} queries: median {median:.3f} ms, p95 {high:.3f}, max {most:.3f}")
    print("after searching", resident())
    same = 0
    for query in queries[:sample]:
        scores = index.scores(query)
        order = np.argsort(-scores, kind="stable")[:50]
        same += index.search(query) == [int(i) for i in order if scores[i] > 0]
    print(f"identical to the exhaustive computation: {same} of {min(sample, len(queries))}")


def main() -> None:
    """Build, then measure in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=1_180_000)
    parser.add_argument("--queries", type=int, default=1_000)
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--directory", type=Path, help="keep the index here and use it if present")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        directory = options.directory or Path(temporary)
        if not (directory / "lengths.npy").exists():
            start = time.perf_counter()
            counts = build_index(directory, texts(options.documents), workers=options.workers)
            duration = time.perf_counter() - start
            print(f"build: {duration:.1f} s with {options.workers} workers", counts)
            for name, who in (("this process", "SELF"), ("largest worker", "CHILDREN")):
                usage = resource.getrusage(getattr(resource, f"RUSAGE_{who}"))
                print(f"peak memory of {name}: {usage.ru_maxrss / 1e3:.0f} MB")
        size = sum(path.stat().st_size for path in directory.glob("*.npy"))
        print(f"size: {size / 1e6:.0f} MB")
        catalogue = Catalogue(0)
        queries = [catalogue.query(catalogue.product(n)) for n in range(options.queries)]
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            pool.submit(measure, directory, queries, options.sample).result()


if __name__ == "__main__":
    main()
