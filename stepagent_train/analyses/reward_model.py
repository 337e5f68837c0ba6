"""A step reward model beside Monte Carlo, on steps of tasks that it did not learn from.

At the states of held-out experts an agent answers too, and the actions of both are rated by the
model, and by the first N outcomes of a frozen scorer.  The truth that both are held against is the
mean of further outcomes of the same scorer after the same action (`--reference`), drawn apart:

    error     mean over actions of (rating - truth)^2; the truth's own sampling error is in all rows
    order     Spearman's rank correlation with the truth
    AUC       how surely actions with a truth above `--good` are rated above the others, ties half
    cost      steps of environments, tokens that models read and wrote

`constant` answers the mean truth of these actions to everything.  Source: IPR (arXiv 2406.11176),
Table 5, which compares final performance alone.

    stepagent train analyse reward-model runs/reward --model runs/sft/model \
        --scorer runs/sft/model --experts experts.jsonl --out analyses/reward-model
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
import orjson
import torch
import tyro
from numpy.typing import NDArray

from stepagent_gym.errors import RunError, UsageError
from stepagent_train.analyses.branching import (
    MeetArgs,
    Met,
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
from stepagent_train.analyses.folders import Trained, read_trained
from stepagent_train.analyses.output import (
    Estimate,
    Findings,
    Panel,
    Row,
    Series,
    Table,
    by,
    known,
    points,
    ratio_of,
    statistic_of,
)
from stepagent_train.experience import Setting
from stepagent_train.model import context_length, load_tokenizer
from stepagent_train.monte_carlo import Cost
from stepagent_train.reward_head import HEAD, action_chat, load_reward_model, rate
from stepagent_train.reward_model import HELD_OUT, rank_correlation
from stepagent_train.run import MODEL, hash_files, hash_folder
from stepagent_train.tokens import ChatTokeniser


@dataclass(frozen=True, kw_only=True)
class Args(MeetArgs):
    """A step reward model beside Monte Carlo, on held-out steps."""

    run: Annotated[Path, tyro.conf.Positional]
    """Folder of a run of reward-model."""
    reference: int = 10
    """Outcomes beside the samples, whose mean is taken for the truth."""
    good: float = 0.5
    """Actions with a truth above this are good, for the AUC."""
    bins: int = 5
    """Into how many groups of the same size ratings are sorted, to see their calibration."""
    micro_batch: int = 8
    """Actions that the reward model reads at once."""


class Rated(NamedTuple):
    """An action: its rating by the model, and by N = 1, 2, ... outcomes, and its truth."""

    task_id: str
    truth: float
    ratings: tuple[float, ...]
    """That of the model first."""


def run(args: Args) -> Findings:
    """Rate held-out actions in every way, and hold the ratings against their truth."""
    if min(args.reference, args.bins) < 1:
        raise UsageError("--reference and --bins are at least 1")
    trained = read_trained(args.run)
    setting = held_out(trained, args.limit)
    header, *rows = draw(trained, setting, args)
    actions = rated(rows, args.samples)
    if not actions:
        raise RunError(f"no held-out action of {args.run} could be rated")
    costs = [header["model"], *header["draws"]]
    names = ["reward model", *(f"Monte Carlo, N = {n + 1}" for n in range(args.samples))]
    found: list[Row] = [
        {"rating": name, "actions": len(actions), **against(actions, place, args.good), **cost}
        for place, (name, cost) in enumerate(zip(names, costs, strict=True))
    ]
    mean = sum(a.truth for a in actions) / len(actions)
    constant = [a._replace(ratings=(mean,)) for a in actions]
    nothing = dict.fromkeys(costs[0], 0)
    found.append(
        {
            "rating": "constant",
            "actions": len(actions),
            **against(constant, 0, args.good),
            **nothing,
        }
    )
    groups = calibration(actions, args.bins)
    return Findings(
        "Reward model against Monte Carlo",
        [conditions(trained, setting, args)],
        [
            Table("ratings against the truth", found),
            Table("calibration of the reward model", groups),
        ],
        _panels(found, groups, actions),
        [
            "Observations are tasks: errors are of actions, intervals draw whole tasks.",
            "Of the cost, reaching the states is left out: it is the same for every rating. "
            f"It took {header['reaching_steps']} steps of environments.",
            f"{sum(row['ended'] for row in rows)} of {len(rows)} actions ended their episode: "
            "their truth, and every Monte-Carlo rating, is its outcome.",
        ],
    )


def conditions(trained: Trained, setting: Setting, args: Args) -> dict[str, Any]:
    """Say what the numbers depend on."""
    return trained.conditions(
        split=f"{trained.args.split}, held-out tasks",
        tasks=len(setting.tasks),
        examples=args.examples,
        model=str(args.model),
        scorer=str(args.scorer),
        scorer_temperature=args.scorer_temperature,
        scorer_seed=args.seed,
        experts=args.experts,
        agent_temperature=args.agent_temperature,
        reference=args.reference,
        good=args.good,
    )


def held_out(trained: Trained, limit: int | None) -> Setting:
    """Give the setting of a run with the tasks alone that it did not learn from."""
    files = trained.stages(HELD_OUT)
    if 0 not in files:
        raise RunError(f"{trained.path} is no finished run of reward-model")
    tasks = [orjson.loads(line) for line in files[0].read_bytes().splitlines()]
    if not tasks:
        raise RunError(f"{trained.path} held no tasks out; train it on two tasks or more")
    return replace(trained.setting(), tasks=tuple(tasks[:limit]))


def draw(trained: Trained, setting: Setting, args: Args) -> list[Any]:
    """Give a row about costs, and a row for each action; drawn once."""
    facts = {
        **drawn_from(args, setting),
        "reference": args.reference,
        "reward_model": [hash_folder(trained.path / MODEL), hash_files([trained.path / HEAD])],
    }

    def make() -> list[Any]:
        play_all = playing(setting, args)
        given = replace(trained.args, experts=args.experts)
        experts = find_experts(given, setting, play_all)
        met, meeting = meet(experts, args, play_all)
        met = [one for i, one in enumerate(met) if not one.own or _differs(met[i - 1], one)]
        ratings, read = ask_model(trained, setting, met, args)
        policy = scorer_of(args)
        drawn = draws([one.after for one in met], args.samples + args.reference, policy, play_all)
        header = {
            "model": told(Cost(prompt_tokens=read)),
            "draws": [told(c) for c in accumulate(one.cost for one in drawn[: args.samples])],
            "reaching_steps": meeting.environment_steps,
        }
        rows = [
            {
                "task_id": one.task_id,
                "turn": one.turn,
                "own": one.own,
                "ended": one.after.snapshot is None,
                "rating": rating,
                "outcomes": [draw.outcomes[i] for draw in drawn],
            }
            for i, (one, rating) in enumerate(zip(met, ratings, strict=True))
        ]
        return [header, *rows]

    return kept(args.out / "outcomes.jsonl", facts, make)


def ask_model(
    trained: Trained, setting: Setting, met: Sequence[Met], args: Args
) -> tuple[list[float | None], int]:
    """Let the reward model rate actions; also how many tokens it read."""
    scorer = load_reward_model(
        trained.path, torch.device("cuda" if torch.cuda.is_available() else "cpu")
    )
    tokeniser = ChatTokeniser(load_tokenizer(trained.path / MODEL))
    length = min(trained.args.max_length, context_length(scorer.model))
    shown = trained.args.train_examples
    chats = [
        action_chat(tokeniser, one.after.steps, setting, examples=shown, max_length=length)
        for one in met
    ]
    return rate(scorer, chats, args.micro_batch), sum(len(chat) for chat in chats if chat)


def rated(rows: Sequence[Mapping[str, Any]], samples: int) -> list[Rated]:
    """Give the actions with a rating in every way; the truth are the outcomes after the samples."""
    found = []
    for row in rows:
        outcomes = row["outcomes"]
        truth = reward_of_first(outcomes[samples:], len(outcomes))
        ratings = [row["rating"], *(reward_of_first(outcomes, n + 1) for n in range(samples))]
        given = tuple(rating for rating in ratings if rating is not None)
        if truth is not None and len(given) == len(ratings):
            found.append(Rated(row["task_id"], truth, given))
    return found


def against(actions: Sequence[Rated], place: int, good: float) -> dict[str, Estimate]:
    """Hold the ratings of one way against the truth."""
    tasks = list(by(lambda action: action.task_id, actions).values())
    errors = [[(a.ratings[place] - a.truth) ** 2 for a in own] for own in tasks]

    def over(statistic: Callable[[list[float], list[float]], float]) -> Estimate:
        def drawn(places: NDArray[np.int64]) -> float:
            chosen = [a for i in places for a in tasks[i]]
            return statistic([a.ratings[place] for a in chosen], [a.truth for a in chosen])

        return statistic_of(len(tasks), drawn)

    return {
        "squared error": ratio_of((sum(own), len(own)) for own in errors),
        "Spearman": over(rank_correlation),
        "AUC": over(lambda ratings, truths: auc(ratings, [t > good for t in truths])),
    }


def auc(ratings: Sequence[float], good: Sequence[bool]) -> float:
    """Give the share of pairs of a good and another action that are rated rightly, ties half.

    NaN where there are no such pairs.
    """
    values, labels = np.asarray(ratings), np.asarray(good, dtype=bool)
    better, worse = values[labels], np.sort(values[~labels])
    if not len(better) or not len(worse):
        return float("nan")
    below = np.searchsorted(worse, better, "left") + np.searchsorted(worse, better, "right")
    return float(below.mean() / (2 * len(worse)))


def calibration(actions: Sequence[Rated], bins: int) -> list[Row]:
    """Sort actions by the model's rating into groups, and give rating and truth of each."""
    order = sorted(actions, key=lambda action: action.ratings[0])
    bounds = [len(order) * i // bins for i in range(bins + 1)]
    groups = [order[low:high] for low, high in pairwise(bounds) if high > low]
    return [
        {
            "group": number + 1,
            "actions": len(group),
            "rating": sum(a.ratings[0] for a in group) / len(group),
            "truth": ratio_of(
                (sum(a.truth for a in own), len(own))
                for own in by(lambda action: action.task_id, group).values()
            ),
        }
        for number, group in enumerate(groups)
    ]


def _panels(found: Sequence[Row], groups: Sequence[Row], actions: Sequence[Rated]) -> list[Panel]:
    ends = [min(a.truth for a in actions), max(a.truth for a in actions)]
    played = found[1:-1]
    return [
        Panel(
            "calibration of the reward model",
            "rating",
            "truth",
            [
                Series("actions", [(a.ratings[0], known(a.truth)) for a in actions], line=False),
                Series("groups", points(groups, "rating", "truth")),
                Series("rating = truth", [(x, known(x)) for x in ends]),
            ],
        ),
        Panel(
            "error and cost",
            "steps of environments",
            "squared error",
            [
                Series("Monte Carlo, N = 1, 2, ...", points(played, "environment steps", _ERROR)),
                Series("reward model", points(found[:1], "environment steps", _ERROR)),
                Series("constant", points(found[-1:], "environment steps", _ERROR), line=False),
            ],
        ),
    ]


_ERROR = "squared error"


def _differs(expert: Met, own: Met) -> bool:
    return expert.step.completion.text != own.step.completion.text
