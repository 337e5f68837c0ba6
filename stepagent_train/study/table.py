"""The tables of a study: scores, differences, costs, the papers' numbers, and what failed."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from harness.metrics import LEVEL
from harness.papers import Reported, reported
from stepagent_train.study.results import Group, Results, conditions_of
from stepagent_train.study.variants import Variant

PAPER_METHODS: Mapping[str, str] = {
    "sft": "SFT",
    "rft": "RFT",
    "nat": "NAT",
    "dpo": "DPO",
    "spin": "SPIN",
    "eto": "ETO",
    "ppo": "PPO",
    "step-ppo": "Step-PPO",
    "implicit": "StepAgent-Implicit",
    "inverse": "StepAgent-Inverse",
    "ipr": "IPR",
}
"""What the papers call our methods."""

_SHOWN = (
    *("data", "data_hash", "split", "max_turns", "examples", "repeats", "temperature"),
    *("max_tokens", "overflow", "action_format", "parsing"),
)
_VERSIONS = ("stepagent-gym", "python", "gymnasium", "numpy", "commit")


class Table(NamedTuple):
    """A table as text: a title, what it depends on, columns, rows."""

    title: str
    note: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def tables(results: Results) -> list[Table]:
    """Give all tables of a study; those that would be empty are left out."""
    environments = list(results.study.environments)
    found = [overview(results), scores(results)]
    for environment in environments:
        found.append(differences(results, environment))
        found.append(papers(results, environment))
    found.append(iterations(results))
    found.append(costs(results))
    return [table for table in found if table.rows]


def scores(results: Results) -> Table:
    """Give the main table: reward and success by method and environment."""
    environments = list(results.study.environments)
    names = list(dict.fromkeys(variant for _, variant in results.groups))
    head = [f"{e}, {metric}" for e in environments for metric in ("reward", "success")]
    rows = []
    for name in names:
        row = [name]
        for environment in environments:
            group = results.groups.get((environment, name))
            row += [score(group, metric) for metric in ("reward", "success")]
        rows.append(row)
    conditions = [depends_on(results, environment) for environment in environments]
    note = f"Mean [{LEVEL:.0%} interval], n = tasks × training seeds. " + " ".join(conditions)
    return Table("Scores on the test tasks", note, ["method", *head], rows)


def overview(results: Results) -> Table:
    """Give each method's reward, and its difference to the control of its budget, in a cell each.

    Empty where no method has a control.
    """
    environments = list(results.study.environments)
    controls = {v.name for v in results.study.variants.values() if v.budget is not None}
    rows = []
    for name in dict.fromkeys(variant for _, variant in results.groups):
        if name in controls:
            continue
        row = [name]
        control = results.control(name)
        for environment in environments:
            row.append(score(results.groups.get((environment, name)), "reward"))
            row.append(difference(results.difference(environment, name, control), "reward"))
        rows.append(row)
    head = [h for name in environments for h in (f"{name}, reward", "less its control")]
    note = (
        f"Mean [{LEVEL:.0%} interval], n = tasks × training seeds. A control goes on with "
        "fine-tuning for as many trained tokens as the method took. "
    ) + " ".join(depends_on(results, environment) for environment in environments)
    title = "Every method beside fine-tuning for as long"
    return Table(title, note, ["method", *head], rows if controls else [])


def score(group: Group | None, metric: str) -> str:
    """Write a score with its interval and n, and every seed that has none."""
    if group is None:
        return ""
    lacking = [
        f"{why}" if seed is None else f"seed {seed}: {why}" for seed, why in group.lacking.items()
    ]
    average = group.average(metric)
    if average is None:
        return "; ".join(lacking)
    seeds = f"×{len(group.runs)}" if None not in group.runs else ""
    text = f"{between(average, '.3f')} n={average['n']}{seeds}"
    errors = [f"{group.errors} episodes ended in errors"] if group.errors else []
    return "; ".join([text, *errors, *lacking])


def depends_on(results: Results, environment: str) -> str:
    """Say what the scores in an environment depend on."""
    groups = [g for (name, _), g in results.groups.items() if name == environment]
    known = conditions_of(groups)
    shown = [f"{name} {_text(known[name])}" for name in _SHOWN if known.get(name) is not None]
    versions = [f"{name} {_text(known[name])}" for name in _VERSIONS if known.get(name)]
    id = results.study.environments[environment].id
    return f"{environment}: {id}, {', '.join([*shown, *versions])}."


def differences(results: Results, environment: str) -> Table:
    """Give the paired differences of every variant to SFT, to its control and to ETO."""
    sft, eto = results.baseline("sft"), results.baseline("eto")
    others = [v for v in results.study.variants.values() if v.name != sft]
    columns: list[tuple[str, Callable[[str], str | None]]] = [
        (f"less {sft}", lambda name: sft),
        ("less its control", results.control),
        (f"less {eto}", lambda name: eto),
    ]
    head = ["method"]
    rows = [[variant.name] for variant in others]
    for title, base in columns:
        found = [results.difference(environment, v.name, base(v.name)) for v in others]
        if any(found):
            head += [f"{title}, {metric}" for metric in ("reward", "success")]
            for row, one in zip(rows, found, strict=True):
                row += [difference(one, metric) for metric in ("reward", "success")]
    for row, variant in zip(rows, others, strict=True):
        row.append(gains(results, environment, variant) if any(row[1:]) else "")
    note = (
        f"A method less another, paired by seed, task and episode; mean [{LEVEL:.0%} interval], n "
        "= tasks × training seeds. Of twenty such intervals one leaves out 0 by chance alone. The "
        "last column: what the papers report for the method less what they report for SFT."
    )
    title = f"Differences: {environment}"
    return Table(title, note, [*head, "papers"], [row for row in rows if any(row[1:])])


def difference(found: Mapping[str, Any] | None, metric: str) -> str:
    """Write a paired difference with its interval and n."""
    if found is None or found[metric] is None:
        return ""
    return f"{between(found[metric], '+.3f')} n={found['tasks']}×{found['seeds']}"


def papers(results: Results, environment: str) -> Table:
    """Put what the papers report beside the scores here."""
    known = [line for line in reported() if _is_of(line, results, environment)]
    wanted = {PAPER_METHODS.get(v.method) for v in results.study.variants.values()}
    known = [line for line in known if line.method in wanted]
    columns = sorted({(line.paper, line.backbone, line.dataset, line.metric) for line in known})
    rows = []
    for variant in results.study.variants.values():
        group = results.groups.get((environment, variant.name))
        values = {
            line[:2] + line[3:5]: f"{line.value:.3f}"
            for line in known
            if line.method == PAPER_METHODS.get(variant.method) and variant.budget is None
        }
        if values and group is not None:
            here = [score(group, metric) for metric in ("reward", "success")]
            rows.append([variant.name, *here, *(values.get(column, "") for column in columns)])
    heads = [
        f"{paper}: {backbone}, {dataset}, {metric}" for paper, backbone, dataset, metric in columns
    ]
    note = (
        "Other models, other data and other numbers of tasks than here: what can be compared is "
        "the order of the methods, not the scores. The papers state no intervals. "
        f"{depends_on(results, environment)}"
    )
    return Table(
        f"Beside the papers: {environment}", note, ["method", "reward", "success", *heads], rows
    )


def gains(results: Results, environment: str, variant: Variant) -> str:
    """Write what the papers report that a method gains over SFT; nothing for a control."""
    lines = [line for line in reported() if _is_of(line, results, environment)]
    by_key: dict[tuple[str, ...], dict[str, float]] = {}
    for line in lines:
        key = (line.paper, line.backbone, line.dataset)
        by_key.setdefault(key, {})[line.method] = line.value
    name = PAPER_METHODS.get(variant.method, "")
    found = [
        f"{' '.join(key)} {values[name] - values['SFT']:+.3f}"
        for key, values in by_key.items()
        if name != "SFT" and {name, "SFT"} <= values.keys()
    ]
    return "; ".join(found)


def iterations(results: Results) -> Table:
    """Give the mean reward of every iteration on dev, of which the best was tested."""
    rows = []
    for (environment, variant), by_seed in results.dev.items():
        for seed, found in by_seed.items():
            rewards = {n: m["reward"] for n, m in sorted(found.items()) if m}
            if rewards:
                best = max(rewards, key=lambda n: rewards[n]["mean"])
                curve = ", ".join(
                    f"{n}: {between(r, '.3f')} n={r['n']}" for n, r in rewards.items()
                )
                rows.append([environment, variant, str(seed), str(best), curve])
    note = (
        "Chosen by the mean reward on the dev tasks; of equal iterations the earliest. A control "
        "is not chosen from iterations: it is the model that its budget ends with."
    )
    head = ["environment", "method", "seed", "chosen", "reward on dev by iteration"]
    return Table("Iterations", note, head, rows)


def costs(results: Results) -> Table:
    """Give what the training of each variant took, a mean over seeds."""
    names = (
        *("optimiser_steps", "trained_tokens", "prompt_tokens", "completion_tokens"),
        *("environment_steps", "seconds"),
    )
    rows = []
    for (environment, variant), by_seed in results.costs.items():
        spent = list(by_seed.values())
        means = {name: math.fsum(one[name] for one in spent) / len(spent) for name in names}
        more = "≥ " if any(one["attempts"] > 1 for one in spent) else ""
        row = [environment, variant, str(len(spent))]
        row += [f"{more if name == 'seconds' else ''}{means[name]:,.0f}" for name in names]
        rows.append([*row, _matched(results, environment, variant)])
    note = (
        "Of the method's own training, without what it began with. Trained tokens went forward and "
        "back (padding left out, trees packed, a discriminator's too); read and sampled are those "
        "of own episodes and practices. Seconds are of wall clock, beside whatever else ran; ≥ "
        "where a cell was stopped and taken up, as the stopped attempt is not counted."
    )
    head = [
        *("environment", "method", "seeds", "optimiser steps", "trained tokens", "tokens read"),
        *("tokens sampled", "environment steps", "seconds", "tokens to budget"),
    ]
    return Table("Costs of training, mean over seeds", note, head, rows)


def _matched(results: Results, environment: str, variant: str) -> str:
    """Say how near a control came to its budget."""
    budget = results.study.variants[variant].budget
    if budget is None:
        return ""
    own = results.costs[environment, variant]
    other = results.costs.get((environment, budget), {})
    ratios = [
        own[seed]["trained_tokens"] / other[seed]["trained_tokens"]
        for seed in own
        if seed in other and other[seed]["trained_tokens"]
    ]
    return ", ".join(f"{ratio:.3f}" for ratio in ratios) + f" of {budget}"


def between(value: Mapping[str, Any], form: str) -> str:
    """Write a mean with its interval, where it has one."""
    text = format(value["mean"], form)
    if value["ci_low"] is None:
        return text
    return f"{text} [{value['ci_low']:{form}}, {value['ci_high']:{form}}]"


def _is_of(line: Reported, results: Results, environment: str) -> bool:
    """Whether a reported score is of an environment, and of a method without a special setting."""
    name = results.study.environments[environment].id.rpartition("/")[2].rpartition("-v")[0]
    return line.dataset.partition("-")[0] == name


def _text(values: Any) -> str:
    return " and ".join(map(str, values)) if isinstance(values, list) else str(values)


def failures(results: Results) -> Iterable[tuple[str, str]]:
    """Give the cells that failed, or were held up, with why."""
    for id, state in results.states.items():
        if state.error is not None:
            yield f"{id}: {state.status}", state.error
