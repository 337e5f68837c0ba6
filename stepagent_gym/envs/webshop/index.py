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
| lengths | uint8 | document | its length as Lucene's byte; 0 where it has no term |
| buckets | uint32 | bucket, + 1 | number of its first term |
| terms | uint8 | byte | UTF-8 of the terms, one after another |
| term_starts | int64 | term, + 1 | where its bytes begin |
| posting_starts | int64 | term, + 1 | where its postings begin |
| peaks | uint32 | term | highest impact among its postings |
| documents | uint32 | posting | document number, ascending within a term |
| impacts | uint16 or uint32 | posting | place in `saturations` |
| saturations | float32 | impact | 1 + freq * normInverse, ascending |
"""

from pathlib import Path
from tokenize import TokenError
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from stepagent_gym.envs.webshop.analysis import analyze
from stepagent_gym.errors import DataCorrupt

Array = NDArray[Any]

_LONG = 1 << 15
"""From this many documents on, `search` avoids reading every posting."""
_SAMPLE = 256  # one document in so many is looked at to guess how many are near the bar
_LOOK_UP = 12  # what it costs to ask a list for a document, in postings added up
_TINY = 1e-30


def _load(directory: Path, name: str, *types: type[np.generic]) -> Array:
    """Map one file of the index."""
    path = directory / f"{name}.npy"
    try:
        values = open_memmap(path, mode="r")
    except (OSError, ValueError, TypeError, SyntaxError, TokenError, UserWarning) as error:
        raise _corrupt(path, str(error)) from error
    if values.ndim != 1 or values.dtype not in types:
        raise _corrupt(path, f"{values.dtype} of {values.ndim} dimensions")
    if values.offset + values.nbytes != path.stat().st_size:
        raise _corrupt(path, "more bytes than its header says")
    return np.asarray(values)


def _corrupt(path: Path, cause: str) -> DataCorrupt:
    return DataCorrupt(
        f"{path} is damaged ({cause}): prepare it again with `stepagent data prepare webshop`"
    )


class _Query(NamedTuple):
    """The terms of a query that the index knows, one entry per distinct term."""

    numbers: NDArray[np.int64]
    weights: NDArray[np.float32]  # idf * how often the query has the term
    starts: list[int]  # of the postings
    ends: list[int]


class _PostingList(NamedTuple):
    """The postings of one term of a query."""

    documents: NDArray[np.uint32]
    impacts: Array
    parts: NDArray[np.float32]  # the term's part of a document's score, by impact
    bound: float  # highest of its parts

    def of(self, documents: NDArray[np.uint32]) -> NDArray[np.float32]:
        """Return the parts of the given documents, which are ascending."""
        places = np.searchsorted(self.documents, documents)
        places = np.minimum(places, len(self.documents) - 1)
        hits = self.documents[places] == documents
        parts: NDArray[np.float32] = np.where(hits, self.parts[self.impacts[places]], np.float32(0))
        return parts


class SearchIndex:
    """Search over a folder written by `build_index`; opens by memory map.

    May be used by several threads at once; a pickled copy opens the same folder.  Raises
    `DataCorrupt` if a file is missing, cut short, or does not go with the others.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        lengths = _load(directory, "lengths", np.uint8)
        self._buckets = _load(directory, "buckets", np.uint32).data
        self._terms = _load(directory, "terms", np.uint8).data
        self._term_starts = _load(directory, "term_starts", np.int64).data
        self._posting_starts = _load(directory, "posting_starts", np.int64)
        self._peaks = _load(directory, "peaks", np.uint32)
        self._documents = _load(directory, "documents", np.uint32)
        self._impacts = _load(directory, "impacts", np.uint16, np.uint32)
        self._saturations = _load(directory, "saturations", np.float32)
        self._size, self._size_with_terms = len(lengths), int(np.count_nonzero(lengths))
        self._check()
        self._shift = 33 - (len(self._buckets) - 1).bit_length()

    def _check(self) -> None:
        """Raise `DataCorrupt` unless the files go together."""
        terms = len(self._peaks)
        for name, found, expected in (
            ("buckets", len(self._buckets), (1 << terms.bit_length()) + 1),
            ("term_starts", len(self._term_starts), terms + 1),
            ("posting_starts", len(self._posting_starts), terms + 1),
            ("terms", len(self._terms), self._term_starts[-1]),
            ("documents", len(self._documents), self._posting_starts[-1]),
            ("impacts", len(self._impacts), self._posting_starts[-1]),
        ):
            if found != expected:
                raise _corrupt(self.directory / f"{name}.npy", f"{found} entries, not {expected}")
        sizes = np.diff(self._posting_starts)
        if sizes.min(initial=1) < 1 or sizes.max(initial=0) > self._size_with_terms:
            raise _corrupt(self.directory / "posting_starts.npy", "a list of impossible length")
        if self._size < _LONG and self._documents.max(initial=0) >= max(self._size, 1):
            raise _corrupt(self.directory / "documents.npy", "a document number too high")

    def __reduce__(self) -> tuple[type["SearchIndex"], tuple[Path]]:
        return SearchIndex, (self.directory,)

    def __len__(self) -> int:
        """Return the number of documents."""
        return self._size

    def search(self, query: str, k: int = 50) -> list[int]:
        """Return the numbers of the `k` best documents, best first; fewer if fewer match."""
        try:
            found = self._look_up(query)
            if not found.starts:
                return []
            long = self._size >= _LONG
            best = self._best_of_long(found, k) if long else _best(self._scores(found), k)
            numbers: list[int] = best.tolist()
        except (IndexError, ValueError) as error:  # only a file with wrong numbers leads here
            raise _corrupt(self.directory, str(error)) from error
        return numbers

    def scores(self, query: str) -> NDArray[np.float32]:
        """Return the score of every document, 0 where no term matches."""
        found = self._look_up(query)
        return self._scores(found) if found.starts else np.zeros(self._size, np.float32)

    def _look_up(self, query: str) -> _Query:
        repeats: dict[int, int] = {}
        for term in analyze(query):
            number = self._find(term.encode())
            if number >= 0:
                repeats[number] = repeats.get(number, 0) + 1
        numbers = np.array(list(repeats), np.int64)
        starts, ends = self._posting_starts[numbers], self._posting_starts[numbers + 1]
        sizes = ends - starts
        idf = np.log(1 + (self._size_with_terms - sizes + 0.5) / (sizes + 0.5)).astype(np.float32)
        weights = np.array(list(repeats.values()), np.float32) * idf
        return _Query(numbers, weights, starts.tolist(), ends.tolist())

    def _find(self, word: bytes) -> int:
        """Return the number of a term, -1 if it is not in the dictionary."""
        bucket = crc32(word) >> self._shift
        starts = self._term_starts
        for number in range(self._buckets[bucket], self._buckets[bucket + 1]):
            if self._terms[starts[number] : starts[number + 1]] == word:
                return number
        return -1

    def _scores(self, query: _Query) -> NDArray[np.float32]:
        spans = [slice(*span) for span in zip(query.starts, query.ends, strict=True)]
        documents = np.concatenate([self._documents[span] for span in spans])
        impacts = np.concatenate([self._impacts[span] for span in spans])
        weights = np.repeat(query.weights, [span.stop - span.start for span in spans])
        parts = weights - weights / self._saturations[impacts]
        return np.bincount(documents, parts, self._size).astype(np.float32)

    def _best_of_long(self, query: _Query, k: int) -> Array:
        """Return what the scores of all documents would give, without reading every posting.

        This is MaxScore (Turtle and Flood 1995) in large steps.  Lists are added up from the one
        that can contribute most to the one that can contribute least.  Once the rest together
        could not lift a document from nothing over the `bar`, a score that k documents are known
        to reach, and few documents are near enough to it, the rest is only asked about those.
        The sums are floats, so `margin` keeps what rounding may hide; the last step is exact.
        """
        lists = self._posting_lists(query)
        margin = 1 + len(lists) * 2.0**-20
        bounds = [postings.bound * margin for postings in lists]
        rest = np.cumsum([0.0, *bounds[::-1]])[::-1].tolist()
        width = 1 << max(4, (self._size // (16 * k)).bit_length() - 1)
        sums = np.zeros(-(-self._size // width) * width, np.float32)
        bar = 0.0
        read = used = 0
        due = self._size // 8
        for postings in lists:
            if rest[used] < bar and _few(sums, bar - rest[used], len(postings.documents)):
                break
            parts = postings.parts[postings.impacts]
            np.add.at(sums, postings.documents.astype(np.int64), parts)
            used += 1
            read += len(parts)
            if read >= due or used == len(lists):
                due = 4 * read
                bar = max(bar, _reached(sums.reshape(-1, width), lists[used:], k) / margin)
        found = (sums >= max(bar - rest[used], _TINY)).nonzero()[0].astype(np.uint32)
        totals = sums[found]
        for i, postings in enumerate(lists[used:], used + 1):
            totals += postings.of(found)
            near = totals >= bar - rest[i]
            found, totals = found[near], totals[near]
        if len(found) > k:
            found = found[totals >= _kth(totals, k) / margin]
        exact = np.zeros(len(found))
        for postings in lists:
            exact += postings.of(found)
        best: Array = found[_best(exact.astype(np.float32), k)]
        return best

    def _posting_lists(self, query: _Query) -> list[_PostingList]:
        """Return the posting lists of a query by what they can contribute, most first."""
        lists = []
        for number, weight, start, end in zip(*query, strict=True):
            parts = weight - weight / self._saturations
            documents, impacts = self._documents[start:end], self._impacts[start:end]
            lists.append(_PostingList(documents, impacts, parts, float(parts[self._peaks[number]])))
        return sorted(lists, key=lambda postings: postings.bound, reverse=True)


def _few(sums: NDArray[np.float32], bar: float, postings: int) -> bool:
    """Whether asking for the documents over `bar` costs less than adding up a list."""
    sample = int(np.count_nonzero(sums[::_SAMPLE] >= bar))
    return sample * _SAMPLE * _LOOK_UP < postings


def _reached(sums: NDArray[np.float32], rest: list[_PostingList], k: int) -> float:
    """Return a score that at least `k` documents have, 0 if there are too few.

    The documents are those with the highest sums: not fewer than there are rows with a maximum
    as high.
    """
    highs = sums.max(axis=1)
    high = _kth(highs, 2 * k) if len(highs) > 2 * k else 0.0
    if not high:
        return 0.0
    found = (sums.ravel() >= high).nonzero()[0][: 16 * k].astype(np.uint32)
    totals = sums.ravel()[found]
    for postings in rest:
        totals += postings.of(found)
    return _kth(totals, k)


def _kth(scores: NDArray[np.float32], k: int) -> float:
    """Return the `k`-th highest score; fast however many are 0."""
    negated = -scores
    negated.partition(k - 1)
    return -float(negated[k - 1])


def _best(scores: NDArray[np.float32], k: int) -> Array:
    """Return the places of the `k` highest scores above 0, best first, ties in their order."""
    bar = _kth(scores, k) if len(scores) > k else 0.0
    places = (scores >= bar if bar else scores).nonzero()[0]
    return places[(-scores[places]).argsort(kind="stable")[:k]]
