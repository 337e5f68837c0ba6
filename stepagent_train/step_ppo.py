"""Step-PPO: PPO in which every turn is paid by its Monte-Carlo step reward.

The loss is PPO's (`ppo.py`) over turns; the reward of turn t is

    direct      r_t = r_s(s_t, a_t), with gamma = 0: A_t = r_s(s_t, a_t) - V(s_t)
    potential   r_t = r_s(s_t, a_t) - r_s(s_{t-1}, a_{t-1}), which telescopes to the outcome

r_s is the mean outcome of `--scorer-samples` episodes that the frozen starting model plays on
after the action (`step_reward.py`).

Source: the baseline "Step-PPO" of IPR (arXiv 2406.11176), for which there is no code and no word on
how r_s is used.  As r_s is itself an expected return, summing it over turns would count the outcome
many times; so it is taken as the whole return of its turn (`direct`) or in differences.

    stepagent train step-ppo --model runs/sft/model --env stepagent/ALFWorld-v0 --out DIR
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import torch
from torch import Tensor

from stepagent_gym.rollout import Start
from stepagent_gym.types import Trajectory
from stepagent_train import ppo
from stepagent_train.experience import Setting, draw_starts, model_policy, play, taken
from stepagent_train.generate import ModelPolicy
from stepagent_train.loop import Learner
from stepagent_train.model import Scorer, own_places
from stepagent_train.monte_carlo import Cost, check_scorer, cost_of
from stepagent_train.run import Run
from stepagent_train.step_reward import Branchable, Photographer, step_rewards
from stepagent_train.tokens import collate


@dataclass(frozen=True)
class Args(ppo.Args):
    """Multi-turn PPO on Monte-Carlo step rewards."""

    step_reward: Literal["direct", "potential"] = "direct"
    """Whether r_s is the return of its turn, or its difference the reward."""
    scorer_samples: int = 5
    """Episodes that the starting model plays on after each action."""
    scorer_temperature: float = 1.0
    """Of the starting model; lower where episodes sampled at 1 never succeed."""

    def check(self) -> None:
        """Refuse a scorer that cannot score."""
        super().check()
        check_scorer(self.scorer_temperature, self.scorer_samples)


def run(run: Run, args: Args, setting: Setting) -> Learner:
    """Play, score every turn, and train, round after round."""
    learner = Learner(run, args, critic=True)
    reference = ppo.frozen_reference(args, run)
    scorer = model_policy(learner, args.scorer_temperature, args.seed, reference)
    args = replace(args, gamma=0.0) if args.step_reward == "direct" else args
    for stage in range(args.iterations):
        if learner.done(stage):
            continue
        own, rewards = score_episodes(learner, stage, setting, args, scorer)
        samples = ppo.prepare(learner, stage, own, rewards, setting, args, reference)
        ppo.train_on(learner, stage, samples, partial(loss, args=args))
    return learner


def score_episodes(
    learner: Learner, stage: int, setting: Setting, args: Args, scorer: ModelPolicy
) -> tuple[list[Trajectory], list[list[float]]]:
    """Play a round, and give the reward of every turn."""

    def make() -> list[Any]:
        camera = Photographer(model_policy(learner, args.temperature, args.seed + stage))
        starts = draw_starts(setting, stage, args.episodes, args.seed)
        examples, concurrency = args.rollout_examples, args.concurrency
        played: list[Branchable] = [
            camera.branchable(episode)
            for episode in play(
                setting,
                learner.run.share(starts),
                camera,
                examples=examples,
                concurrency=concurrency,
            )
            if episode.status != "error" and episode.steps
        ]

        costs: list[Cost] = []

        def play_on(starts: Sequence[Start]) -> list[Trajectory]:
            branches = play(setting, starts, scorer, examples=examples, concurrency=concurrency)
            costs.append(cost_of(starts, branches))
            return branches

        scored = step_rewards(played, args.scorer_samples, play_on)
        rows: list[Any] = [
            {"episode": branchable.episode.to_json(), "rewards": shaped(rewards, args.step_reward)}
            for branchable, rewards in zip(played, scored, strict=True)
        ]
        return [*rows, *({"cost": cost.to_json()} for cost in costs)]

    made = learner.run.once(stage, "scored", make)
    rows = [row for row in made if "cost" not in row]
    own = [Trajectory.from_json(row["episode"]) for row in rows]
    cost = taken(own)
    for row in made:
        for name in cost if "cost" in row else ():
            cost[name] += row["cost"][name]
    mean = sum(episode.reward for episode in own) / max(1, len(own))
    learner.run.log(stage, 0, episodes=len(own), reward=mean, **cost)
    return own, [row["rewards"] for row in rows]


def shaped(rewards: Sequence[float], step_reward: str) -> list[float]:
    """Give the rewards of the turns of an episode from its step rewards."""
    if step_reward == "direct":
        return list(rewards)
    return [now - before for before, now in zip([0.0, *rewards], rewards, strict=False)]


def loss(
    scorer: Scorer, samples: Sequence[ppo.Played], *, args: Args
) -> tuple[Tensor, Mapping[str, Tensor]]:
    """Give the loss of PPO, summed over own tokens."""
    batch = collate([sample.tokens for sample in samples])
    places = own_places(batch)
    states = (places.rows, torch.tensor([c for sample in samples for c in sample.states]))
    new, entropy, values, _ = scorer(batch.ids, batch.attention, places, states, with_entropy=True)
    old, reference, advantage, returns = ppo.columns(samples, new)
    ratio = (new - old).exp()
    policy = torch.maximum(
        -advantage * ratio, -advantage * ratio.clamp(1 - args.clip, 1 + args.clip)
    )
    value = (values - returns).square() / 2
    away = reference - new
    kl = away.exp() - away - 1
    total = policy + args.value_weight * value + args.kl_weight * kl - args.entropy_weight * entropy
    return total.sum(), {"value_loss": value.sum(), "kl": kl.sum()}
