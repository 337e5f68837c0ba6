"""The plots of a study, as SVG to stand in a page."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from stepagent_train.study.results import Results

_STYLE: dict[Any, Any] = {
    "svg.hashsalt": "stepagent",
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_HEAD = re.compile(r"^.*?(?=<svg)", re.S)


def plots(results: Results) -> list[tuple[str, str]]:
    """Give the plots with their titles; those without a point are left out."""
    with mpl.rc_context(_STYLE):
        return [
            (title, _svg(figure))
            for drawn in (_scores(results), _differences(results), _over_x(results), _dev(results))
            for title, figure in drawn
        ]


def gains(results: Results) -> str | None:
    """Draw every method's reward less that of SFT and of its control, a panel an environment.

    None where no method has a control.
    """
    variants = results.study.variants.values()
    names = [v.name for v in variants if v.budget is None and results.control(v.name) is not None]
    if not names:
        return None
    with mpl.rc_context(_STYLE):
        return _svg(_gains(results, names))


def _gains(results: Results, names: Sequence[str]) -> Figure:
    environments = list(results.study.environments)
    sft = results.baseline("sft")
    figure = Figure((1.4 + 2.4 * len(environments), 1.2 + 0.34 * len(names)), layout="constrained")
    panels = figure.subplots(1, len(environments), sharey=True, squeeze=False)[0]
    for axes, environment in zip(panels, environments, strict=True):
        axes.axvline(0, color="grey", linewidth=0.8)
        for shift, label, bases in (
            (-0.15, f"less {sft}", dict.fromkeys(names, sft)),
            (0.15, "less fine-tuning for as long", {name: results.control(name) for name in names}),
        ):
            found = _less(results, environment, bases)
            places = [names.index(name) + shift for name in found]
            means = [value["mean"] for value in found.values()]
            bars = _bars(list(found.values()))
            axes.errorbar(means, places, xerr=bars, fmt="o", ms=4, capsize=2, label=label)
        axes.set_title(environment, fontsize="medium")
        axes.set_xlabel("reward, difference")
        axes.locator_params(axis="x", nbins=4)
    panels[0].set_yticks(range(len(names)), names)
    panels[0].set_ylim(len(names) - 0.5, -0.5)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure


def _scores(results: Results) -> Iterator[tuple[str, Figure]]:
    for environment in results.study.environments:
        found = {
            variant: average
            for (name, variant), group in results.groups.items()
            if name == environment and (average := group.average("reward")) is not None
        }
        if found:
            title = f"Reward on the test tasks, with its interval: {environment}"
            yield title, _forest(found, "reward")


def _differences(results: Results) -> Iterator[tuple[str, Figure]]:
    base = results.baseline("sft")
    for environment in results.study.environments:
        found = _less(results, environment, dict.fromkeys(results.study.variants, base))
        if found:
            figure = _forest(found, f"reward less that of {base}")
            figure.axes[0].axvline(0, color="grey", linewidth=0.8)
            yield f"Paired difference of reward to {base}, with its interval: {environment}", figure


def _less(
    results: Results, environment: str, bases: Mapping[str, str | None]
) -> dict[str, Mapping[str, Any]]:
    """Give the reward of variants less that of their bases, where both have one."""
    return {
        variant: difference["reward"]
        for variant, base in bases.items()
        if (difference := results.difference(environment, variant, base)) is not None
        and difference["reward"] is not None
    }


def _forest(found: Mapping[str, Mapping[str, Any]], label: str) -> Figure:
    figure = Figure(figsize=(6.4, 0.6 + 0.28 * len(found)), layout="constrained")
    axes = figure.add_subplot()
    for place, value in enumerate(found.values()):
        axes.errorbar(value["mean"], place, xerr=_bars([value]), fmt="o", color="C0", capsize=3)
    axes.set_yticks(range(len(found)), list(found))
    axes.set_ylim(len(found) - 0.5, -0.5)
    axes.set_xlabel(label)
    return figure


def _over_x(results: Results) -> Iterator[tuple[str, Figure]]:
    """Draw the score of variants over the argument that the study names."""
    plot = results.study.plot
    if plot is None:
        return
    for environment in results.study.environments:
        lines: dict[str, dict[Any, Mapping[str, Any]]] = {}
        for variant in results.study.variants.values():
            group = results.groups.get((environment, variant.name))
            average = group.average("reward") if group is not None else None
            fits = plot.method in (None, variant.method) and variant.budget is None
            value = {**variant.known, **variant.given(environment)}.get(plot.x)
            if average is not None and fits and plot.x in variant.known:
                lines.setdefault(variant.method, {})[value] = average
        lines = {method: line for method, line in lines.items() if len(line) > 1}
        if lines:
            yield f"Reward on the test tasks over {plot.x}: {environment}", _curves(lines, plot.x)


def _dev(results: Results) -> Iterator[tuple[str, Figure]]:
    """Draw the reward on dev over iterations, a line for each method and seed."""
    for environment in results.study.environments:
        lines = {
            f"{variant}, seed {seed}": {n: m["reward"] for n, m in sorted(found.items()) if m}
            for (name, variant), by_seed in results.dev.items()
            if name == environment
            for seed, found in by_seed.items()
        }
        lines = {name: line for name, line in lines.items() if line}
        if lines:
            yield (
                f"Reward on the dev tasks over iterations: {environment}",
                _curves(lines, "iteration"),
            )


def _curves(lines: Mapping[str, Mapping[Any, Mapping[str, Any]]], label: str) -> Figure:
    """Draw values over numbers in their order, or over names side by side."""
    figure = Figure(figsize=(6.4, 3.6), layout="constrained")
    axes = figure.add_subplot()
    every = list(dict.fromkeys(x for line in lines.values() for x in line))
    numbers = all(isinstance(x, int | float) and not isinstance(x, bool) for x in every)
    ticks = sorted(every) if numbers else every
    for name, line in lines.items():
        points = [(x, line[x]) for x in ticks if x in line]
        xs = [x if numbers else ticks.index(x) for x, _ in points]
        values = [value for _, value in points]
        means = [value["mean"] for value in values]
        axes.errorbar(xs, means, yerr=_bars(values), marker="o", capsize=3, label=name)
    axes.set_xticks(ticks if numbers else range(len(ticks)), [str(x) for x in ticks])
    axes.set_xlabel(label)
    axes.set_ylabel("reward")
    axes.legend(frameon=False, fontsize="small")
    return figure


def _bars(values: Sequence[Mapping[str, Any]]) -> list[list[float]]:
    """Give how far intervals reach below and above their means; 0 where there is none."""
    return [
        [0.0 if v["ci_low"] is None else max(0.0, v["mean"] - v["ci_low"]) for v in values],
        [0.0 if v["ci_high"] is None else max(0.0, v["ci_high"] - v["mean"]) for v in values],
    ]


def _svg(figure: Figure) -> str:
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return _HEAD.sub("", out.getvalue(), count=1)
