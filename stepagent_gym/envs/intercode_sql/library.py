"""Prepared questions and databases, opened.

tasks.jsonl, tasks.npy      questions with their gold queries, in the order of the sources
splits.json                 split -> indices
schemas.json                database -> table -> columns, keys, statistics
databases/<name>.sqlite     the tables as they are
mysql/<name>.sqlite         the same for the MySQL front
"""

from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from stepagent_gym.datasets import Dataset, open_dataset
from stepagent_gym.envs.intercode_sql import information
from stepagent_gym.envs.intercode_sql.mysql.engine import MySQLServer
from stepagent_gym.envs.intercode_sql.schema import DatabaseSchema, TableSchema
from stepagent_gym.envs.intercode_sql.sqlite import SQLiteServer
from stepagent_gym.episode import TaskSet
from stepagent_gym.errors import DataCorrupt, UsageError
from stepagent_gym.jsonlines import JsonLines


class Task(NamedTuple):
    """A question over a database, and the query whose rows are the answer."""

    database: str
    question: str
    gold: str
    hardness: str


class Library:
    """Prepared tasks; `Library.open` shares one among all environments of a process."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        path = dataset.path
        self._lines = JsonLines(path / "tasks.jsonl")
        try:
            self._splits: dict[str, list[int]] = orjson.loads((path / "splits.json").read_bytes())
            schemas: dict[str, Any] = orjson.loads((path / "schemas.json").read_bytes())
            self.schemas = {name: _schema(name, tables) for name, tables in schemas.items()}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataCorrupt(
                f"{path} cannot be read: {error}; prepare it again with "
                "`stepagent data prepare intercode_sql`"
            ) from error
        self.task = lru_cache(maxsize=1 << 12)(self._read_task)
        self.tasks = lru_cache(maxsize=None)(self._list_tasks)

    @staticmethod
    def open(data: str | Path | None) -> "Library":
        """Open tasks by name or path (None: the embedded ones), once in a process."""
        dataset = open_dataset("intercode_sql", data)
        return _open(str(dataset.path.resolve()), dataset.data_hash)

    @cached_property
    def mysql(self) -> MySQLServer:
        """The databases behind the MySQL front."""
        return MySQLServer(self.dataset.path / "mysql", self.schemas)

    @cached_property
    def sqlite(self) -> SQLiteServer:
        """The databases as they are."""
        names = [name for name in self.schemas if name != information.NAME]
        return SQLiteServer(self.dataset.path / "databases", names)

    def _read_task(self, task_id: str) -> Task:
        value = self._lines[int(task_id)]
        return Task(value["db"], value["question"], value["gold"], value["hardness"])

    def _list_tasks(self, split: str) -> TaskSet:
        if split != "all" and split not in self._splits:
            raise UsageError(
                f"no split {split!r} in {self.dataset.name}; there are "
                f"{', '.join(['all', *self._splits])}"
            )
        indices = range(len(self._lines)) if split == "all" else self._splits[split]
        return TaskSet(list(map(str, indices)), self.dataset.name, self.dataset.data_hash)


def _schema(name: str, tables: dict[str, Any]) -> DatabaseSchema:
    return DatabaseSchema(name, {key: TableSchema.from_json(t) for key, t in tables.items()})


@lru_cache(maxsize=8)
def _open(path: str, data_hash: str) -> Library:
    return Library(open_dataset("intercode_sql", Path(path)))
