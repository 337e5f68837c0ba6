r"""Drift: how far the model of each iteration has gone from the one that its run began with.

At the states s of the run's experts each model pi answers anew, at temperature 1.  For a reply a of
tokens x_1..x_n, with ref the starting model, the divergence of all its next-token distributions is

    d(a) = sum_k KL( pi(. | s, x_<k) || ref(. | s, x_<k) )

    own      E_{a ~ pi} d(a) = KL( pi(a|s) || ref(a|s) ), the divergence of replies (chain rule);
             the sum over tokens is exact and the replies are sampled, so its variance is lower than
             that of log pi(a|s) - log ref(a|s), and no estimate is negative
    expert   d(a) along the expert's replies, and the gain log pi(a|s) - log ref(a|s), by which they
             have become likelier

per reply, and per token (the sum over all replies, over their tokens).  Beside them entropy of the
own next-token distributions, and tokens of own replies.

    stepagent train analyse drift runs/implicit --out analyses/drift
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NamedTuple

import torch
import tyro

from stepagent_gym.types import Trajectory
from stepagent_train.analyses.branching import Frozen, open_frozen
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
from stepagent_train.answers import Answers, Key, gather
from stepagent_train.branches import reply_scores
from stepagent_train.experience import Setting, tokenise
from stepagent_train.inspection import Asking, Inspection, practise
from stepagent_train.model import context_length


@dataclass(frozen=True)
class Args:
    """How far the models of a run have gone from its beginning."""

    run: Annotated[Path, tyro.conf.Positional]
    """Folder of a run that kept its iterations."""
    out: Path
    """Folder of the tables and the plot."""
    samples: int = 1
    """Replies at each expert state."""
    limit: int | None = None
    """Take the first so many experts; by default all."""
    max_new_tokens: int | None = None
    """Longest reply; by default the run's."""
    micro_batch: int = 4
    """Expert trajectories a forward pass."""
    seed: int = 0


class Away(NamedTuple):
    """What was measured of a reply: sums over its tokens."""

    key: Key
    tokens: int
    divergence: float
    gain: float
    entropy: float


def run(args: Args) -> Findings:
    """Let every model answer, and compare it with the first."""
    trained = read_trained(args.run)
    rows: list[Row] = [
        {"iteration": number, "replies": len(found), **estimates(found)}
        for number, found in measure(trained, args).items()
    ]
    return Findings(
        "Drift from the starting model",
        [trained.conditions(samples=args.samples, temperature=1.0, drift_seed=args.seed)],
        [Table("by iteration", rows)],
        panels(rows),
        [
            "Observations are expert trajectories; sums over all replies, intervals over "
            "trajectories. Divergences are in nats, of the model from the starting model.",
            "Iteration 0 is the starting model itself.",
        ],
    )


def measure(trained: Trained, args: Args) -> dict[int, list[Away]]:
    """Measure the replies of the model of every iteration, and the experts' under it."""
    setting = trained.setting()
    experts = trained.experts(setting)[: args.limit]
    models = trained.models()
    start = open_frozen(models[0])
    asking = Asking(
        args.samples,
        1.0,
        args.max_new_tokens or trained.args.max_new_tokens,
        trained.args.concurrency,
        f"drift {args.seed}",
    )
    examples = trained.args.rollout_examples
    found = {}
    for number, path in models.items():
        model = start if number == 0 else open_frozen(path)
        answers = answer(model, experts, setting, asking, examples)
        found[number] = compare(model, start, answers, args.micro_batch)
    return found


def answer(
    model: Frozen,
    experts: Sequence[Trajectory],
    setting: Setting,
    asking: Asking,
    examples: int,
) -> list[Answers]:
    """Let a model answer at every state; its replies and the experts' on the experts' chats."""
    length = context_length(model.scorer.model)
    chats = tokenise(model.chat, experts, setting, examples=examples, max_length=length)
    usable = {i: (experts[i], chat) for i, chat in enumerate(chats) if chat is not None}
    practices = practise(model.scorer.model, model.chat, usable, setting, asking)
    found = Inspection(experts, practices, chats)
    return gather(model.chat, found, setting, examples=examples, max_length=length, experts=True)


@torch.no_grad()
def compare(
    model: Frozen, start: Frozen, answers: Sequence[Answers], micro_batch: int
) -> list[Away]:
    """Score replies with two models, and give what each differs by."""
    order = sorted(answers, key=lambda sample: sample.tree.length)
    found = []
    for begin in range(0, len(order), micro_batch):
        part = order[begin : begin + micro_batch]
        trees = [sample.tree for sample in part]
        now = reply_scores(model.scorer, trees, with_entropy=True, with_distribution=True)
        then = reply_scores(start.scorer, trees, with_distribution=True)
        assert now.distribution is not None
        assert then.distribution is not None
        away = (now.distribution.exp() * (now.distribution - then.distribution)).sum(1)
        columns = torch.stack([away, now.log_probs - then.log_probs, now.entropy]).cpu()
        lengths = [len(branch.tokens) for tree in trees for branch in tree.branches]
        keys = [key for sample in part for key in sample.keys]
        for key, values in zip(keys, columns.split(lengths, dim=1), strict=True):
            found.append(Away(key, values.shape[1], *values.double().sum(1).tolist()))
    return found


def estimates(found: Sequence[Away]) -> dict[str, Estimate]:
    """Give all estimates of an iteration, with intervals over trajectories."""
    own = [away for away in found if away.key.sample is not None]
    expert = [away for away in found if away.key.sample is None]

    def a_reply(part: Sequence[Away], name: str) -> Estimate:
        groups = by(lambda away: away.key.expert, part).values()
        return ratio_of((sum(getattr(a, name) for a in group), len(group)) for group in groups)

    def a_token(part: Sequence[Away], name: str) -> Estimate:
        groups = by(lambda away: away.key.expert, part).values()
        return ratio_of(
            (sum(getattr(a, name) for a in group), sum(a.tokens for a in group)) for group in groups
        )

    return {
        "own KL a reply": a_reply(own, "divergence"),
        "own KL a token": a_token(own, "divergence"),
        "expert KL a reply": a_reply(expert, "divergence"),
        "expert KL a token": a_token(expert, "divergence"),
        "expert gain a reply": a_reply(expert, "gain"),
        "entropy a token": a_token(own, "entropy"),
        "tokens a reply": a_reply(own, "tokens"),
    }


def panels(rows: Sequence[Row]) -> list[Panel]:
    """Draw the columns of `estimates` over iterations."""
    drawn = {
        "from the start": ("nats a reply", "own KL a reply", "expert KL a reply"),
        "experts' replies": ("nats a reply", "expert gain a reply"),
        "entropy": ("nats a token", "entropy a token"),
        "length": ("tokens a reply", "tokens a reply"),
    }
    return [
        Panel(title, "iteration", y, [Series(n, points(rows, "iteration", n)) for n in names])
        for title, (y, *names) in drawn.items()
    ]
