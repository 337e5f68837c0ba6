"""How hard a query is, by Spider's rule (Yu et al. 2018, `eval_hardness`).

Component 1 counts WHERE, GROUP BY, ORDER BY, LIMIT, joined tables beyond the first, ORs and LIKEs;
component 2 counts nested queries and INTERSECT, UNION, EXCEPT; "others" counts more than one
aggregate, selected column, condition, and group column.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from stepagent_gym.envs.intercode_sql.mysql.nodes import (
    Call,
    Expr,
    In,
    Join,
    Like,
    Quantified,
    Query,
    Select,
    SetOperation,
    Source,
    Subquery,
)
from stepagent_gym.envs.intercode_sql.mysql.words import AGGREGATES

LEVELS = ("easy", "medium", "hard", "extra")


def hardness(query: Query) -> str:
    """Give easy, medium, hard or extra."""
    block, nested = _first_block(query)
    first = _component_one(query, block)
    second = nested + sum(1 for _ in _queries([block.where, block.having, block.sources]))
    others = _others(query, block)
    if first <= 1 and others == 0 and second == 0:
        return "easy"
    if (others <= 2 and first <= 1 and second == 0) or (first <= 2 and others < 2 and second == 0):
        return "medium"
    if (
        (others > 2 and first <= 2 and second == 0)
        or (2 < first <= 3 and others <= 2 and second == 0)
        or (first <= 1 and others == 0 and second <= 1)
    ):
        return "hard"
    return "extra"


def _first_block(query: Query) -> tuple[Select, int]:
    """Give a query's first block, and how many set operations follow it."""
    body, operations = query.body, 0
    while not isinstance(body, Select):
        if isinstance(body, SetOperation):
            body, operations = body.left, operations + 1
        else:
            body = body.body
    return body, min(operations, 1)


def _component_one(query: Query, block: Select) -> int:
    conditions = [*_conditions(block.where), *_conditions(block.having)]
    tables = sum(1 for _ in _leaves(block.sources))
    return (
        (block.where is not None)
        + bool(block.group)
        + bool(query.order)
        + (query.limit is not None)
        + max(0, tables - 1)
        + _connectives(block.where)
        + _connectives(block.having)
        + sum(isinstance(condition, Like) for condition in conditions)
    )


def _others(query: Query, block: Select) -> int:
    aggregates = sum(_aggregates(item.expr) for item in block.items)
    aggregates += _aggregates(block.where) + _aggregates(block.having)
    aggregates += sum(_aggregates(order.expr) for order in query.order)
    return (
        (aggregates > 1)
        + (len(block.items) > 1)
        + (len(_conditions(block.where)) > 1)
        + (len(block.group) > 1)
    )


def _conditions(expr: Expr | None) -> list[Expr]:
    if expr is None:
        return []
    if isinstance(expr, Call) and expr.name in ("AND", "OR"):
        return [part for arg in expr.args for part in _conditions(arg)]
    return [expr]


def _connectives(expr: Expr | None) -> int:
    if isinstance(expr, Call) and expr.name in ("AND", "OR"):
        return (expr.name == "OR") + sum(map(_connectives, expr.args))
    return 0


def _aggregates(node: Any) -> int:
    """Count the aggregates outside nested queries."""
    if isinstance(node, Query) or node is None:
        return 0
    if isinstance(node, list | tuple):
        return sum(map(_aggregates, node))
    own = isinstance(node, Call) and node.name in AGGREGATES
    if not is_dataclass(node):
        return 0
    return own + sum(_aggregates(getattr(node, entry.name)) for entry in fields(node))


def _leaves(sources: Sequence[Source]) -> Iterator[Source]:
    for source in sources:
        if isinstance(source, Join):
            yield from _leaves([source.left, source.right])
        else:
            yield source


def _queries(node: Any) -> Iterator[Query]:
    """Give the nested queries, but not those within them."""
    if isinstance(node, Subquery | In | Quantified) and node.query is not None:
        yield node.query
    elif isinstance(node, Query):
        yield node
    elif isinstance(node, list | tuple):
        for item in node:
            yield from _queries(item)
    elif is_dataclass(node):
        for entry in fields(node):
            yield from _queries(getattr(node, entry.name))
