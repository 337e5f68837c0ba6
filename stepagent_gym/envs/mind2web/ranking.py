"""Which candidates are worth asking about: the ranks of a page's candidates, 0 for the best.

Ranks come from the published ranker's `scores_all_data.pkl`, from a JSON of ranks, or, where
neither is given, from BM25 of the task and the last three actions against the candidates.

A pickle can run any code when it is read.  `read_ranks` unpickles with a table of the few names
that a dictionary of NumPy's numbers needs, each answered by a function of this module (containers
and plain numbers need no names), and refuses a file that names anything else.
"""

import pickle
import re
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from rank_bm25 import BM25Okapi

from stepagent_gym.envs.mind2web.dom import Tree, descendants, words_of
from stepagent_gym.errors import DataCorrupt

Ranks = Mapping[str, Mapping[str, int]]
"""By sample (`{annotation_id}_{action_uid}`), the rank of each candidate's `backend_node_id`."""

QUERY_ACTIONS = 3
_DAMAGE = (
    *(ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, TypeError, ValueError),
    struct.error,
)
_WORD = re.compile(r"[a-z0-9]+")
_REMEDY = "fetch it again, or leave it out and the candidates are ranked by BM25"


class _Number:
    """Stands for a NumPy type: the kind and size of a number, and the order of its bytes."""

    def __init__(self, code: str, *_: object) -> None:
        self.code = {"b1": "?", "f4": "f", "f8": "d"}.get(code) or _INTEGERS[code]
        self.order = "<"

    def __setstate__(self, state: Sequence[Any]) -> None:
        self.order = ">" if state[1] == ">" else "<"


class _Array:
    """Stands for a NumPy array, of which nothing is kept: no rank is one."""

    def __init__(self, *_: object) -> None:
        pass

    def __setstate__(self, state: object) -> None:
        pass


def _number(kind: _Number, content: bytes) -> float:
    number: float = struct.unpack(kind.order + kind.code, content)[0]
    return number


def _bytes(text: str, encoding: str) -> bytes:
    """Give the bytes that older pickles hold as text."""
    return text.encode("latin-1")


_INTEGERS = {
    f"{sign}{size}": code
    for sign, codes in (("i", "bhiq"), ("u", "BHIQ"))
    for size, code in zip((1, 2, 4, 8), codes, strict=True)
}
_ALLOWED: Mapping[tuple[str, str], Any] = {
    ("_codecs", "encode"): _bytes,
    ("collections", "OrderedDict"): dict,
    ("numpy", "dtype"): _Number,
    ("numpy", "ndarray"): _Array,
    **{
        (f"numpy.{core}.{module}", name): function
        for core in ("core", "_core")
        for module, name, function in (
            ("multiarray", "scalar", _number),
            ("multiarray", "_reconstruct", _Array),
            ("numeric", "_frombuffer", _Array),
        )
    },
}


class _Unpickler(pickle.Unpickler):
    """Reads containers and numbers, and calls nothing outside this module."""

    def find_class(self, module: str, name: str) -> Any:
        """Look a name up among those that are allowed."""
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}, which scores do not need")
        return _ALLOWED[module, name]


def read_ranks(path: Path) -> Ranks:
    """Read ranks from a `.pkl` (its entry `ranks`) or a `.json` (those ranks, or with `ranks`).

    Raises `DataCorrupt` for a pickle that asks for more than numbers, and for other damage.
    """
    try:
        if path.suffix == ".json":
            value = orjson.loads(path.read_bytes())
        else:
            with path.open("rb") as file:
                value = _Unpickler(file).load()
    except (pickle.UnpicklingError, orjson.JSONDecodeError) as error:
        raise DataCorrupt(f"{path} is not read: {error}; {_REMEDY}") from error
    except _DAMAGE as error:
        raise DataCorrupt(f"{path} is damaged: {error!r}; {_REMEDY}") from error
    if isinstance(value, dict) and isinstance(value.get("ranks"), dict):
        value = value["ranks"]
    if not value:
        raise DataCorrupt(f"{path} holds no ranks; {_REMEDY}")
    try:
        return {
            sample: {str(node): int(rank) for node, rank in value.pop(sample).items()}
            for sample in list(value)
        }
    except (ArithmeticError, AttributeError, TypeError, ValueError) as error:
        raise DataCorrupt(f"{path} holds no ranks: {error!r}; {_REMEDY}") from error


def lexical_ranks(
    tree: Tree,
    candidates: Sequence[tuple[int, str]],
    task: str,
    previous: Sequence[str],
) -> list[int]:
    """Rank elements of a page by BM25 of the task and the last actions against what they say.

    A candidate is an element and what its record says of it (its tag, its own attributes); to that
    come the words of its descendants and of its parent's attributes.  Of equals, the one that
    stands first on the page is the better.
    """
    documents = [_document(tree, node, description) for node, description in candidates]
    query = _words(" ".join((task, *previous[-QUERY_ACTIONS:])))
    scores = BM25Okapi(documents).get_scores(query) if any(documents) else np.zeros(len(documents))
    ranks = [0] * len(candidates)
    order = np.lexsort((np.array([node for node, _ in candidates], np.int64), -scores))
    for rank, place in enumerate(order.tolist()):
        ranks[place] = rank
    return ranks


def _document(tree: Tree, node: int, description: str) -> list[str]:
    said = [description, tree.label(node)]
    if tree.parents[node] >= 0:
        said.append(tree.label(tree.parents[node]))
    for inner in descendants(tree, node):
        is_text = tree.is_text(inner)
        said.append(words_of(tree.elements[inner]) if is_text else tree.label(inner))
    return _words(" ".join(said))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def recall(best_ranks: Sequence[int | None], k: int) -> float:
    """Give the share of steps whose best-ranked positive is among the first k (None: it is not)."""
    if not best_ranks:
        return 0.0
    return sum(rank is not None and rank < k for rank in best_ranks) / len(best_ranks)
