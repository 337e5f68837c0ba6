"""Practice: how much of what an agent answers at experts' states is what the expert answered.

Of the practices that a run of `implicit` or `inverse` kept (`stage-NNN/practice.jsonl`), the share
with the same text as the expert, with the same action, and without an action that could be read; by
iteration, and by the turn of the state.  Stage i practised with the model of iteration i, where 0
is the model that the run began with; so the model that a run ended with has no practices.  Where
agent and expert answer alike, StepAgent has nothing left to learn from, which is one reason why it
declines after its peak (arXiv 2411.03817, Fig. 4).

    stepagent train analyse practice runs/implicit --out analyses/practice
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from stepagent_gym.errors import RunError
from stepagent_train.analyses.folders import Trained, read_trained
from stepagent_train.analyses.output import (
    Estimate,
    Findings,
    Panel,
    Row,
    Series,
    Table,
    by,
    points,
    ratio_of,
)
from stepagent_train.inspection import Practice, ReflectArgs, read_practice

SHARES: Mapping[str, Callable[[Practice], bool]] = {
    "same text": lambda practice: practice.same_text,
    "same action": lambda practice: practice.same_action,
    "unparsable": lambda practice: practice.action is None,
}


@dataclass(frozen=True)
class Args:
    """How much of what was practised is the expert's."""

    run: Annotated[Path, tyro.conf.Positional]
    """Folder of a run of implicit or inverse."""
    out: Path
    """Folder of the tables and the plot."""


def run(args: Args) -> Findings:
    """Read the practices of a run."""
    trained = read_trained(args.run)
    practised = read(trained)
    if not practised:
        raise RunError(f"{args.run} kept no practices; runs of implicit and inverse do")
    rows: list[Row] = [
        {"iteration": stage, "practices": len(practices), **shares(practices)}
        for stage, practices in practised.items()
    ]
    turns: list[Row] = [
        {"iteration": stage, "turn": turn + 1, "practices": len(of_turn), **shares(of_turn)}
        for stage, practices in practised.items()
        for turn, of_turn in sorted(by(lambda p: p.turn, practices).items())
    ]
    return Findings(
        "Practice at experts' states",
        [trained.conditions(**how(trained))],
        [Table("by iteration", rows), Table("by turn", turns)],
        _panels(rows, turns),
        [
            "Observations are expert trajectories; a share is of all practices, and the interval "
            "draws whole trajectories.",
            "Iteration 0 is the model that the run began with.",
        ],
    )


def read(trained: Trained) -> dict[int, list[Practice]]:
    """Read the practices of every stage."""
    return {stage: read_practice(path) for stage, path in trained.stages("practice").items()}


def how(trained: Trained) -> dict[str, float]:
    """Say how a run practised."""
    args = trained.args
    if not isinstance(args, ReflectArgs):
        return {}
    return {"practices": args.practices, "temperature": args.resolved_temperature()}


def shares(practices: Sequence[Practice]) -> dict[str, Estimate]:
    """Give each share of practices, with intervals over trajectories."""
    experts = by(lambda practice: practice.expert, practices).values()
    return {
        name: ratio_of((sum(map(holds, own)), len(own)) for own in experts)
        for name, holds in SHARES.items()
    }


def _panels(rows: Sequence[Row], turns: Sequence[Row]) -> list[Panel]:
    return [
        Panel(
            "by iteration",
            "iteration",
            "share of practices",
            [Series(name, points(rows, "iteration", name)) for name in SHARES],
        ),
        Panel(
            "same action, by turn",
            "turn",
            "share of practices",
            [
                Series(f"iteration {stage}", points(of_stage, "turn", "same action"))
                for stage, of_stage in by(lambda row: row["iteration"], turns).items()
            ],
        ),
    ]
