"""A parsed statement."""

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Literal:
    """A constant; `kind`: int, decimal, double, string, null, date, time, datetime."""

    value: str
    kind: str


@dataclass(slots=True, eq=False)
class Column:
    """A column, as it was written: (column,), (table, column) or (database, table, column)."""

    path: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Star:
    """`*` or `t.*`."""

    path: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Over:
    """The window of a function."""

    partition: list["Expr"]
    order: list["Order"]
    frame: str = ""
    name: str | None = None


@dataclass(slots=True, eq=False)
class Call:
    """A function; operators are functions too (`+`, `=`, `AND`, `NOT`, ...)."""

    name: str
    args: list["Expr"]
    distinct: bool = False
    order: list["Order"] = field(default_factory=list)
    over: Over | None = None
    database: str | None = None
    written: str = ""


@dataclass(slots=True, eq=False)
class Like:
    """`LIKE`, with its escape character."""

    arg: "Expr"
    pattern: "Expr"
    escape: str
    negated: bool


@dataclass(slots=True, eq=False)
class In:
    """`IN (a, b, ...)` or `IN (SELECT ...)`."""

    arg: "Expr"
    items: list["Expr"]
    query: "Query | None"
    negated: bool


@dataclass(slots=True, eq=False)
class Quantified:
    """A comparison with `ALL` or `ANY` of a query's rows."""

    op: str
    arg: "Expr"
    every: bool
    query: "Query"


@dataclass(slots=True, eq=False)
class Subquery:
    """A query as a value, or with `exists` as a test for rows."""

    query: "Query"
    exists: bool = False


@dataclass(slots=True, eq=False)
class Case:
    """`CASE`."""

    operand: "Expr | None"
    whens: list[tuple["Expr", "Expr"]]
    default: "Expr | None"


@dataclass(slots=True, eq=False)
class Cast:
    """`CAST`: `kind` is signed, unsigned, char, date, datetime, time, year, decimal, double."""

    arg: "Expr"
    kind: str
    scale: int = 0


@dataclass(slots=True, eq=False)
class Interval:
    """`INTERVAL n unit`."""

    arg: "Expr"
    unit: str


@dataclass(slots=True, eq=False)
class Row:
    """`(a, b)`."""

    items: list["Expr"]


Expr = (
    Literal
    | Column
    | Star
    | Call
    | Like
    | In
    | Quantified
    | Subquery
    | Case
    | Cast
    | Interval
    | Row
)


@dataclass(slots=True, eq=False)
class Order:
    """An item of `ORDER BY` or `GROUP BY`."""

    expr: Expr
    descending: bool = False


@dataclass(slots=True, eq=False)
class Item:
    """An item of the select list; `text` is how it was written."""

    expr: Expr
    alias: str | None
    text: str


@dataclass(slots=True, eq=False)
class Table:
    """A table that has a name."""

    database: str | None
    name: str
    alias: str


@dataclass(slots=True, eq=False)
class Derived:
    """A query as a table."""

    query: "Query"
    alias: str
    columns: list[str]


@dataclass(slots=True, eq=False)
class Join:
    """A join; `kind`: inner, left or right.  `using` is None for none, and for NATURAL."""

    kind: str
    left: "Source"
    right: "Source"
    on: Expr | None = None
    using: list[str] | None = None
    natural: bool = False
    straight: bool = False


Source = Table | Derived | Join


@dataclass(slots=True, eq=False)
class Select:
    """A query block."""

    items: list[Item]
    distinct: bool = False
    sources: list[Source] = field(default_factory=list)
    where: Expr | None = None
    group: list[Order] = field(default_factory=list)
    rollup: bool = False
    having: Expr | None = None
    windows: dict[str, Over] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class SetOperation:
    """`UNION`, `INTERSECT` or `EXCEPT`."""

    op: str
    distinct: bool
    left: "Body"
    right: "Body"


@dataclass(slots=True, eq=False)
class CommonTable:
    """A table of `WITH`."""

    name: str
    columns: list[str]
    query: "Query"
    recursive: bool = False


@dataclass(slots=True, eq=False)
class Query:
    """A query with what stands around its blocks; a limit of None is no limit."""

    body: "Body"
    common: list[CommonTable] = field(default_factory=list)
    order: list[Order] = field(default_factory=list)
    limit: int | None = None
    offset: int = 0


Body = Select | SetOperation | Query


@dataclass(slots=True, eq=False)
class Show:
    """`SHOW` or `DESCRIBE` of `what`: tables, columns, databases, create or index."""

    what: str
    table: str | None = None
    database: str | None = None
    like: str | None = None
    full: bool = False
    where: Expr | None = None


@dataclass(slots=True, eq=False)
class Use:
    """`USE database`."""

    database: str


@dataclass(slots=True, eq=False)
class Other:
    """A statement that this engine does not do; `word` is its first."""

    word: str


Statement = Query | Show | Use | Other
