"""Bars of a chart: where each begins and ends, in per cent of the width."""

from collections.abc import Sequence
from dataclasses import dataclass

from leaderboard.rows import Row

MOST = 25


@dataclass(frozen=True)
class Bar:
    """A row as a bar; `low` and `high` are None where it has no interval."""

    row: Row
    text: str
    width: float
    low: float | None
    high: float | None


def bars(rows: Sequence[Row], slug: str) -> list[Bar]:
    """Give bars of the first rows that are verified or published, from 0 to 1."""
    shown = [row for row in rows if row.status in ("verified", "reported")][:MOST]
    return [_bar(row, slug) for row in shown]


def _bar(row: Row, slug: str) -> Bar:
    score = row.scores[slug][0]
    low, high = (None if bound is None else _per_cent(bound) for bound in (score.low, score.high))
    return Bar(row, f"{score.mean:.3f}", _per_cent(score.mean), low, high)


def _per_cent(value: float) -> float:
    return round(100 * min(max(value, 0.0), 1.0), 2)
