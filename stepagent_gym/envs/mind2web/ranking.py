"""Which candidates are worth asking about: the ranks of a page's candidates, 0 for the best.

Ranks come from the published ranker's `scores_all_data.pkl`, from a JSON of ranks, or, where
neither is given, from BM25 of the task and the last three actions against the candidates.

A pickle can run any code when it is read.  `read_ranks` unpickles with a table of the few
constructors that a dictionary of numbers needs (containers are no constructors at all), and
refuses a file that names anything else before it is called.
"""

import pickle
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from rank_bm25 import BM25Okapi

from stepagent_gym.envs.mind2web.dom import Tree, descendants, label, words_of
from stepagent_gym.errors import DataCorrupt

Ranks = Mapping[str, Mapping[str, int]]
"""By sample (`{annotation_id}_{action_uid}`), the rank of each candidate's `backend_node_id`."""

QUERY_ACTIONS = 3
_WORD = re.compile(r"[a-z0-9]+")
_REMEDY = "fetch it again, or leave it out and the candidates are ranked by BM25"
_scalar, _reconstruct = np.float64(0).__reduce__()[0], np.zeros(1).__reduce__()[0]
_ALLOWED: Mapping[tuple[str, str], Any] = {
    **{
        (f"numpy.{package}.multiarray", name): function
        for package in ("core", "_core")
        for name, function in (("scalar", _scalar), ("_reconstruct", _reconstruct))
    },
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("collections", "OrderedDict"): dict,
}


class _Unpickler(pickle.Unpickler):
    """Reads containers and numbers, and nothing that could run code."""

    def find_class(self, module: str, name: str) -> Any:
        """Look a constructor up in the table of those that are allowed."""
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
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, EOFError) as error:
        raise DataCorrupt(f"{path} is damaged: {error!r}; {_REMEDY}") from error
    if isinstance(value, dict) and isinstance(value.get("ranks"), dict):
        value = value["ranks"]
    try:
        return {
            sample: {str(node): int(rank) for node, rank in ranks.items()}
            for sample, ranks in value.items()
        }
    except (AttributeError, TypeError, ValueError) as error:
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
    said = [description, label(tree.elements[node])]
    if tree.parents[node] >= 0:
        said.append(label(tree.elements[tree.parents[node]]))
    for inner in descendants(tree, node):
        element = tree.elements[inner]
        said.append(words_of(element) if tree.is_text(inner) else label(element))
    return _words(" ".join(said))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def recall(best_ranks: Sequence[int | None], k: int) -> float:
    """Give the share of steps whose best-ranked positive is among the first k (None: it is not)."""
    if not best_ranks:
        return 0.0
    return sum(rank is not None and rank < k for rank in best_ranks) / len(best_ranks)
