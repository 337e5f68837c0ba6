"""Average reward per step: what the actions of evaluated runs are worth, one by one.

Recorded episodes are played once more with a snapshot before each action.  From after each action a
frozen scorer plays on to the end, N times (at temperature 1 unless asked otherwise), and

    r_s(s_t, a_t)   the mean outcome, or the episode's own outcome where a_t was its last
    the average     mean over tasks of the mean over an episode's actions of r_s

Beside it r_s by where the action stands in its episode.  Episodes that do not come out as they were
recorded are counted and left out.  Source: IPR (arXiv 2406.11176), Fig. 4 (N = 5, the scorer is the
model of supervised fine-tuning).

    stepagent train analyse step-reward runs/eval-sft runs/eval-ipr --scorer runs/sft/model \
        --out analyses/step-reward
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Annotated, Any

import tyro

from harness.runs import TRAJECTORIES
from stepagent_gym.errors import RunError, UsageError
from stepagent_train import monte_carlo
from stepagent_train.analyses.branching import (
    DRAWN_WITH,
    BranchArgs,
    draws,
    kept,
    playing,
    reward_of_first,
    scorer_of,
    told,
)
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
    points,
)
from stepagent_train.run import hash_files, hash_folder

Values = Mapping[str, Sequence[Mapping[str, Any]]]
"""Of each task, its actions: `seed`, `turn`, `turns` (of the episode) and `reward`."""
_AVERAGE = "average reward per step"


@dataclass(frozen=True, kw_only=True)
class Args(BranchArgs):
    """What the actions of evaluated runs are worth."""

    runs: Annotated[tuple[Path, ...], tyro.conf.Positional]
    """Folders of stepagent eval."""
    env: str | None = None
    """The environment, where the runs have several."""
    parts: int = 5
    """Into how many parts an episode is divided, to place actions."""


def run(args: Args) -> Findings:
    """Draw outcomes after every action of every run."""
    runs = read_evaluated(args.runs, args.env)
    tasks = sorted({t.task_id for t in runs[0].episodes})[: args.limit]
    drawn = [draw(one, number, tasks, args) for number, one in enumerate(runs)]
    values = [valued(actions, args.samples) for _, *actions in drawn]
    averages = [{task: average(own) for task, own in of_run.items()} for of_run in values]
    along = [by_part(of_run, args.parts) for of_run in values]
    rows: list[Row] = [
        {"run": one.label, **summary(actions, own, averages[0], header, args)}
        for one, (header, *actions), own in zip(runs, drawn, averages, strict=True)
    ]
    places: list[Row] = [
        {"run": one.label, "part": number + 1, "reward": reward}
        for one, parts in zip(runs, along, strict=True)
        for number, reward in enumerate(parts)
    ]
    scorer = {"scorer": str(args.scorer), "scorer_temperature": args.scorer_temperature}
    scorer |= {"scorer_seed": args.seed, "samples": args.samples, "scorer_examples": args.examples}
    return Findings(
        "Average reward per step",
        [one.told(left_out=one.left_out, **scorer) for one in runs],
        [Table("by run", rows), Table(f"by place in the episode, of {args.parts} parts", places)],
        _panels(rows, places),
        [
            "Observations are tasks; actions are averaged within an episode first, episodes within "
            "a task. Lost: actions of which every branch failed.",
        ],
    )


def summary(
    actions: Sequence[Mapping[str, Any]],
    averages: Mapping[str, float],
    first: Mapping[str, float],
    header: Mapping[str, Any],
    args: Args,
) -> Row:
    """Give the row of a run; `averages` and `first`: of its tasks, and of those of the first."""
    known = [reward_of_first(a["outcomes"], args.samples) for a in actions]
    return {
        _AVERAGE: mean_of(list(averages.values())),
        "less the first run": mean_of([v - first[t] for t, v in averages.items() if t in first]),
        "outcome": mean_of([header["outcomes"][task] for task in averages]),
        "actions": len(actions),
        "lost": known.count(None),
        "not reproduced": header["not_reproduced"],
        **header["cost"],
    }


def draw(of_run: Evaluated, number: int, tasks: Sequence[str], args: Args) -> list[Any]:
    """Give a row about a run, and a row for each of its actions; drawn once."""
    wanted = [t for t in of_run.episodes if t.task_id in frozenset(tasks)]
    setting = of_run.setting()
    facts = {
        "trajectories": hash_files([of_run.path / TRAJECTORIES]),
        "episodes": [[t.task_id, t.seed] for t in wanted],
        "data_hash": of_run.conditions["data_hash"],
        "scorer": hash_folder(args.scorer),
        **{name: getattr(args, name) for name in DRAWN_WITH},
    }

    def make() -> list[Any]:
        play_all = playing(setting, args)
        live, reliving = monte_carlo.relive(wanted, play_all)
        if not live:
            raise RunError(f"{of_run.path}: no episode came out as it was recorded")
        places = [(b, turn) for b in live for turn in range(len(b.episode.steps))]
        actions = [monte_carlo.after_expert(b, turn) for b, turn in places]
        policy = scorer_of(args)
        drawn = draws(actions, args.samples, policy, play_all)
        cost = sum((one.cost for one in drawn), reliving)
        outcomes = by(lambda b: b.episode.task_id, live)
        header = {
            "outcomes": {
                task: sum(b.episode.reward for b in own) / len(own)
                for task, own in outcomes.items()
            },
            "not_reproduced": len(wanted) - len(live),
            "cost": told(cost),
        }
        rows = [
            {
                "task": b.episode.task_id,
                "seed": b.episode.seed,
                "turn": turn,
                "turns": len(b.episode.steps),
                "outcomes": [one.outcomes[i] for one in drawn],
            }
            for i, (b, turn) in enumerate(places)
        ]
        return [header, *rows]

    return kept(args.out / f"outcomes-{number + 1}.jsonl", facts, make)


def valued(actions: Sequence[Mapping[str, Any]], samples: int) -> Values:
    """Give every action its step reward, by task; those that have none are left out."""
    found = [{**a, "reward": reward_of_first(a["outcomes"], samples)} for a in actions]
    return by(lambda a: a["task"], (a for a in found if a["reward"] is not None))


def average(actions: Sequence[Mapping[str, Any]]) -> float:
    """Average the step rewards of a task: over each episode's actions, then over episodes."""
    episodes = by(lambda a: a["seed"], actions).values()
    return fmean(fmean(a["reward"] for a in own) for own in episodes)


def by_part(values: Values, parts: int) -> list[Estimate]:
    """Average step rewards within each part of the episodes; the last action is in the last."""
    if parts < 1:
        raise UsageError(f"--parts {parts}: at least one is needed")
    found = []
    for part in range(parts):
        inside = {
            task: [a for a in own if -(-(a["turn"] + 1) * parts // a["turns"]) - 1 == part]
            for task, own in values.items()
        }
        found.append(mean_of([average(own) for own in inside.values() if own]))
    return found


def _panels(rows: Sequence[Row], places: Sequence[Row]) -> list[Panel]:
    numbered: list[Row] = [{**row, "place": number + 1} for number, row in enumerate(rows)]
    each = [Series(str(r["run"]), points([r], "place", _AVERAGE), line=False) for r in numbered]
    along = [
        Series(label, points(own, "part", "reward"))
        for label, own in by(lambda row: str(row["run"]), places).items()
    ]
    return [
        Panel("average", "run", _AVERAGE, each),
        Panel("along the episode", "part of the episode", "reward of an action", along),
    ]
