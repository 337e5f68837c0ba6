"""The numbers that the papers report, from the tables that ship (`data/leaderboard`)."""

import csv
from functools import cache
from typing import NamedTuple

from stepagent_gym.datasets import embedded_root

_METRICS = frozenset(
    {
        "avg_final_reward_x100",
        "avg_reward_x100",
        "success_rate",
        "exact_match",
        "macro_element_accuracy",
    }
)


class Reported(NamedTuple):
    """A score of a method on a benchmark (0 to 1), as a paper has it.

    `dataset` is the paper's name of the benchmark, with its split where it has several.
    """

    paper: str
    backbone: str
    method: str
    dataset: str
    metric: str
    value: float


@cache
def reported() -> tuple[Reported, ...]:
    """Give every reported score; averages over benchmarks, hours and the like are left out."""
    path = embedded_root() / "leaderboard" / "paper_tables.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Reported(
                line["paper"],
                line["backbone"],
                line["method"],
                line["dataset"],
                line["metric"].removesuffix("_x100"),
                float(line["value"]) / 100,
            )
            for line in csv.DictReader(file)
            if line["metric"] in _METRICS and line["dataset"] != "Average"
        )
