"""PPO over turns: on-policy episodes, and credit that reaches every turn.

Each iteration plays episodes at temperature 1 and trains on them for a few epochs.  With the ratio
rho_k = pi(x_k) / pi_old(x_k) of each own token, and the advantage A of the decision it belongs to,

    L = sum_k [ max(-A rho_k, -A clip(rho_k, 1 - eps, 1 + eps))
                + c_v / 2 (V - R)^2 + c_kl (exp(d_k) - d_k - 1) - c_h H_k ] / sum_k 1

where d_k = log ref(x_k) - log pi(x_k).  A decision is a turn (default) or an own token; advantages
are GAE over the decisions of an episode alone, with

    delta_t = r_t + gamma V_{t+1} - V_t,    A_t = delta_t + gamma lambda A_{t+1},    R_t = A_t + V_t

so observations take no part: lambda decays once a turn, not once for each token that was read, and
V_{t+1} is that of the next turn.  r_t is what the environment gave for the turn.  An episode that
the turn limit ended has ended (the limit is part of the task).

Source: Schulman et al. 2017 (arXiv 1707.06347), as the baseline "PPO" of ETO, IPR and StepAgent.
Differs from the released code of ETO and IPR: that trains once, off-policy, on stored episodes, and
its GAE walks through masked observations, so that earlier turns get no outcome.  Simplified: the
penalty for leaving the reference is in the loss with a fixed weight; values are not clipped.

    stepagent train ppo --model runs/sft/model --env stepagent/ALFWorld-v0 --out DIR
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from stepagent_gym.types import Trajectory
from stepagent_train.experience import Setting, draw_starts, explore, tokenise
from stepagent_train.loop import Learner, Loss
from stepagent_train.model import Scorer, load_frozen, own_places
from stepagent_train.run import Run, RunArgs, Schedule
from stepagent_train.tokens import NOT_OWN, Tokens, collate

Credit = Literal["turn", "token"]


@dataclass(frozen=True)
class Args(RunArgs):
    """Multi-turn PPO on the rewards of the environment."""

    iterations: int = 20
    """Rounds of playing and training."""
    episodes: int = 64
    """Own episodes in a round; tasks are taken in turn."""
    epochs: int = 4
    """Passes over the episodes of a round."""
    batch: int = 16
    """Episodes an optimiser step."""
    lr: float = 1e-6
    schedule: Schedule = "constant"
    warmup: float = 0.0
    temperature: float = 1.0
    """Of own episodes; the ratio is that of temperature 1."""
    credit: Credit = "turn"
    """What an advantage belongs to: a turn, or an own token."""
    gamma: float = 1.0
    """Discount for each decision."""
    lam: float = 0.95
    """Lambda of GAE, for each decision."""
    clip: float = 0.2
    """How far the ratio may move and still gain."""
    value_weight: float = 0.1
    kl_weight: float = 0.05
    """Weight of the divergence from the starting model; 0 loads no reference."""
    entropy_weight: float = 0.0
    whiten: bool = True
    """Shift and scale advantages to mean 0 and deviation 1 over the tokens of a round."""


class Played(NamedTuple):
    """An episode to train on; all but `tokens` have an entry for each own token, in order."""

    tokens: Tokens
    old: list[float]
    reference: list[float]
    advantages: list[float]
    returns: list[float]
    states: list[int]

    @property
    def length(self) -> int:
        """How many tokens the episode has."""
        return len(self.tokens)


def run(run: Run, args: Args, setting: Setting) -> Learner:
    """Play and train, round after round."""
    learner = Learner(run, args, critic=True)
    reference = frozen_reference(args, run) if args.kl_weight > 0 else None
    for stage in range(args.iterations):
        if learner.done(stage):
            continue
        starts = draw_starts(setting, stage, args.episodes, args.seed)
        own = explore(learner, stage, setting, starts, temperature=args.temperature)
        rewards = [[step.reward for step in episode.steps] for episode in own]
        samples = prepare(learner, stage, own, rewards, setting, args, reference)
        train_on(learner, stage, samples, partial(loss, args=args))
    return learner


def train_on(learner: Learner, stage: int, samples: Sequence[Played], loss: Loss[Played]) -> None:
    """Train a round: own tokens count alike, and the optimiser goes on from the round before."""
    learner.train(
        stage,
        samples,
        loss,
        weight=lambda sample: float(len(sample.old)),
        length=lambda sample: sample.length,
        fresh=stage == 0,
    )


def prepare(
    learner: Learner,
    stage: int,
    episodes: Sequence[Trajectory],
    rewards: Sequence[Sequence[float]],
    setting: Setting,
    args: Args,
    reference: Scorer | None,
) -> list[Played]:
    """Score episodes with the model that played them, and give each own token its advantage.

    `rewards`: of each turn of each episode.
    """
    tokenised = tokenise(
        learner.chat,
        episodes,
        setting,
        examples=args.rollout_examples,
        max_length=learner.max_length,
    )
    kept = [(t, r) for t, r in zip(tokenised, rewards, strict=True) if t is not None and t.trained]
    learner.run.log(stage, 0, too_long=len(episodes) - len(kept))
    rows = learner.run.once(
        stage,
        "scores",
        lambda: [
            _score(learner, tokens, args.credit, reference) for tokens, _ in learner.run.share(kept)
        ],
    )
    samples = []
    for (tokens, given), row in zip(kept, rows, strict=True):
        decisions = decisions_of(tokens, args.credit)
        turns = [turn for turn in tokens.turns if turn != NOT_OWN]
        values = [row["values"][first] for first in _firsts(decisions)]
        placed = place_rewards(given, turns, decisions)
        advantages = gae(placed, values, args.gamma, args.lam)
        returns = [a + v for a, v in zip(advantages, values, strict=True)]
        samples.append(
            Played(
                tokens,
                row["old"],
                row["reference"],
                [advantages[d] for d in decisions],
                [returns[d] for d in decisions],
                row["states"],
            )
        )
    return whitened(samples) if args.whiten else samples


def gae(rewards: Sequence[float], values: Sequence[float], gamma: float, lam: float) -> list[float]:
    """Give the advantage of each decision; after the last there is nothing."""
    advantages = [0.0] * len(rewards)
    after, value_after = 0.0, 0.0
    for t in reversed(range(len(rewards))):
        delta = rewards[t] + gamma * value_after - values[t]
        after = advantages[t] = delta + gamma * lam * after
        value_after = values[t]
    return advantages


def decisions_of(tokens: Tokens, credit: Credit) -> list[int]:
    """Say for each own token to which decision it belongs, counted from 0."""
    turns = [turn for turn in tokens.turns if turn != NOT_OWN]
    if credit == "token":
        return list(range(len(turns)))
    number = {turn: place for place, turn in enumerate(sorted(set(turns)))}
    return [number[turn] for turn in turns]


def place_rewards(
    rewards: Sequence[float], turns: Sequence[int], decisions: Sequence[int]
) -> list[float]:
    """Give a turn's reward to the last decision of the turn.

    A turn without own tokens (nothing but a foreign control token was sampled) leaves its reward
    to the turn before.
    """
    placed = [0.0] * (decisions[-1] + 1)
    last = dict(zip(turns, decisions, strict=True))
    decision = 0
    for turn, reward in enumerate(rewards):
        decision = last.get(turn, decision)
        placed[decision] += reward
    return placed


def whitened(samples: Sequence[Played]) -> list[Played]:
    """Shift and scale the advantages of all own tokens to mean 0 and deviation 1."""
    every = torch.tensor([a for s in samples for a in s.advantages], dtype=torch.float64)
    mean, deviation = float(every.mean()), float(every.std(correction=0))
    scale = 1 / (deviation + 1e-8)
    return [s._replace(advantages=[(a - mean) * scale for a in s.advantages]) for s in samples]


def loss(
    scorer: Scorer, samples: Sequence[Played], *, args: Args
) -> tuple[Tensor, Mapping[str, Tensor]]:
    """Give the loss, summed over own tokens; the equation is in the module's docstring."""
    batch = collate([sample.tokens for sample in samples])
    places = own_places(batch)
    states = (places.rows, torch.tensor([c for sample in samples for c in sample.states]))
    new, entropy, values, _ = scorer(batch.ids, batch.attention, places, states, with_entropy=True)
    old, reference, advantage, returns = columns(samples, new)
    ratio = (new - old).exp()
    clipped = ratio.clamp(1 - args.clip, 1 + args.clip)
    policy = torch.maximum(-advantage * ratio, -advantage * clipped)
    value = (values - returns).square() / 2
    away = reference - new
    kl = away.exp() - away - 1
    total = policy + args.value_weight * value + args.kl_weight * kl - args.entropy_weight * entropy
    return total.sum(), {
        "value_loss": value.sum(),
        "kl": kl.sum(),
        "entropy": entropy.sum(),
        "clipped": (ratio != clipped).sum(),
    }


def columns(samples: Sequence[Played], like: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Give old and reference log-probability, advantage and return of every own token."""
    names = ("old", "reference", "advantages", "returns")
    lists = ([x for sample in samples for x in getattr(sample, name)] for name in names)
    old, reference, advantages, returns = (like.new_tensor(values) for values in lists)
    return old, reference, advantages, returns


def frozen_reference(args: RunArgs, run: Run) -> Scorer:
    """Load the starting model once more, never to be trained."""
    return load_frozen(args.model, run.accelerator.device)


@torch.no_grad()
def _score(
    learner: Learner, tokens: Tokens, credit: Credit, reference: Scorer | None
) -> dict[str, list[float]]:
    """Score the own tokens of one episode, and the state in which each one's decision was made."""
    learner.scorer.eval()
    batch = collate([tokens])
    places = own_places(batch)
    decisions = decisions_of(tokens, credit)
    firsts = _firsts(decisions)
    states = places.columns[[firsts[d] for d in decisions]]
    with learner.autocast():
        scores = learner.scorer(batch.ids, batch.attention, places, (places.rows, states))
        given = scores if reference is None else reference(batch.ids, batch.attention, places)
    return {
        "old": scores.log_probs.tolist(),
        "reference": given.log_probs.tolist(),
        "values": scores.values.tolist(),
        "states": states.tolist(),
    }


def _firsts(decisions: Sequence[int]) -> list[int]:
    """Give the place of the first own token of each decision."""
    return [place for place, d in enumerate(decisions) if place == 0 or decisions[place - 1] != d]
