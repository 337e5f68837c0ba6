"""InterCode's rewards: how far the rows of a result are those of the gold query.

Rows are compared as the texts that an agent sees.  `iou` (Xiong et al. 2024, IPR): the rows in
common over the rows in either, as multisets.  `intercode` (Yang et al. 2023, `get_reward`): the
same times Kendall's tau between the places of the rows in common, from -1 to 1.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Any, Literal

RewardName = Literal["iou", "intercode"]


def score(rows: Sequence[Any] | None, gold: Sequence[Any], rule: RewardName) -> float:
    """Score a result; None, for an error or a statement without rows, is 0."""
    if rows is None:
        return 0.0
    if rule == "iou":
        return iou(rows, gold)
    return intercode(rows, gold)


def iou(rows: Sequence[Any], gold: Sequence[Any]) -> float:
    """Give the intersection over the union of two multisets of rows; two empty ones are 1."""
    ours, theirs = Counter(map(str, rows)), Counter(map(str, gold))
    union = (ours | theirs).total()
    return (ours & theirs).total() / union if union else 1.0


def intercode(rows: Sequence[Any], gold: Sequence[Any]) -> float:
    """Give IoU times Kendall's tau, to two digits; IoU alone where fewer than two rows differ."""
    overlap = iou(rows, gold)
    ours, theirs = _first_places(rows), _first_places(gold)
    common = [row for row in ours if row in theirs]
    if len(common) < 2:
        return overlap
    places = [theirs[row] for row in common]
    pairs = len(places) * (len(places) - 1) // 2
    inversions = _inversions(places)
    return round(overlap * (pairs - 2 * inversions) / pairs, 2)


def _first_places(rows: Sequence[Any]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, row in enumerate(rows):
        places.setdefault(str(row), place)
    return places


def _inversions(places: Sequence[int]) -> int:
    """Count the pairs that stand in the wrong order, by merging (n log n)."""
    if len(places) < 8:
        return sum(a > b for a, b in combinations(places, 2))
    middle = len(places) // 2
    left, right = sorted(places[:middle]), sorted(places[middle:])
    count, taken = _inversions(places[:middle]) + _inversions(places[middle:]), 0
    for value in right:
        while taken < len(left) and left[taken] < value:
            taken += 1
        count += len(left) - taken
    return count
