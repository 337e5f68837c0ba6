"""The SQLite files of a database: one as it is, one as MySQL's engine is imitated over it.

`databases/<name>.sqlite` holds the tables alone.  `mysql/<name>.sqlite` adds to each table what
comparing and ordering as MySQL does needs, precomputed:

    "c$k"   for a text column c, a text that compares as the collation compares
    "$0"    the row's place in the order of the primary key (InnoDB's order of a whole table)
    "$1"... the row's place in the order of each secondary index
"""

import math
import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from stepagent_gym.envs.intercode_sql.dump import TableData, Value
from stepagent_gym.envs.intercode_sql.mysql.collation import sort_key
from stepagent_gym.envs.intercode_sql.schema import TableSchema

_AFFINITY = {"int": "INTEGER", "decimal": "REAL", "double": "REAL", "float": "REAL"}
_ROW_BYTES, _PAGE_BYTES = 20, 15_000
_VERSION_BYTES = slice(92, 100)


def write_plain(path: Path, tables: Mapping[str, TableData]) -> None:
    """Write the tables of a database as they are, with MySQL's types as declared types."""
    statements = [_create_plain(table.schema) for table in tables.values()]
    _write(path, statements, {name: table.rows for name, table in tables.items()})


def write_mysql(path: Path, tables: Mapping[str, TableData]) -> None:
    """Write the tables of a database with their keys and places."""
    statements, rows = [], {}
    for name, table in tables.items():
        statements += _create_mysql(table.schema)
        rows[name] = _with_keys(table)
    _write(path, statements, rows)


def measured(table: TableData, *, known: bool = True) -> TableSchema:
    """Give a table's schema with MySQL's statistics.

    Where they are not `known` they are those of a table that was never analysed: one row, one page.
    """
    schema = table.schema
    if not known:
        return replace(
            schema,
            rows=len(table.rows),
            estimate=1,
            distinct=(1,) * len(schema.primary),
            indexes=tuple(
                replace(index, distinct=(1,) * len(index.columns)) for index in schema.indexes
            ),
        )
    return replace(
        schema,
        rows=len(table.rows),
        estimate=len(table.rows),
        pages=_pages(table),
        distinct=_distinct(table, schema.primary),
        indexes=tuple(
            replace(index, distinct=_distinct(table, index.columns)) for index in schema.indexes
        ),
    )


def _pages(table: TableData) -> int:
    """Guess on how many pages InnoDB keeps a table; CHAR(n) takes n bytes at least."""
    least = []
    for column in table.schema.columns:
        fixed = re.match(r"char\((\d+)\)", column.type)
        least.append(int(fixed[1]) if fixed else 0)
    size = sum(
        _ROW_BYTES + sum(max(least[place], _bytes(value)) for place, value in enumerate(row))
        for row in table.rows
    )
    return max(1, math.ceil(size / _PAGE_BYTES))


def _bytes(value: Value) -> int:
    return len(value.encode()) + 1 if isinstance(value, str) else 0 if value is None else 6


def _distinct(table: TableData, columns: Sequence[str]) -> tuple[int, ...]:
    places = _columns(table.schema, columns)
    return tuple(
        len({tuple(row[place] for place in places[:count]) for row in table.rows})
        for count in range(1, len(places) + 1)
    )


def quote(name: str) -> str:
    """Write a name for SQLite."""
    return '"' + name.replace('"', '""') + '"'


def _write(
    path: Path, statements: Sequence[str], rows: Mapping[str, Sequence[tuple[Any, ...]]]
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA page_size = 1024")
        connection.execute("BEGIN")
        for statement in statements:
            if statement.startswith("CREATE TABLE"):
                connection.execute(statement)
        for name, values in rows.items():
            if values:
                marks = ", ".join("?" * len(values[0]))
                connection.executemany(f"INSERT INTO {quote(name)} VALUES ({marks})", values)
        for statement in statements:
            if not statement.startswith("CREATE TABLE"):
                connection.execute(statement)
        connection.execute("COMMIT")
    _forget_version(path)


def _forget_version(path: Path) -> None:
    """Blank the number of the SQLite that wrote the file, so that equal content is equal bytes."""
    with path.open("r+b") as file:
        file.seek(_VERSION_BYTES.start)
        file.write(bytes(_VERSION_BYTES.stop - _VERSION_BYTES.start))


def _create_plain(schema: TableSchema) -> str:
    lines = [
        f"{quote(column.name)} {column.type}{'' if column.nullable else ' NOT NULL'}"
        for column in schema.columns
    ]
    if schema.primary:
        lines.append(f"PRIMARY KEY ({', '.join(map(quote, schema.primary))})")
    inside = ",\n  ".join(lines)
    return f"CREATE TABLE {quote(schema.name)} (\n  {inside}\n)"


def _create_mysql(schema: TableSchema) -> list[str]:
    lines = [
        f"{quote(column.name)} {_AFFINITY.get(column.kind.kind, 'TEXT')}"
        for column in schema.columns
    ]
    lines += [f"{quote(f'{column.name}$k')} TEXT" for column in _texts(schema)]
    lines += [f'"${number}" INTEGER' for number in range(len(schema.indexes) + 1)]
    statements = [f"CREATE TABLE {quote(schema.name)} ({', '.join(lines)})"]
    texts = {column.name for column in _texts(schema)}
    keys = dict.fromkeys(
        columns for columns in (schema.primary, *(index.columns for index in schema.indexes))
        if columns
    )  # fmt: skip
    for number, columns in enumerate(keys):
        names = [quote(f"{name}$k" if name in texts else name) for name in columns]
        statements.append(
            f"CREATE INDEX {quote(f'{schema.name}${number}')} ON {quote(schema.name)} "
            f"({', '.join(names)})"
        )
    return statements


def _texts(schema: TableSchema) -> list[Any]:
    return [column for column in schema.columns if column.kind.kind == "text"]


def _with_keys(table: TableData) -> list[tuple[Any, ...]]:
    """Add keys and places to rows; what is a FLOAT is rounded to single precision, as in MySQL."""
    schema = table.schema
    convert = [_storage(column.kind.kind) for column in schema.columns]
    rows = [
        tuple(change(value) for change, value in zip(convert, row, strict=True))
        for row in table.rows
    ]
    texts = [schema.by_name[column.name.lower()] for column in _texts(schema)]
    keys = [
        tuple(None if row[place] is None else sort_key(str(row[place])) for place in texts)
        for row in rows
    ]
    comparable = [_comparable(row, texts, own) for row, own in zip(rows, keys, strict=True)]
    unique = [schema.primary] if schema.primary else list(schema.unique_keys())[:1]
    clustered = _places(comparable, _columns(schema, unique[0]) if unique else [], None)
    orders = [
        _places(comparable, _columns(schema, index.columns), clustered) for index in schema.indexes
    ]
    return [
        (*row, *keys[number], clustered[number], *(order[number] for order in orders))
        for number, row in enumerate(rows)
    ]


def _storage(kind: str) -> Callable[[Value], Any]:
    """Give how a value is stored: numbers as numbers, everything else as text."""
    if kind == "float":
        return lambda value: None if value is None else float(np.float32(value))
    if kind in ("double", "decimal"):
        return lambda value: None if value is None else float(value)
    if kind == "int":
        return lambda value: None if value is None else int(value)
    return lambda value: None if value is None else str(value)


def _comparable(
    row: Sequence[Any], texts: Sequence[int], keys: Sequence[str | None]
) -> tuple[tuple[bool, Any], ...]:
    values = list(row)
    for place, key in zip(texts, keys, strict=True):
        values[place] = key
    return tuple((value is not None, value) for value in values)


def _columns(schema: TableSchema, names: Sequence[str]) -> list[int]:
    return [schema.by_name[name.lower()] for name in names]


def _places(
    rows: Sequence[tuple[tuple[bool, Any], ...]],
    columns: Sequence[int],
    clustered: Sequence[int] | None,
) -> list[int]:
    """Give each row's place, from 1, in the order of some columns, then of the clustered key."""
    order = sorted(
        range(len(rows)),
        key=lambda number: (
            [rows[number][column] for column in columns],
            number if clustered is None else clustered[number],
        ),
    )
    places = [0] * len(rows)
    for place, number in enumerate(order, start=1):
        places[number] = place
    return places
