"""Compiling `FROM`: tables, joins, derived tables and those of `WITH`."""

from collections.abc import Mapping, Sequence

from stepagent_gym.envs.intercode_sql.mysql.compiled import Compiled
from stepagent_gym.envs.intercode_sql.mysql.compiler import ExpressionCompiler
from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError
from stepagent_gym.envs.intercode_sql.mysql.nodes import (
    Body,
    CommonTable,
    Derived,
    Join,
    Query,
    SetOperation,
    Source,
    Table,
)
from stepagent_gym.envs.intercode_sql.mysql.operators import compare, truth
from stepagent_gym.envs.intercode_sql.mysql.scope import Block, Field, SourceScope, Value
from stepagent_gym.envs.intercode_sql.mysql.tables import tables_of
from stepagent_gym.envs.intercode_sql.mysql.types import TEXT
from stepagent_gym.envs.intercode_sql.schema import DatabaseSchema
from stepagent_gym.envs.intercode_sql.store import quote


class SourceCompiler(ExpressionCompiler):
    """Compiles the sources of a block; `Compiler` adds queries."""

    def __init__(self, databases: Mapping[str, DatabaseSchema], database: str) -> None:
        self.databases = databases
        self.database = database
        self.block = Block(None, database)
        self.used: set[str] = set()
        """The databases that the query reads."""
        self._names = 0
        self._recursions: dict[str, tuple[str, Compiled]] = {}
        self._deepest = ""
        self._places = 0
        self._sql_of: dict[int, str] = {}
        self._merged: dict[int, str] = {}
        self.common: list[dict[str, CommonTable]] = []
        self._group_fields: list[set[int]] = []

    def open(self, source: Source) -> Source:
        """Open the tables of a source, from left to right."""
        if isinstance(source, Table):
            self._open_table(source)
        elif isinstance(source, Derived):
            self._open_derived(source)
        else:
            first = len(self.block.sources)
            self.open(source.left)
            middle = len(self.block.sources)
            self.open(source.right)
            sources = self.block.sources
            if source.kind == "left":
                _make_optional(sources[middle:])
            elif source.kind == "right":
                _make_optional(sources[first:middle])
            if source.natural or source.using is not None:
                self._merge(source, sources[first:middle], sources[middle:])
        return source

    def _open_table(self, table: Table) -> None:
        if table.database is None and table.name.lower() in self._recursions:
            self._open_recursion(table, *self._recursions[table.name.lower()])
            return
        common = None if table.database else self._find_common(table.name)
        if common is not None:
            self._add_query(table, common, table.alias)
            return
        database = (table.database or self.database).lower()
        schema = self.databases[database].tables[table.name.lower()]
        self.used.add(database)
        alias = self.alias()
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
        alias = self.alias()
        scope = SourceScope(name, alias, "", node=node, rows=compiled.expected)
        for place, (column, value) in enumerate(zip(compiled.names, compiled.values, strict=True)):
            key = f"{alias}.k{place}" if value.key else None
            own = Value(f"{alias}.c{place}", value.type, key)
            own.field = Field(column, own, scope)
            scope.fields.append(own.field)
        self.block.sources.append(scope)
        self._sql_of[id(node)] = f"({compiled.table()}) AS {alias}"

    def _merge(self, join: Join, left: Sequence[SourceScope], right: Sequence[SourceScope]) -> None:
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

    def conditions(self, sources: Sequence[Source]) -> list[Join]:
        """List the joins with conditions in the order in which MySQL resolves them: last first."""
        found: list[Join] = []
        for source in reversed(sources):
            if isinstance(source, Join):
                if source.on is not None:
                    found.append(source)
                found += self.conditions([source.left, source.right])
        return found

    def compile_on(self, join: Join) -> None:
        """Compile the condition of a join, which sees its own tables."""
        assert join.on is not None
        names = set(_tables(join))
        block = self.block
        block.visible = [s for s in block.sources if s.alias.lower() in names]
        self._merged[id(join)] = truth(self.compile(join.on))
        block.visible = None

    def written(self, source: Source) -> str:
        """Write a source for SQLite, RIGHT JOIN as LEFT JOIN."""
        if not isinstance(source, Join):
            return self._sql_of[id(source)]
        left, right = self.written(source.left), self.written(source.right)
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
        for level in range(len(self.common) - 1, -1, -1):
            common = self.common[level].get(name.lower())
            if common is None:
                continue
            kept = self.common
            before = list(kept[level])[: list(kept[level]).index(name.lower())]
            self.common = [*kept[:level], {key: kept[level][key] for key in before}]
            try:
                if common.recursive and any(
                    table.name.lower() == name.lower() for table in tables_of(common.query)
                ):
                    return self._recursive(common)
                return _renamed(self._detached(common.query), common.columns)
            finally:
                self.common = kept
        return None

    def _recursive(self, common: CommonTable) -> Compiled:
        """Compile a table that names itself; its rows carry how deep they are, up to 1,000."""
        body = common.query.body
        if not isinstance(body, SetOperation) or body.op != "UNION":
            raise MySQLError(
                f"Recursive Common Table Expression '{common.name}' should have one or more "
                "non-recursive query blocks followed by one or more recursive ones"
            )
        first = _renamed(self.compile_part(body.left), common.columns)
        name = self.alias()
        self._recursions[common.name.lower()] = (name, first)
        try:
            then = self.compile_part(body.right)
        finally:
            del self._recursions[common.name.lower()]
        if len(first.values) != len(then.values):
            raise MySQLError("The used SELECT statements have a different number of columns")
        deeper = f'my_deeper({self._deepest}."$s")' if not body.distinct else "0"
        columns = [f"c{place}" for place in range(len(first.values))]
        start = first.rows([*(value.sql for value in first.values), "0"], ordered=False)
        rest = then.rows([*(value.sql for value in then.values), deeper], ordered=False)
        union = "UNION" if body.distinct else "UNION ALL"
        alias = self.alias()
        keys = [f"my_key(c{place}) AS k{place}" for place, v in enumerate(first.values) if v.key]
        source = (
            f'(WITH RECURSIVE {name}({", ".join(columns)}, "$s") AS ({start} {union} {rest}) '
            f'SELECT {", ".join([*columns, *keys])}, row_number() OVER () AS "$s" FROM {name}) '
            f"AS {alias}"
        )
        values = [
            Value(f"{alias}.c{place}", value.type, f"{alias}.k{place}" if value.key else None)
            for place, value in enumerate(first.values)
        ]
        return Compiled(values, first.names, source, place=f'{alias}."$s"')

    def _open_recursion(self, table: Table, name: str, first: Compiled) -> None:
        """Open the table that is being defined, within its own definition."""
        alias = self._deepest = self.alias()
        scope = SourceScope(table.alias, alias, "", node=table)
        for place, (column, value) in enumerate(zip(first.names, first.values, strict=True)):
            key = f"my_key({alias}.c{place})" if value.key else None
            own = Value(f"{alias}.c{place}", value.type, key)
            own.field = Field(column, own, scope)
            scope.fields.append(own.field)
        self.block.sources.append(scope)
        self._sql_of[id(table)] = f"{name} AS {alias}"

    def _detached(self, query: Query, outer: Block | None = None) -> Compiled:
        """Compile a query that sees no columns of the query that it stands in."""
        saved, place = self.block, self.place
        self.block = outer or Block(None, self.database)
        try:
            return self.compile_query(query, outer)
        finally:
            self.block, self.place = saved, place

    def alias(self) -> str:
        """Make a name for SQLite that no other source has."""
        self._names += 1
        return f"t{self._names}"

    def compile_query(self, query: Query, outer: Block | None = None) -> Compiled:
        """Compile a query within a block (None: a statement)."""
        raise NotImplementedError

    def compile_part(self, body: Body, outer: Block | None = None) -> Compiled:
        """Compile a part of a set operation."""
        raise NotImplementedError


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
