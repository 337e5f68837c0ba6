"""What an evaluation shows: a live table while it runs, and the scores when it ends."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from harness.policies.spending import Meter
from stepagent_gym.types import Trajectory


@dataclass
class _Row:
    """The running numbers of one environment."""

    asked: int
    began: float = field(default_factory=time.monotonic)
    played: int = 0
    errors: int = 0
    reward: float = 0.0
    successes: int = 0
    turns: int = 0

    def cells(self) -> list[str]:
        scored = self.played - self.errors
        seconds = max(time.monotonic() - self.began, 1e-6)
        left = (self.asked - self.played) * seconds / self.played if self.played else 0.0
        return [
            f"{self.played:,}/{self.asked:,}",
            f"{self.reward / scored:.3f}" if scored else "",
            f"{self.successes / scored:.3f}" if scored else "",
            f"{self.errors:,}",
            f"{self.turns / seconds:,.0f}",
            f"{left:,.0f} s",
        ]


class Progress:
    """A live table with a row for each environment; silent where `live` is false."""

    def __init__(self, console: Console, *, live: bool) -> None:
        self._rows: dict[str, _Row] = {}
        self._live = (
            Live(console=console, get_renderable=self._table, refresh_per_second=5)
            if live
            else None
        )

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def begin(self, env_id: str, asked: int) -> None:
        """Add the row of an environment."""
        self._rows[env_id] = _Row(asked)

    def add(self, trajectory: Trajectory) -> None:
        """Count an episode that ended."""
        row = self._rows[trajectory.env_id]
        row.played += 1
        row.turns += len(trajectory.steps)
        if trajectory.status == "error":
            row.errors += 1
        else:
            row.reward += trajectory.reward
            row.successes += trajectory.success

    def _table(self) -> Table:
        table = Table(title="running")
        for heading in (
            "environment",
            "episodes",
            "reward",
            "success",
            "errors",
            "turns/s",
            "left",
        ):
            table.add_column(heading, justify="left" if heading == "environment" else "right")
        for env_id, row in self._rows.items():
            table.add_row(env_id, *row.cells())
        return table


def print_summary(summary: Mapping[str, Any], header: Mapping[str, Any], console: Console) -> None:
    """Print every score beside the number of its tasks, its interval and its conditions."""
    versions = header["versions"]
    commit = header["git_commit"]
    table = Table(
        title=f"{header['config']['model']}  ·  mean \\[95% interval over tasks]",
        caption=f"stepagent-gym {versions['stepagent-gym']}"
        + (f" ({commit[:12]}{'-dirty' * commit.endswith('-dirty')})" if commit else "")
        + f", gymnasium {versions['gymnasium']}, Python {versions['python']}",
    )
    table.add_column("environment, type", no_wrap=True)
    for heading in ("tasks", "reward", "success", "errors"):
        table.add_column(heading, justify="right", no_wrap=True)
    for env_id, part in summary.items():
        metrics = part["metrics"]
        errors = f"[red]{part['errors']}[/red]" if part["errors"] else "0"
        table.add_row(f"[bold]{env_id}[/bold]", *_scores(metrics), errors)
        for kind, of_kind in part["by_type"].items():
            table.add_row(f"  {escape(_printable(kind))}", *_scores(of_kind), "")
    console.print(table)
    for env_id, part in summary.items():
        console.print(f"{env_id}: {_conditions(part['conditions'])}", style="dim", markup=False)
        if part.get("usage"):
            console.print(f"  {_usage(part['usage'])}", style="dim", markup=False)
        for message, count in part["error_messages"].items():
            console.print(f"  {count} x {_printable(message)}", style="red", markup=False)


def print_spending(meter: Meter, console: Console) -> None:
    """Print what was spent, over all the times that it was resumed, and what is beside it."""
    spent = meter.spending
    lacking = f", {spent.without_usage:,} replies state none" if spent.without_usage else ""
    total = f"; {meter.total_tokens:,} tokens, {_cost(meter.total_cost)} in all"
    console.print(
        f"spent: {spent.requests:,} requests ({spent.failures:,} failed), "
        f"{spent.from_cache:,} replies from the cache, {spent.tokens:,} tokens{lacking}, "
        f"{_cost(meter.cost)}{total if meter.beside else ''}",
        markup=False,
        soft_wrap=True,
    )


def _usage(usage: Mapping[str, Any]) -> str:
    cut = f" ({usage['cut']:,} cut at the limit of tokens)" if usage["cut"] else ""
    return (
        f"{usage['replies']:,} replies{cut}, {usage['prompt_tokens']:,} prompt tokens, "
        f"{usage['completion_tokens']:,} completion tokens, {_cost(usage['cost'])}"
    )


def _cost(cost: float | None) -> str:
    return "cost unknown" if cost is None else f"cost ${cost:,.4f}"


def _printable(text: str) -> str:
    """Keep control characters of foreign text away from the terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _scores(metrics: Mapping[str, Any]) -> list[str]:
    tasks = metrics["reward"]["n"] if metrics else 0
    return [str(tasks), *(_score(metrics, name) for name in ("reward", "success"))]


def _score(metrics: Mapping[str, Any], name: str) -> str:
    if name not in metrics:
        return "no result"
    value = metrics[name]
    if value["ci_low"] is None:
        return f"{value['mean']:.3f}"
    spread = f" ±{value['spread']:.3f}" if "spread" in value else ""
    return f"{value['mean']:.3f} \\[{value['ci_low']:.3f}, {value['ci_high']:.3f}]{spread}"


def _conditions(conditions: Mapping[str, Any]) -> str:
    hidden = {"split_tasks", "tasks", "model", "prompt_sha256", "split_hash", "data_hash"}
    shown = [
        f"{key} {value}"
        for key, value in conditions.items()
        if key not in hidden and value is not None
    ]
    return f"data {conditions['data']}/{conditions['data_hash']}, " + ", ".join(
        item for item in shown if not item.startswith("data ")
    )
