"""Plain SQLite behind the same two methods as the MySQL server."""

import random
import sqlite3
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from stepagent_gym.envs.intercode_sql.guard import Guard, QueryStopped
from stepagent_gym.envs.intercode_sql.mysql.temporal import NOW

Rows = list[tuple[Any, ...]]
_CLOCKS = ("date", "time", "datetime", "julianday", "strftime", "unixepoch")
_KEPT = 64


class SQLiteError(Exception):
    """A refusal, in SQLite's words."""


class SQLiteServer:
    """Databases of a folder, each `<name>.sqlite`; what depends on time or chance stands still."""

    def __init__(self, folder: Path, databases: Iterable[str]) -> None:
        self._folder = folder
        self._names = {name.lower(): name for name in databases}
        self._session = lru_cache(maxsize=_KEPT)(self._open)

    def execute(self, statement: str, database: str) -> tuple[Rows | None, str]:
        """Answer a statement: its rows (None: it has none), and the database, which stays.

        Raises `SQLiteError`.
        """
        guard, generator = self._session(database.lower())
        generator.seed(0)
        try:
            rows = guard.query(statement)
        except QueryStopped as stop:
            raise SQLiteError(f"interrupted: {stop}") from None
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise SQLiteError(str(error)) from None
        return (rows if guard.described else None), database

    def _open(self, database: str) -> tuple[Guard, random.Random]:
        guard = Guard({database: self._folder / f"{self._names[database]}.sqlite"})
        generator = random.Random(0)
        _stand_still(guard.connection, generator)
        guard.seal()
        return guard, generator


def _stand_still(connection: sqlite3.Connection, generator: random.Random) -> None:
    """Replace what would answer differently tomorrow: random numbers, and the present moment."""
    connection.create_function("random", 0, lambda: generator.getrandbits(63))
    connection.create_function("randomblob", 1, lambda size: generator.randbytes(min(size, 1024)))
    clock = sqlite3.connect(":memory:", check_same_thread=False)
    for name in _CLOCKS:
        connection.create_function(name, -1, _clock(clock, name))
    for name, text in (("date", NOW[:10]), ("time", NOW[11:]), ("timestamp", NOW)):
        connection.create_function(f"current_{name}", 0, lambda text=text: text)


def _clock(clock: sqlite3.Connection, name: str) -> Callable[..., Any]:
    """Make a date function in which "now" is a fixed moment."""
    first = 1 if name == "strftime" else 0

    def call(*args: Any) -> Any:
        values = [NOW if isinstance(arg, str) and arg.lower() == "now" else arg for arg in args]
        if len(values) <= first:
            values.append(NOW)
        marks = ", ".join("?" * len(values))
        return clock.execute(f"SELECT {name}({marks})", values).fetchone()[0]

    return call
