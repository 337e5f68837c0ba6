"""Build the WebShop search index: analyse, invert in batches, merge.

`stepagent_gym.envs.webshop.index` describes the files.
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
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from stepagent_gym.envs.webshop.analysis import analyze

Array = NDArray[Any]

_K1 = np.float32(0.9)
_B = np.float32(0.4)


def _lengths_by_byte() -> NDArray[np.int64]:
    """Return the 256 document lengths Lucene can store (SmallFloat.byte4ToInt), ascending."""
    codes = np.arange(256)
    floats = np.maximum(codes - 24, 0)
    shifts = np.maximum((floats >> 3) - 1, 0)
    decoded = np.where(floats < 8, floats, ((floats & 7) | 8) << shifts)
    return np.where(codes < 24, codes, 24 + decoded)


_LENGTHS = _lengths_by_byte()


class _Batch(NamedTuple):
    """What is kept in memory of a batch of documents; the rest is in files next to `path`."""

    path: Path
    documents: int
    with_terms: int
    tokens: int
    pairs: NDArray[np.uint64]  # distinct freq << 8 | length byte

    def words(self) -> list[bytes]:
        """Return the distinct terms, in the dictionary's order."""
        return self.path.with_suffix(".terms").read_bytes().split()

    def array(self, name: str) -> Array:
        """Return `sizes` by term, `documents` or `pairs` by posting, or `lengths` by document."""
        values: Array = np.load(self.path.with_suffix(f".{name}.npy"))
        return values


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
    (directory / "lengths.npy").unlink(missing_ok=True)  # written last: no half index opens
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
    if workers <= 1:
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
    entries = sorted((*_sort_key(term.encode()), number) for term, number in vocabulary.items())
    ranks = np.empty(len(entries), np.uint64)
    ranks[[number for _, _, number in entries]] = np.arange(len(entries), dtype=np.uint64)
    owners = np.repeat(np.arange(first, first + len(texts), dtype=np.uint64), lengths)
    keys, freqs = np.unique(
        ranks[np.array(tokens, np.int64)] << np.uint64(32) | owners, return_counts=True
    )
    documents = (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    sizes = np.bincount((keys >> np.uint64(32)).astype(np.int64), minlength=len(entries))
    codes = np.searchsorted(_LENGTHS, lengths, side="right") - 1
    pairs = (freqs << 8 | codes[documents - first]).astype(np.uint64)
    path.with_suffix(".terms").write_bytes(b" ".join(word for _, word, _ in entries))
    arrays = {
        "sizes": sizes,
        "documents": documents,
        "pairs": pairs.astype(np.min_scalar_type(int(pairs.max(initial=0)))),
        "lengths": codes.astype(np.uint8),
    }
    for name, values in arrays.items():
        np.save(path.with_suffix(f".{name}.npy"), values)
    return _Batch(path, len(texts), int((lengths > 0).sum()), len(tokens), np.unique(pairs))


def _sort_key(word: bytes) -> tuple[int, bytes]:
    return crc32(word), word


def _merge(directory: Path, batches: list[_Batch]) -> dict[str, int]:
    """Write the index of all batches and return its counts."""
    documents = sum(batch.documents for batch in batches)
    tokens = sum(batch.tokens for batch in batches)
    with_terms = sum(batch.with_terms for batch in batches)
    terms, places = _merge_terms(directory, batches)
    pairs, saturations, impacts = _saturations(batches, np.float32(tokens / max(with_terms, 1)))
    np.save(directory / "saturations.npy", saturations)
    postings = _merge_postings(directory, batches, terms, places, pairs, impacts)
    lengths = [np.zeros(0, np.uint8), *(batch.array("lengths") for batch in batches)]
    np.save(directory / "lengths.npy", np.concatenate(lengths))
    return {"documents": documents, "terms": terms, "postings": postings, "tokens": tokens}


def _merge_terms(directory: Path, batches: list[_Batch]) -> tuple[int, list[NDArray[np.int64]]]:
    """Write the dictionary; return its size and for each batch the numbers of its terms."""
    distinct: set[bytes] = set()
    for batch in batches:
        distinct.update(batch.words())
    words = sorted(distinct, key=_sort_key)
    np.save(directory / "terms.npy", np.frombuffer(b"".join(words), np.uint8))
    np.save(directory / "term_starts.npy", _starts(np.fromiter(map(len, words), np.int64)))
    bits = len(words).bit_length()
    buckets = np.fromiter((crc32(word) >> (32 - bits) for word in words), np.int64)
    firsts = np.searchsorted(buckets, np.arange((1 << bits) + 1)).astype(np.uint32)
    np.save(directory / "buckets.npy", firsts)
    numbers = {word: number for number, word in enumerate(words)}
    places = [np.fromiter(map(numbers.__getitem__, batch.words()), np.int64) for batch in batches]
    return len(words), places


def _starts(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))


def _saturations(batches: list[_Batch], average: np.float32) -> tuple[Array, Array, Array]:
    """Return the distinct pairs, the distinct saturations, and each pair's place among those.

    A saturation is 1 + freq * normInverse, with BM25Similarity's float arithmetic; `average` is
    the mean length of the documents that have a term.
    """
    pairs = np.unique(np.concatenate([np.zeros(0, np.uint64), *[b.pairs for b in batches]]))
    one = np.float32(1)
    lengths = _LENGTHS.astype(np.float32)
    inverses = one / (_K1 * ((one - _B) + _B * lengths / max(average, one)))
    values = one + (pairs >> np.uint64(8)).astype(np.float32) * inverses[pairs & np.uint64(255)]
    saturations, impacts = np.unique(values, return_inverse=True)
    return pairs, saturations, impacts


def _merge_postings(
    directory: Path,
    batches: list[_Batch],
    terms: int,
    places: list[NDArray[np.int64]],
    pairs: Array,
    impacts: Array,
) -> int:
    """Write the postings in the order of the dictionary; return their number."""
    sizes = [batch.array("sizes") for batch in batches]
    totals = np.zeros(terms, np.int64)
    for numbers, own in zip(places, sizes, strict=True):
        totals[numbers] += own
    starts = _starts(totals)
    np.save(directory / "posting_starts.npy", starts)
    shape = (int(starts[-1]),)
    narrow = np.dtype(np.uint16 if len(impacts) <= 1 << 16 else np.uint32)
    documents = open_memmap(directory / "documents.npy", mode="w+", dtype=np.uint32, shape=shape)
    codes = open_memmap(directory / "impacts.npy", mode="w+", dtype=narrow, shape=shape)
    peaks = np.zeros(terms, np.uint32)
    cursors = starts[:-1].copy()
    for batch, numbers, own in zip(batches, places, sizes, strict=True):
        firsts = _starts(own)
        targets = np.repeat(cursors[numbers] - firsts[:-1], own) + np.arange(firsts[-1])
        documents[targets] = batch.array("documents")
        found = impacts[np.searchsorted(pairs, batch.array("pairs"))]
        codes[targets] = found
        if len(own):
            peaks[numbers] = np.maximum(peaks[numbers], np.maximum.reduceat(found, firsts[:-1]))
        cursors[numbers] += own
    np.save(directory / "peaks.npy", peaks)
    return shape[0]
