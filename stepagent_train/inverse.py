r"""StepAgent-Inverse: the agent is paid for what a discriminator takes for the expert's.

In an iteration the agent practises at the states s of the experts (`inspection.py`), the
discriminator D_e learns to tell its replies from the expert's (`discriminator.py`), and PPO trains
on one-turn episodes with the reward r = log D_e(s, a) (or another form): over own tokens k,

    L = sum_k [ max(-A rho_k, -A clip(rho_k, 1 - eps, 1 + eps)) + c_v / 2 (V(s) - r)^2
                + c_kl (exp(d_k) - d_k - 1) - lambda H_k ] / sum_k 1

with rho_k = pi(x_k) / pi_old(x_k), d_k = log ref(x_k) - log pi(x_k), entropy H_k, and the advantage

    group   A_j = r_j - mean of the r of the other practices at the state (K > 1; no critic)
    value   A = r - V(s)

Source: StepAgent (arXiv 2411.03817), Eq. 7 to 11 and Algorithm 1, whose sign is turned, as
`discriminator.py` explains.  Not stated there, and so chosen here: D and its training, all of PPO
but its name, lambda, the penalty for leaving the starting model.  Algorithm 1 alternates D and
policy by batch; here they alternate by iteration.  States are the experts' own, so pi(a|s) is
matched there, and not the distribution of states.

Reward types (Table 3): `step` is the above; `final` plays whole episodes and is paid their outcome
(PPO as in `ppo.py`); `both` plays whole episodes, and is paid r for each turn and alpha times the
outcome at the last, both scaled to deviation 1.

    stepagent train inverse --preset stepagent --model runs/sft/model \
        --env stepagent/WebShop-v0 --experts FILE --out DIR
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from stepagent_gym.errors import RunError, UsageError
from stepagent_gym.types import Trajectory
from stepagent_train import answers, ppo
from stepagent_train.branches import reply_scores
from stepagent_train.discriminator import Discriminator, DiscriminatorArgs, reward_of
from stepagent_train.experience import Setting, draw_starts, explore, load_experts
from stepagent_train.inspection import (
    Dedupe,
    Inspection,
    ReflectArgs,
    differing,
    inspect,
)
from stepagent_train.loop import Learner
from stepagent_train.model import Scorer
from stepagent_train.packing import Tree
from stepagent_train.run import Run


@dataclass(frozen=True)
class Args(DiscriminatorArgs, ReflectArgs, ppo.Args):
    """StepAgent-Inverse: paid for what a discriminator takes for the expert's."""

    iterations: int = 7
    """Rounds of practising, training the discriminator, and training the policy."""
    epochs: int = 1
    lr: float = 5e-7
    batch: int = 4
    """Expert trajectories (own episodes, unless the reward is of the type step) a policy step."""
    practices: int = 3
    dedupe: Dedupe = "none"
    """Practices that repeat the expert's have their part in the distribution that is matched."""
    reward_type: Literal["step", "final", "both"] = "step"
    """What is paid: practices, whole episodes by their outcome, or whole episodes by both."""
    outcome_weight: float = 1.0
    """Alpha, the weight of the outcome beside the rewards of steps."""
    baseline: Literal["group", "value"] = "group"
    """What is taken from the reward of a practice: that of the others, or a critic's value."""
    entropy_weight: float = 0.005
    kl_weight: float = 0.05

    @property
    def grouped(self) -> bool:
        """Whether a practice is compared with the others of its state, and no critic is trained."""
        return self.reward_type == "step" and self.baseline == "group"

    def check(self) -> None:
        """Refuse a group of one."""
        super().check()
        if self.grouped and self.practices < 2:
            raise UsageError(
                "a group has two practices or more; set --practices, or --baseline value"
            )


class Paid(NamedTuple):
    """Practices of one trajectory to train on.

    `tree` has them as branches; `old` and `reference` have an entry for each of their tokens in
    order, `advantages` and `returns` for each branch.
    """

    tree: Tree
    old: tuple[float, ...]
    reference: tuple[float, ...]
    advantages: tuple[float, ...]
    returns: tuple[float, ...]

    @property
    def trained(self) -> int:
        """How many tokens are trained."""
        return len(self.old)


def run(run: Run, args: Args, setting: Setting) -> Learner:
    """Practise, train the discriminator and the policy, iteration after iteration."""
    learner = Learner(run, args, critic=not args.grouped)
    reference = ppo.frozen_reference(args, run) if args.kl_weight > 0 else None
    if args.reward_type == "final":
        for stage in range(learner.stage, args.iterations):
            play_and_train(learner, stage, setting, args, reference, None)
        return learner
    experts = load_experts(run, args, setting)
    discriminator = Discriminator(run, args)
    for stage in range(learner.stage, args.iterations):
        found = inspect(learner, stage, experts, setting, args, examples=args.rollout_examples)
        found = found._replace(practices=differing(found.practices, args.dedupe))
        if not any(answers.differs(practice) for practice in found.practices):
            print(f"iteration {stage + 1}: no practised action differs from the expert's")
            learner.save(stage + 1, 0)
            continue
        logits = answers.judge(learner, stage, discriminator, found, setting, args)
        if not examined(learner, stage, found, logits, args):
            break
        if args.reward_type == "step":
            samples = pay(learner, stage, found, logits, setting, args, reference)
            learner.train(
                stage,
                samples,
                partial(loss, args=args),
                weight=lambda sample: sample.trained,
                length=lambda sample: sample.tree.length,
                fresh=stage == 0,
            )
        else:
            play_and_train(learner, stage, setting, args, reference, discriminator)
    return learner


def examined(
    learner: Learner,
    stage: int,
    found: Inspection,
    logits: Mapping[answers.Key, float],
    args: Args,
) -> bool:
    """Log how the discriminator did on held-out pairs; whether its rewards may be used.

    Raises `RunError` where it cannot tell experts and agent apart from the beginning.
    """
    exam = answers.examine(found, logits, args)
    learner.run.log(stage, 0, held_out_pairs=exam.pairs)
    if exam.pairs == 0:
        print(
            f"iteration {stage + 1}: no held-out pair has actions that differ, so the "
            "discriminator was not examined; give it more tasks"
        )
        return True
    low, high = exam.interval or (0.0, 1.0)
    learner.run.log(stage, 0, held_out_accuracy=exam.accuracy, held_out_low=low, held_out_high=high)
    told = (
        f"iteration {stage + 1}: on {exam.pairs} held-out pairs whose actions differ the "
        f"discriminator ranks {exam.accuracy:.2f} [{low:.2f}, {high:.2f}] rightly"
    )
    if exam.accuracy >= args.min_accuracy:
        print(told if low > 0.5 else f"{told}, which may be chance; give it more tasks")
        return True
    told = f"{told}, below {args.min_accuracy}: its rewards would be noise"
    if stage == 0:
        raise RunError(f"{told}; train it for longer (--disc-epochs, --disc-lr) or on more experts")
    print(f"{told}; training ends with the model of iteration {stage}")
    return False


def pay(
    learner: Learner,
    stage: int,
    found: Inspection,
    logits: Mapping[answers.Key, float],
    setting: Setting,
    args: Args,
    reference: Scorer | None,
) -> list[Paid]:
    """Give every practice its reward and advantage, and score it with policy and reference."""
    rewards = {
        key: float(reward_of(torch.tensor(logit), args.reward, args.reward_clamp))
        for key, logit in logits.items()
    }
    practised = answers.practised(learner, found, setting, args)
    rows = learner.run.once(
        stage,
        "scores",
        lambda: [
            _score(learner, sample.tree, reference) for sample in learner.run.share(practised)
        ],
    )
    others = advantages({k: r for k, r in rewards.items() if k.sample is not None})
    learner.run.log(
        stage,
        0,
        reward_expert=_mean([r for k, r in rewards.items() if k.sample is None]),
        reward_own=_mean([r for k, r in rewards.items() if k.sample is not None]),
    )
    samples = []
    for sample, row in zip(practised, rows, strict=True):
        paid = [rewards[key] for key in sample.keys]
        if args.baseline == "group":
            gained = [others[key] for key in sample.keys]
        else:
            gained = [r - v for r, v in zip(paid, row["values"], strict=True)]
        columns = (row["old"], row["reference"], gained, paid)
        samples.append(Paid(sample.tree, *(tuple(column) for column in columns)))
    return whitened(samples) if args.whiten else samples


def advantages(rewards: Mapping[answers.Key, float]) -> dict[answers.Key, float]:
    """Give each reward less the mean of the others at its state; 0 where there are none."""
    states: dict[tuple[int, int], list[float]] = {}
    for key, reward in rewards.items():
        states.setdefault((key.expert, key.turn), []).append(reward)
    found = {}
    for key, reward in rewards.items():
        group = states[key.expert, key.turn]
        total = sum(group) - reward
        found[key] = reward - total / (len(group) - 1) if len(group) > 1 else 0.0
    return found


def whitened(samples: Sequence[Paid]) -> list[Paid]:
    """Shift and scale advantages to mean 0 and deviation 1 over the practices."""
    every = torch.tensor([a for s in samples for a in s.advantages], dtype=torch.float64)
    mean, scale = float(every.mean()), 1 / (float(every.std(correction=0)) + 1e-8)
    return [
        sample._replace(advantages=tuple((a - mean) * scale for a in sample.advantages))
        for sample in samples
    ]


def loss(
    scorer: Scorer, samples: Sequence[Paid], *, args: Args
) -> tuple[Tensor, Mapping[str, Tensor]]:
    """Give the loss, summed over own tokens; the equation is in the module's docstring."""
    trees = [sample.tree for sample in samples]
    new, entropy, values, _ = reply_scores(scorer, trees, with_entropy=True)
    old = new.new_tensor([x for s in samples for x in s.old])
    reference = new.new_tensor([x for s in samples for x in s.reference])
    lengths = torch.tensor([len(b.tokens) for tree in trees for b in tree.branches])
    lengths = lengths.to(new.device)
    advantage = new.new_tensor([x for s in samples for x in s.advantages]).repeat_interleave(
        lengths
    )
    ratio = (new - old).exp()
    clipped = ratio.clamp(1 - args.clip, 1 + args.clip)
    policy = torch.maximum(-advantage * ratio, -advantage * clipped)
    away = reference - new
    kl = away.exp() - away - 1
    total = (policy + args.kl_weight * kl - args.entropy_weight * entropy).sum()
    logged = {"kl": kl, "entropy": entropy, "clipped": (ratio != clipped).float()}
    if args.baseline == "value":
        returns = new.new_tensor([x for s in samples for x in s.returns])
        logged["value_loss"] = ((values - returns).square() / 2) * lengths
        total = total + args.value_weight * logged["value_loss"].sum()
    return total, {name: value.sum() for name, value in logged.items()}


def play_and_train(
    learner: Learner,
    stage: int,
    setting: Setting,
    args: Args,
    reference: Scorer | None,
    discriminator: Discriminator | None,
) -> None:
    """Play whole episodes, and train on their outcome and what the discriminator pays."""
    starts = draw_starts(setting, stage, args.episodes, args.seed)
    own = explore(learner, stage, setting, starts, temperature=args.temperature)
    rewards = [[step.reward for step in episode.steps] for episode in own]
    if discriminator is not None:
        rewards = mixed(learner, stage, own, setting, args, discriminator)
    samples = ppo.prepare(learner, stage, own, rewards, setting, args, reference)
    ppo.train_on(learner, stage, samples, partial(ppo.loss, args=args))


def mixed(
    learner: Learner,
    stage: int,
    own: Sequence[Trajectory],
    setting: Setting,
    args: Args,
    discriminator: Discriminator,
) -> list[list[float]]:
    """Pay every turn by the discriminator, and the last by the outcome too, each scaled."""
    logits = answers.judge_episodes(learner, stage, discriminator, own, setting, args)
    paid = [reward_of(torch.tensor(row), args.reward, args.reward_clamp).tolist() for row in logits]
    step_scale = _deviation([r for row in paid for r in row])
    outcome_scale = _deviation([episode.reward for episode in own])
    rewards = []
    for episode, row in zip(own, paid, strict=True):
        scaled = [r / step_scale for r in row]
        if scaled:
            scaled[-1] += args.outcome_weight * episode.reward / outcome_scale
        rewards.append(scaled)
    return rewards


@torch.no_grad()
def _score(learner: Learner, tree: Tree, reference: Scorer | None) -> dict[str, list[float]]:
    """Score the practices of a trajectory with the policy as it is, and with the reference."""
    learner.scorer.eval()
    with learner.autocast():
        scores = reply_scores(learner.scorer, [tree])
        given = scores if reference is None else reply_scores(reference, [tree])
    return {
        "old": scores.log_probs.tolist(),
        "reference": given.log_probs.tolist(),
        "values": scores.values.tolist(),
    }


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(1, len(values))


def _deviation(values: Sequence[float]) -> float:
    """Give the standard deviation, or 1 where all values are the same."""
    deviation = float(torch.tensor(values, dtype=torch.float64).std(correction=0))
    return deviation if deviation > 1e-6 else 1.0
