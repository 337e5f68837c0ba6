"""Scores with their intervals, from trajectories; errors are counted apart and never averaged in.

Interval: 95%, percentile bootstrap over tasks (2,000 resamples from a fixed seed), so that the
repeats of one task count as one observation.  With fewer than two tasks there is none (None).
Of models that were trained from several seeds, tasks and seeds are both drawn (`interval`).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stepagent_gym.episode import NOTHING
from stepagent_gym.types import Trajectory

RESAMPLES = 2000
LEVEL = 0.95
_CHUNK = 1 << 22


def interval(
    values: Sequence[float] | Sequence[Sequence[float]], *, seed: int = 0
) -> tuple[float, float] | None:
    """Give the bootstrap interval of the mean of one value a task; None for fewer than two tasks.

    `values`: of each task; or, for models of several training seeds, a row of them for each.  Then
    seeds and tasks are drawn at once, and independently: all seeds play the same tasks, so a draw
    of tasks holds for every seed that is drawn with it.
    """
    array = np.atleast_2d(np.asarray(values, dtype=np.float64))
    rows, tasks = array.shape
    if tasks < 2:
        return None
    rng = np.random.default_rng(seed)
    chunk = max(1, _CHUNK // array.size)
    found = []
    for done in range(0, RESAMPLES, chunk):
        count = min(chunk, RESAMPLES - done)
        means = array[:, rng.integers(0, tasks, size=(count, tasks))].mean(2)
        if rows > 1:
            means = np.take_along_axis(means, rng.integers(0, rows, size=(rows, count)), 0)
        found.append(means.mean(0))
    low, high = np.quantile(np.concatenate(found), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def interval_of(
    count: int, statistic: Callable[[NDArray[np.int64]], float], *, seed: int = 0
) -> tuple[float, float] | None:
    """Give the bootstrap interval of any statistic of so many tasks; None for fewer than two.

    `statistic` is given the places of the tasks that were drawn; NaN, where it has no value for
    them, is left out.
    """
    if count < 2:
        return None
    draws = np.random.default_rng(seed).integers(0, count, size=(RESAMPLES, count))
    values = np.array([statistic(drawn) for drawn in draws])
    values = values[~np.isnan(values)]
    if not len(values):
        return None
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def mean_over(
    runs: Sequence[Mapping[Any, Sequence[float]]], *, seed: int = 0
) -> dict[str, Any] | None:
    """Average values by task, over the tasks that every run has; None where there are none.

    `runs`: of one model, or a run for each training seed.  Gives `mean`, `ci_low`, `ci_high`, and
    of several runs `by_seed`, the mean of each.
    """
    tasks = [task for task in runs[0] if all(task in run for run in runs)] if runs else []
    if not tasks:
        return None
    means = [[float(np.mean(run[task])) for task in tasks] for run in runs]
    bounds = interval(means, seed=seed)
    return {
        "mean": float(np.mean(means)),
        "ci_low": bounds[0] if bounds else None,
        "ci_high": bounds[1] if bounds else None,
        **({"by_seed": [float(np.mean(row)) for row in means]} if len(runs) > 1 else {}),
    }


def summarise(
    trajectories: Iterable[Trajectory],
    *,
    breakdowns: Sequence[str] = ("task_type",),
    pooled: Mapping[str, str] = NOTHING,
) -> dict[str, Any]:
    """Summarise the trajectories of one environment, the same in whatever order they ended.

    Gives `metrics` (each with `mean`, `ci_low`, `ci_high`, `n` tasks, and with repeats `spread`,
    the standard deviation of the mean over them; of the metrics in `pooled` also `<name>_micro`,
    weighted by the metric named there), `by_type` and a `by_<key>` for every further key of
    `breakdowns`, `episodes`, `errors` (how many), and `error_messages` with counts.
    """
    done: list[Trajectory] = []
    failures: Counter[str] = Counter()
    for trajectory in sorted(trajectories, key=lambda trajectory: trajectory.key):
        if trajectory.status == "error":
            failures[(trajectory.error or "unknown").partition("\n")[0][:200]] += 1
        else:
            done.append(trajectory)
    groups = {
        f"by_{'type' if key == 'task_type' else key}": _grouped(done, key, pooled)
        for key in breakdowns
    }
    return {
        "episodes": len(done),
        "errors": sum(failures.values()),
        "metrics": _metrics(done, pooled),
        **groups,
        "error_messages": dict(failures.most_common(20)),
    }


def _grouped(
    trajectories: Sequence[Trajectory], key: str, pooled: Mapping[str, str]
) -> dict[str, dict[str, dict[str, Any]]]:
    """Average the trajectories of each value of a key of `info` apart."""
    groups: dict[str, list[Trajectory]] = defaultdict(list)
    for trajectory in trajectories:
        value = trajectory.steps[-1].info.get(key) if trajectory.steps else None
        if value is not None:
            groups[str(value)].append(trajectory)
    return {value: _metrics(groups[value], pooled) for value in sorted(groups)}


def _metrics(
    trajectories: Sequence[Trajectory], pooled: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """Average reward, success, score and every further metric."""
    values: dict[str, dict[str, list[tuple[int, float]]]] = defaultdict(lambda: defaultdict(list))
    for trajectory in trajectories:
        numbers: Mapping[str, float] = {
            "reward": trajectory.reward,
            "success": float(trajectory.success),
            "score": trajectory.score,
            **trajectory.metrics,
        }
        for name, value in numbers.items():
            values[name][trajectory.task_id].append((trajectory.seed, value))
    averages = {name: _average(by_task) for name, by_task in values.items()}
    for name, weight in pooled.items():
        if name in values:
            averages[f"{name}_micro"] = _pooled(values[name], values[weight])
    return averages


def _pooled(
    values: Mapping[str, Sequence[tuple[int, float]]],
    weights: Mapping[str, Sequence[tuple[int, float]]],
) -> dict[str, Any]:
    """Average over what the weights count; the interval is over tasks."""
    parts, sizes = [], []
    for task, runs in values.items():
        of_seed = dict(weights[task])
        parts.append(sum(value * of_seed[seed] for seed, value in runs))
        sizes.append(sum(of_seed[seed] for seed, _ in runs))
    top, bottom = np.asarray(parts), np.asarray(sizes)

    def ratio(drawn: NDArray[np.int64]) -> float:
        return float(top[drawn].sum() / max(bottom[drawn].sum(), 1e-12))

    low, high = interval_of(len(parts), ratio) or (None, None)
    mean = ratio(np.arange(len(parts)))
    return {"mean": mean, "ci_low": low, "ci_high": high, "n": len(parts)}


def _average(by_task: Mapping[str, Sequence[tuple[int, float]]]) -> dict[str, Any]:
    means = [float(np.mean([value for _, value in runs])) for runs in by_task.values()]
    bounds = interval(means)
    by_seed: dict[int, list[float]] = defaultdict(list)
    for runs in by_task.values():
        for seed, value in runs:
            by_seed[seed].append(value)
    average: dict[str, Any] = {
        "mean": float(np.mean(means)),
        "ci_low": bounds[0] if bounds else None,
        "ci_high": bounds[1] if bounds else None,
        "n": len(means),
    }
    if len(by_seed) > 1:
        average["spread"] = float(np.std([np.mean(v) for v in by_seed.values()], ddof=1))
    return average
