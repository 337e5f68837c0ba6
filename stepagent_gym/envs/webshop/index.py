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
from collections import Counter, defaultdict, deque
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
from stepagent_gym.errors import DataCorrupt

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
    entries = sorted(
        (crc32(word), word, vocabulary[term]) for term in vocabulary if (word := term.encode())
    )
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


def _sort_key(word: bytes) -> tuple[int, bytes]:
    return crc32(word), word


def _merge(directory: Path, batches: list[_Batch]) -> dict[str, int]:
    """Write the index of all batches and return its counts."""
    documents = sum(batch.documents for batch in batches)
    tokens = sum(batch.tokens for batch in batches)
    with_terms = sum(batch.with_terms for batch in batches)
    np.save(directory / "counts.npy", np.array([documents, with_terms, tokens], np.int64))
    places = _merge_terms(directory, batches)
    pairs, saturations, impacts = _saturations(batches, np.float32(tokens / max(with_terms, 1)))
    np.save(directory / "saturations.npy", saturations)
    postings = _merge_postings(directory, batches, places, pairs, impacts)
    terms = len(np.load(directory / "posting_starts.npy", mmap_mode="r")) - 1
    return {"documents": documents, "terms": terms, "postings": postings, "tokens": tokens}


def _merge_terms(directory: Path, batches: list[_Batch]) -> list[NDArray[np.int64]]:
    """Write the dictionary; return for each batch the numbers of its terms in it."""
    vocabularies = [
        list(filter(None, batch.path.with_suffix(".terms").read_bytes().split(b"\n")))
        for batch in batches
    ]
    words = sorted({word for words in vocabularies for word in words}, key=_sort_key)
    np.save(directory / "terms.npy", np.frombuffer(b"".join(words), np.uint8))
    np.save(directory / "term_starts.npy", _starts(np.fromiter(map(len, words), np.int64)))
    bits = len(words).bit_length()
    buckets = np.fromiter((crc32(word) >> (32 - bits) for word in words), np.int64, len(words))
    firsts = np.searchsorted(buckets, np.arange((1 << bits) + 1)).astype(np.uint32)
    np.save(directory / "buckets.npy", firsts)
    numbers = {word: number for number, word in enumerate(words)}
    return [np.fromiter(map(numbers.__getitem__, words), np.int64) for words in vocabularies]


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
    places: list[NDArray[np.int64]],
    pairs: Array,
    impacts: Array,
) -> int:
    """Write the postings in the order of the dictionary; return their number."""
    sizes = [np.load(batch.path.with_suffix(".sizes.npy")) for batch in batches]
    terms = max((int(numbers.max(initial=-1)) + 1 for numbers in places), default=0)
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
        documents[targets] = np.load(batch.path.with_suffix(".documents.npy"))
        found = impacts[np.searchsorted(pairs, np.load(batch.path.with_suffix(".pairs.npy")))]
        codes[targets] = found
        if len(own):
            peaks[numbers] = np.maximum(peaks[numbers], np.maximum.reduceat(found, firsts[:-1]))
        cursors[numbers] += own
    np.save(directory / "peaks.npy", peaks)
    return shape[0]


# --- Searching ---


def _load(directory: Path, name: str, *types: type[np.generic]) -> Array:
    """Map one file of the index."""
    path = directory / f"{name}.npy"
    try:
        values = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise _corrupt(path, str(error)) from error
    if values.ndim != 1 or values.dtype not in types:
        raise _corrupt(path, f"{values.dtype} of {values.ndim} dimensions")
    return np.asarray(values)


def _corrupt(path: Path, cause: str) -> DataCorrupt:
    return DataCorrupt(
        f"{path} is damaged ({cause}): prepare it again with `stepagent data prepare webshop`"
    )


class _Lists(NamedTuple):
    """The posting lists of a query's terms, as arrays with one entry per distinct term."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    weights: NDArray[np.float32]


class SearchIndex:
    """Search over a folder written by `build_index`; opens by memory map.

    Raises `DataCorrupt` if a file is missing, cut short, or does not go with the others.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = Path(directory)
        counts = _load(self.directory, "counts", np.int64)
        self._buckets = _load(self.directory, "buckets", np.uint32).data
        self._terms = _load(self.directory, "terms", np.uint8).data
        self._term_starts = _load(self.directory, "term_starts", np.int64).data
        self._posting_starts = _load(self.directory, "posting_starts", np.int64)
        self._peaks = _load(self.directory, "peaks", np.uint32)
        self._documents = _load(self.directory, "documents", np.uint32)
        self._impacts = _load(self.directory, "impacts", np.uint16, np.uint32)
        self._saturations = _load(self.directory, "saturations", np.float32)
        self._size, self._size_with_terms = int(counts[0]), int(counts[1])
        self._shift = 33 - (len(self._buckets) - 1).bit_length()

    def __len__(self) -> int:
        """Return the number of documents."""
        return self._size

    def search(self, query: str, k: int = 50) -> list[int]:
        """Return the numbers of the `k` best documents, best first; fewer if fewer match."""
        scores = self.scores(query)
        documents = np.flatnonzero(scores)
        return _best(documents, scores[documents], k)

    def scores(self, query: str) -> NDArray[np.float32]:
        """Return the score of every document, 0 where no term matches."""
        lists = self._lists(query)
        if not len(lists.starts):
            return np.zeros(self._size, np.float32)
        spans = list(zip(lists.starts.tolist(), lists.ends.tolist(), strict=True))
        documents = np.concatenate([self._documents[start:end] for start, end in spans])
        impacts = np.concatenate([self._impacts[start:end] for start, end in spans])
        weights = np.repeat(lists.weights, lists.ends - lists.starts)
        parts = weights - weights / self._saturations[impacts]
        return np.bincount(documents, parts, self._size).astype(np.float32)

    def _lists(self, query: str) -> _Lists:
        """Look up the terms of a query."""
        found = []
        times = []
        for term, repeats in Counter(analyze(query)).items():
            number = self._find(term.encode())
            if number >= 0:
                found.append(number)
                times.append(repeats)
        numbers = np.array(found, np.int64)
        starts = self._posting_starts[numbers]
        ends = self._posting_starts[numbers + 1]
        sizes = ends - starts
        idf = np.log(1 + (self._size_with_terms - sizes + 0.5) / (sizes + 0.5)).astype(np.float32)
        return _Lists(starts, ends, np.array(times, np.float32) * idf)

    def _find(self, word: bytes) -> int:
        """Return the number of a term, -1 if it is not in the dictionary."""
        bucket = crc32(word) >> self._shift
        starts = self._term_starts
        for number in range(self._buckets[bucket], self._buckets[bucket + 1]):
            if self._terms[starts[number] : starts[number + 1]] == word:
                return number
        return -1


def _best(documents: NDArray[Any], scores: NDArray[np.float32], k: int) -> list[int]:
    """Return the `k` best of ascending `documents`, best first, ties in their order."""
    if len(documents) > k:
        bar = np.partition(scores, len(scores) - k)[len(scores) - k]
        kept = scores >= bar
        documents, scores = documents[kept], scores[kept]
    best: list[int] = documents[np.argsort(-scores, kind="stable")[:k]].tolist()
    return best
