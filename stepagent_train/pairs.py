"""Pairs of episodes: which is preferred, their tokens, and their log-probabilities."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from stepagent_gym.types import Trajectory
from stepagent_train.experience import Setting, tokenise
from stepagent_train.loop import Learner
from stepagent_train.model import Scorer, own_places, sum_by_row
from stepagent_train.tokens import Tokens, collate


class EpisodePair(NamedTuple):
    """Two episodes of one task."""

    chosen: Trajectory
    rejected: Trajectory


class Pair(NamedTuple):
    """Tokens of a pair, and the log-probabilities that the reference gives its own turns."""

    chosen: Tokens
    rejected: Tokens
    reference_chosen: float
    reference_rejected: float

    @property
    def length(self) -> int:
        """How many tokens the longer of the two has."""
        return max(len(self.chosen), len(self.rejected))


def against_experts(
    experts: Iterable[Trajectory], own: Sequence[Trajectory], *, require_worse: bool = False
) -> list[EpisodePair]:
    """Prefer every expert to every own episode of its task, unless the replies are the same.

    `require_worse`: only where the own reward is lower.
    """
    by_task = _by_task(own)
    return [
        EpisodePair(expert, mine)
        for expert in experts
        for mine in by_task[expert.task_id]
        if mine.steps
        and _replies(mine) != _replies(expert)
        and (mine.reward < expert.reward or not require_worse)
    ]


def by_reward(
    experts: Iterable[Trajectory], own: Sequence[Trajectory], *, more_turns: int | None = None
) -> list[EpisodePair]:
    """Prefer the episode of the higher reward; ties are dropped.

    `more_turns`: the rejected is cut to so many turns more than the expert had.
    """
    by_task = _by_task(own)
    pairs = []
    for expert in experts:
        for mine in by_task[expert.task_id]:
            if not mine.steps or mine.reward == expert.reward:
                continue
            won, lost = (expert, mine) if mine.reward < expert.reward else (mine, expert)
            if more_turns is not None:
                lost = replace(lost, steps=lost.steps[: len(expert.steps) + more_turns])
            pairs.append(EpisodePair(won, lost))
    return pairs


def prepare(
    learner: Learner, stage: int, pairs: Sequence[EpisodePair], setting: Setting
) -> list[Pair]:
    """Tokenise pairs, and score them with the model as it is, which becomes the reference.

    Pairs with an episode that is too long are left out, and counted in the log.
    """
    examples = learner.args.train_examples
    sides = [
        tokenise(learner.chat, episodes, setting, examples=examples, max_length=learner.max_length)
        for episodes in ([p.chosen for p in pairs], [p.rejected for p in pairs])
    ]
    kept = [
        (chosen, rejected)
        for chosen, rejected in zip(*sides, strict=True)
        if chosen is not None and rejected is not None
    ]
    learner.run.log(stage, 0, pairs=len(pairs), pairs_left_out=len(pairs) - len(kept))
    flat = [sample for pair in kept for sample in pair]
    scored = learner.run.once(stage, "reference", lambda: score(learner, learner.run.share(flat)))
    return [
        Pair(chosen, rejected, scored[2 * i], scored[2 * i + 1])
        for i, (chosen, rejected) in enumerate(kept)
    ]


@torch.no_grad()
def score(learner: Learner, samples: Sequence[Tokens]) -> list[float]:
    """Give the log-probability of the own tokens of each sample, under the model as it is."""
    order = sorted(range(len(samples)), key=lambda i: len(samples[i]))
    scores = [0.0] * len(samples)
    learner.scorer.eval()
    for start in range(0, len(order), learner.args.micro_batch):
        group = order[start : start + learner.args.micro_batch]
        with learner.autocast():
            sums = sum_log_probs(learner.scorer, [samples[i] for i in group])
        for i, value in zip(group, sums.tolist(), strict=True):
            scores[i] = value
    return scores


def sum_log_probs(scorer: Scorer, samples: Sequence[Tokens]) -> Tensor:
    """Give the summed log-probability of each sample's own tokens: (samples,)."""
    batch = collate(samples)
    places = own_places(batch)
    scores = scorer(batch.ids, batch.attention, places)
    return sum_by_row(scores.log_probs, places.rows.to(scores.log_probs.device), len(samples))


def pair_log_probs(scorer: Scorer, pairs: Sequence[Pair]) -> tuple[Tensor, Tensor]:
    """Give the summed log-probabilities of the chosen and of the rejected, in one pass."""
    sums = sum_log_probs(scorer, [p.chosen for p in pairs] + [p.rejected for p in pairs])
    return sums[: len(pairs)], sums[len(pairs) :]


def references(pairs: Sequence[Pair], like: Tensor) -> tuple[Tensor, Tensor]:
    """Give what the reference gave for the chosen and for the rejected."""
    chosen = [pair.reference_chosen for pair in pairs]
    rejected = [pair.reference_rejected for pair in pairs]
    return like.new_tensor(chosen), like.new_tensor(rejected)


def _by_task(episodes: Iterable[Trajectory]) -> dict[str, list[Trajectory]]:
    found: dict[str, list[Trajectory]] = defaultdict(list)
    for episode in episodes:
        found[episode.task_id].append(episode)
    return found


def _replies(episode: Trajectory) -> list[str]:
    return [step.completion.text for step in episode.steps]
