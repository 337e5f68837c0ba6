"""Reading databases of Spider's form: a folder of SQLite files, `<db>/<db>.sqlite`.

They come with SQLite's loose types; each column gets the MySQL type that its declaration and its
values allow, as a conversion to MySQL would give it.
"""

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from stepagent_gym.envs.intercode_sql.dump import TableData, Value
from stepagent_gym.envs.intercode_sql.mysql.temporal import normalise
from stepagent_gym.envs.intercode_sql.schema import ColumnSchema, Index, TableSchema
from stepagent_gym.errors import DataCorrupt

_SIZED = re.compile(r"(?:var)?char\w*\s*\((\d+)\)", re.IGNORECASE)
_DECIMAL = re.compile(r"(?:decimal|numeric)\s*\((\d+)\s*,\s*(\d+)\)", re.IGNORECASE)


def find_databases(folder: Path) -> dict[str, Path]:
    """Find the SQLite files under a folder, by name."""
    return {
        path.stem: path
        for path in sorted(folder.rglob("*.sqlite"))
        if path.parent.name == path.stem or path.parent == folder
    }


def read_sqlite(path: Path) -> dict[str, TableData]:
    """Read the tables of a SQLite file; `DataCorrupt` where it is none."""
    try:
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
            names = [
                name
                for (name,) in connection.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid"
                )
                if not name.startswith("sqlite_")
            ]
            return {name.lower(): _table(connection, name) for name in names}
    except sqlite3.Error as error:
        raise DataCorrupt(f"{path} is no SQLite database: {error}") from error


def _table(connection: sqlite3.Connection, name: str) -> TableData:
    quoted = '"' + name.replace('"', '""') + '"'
    described = connection.execute(f"PRAGMA table_info({quoted})").fetchall()
    rows = connection.execute(f"SELECT * FROM {quoted}").fetchall()
    primary = tuple(row[1] for row in sorted(described, key=lambda row: row[5]) if row[5])
    foreign = connection.execute(f"PRAGMA foreign_key_list({quoted})").fetchall()
    keyed = {row[3].lower() for row in foreign} | {column.lower() for column in primary}
    columns = [
        _column(row, [values[place] for values in rows], row[1].lower() in keyed)
        for place, row in enumerate(described)
    ]
    by_name = {column.name.lower(): column.name for column in columns}
    indexes = [
        Index(f"{name}_FK_{number}", (by_name[row[3].lower()],))
        for number, row in enumerate(foreign)
        if row[3].lower() in by_name
    ]
    schema = TableSchema(name.lower(), tuple(columns), primary, tuple(_distinct(indexes)))
    converted = [
        tuple(_convert(value, column) for value, column in zip(row, columns, strict=True))
        for row in rows
    ]
    return TableData(schema, converted)


def _distinct(indexes: Sequence[Index]) -> list[Index]:
    """Drop indexes over the same columns."""
    return list({index.columns: index for index in reversed(indexes)}.values())[::-1]


def _column(row: Sequence[Any], values: Sequence[Any], key: bool) -> ColumnSchema:
    name, declared, required = row[1], str(row[2] or ""), bool(row[3]) or bool(row[5])
    return ColumnSchema(name, _type(declared.lower(), values, key), not required)


def _type(declared: str, values: Sequence[Any], key: bool) -> str:
    """Choose the MySQL type that a declaration names and that all values fit."""
    known = [value for value in values if value is not None]
    if "int" in declared or "bit" in declared:
        if all(isinstance(value, int) for value in known):
            return "int"
        if all(isinstance(value, int | float) for value in known):
            return "double"
    elif any(word in declared for word in ("real", "doub", "floa", "num", "dec")):
        if all(isinstance(value, int | float) for value in known):
            exact = _DECIMAL.search(declared)
            return f"decimal({exact[1]},{exact[2]})" if exact else "double"
    elif "date" in declared or "timestamp" in declared:
        kind = "date" if declared == "date" else "datetime"
        if all(isinstance(value, str) and normalise(value, kind) for value in known):
            return kind
    sized = _SIZED.search(declared)
    if sized:
        longest = max((len(str(value)) for value in known), default=1)
        return f"varchar({max(int(sized[1]), longest)})"
    return "varchar(255)" if key else "text"


def _convert(value: Any, column: ColumnSchema) -> Value:
    """Fit a value to its column's type."""
    if value is None:
        return None
    kind = column.kind.kind
    if kind == "text":
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    if kind in ("date", "datetime"):
        return normalise(str(value), kind)
    return value  # type: ignore[no-any-return]
