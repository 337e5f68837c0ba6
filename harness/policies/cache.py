"""Replies on disk by the full request, so that the same request is paid for once.

One SQLite file, in write-ahead mode: any number of processes may use it at once.
"""

import hashlib
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from stepagent_gym.errors import RunError

_PATIENCE = 30.0  # seconds to wait for another process that writes


class ResponseCache:
    """A mapping from requests to the bodies of their replies; the first reply to a request stays.

    Raises `RunError` for a file that is no such cache, or a disk that fails.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=NORMAL")
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS replies (key BLOB PRIMARY KEY, body BLOB NOT NULL)"
                " WITHOUT ROWID"
            )
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; may be called twice."""
        self._database.close()

    def get(self, key: bytes) -> bytes | None:
        """Give the body that was put under a key, or None."""
        try:
            row = self._database.execute(
                "SELECT body FROM replies WHERE key = ?", (key,)
            ).fetchone()
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        return None if row is None else bytes(row[0])

    def put(self, key: bytes, body: bytes) -> None:
        """Keep a body, unless there is one under the key."""
        try:
            self._database.execute("INSERT OR IGNORE INTO replies VALUES (?, ?)", (key, body))
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> RunError:
        return RunError(
            f"the response cache {self.path} cannot be used: {error}; "
            "remove the file, name another with --cache, or turn it off"
        )


def request_key(*parts: Any) -> bytes:
    """Hash all that a reply depends on; the order of keys in objects does not matter."""
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).digest()
