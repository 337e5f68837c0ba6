"""What the made databases and their questions are built from: worlds, and queries over them.

A query is kept as its parts, so that its SQL text and its hardness both follow from the way it
was put together.
"""

from dataclasses import dataclass, field
from typing import Any

Value = int | float | str | None
Row = tuple[Value, ...]

SPAN = {
    "number": ("highest", "lowest"),
    "year": ("latest", "earliest"),
    "date": ("latest", "earliest"),
}


@dataclass(frozen=True)
class Column:
    """A column: how its values are made, and how English speaks of them.

    `make` is `key`, `name`, `choice`, `number`, `year`, `date` or `link`.
    """

    name: str
    make: str
    type: str
    noun: str = ""
    nouns: str = ""
    nulls: float = 0.0
    repeats: float = 0.0
    values: tuple[str, ...] = ()
    parts: tuple[tuple[str, ...], ...] = ()
    range: tuple[int, int] = (0, 0)
    step: float = 1
    after: str = ""
    wait: int = 0
    within: int = 0
    adds: bool = False
    to: str = ""
    by: str = ""
    holds: str = ""
    ends: tuple[str, str] = ("", "")
    over: str = "whose {noun} is above {}"
    under: str = "whose {noun} is below {}"
    between: str = "whose {noun} is between {} and {}"
    top: str = "with the {high} {noun}"
    bottom: str = "with the {low} {noun}"

    @property
    def span(self) -> tuple[str, str]:
        """The words for its greatest and its least value."""
        return self.ends if self.ends[0] else SPAN[self.make]

    @property
    def plural(self) -> str:
        """The plural of its noun."""
        return self.nouns or f"{self.noun}s"

    @property
    def is_text(self) -> bool:
        """Whether SQL writes its values in quotes."""
        return self.type.split("(")[0] in ("text", "varchar", "date")

    def say(self, phrase: str, *values: object) -> str:
        """Fill one of its phrases."""
        high, low = self.span
        return phrase.format(*values, noun=self.noun, high=high, low=low)


@dataclass(frozen=True)
class Table:
    """A table: its columns, its primary key, and the nouns for one and for many of its rows."""

    name: str
    one: str
    many: str
    size: int
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    person: bool = False

    def column(self, name: str) -> Column:
        """Give the column of a name."""
        return next(column for column in self.columns if column.name == name)

    def place(self, name: str) -> int:
        """Give the place of a column in a row."""
        return [column.name for column in self.columns].index(name)


@dataclass(frozen=True)
class Link:
    """A foreign key: a column of one table that holds the key of another."""

    child: Table
    column: Column
    parent: Table


@dataclass(frozen=True)
class World:
    """A database: tables, parents before children, and their rows."""

    name: str
    tables: tuple[Table, ...]
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def table(self, name: str) -> Table:
        """Give the table of a name."""
        return next(table for table in self.tables if table.name == name)

    def values(self, table: Table, column: Column) -> list[Any]:
        """Give a column's values, without its NULLs."""
        place = table.place(column.name)
        return [row[place] for row in self.rows[table.name] if row[place] is not None]

    def links(self) -> list[Link]:
        """Give every foreign key."""
        return [
            Link(table, column, self.table(column.to))
            for table in self.tables
            for column in table.columns
            if column.make == "link"
        ]


@dataclass(frozen=True)
class Term:
    """A column or, with `call`, an aggregate of one; `COUNT(*)` has no table."""

    table: str
    column: str
    call: str = ""

    def sql(self, aliases: dict[str, str]) -> str:
        """Write it; a call that ends in a word such as DISTINCT keeps that within the brackets."""
        alias = aliases.get(self.table)
        name = f"{alias}.{self.column}" if alias else self.column
        call, _, inner = self.call.partition(" ")
        return f"{call}({inner} {name})".replace("( ", "(") if call else name


COUNT = Term("", "*", "COUNT")


@dataclass(frozen=True)
class Condition:
    """A test of a term; `value` is SQL text, or a nested query."""

    term: Term
    operator: str
    value: "str | Query" = ""

    def sql(self, aliases: dict[str, str]) -> str:
        """Write it."""
        value = f"({self.value.sql()})" if isinstance(self.value, Query) else self.value
        return f"{self.term.sql(aliases)} {self.operator} {value}".rstrip()


@dataclass(frozen=True)
class Query:
    """One SELECT; `links` join `table` with others, each to one that stands before it."""

    select: tuple[Term, ...]
    table: str
    links: tuple[Link, ...] = ()
    distinct: bool = False
    where: tuple[Condition, ...] = ()
    either: bool = False
    group: tuple[Term, ...] = ()
    having: tuple[Condition, ...] = ()
    order: tuple[tuple[Term, str], ...] = ()
    limit: int | None = None

    def sql(self) -> str:
        """Write it in words that MySQL 8 and SQLite understand alike."""
        source, aliases = self._source()
        text = "SELECT DISTINCT " if self.distinct else "SELECT "
        text += ", ".join(term.sql(aliases) for term in self.select) + f" FROM {source}"
        if self.where:
            tests = [test.sql(aliases) for test in self.where]
            text += " WHERE " + (" OR " if self.either else " AND ").join(tests)
        if self.group:
            text += " GROUP BY " + ", ".join(term.sql(aliases) for term in self.group)
        if self.having:
            text += " HAVING " + " AND ".join(test.sql(aliases) for test in self.having)
        if self.order:
            keys = [f"{term.sql(aliases)} {way}".rstrip() for term, way in self.order]
            text += " ORDER BY " + ", ".join(keys)
        return text + (f" LIMIT {self.limit}" if self.limit else "")

    def _source(self) -> tuple[str, dict[str, str]]:
        """Write what stands after FROM, and name the tables' aliases."""
        if not self.links:
            return self.table, {}
        aliases = {self.table: "T1"}
        text = f"{self.table} AS T1"
        for link in self.links:
            sides = {link.child.name: link.column.name, link.parent.name: link.parent.key[0]}
            new = next(name for name in sides if name not in aliases)
            aliases[new] = f"T{len(aliases) + 1}"
            test = " = ".join(f"{aliases[name]}.{column}" for name, column in sides.items())
            text += f" JOIN {new} AS {aliases[new]} ON {test}"
        return text, aliases

    def nested(self) -> list["Query"]:
        """Give the queries within its conditions."""
        return [test.value for test in self.where + self.having if isinstance(test.value, Query)]


def hardness(query: Query) -> str:
    """Tell a query's level by Spider's definition.

    Three things are counted.  `first`: one each for WHERE, GROUP BY, ORDER BY and LIMIT, and one
    for every JOIN, OR and LIKE.  `second`: one for every nested query (and for UNION, EXCEPT and
    INTERSECT, which are not used here).  `others`: one each for more than one aggregate, selected
    column, WHERE condition and GROUP BY column.

    easy: first <= 1, others = 0, second = 0.
    medium: second = 0, and either others <= 2 with first <= 1, or others < 2 with first <= 2.
    hard: second = 0, and either others > 2 with first <= 2, or others <= 2 with first = 3;
    or else first <= 1, others = 0 and second <= 1.
    extra: all that is left.
    """
    tests = query.where + query.having
    first = sum(map(bool, (query.where, query.group, query.order, query.limit)))
    first += len(query.links) + sum(test.operator == "LIKE" for test in tests)
    first += len(query.where) - 1 if query.either else 0
    second = len(query.nested())
    terms = [*query.select, *(key for key, _ in query.order), *(test.term for test in tests)]
    several = (
        [term for term in terms if term.call],
        query.select,
        query.where,
        query.group,
    )
    others = sum(len(things) > 1 for things in several)
    if first <= 1 and others == 0 and second == 0:
        return "easy"
    if second == 0 and ((others <= 2 and first <= 1) or (others < 2 and first <= 2)):
        return "medium"
    plain = second == 0 and ((others > 2 and first <= 2) or (others <= 2 and first == 3))
    if plain or (first <= 1 and others == 0 and second <= 1):
        return "hard"
    return "extra"
