"""In which order MySQL's plan reads rows.

MySQL joins in the order that its cost model finds cheapest; a row's place follows from it.  It is
one number: the places of the tables' rows, each in the order of the index that the table is read
by, as the digits of a number, with the most significant first.  A table without a usable index is
joined by hashing: its rows come in their order, and for each the rows joined so far in reverse.

Costs are those of MySQL 8.0 with everything in memory: 0.25 for a page, 0.1 for a row.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import NamedTuple

from stepagent_gym.envs.intercode_sql.mysql.conditions import (
    conjuncts,
    equalities,
    joins,
    rejected,
    selectivity,
)
from stepagent_gym.envs.intercode_sql.mysql.nodes import Expr, Join, Select, Source
from stepagent_gym.envs.intercode_sql.mysql.scope import Block, Field, SourceScope
from stepagent_gym.envs.intercode_sql.schema import TableSchema

_PAGE, _ROW = 0.25, 0.1
_MOST_PERMUTED = 5
_LARGEST = 1 << 62
_LEAST_SHARE = 0.05
_KEYS_OF_A_PAGE = 500
_FEW = 2.0
_BYTES = {"int": 4, "double": 8, "float": 4, "decimal": 9, "date": 3, "datetime": 5}


class RowOrder(NamedTuple):
    """The SQL of a row's place, and how many rows MySQL expects."""

    place: str
    rows: float


@dataclass(slots=True, eq=False)
class _Node:
    """A source in the search for an order."""

    source: SourceScope
    rows: float
    share: float
    used: set[str] = field(default_factory=set)
    after: set[int] = field(default_factory=set)
    outer: bool = False


@dataclass(slots=True, eq=False)
class _Step:
    """A source with the way that it is read: scan, lookup or hash."""

    node: _Node
    way: str


def order_of(select: Select, block: Block, group: Sequence[Field] | None = None) -> RowOrder:
    """Find the order of a block's rows; `group`: the columns it groups by, if they are columns."""
    if not block.sources:
        return RowOrder("NULL", 1)
    where = conjuncts(select.where)
    nodes = _nodes(select, block, where)
    links = _links(select, block, where)
    steps, rows = _cheapest(nodes, links)
    return RowOrder(_place(steps, block, _first(group, steps[0].node.source, links)), rows)


def _first(
    group: Sequence[Field] | None, source: SourceScope, links: Sequence[tuple[Field, Field | None]]
) -> list[str] | None:
    """Give group columns as columns of the source that is read first, if all equal one of its."""
    names = []
    for own in group or ():
        same = [own] + [b if a is own else a for a, b in links if own in (a, b) and b is not None]
        found = next(
            (other for other in same if other is not None and other.source is source), None
        )
        if found is None:
            return None
        names.append(found.name)
    return names or None


def _nodes(select: Select, block: Block, where: Sequence[Expr]) -> list[_Node]:
    nodes = []
    for source in block.sources:
        share = 1.0
        for condition in where:
            guess = selectivity(condition, block)
            if guess is not None and guess[0].source is source:
                share *= guess[1]
        rows = float(source.schema.estimate) if source.schema else source.rows
        used = {own.name for own in block.used_fields() if own.source is source}
        rows = max(rows, 1.0)
        nodes.append(_Node(source, rows, max(share, _LEAST_SHARE / rows), used))
    by_source = {id(node.source): place for place, node in enumerate(nodes)}
    known = {id(own.source) for condition in where if (own := rejected(condition, block))}
    for tree in select.sources:
        _bind(tree, nodes, by_source, block, known)
    return nodes


def _bind(
    tree: Source, nodes: list[_Node], by_source: dict[int, int], block: Block, known: set[int]
) -> set[int]:
    """Note which sources must come after which: those of outer joins that keep their NULLs."""
    if not isinstance(tree, Join):
        return {by_source[id(source)] for source in block.sources if source.node is tree}
    left = _bind(tree.left, nodes, by_source, block, known)
    right = _bind(tree.right, nodes, by_source, block, known)
    first, second = (right, left) if tree.kind == "right" else (left, right)
    if tree.kind != "inner" and not any(id(nodes[place].source) in known for place in second):
        for place in second:
            nodes[place].after |= first
            nodes[place].outer = True
    elif tree.straight:
        for place in second:
            nodes[place].after |= first
    return left | right


def _links(select: Select, block: Block, where: Sequence[Expr]) -> list[tuple[Field, Field | None]]:
    """Give the equalities of WHERE and ON, with those that follow from them, and USING's."""
    conditions = [*where, *conjuncts(*(join.on for join in joins(select.sources)))]
    pairs = [*equalities(conditions, block), *block.equal]
    known = {(id(a), id(b)) for a, b in pairs}
    for a, b in list(pairs):
        for c, d in list(pairs):
            if b is None or d is None:
                continue
            for shared, one, two in (
                (a is c, b, d),
                (a is d, b, c),
                (b is c, a, d),
                (b is d, a, c),
            ):
                if shared and one is not two and (id(one), id(two)) not in known:
                    known.add((id(one), id(two)))
                    pairs.append((one, two))
    return pairs


def _cheapest(
    nodes: Sequence[_Node], links: Sequence[tuple[Field, Field | None]]
) -> tuple[list[_Step], float]:
    order = sorted(range(len(nodes)), key=lambda place: (nodes[place].rows, place))
    best: tuple[float, list[_Step], float] | None = None
    for chosen in _orders(nodes, order):
        cost, steps, rows = _cost(nodes, chosen, links)
        if best is None or cost < best[0] - 1e-9:
            best = (cost, steps, rows)
    assert best is not None
    return best[1], best[2]


def _orders(nodes: Sequence[_Node], order: Sequence[int]) -> Iterator[Sequence[int]]:
    """Give the orders that are allowed; of very many tables, the written one."""
    if len(nodes) > _MOST_PERMUTED:
        yield range(len(nodes))
        return
    for chosen in permutations(order):
        seen: set[int] = set()
        for place in chosen:
            if not nodes[place].after <= seen:
                break
            seen.add(place)
        else:
            yield chosen


def _cost(
    nodes: Sequence[_Node], chosen: Sequence[int], links: Sequence[tuple[Field, Field | None]]
) -> tuple[float, list[_Step], float]:
    cost, rows = 0.0, 1.0
    steps: list[_Step] = []
    bound: set[int] = set()
    for number, place in enumerate(chosen):
        node = nodes[place]
        fanout, lookup = _lookup(node, links, bound)
        pages = node.source.schema.pages if node.source.schema else 1.0
        scan = pages * _PAGE + rows * node.rows * _ROW
        if number == 0:
            scan = pages * _PAGE + node.rows * _ROW
        seek = math.inf if lookup is None else rows * (lookup + fanout * _ROW)
        if seek <= scan:
            way = "lookup"
            cost += seek
            rows *= max(fanout * (node.share if not node.outer else 1.0), 1e-6)
        else:
            way = "scan" if number == 0 else "hash"
            cost += scan
            share = node.share
            if way == "hash" and _linked(node, links, bound):
                share *= 0.1
            rows *= node.rows * share if not node.outer else max(1.0, node.rows * share)
        steps.append(_Step(node, way))
        bound.add(id(node.source))
    return cost, steps, rows


def _linked(node: _Node, links: Sequence[tuple[Field, Field | None]], bound: set[int]) -> bool:
    return any(
        (a.source is node.source and b is not None and id(b.source) in bound)
        or (b is not None and b.source is node.source and id(a.source) in bound)
        for a, b in links
    )


def _lookup(
    node: _Node, links: Sequence[tuple[Field, Field | None]], bound: set[int]
) -> tuple[float, float | None]:
    """Find the best index for columns that are known: its rows and cost for each row before."""
    names = set()
    for a, b in links:
        for own, other in ((a, b), (b, a)):
            if own is None or own.source is not node.source:
                continue
            if other is None or id(other.source) in bound:
                names.add(own.name)
    schema = node.source.schema
    if schema is None:
        if names and bound:
            return max(1.0, node.rows / 10), _PAGE
        return node.rows, None
    for key in schema.unique_keys():
        if names.issuperset(key):
            return 1.0, _PAGE
    best: tuple[float, float | None] = (node.rows, None)
    keys = [(index.columns, index.distinct) for index in schema.indexes]
    if schema.primary:
        keys.append((schema.primary, schema.distinct))
    for columns, distinct in keys:
        count = 0
        while count < len(columns) and columns[count] in names:
            count += 1
        if count:
            fanout = node.rows / max(1, distinct[count - 1])
            if best[1] is None or fanout < best[0]:
                best = (fanout, _seek_cost(node, schema, columns, fanout))
    return best


def _seek_cost(node: _Node, schema: TableSchema, columns: Sequence[str], fanout: float) -> float:
    """Give the cost of the rows of one key, in MySQL's units of 0.25 a page.

    An index that holds every column asked for costs a share of a page, another a page a row,
    but never more than a few scans of the table (MySQL's `worst_seeks`).
    """
    clustered = columns == schema.primary
    if node.used <= {*columns, *(() if clustered else schema.primary)}:
        return _PAGE * (fanout + _KEYS_OF_A_PAGE - 1) / _KEYS_OF_A_PAGE
    if clustered:
        pages = fanout if fanout <= _FEW else 1 + fanout / node.rows * schema.pages
        return _PAGE * pages
    worst = min(node.rows / 10, 3.0 * schema.pages)
    return _PAGE * min(fanout, max(worst, _FEW))


def _place(steps: Sequence[_Step], block: Block, group: Sequence[str] | None) -> str:
    place, size = "", 1
    for number, step in enumerate(steps):
        source = step.node.source
        rows = source.schema.rows + 1 if source.schema else 1 << 20
        scanned = step.way != "lookup"
        digit = _digit(source, block, group if number == 0 else None, scanned)
        before, size = size, size * rows
        if not place:
            place = digit
        elif step.way == "hash" and not step.node.outer:
            factor = f"{before}.0" if size > _LARGEST else str(before)
            place = f"{digit} * {factor} + ({before} - ({place}))"
        else:
            if step.way == "hash":
                digit = f"({rows} - {digit})"
            factor = f"{rows}.0" if size > _LARGEST else str(rows)
            place = f"({place}) * {factor} + {digit}"
    return place


def _digit(source: SourceScope, block: Block, group: Sequence[str] | None, scanned: bool) -> str:
    """Write a source's row's place in the order in which the source is read."""
    if source.schema is None:
        column = f'{source.sql}."$s"'
    else:
        number = _index(source, block, group) if scanned else 0
        column = f'{source.sql}."${number}"'
    return f"coalesce({column}, 0)" if source.optional else column


def _index(source: SourceScope, block: Block, group: Sequence[str] | None) -> int:
    """Choose the index that a whole table is read by.

    The shortest secondary index that holds all columns that are asked for; for GROUP BY, one that
    begins with its columns.
    """
    schema = source.schema
    assert schema is not None
    used = {own.name for own in block.used_fields() if own.source is source}
    covering = [
        (number, index)
        for number, index in enumerate(schema.indexes, start=1)
        if used <= {*index.columns, *schema.primary}
    ]
    if group:
        names = set(group)
        for number, index in enumerate(schema.indexes, start=1):
            if set(index.columns[: len(names)]) == names:
                return number
        if set(schema.primary[: len(names)]) == names:
            return 0
    if not covering:
        return 0

    def length(entry: tuple[int, object]) -> int:
        index = schema.indexes[entry[0] - 1]
        return sum(_width(schema, name) for name in index.columns)

    return min(covering, key=length)[0]


def _width(schema: object, name: str) -> int:
    column = schema.columns[schema.by_name[name.lower()]]  # type: ignore[attr-defined]
    nullable = 1 if column.nullable else 0
    digits = "".join(char for char in column.type if char.isdigit())
    if column.kind.kind == "text":
        return 4 * int(digits or 255) + 2 + nullable
    return _BYTES.get(column.kind.kind, 8) + nullable
