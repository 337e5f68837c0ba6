"""Answering statements as a MySQL server does, over SQLite files that are only read."""

import sqlite3
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from stepagent_gym.envs.intercode_sql.guard import Guard, QueryStopped
from stepagent_gym.envs.intercode_sql.mysql import catalogue, filesort
from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError
from stepagent_gym.envs.intercode_sql.mysql.nodes import Other, Show, Use
from stepagent_gym.envs.intercode_sql.mysql.parser import parse_statement
from stepagent_gym.envs.intercode_sql.mysql.query import Compiler
from stepagent_gym.envs.intercode_sql.mysql.runtime import Runtime
from stepagent_gym.envs.intercode_sql.mysql.tables import check_tables
from stepagent_gym.envs.intercode_sql.mysql.types import Type, to_python
from stepagent_gym.envs.intercode_sql.schema import DatabaseSchema

Rows = list[tuple[Any, ...]]

_READ_ONLY = (
    "The MySQL server is running with the --read-only option so it cannot execute this statement"
)
_KEPT = 64


class Prepared(NamedTuple):
    """A compiled query: its SQL, and how its rows are sorted and cut afterwards.

    Rows carry a sort key for each of `descending` after their values.  `wanted`: limit and offset.
    `expected`: the rows that MySQL expects to sort (None: it knows their number).
    """

    sql: str
    kinds: tuple[Type, ...]
    used: frozenset[str]
    descending: tuple[bool, ...]
    wanted: tuple[int, int] | None
    expected: float | None


class MySQLServer:
    """A server with databases; `folder` holds `<name>.sqlite` as `store.write_mysql` wrote them."""

    def __init__(self, folder: Path, databases: Mapping[str, DatabaseSchema]) -> None:
        self._folder = folder
        self._databases = {name.lower(): schema for name, schema in databases.items()}
        self._session = lru_cache(maxsize=_KEPT)(self._open)
        self._compiled = lru_cache(maxsize=4096)(self._compile)

    def databases(self) -> list[str]:
        """List the databases."""
        return sorted(self._databases)

    def execute(self, statement: str, database: str) -> tuple[Rows | None, str]:
        """Answer a statement: its rows (None: it has none), and the database from then on.

        Raises `MySQLError` with MySQL's words.
        """
        parsed = self._compiled(statement, database.lower())
        if isinstance(parsed, MySQLError):
            raise MySQLError(*parsed.args)
        if isinstance(parsed, Use):
            if parsed.database.lower() not in self._databases:
                raise MySQLError(f"Unknown database '{parsed.database}'")
            return None, parsed.database.lower()
        if isinstance(parsed, Other):
            if parsed.word == "SET":
                return None, database
            raise MySQLError(_READ_ONLY)
        if isinstance(parsed, Show):
            return catalogue.answer(parsed, self._databases, database), database
        return self._run(parsed), database

    def _compile(self, statement: str, database: str) -> Any:
        """Compile once what may come again; an error is kept like a result."""
        try:
            parsed = parse_statement(statement)
            if isinstance(parsed, Show | Use | Other):
                return parsed
            check_tables(parsed, self._databases, database)
            compiler = Compiler(self._databases, database)
            compiled = compiler.compile_query(parsed)
            return Prepared(
                compiled.sortable() if compiled.order else compiled.result(),
                tuple(value.type for value in compiled.values),
                frozenset(compiler.used),
                tuple(down for _, down in compiled.order),
                compiled.wanted,
                None if compiled.counted else compiled.expected,
            )
        except MySQLError as error:
            return error.with_traceback(None)
        except RecursionError:
            return MySQLError("Thread stack overrun: the statement is nested too deep")

    def _run(self, query: Prepared) -> Rows:
        guard, runtime = self._session(query.used)
        runtime.begin()
        try:
            rows = guard.query(query.sql)
        except QueryStopped as stop:
            raise MySQLError(f"Query execution was interrupted: {stop}") from None
        except sqlite3.Error as error:
            raise MySQLError(
                runtime.failure or f"This query is not answered here ({error})"
            ) from None
        if query.descending:
            rows = _sorted(rows, query)
        return [
            tuple(to_python(value, kind) for value, kind in zip(row, query.kinds, strict=True))
            for row in rows
        ]

    def _open(self, used: frozenset[str]) -> tuple[Guard, Runtime]:
        guard = Guard({name: self._folder / f"{name}.sqlite" for name in sorted(used)})
        runtime = Runtime(guard.connection)
        guard.seal()
        return guard, runtime


def _sorted(rows: Rows, query: Prepared) -> Rows:
    width = len(query.kinds)
    limit, offset = query.wanted or (None, 0)
    wanted = None if limit is None else limit + offset
    expected = len(rows) if query.expected is None else query.expected
    order = filesort.sort([row[width:] for row in rows], query.descending, wanted, expected)
    return [rows[number][:width] for number in order[offset:]]
