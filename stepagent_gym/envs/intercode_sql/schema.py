"""Tables as MySQL knows them: columns with MySQL's types, primary keys and indexes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Self

from stepagent_gym.envs.intercode_sql.mysql.types import Type

_TYPE = re.compile(r"(\w+)(?:\((\d+)(?:,\s*(\d+))?\))?")
_INTEGERS = ("int", "integer", "bigint", "smallint", "tinyint", "mediumint", "year", "bit")
_TEXTS = ("text", "char", "varchar", "tinytext", "mediumtext", "longtext", "enum", "set", "json")


@dataclass(frozen=True, slots=True)
class ColumnSchema:
    """A column; `type` as MySQL prints it, `default` as text, `extra` such as auto_increment."""

    name: str
    type: str
    nullable: bool = True
    default: str | None = None
    extra: str = ""

    @property
    def kind(self) -> Type:
        """The type, read."""
        found = _TYPE.match(self.type.lower())
        name = found[1] if found else ""
        scale = int(found[3]) if found and found[3] else None
        if name in _INTEGERS:
            return Type("int")
        if name in ("decimal", "numeric", "dec"):
            return Type("decimal", scale or 0)
        if name in ("double", "real", "float"):
            return Type("float" if name == "float" else "double", scale)
        if name in ("date", "datetime", "time"):
            return Type(name)
        if name == "timestamp":
            return Type("datetime")
        return Type("text")


@dataclass(frozen=True, slots=True)
class Index:
    """A secondary index; `distinct`: how many values its first column has, its first two, ..."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    distinct: tuple[int, ...] = ()


@dataclass(frozen=True)
class TableSchema:
    """A table with its statistics.

    `rows`: how many there are; `estimate`: how many MySQL plans with; `distinct`: how many values
    the primary key's first column has, its first two, ...; `pages`: on disk.
    """

    name: str
    columns: tuple[ColumnSchema, ...]
    primary: tuple[str, ...] = ()
    indexes: tuple[Index, ...] = ()
    rows: int = 0
    distinct: tuple[int, ...] = ()
    pages: int = 1
    estimate: int = 0

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave."""
        return cls(
            name=value["name"],
            columns=tuple(ColumnSchema(**column) for column in value["columns"]),
            primary=tuple(value["primary"]),
            indexes=tuple(
                Index(
                    index["name"],
                    tuple(index["columns"]),
                    index["unique"],
                    tuple(index["distinct"]),
                )
                for index in value["indexes"]
            ),
            rows=value["rows"],
            distinct=tuple(value["distinct"]),
            pages=value["pages"],
            estimate=value["estimate"],
        )

    def to_json(self) -> dict[str, Any]:
        """Give a JSON value."""
        return asdict(self)

    @cached_property
    def by_name(self) -> dict[str, int]:
        """Where a column stands, by its lower-case name."""
        return {column.name.lower(): place for place, column in enumerate(self.columns)}

    def key_of(self, column: str) -> str:
        """Give what `DESCRIBE` prints under Key."""
        if column in self.primary:
            return "PRI"
        if any(index.unique and index.columns == (column,) for index in self.indexes):
            return "UNI"
        return "MUL" if any(index.columns[0] == column for index in self.indexes) else ""

    def describe(self) -> list[tuple[str, str, str, str, str | None, str]]:
        """Give the rows of `DESCRIBE`."""
        return [
            (
                column.name,
                column.type,
                "YES" if column.nullable else "NO",
                self.key_of(column.name),
                column.default,
                column.extra,
            )
            for column in self.columns
        ]

    def unique_keys(self) -> Sequence[tuple[str, ...]]:
        """List the keys whose columns hold no NULL and no row twice."""
        solid = {column.name for column in self.columns if not column.nullable}
        keys = [self.primary] if self.primary else []
        return keys + [
            index.columns
            for index in self.indexes
            if index.unique and solid.issuperset(index.columns)
        ]


@dataclass(frozen=True)
class DatabaseSchema:
    """A database: its tables by lower-case name, sorted."""

    name: str
    tables: Mapping[str, TableSchema]
