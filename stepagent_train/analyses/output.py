"""What an analysis found: estimates in tables and a plot, and how they are written.

    table.json   conditions, tables and notes; an estimate is {mean, ci_low, ci_high, n}
    table.md     the same to be read; an estimate is `mean [95% interval] (n)`
    plot.svg     one panel beside the other

An interval is a bootstrap over what may be taken as independent (tasks, or trajectories), as in
`harness.metrics`; n is how many of these there are.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from harness.metrics import interval, interval_of
from harness.runs import write_json
from stepagent_train.run import replace_file, replacing

T = TypeVar("T")

_BENEATH = ("env", "data", "data_hash", "split", "tasks", "max_turns", "seed")
"""Conditions that stand beneath a plot; all stand beneath the tables."""
_TICKS = 16
"""So many whole numbers or fewer are each marked on an axis."""


class Estimate(NamedTuple):
    """A number with its 95% interval, and how many observations it rests on.

    The number is None without any, and the interval for fewer than two.
    """

    mean: float | None
    low: float | None
    high: float | None
    n: int

    def __str__(self) -> str:
        if self.mean is None:
            return "none (0)"
        if self.low is None or self.high is None:
            return f"{_number(self.mean)} ({self.n})"
        return f"{_number(self.mean)} [{_number(self.low)}, {_number(self.high)}] ({self.n})"

    def to_json(self) -> dict[str, float | int | None]:
        """Give a JSON object, with the names that scores have in a run's summary."""
        return {"mean": self.mean, "ci_low": self.low, "ci_high": self.high, "n": self.n}


Cell = str | int | float | Estimate | None
Row = Mapping[str, Cell]


class Table(NamedTuple):
    """Rows with the same keys, which are the headings."""

    title: str
    rows: Sequence[Row]


class Series(NamedTuple):
    """Estimates over x; `line`: whether they are joined."""

    label: str
    points: Sequence[tuple[float, Estimate]]
    line: bool = True


class Panel(NamedTuple):
    """A part of the plot."""

    title: str
    x: str
    y: str
    series: Sequence[Series]


class Findings(NamedTuple):
    """What an analysis found, and under which conditions."""

    title: str
    conditions: Sequence[Mapping[str, Any]]
    tables: Sequence[Table]
    panels: Sequence[Panel]
    notes: Sequence[str] = ()


def mean_of(values: Sequence[float]) -> Estimate:
    """Estimate a mean from one value an observation."""
    mean = float(np.mean(values)) if len(values) else None
    low, high = interval(values) or (None, None)
    return Estimate(mean, low, high, len(values))


def ratio_of(parts: Iterable[tuple[float, float]]) -> Estimate:
    """Estimate a ratio of sums from a part and a size an observation; those of size 0 go."""
    known = [(part, size) for part, size in parts if size > 0]
    if not known:
        return Estimate(None, None, None, 0)
    sums = np.array(known)

    def ratio(drawn: NDArray[np.int64]) -> float:
        part, size = sums[drawn].sum(0)
        return float(part / size)

    return statistic_of(len(known), ratio)


def statistic_of(count: int, statistic: Callable[[NDArray[np.int64]], float]) -> Estimate:
    """Estimate any number that a function gives for observations by their places.

    It is NaN where it cannot be had; of all it is then None.
    """
    value = statistic(np.arange(count)) if count else np.nan
    if np.isnan(value):
        return Estimate(None, None, None, count)
    low, high = interval_of(count, statistic) or (None, None)
    return Estimate(value, low, high, count)


def points(rows: Iterable[Row], x: str, y: str) -> list[tuple[float, Estimate]]:
    """Give the points of a series from two columns of a table."""
    found = []
    for row in rows:
        place, value = row[x], row[y]
        assert isinstance(place, int | float)
        assert isinstance(value, Estimate)
        found.append((place, value))
    return found


def known(value: float | None) -> Estimate:
    """Give a point of a plot that is no estimate."""
    return Estimate(value, None, None, 1)


def by(key: Callable[[T], Hashable], items: Iterable[T]) -> dict[Any, list[T]]:
    """Gather items of the same key."""
    found: dict[Any, list[T]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def write(findings: Findings, out: Path) -> str:
    """Write the three files; gives the text of the tables."""
    out.mkdir(parents=True, exist_ok=True)
    text = markdown(findings)
    tables = [
        {"title": title, "rows": [{k: _json(cell) for k, cell in row.items()} for row in rows]}
        for title, rows in findings.tables
    ]
    value = {
        "title": findings.title,
        "conditions": [dict(conditions) for conditions in findings.conditions],
        "tables": tables,
        "notes": list(findings.notes),
    }
    write_json(out / "table.json", value)
    replace_file(out / "table.md", text.encode())
    with replacing(out / "plot.svg") as partial:
        draw(findings, partial)
    return text


def markdown(findings: Findings) -> str:
    """Give the tables with their conditions and notes as Markdown."""
    lines = [f"# {findings.title}", ""]
    for title, rows in findings.tables:
        headings = list(rows[0]) if rows else []
        lines += [f"## {title}", ""]
        lines += [_line(headings), _line(["---"] * len(headings))] if rows else ["nothing"]
        lines += [_line([_text(row[heading]) for heading in headings]) for row in rows]
        lines.append("")
    lines += ["Numbers are mean [95% interval] (n).", ""]
    for conditions in findings.conditions:
        lines.append("- " + ", ".join(f"{k} {v}" for k, v in conditions.items() if v is not None))
    lines += [f"- {note}" for note in findings.notes]
    return "\n".join(lines) + "\n"


def draw(findings: Findings, path: Path) -> None:
    """Draw the panels as an SVG, the same bytes for the same findings."""
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "analysis", "font.size": 9}):
        width = max(1, len(findings.panels))
        figure = Figure(figsize=(4.6 * width, 4.2), layout="constrained")
        for axes, panel in zip(
            figure.subplots(1, width, squeeze=False)[0], findings.panels, strict=False
        ):
            _draw_panel(axes, panel)
        figure.suptitle(findings.title)
        told = [
            ", ".join(f"{name} {given[name]}" for name in _BENEATH if name in given)
            for given in findings.conditions
        ]
        figure.supxlabel("\n".join(dict.fromkeys(told)), fontsize=7)
        figure.savefig(path, format="svg", metadata={"Date": None})


def _draw_panel(axes: Axes, panel: Panel) -> None:
    axes.set(title=panel.title, xlabel=panel.x, ylabel=panel.y)
    axes.grid(alpha=0.3)
    places = sorted({x for series in panel.series for x, _ in series.points})
    if len(places) <= _TICKS and all(isinstance(x, int) for x in places):
        axes.set_xticks(places)
    for series in panel.series:
        xs = [x for x, _ in series.points]
        means, lows, highs = (
            np.array([getattr(e, name) for _, e in series.points], dtype=np.float64)
            for name in ("mean", "low", "high")
        )
        (drawn,) = axes.plot(
            xs,
            means,
            linestyle="-" if series.line else "none",
            marker="o",
            markersize=3,
            label=series.label,
            alpha=1.0 if series.line else 0.5,
        )
        axes.vlines(xs, lows, highs, colors=drawn.get_color(), alpha=0.4)
    if panel.series:
        axes.legend(fontsize=7)


def _json(cell: Cell) -> Any:
    return cell.to_json() if isinstance(cell, Estimate) else cell


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return _number(cell) if isinstance(cell, float) else str(cell).replace("|", "\\|")


def _number(value: float) -> str:
    return f"{value:.3g}" if 0 < abs(value) < 0.1 else f"{value:.3f}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
