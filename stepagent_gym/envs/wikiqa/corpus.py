"""Paragraphs that can be searched by title: a whole dataset's, or those of one question.

The union stands on disk, is memory-mapped and shared between processes: paragraphs and where they
begin, a sorted table of title hashes for exact titles, and a bm25s index over the titles for
similar ones.  A question's own ten to twenty paragraphs are searched with rank-bm25.
"""

import hashlib
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi, BM25Plus

from stepagent_gym.envs.wikiqa.titles import key, words
from stepagent_gym.errors import DataCorrupt
from stepagent_gym.jsonlines import JsonLines

PARAGRAPHS = "paragraphs.jsonl"
SIMILAR = 5
K1, B = 1.5, 0.75


class Corpus(Protocol):
    """What an environment asks of a corpus; paragraphs go by their number in the union."""

    def find(self, title: str) -> list[int]:
        """Give the paragraphs of a title; the spelling that matches best beats the others."""
        ...

    def similar(self, text: str) -> list[str]:
        """Give up to five titles that share words with a text, best first."""
        ...


class UnionCorpus:
    """All paragraphs of a prepared dataset.

    A look at an exact title costs a binary search; a search for similar titles grows with the
    number of titles that hold the text's words.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paragraphs = JsonLines(folder / PARAGRAPHS)
        self._hashes = _load(folder / "title_hashes.npy")
        self._numbers = _load(folder / "title_numbers.npy")

    def __len__(self) -> int:
        return len(self._numbers)

    def paragraph(self, number: int) -> tuple[str, str]:
        """Give title and text of a paragraph."""
        value = self._paragraphs[number]
        return value["title"], value["text"]

    def find(self, title: str) -> list[int]:
        """Give the paragraphs of a title, in the order of the sources."""
        wanted = key(title)
        code = title_hash(wanted)
        start, end = np.searchsorted(self._hashes, [code, code + np.uint64(1)])
        found = self._numbers[start:end].tolist()
        named = [(number, self.paragraph(number)[0]) for number in found]
        return best_spelling(title, [pair for pair in named if key(pair[1]) == wanted])

    def similar(self, text: str) -> list[str]:
        """Give up to five titles by BM25 over titles; equal scores in the order of the sources."""
        index, first_paragraphs = self._titles
        vocabulary, matrix = index.vocab_dict, index.scores
        tokens = [vocabulary[word] for word in dict.fromkeys(words(text)) if word in vocabulary]
        scores = np.zeros(matrix["num_docs"], np.float32)
        holders = []
        for token in tokens:
            start, end = matrix["indptr"][token : token + 2].tolist()
            holders.append(matrix["indices"][start:end])
            scores[holders[-1]] += matrix["data"][start:end]
        leaders = [_leaders(numbers, scores[numbers]) for numbers in holders]
        if not leaders:
            return []
        found = np.unique(np.concatenate(leaders))
        best = found[np.argsort(-scores[found], kind="stable")][:SIMILAR]
        return [self.paragraph(int(first_paragraphs[title]))[0] for title in best]

    @cached_property
    def _titles(self) -> tuple[Any, NDArray[np.uint32]]:
        """The bm25s index over distinct titles, and the first paragraph of each."""
        import bm25s

        folder = self._folder / "titles"
        try:
            index = bm25s.BM25.load(folder, mmap=True, show_progress=False)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataCorrupt(f"{folder} cannot be read: {error}") from error
        return index, _load(self._folder / "title_first.npy")


class QuestionCorpus:
    """The paragraphs of one question."""

    def __init__(self, union: UnionCorpus, numbers: Sequence[int]) -> None:
        self._named = [(number, union.paragraph(number)[0]) for number in numbers]

    def find(self, title: str) -> list[int]:
        """Give the paragraphs of a title, in the order of the question."""
        wanted = key(title)
        return best_spelling(title, [pair for pair in self._named if key(pair[1]) == wanted])

    def similar(self, text: str) -> list[str]:
        """Give up to five titles that share words with a text, by rank-bm25's `BM25Okapi`.

        Where too few titles make every weight 0 or less, their order is the question's.
        """
        asked = list(dict.fromkeys(words(text)))
        titles = list(dict.fromkeys(title for _, title in self._named))
        split = [words(title) for title in titles]
        sharing = [number for number, own in enumerate(split) if not set(own).isdisjoint(asked)]
        if not sharing:
            return []
        scores = BM25Okapi(split, k1=K1, b=B).get_scores(asked)
        best = sorted(sharing, key=lambda number: (-scores[number], number))
        return [titles[number] for number in best[:SIMILAR]]


def _leaders(numbers: NDArray[Any], values: NDArray[np.float32]) -> NDArray[Any]:
    """Give the numbers of the five highest values, and of all that equal the fifth."""
    if len(numbers) <= SIMILAR:
        return numbers
    led: NDArray[Any] = numbers[values >= np.partition(values, -SIMILAR)[-SIMILAR]]
    return led


def best_spelling(title: str, named: Sequence[tuple[int, str]]) -> list[int]:
    """Of paragraphs whose titles have one key, give those whose spelling is nearest to `title`."""
    for same in (str, str.strip, lambda text: text.strip().casefold()):
        if found := [number for number, own in named if same(own) == same(title)]:
            return found
    return [number for number, own in named if own == named[0][1]]


def by_fitness(union: UnionCorpus, numbers: Sequence[int], query: str) -> list[int]:
    """Order the paragraphs of a title by how well they fit a query (BM25+, rank-bm25)."""
    if len(numbers) < 2:
        return list(numbers)
    texts = [words(union.paragraph(number)[1]) or [""] for number in numbers]
    scores = BM25Plus(texts).get_scores(list(dict.fromkeys(words(query))))
    order = sorted(range(len(numbers)), key=lambda place: (-round(scores[place], 9), place))
    return [numbers[place] for place in order]


def build_index(folder: Path, titles: Sequence[str]) -> None:
    """Write what finds titles; `titles` are those of the paragraphs, in their order."""
    import bm25s
    from bm25s.tokenization import Tokenized

    hashes = np.array([title_hash(key(title)) for title in titles], np.uint64)
    order = np.argsort(hashes, kind="stable")
    np.save(folder / "title_hashes.npy", hashes[order])
    np.save(folder / "title_numbers.npy", order.astype(np.uint32))
    first = {title: number for number, title in reversed(list(enumerate(titles)))}
    distinct = sorted(first, key=first.__getitem__)
    vocabulary: dict[str, int] = {}
    ids = [
        [vocabulary.setdefault(word, len(vocabulary)) for word in words(title)]
        for title in distinct
    ]
    index = bm25s.BM25(method="robertson", k1=K1, b=B)
    index.index(
        Tokenized(ids=ids if vocabulary else [[0]], vocab=vocabulary or {"": 0}),
        create_empty_token=False,
        show_progress=False,
    )
    index.save(folder / "titles", show_progress=False)
    np.save(folder / "title_first.npy", np.array([first[title] for title in distinct], np.uint32))


def title_hash(title_key: str) -> np.uint64:
    """Give 64 bits of a title's key; the last bit is 0, so that a successor exists."""
    digest = hashlib.blake2b(title_key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little") & ~1)


@lru_cache(maxsize=8)
def open_corpus(folder: Path) -> UnionCorpus:
    """Open the corpus of a prepared dataset; environments of one process share it."""
    return UnionCorpus(folder)


def _load(path: Path) -> NDArray[Any]:
    try:
        array: NDArray[Any] = np.load(path, mmap_mode="r")
    except (OSError, ValueError) as error:
        raise DataCorrupt(f"{path} cannot be read: {error}; prepare the data again") from error
    return array
