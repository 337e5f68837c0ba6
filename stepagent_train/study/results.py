"""What came of a study: the scores of its cells, over seeds, their differences and their costs.

Only what is on disk is read; a cell without a result has none, and is never a zero.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from harness.comparison import PairKey, compare_seeds
from harness.metrics import LEVEL, RESAMPLES, mean_over
from harness.runs import SUMMARY, read_header, read_trajectories
from stepagent_train.run import read_config
from stepagent_train.study.cells import Cell
from stepagent_train.study.config import Study
from stepagent_train.study.runner import State, place, states
from stepagent_train.study.spent import read_spent

METHOD = (
    f"{LEVEL:.0%} intervals: percentile bootstrap, {RESAMPLES:,} resamples. Tasks and training "
    "seeds are both drawn with replacement, independently: every seed plays the same tasks, so a "
    "draw of tasks holds for all seeds drawn with it. With one seed the interval is over tasks "
    "alone, and says nothing of training again; few seeds make it somewhat too narrow. Differences "
    "are paired by seed, task and episode. A task without a result in every seed (an episode "
    "that ended in an error) is left out, and counted; a failed cell has no score."
)


class Outcome(NamedTuple):
    """An episode as it is compared."""

    reward: float
    success: bool
    failed: bool


class Run(NamedTuple):
    """A test run that was scored: its cell, what it depends on, and its episodes."""

    cell: Cell
    conditions: Mapping[str, Any]
    header: Mapping[str, Any]
    metrics: Mapping[str, Any]
    errors: int
    episodes: Mapping[PairKey, Outcome]


@dataclass(frozen=True)
class Group:
    """A variant in an environment: its test runs by seed, and the seeds that have none."""

    environment: str
    variant: str
    runs: Mapping[int | None, Run]
    lacking: Mapping[int | None, str]

    def average(self, name: str) -> dict[str, Any] | None:
        """Average the reward or the success over tasks and seeds."""
        found = []
        for run in self.runs.values():
            by_task: dict[str, list[float]] = defaultdict(list)
            for key, outcome in run.episodes.items():
                if not outcome.failed:
                    by_task[key.task_id].append(float(getattr(outcome, name)))
            found.append(by_task)
        average = mean_over(found)
        if average is None:
            return None
        everywhere = set.intersection(*map(set, found))
        left_out = len(set.union(*map(set, found))) - len(everywhere)
        return {**average, "n": len(everywhere), "left_out": left_out}

    @property
    def errors(self) -> int:
        """How many episodes ended in an error."""
        return sum(run.errors for run in self.runs.values())


@dataclass(frozen=True)
class Results:
    """A study with all that is known of it."""

    study: Study
    cells: Mapping[str, Cell]
    states: Mapping[str, State]
    groups: Mapping[tuple[str, str], Group]
    """By environment and variant."""
    dev: Mapping[tuple[str, str], Mapping[int | None, Mapping[int, Mapping[str, Any]]]]
    """Scores of iterations by environment and variant, by seed, by number."""
    costs: Mapping[tuple[str, str], Mapping[int, Mapping[str, Any]]]
    """What training took by environment and variant, by seed."""
    _differences: dict[tuple[str, str, str | None], dict[str, Any] | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def baseline(self, method: str) -> str | None:
        """Give the first variant of a method that is no control."""
        found = (
            v.name for v in self.study.variants.values() if v.method == method and v.budget is None
        )
        return next(found, None)

    def control(self, variant: str) -> str | None:
        """Give the control of a variant."""
        found = (v.name for v in self.study.variants.values() if v.budget == variant)
        return next(found, None)

    def difference(self, environment: str, variant: str, base: str | None) -> dict[str, Any] | None:
        """Compare a variant with another, seed by seed, once; None where no seed has both."""
        key = environment, variant, base
        if key not in self._differences:
            self._differences[key] = self._compare(*key)
        return self._differences[key]

    def _compare(self, environment: str, variant: str, base: str | None) -> dict[str, Any] | None:
        group = self.groups.get((environment, variant))
        other = self.groups.get((environment, base)) if base and base != variant else None
        if group is None or other is None:
            return None
        shared = [seed for seed in group.runs if seed in other.runs]
        pairs = [(other.runs[seed].episodes, group.runs[seed].episodes) for seed in shared]
        return compare_seeds(pairs) if pairs else None


def read_results(study: Study, cells: Mapping[str, Cell], root: Path) -> Results:
    """Read the folders of a study."""
    stored = states(cells, root)
    groups: dict[tuple[str, str], Group] = {}
    dev: dict[tuple[str, str], dict[int | None, dict[int, Mapping[str, Any]]]] = {}
    costs: dict[tuple[str, str], dict[int, Mapping[str, Any]]] = {}
    for cell in cells.values():
        state, key = stored[cell.id], (cell.environment, cell.variant or "")
        done = state.status == "done"
        if cell.kind == "test":
            group = groups.setdefault(key, Group(*key, {}, {}))
            run = read_run(cell, root) if done else None
            if run is not None and run.metrics:
                groups[key] = _with(group, cell.seed, run)
            else:
                why = "every episode ended in an error" if done else state.status
                groups[key] = Group(*key, group.runs, {**group.lacking, cell.seed: why})
        elif cell.kind == "dev" and done:
            number = int(cell.id.rpartition("-")[2])
            run = read_run(cell, root)
            dev.setdefault(key, {}).setdefault(cell.seed, {})[number] = run.metrics
        elif cell.kind == "train" and done and cell.seed is not None:
            spent = read_spent(place(cell.run, root)).to_json()
            times = {"seconds": state.seconds, "attempts": state.attempts}
            costs.setdefault(key, {})[cell.seed] = {**spent, **times}
    return Results(study, cells, stored, groups, dev, costs)


def _with(group: Group, seed: int | None, run: Run) -> Group:
    return Group(group.environment, group.variant, {**group.runs, seed: run}, group.lacking)


def read_run(cell: Cell, root: Path) -> Run:
    """Read the run folder of a cell that scored a model."""
    path = place(cell.run, root)
    (part,) = orjson.loads((path / SUMMARY).read_bytes()).values()
    conditions = part["conditions"]
    episodes = {
        PairKey(t.env_id, conditions["data_hash"], t.split, t.task_id, t.seed): Outcome(
            t.reward, t.success, t.status == "error"
        )
        for t in read_trajectories(path)
    }
    return Run(cell, conditions, read_header(path), part["metrics"], part["errors"], episodes)


def to_json(results: Results, root: Path) -> dict[str, Any]:
    """Give all results as JSON."""
    study = results.study
    groups = results.groups.values()
    return {
        "study": asdict(study),
        "method": METHOD,
        "cells": {id: _cell(results, id, root) for id in results.cells},
        "scores": [
            {
                **{"environment": group.environment, "variant": group.variant},
                **{"seeds": list(group.runs), "lacking": _texts(group.lacking)},
                **{name: group.average(name) for name in ("reward", "success")},
                "errors": group.errors,
                **_conditions(group.runs.values()),
            }
            for group in groups
        ],
        "differences": [
            {"environment": g.environment, "variant": g.variant, "base": base, **difference}
            for g in groups
            for base in bases(results, g.variant)
            if (difference := results.difference(g.environment, g.variant, base)) is not None
        ],
        "costs": [
            {"environment": key[0], "variant": key[1], "by_seed": _texts(by_seed)}
            for key, by_seed in results.costs.items()
        ],
    }


def bases(results: Results, variant: str) -> list[str]:
    """List what a variant is compared with: SFT, its control, ETO."""
    found = (results.baseline("sft"), results.control(variant), results.baseline("eto"))
    return list(dict.fromkeys(name for name in found if name not in (None, variant) and name))


def _cell(results: Results, id: str, root: Path) -> dict[str, Any]:
    """Give a cell with its scores, what they depend on, and what it took."""
    cell, state = results.cells[id], results.states[id]
    facts: dict[str, Any] = {"kind": cell.kind, "environment": cell.environment}
    facts |= {"variant": cell.variant, "seed": cell.seed, **asdict(state)}
    del facts["asked"]
    if state.status != "done":
        return facts
    path = place(cell.run, root)
    if cell.kind in ("dev", "test"):
        run = read_run(cell, root)
        facts |= {"scores": run.metrics, "errors": run.errors, **_conditions([run])}
    elif cell.kind == "train":
        config = read_config(path)
        facts |= {name: config[name] for name in ("config", "facts", "versions", "git_commit")}
        facts["spent"] = read_spent(path).to_json()
    return facts


def _conditions(runs: Iterable[Run]) -> dict[str, Any]:
    """Give what scores depend on; of runs that differ in something, every value."""
    found: dict[str, Any] = {}
    for run in runs:
        header = run.header
        commit = header["git_commit"] or "unknown"
        short = commit[:12] + "-dirty" * commit.endswith("-dirty")
        facts = {**run.conditions, **header["versions"], "commit": short}
        for name, value in facts.items():
            if name != "model" and value not in found.setdefault(name, []):
                found[name].append(value)
    one = {name: values[0] if len(values) == 1 else values for name, values in found.items()}
    return {"conditions": one}


def _texts(mapping: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in mapping.items()}


def conditions_of(groups: Sequence[Group]) -> dict[str, Any]:
    """Give what the scores of groups depend on; of what differs, every value."""
    conditions: dict[str, Any] = _conditions(r for g in groups for r in g.runs.values())[
        "conditions"
    ]
    return conditions
