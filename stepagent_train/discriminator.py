"""The discriminator of StepAgent-Inverse: was it the expert who answered, or the agent.

    D_e(s, a) = sigmoid(l(s, a)) = P(the expert answered a at s)
    L_D = - E_expert log D_e(s, a) - E_agent log(1 - D_e(s, a))

l is a linear head on the last token of a language model that reads the state and the reply.  The
expert's reply at a state weighs as much as all that the agent practised there.  Targets are
smoothed to 1 - eps and eps.  Rewards of the policy, clamped:

    log-d     log D_e                      gail   - log(1 - D_e)
    airl      log D_e - log(1 - D_e)       printed   log(1 - D_e)

Source: StepAgent (arXiv 2411.03817), Eq. 11 and Algorithm 1; GAIL (arXiv 1606.03476); AIRL (arXiv
1710.11248).  In the paper D is maximised at 1 for the agent, and Algorithm 1 rewards log D: so
printed, the agent is paid for what no expert does (`printed` keeps that to be looked at).  The
paper does not say what D is; here it starts as the agent's model.  The wording of thoughts gives
experts away at once; with `--disc-input action` D reads the action alone.  A reply that was cut at
the length limit has no end of its turn, by which D knows it too: `--max-new-tokens` should leave
room for a whole reply.
"""

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import logsigmoid, softplus

from harness.metrics import interval_of
from stepagent_train.branches import by_tree, verdicts
from stepagent_train.loop import batches
from stepagent_train.model import Scorer, Tuning, load_model, load_trained_state, trained_state
from stepagent_train.packing import Tree
from stepagent_train.run import Run, RunArgs, replacing

DiscInput = Literal["full", "action"]
RewardForm = Literal["log-d", "gail", "airl", "printed"]


@dataclass(frozen=True)
class DiscriminatorArgs(RunArgs):
    """What the discriminator takes."""

    disc_model: Path | None = None
    """Model that the discriminator begins with, of the same tokenizer; by default the agent's."""
    disc_input: DiscInput = "full"
    """Whether it reads the whole reply, or the action without its thought."""
    disc_lr: float = 1e-5
    disc_epochs: int = 1
    """Passes over the states in each iteration."""
    disc_batch: int = 4
    """Expert trajectories a step of the discriminator."""
    disc_lora_rank: int = 0
    """Rank of adapters of the discriminator; 0 trains all its weights."""
    smoothing: float = 0.1
    """How far its targets lie from 0 and 1."""
    held_out: float = 0.1
    """Share of the tasks that it never learns from, on which it is examined."""
    min_accuracy: float = 0.55
    """Stop where it ranks fewer of the held-out pairs rightly than this share."""
    reward: RewardForm = "log-d"
    """What of D the policy is paid."""
    reward_clamp: float = 5.0
    """Rewards are kept within plus and minus this."""


class Judged(NamedTuple):
    """Replies at the states of one trajectory, each with its side and its weight."""

    tree: Tree
    expert: tuple[bool, ...]
    weights: tuple[float, ...]


class Examination(NamedTuple):
    """How a discriminator does on held-out pairs whose actions differ."""

    accuracy: float
    """Share of pairs in which the expert's reply gets the higher D; ties count half."""
    pairs: int
    interval: tuple[float, float] | None
    """Of the accuracy, at 95%, over expert trajectories; None for fewer than two."""


def reward_of(logits: Tensor, form: RewardForm, clamp: float) -> Tensor:
    """Give the rewards for the logits of D_e."""
    if form == "gail":
        reward = softplus(logits)
    elif form == "airl":
        reward = logits
    else:
        reward = logsigmoid(logits if form == "log-d" else -logits)
    return reward.clamp(-clamp, clamp)


def loss(
    scorer: Scorer, samples: Sequence[Judged], *, smoothing: float
) -> tuple[Tensor, Mapping[str, float]]:
    """Give the cross-entropy, weighted and summed over replies, and how many it took rightly."""
    logits = verdicts(scorer, [sample.tree for sample in samples])
    expert = torch.tensor([x for s in samples for x in s.expert], device=logits.device)
    weights = logits.new_tensor([w for s in samples for w in s.weights])
    target = torch.where(expert, 1 - smoothing, smoothing)
    entropy = -(target * logsigmoid(logits) + (1 - target) * logsigmoid(-logits))
    right = ((logits > 0) == expert) * weights
    return (weights * entropy).sum(), {"right": float(right.sum())}


def held_out_tasks(tasks: Iterable[str], share: float, seed: int) -> frozenset[str]:
    """Draw the tasks to be examined on: at least one where there are two."""
    known = sorted(set(tasks))
    count = min(len(known) - 1, max(1, round(share * len(known))))
    return frozenset(random.Random(f"held out {seed}").sample(known, max(0, count)))


def examination(pairs: Mapping[int, Sequence[tuple[float, float]]]) -> Examination:
    """Compare the logits of expert and own reply, pair by pair, the pairs by trajectory."""
    sums = np.array(
        [
            (sum(1.0 if e > o else 0.5 if e == o else 0.0 for e, o in own), len(own))
            for own in pairs.values()
        ]
    ).reshape(-1, 2)

    def accuracy(drawn: NDArray[np.int64]) -> float:
        points, count = sums[drawn].sum(0)
        return float(points / count) if count else math.nan

    found = accuracy(np.arange(len(sums)))
    return Examination(found, int(sums[:, 1].sum()), interval_of(len(sums), accuracy))


class Discriminator:
    """A language model with a head that tells experts from the agent, and its optimiser.

    Every process trains the same one on all samples.  Its state after each stage is kept beside
    the stage's data, so that a run that is taken up goes on with it.
    """

    def __init__(self, run: Run, args: DiscriminatorArgs) -> None:
        torch.manual_seed(args.seed)
        self.run = run
        self.args = args
        model = load_model(args.disc_model or args.model, Tuning(args.disc_lora_rank))
        self.scorer = Scorer(model, critic=True).to(run.accelerator.device)
        trained = [p for p in self.scorer.parameters() if p.requires_grad]
        self.optimiser = torch.optim.AdamW(trained, lr=args.disc_lr, weight_decay=0.0)

    def path(self, stage: int) -> Path:
        """Give the file of its state after a stage."""
        return self.run.path / f"stage-{stage:03}" / "discriminator.pt"

    def restore(self, stage: int) -> None:
        """Take up the state after a stage."""
        state = torch.load(self.path(stage), map_location="cpu", weights_only=True)
        load_trained_state(self.scorer, state["weights"])
        self.optimiser.load_state_dict(state["optimiser"])

    def train(self, stage: int, samples: Sequence[Judged]) -> None:
        """Train a stage, once in the run's life, and log cross-entropy and accuracy."""
        (row, *_) = self.run.once(stage, "discriminator", lambda: [self._train(stage, samples)])
        self.restore(stage)
        self.run.log(stage, 0, **row)

    def _train(self, stage: int, samples: Sequence[Judged]) -> dict[str, float]:
        """Train on from the stage before; gives what is logged."""
        args = self.args
        if stage > 0:
            self.restore(stage - 1)
        plan = batches(len(samples), args.disc_batch, args.disc_epochs, args.seed + stage)
        self.scorer.train()
        sums = {"loss": 0.0, "right": 0.0}
        before = self.scorer.tokens
        for step, chosen in enumerate(plan):
            torch.manual_seed(args.seed * 4099 + stage * 1031 + step)
            group = sorted((samples[i] for i in chosen), key=lambda s: s.tree.length)
            total = math.fsum(w for sample in group for w in sample.weights)
            for begin in range(0, len(group), args.micro_batch):
                with self.run.accelerator.autocast():
                    summed, more = loss(
                        self.scorer,
                        group[begin : begin + args.micro_batch],
                        smoothing=args.smoothing,
                    )
                (summed / total).backward()
                sums["loss"] += summed.item()
                sums["right"] += more["right"]
            torch.nn.utils.clip_grad_norm_(self.scorer.parameters(), args.max_grad_norm)
            self.optimiser.step()
            self.optimiser.zero_grad()
        self._save(stage)
        weight = args.disc_epochs * math.fsum(w for sample in samples for w in sample.weights)
        return {
            "discriminator_loss": sums["loss"] / weight,
            "discriminator_train_accuracy": sums["right"] / weight,
            "discriminator_tokens": self.scorer.tokens - before,
        }

    def _save(self, stage: int) -> None:
        if self.run.accelerator.is_main_process:
            state = {
                "weights": trained_state(self.scorer),
                "optimiser": self.optimiser.state_dict(),
            }
            with replacing(self.path(stage)) as partial:
                torch.save(state, partial)
        self.run.accelerator.wait_for_everyone()

    @torch.no_grad()
    def logits(self, trees: Sequence[Tree]) -> list[list[float]]:
        """Give l(s, a) for every branch of every tree."""
        self.scorer.eval()
        order = sorted(range(len(trees)), key=lambda i: trees[i].length)
        found: dict[int, list[float]] = {}
        for begin in range(0, len(order), self.args.micro_batch):
            group = order[begin : begin + self.args.micro_batch]
            with self.run.accelerator.autocast():
                values = verdicts(self.scorer, [trees[i] for i in group]).tolist()
            shared = by_tree(values, [trees[i] for i in group])
            found.update(zip(group, shared, strict=True))
        return [found[i] for i in range(len(trees))]
