"""`SHOW` and `DESCRIBE`, and what `information_schema` says of tables and columns."""

from collections.abc import Mapping
from typing import Any

from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError
from stepagent_gym.envs.intercode_sql.mysql.nodes import Show
from stepagent_gym.envs.intercode_sql.mysql.runtime import like
from stepagent_gym.envs.intercode_sql.schema import DatabaseSchema, TableSchema

Rows = list[tuple[Any, ...]]
_OF_THE_SERVER = ("information_schema", "mysql", "performance_schema", "sys")


def answer(show: Show, databases: Mapping[str, DatabaseSchema], database: str) -> Rows:
    """Answer a statement about the schema; raises `MySQLError`."""
    if show.where is not None:
        raise MySQLError("SHOW ... WHERE is not answered here")
    if show.what == "databases":
        return _filtered([(name,) for name in sorted({*databases, *_OF_THE_SERVER})], show.like)
    home = (show.database or database).lower()
    if home not in databases:
        raise MySQLError(f"Unknown database '{home}'")
    tables = databases[home].tables
    if show.what == "tables":
        rows: Rows = [(name, "BASE TABLE") if show.full else (name,) for name in sorted(tables)]
        return _filtered(rows, show.like)
    name = (show.table or "").lower()
    if name not in tables:
        raise MySQLError(f"Table '{home}.{name}' doesn't exist")
    table = tables[name]
    if show.what == "index":
        return _indexes(table)
    if show.what == "create":
        return [(table.name, _create(table))]
    columns: Rows = list(table.describe())
    if show.full:
        columns = [_full(row) for row in columns]
    return _filtered(columns, show.like)


def _full(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Add what `SHOW FULL COLUMNS` shows: collation, privileges, comment."""
    text = row[1].startswith(("text", "char", "varchar"))
    collation = "utf8mb4_general_ci" if text else None
    return (*row[:2], collation, *row[2:], "select,insert,update,references", "")


def _filtered(rows: Rows, pattern: str | None) -> Rows:
    if pattern is None:
        return rows
    return [row for row in rows if like(row[0], pattern, "\\")]


def _indexes(table: TableSchema) -> Rows:
    rows: Rows = []
    keys = [("PRIMARY", table.primary, True)] if table.primary else []
    keys += [(index.name, index.columns, index.unique) for index in table.indexes]
    for name, columns, unique in keys:
        for place, column in enumerate(columns, start=1):
            nullable = table.columns[table.by_name[column.lower()]].nullable
            told = "YES" if nullable else ""
            rows.append((table.name, int(not unique), name, place, column, "A", table.rows, None,
                         None, told, "BTREE", "", "", "YES", None))  # fmt: skip
    return rows


def _create(table: TableSchema) -> str:
    lines = []
    for column in table.columns:
        text = f"  `{column.name}` {column.type}"
        if column.kind.kind == "text":
            text += " CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci"
        if not column.nullable:
            text += " NOT NULL"
        if column.default is not None:
            generated = column.extra == "DEFAULT_GENERATED"
            text += f" DEFAULT {column.default if generated else repr(column.default)}"
        elif column.nullable and not column.type.startswith("text"):
            text += " DEFAULT NULL"
        lines.append(text + (" AUTO_INCREMENT" if column.extra == "auto_increment" else ""))
    if table.primary:
        lines.append(f"  PRIMARY KEY ({_names(table.primary)})")
    for index in table.indexes:
        unique = "UNIQUE " if index.unique else ""
        lines.append(f"  {unique}KEY `{index.name}` ({_names(index.columns)})")
    inside = ",\n".join(lines)
    return (
        f"CREATE TABLE `{table.name}` (\n{inside}\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 "
        "COLLATE=utf8mb4_general_ci"
    )


def _names(columns: tuple[str, ...]) -> str:
    return ",".join(f"`{column}`" for column in columns)
