"""Compiling queries to SQLite.

A compiled query keeps its parts apart, since it is written differently as a result, as a table, as
a value, and as a set to search in.  Its rows come in MySQL's order: first by `ORDER BY`, then by
the row's place (see `plan`), which for a group is that of its first row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stepagent_gym.envs.intercode_sql.mysql import plan
from stepagent_gym.envs.intercode_sql.mysql.compiler import ExpressionCompiler
from stepagent_gym.envs.intercode_sql.mysql.conditions import field_of
from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError
from stepagent_gym.envs.intercode_sql.mysql.grouping import check_grouping
from stepagent_gym.envs.intercode_sql.mysql.nodes import (
    Body,
    Column,
    CommonTable,
    Derived,
    Expr,
    In,
    Item,
    Join,
    Literal,
    Order,
    Quantified,
    Query,
    Row,
    Select,
    SetOperation,
    Source,
    Star,
    Subquery,
    Table,
)
from stepagent_gym.envs.intercode_sql.mysql.operators import (
    comparables,
    compare,
    convert,
    truth,
    unify,
)
from stepagent_gym.envs.intercode_sql.mysql.scope import Block, Field, SourceScope, Value
from stepagent_gym.envs.intercode_sql.mysql.types import INT, NULL, TEXT
from stepagent_gym.envs.intercode_sql.schema import DatabaseSchema
from stepagent_gym.envs.intercode_sql.store import quote

PART = 1 << 40
"""The distance between the places of a union's first and second part."""


@dataclass(slots=True, eq=False)
class Compiled:
    """A query in SQLite's words, in parts.

    `order` holds what `ORDER BY` compares, with whether it descends; `place` what comes after.
    """

    values: list[Value]
    names: list[str]
    source: str = ""
    where: str = ""
    group: list[str] = field(default_factory=list)
    having: str = ""
    order: list[tuple[str, bool]] = field(default_factory=list)
    place: str = "NULL"
    presort: list[str] = field(default_factory=list)
    limit: str = ""
    wanted: tuple[int, int] | None = None
    single: bool = False
    expected: float = 10.0
    counted: bool = False

    def replace(self, marker: str, place: str) -> None:
        """Put the place of rows, known last, where it was needed before."""
        for value in self.values:
            value.sql = value.sql.replace(marker, place)
            value.key = value.key and value.key.replace(marker, place)
        self.source = self.source.replace(marker, place)
        self.having = self.having.replace(marker, place)
        self.place = self.place.replace(marker, place)
        self.presort = [key.replace(marker, place) for key in self.presort]
        self.order = [(key.replace(marker, place), down) for key, down in self.order]

    def rows(self, columns: Sequence[str], *, ordered: bool = True) -> str:
        """Write a SELECT of some columns over these rows."""
        sql = f"SELECT {', '.join(columns)}{self._rest()}"
        if ordered:
            sql += f" ORDER BY {', '.join(self.ordering())}"
        return sql + self.limit

    def ordering(self) -> list[str]:
        """Write what the rows are ordered by."""
        order = [f"{key} DESC" if down else key for key, down in self.order]
        return [*order, *self.presort, self.place]

    def result(self) -> str:
        """Write the query as a result."""
        return self.rows([value.sql for value in self.values])

    def sortable(self) -> str:
        """Write the query as a result that is not sorted and cut yet, with its sort keys."""
        columns = [value.sql for value in self.values] + [key for key, _ in self.order]
        unsorted = f"SELECT {', '.join(columns)}{self._rest()}"
        return f"{unsorted} ORDER BY {', '.join([*self.presort, self.place])}"

    def table(self) -> str:
        """Write the query as a table: c0, c1, ... with keys k0, k1, ... and places "$s"."""
        columns = [f"{value.sql} AS c{place}" for place, value in enumerate(self.values)]
        columns += [
            f"{value.key} AS k{place}" for place, value in enumerate(self.values) if value.key
        ]
        window = f'row_number() OVER (ORDER BY {", ".join(self.ordering())}) AS "$s"'
        return self.rows([*columns, window], ordered=bool(self.limit))

    def _rest(self) -> str:
        sql = f" FROM {self.source}" if self.source else ""
        if self.where:
            sql += f" WHERE {self.where}"
        if self.group:
            sql += f" GROUP BY {', '.join(self.group)}"
        if self.having:
            sql += f" HAVING {self.having}"
        return sql


class Compiler(ExpressionCompiler):
    """Compiles a query over the tables of a server's databases."""

    def __init__(self, databases: Mapping[str, DatabaseSchema], database: str) -> None:
        self.databases = databases
        self.database = database
        self.block = Block(None, database)
        self.used: set[str] = set()
        """The databases that the query reads."""
        self._names = 0
        self._places = 0
        self._sql_of: dict[int, str] = {}
        self._merged: dict[int, str] = {}
        self._common: list[dict[str, CommonTable]] = []
        self._group_fields: list[set[int]] = []

    def compile_query(self, query: Query, outer: Block | None = None) -> Compiled:
        """Compile a query within a block (None: a statement)."""
        self._common.append({common.name.lower(): common for common in query.common})
        body = query.body
        if isinstance(body, Select):
            compiled = self._select(body, query.order, outer)
        elif isinstance(body, Query):
            compiled = self._ordered(self.compile_query(body, outer), query.order, outer)
        else:
            compiled = self._ordered(self._set_operation(body, outer), query.order, outer)
        if query.limit is not None:
            offset = f" OFFSET {query.offset}" if query.offset else ""
            compiled.limit = f" LIMIT {query.limit}{offset}"
            compiled.wanted = (query.limit, query.offset)
            compiled.single |= query.limit <= 1
        self._common.pop()
        return compiled

    # Query blocks.

    def _select(self, select: Select, order: Sequence[Order], outer: Block | None) -> Compiled:
        saved, saved_place = self.block, self.place
        self.block = block = Block(outer, self.database)
        block.grouped = bool(select.group)
        self._group_fields.append(set())
        try:
            return self._compile_block(select, order, block)
        finally:
            self._group_fields.pop()
            self.block, self.place = saved, saved_place
            if outer is not None and block.correlated:
                outer.correlated = outer.parent is not None

    def _compile_block(self, select: Select, order: Sequence[Order], block: Block) -> Compiled:
        sources = [self._source(source) for source in select.sources]
        self._places += 1
        self.place = f"$place{self._places}$"
        block.items = self._expand(select.items)
        for item in block.items:
            block.values.append(self._item_value(item))
        names = [_name_of(item) for item in block.items]
        where = ""
        if select.where is not None:
            block.enter("where clause")
            where = truth(self.compile(select.where))
        for condition in self._conditions(select.sources):
            block.enter("on clause")
            self._compile_on(condition)
        source = ", ".join(self._written(source) for source in sources)
        compiled = Compiled(list(block.values), names, source, where, place=self.place)
        compiled.group = [self._group(item) for item in select.group]
        having = None
        if select.having is not None:
            block.enter("having clause")
            having = truth(self.compile(select.having))
        selected = block.aggregates
        compiled.order = self._orders(order, select, selected)
        check_grouping(select, order, block, selected)
        grouping = self._group_columns(select)
        rows = plan.order_of(select, block, grouping)
        compiled.expected = rows.rows
        marker, self.place = self.place, rows.place
        finished = self._finish(select, compiled, having, selected)
        finished.replace(marker, rows.place)
        return finished

    def _finish(
        self, select: Select, compiled: Compiled, having: str | None, aggregates: int
    ) -> Compiled:
        """Put a block's parts together by what it groups."""
        grouped = bool(select.group) or aggregates > 0
        compiled.counted = bool(select.group or select.distinct)
        if select.group and self.block.distinct_aggregates:
            compiled.presort = list(compiled.group)
        compiled.single = grouped and not select.group
        if having is not None and grouped and select.group:
            compiled.having = having
        if grouped:
            compiled.place = f"MIN({compiled.place})" if select.group else "NULL"
            if not select.group:
                compiled.order = []
            if select.rollup:
                raise MySQLError("WITH ROLLUP is not answered here")
        if having is not None and not compiled.having:
            compiled = self._filtered(compiled, having, grouped)
        return self._distinct(compiled) if select.distinct else compiled

    def _filtered(self, compiled: Compiled, having: str, grouped: bool) -> Compiled:
        """HAVING without GROUP BY: a condition on the rows, or on the one group."""
        if not grouped:
            both = f"({compiled.where}) AND ({having})" if compiled.where else having
            compiled.where = both
            return compiled
        extra = Value(having, INT)
        wrapped = self._wrapped(compiled, [extra])
        wrapped.where = wrapped.values.pop().sql
        wrapped.single = True
        return wrapped

    def _distinct(self, compiled: Compiled) -> Compiled:
        """Keep the first of equal rows."""
        if compiled.group or compiled.single:
            order = [Value(key, NULL) for key, _ in compiled.order]
            width = len(compiled.values)
            wrapped = self._wrapped(compiled, order)
            keys, wrapped.values = wrapped.values[width:], wrapped.values[:width]
            wrapped.order = [
                (key.sql, down) for key, (_, down) in zip(keys, compiled.order, strict=True)
            ]
            compiled = wrapped
        compiled.group = [self._group_key(value) for value in compiled.values]
        compiled.presort = []
        compiled.place = f"MIN({compiled.place})"
        return compiled

    def _wrapped(self, compiled: Compiled, extra: Sequence[Value] = ()) -> Compiled:
        """Make a query over a query, with further columns after its own."""
        compiled.values = [*compiled.values, *extra]
        alias = self._alias()
        values = [
            Value(f"{alias}.c{place}", value.type, f"{alias}.k{place}" if value.key else None)
            for place, value in enumerate(compiled.values)
        ]
        source = f"({compiled.table()}) AS {alias}"
        return Compiled(values, compiled.names, source, place=f'{alias}."$s"')

    def _expand(self, items: Sequence[Item]) -> list[Item]:
        """Write out the stars of a select list."""
        expanded = []
        for item in items:
            if not isinstance(item.expr, Star):
                expanded.append(item)
                continue
            if not self.block.sources:
                raise MySQLError("No tables used")
            fields = list(self.block.own_fields())
            if item.expr.path:
                wanted = item.expr.path[-1].lower()
                chosen = [s for s in self.block.sources if s.alias.lower() == wanted]
                if not chosen:
                    raise MySQLError(f"Unknown table '{'.'.join(item.expr.path)}'")
                fields = chosen[0].fields
            for own in fields:
                node = Column((own.name,))
                self.block.touched.add(id(own))
                self.block.resolved[id(node)] = (self.block, own)
                expanded.append(Item(_Known(own.value, node), None, own.name))
        return expanded

    def _item_value(self, item: Item) -> Value:
        if isinstance(item.expr, _Known):
            return item.expr.value
        return self.compile(item.expr)

    def _group(self, order: Order) -> str:
        """Compile an item of GROUP BY: a position, a column of the tables, or a select item."""
        block = self.block
        block.enter("group statement")
        expr = order.expr
        if isinstance(expr, Literal) and expr.kind == "int":
            place = int(expr.value)
            if not 0 < place <= len(block.values):
                raise MySQLError(f"Unknown column '{expr.value}' in 'group statement'")
            self._mark_group(block.values[place - 1])
            return self._group_key(block.values[place - 1])
        if isinstance(expr, Column):
            places = block.matching_items(expr.path)
            own = block.lookup(expr.path)
            if own is None and places:
                value = block.values[places[0]]
                self._mark_group(value)
                return self._group_key(value)
        block.aliases = True
        value = self.compile(expr)
        block.aliases = False
        self._mark_group(value)
        return self._group_key(value)

    def _group_columns(self, select: Select) -> list[Field] | None:
        """Give the columns that a block groups by, if it groups by columns alone.

        DISTINCT over one table groups by what is selected.
        """
        found = [field_of(order.expr, self.block) for order in select.group]
        if select.distinct and not select.group and len(self.block.sources) == 1:
            found = [value.field for value in self.block.values]
        return [own for own in found if own is not None] if all(found) and found else None

    def _group_key(self, value: Value) -> str:
        """Write a group key; what is the same for all rows is left to a constant.

        SQLite reads a bare number as a position, and lets no outer column into GROUP BY.
        """
        own = value.field
        outer = own is not None and own.source.sql and own.source not in self.block.sources
        return "NULL" if value.constant is not None or outer else value.comparable

    def _mark_group(self, value: Value) -> None:
        if value.field is not None:
            self._group_fields[-1].add(id(value.field))

    def is_group_field(self, own: object) -> bool:
        return id(own) in self._group_fields[-1]

    def _orders(
        self, orders: Sequence[Order], select: Select, aggregates: int
    ) -> list[tuple[str, bool]]:
        """Compile ORDER BY: positions, select items by name, else expressions over the tables."""
        block = self.block
        block.enter("order clause")
        compiled = []
        for place, order in enumerate(orders, start=1):
            before = block.aggregates
            value = self._order_item(order.expr)
            if block.aggregates > before and not (aggregates or select.group):
                raise MySQLError(
                    f"Expression #{place} of ORDER BY contains aggregate function and applies to "
                    "the result of a non-aggregated query"
                )
            compiled.append((self._group_key(value), order.descending))
        return compiled

    def _order_item(self, expr: Expr) -> Value:
        block = self.block
        if isinstance(expr, Literal) and expr.kind == "int":
            place = int(expr.value)
            if not 0 < place <= len(block.values):
                raise MySQLError(f"Unknown column '{expr.value}' in 'order clause'")
            return block.values[place - 1]
        if isinstance(expr, Column):
            places = block.matching_items(expr.path)
            if len({id(block.values[place].field or place) for place in places}) > 1:
                name = ".".join(expr.path)
                raise MySQLError(f"Column '{name}' in order clause is ambiguous")
            if places:
                return block.values[places[0]]
        block.aliases = True
        try:
            return self.compile(expr)
        finally:
            block.aliases = False

    # Sources.

    def _source(self, source: Source) -> Source:
        """Open the tables of a source, from left to right."""
        if isinstance(source, Table):
            self._open_table(source)
        elif isinstance(source, Derived):
            self._open_derived(source)
        else:
            first = len(self.block.sources)
            self._source(source.left)
            middle = len(self.block.sources)
            self._source(source.right)
            sources = self.block.sources
            if source.kind == "left":
                _make_optional(sources[middle:])
            elif source.kind == "right":
                _make_optional(sources[first:middle])
            if source.natural or source.using is not None:
                self._merge(source, sources[first:middle], sources[middle:])
        return source

    def _open_table(self, table: Table) -> None:
        common = None if table.database else self._find_common(table.name)
        if common is not None:
            self._add_query(table, common, table.alias)
            return
        database = (table.database or self.database).lower()
        schema = self.databases[database].tables[table.name.lower()]
        self.used.add(database)
        alias = self._alias()
        scope = SourceScope(table.alias, alias, database, schema, unique=list(schema.unique_keys()))
        for column in schema.columns:
            kind = column.kind
            key = f"{alias}.{quote(f'{column.name}$k')}" if kind == TEXT else None
            value = Value(f"{alias}.{quote(column.name)}", kind, key)
            value.field = Field(column.name, value, scope, column.nullable)
            scope.fields.append(value.field)
        scope.node = table
        self.block.sources.append(scope)
        self._sql_of[id(table)] = f"{quote(database)}.{quote(schema.name)} AS {alias}"

    def _open_derived(self, derived: Derived) -> None:
        """Compile a derived table, which sees what is around the query, but none beside it."""
        outer = self.block.parent
        compiled = _renamed(self._detached(derived.query, outer), derived.columns)
        self._add_query(derived, compiled, derived.alias)

    def _add_query(self, node: Table | Derived, compiled: Compiled, name: str) -> None:
        seen: set[str] = set()
        for column in compiled.names:
            if column.lower() in seen:
                raise MySQLError(f"Duplicate column name '{column}'")
            seen.add(column.lower())
        alias = self._alias()
        scope = SourceScope(name, alias, "", node=node, rows=compiled.expected)
        for place, (column, value) in enumerate(zip(compiled.names, compiled.values, strict=True)):
            key = f"{alias}.k{place}" if value.key else None
            own = Value(f"{alias}.c{place}", value.type, key)
            own.field = Field(column, own, scope)
            scope.fields.append(own.field)
        self.block.sources.append(scope)
        self._sql_of[id(node)] = f"({compiled.table()}) AS {alias}"

    def _merge(
        self, join: Join, left: Sequence[SourceScope], right: Sequence[SourceScope]
    ) -> None:
        """Merge the columns of USING, or of the same name for NATURAL; makes the condition."""
        block = self.block
        names = join.using
        if names is None:
            known = {own.name.lower() for source in left for own in source.fields}
            names = [own.name for source in right for own in source.fields
                     if own.name.lower() in known]  # fmt: skip
        pairs = []
        for name in names:
            ends = []
            for side in (left, right):
                found = [own for source in side for own in source.find(name)
                         if id(own) not in block.hidden]  # fmt: skip
                if len(found) > 1:
                    raise MySQLError(f"Column '{name}' in from clause is ambiguous")
                if not found:
                    raise MySQLError(f"Unknown column '{name}' in 'from clause'")
                ends.append(found[0])
            kept, gone = ends if join.kind != "right" else ends[::-1]
            block.hidden.add(id(gone))
            pairs.append(compare("=", ends[0].value, ends[1].value))
            block.equal.append((ends[0], ends[1]))
            block.touched.update(map(id, ends))
            block.merged[name.lower()] = kept
        self._merged[id(join)] = " AND ".join(pairs)

    def _conditions(self, sources: Sequence[Source]) -> list[Join]:
        """List the joins with conditions in the order in which MySQL resolves them: last first."""
        found: list[Join] = []
        for source in reversed(sources):
            if isinstance(source, Join):
                if source.on is not None:
                    found.append(source)
                found += self._conditions([source.left, source.right])
        return found

    def _compile_on(self, join: Join) -> None:
        assert join.on is not None
        names = set(_tables(join))
        block = self.block
        block.visible = [s for s in block.sources if s.alias.lower() in names]
        self._merged[id(join)] = truth(self.compile(join.on))
        block.visible = None

    def _written(self, source: Source) -> str:
        """Write a source for SQLite, RIGHT JOIN as LEFT JOIN."""
        if not isinstance(source, Join):
            return self._sql_of[id(source)]
        left, right = self._written(source.left), self._written(source.right)
        condition = self._merged.get(id(source))
        if source.kind == "right":
            left, right = right, f"({left})" if isinstance(source.left, Join) else left
        elif isinstance(source.right, Join):
            right = f"({right})"
        word = "JOIN" if source.kind == "inner" else "LEFT JOIN"
        return f"{left} {word} {right}" + (f" ON {condition}" if condition else "")

    # WITH.

    def _find_common(self, name: str) -> Compiled | None:
        """Compile a table of WITH where it is named, seeing the tables before it."""
        for level in range(len(self._common) - 1, -1, -1):
            common = self._common[level].get(name.lower())
            if common is None:
                continue
            kept = self._common
            before = list(kept[level])[: list(kept[level]).index(name.lower())]
            self._common = [*kept[:level], {key: kept[level][key] for key in before}]
            try:
                compiled = self._detached(common.query)
            finally:
                self._common = kept
            return _renamed(compiled, common.columns)
        return None

    def _detached(self, query: Query, outer: Block | None = None) -> Compiled:
        """Compile a query that sees no columns of the query that it stands in."""
        saved, place = self.block, self.place
        self.block = outer or Block(None, self.database)
        try:
            return self.compile_query(query, outer)
        finally:
            self.block, self.place = saved, place

    # Set operations.

    def _set_operation(self, node: SetOperation, outer: Block | None) -> Compiled:
        left, right = self._part(node.left, outer), self._part(node.right, outer)
        if len(left.values) != len(right.values):
            raise MySQLError("The used SELECT statements have a different number of columns")
        kinds = [unify([a.type, b.type]) for a, b in zip(left.values, right.values, strict=True)]
        for part in (left, right):
            part.values = [convert(v, k) for v, k in zip(part.values, kinds, strict=True)]
        alias = self._alias()
        parts = []
        for place, part in enumerate((left, right)):
            columns = ", ".join(f"c{n}, {f'k{n}' if v.key else 'NULL'} AS k{n}"
                                for n, v in enumerate(part.values))  # fmt: skip
            parts.append(f'SELECT {columns}, "$s" + {place * PART} AS "$s", {place} AS "$p" '
                         f"FROM ({part.table()})")  # fmt: skip
        values = [
            Value(f"{alias}.c{n}", kind, f"{alias}.k{n}" if kind == TEXT else None)
            for n, kind in enumerate(kinds)
        ]
        source = f"({parts[0]} UNION ALL {parts[1]}) AS {alias}"
        compiled = Compiled(values, left.names, source, place=f'{alias}."$s"')
        if node.op != "UNION" or node.distinct:
            compiled.group = [value.comparable for value in values]
            compiled.place = f"MIN({compiled.place})"
            second = f'MAX({alias}."$p")'
            first = f'MIN({alias}."$p")'
            if node.op == "INTERSECT":
                compiled.having = f"{first} = 0 AND {second} = 1"
            elif node.op == "EXCEPT":
                compiled.having = f"{second} = 0"
        return compiled

    def _part(self, body: Body, outer: Block | None) -> Compiled:
        if isinstance(body, Select):
            return self._select(body, [], outer)
        if isinstance(body, Query):
            return self.compile_query(body, outer)
        return self._set_operation(body, outer)

    def _ordered(
        self, compiled: Compiled, orders: Sequence[Order], outer: Block | None
    ) -> Compiled:
        """Order the result of a set operation by its columns."""
        if not orders and not compiled.limit:
            return compiled
        wrapped = self._wrapped(compiled)
        saved = self.block
        self.block = block = Block(outer, self.database, clause="order clause")
        scope = SourceScope("", "", "")
        for name, value in zip(wrapped.names, wrapped.values, strict=True):
            value.field = Field(name, value, scope)
            scope.fields.append(value.field)
            block.items.append(Item(Column((name,)), name, name))
        block.values = wrapped.values
        block.sources = [scope]
        wrapped.order = [
            (self._group_key(self._order_item(order.expr)), order.descending) for order in orders
        ]
        self.block = saved
        return wrapped

    # Queries as values.

    def _inner(self, query: Query) -> Compiled:
        block, place = self.block, self.place
        try:
            return self.compile_query(query, block)
        finally:
            self.block, self.place = block, place

    def _subquery(self, node: Subquery) -> Value:
        compiled = self._inner(node.query)
        if node.exists:
            return Value(f"EXISTS ({compiled.rows(['1'], ordered=False)})", INT)
        if len(compiled.values) != 1:
            raise MySQLError("Operand should contain 1 column(s)")
        value = compiled.values[0]
        key = f"({compiled.rows([value.key])})" if value.key else None
        if compiled.single:
            return Value(f"({compiled.result()})", value.type, key)
        sql = f"(SELECT my_one(c0) FROM ({compiled.rows([f'{value.sql} AS c0'])}))"
        return Value(sql, value.type, f"my_key({sql})" if key else None)

    def _in_query(self, node: In, query: Query) -> Value:
        arg = node.arg
        self.block.clause = "IN/ALL/ANY subquery"
        left = [self.compile(item) for item in (arg.items if isinstance(arg, Row) else [arg])]
        compiled = self._inner(query)
        if len(compiled.values) != len(left):
            raise MySQLError(f"Operand should contain {len(left)} column(s)")
        ours, theirs = [], []
        for a, b in zip(left, compiled.values, strict=True):
            first, second = comparables([a, b])
            ours.append(first)
            theirs.append(second)
        wanted = f"({', '.join(ours)})" if len(ours) > 1 else ours[0]
        sql = f"({wanted} {'NOT IN' if node.negated else 'IN'} ({compiled.rows(theirs, ordered=False)}))"
        return Value(sql, INT)

    def _quantified(self, node: Quantified) -> Value:
        self.block.clause = "IN/ALL/ANY subquery"
        left = self.compile(node.arg)
        compiled = self._inner(node.query)
        if len(compiled.values) != 1:
            raise MySQLError("Operand should contain 1 column(s)")
        a, b = comparables([left, compiled.values[0]])
        test = f"({a} {node.op} q)"
        inner = compiled.rows([f"{b} AS q"], ordered=False)
        whole = "MIN" if node.every else "MAX"
        empty = 1 if node.every else 0
        return Value(f"(SELECT coalesce({whole}({test}), {empty}) FROM ({inner}))", INT)

    # Small parts.

    def _alias(self) -> str:
        self._names += 1
        return f"t{self._names}"


class _Known(Column):
    """A column of a star, whose field is known."""

    __slots__ = ("node", "value")

    def __init__(self, value: Value, node: Column) -> None:
        super().__init__(node.path)
        self.value = value
        self.node = node


def _name_of(item: Item) -> str:
    if item.alias is not None:
        return item.alias
    return item.expr.path[-1] if isinstance(item.expr, Column) else item.text


def _make_optional(sources: Sequence[SourceScope]) -> None:
    for source in sources:
        source.optional = True


def _tables(source: Source) -> list[str]:
    """List the names of the tables under a join, lower case."""
    if isinstance(source, Join):
        return _tables(source.left) + _tables(source.right)
    return [source.alias.lower()]


def _renamed(compiled: Compiled, columns: Sequence[str]) -> Compiled:
    """Give a query's columns the names that are listed after its alias."""
    if columns:
        if len(columns) != len(compiled.values):
            raise MySQLError(
                "In definition of view, derived table or common table expression, SELECT list and "
                "column names list have different column counts"
            )
        compiled.names = list(columns)
    return compiled
