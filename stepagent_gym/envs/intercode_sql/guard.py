"""SQLite files opened so that no statement can do anything but read them, and not for long.

An authorizer allows selecting, reading, calling functions (but none that load or touch files) and
recursion, and nothing else: no write, no ATTACH, no PRAGMA, no extension.  A statement is stopped
after a number of SQLite's own steps, which is the same on every machine, and for safety after a
time; and after a number of rows or bytes.
"""

import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

MAX_STEPS = 200_000_000
MAX_SECONDS = 30.0
MAX_ROWS = 100_000
MAX_BYTES = 1 << 24

_CHECK_EVERY = 10_000
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE})
_FORBIDDEN_FUNCTIONS = frozenset(
    {
        "load_extension",
        "readfile",
        "writefile",
        "edit",
        "fts3_tokenizer",
        "sqlite_compileoption_get",
    }
)
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: MAX_BYTES,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 1 << 20,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 500,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}


class QueryStopped(Exception):
    """A statement took too many steps, too much time, or gave too many rows."""


class Guard:
    """A connection to files that are only read; `files` by the names they are attached as."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self.connection = sqlite3.connect(
            ":memory:", isolation_level=None, uri=True, check_same_thread=False
        )
        for name, path in files.items():
            uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            self.connection.execute(f'ATTACH ? AS "{name}"', (uri,))
        self._lock = threading.Lock()
        self._steps = 0
        self._deadline = 0.0
        self._stopped = ""

    def seal(self) -> None:
        """Allow nothing but reading from now on."""
        self.connection.execute("PRAGMA temp_store = MEMORY")
        for limit, value in _LIMITS.items():
            self.connection.setlimit(limit, value)
        self.connection.set_authorizer(_authorize)
        self.connection.set_progress_handler(self._progress, _CHECK_EVERY)

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Give the rows of a statement; raises `QueryStopped`, or `sqlite3.Error`."""
        with self._lock:
            self._steps = 0
            self._stopped = ""
            self._deadline = time.monotonic() + MAX_SECONDS
            try:
                with closing(self.connection.execute(sql, parameters)) as cursor:
                    rows = cursor.fetchmany(MAX_ROWS + 1)
                    self.described = cursor.description is not None
            except sqlite3.OperationalError as error:
                if self._stopped:
                    raise QueryStopped(self._stopped) from None
                raise error
        if len(rows) > MAX_ROWS:
            raise QueryStopped(f"the result has more than {MAX_ROWS:,} rows")
        return rows

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def _progress(self) -> bool:
        self._steps += _CHECK_EVERY
        if self._steps >= MAX_STEPS:
            self._stopped = f"the query took more than {MAX_STEPS:,} steps"
        elif time.monotonic() > self._deadline:
            self._stopped = f"the query took more than {MAX_SECONDS:.0f} seconds"
        return bool(self._stopped)


def _authorize(
    action: int, first: str | None, second: str | None, schema: str | None, trigger: str | None
) -> int:
    if action in _ALLOWED:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in _FORBIDDEN_FUNCTIONS:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
