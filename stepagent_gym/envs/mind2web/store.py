"""The prepared tasks: their steps with what is shown of their pages, memory-mapped.

tasks.jsonl, tasks.npy   a task a line: instruction, website, domain, where its steps begin,
                         and of each step the rank of its best positive (null: none)
steps.jsonl, steps.npy   a step a line: operation, history, candidates, pruned page
ids.json                 the annotation ids in the order of the sources
splits.json              split -> places in that order
"""

from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from stepagent_gym.datasets import Dataset, open_dataset
from stepagent_gym.envs.mind2web.dom import Pruned
from stepagent_gym.episode import TaskSet
from stepagent_gym.errors import DataCorrupt, UsageError
from stepagent_gym.jsonlines import JsonLines

_REMEDY = "prepare it again with `stepagent data prepare mind2web`"


class Task(NamedTuple):
    """A task: `first` is the index of its first step, `best_ranks` one rank a step."""

    id: str
    instruction: str
    website: str
    domain: str
    subdomain: str
    first: int
    best_ranks: tuple[int | None, ...]

    def without_positive(self, top_k: int) -> int:
        """Count the steps that have no positive among the first `top_k` candidates."""
        return sum(rank is None or rank >= top_k for rank in self.best_ranks)


class Step(NamedTuple):
    """A step: the wanted operation, the history shown, and the candidates with their page.

    The first `positives` candidates are right, the others wrong; `ranks` are the ranker's.
    """

    uid: str
    op: str
    value: str
    previous: tuple[str, ...]
    positives: int
    ranks: tuple[int, ...]
    page: Pruned


class Store:
    """Prepared tasks; `Store.open` shares one among all environments of a process."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        path = dataset.path
        self._tasks = JsonLines(path / "tasks.jsonl")
        self._steps = JsonLines(path / "steps.jsonl")
        try:
            self._ids: list[str] = orjson.loads((path / "ids.json").read_bytes())
            self._splits: dict[str, list[int]] = orjson.loads((path / "splits.json").read_bytes())
        except (OSError, ValueError) as error:
            raise DataCorrupt(f"{path} cannot be read: {error}; {_REMEDY}") from error
        self.task = lru_cache(maxsize=1 << 10)(self._read_task)
        self.step_at = lru_cache(maxsize=1 << 6)(self._read_step)
        self.tasks = lru_cache(maxsize=None)(self._list_tasks)

    @staticmethod
    def open(data: str | Path | None) -> "Store":
        """Open tasks by name or path (None: the embedded ones), once in a process."""
        dataset = open_dataset("mind2web", data)
        return _open(str(dataset.path.resolve()), dataset.data_hash)

    @property
    def top_k(self) -> int:
        """How many candidates of each step were kept."""
        return int(self.dataset.info["top_k"])

    @property
    def splits(self) -> Sequence[str]:
        """The names of the splits, `all` among them."""
        return ("all", *self._splits)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {task_id: place for place, task_id in enumerate(self._ids)}

    def _list_tasks(self, split: str) -> TaskSet:
        if split == "all":
            ids = self._ids
        elif split in self._splits:
            ids = [self._ids[place] for place in self._splits[split]]
        else:
            raise UsageError(
                f"no split {split!r} in {self.dataset.name}; there are {', '.join(self.splits)}"
            )
        return TaskSet(ids, self.dataset.name, self.dataset.data_hash)

    def _read_task(self, task_id: str) -> Task:
        """Give a task; KeyError if there is none of this id."""
        line = self._tasks[self._places[task_id]]
        return Task(
            id=line["id"],
            instruction=line["instruction"],
            website=line["website"],
            domain=line["domain"],
            subdomain=line["subdomain"],
            first=line["first"],
            best_ranks=tuple(line["best_ranks"]),
        )

    def _read_step(self, index: int) -> Step:
        line: dict[str, Any] = self._steps[index]
        return Step(
            uid=line["uid"],
            op=line["op"],
            value=line["value"],
            previous=tuple(line["previous"]),
            positives=line["positives"],
            ranks=tuple(line["ranks"]),
            page=Pruned(**line["page"]),
        )


@lru_cache(maxsize=8)
def _open(path: str, data_hash: str) -> Store:
    return Store(open_dataset("mind2web", Path(path)))
