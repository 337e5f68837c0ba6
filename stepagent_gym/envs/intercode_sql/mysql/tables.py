"""What MySQL checks of a statement's tables before it looks at any column."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError
from stepagent_gym.envs.intercode_sql.mysql.functions import FUNCTIONS
from stepagent_gym.envs.intercode_sql.mysql.nodes import (
    Call,
    Derived,
    In,
    Join,
    Quantified,
    Query,
    Select,
    Source,
    Table,
)
from stepagent_gym.envs.intercode_sql.mysql.words import AGGREGATES
from stepagent_gym.envs.intercode_sql.schema import DatabaseSchema

_LIMIT_IN = "This version of MySQL doesn't yet support 'LIMIT & IN/ALL/ANY/SOME subquery'"


def check_tables(query: Query, databases: Mapping[str, DatabaseSchema], database: str) -> None:
    """Check names of tables: first that none is there twice, then, in order, that all exist."""
    for node in _nodes(query):
        if isinstance(node, Select):
            _check_names(node)
        elif isinstance(node, In | Quantified) and node.query and node.query.limit is not None:
            raise MySQLError(_LIMIT_IN)
    _Existence(databases, database).check(query, {})
    _check_functions(query, database)


def tables_of(query: Query) -> Iterator[Table]:
    """Give the tables that a query names, at whatever depth."""
    return (node for node in _nodes(query) if isinstance(node, Table))


def has_aggregate(node: Any) -> bool:
    """Whether an expression holds an aggregate of its own block."""
    if isinstance(node, Query):
        return False
    if isinstance(node, Call) and node.name in AGGREGATES and node.over is None:
        return True
    if isinstance(node, list | tuple):
        return any(map(has_aggregate, node))
    return is_dataclass(node) and any(has_aggregate(getattr(node, e.name)) for e in fields(node))


def _nodes(node: Any) -> Iterator[Any]:
    """Walk a statement in the order of its text."""
    if isinstance(node, list | tuple):
        for item in node:
            yield from _nodes(item)
    elif isinstance(node, dict):
        yield from _nodes(list(node.values()))
    elif is_dataclass(node):
        yield node
        for entry in fields(node):
            yield from _nodes(getattr(node, entry.name))


def _check_names(select: Select) -> None:
    seen: set[tuple[str, str]] = set()
    for source in _leaves(select.sources):
        database = source.database or "" if isinstance(source, Table) else ""
        name = (database.lower(), source.alias.lower())
        if name in seen:
            raise MySQLError(f"Not unique table/alias: '{source.alias}'")
        seen.add(name)


def _leaves(sources: list[Source]) -> Iterator[Table | Derived]:
    for source in sources:
        if isinstance(source, Join):
            yield from _leaves([source.left, source.right])
        else:
            yield source


class _Existence:
    """Looks for tables in the order in which MySQL opens them; those of WITH where it is named."""

    def __init__(self, databases: Mapping[str, DatabaseSchema], database: str) -> None:
        self._databases = databases
        self._database = database

    def check(self, node: Any, common: Mapping[str, Any]) -> None:
        """Check what a node names, given the tables of WITH around it."""
        if isinstance(node, Query):
            inside = dict(common)
            for table in node.common:
                inside[table.name.lower()] = (table.query, dict(inside), table.recursive)
            self.check(node.body, inside)
            self.check(node.order, inside)
        elif isinstance(node, Table):
            self._check_table(node, common)
        elif isinstance(node, list | tuple):
            for item in node:
                self.check(item, common)
        elif is_dataclass(node):
            for entry in fields(node):
                self.check(getattr(node, entry.name), common)

    def _check_table(self, node: Table, common: Mapping[str, Any]) -> None:
        name = node.name.lower()
        if node.database is None and name in common:
            query, outside, recursive = common[name]
            if query is not None:
                known = {**outside, name: (None, {}, False)} if recursive else outside
                self.check(query, known)
            return
        home = (node.database or self._database).lower()
        if home not in self._databases:
            raise MySQLError(f"Unknown database '{home}'")
        if name not in self._databases[home].tables:
            raise MySQLError(f"Table '{home}.{name}' doesn't exist")


def _check_functions(query: Query, database: str) -> None:
    """Check that the functions that are called exist."""
    for node in _nodes(query):
        if isinstance(node, Call) and not node.name:
            if node.database:
                raise MySQLError(
                    f"FUNCTION {node.database}.{node.written} does not exist. Check the 'Function "
                    "Name Parsing and Resolution' section in the Reference Manual"
                )
            if node.written.upper() not in FUNCTIONS:
                raise MySQLError(f"FUNCTION {database}.{node.written} does not exist")
