"""Compiling expressions to SQLite: names are resolved and types found on the way.

`ExpressionCompiler.compile` follows MySQL's order, so that of several mistakes the same one is
reported.  Queries are compiled by the subclass in `query.py`.
"""

from collections.abc import Sequence

from stepagent_gym.envs.intercode_sql.mysql import functions
from stepagent_gym.envs.intercode_sql.mysql.collation import sort_key
from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError
from stepagent_gym.envs.intercode_sql.mysql.nodes import (
    Call,
    Case,
    Cast,
    Column,
    Expr,
    In,
    Interval,
    Like,
    Literal,
    Order,
    Quantified,
    Query,
    Row,
    Star,
    Subquery,
)
from stepagent_gym.envs.intercode_sql.mysql.operators import (
    arithmetic,
    as_text,
    comparables,
    compare,
    convert,
    literal,
    number,
    numeric_type,
    text_constant,
    text_sql,
    text_value,
    truth,
    unify,
)
from stepagent_gym.envs.intercode_sql.mysql.scope import Block, Value
from stepagent_gym.envs.intercode_sql.mysql.tables import has_aggregate
from stepagent_gym.envs.intercode_sql.mysql.types import DOUBLE, INT, NULL, TEXT, Type
from stepagent_gym.envs.intercode_sql.mysql.words import AGGREGATES, WINDOW_ONLY

_COMPARISONS = ("=", "<=>", "<", "<=", ">", ">=", "<>")
_LONGEST_PATTERN = 1000
_NO_AGGREGATES = ("where clause", "on clause", "group statement")


class ExpressionCompiler:
    """Compiles the expressions of a block; `Compiler` adds queries."""

    block: Block
    place = "0"
    """The SQL of a row's place among the rows of the block being compiled."""

    def compile(self, node: Expr) -> Value:
        """Compile an expression; raises `MySQLError` where MySQL would."""
        match node:
            case Literal():
                return literal(node)
            case Column():
                return self._column(node)
            case Call():
                return self._call(node)
            case Like():
                return self._like(node)
            case In():
                return self._in(node)
            case Subquery():
                return self._subquery(node)
            case Quantified():
                return self._quantified(node)
            case Case():
                return self._case(node)
            case Cast():
                return self._cast(node)
            case Row() | Star() | Interval():
                raise MySQLError("Operand should contain 1 column(s)")

    # Names.

    def _column(self, node: Column) -> Value:
        block = self.block
        having = block.phase == "having clause"
        if having and not block.inside_aggregate:
            return self._having_column(node)
        found = block.resolve(node)
        if found is None and (block.aliases or having):
            places = block.matching_items(node.path)
            if places:
                return self._item(places)
        if found is None:
            raise block.unknown(node)
        block.resolved[id(node)] = found
        return found[1].value

    def _having_column(self, node: Column) -> Value:
        """Resolve a name in HAVING: select items and group columns come before the tables."""
        block = self.block
        places = block.matching_items(node.path)
        if places:
            return self._item(places)
        own = block.lookup(node.path)
        if own is not None and self.is_group_field(own):
            return own.value
        if own is None and (found := block.resolve(node)) is not None:
            return found[1].value
        raise block.unknown(node)

    def _item(self, places: Sequence[int]) -> Value:
        block = self.block
        if block.inside_aggregate and has_aggregate(block.items[places[0]].expr):
            raise MySQLError("Invalid use of group function")
        return block.values[places[0]]

    def is_group_field(self, own: object) -> bool:
        """Whether a field is one that the block groups by."""
        raise NotImplementedError

    # Operators and functions.

    def _call(self, node: Call) -> Value:
        name = node.name
        if name in AGGREGATES or name in WINDOW_ONLY:
            return self._aggregate(node)
        if name in ("AND", "OR"):
            parts = [truth(self.compile(arg)) for arg in node.args]
            return Value(f"({f' {name} '.join(parts)})", INT)
        if name in _COMPARISONS:
            return self._comparison(node)
        args = [] if name == "@" else [self.compile(arg) for arg in _plain(node.args)]
        if name in ("+", "-", "*", "/", "%", "DIV"):
            return arithmetic(name, args[0], args[1])
        if simple := self._simple_operator(name, args):
            return simple
        if name == "@":
            return Value("NULL", NULL)
        if name in ("DATABASE", "SCHEMA"):
            return text_constant(self.block.database)
        if name in ("DATE_ADD", "DATE_SUB", "ADDDATE", "SUBDATE"):
            args += [text_constant(arg.unit) for arg in node.args if isinstance(arg, Interval)]
        if name == "RAND":
            return Value("my_rand()", DOUBLE)
        return functions.call(name or node.written, args, self.block.database)

    def _simple_operator(self, name: str, args: Sequence[Value]) -> Value | None:
        match name:
            case "NOT":
                return Value(f"(NOT {truth(args[0])})", INT)
            case "XOR":
                return Value(f"(({truth(args[0])} <> 0) <> ({truth(args[1])} <> 0))", INT)
            case "NEG":
                return Value(f"(-{number(args[0])})", numeric_type(args[0]))
            case "IS NULL":
                return Value(f"({args[0].sql} IS NULL)", INT)
            case "IS TRUE":
                return Value(f"coalesce({truth(args[0])} <> 0, 0)", INT)
            case "IS FALSE":
                return Value(f"coalesce({truth(args[0])} = 0, 0)", INT)
            case "BETWEEN":
                value, low, high = comparables(args)
                return Value(f"({value} BETWEEN {low} AND {high})", INT)
            case "REGEXP":
                return Value(f"my_regexp({as_text(args[0]).sql}, {as_text(args[1]).sql})", INT)
            case "BINARY":
                text = as_text(args[0])
                return Value(text.sql, TEXT, text.sql)
            case "|" | "&" | "<<" | ">>":
                return Value(f"({number(args[0])} {name} {number(args[1])})", INT)
            case "~":
                return Value(f"(~{number(args[0])})", INT)
            case "^":
                a, b = (number(arg) for arg in args)
                return Value(f"(({a} | {b}) - ({a} & {b}))", INT)
            case "SOUNDEX":
                return text_value(f"my_upper({as_text(args[0]).sql})")
            case _:
                return None

    def _comparison(self, node: Call) -> Value:
        left, right = node.args
        if isinstance(left, Row) or isinstance(right, Row):
            return self._row_comparison(node.name, left, right)
        return Value(compare(node.name, self.compile(left), self.compile(right)), INT)

    def _row_comparison(self, op: str, left: Expr, right: Expr) -> Value:
        if not isinstance(left, Row) or not isinstance(right, Row):
            wide = len(left.items) if isinstance(left, Row) else 1
            raise MySQLError(f"Operand should contain {wide} column(s)")
        if len(left.items) != len(right.items):
            raise MySQLError(f"Operand should contain {len(left.items)} column(s)")
        pairs = [
            compare("=", self.compile(a), self.compile(b))
            for a, b in zip(left.items, right.items, strict=True)
        ]
        same = f"({' AND '.join(pairs)})"
        return Value(same if op in ("=", "<=>") else f"(NOT {same})", INT)

    def _like(self, node: Like) -> Value:
        text, pattern = as_text(self.compile(node.arg)), as_text(self.compile(node.pattern))
        given = pattern.constant
        plain = given is not None and given.endswith("%") and len(given) < _LONGEST_PATTERN
        if given is not None and plain and text.key and node.escape == "\\":
            folded = "".join(sort_key(char) or " " for char in given)
            sql = f"({text.key} LIKE {text_sql(folded)} ESCAPE {text_sql(node.escape)})"
        else:
            sql = f"my_like({text.sql}, {pattern.sql}, {text_sql(node.escape)})"
        return Value(f"(NOT {sql})" if node.negated else sql, INT)

    def _in(self, node: In) -> Value:
        if node.query is not None:
            return self._in_query(node, node.query)
        if isinstance(node.arg, Row):
            tests = [self._row_comparison("=", node.arg, item).sql for item in node.items]
        else:
            arg = self.compile(node.arg)
            items = [self.compile(item) for item in node.items]
            if {value.type.kind for value in (arg, *items)} <= {"text", "null"}:
                listed = ", ".join(item.comparable for item in items)
                sql = f"({arg.comparable} IN ({listed}))"
                return Value(f"(NOT {sql})" if node.negated else sql, INT)
            tests = [compare("=", arg, item) for item in items]
        sql = f"({' OR '.join(tests)})"
        return Value(f"(NOT {sql})" if node.negated else sql, INT)

    def _case(self, node: Case) -> Value:
        operand = None if node.operand is None else self.compile(node.operand)
        tests, results = [], []
        for when, then in node.whens:
            condition = self.compile(when)
            tests.append(truth(condition) if operand is None else compare("=", operand, condition))
            results.append(self.compile(then))
        default = Value("NULL", NULL) if node.default is None else self.compile(node.default)
        kind = unify([value.type for value in (*results, default)])
        branches = " ".join(
            f"WHEN {test} THEN {convert(result, kind).sql}"
            for test, result in zip(tests, results, strict=True)
        )
        return functions.typed(f"CASE {branches} ELSE {convert(default, kind).sql} END", kind)

    def _cast(self, node: Cast) -> Value:
        value = self.compile(node.arg)
        match node.kind:
            case "signed" | "unsigned" | "year":
                return Value(f"CAST(round({number(value)}) AS INTEGER)", INT)
            case "decimal":
                sql = f"my_round({number(value)}, {node.scale})"
                return Value(sql, Type("decimal", node.scale))
            case "double":
                return Value(f"CAST({number(value)} AS REAL)", DOUBLE)
            case "char":
                return as_text(value)
            case kind:
                if kind == "time":
                    return Value(f"my_part({as_text(value).sql}, 'TIME')", Type("time"))
                return Value(f"my_temporal({as_text(value).sql}, '{kind}')", Type(kind))

    # Aggregates and windows.

    def _aggregate(self, node: Call) -> Value:
        block = self.block
        if node.over is None:
            if block.phase in _NO_AGGREGATES or block.inside_aggregate:
                raise MySQLError("Invalid use of group function")
            block.aggregates += 1
            block.distinct_aggregates += node.distinct
            block.inside_aggregate = True
        try:
            value = self._aggregated(node)
        finally:
            if node.over is None:
                block.inside_aggregate = False
        if node.over is not None:
            value = Value(f"{value.sql} OVER ({self._window(node)})", value.type)
        if node.name in ("SUM", "AVG") and value.type.kind == "decimal" and value.type.scale:
            return Value(f"round({value.sql}, {value.type.scale})", value.type)
        return value

    def _aggregated(self, node: Call) -> Value:
        name = node.name
        if name in WINDOW_ONLY:
            return self._window_function(node)
        if name == "COUNT":
            return self._count(node)
        args = [self.compile(arg) for arg in node.args]
        first = args[0]
        distinct = "DISTINCT " if node.distinct else ""
        if name in ("MIN", "MAX"):
            return self._extreme(name, first)
        if name in ("SUM", "AVG"):
            return Value(f"{name}({distinct}{number(first)})", _summed(first, 4 * (name == "AVG")))
        if name == "GROUP_CONCAT":
            return self._concat(node, args)
        if name.startswith("BIT_"):
            raise MySQLError(f"{name} is not answered here")
        sample = name if name in ("VAR_SAMP", "STDDEV_SAMP") else name.partition("_")[0]
        sql = f"my_spread({distinct}{number(first)}, '{sample}')"
        return Value(sql, DOUBLE)

    def _count(self, node: Call) -> Value:
        if isinstance(node.args[0], Star):
            return Value("COUNT(*)", INT)
        args = [self.compile(arg) for arg in node.args]
        if not node.distinct:
            return Value(f"COUNT({args[0].sql})", INT)
        if len(args) == 1:
            return Value(f"COUNT(DISTINCT {args[0].comparable})", INT)
        parts = " || char(1) || ".join(f"({arg.comparable})" for arg in args)
        return Value(f"COUNT(DISTINCT {parts})", INT)

    def _extreme(self, name: str, value: Value) -> Value:
        """`MIN` and `MAX`; of texts, the one whose collation key is least or greatest."""
        if value.type.kind != "text":
            return Value(f"{name}({value.sql})", value.type)
        joined = f"{name}({value.comparable} || char(1) || {value.sql})"
        return text_value(f"substr({joined}, instr({joined}, char(1)) + 1)")

    def _concat(self, node: Call, args: Sequence[Value]) -> Value:
        texts = " || ".join(as_text(arg).sql for arg in args)
        key = as_text(args[0]).comparable if node.distinct else "NULL"
        place = self.place
        if node.order:
            first = self._order_value(node.order[0])
            place = first.comparable
            if node.order[0].descending:
                raise MySQLError("GROUP_CONCAT with ORDER BY ... DESC is not answered here")
        elif node.distinct:
            place = key
        sql = f"my_concat({texts}, {place}, {text_sql(node.written)}, {key})"
        return text_value(sql)

    def _order_value(self, order: Order) -> Value:
        return self.compile(order.expr)

    def _window_function(self, node: Call) -> Value:
        args = [self.compile(arg) for arg in node.args]
        listed = ", ".join(arg.sql for arg in args)
        kind = args[0].type if node.name in ("LAG", "LEAD", "FIRST_VALUE", "LAST_VALUE") else INT
        if node.name in ("CUME_DIST", "PERCENT_RANK"):
            kind = DOUBLE
        return Value(f"{node.name}({listed})", kind)

    def _window(self, node: Call) -> str:
        over = node.over
        assert over is not None
        parts = []
        if over.partition:
            keys = ", ".join(self.compile(expr).comparable for expr in over.partition)
            parts.append(f"PARTITION BY {keys}")
        if over.order:
            keys = ", ".join(
                f"{self.compile(order.expr).comparable}{' DESC' if order.descending else ''}"
                for order in over.order
            )
            parts.append(f"ORDER BY {keys}")
        return " ".join([*parts, over.frame])

    # Queries as values.

    def _subquery(self, node: Subquery) -> Value:
        raise NotImplementedError

    def _quantified(self, node: Quantified) -> Value:
        raise NotImplementedError

    def _in_query(self, node: In, query: Query) -> Value:
        raise NotImplementedError


def _plain(args: Sequence[Expr]) -> list[Expr]:
    """Give arguments with intervals as their amounts."""
    return [arg.arg if isinstance(arg, Interval) else arg for arg in args]


def _summed(value: Value, more: int) -> Type:
    """Give the type of a sum (`more` = 0) or an average (4 more digits)."""
    kind = value.type if value.type.numeric else numeric_type(value)
    if kind.kind in ("int", "decimal"):
        return Type("decimal", (kind.scale or 0) + more)
    return Type("double", None if kind.scale is None else kind.scale + more)
