"""The checks of the made data and questions, in an SQLite database in memory."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

from queries import Condition, Query, Row, World

LONGEST_ANSWER = 40
CLOSE = 0.001


def load(world: World) -> sqlite3.Connection:
    """Load a world into SQLite, and check that its keys hold and its texts sort as in MySQL."""
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA foreign_keys = ON")
    for table in world.tables:
        lines = []
        for column in table.columns:
            kind = "TEXT" if column.is_text else "REAL" if column.step % 1 else "INTEGER"
            lines.append(f"{column.name} {kind}" + ("" if column.nulls else " NOT NULL"))
            if column.is_text:
                texts = sorted(set(world.values(table, column)))
                if texts != sorted({text.upper(): text for text in texts}.values(), key=str.upper):
                    raise ValueError(f"{world.name}.{table.name}.{column.name}: case matters")
            if column.make == "link":
                key = world.table(column.to).key[0]
                lines[-1] += f" REFERENCES {column.to} ({key})"
        lines.append(f"PRIMARY KEY ({', '.join(table.key)})")
        connection.execute(f"CREATE TABLE {table.name} ({', '.join(lines)})")
        marks = ", ".join("?" * len(table.columns))
        connection.executemany(f"INSERT INTO {table.name} VALUES ({marks})", world.rows[table.name])
    return connection


def fault(connection: sqlite3.Connection, query: Query) -> str:
    """Tell what is wrong with a question's query; empty if nothing is."""
    rows = answer(connection, query)
    if not any(value for row in rows for value in row):
        return "the answer is empty"
    if any(value is None for row in rows for value in row):
        return "the answer holds a NULL"
    if len(rows) > LONGEST_ANSWER:
        return "the answer is long"
    if len(set(rows)) < len(rows):
        return "a row of the answer stands twice"
    if tied(connection, query):
        return "the order has ties"
    if any(same(answer(connection, other), rows) for other in looser(query)):
        return "a condition changes nothing"
    grouped = query.group and query.where and not query.limit
    if grouped and len(answer(connection, replace(query, where=()))) > len(rows):
        return "a group is lost"
    if not all(same(answer(connection, other), rows) for other in shaken(query)):
        return "a value lies too close to an average"
    return ""


def answer(connection: sqlite3.Connection, query: Query) -> list[Row]:
    """Run a query."""
    return connection.execute(query.sql()).fetchall()


def same(one: list[Row], other: list[Row]) -> bool:
    """Tell whether two answers are the same, in whatever order."""
    return sorted(one, key=str) == sorted(other, key=str)


def tied(connection: sqlite3.Connection, query: Query) -> bool:
    """Tell whether an order leaves open what comes first.

    It does where rows that differ share a place in it, where a limit cuts between equals, and
    where a row stands in it by a NULL.
    """
    if not query.order:
        return False
    keys = tuple(key for key, _ in query.order)
    rows = answer(connection, replace(query, select=query.select + keys, limit=None))
    width = len(query.select)
    if any(value is None for row in rows for value in row[width:]):
        return True
    for place in range(min(query.limit or len(rows), len(rows) - 1)):
        one, other = rows[place], rows[place + 1]
        cut = place + 1 == query.limit
        if all(map(close, one[width:], other[width:])) and (cut or one[:width] != other[:width]):
            return True
    return False


def close(one: object, other: object) -> bool:
    """Tell whether two values of an order may count as equal."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < CLOSE
    return one == other


def looser(query: Query) -> Iterator[Query]:
    """Give the query without each one of its conditions, or of those of a nested query."""
    for place, test in enumerate(query.where):
        before, after = query.where[:place], query.where[place + 1 :]
        yield replace(query, where=before + after)
        if isinstance(test.value, Query):
            for nested in looser(test.value):
                yield replace(query, where=(*before, replace(test, value=nested), *after))
    if query.having:
        yield replace(query, having=())


def shaken(query: Query) -> Iterator[Query]:
    """Give the query with each comparison with an average a little off."""
    for shift in (-CLOSE, CLOSE):
        where = tuple(shift_average(test, shift) for test in query.where)
        having = tuple(shift_average(test, shift) for test in query.having)
        yield replace(query, where=where, having=having)


def shift_average(test: Condition, shift: float) -> Condition:
    """Shift what a condition compares with, where an average stands on either side."""
    nested = test.value.select[0].call if isinstance(test.value, Query) else ""
    if "AVG" in (nested, test.term.call):
        return replace(test, operator=f"{test.operator} {shift} +")
    return test
