"""What names mean: sources and their fields, query blocks within query blocks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError
from stepagent_gym.envs.intercode_sql.mysql.nodes import Column, Item
from stepagent_gym.envs.intercode_sql.mysql.types import Type
from stepagent_gym.envs.intercode_sql.schema import TableSchema


@dataclass(slots=True, eq=False)
class Value:
    """An expression in SQLite's words.

    `key` compares a text as MySQL's collation does.  `constant`: the text of a literal.
    `single`: the value cannot be a query's many rows.
    """

    sql: str
    type: Type
    key: str | None = None
    constant: str | None = None
    field: "Field | None" = None

    @property
    def comparable(self) -> str:
        """What compares, groups and sorts as the value does."""
        return self.key or self.sql


@dataclass(slots=True, eq=False)
class Field:
    """A column of a source."""

    name: str
    value: Value
    source: "SourceScope"
    nullable: bool = True

    @property
    def full_name(self) -> str:
        """The name that MySQL's messages use."""
        parts = (self.source.database, self.source.alias, self.name)
        return ".".join(part for part in parts if part)


@dataclass(slots=True, eq=False)
class SourceScope:
    """A table or a query in `FROM`, with its name in SQLite (`sql`)."""

    alias: str
    sql: str
    database: str
    schema: TableSchema | None = None
    fields: list[Field] = field(default_factory=list)
    unique: list[tuple[str, ...]] = field(default_factory=list)
    optional: bool = False
    node: object = None
    rows: float = 1.0

    def find(self, name: str) -> list[Field]:
        """Give the fields of a name."""
        lowered = name.lower()
        return [own for own in self.fields if own.name.lower() == lowered]


@dataclass(slots=True, eq=False)
class Block:
    """A query block while it is compiled.

    `phase` is the clause that is being resolved; `clause` is what MySQL's messages call it, which
    stays "IN/ALL/ANY subquery" after such a query, as MySQL forgets to set it back.  `hidden` are
    the fields that USING or NATURAL merged into an equal one.  `resolved` says what a column node
    means, and in which block; `touched` which fields are read.
    """

    parent: "Block | None"
    database: str
    sources: list[SourceScope] = field(default_factory=list)
    visible: list[SourceScope] | None = None
    hidden: set[int] = field(default_factory=set)
    merged: dict[str, Field] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    clause: str = "field list"
    phase: str = "field list"
    aliases: bool = False
    grouped: bool = False
    aggregates: int = 0
    distinct_aggregates: int = 0
    inside_aggregate: bool = False
    resolved: dict[int, tuple["Block", Field]] = field(default_factory=dict)
    correlated: bool = False
    equal: list[tuple[Field, Field]] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)

    def used_fields(self) -> list[Field]:
        """List the fields that the block or a query inside it reads."""
        return [own for source in self.sources for own in source.fields if id(own) in self.touched]

    def enter(self, phase: str) -> None:
        """Begin to resolve a clause."""
        self.phase = self.clause = phase

    def own_fields(self) -> Iterable[Field]:
        """Give the fields of `*`: merged ones once."""
        for source in self.sources:
            for own in source.fields:
                if id(own) not in self.hidden:
                    yield own

    def lookup(self, path: Sequence[str]) -> Field | None:
        """Find a column among the sources; raises `MySQLError` if several have it."""
        sources = self.sources if self.visible is None else self.visible
        name = path[-1]
        if len(path) == 1 and (merged := self.merged.get(name.lower())) is not None:
            return merged
        if len(path) > 1:
            sources = [source for source in sources if source.alias.lower() == path[-2].lower()]
        if len(path) > 2:
            sources = [source for source in sources if source.database.lower() == path[0].lower()]
        found = [own for source in sources for own in source.find(name)]
        if len(path) == 1:
            found = [own for own in found if id(own) not in self.hidden]
        if len(found) > 1:
            raise MySQLError(f"Column '{'.'.join(path)}' in {self.clause} is ambiguous")
        return found[0] if found else None

    def resolve(self, column: Column) -> tuple["Block", Field] | None:
        """Find a column here, then in the blocks around."""
        block: Block | None = self
        while block is not None:
            if (found := block.lookup(column.path)) is not None:
                step: Block | None = self
                while step is not block and step is not None:
                    step.correlated = True
                    step = step.parent
                block.touched.add(id(found))
                return block, found
            block = block.parent
        return None

    def matching_items(self, path: Sequence[str]) -> list[int]:
        """Find select items by alias, or by the name of the column that they are."""
        lowered = [part.lower() for part in path]
        found = []
        for place, item in enumerate(self.items):
            if item.alias is not None:
                if len(path) == 1 and item.alias.lower() == lowered[0]:
                    found.append(place)
                continue
            own = self.values[place].field if place < len(self.values) else None
            if own is None or own.name.lower() != lowered[-1]:
                continue
            if len(path) == 1 or own.source.alias.lower() == lowered[-2]:
                found.append(place)
        return found

    def unknown(self, column: Column) -> MySQLError:
        """Make the error of a column that is nowhere."""
        return MySQLError(f"Unknown column '{'.'.join(column.path)}' in '{self.clause}'")
