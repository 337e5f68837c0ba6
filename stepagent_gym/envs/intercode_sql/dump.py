"""Reading the databases of a `mysqldump` file, as InterCode publishes them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from stepagent_gym.envs.intercode_sql.schema import ColumnSchema, Index, TableSchema
from stepagent_gym.errors import DataCorrupt

Value = str | int | float | None

_DATABASE = re.compile(r"CREATE DATABASE[^`]*`([^`]+)`|USE `([^`]+)`")
_COLUMN = re.compile(r"`([^`]+)` (\w+(?:\([^)]*\))?(?: unsigned)?)(.*)", re.DOTALL)
_KEY = re.compile(r"(PRIMARY KEY|UNIQUE KEY|KEY|FULLTEXT KEY)(?: `([^`]+)`)? \((.*)\)")
_DEFAULT = re.compile(r"DEFAULT (?:'((?:[^'\\]|''|\\.)*)'|(\w+(?:\(\d*\))?))")
_CONSTANT = re.compile(
    r"(?:_binary )?'((?:[^'\\]|''|\\.)*)'|(NULL)|(-?\d+(?![\d.eE]))|(-?[\d.]+(?:[eE][+-]?\d+)?)"
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "Z": "\x1a"}


@dataclass
class TableData:
    """A table and its rows."""

    schema: TableSchema
    rows: list[tuple[Value, ...]] = field(default_factory=list)


def read_dump(path: Path) -> dict[str, dict[str, TableData]]:
    """Read databases by name, and their tables by lower-case name.

    Raises `DataCorrupt` naming file and line.
    """
    databases: dict[str, dict[str, TableData]] = {}
    tables: dict[str, TableData] | None = None
    line = 0
    try:
        for number, statement in _statements(path):
            line = number
            if found := _DATABASE.match(statement):
                tables = databases.setdefault(found[1] or found[2], {})
            elif statement.startswith("CREATE TABLE"):
                schema = _table(statement)
                _current(tables)[schema.name] = TableData(schema)
            elif statement.startswith("INSERT INTO"):
                name = statement.split("`", 2)[1].lower()
                _current(tables)[name].rows.extend(_rows(statement))
    except (ValueError, KeyError, IndexError, UnicodeDecodeError) as error:
        raise DataCorrupt(f"{path}, line {line}: not as mysqldump writes it ({error})") from error
    if not any(databases.values()):
        raise DataCorrupt(f"{path} holds no CREATE TABLE")
    return {name: tables for name, tables in databases.items() if tables}


def _current(tables: dict[str, TableData] | None) -> dict[str, TableData]:
    if tables is None:
        raise ValueError("a table before any database")
    return tables


def _statements(path: Path) -> Iterator[tuple[int, str]]:
    """Give the statements that matter, with their lines; mysqldump ends each with its line."""
    lines: list[str] = []
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not lines and not line.startswith(("CREATE ", "INSERT ", "USE ")):
                continue
            lines.append(line)
            if line.rstrip().endswith(";"):
                yield number, "".join(lines).rstrip()
                lines = []
    if lines:
        raise ValueError("the last statement has no end")


def _table(statement: str) -> TableSchema:
    name = statement.split("`", 2)[1]
    columns, indexes = [], []
    primary: tuple[str, ...] = ()
    for line in statement.split("\n")[1:-1]:
        text = line.strip().removesuffix(",")
        if key := _KEY.match(text):
            names = tuple(re.findall(r"`([^`]+)`", key[3]))
            if key[1] == "PRIMARY KEY":
                primary = names
            else:
                indexes.append(Index(key[2], names, key[1] == "UNIQUE KEY"))
        elif column := _COLUMN.match(text):
            columns.append(_column(column[1], column[2], column[3]))
        elif not text.startswith(("CONSTRAINT", "CHECK")):
            raise ValueError(f"an unknown line of a table: {text[:60]!r}")
    if not columns:
        raise ValueError(f"the table {name} has no columns")
    return TableSchema(name.lower(), tuple(columns), primary, tuple(indexes))


def _column(name: str, kind: str, rest: str) -> ColumnSchema:
    default = _DEFAULT.search(rest)
    text = None
    extra = "auto_increment" if "AUTO_INCREMENT" in rest else ""
    if default is not None and default[2] != "NULL":
        text = default[2] if default[1] is None else default[1]
        if default[1] is None:
            extra = "DEFAULT_GENERATED"
    return ColumnSchema(name, kind, "NOT NULL" not in rest, text, extra)


def _rows(statement: str) -> Iterator[tuple[Value, ...]]:
    place = statement.index("VALUES") + len("VALUES")
    end = len(statement) - 1
    while place < end:
        place = statement.index("(", place) + 1
        values: list[Value] = []
        while True:
            constant = _CONSTANT.match(statement, place)
            if constant is None:
                raise ValueError(f"no value at {statement[place : place + 40]!r}")
            values.append(_constant(constant))
            place = constant.end() + 1
            if statement[place - 1] == ")":
                break
        yield tuple(values)
        if statement[place] not in ",;":
            raise ValueError(f"rows end in {statement[place : place + 40]!r}")


def _constant(match: re.Match[str]) -> Value:
    text, null, whole, real = match.groups()
    if text is not None:
        if "\\" in text or "''" in text:
            return re.sub(r"\\(.)|''", lambda m: _ESCAPES.get(m[1], m[1]) if m[1] else "'", text,
                          flags=re.DOTALL)  # fmt: skip
        return text
    if null:
        return None
    return int(whole) if whole is not None else float(real)
