"""MySQL's only_full_group_by: what a grouped query may select without an aggregate."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from stepagent_gym.envs.intercode_sql.mysql.conditions import (
    all_conditions,
    equalities,
    field_of,
)
from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError
from stepagent_gym.envs.intercode_sql.mysql.nodes import (
    Call,
    Column,
    Expr,
    Literal,
    Order,
    Query,
    Select,
)
from stepagent_gym.envs.intercode_sql.mysql.scope import Block, Field
from stepagent_gym.envs.intercode_sql.mysql.words import AGGREGATES

_MODE = "this is incompatible with sql_mode=only_full_group_by"


def check_grouping(select: Select, orders: Sequence[Order], block: Block, aggregates: int) -> None:
    """Check a block that groups, or that sorts distinct rows; raises `MySQLError`."""
    if not select.group and not aggregates:
        if select.distinct:
            _check_distinct(orders, block)
        return
    groups = [_group_expr(order.expr, block) for order in select.group]
    known = _determined(select, groups, block)
    for place, item in enumerate(block.items, start=1):
        own = _loose(item.expr, groups, known, block)
        if own is None:
            continue
        if not select.group:
            raise MySQLError(
                f"In aggregated query without GROUP BY, expression #{place} of SELECT list "
                f"contains nonaggregated column '{own.full_name}'; {_MODE}"
            )
        raise MySQLError(_not_grouped(place, "SELECT list", own))
    if select.group:
        for place, order in enumerate(orders, start=1):
            expr = _item_or(order.expr, block)
            own = _loose(expr, groups, known, block)
            if own is not None:
                raise MySQLError(_not_grouped(place, "ORDER BY clause", own))


def _not_grouped(place: int, where: str, own: Field) -> str:
    return (
        f"Expression #{place} of {where} is not in GROUP BY clause and contains nonaggregated "
        f"column '{own.full_name}' which is not functionally dependent on columns in GROUP BY "
        f"clause; {_MODE}"
    )


def _check_distinct(orders: Sequence[Order], block: Block) -> None:
    selected = [item.expr for item in block.items]
    known = {id(value.field) for value in block.values if value.field is not None}
    for place, order in enumerate(orders, start=1):
        own = _loose(_item_or(order.expr, block), selected, known, block)
        if own is not None:
            raise MySQLError(
                f"Expression #{place} of ORDER BY clause is not in SELECT list, references column "
                f"'{own.full_name}' which is not in SELECT list; this is incompatible with DISTINCT"
            )


def _item_or(expr: Expr, block: Block) -> Expr:
    """Give the select item that an ORDER BY or GROUP BY item stands for, if it does."""
    if isinstance(expr, Literal) and expr.kind == "int" and 0 < int(expr.value) <= len(block.items):
        return block.items[int(expr.value) - 1].expr
    if isinstance(expr, Column) and (places := block.matching_items(expr.path)):
        return block.items[places[0]].expr
    return expr


def _group_expr(expr: Expr, block: Block) -> Expr:
    if isinstance(expr, Column) and block.lookup(expr.path) is not None:
        return expr
    return _item_or(expr, block)


def _loose(expr: Any, groups: Sequence[Expr], known: set[int], block: Block) -> Field | None:
    """Find the first column outside aggregates that the groups do not determine."""
    if isinstance(expr, Call) and expr.name in AGGREGATES and expr.over is None:
        return None
    if isinstance(expr, Call) and expr.name == "ANY_VALUE":
        return None
    if any(_same(expr, group, block) for group in groups):
        return None
    own = field_of(expr, block)
    if own is not None:
        return None if id(own) in known else own
    if isinstance(expr, Column):
        places = [] if id(expr) in block.resolved else block.matching_items(expr.path)
        return _loose(block.items[places[0]].expr, groups, known, block) if places else None
    for child in _children(expr):
        if (found := _loose(child, groups, known, block)) is not None:
            return found
    return None


def _children(node: Any) -> Iterator[Any]:
    if isinstance(node, list | tuple):
        for item in node:
            yield from _children(item) if isinstance(item, list | tuple) else iter([item])
    elif is_dataclass(node):
        for entry in fields(node):
            value = getattr(node, entry.name)
            if isinstance(value, list | tuple):
                yield from _children(value)
            elif is_dataclass(value):
                yield value


def _same(a: Any, b: Any, block: Block) -> bool:
    """Whether two expressions are the same but for the spelling of columns."""
    if isinstance(a, Column) and isinstance(b, Column):
        one, two = field_of(a, block), field_of(b, block)
        return one is not None and one is two
    if type(a) is not type(b):
        return False
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(_same(x, y, block) for x, y in zip(a, b, strict=True))
    if is_dataclass(a) and not isinstance(a, Query):
        return all(
            _same(getattr(a, entry.name), getattr(b, entry.name), block)
            for entry in fields(a)
            if entry.name != "written"
        )
    return bool(a == b)


def _determined(select: Select, groups: Sequence[Expr], block: Block) -> set[int]:
    """Find the fields that have one value in a group, by keys and equalities."""
    known = {id(own) for group in groups if (own := field_of(group, block)) is not None}
    pairs = [*equalities(all_conditions(select), block), *block.equal]
    while True:
        size = len(known)
        for a, b in pairs:
            if b is None or id(b) in known:
                known.add(id(a))
            if b is not None and id(a) in known:
                known.add(id(b))
        for source in block.sources:
            for key in source.unique:
                if all(id(own) in known for name in key for own in source.find(name)):
                    known.update(id(own) for own in source.fields)
        if len(known) == size:
            return known
