"""An inverted index on disk and BM25 search over it, with Lucene's results to the last tie.

Scores are those of Lucene 8 behind Anserini (k1 0.9, b 0.4): document lengths are rounded to
Lucene's one byte, each term's score is computed in 32-bit floats as
`weight - weight / (1 + freq * normInverse)` (BM25Similarity), the sum over terms is a double
rounded to a float, a term that occurs c times in the query weighs c times as much
(BagOfWordsQueryGenerator), and ties go to the smaller document number.

The index is a folder of .npy files that are memory-mapped, so that any number of processes share
one copy.  Terms are ordered by CRC-32 and then by their bytes, which makes the dictionary a hash
table: `buckets` tells where the terms of each range of CRC-32 begin.

| file | type | one entry per | what |
|---|---|---|---|
| counts | int64 | | documents, documents with a term, tokens |
| buckets | uint32 | bucket, + 1 | number of its first term |
| terms | uint8 | byte | UTF-8 of the terms, one after another |
| term_starts | int64 | term, + 1 | where its bytes begin |
| posting_starts | int64 | term, + 1 | where its postings begin |
| peaks | uint32 | term | highest impact among its postings |
| documents | uint32 | posting | document number, ascending within a term |
| impacts | uint16 or uint32 | posting | place in `saturations` |
| saturations | float32 | impact | 1 + freq * normInverse, ascending |
"""

import shutil
from collections import defaultdict, deque
from collections.abc import Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from stepagent_gym.envs.webshop.analysis import analyze

_K1 = np.float32(0.9)
_B = np.float32(0.4)

Array = NDArray[Any]


def _lengths_by_byte() -> NDArray[np.int64]:
    """Return the 256 document lengths Lucene can store (SmallFloat.byte4ToInt), ascending."""
    codes = np.arange(256)
    floats = np.maximum(codes - 24, 0)
    shifts = np.maximum((floats >> 3) - 1, 0)
    decoded = np.where(floats < 8, floats, ((floats & 7) | 8) << shifts)
    return np.where(codes < 24, codes, 24 + decoded)


_LENGTHS = _lengths_by_byte()


# --- Building ---


class _Batch(NamedTuple):
    """What is kept in memory of a batch of documents; the rest is in files next to `path`."""

    path: Path
    documents: int
    with_terms: int
    tokens: int
    pairs: NDArray[np.uint64]  # distinct freq << 8 | length byte


def build_index(
    directory: Path, texts: Iterable[str], *, batch_documents: int = 1 << 15, workers: int = 1
) -> dict[str, int]:
    """Index `texts` into the folder `directory`, numbering documents from 0 in the order given.

    Batches of `batch_documents` texts are analysed, by `workers` processes if more than one,
    and spilled to a temporary folder inside `directory`; then they are merged.  Memory holds a
    batch per worker and the distinct terms.  The files depend on nothing but the texts.  With
    several workers the calling script needs the usual `if __name__ == "__main__"` guard.

    Returns the numbers of `documents`, `terms`, `postings` and `tokens`.
    """
    spill = directory / "spill"
    shutil.rmtree(spill, ignore_errors=True)
    spill.mkdir(parents=True)
    try:
        return _merge(directory, _invert_all(spill, texts, batch_documents, workers))
    finally:
        shutil.rmtree(spill)


def _invert_all(
    spill: Path, texts: Iterable[str], batch_documents: int, workers: int
) -> list[_Batch]:
    """Invert every batch, with no more of them in memory than there are workers, and one."""
    stream = iter(texts)
    chunks = iter(lambda: list(islice(stream, batch_documents)), [])
    jobs = ((spill / f"{i:06}", i * batch_documents, chunk) for i, chunk in enumerate(chunks))
    if workers == 1:
        return [_invert(*job) for job in jobs]
    batches: list[_Batch] = []
    running: deque[Future[_Batch]] = deque()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for job in jobs:
            if len(running) > workers:
                batches.append(running.popleft().result())
            running.append(pool.submit(_invert, *job))
        batches += [future.result() for future in running]
    return batches


def _invert(path: Path, first: int, texts: list[str]) -> _Batch:
    """Write the postings of documents `first`, `first + 1`, ... in the dictionary's order."""
    vocabulary: defaultdict[str, int] = defaultdict(count().__next__)
    tokens: list[int] = []
    lengths = np.zeros(len(texts), np.int64)
    for i, text in enumerate(texts):
        terms = analyze(text)
        lengths[i] = len(terms)
        tokens += map(vocabulary.__getitem__, terms)
    entries = sorted((crc32(word), word, vocabulary[term]) for term in vocabulary if (word := term.encode()))
    ranks = np.empty(len(entries), np.uint64)
    ranks[[number for _, _, number in entries]] = np.arange(len(entries), dtype=np.uint64)
    owners = np.repeat(np.arange(first, first + len(texts), dtype=np.uint64), lengths)
    keys, freqs = np.unique(
        ranks[np.array(tokens, np.int64)] << np.uint64(32) | owners, return_counts=True
    )
    documents = (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    sizes = np.bincount((keys >> np.uint64(32)).astype(np.int64), minlength=len(entries))
    norms = np.searchsorted(_LENGTHS, lengths, side="right") - 1
    pairs = (freqs << 8 | norms[documents - first]).astype(np.uint64)
    path.with_suffix(".terms").write_bytes(b"\n".join(word for _, word, _ in entries))
    for name, values in (("sizes", sizes), ("documents", documents), ("pairs", pairs)):
        np.save(path.with_suffix(f".{name}.npy"), values)
    return _Batch(path, len(texts), int((lengths > 0).sum()), len(tokens), np.unique(pairs))
