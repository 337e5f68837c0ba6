"""The prepared catalogue: products, goals, splits and the search over them, memory-mapped.

    products.jsonl, products.npy   products sorted by asin, one a line, and where lines begin
    asins.npy                      their asins, for binary search
    goals.jsonl, goals.npy         goals in their fixed order
    splits.json                    split -> [first, end] or a list of goal indices
    index/                         the inverted index; document i is product i

Nothing is read before it is asked for, so opening costs the same at a thousand and at a million
products, and processes share the pages of the files.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import orjson

from stepagent_gym.datasets import Dataset, open_dataset
from stepagent_gym.envs.webshop.index import SearchIndex
from stepagent_gym.envs.webshop.records import Goal, Product
from stepagent_gym.episode import TaskSet
from stepagent_gym.errors import DataCorrupt, UsageError
from stepagent_gym.jsonlines import JsonLines

RESULTS = 50
_REMEDY = "prepare it again with `stepagent data prepare webshop`"


class Catalogue:
    """A prepared catalogue; `Catalogue.open` shares one among all environments of a process."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        path = dataset.path
        self._products = JsonLines(path / "products.jsonl")
        self._goals = JsonLines(path / "goals.jsonl")
        try:
            self._asins = np.load(path / "asins.npy", mmap_mode="r")
            self._splits: dict[str, list[int]] = orjson.loads((path / "splits.json").read_bytes())
        except (OSError, ValueError) as error:
            raise DataCorrupt(f"{path} cannot be read: {error}; {_REMEDY}") from error
        self._index = SearchIndex(path / "index")
        self.product = lru_cache(maxsize=1 << 14)(self._read_product)
        self.goal = lru_cache(maxsize=1 << 12)(self._read_goal)
        self.search = lru_cache(maxsize=1 << 12)(self._search)
        self.tasks = lru_cache(maxsize=None)(self._list_tasks)

    @staticmethod
    def open(data: str | Path | None) -> "Catalogue":
        """Open a catalogue by name or path (None: the embedded one), once in a process."""
        dataset = open_dataset("webshop", data)
        return _open(str(dataset.path.resolve()), dataset.data_hash)

    def __len__(self) -> int:
        return len(self._products)

    def asins(self) -> Iterator[str]:
        """Iterate over all asins in order."""
        return (asin.decode() for asin in self._asins)

    @cached_property
    def goal_count(self) -> int:
        """How many goals there are, over all splits."""
        return len(self._goals)

    @property
    def splits(self) -> tuple[str, ...]:
        """The names of the splits, `all` among them."""
        return ("all", *self._splits)

    def split(self, name: str) -> Sequence[int]:
        """List the goal indices of a split; UsageError if there is no such split."""
        if name == "all":
            return range(self.goal_count)
        if name not in self._splits:
            raise UsageError(
                f"no split {name!r} in {self.dataset.name}; there are {', '.join(self.splits)}"
            )
        return self._splits[name]

    def _list_tasks(self, split: str) -> TaskSet:
        ids = map(str, self.split(split))
        return TaskSet(tuple(ids), self.dataset.name, self.dataset.data_hash)

    def _read_product(self, asin: str) -> Product:
        """Give the product of an asin; KeyError if there is none."""
        key = asin.encode("ascii", "replace")
        row = int(np.searchsorted(self._asins, key))
        if row == len(self._asins) or self._asins[row] != key:
            raise KeyError(asin)
        return Product.from_json(self._products[row])

    def _read_goal(self, index: int) -> Goal:
        return Goal.from_json(self._goals[index])

    def _search(self, query: str) -> tuple[str, ...]:
        """Give the asins of the first 50 results."""
        rows = self._index.search(query, RESULTS)
        return tuple(asin.decode() for asin in self._asins[rows]) if rows else ()


@lru_cache(maxsize=8)
def _open(path: str, data_hash: str) -> Catalogue:
    return Catalogue(open_dataset("webshop", Path(path)))
