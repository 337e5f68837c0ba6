"""Step-reward accuracy: do Monte-Carlo step rewards order actions as WebShop's page score does.

At the states of experts an agent answers too.  Of each pair of actions that differ, r_s
is the mean of the first N outcomes of a frozen scorer (N = 1 to the most: prefixes of one sample),
and the page score that of the page which the action leads to.  Over the pairs with

    | r_s(expert) - r_s(own) | > tau

that are not tied in page score, the accuracy is the share in which both orders agree; the share of
ties is given apart, as ties have no order to agree with.  Source: IPR (arXiv 2406.11176), Fig. 3
and appendix B (tau = 0.35), where ties are not mentioned.

    stepagent train analyse step-accuracy --model runs/sft/model --scorer runs/sft/model \
        --experts experts.jsonl --out analyses/accuracy
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import tyro

from stepagent_gym.envs.webshop.reward import ScoreMode
from stepagent_train.analyses.branching import (
    MeetArgs,
    drawn_from,
    draws,
    find_experts,
    kept,
    meet,
    playing,
    reward_of_first,
    scorer_of,
    told,
)
from stepagent_train.analyses.folders import shown
from stepagent_train.analyses.output import (
    Findings,
    Panel,
    Row,
    Series,
    Table,
    by,
    points,
    ratio_of,
)
from stepagent_train.experience import Setting
from stepagent_train.run import RunArgs

ENV = "stepagent/WebShop-v0"


@dataclass(frozen=True, kw_only=True)
class Args(MeetArgs):
    """Whether step rewards order actions as WebShop's page score does."""

    thresholds: tuple[float, ...] = (0.0, 0.1, 0.2, 0.35, 0.5)
    """Tau, by which step rewards must differ."""
    page_score: ScoreMode = "ipr_paper"
    split: str = "train"
    data: str | None = None
    """Prepared data by name or path; by default the embedded tasks."""
    set: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """A keyword of the environment, as NAME=VALUE; may be given several times."""


class Pair(NamedTuple):
    """Two actions at a state: their page scores, and the outcomes drawn after each."""

    task_id: str
    expert_page: float
    own_page: float
    expert_outcomes: Sequence[float | None]
    own_outcomes: Sequence[float | None]


def run(args: Args) -> Findings:
    """Compare both orders for every N and tau."""
    given = RunArgs(
        model=args.model,
        env=ENV,
        out=args.out,
        experts=args.experts,
        split=args.split,
        limit=args.limit,
        data=args.data,
        set=(*args.set, f"page_score={args.page_score}"),
        rollout_examples=args.examples,
    )
    setting = Setting.of(given)
    header, *rows = draw(given, setting, args)
    pairs = [Pair(**row) for row in rows]
    found: list[Row] = [
        {"N": samples, "tau": threshold, **agreement(pairs, samples, threshold)}
        for samples in range(1, args.samples + 1)
        for threshold in args.thresholds
    ]
    conditions = {
        **{"env": ENV, **shown(setting.conditions), "seed": args.seed, "examples": args.examples},
        **{"model": str(args.model), "scorer": str(args.scorer), "experts": args.experts},
        **{"page_score": args.page_score, "agent_temperature": args.agent_temperature},
        "scorer_temperature": args.scorer_temperature,
    }
    by_tau = by(lambda row: row["tau"], found)
    panels = [
        Panel(
            name,
            "N, outcomes drawn after an action",
            "share of pairs",
            [Series(f"tau {tau:g}", points(of_tau, "N", name)) for tau, of_tau in by_tau.items()],
        )
        for name in ("accuracy", "tied", "above tau")
    ]
    return Findings(
        "Step rewards against the page score",
        [conditions],
        [Table("by N and tau", found), Table("cost", [header])],
        panels,
        [
            "Observations are tasks: shares are of pairs, intervals draw whole tasks. Accuracy "
            "leaves out pairs that are tied in page score; tied is their share above tau.",
            "The outcomes of a smaller N are the first of those of the larger.",
        ],
    )


def draw(given: RunArgs, setting: Setting, args: Args) -> list[Any]:
    """Give a row about the actions that were met, and a row for each pair; drawn once."""
    facts = {**drawn_from(args, setting), "page_score": args.page_score}

    def make() -> list[Any]:
        play_all = playing(setting, args)
        experts = find_experts(given, setting, play_all)
        met, meeting = meet(experts, args, play_all)
        both = list(zip(met[::2], met[1::2], strict=True))
        differing = [pair for pair in both if pair[0].step.action != pair[1].step.action]
        actions = [one.after for pair in differing for one in pair]
        policy = scorer_of(args)
        drawn = draws(actions, args.samples, policy, play_all)
        cost = sum((one.cost for one in drawn), meeting)
        header = {"states": len(both), "pairs": len(differing), **told(cost)}
        outcomes = [[one.outcomes[i] for one in drawn] for i in range(len(actions))]
        rows = [
            {
                "task_id": expert.task_id,
                "expert_page": expert.step.info["page_score"],
                "own_page": own.step.info["page_score"],
                "expert_outcomes": outcomes[2 * i],
                "own_outcomes": outcomes[2 * i + 1],
            }
            for i, (expert, own) in enumerate(differing)
        ]
        return [header, *rows]

    return kept(args.out / "outcomes.jsonl", facts, make)


def agreement(pairs: Iterable[Pair], samples: int, threshold: float) -> Mapping[str, Any]:
    """Count, for one N and tau, the pairs above tau, the tied ones, and those in the same order.

    Differences within 1e-9 are rounding, and none.
    """
    tasks: dict[str, list[tuple[float, float]]] = {}
    for pair in pairs:
        rewards = [
            reward_of_first(outcomes, samples)
            for outcomes in (pair.expert_outcomes, pair.own_outcomes)
        ]
        of_task = tasks.setdefault(pair.task_id, [])
        if rewards[0] is not None and rewards[1] is not None:
            of_task.append((rewards[0] - rewards[1], pair.expert_page - pair.own_page))
    above = [[d for d in own if abs(d[0]) > threshold + 1e-9] for own in tasks.values()]
    ordered = [[d for d in own if abs(d[1]) > 1e-9] for own in above]
    right = [[d for d in own if d[0] * d[1] > 0] for own in ordered]
    return {
        "pairs": sum(map(len, tasks.values())),
        "compared": sum(map(len, ordered)),
        "above tau": ratio_of(_shares(above, tasks.values())),
        "tied": ratio_of((len(a) - len(o), len(a)) for a, o in zip(above, ordered, strict=True)),
        "accuracy": ratio_of(_shares(right, ordered)),
    }


def _shares(
    parts: Iterable[Sequence[Any]], wholes: Iterable[Sequence[Any]]
) -> list[tuple[float, float]]:
    return [(len(part), len(whole)) for part, whole in zip(parts, wholes, strict=True)]
