"""InterCode's rewards: how far the rows of a result are those of the gold query.

Rows are compared as the texts that an agent sees.  `iou` (Xiong et al. 2024, IPR): the rows in
common over the rows in either, as multisets.  `intercode` (Yang et al. 2023, `get_reward`): the
same times Kendall's tau of the rows in common, from -1 to 1.
"""

import math
from collections import Counter
from collections.abc import Sequence
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
    """Give IoU times Kendall's tau, to two digits; IoU alone where tau does not exist.

    As in InterCode's code, tau compares the rows in common, in the one order and in the other, as
    two series of texts: pairs are concordant whose texts rise, or fall, in both (tau-b).
    """
    overlap = iou(rows, gold)
    ours, theirs = list(map(str, rows)), list(map(str, gold))
    common = Counter(ours) & Counter(theirs)
    tau = kendall(_limited(ours, common), _limited(theirs, common))
    return overlap if tau is None else round(overlap * tau, 2)


def _limited(rows: Sequence[str], common: Counter[str]) -> list[str]:
    """Keep each row as often as it is common."""
    left = Counter(common)
    kept = []
    for row in rows:
        if left[row] > 0:
            left[row] -= 1
            kept.append(row)
    return kept


def kendall(first: Sequence[str], second: Sequence[str]) -> float | None:
    """Give Kendall's tau-b of two series (Knight's method); None where one is constant."""
    pairs = sorted(zip(first, second, strict=True))
    total = _pairs(len(pairs))
    ties_first, ties_second = _ties(first), _ties(second)
    if total in (ties_first, ties_second):
        return None
    ties_both = sum(_pairs(count) for count in Counter(pairs).values())
    _, inversions = _sorted([value for _, value in pairs])
    concordance = total - ties_first - ties_second + ties_both - 2 * inversions
    return concordance / math.sqrt((total - ties_first) * (total - ties_second))


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _ties(values: Sequence[str]) -> int:
    return sum(_pairs(count) for count in Counter(values).values())


def _sorted(values: list[str]) -> tuple[list[str], int]:
    """Sort by merging, and count the pairs that stood in the wrong order."""
    if len(values) < 2:
        return values, 0
    left, before = _sorted(values[: len(values) // 2])
    right, after = _sorted(values[len(values) // 2 :])
    merged, count, place = [], before + after, 0
    for value in right:
        while place < len(left) and left[place] <= value:
            merged.append(left[place])
            place += 1
        count += len(left) - place
        merged.append(value)
    return merged + left[place:], count
