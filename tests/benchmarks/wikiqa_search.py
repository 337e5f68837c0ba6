"""Time searches of the Wikipedia questions over a corpus of any size.

    python tests/benchmarks/wikiqa_search.py [--paragraphs 430000] [--folder DIR]

Titles are joined from those of the embedded encyclopedia, so that words are shared as in real ones.
Beside it, rank-bm25 answers the same searches exactly; the first 20,000 titles only.
"""

import argparse
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import orjson
from rank_bm25 import BM25Okapi

from stepagent_gym.envs.wikiqa import corpus
from stepagent_gym.envs.wikiqa.library import Library
from stepagent_gym.envs.wikiqa.titles import words
from stepagent_gym.jsonlines import write_json_lines

SEARCHES = 500
REFERENCE = 20_000


def main() -> None:
    """Make the corpus, and time it in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--paragraphs", type=int, default=430_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        measure(args.folder)
        return
    with tempfile.TemporaryDirectory() as aside:
        folder = args.folder or Path(aside)
        start = time.perf_counter()
        make(folder, args.paragraphs)
        print(f"made {args.paragraphs:,} paragraphs in {time.perf_counter() - start:.1f} s")
        subprocess.run([sys.executable, __file__, "--measure", "--folder", folder], check=True)


def make(folder: Path, count: int) -> None:
    """Write a corpus."""
    source = Library.open("musique", None).corpus
    known = [source.paragraph(number) for number in range(len(source))]
    rng = random.Random(0)
    names = [title.split() for title, _ in known]
    titles = [
        " ".join([*rng.choice(names)[:3], *rng.choice(names)[:2], str(number % 9973)])
        for number in range(count)
    ]
    write_json_lines(
        folder / corpus.PARAGRAPHS,
        (orjson.dumps({"title": t, "text": rng.choice(known)[1]}) + b"\n" for t in titles),
    )
    corpus.build_index(folder, titles)


def measure(folder: Path) -> None:
    """Time opening, exact titles and similar titles."""
    start = time.perf_counter()
    union = corpus.UnionCorpus(folder)
    union.similar("a title")
    print(f"open, with the first search: {time.perf_counter() - start:.3f} s")
    rng = random.Random(1)
    titles = [union.paragraph(rng.randrange(len(union)))[0] for _ in range(SEARCHES)]
    asked = [" ".join(rng.sample(title.split(), 3)) for title in titles]
    print("an exact title:", told(union.find, titles))
    print("similar titles:", told(union.similar, asked))
    exact = BM25Okapi([words(union.paragraph(n)[0]) for n in range(min(REFERENCE, len(union)))])
    print(f"rank-bm25 over {exact.corpus_size:,} titles:",
          told(lambda text: exact.get_scores(words(text)), asked[:20]))  # fmt: skip
    print(f"resident: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB, "
          "the reference included")  # fmt: skip


def told(function: Callable[[str], object], texts: Sequence[str]) -> str:
    """Give the median and the 95th percentile of calls."""
    taken = []
    for text in texts:
        start = time.perf_counter()
        function(text)
        taken.append((time.perf_counter() - start) * 1e3)
    taken.sort()
    return f"median {statistics.median(taken):.3f} ms, 95% {taken[len(taken) * 95 // 100]:.3f} ms"


if __name__ == "__main__":
    main()
