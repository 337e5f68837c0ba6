"""The published averages over finished tasks, from what `info` says at their ends.

A macro average is over tasks of each task's mean over its steps, a micro average is over steps;
the paper reports macro element accuracy.  Steps without a positive among the candidates count 0,
as published; beside that stand the averages over the other steps alone, which tell what was lost
by ranking from what was lost by answering.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

SCORES = ("element_acc", "op_f1", "step_success")
_Step = tuple[float, ...]


class Averages(NamedTuple):
    """Averages of the three scores of a step."""

    element_acc: float
    op_f1: float
    step_success: float


class Summary(NamedTuple):
    """The figures of some tasks.

    `macro`, `micro`: over all their steps; `macro_found`, `micro_found`: over the steps with a
    positive among the candidates, and the tasks with such steps (None: there are none).
    `task_success`: the share of tasks whose steps all succeeded.
    """

    tasks: int
    steps: int
    steps_without_positive: int
    macro: Averages
    micro: Averages
    macro_found: Averages | None
    micro_found: Averages | None
    task_success: float


def summarise(infos: Sequence[Mapping[str, Any]]) -> Summary:
    """Average finished tasks, each given by the `info` of its last turn; at least one.

    A task that was cut short counts the steps it did not reach as failed.
    """
    tasks = [_steps(info) for info in infos]
    found = [
        [
            scores
            for scores, verdict in zip(steps, info["verdicts"], strict=False)
            if verdict[_FOUND]
        ]
        for steps, info in zip(tasks, infos, strict=True)
    ]
    steps = [scores for task in tasks for scores in task]
    return Summary(
        tasks=len(tasks),
        steps=len(steps),
        steps_without_positive=sum(info["steps_without_positive"] for info in infos),
        macro=_average([_average(task) for task in tasks]),
        micro=_average(steps),
        macro_found=_average_or_none([_average(task) for task in found if task]),
        micro_found=_average_or_none([scores for task in found for scores in task]),
        task_success=sum(bool(info["success"]) for info in infos) / len(infos),
    )


def break_down(
    infos: Sequence[Mapping[str, Any]], by: Literal["domain", "website"]
) -> dict[str, Summary]:
    """Average the tasks of each domain or website apart, in the order of their names."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for info in infos:
        groups.setdefault(info[by], []).append(info)
    return {name: summarise(groups[name]) for name in sorted(groups)}


_FOUND = "positive_in_top_k"


def _steps(info: Mapping[str, Any]) -> list[_Step]:
    """Give the scores of all steps of a task."""
    reached = [tuple(verdict[score] for score in SCORES) for verdict in info["verdicts"]]
    return reached + [(0.0,) * len(SCORES)] * (info["steps"] - len(reached))


def _average(values: Sequence[_Step]) -> Averages:
    totals = [0.0] * len(SCORES)
    for value in values:
        totals = [total + score for total, score in zip(totals, value, strict=True)]
    return Averages(*(total / len(values) for total in totals))


def _average_or_none(values: Sequence[_Step]) -> Averages | None:
    return _average(values) if values else None
