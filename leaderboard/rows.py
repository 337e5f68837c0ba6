"""The rows of the board: a submission each, and what papers reported; sorted, filtered, as CSV."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Any, Self

import orjson

from harness.papers import reported
from leaderboard.benchmarks import BENCHMARKS, BY_ENV, BY_SLUG
from leaderboard.store import Entry
from leaderboard.text import visible_line
from stepagent_gym.datasets import embedded_root
from stepagent_gym.errors import UsageError

STATUSES = {
    "verified": "verified by re-execution",
    "waiting": "not verified yet",
    "refused": "refused",
    "reported": "reported, not re-executed",
}
COLUMNS = ("model", "method", "tasks", "harness", "date", "status")
_PAPER_DATASETS = {
    "WebShop": ("webshop", ""),
    "Mind2Web": ("mind2web", ""),
    "ScienceWorld": ("scienceworld", ""),
    "ALFWorld": ("alfworld", ""),
    "ALFWorld-seen": ("alfworld", "seen"),
    "ALFWorld-unseen": ("alfworld", "unseen"),
    "HotpotQA": ("hotpotqa", ""),
    "2WikiMultihopQA": ("2wikimultihopqa", ""),
    "MuSiQue": ("musique", ""),
    "InterCodeSQL": ("intercode-sql", ""),
}


@dataclass(frozen=True)
class Score:
    """The ranked number of one benchmark, from 0 to 1, with what it depends on.

    `metric`: what it is, in the words of its source.  `low`, `high`: its 95% interval.  `tasks`,
    `of`: tasks played, and tasks that the split has.  `turns`: the turn limit.
    What a paper does not say is None or empty.
    """

    metric: str
    mean: float
    low: float | None = None
    high: float | None = None
    tasks: int | None = None
    of: int | None = None
    split: str = ""
    data: str = ""
    turns: str = ""


@dataclass(frozen=True)
class Row:
    """A row of the board; `scores` by the slug of the benchmark, the best first."""

    id: str
    model: str
    method: str
    status: str
    scores: Mapping[str, Sequence[Score]]
    tasks: int | None
    harness: str
    date: str
    source: str

    def value(self, column: str) -> Any:
        """Give what a column is sorted by; None where it is empty."""
        if column in BY_SLUG:
            scores = self.scores.get(column)
            return scores[0].mean if scores else None
        value = getattr(self, column)
        if column == "status":
            return list(STATUSES).index(value)
        return value.casefold() if isinstance(value, str) else value

    def to_json(self) -> dict[str, Any]:
        """Give a JSON object."""
        scores = {slug: [asdict(score) for score in scores] for slug, scores in self.scores.items()}
        return {**asdict(self), "scores": scores}


@dataclass(frozen=True)
class View:
    """What is asked of the board: an order, and which rows.

    `sort`: a column or the slug of a benchmark; `order`: `asc` or `desc`; `status`: one of
    `STATUSES`, or empty for all but refused ones; `text`: must be in model or method.
    """

    sort: str = "status"
    order: str = "asc"
    status: str = ""
    text: str = ""

    @classmethod
    def asked(cls, arguments: Mapping[str, str], default: Self) -> Self:
        """Read the arguments of an address; raises `UsageError` for what does not exist."""
        names = {field.name for field in fields(cls)}
        if unknown := arguments.keys() - names:
            raise UsageError(f"no argument {sorted(unknown)[0]!r}; there are {', '.join(names)}")
        view = cls(**{**asdict(default), **arguments})
        for name, choices in (
            ("sort", (*COLUMNS, *BY_SLUG)),
            ("order", ("asc", "desc")),
            ("status", ("", *STATUSES)),
        ):
            if (value := getattr(view, name)) not in choices:
                raise UsageError(f"{name}={value!r}; there are {', '.join(filter(None, choices))}")
        return view

    def shows(self, row: Row) -> bool:
        """Whether a row is among those asked for."""
        wanted = row.status == self.status if self.status else row.status != "refused"
        return wanted and self.text.casefold() in f"{row.model} {row.method}".casefold()

    def ordered(self, rows: Iterable[Row]) -> list[Row]:
        """Order rows; those without a value come last either way, equal ones by name."""
        named = sorted(rows, key=lambda row: (row.model.casefold(), row.method.casefold(), row.id))
        filled = [row for row in named if row.value(self.sort) not in (None, "")]
        empty = [row for row in named if row.value(self.sort) in (None, "")]
        key: Callable[[Row], Any] = lambda row: row.value(self.sort)  # noqa: E731
        return sorted(filled, key=key, reverse=self.order == "desc") + empty


def row_of(entry: Entry) -> Row:
    """Make the row of a submission."""
    scores = {}
    for env_id, part in entry.summary.items():
        benchmark = BY_ENV.get(env_id)
        metric = part["metrics"].get(benchmark.metric) if benchmark else None
        if benchmark is None or metric is None:
            continue
        conditions = part["conditions"]
        data = entry.verdict.data.get(env_id) if entry.verdict else None
        scores[benchmark.slug] = [
            Score(
                metric=benchmark.metric,
                mean=metric["mean"],
                low=metric["ci_low"],
                high=metric["ci_high"],
                tasks=conditions["tasks"],
                of=conditions["split_tasks"],
                split=conditions["split"],
                data=data or conditions["data"],
                turns=str(conditions.get("max_turns", "")),
            )
        ]
    return Row(
        id=entry.id,
        model=visible_line(entry.model),
        method=visible_line(entry.method),
        status=entry.status,
        scores=scores,
        tasks=sum(part["conditions"]["tasks"] for part in entry.summary.values()),
        harness=visible_line(entry.harness),
        date=entry.started[:10],
        source="",
    )


@cache
def paper_rows() -> tuple[Row, ...]:
    """Give the published numbers, a row for each method and backbone of a paper.

    Averages over benchmarks, hours of training and the like are no scores of a benchmark and are
    left out.
    """
    papers = orjson.loads((embedded_root() / "leaderboard" / "papers.json").read_bytes())
    found: dict[tuple[str, str, str], dict[str, list[Score]]] = {}
    for line in reported():
        slug, split = _PAPER_DATASETS[line.dataset]
        scores = found.setdefault((line.paper, line.backbone, line.method), {})
        scores.setdefault(slug, []).append(Score(line.metric, line.value, split=split))
    return tuple(
        Row(
            id="",
            model=backbone,
            method=method,
            status="reported",
            scores={
                slug: sorted(same, key=lambda score: -score.mean) for slug, same in scores.items()
            },
            tasks=None,
            harness="",
            date=papers[paper]["date"],
            source=f"{paper}, {papers[paper]['source']}",
        )
        for (paper, backbone, method), scores in found.items()
    )


def to_csv(rows: Iterable[Row]) -> str:
    """Write rows as CSV, a line for each score; no cell begins as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ["id", "model", "method", "status", "source", "harness", "date", "benchmark"]
        + [field.name for field in fields(Score)]
    )
    for row in rows:
        facts = [row.id, row.model, row.method, row.status, row.source, row.harness, row.date]
        for benchmark in BENCHMARKS:
            for score in row.scores.get(benchmark.slug, ()):
                cells = [*facts, benchmark.slug, *asdict(score).values()]
                writer.writerow([_cell(cell) for cell in cells])
    return out.getvalue()


def _cell(value: Any) -> Any:
    """Keep a spreadsheet from reading text as a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value
