"""Steps to success: how soon evaluated runs succeed, and what they have within a budget of turns.

For every budget b of turns, over the tasks that all runs have played,

    reward(b)    the sum of an episode's step rewards up to turn b
    success(b)   whether the episode succeeded and had ended by turn b

each averaged over the repeats of a task, then over tasks.  Nothing is played: recorded episodes are
cut.  An episode that was cut might have been played otherwise under that limit, had the model known
of it; it is not told.  Source: the figure of ETO (arXiv 2403.02502) and the "action efficiency" of
IPR (arXiv 2406.11176), which gives no formula.

    stepagent train analyse steps-to-success runs/sft runs/implicit --out analyses/steps
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import tyro

from stepagent_gym.types import Trajectory
from stepagent_train.analyses.folders import Evaluated, read_evaluated
from stepagent_train.analyses.output import (
    Estimate,
    Findings,
    Panel,
    Row,
    Series,
    Table,
    by,
    mean_of,
)


@dataclass(frozen=True)
class Args:
    """How soon evaluated runs succeed."""

    runs: Annotated[tuple[Path, ...], tyro.conf.Positional]
    """Folders of stepagent eval."""
    out: Path
    """Folder of the tables and the plot."""
    env: str | None = None
    """The environment, where the runs have several."""


def run(args: Args) -> Findings:
    """Cut the recorded episodes at every budget."""
    runs = read_evaluated(args.runs, args.env)
    budgets = range(1, max(len(t.steps) for run in runs for t in run.episodes) + 1)
    curves = [(run, *curve(run.episodes, budgets)) for run in runs]
    rows: list[Row] = [
        {"run": run.label, "turns": b, "reward": reward[b - 1], "success": success[b - 1]}
        for run, reward, success in curves
        for b in budgets
    ]
    panels = [
        Panel(
            f"{name} within a budget",
            "turns",
            name,
            [
                Series(run.label, list(zip(budgets, values[place], strict=True)))
                for run, *values in curves
            ],
        )
        for place, name in enumerate(("reward", "success"))
    ]
    return Findings(
        "Steps to success",
        [run.told(left_out=run.left_out) for run in runs],
        [Table("turns of episodes", [summary(run) for run in runs]), Table("by budget", rows)],
        panels,
        [
            "Observations are tasks; the repeats of one are averaged first.",
            "Turns to success are those of the episodes that succeeded, whose tasks differ "
            "between runs: compare them beside the share that succeeded.",
        ],
    )


def reward_within(budget: int, episode: Trajectory) -> float:
    """Give what an episode was rewarded up to its turn `budget`."""
    return math.fsum(step.reward for step in episode.steps[:budget])


def success_within(budget: int, episode: Trajectory) -> float:
    """Give 1 where an episode succeeded in no more turns."""
    return float(episode.success and len(episode.steps) <= budget)


def curve(
    episodes: Sequence[Trajectory], budgets: Sequence[int]
) -> tuple[list[Estimate], list[Estimate]]:
    """Give reward and success within each budget."""
    return (
        [over_tasks(episodes, partial(reward_within, budget)) for budget in budgets],
        [over_tasks(episodes, partial(success_within, budget)) for budget in budgets],
    )


def summary(run: Evaluated) -> Row:
    """Give the turns that episodes of a run took, and those that led to success."""
    won = [episode for episode in run.episodes if episode.success]
    turns = sorted(len(episode.steps) for episode in won)
    return {
        "run": run.label,
        "episodes": len(run.episodes),
        "reward": over_tasks(run.episodes, lambda e: e.reward),
        "success": over_tasks(run.episodes, lambda e: float(e.success)),
        "turns": over_tasks(run.episodes, lambda e: float(len(e.steps))),
        "turns to success": over_tasks(won, lambda e: float(len(e.steps))),
        "median": turns[(len(turns) - 1) // 2] if turns else None,
        "most": turns[-1] if turns else None,
    }


def over_tasks(episodes: Sequence[Trajectory], value: Callable[[Trajectory], float]) -> Estimate:
    """Average a value over the repeats of each task, then over tasks."""
    tasks = by(lambda episode: episode.task_id, episodes).values()
    return mean_of([math.fsum(map(value, task)) / len(task) for task in tasks])
