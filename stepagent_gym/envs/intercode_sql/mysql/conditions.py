"""What the conditions of a query block say about its sources."""

from collections.abc import Iterator, Sequence
from typing import Any

from stepagent_gym.envs.intercode_sql.mysql.nodes import (
    Call,
    Column,
    Expr,
    In,
    Join,
    Like,
    Literal,
    Select,
    Source,
)
from stepagent_gym.envs.intercode_sql.mysql.scope import Block, Field

_EQUAL, _LESS, _BETWEEN = 0.1, 0.3333, 0.1111
_REJECTING = frozenset({"=", "<", "<=", ">", ">=", "<>", "BETWEEN", "REGEXP"})


def field_of(expr: Any, block: Block) -> Field | None:
    """Give the field of this block that an expression is."""
    node = getattr(expr, "node", expr)
    found = block.resolved.get(id(node))
    return found[1] if found is not None and found[0] is block else None


def joins(sources: Sequence[Source]) -> Iterator[Join]:
    """Give all joins, outer before inner."""
    for source in sources:
        if isinstance(source, Join):
            yield source
            yield from joins([source.left, source.right])


def conjuncts(*conditions: Expr | None) -> list[Expr]:
    """Split conditions at their ANDs."""
    split: list[Expr] = []
    rest = [condition for condition in reversed(conditions) if condition is not None]
    while rest:
        condition = rest.pop()
        if isinstance(condition, Call) and condition.name == "AND":
            rest += reversed(condition.args)
        else:
            split.append(condition)
    return split


def equalities(conditions: Sequence[Expr], block: Block) -> Iterator[tuple[Field, Field | None]]:
    """Give fields that conditions make equal to each other, or (None) to a constant."""
    for condition in conditions:
        if not (isinstance(condition, Call) and condition.name == "="):
            continue
        left, right = condition.args
        one, two = field_of(left, block), field_of(right, block)
        if one is not None and two is not None:
            yield one, two
        elif one is not None and isinstance(right, Literal):
            yield one, None
        elif two is not None and isinstance(left, Literal):
            yield two, None


def all_conditions(select: Select) -> list[Expr]:
    """Give the conditions of WHERE and of all ONs."""
    return conjuncts(select.where, *(join.on for join in joins(select.sources)))


def rejected(condition: Expr, block: Block) -> Field | None:
    """Give a field whose NULL a condition does not let through, if it is a simple one."""
    if isinstance(condition, Call) and condition.name in _REJECTING:
        return next((own for arg in condition.args if (own := field_of(arg, block))), None)
    if isinstance(condition, Like | In) and not isinstance(condition.arg, list):
        return field_of(condition.arg, block)
    if isinstance(condition, Call) and condition.name == "NOT":
        inner = condition.args[0]
        if isinstance(inner, Call) and inner.name == "IS NULL":
            return field_of(inner.args[0], block)
    return None


def selectivity(condition: Expr, block: Block) -> tuple[Field, float] | None:
    """Guess which share of a source's rows a condition with constants keeps, as MySQL does."""
    if isinstance(condition, Call):
        fields = [own for arg in condition.args if (own := field_of(arg, block)) is not None]
        constant = any(not isinstance(arg, Column) for arg in condition.args)
        if len(fields) != 1 or not (constant or condition.name == "IS NULL"):
            return _negated(condition, block)
        share = {"=": _EQUAL, "<": _LESS, "<=": _LESS, ">": _LESS, ">=": _LESS, "<>": 1 - _EQUAL,
                 "BETWEEN": _BETWEEN, "IS NULL": _EQUAL}.get(condition.name)  # fmt: skip
        return None if share is None else (fields[0], share)
    if isinstance(condition, Like) and (own := field_of(condition.arg, block)) is not None:
        return own, 1 - _BETWEEN if condition.negated else _BETWEEN
    if isinstance(condition, In) and condition.query is None:
        own = field_of(condition.arg, block)
        share = min(0.5, _EQUAL * len(condition.items))
        return None if own is None else (own, 1 - share if condition.negated else share)
    return None


def _negated(condition: Call, block: Block) -> tuple[Field, float] | None:
    if condition.name == "NOT" and (inner := selectivity(condition.args[0], block)) is not None:
        return inner[0], 1 - inner[1]
    if condition.name == "OR":
        parts = [selectivity(arg, block) for arg in condition.args]
        if all(part is not None and part[0].source is parts[0][0].source for part in parts):  # type: ignore[index]
            share = 1.0
            for part in parts:
                share *= 1 - part[1]  # type: ignore[index]
            return parts[0][0], 1 - share  # type: ignore[index]
    return None
