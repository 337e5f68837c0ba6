"""Compiling queries to SQLite: blocks and set operations."""

from collections.abc import Sequence

from stepagent_gym.envs.intercode_sql.mysql import plan
from stepagent_gym.envs.intercode_sql.mysql.compiled import Compiled
from stepagent_gym.envs.intercode_sql.mysql.conditions import field_of
from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError
from stepagent_gym.envs.intercode_sql.mysql.grouping import check_grouping
from stepagent_gym.envs.intercode_sql.mysql.nodes import (
    Body,
    Column,
    Expr,
    Item,
    Literal,
    Order,
    Query,
    Select,
    SetOperation,
    Star,
)
from stepagent_gym.envs.intercode_sql.mysql.operators import convert, truth, unify
from stepagent_gym.envs.intercode_sql.mysql.scope import Block, Field, SourceScope, Value
from stepagent_gym.envs.intercode_sql.mysql.subqueries import SubqueryCompiler
from stepagent_gym.envs.intercode_sql.mysql.types import INT, NULL, TEXT

PART = 1 << 40
"""The distance between the places of a union's first and second part."""


class Compiler(SubqueryCompiler):
    """Compiles a query over the tables of a server's databases."""

    def compile_query(self, query: Query, outer: Block | None = None) -> Compiled:
        """Compile a query within a block (None: a statement)."""
        self.common.append({common.name.lower(): common for common in query.common})
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
        self.common.pop()
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
        sources = [self.open(source) for source in select.sources]
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
        for condition in self.conditions(select.sources):
            block.enter("on clause")
            self.compile_on(condition)
        source = ", ".join(self.written(source) for source in sources)
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
        alias = self.alias()
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
        """Tell whether a field is one that the block groups by."""
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

    # Set operations.

    def _set_operation(self, node: SetOperation, outer: Block | None) -> Compiled:
        left, right = self.compile_part(node.left, outer), self.compile_part(node.right, outer)
        if len(left.values) != len(right.values):
            raise MySQLError("The used SELECT statements have a different number of columns")
        kinds = [unify([a.type, b.type]) for a, b in zip(left.values, right.values, strict=True)]
        for part in (left, right):
            part.values = [convert(v, k) for v, k in zip(part.values, kinds, strict=True)]
        alias = self.alias()
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

    def compile_part(self, body: Body, outer: Block | None = None) -> Compiled:
        """Compile a part of a set operation."""
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
