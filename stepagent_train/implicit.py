r"""StepAgent-Implicit: at each state of an expert, its action is preferred to the agent's own.

In an iteration the agent practises at the states s of the experts (`inspection.py`); then, for
expert action a_e and practised action a,

    L = - log sigma( beta log [ pi(a_e|s) / ref(a_e|s) ]  -  beta log [ pi(a|s) / ref(a|s) ] )

averaged over all pairs (s, a_e, a), where log pi(a|s) sums over the tokens of the one reply.  With
`--sft-weight` w, - w log pi(a_e|s) / |a_e| is added to each pair.

Source: StepAgent (arXiv 2411.03817), Eq. 6, with iterations as in its Section 4.  Eq. 6 has the
expert's policy in the denominators.  Here it is the reference policy, by default the agent at the
iteration's start: the text defines a reference that Eq. 6 would not use; the likelihood of people
and of closed models cannot be had; and only with the agent itself below is the loss stationary just
where the agent answers as the expert does (SPIN, arXiv 2401.01335).  Beta is not stated there.  The
paper's batch of 16 are pairs: here a batch are trajectories, as an episode and all its practices go
through the model in one row (`packing.py`).

    stepagent train implicit --preset stepagent --model runs/sft/model \
        --env stepagent/WebShop-v0 --experts FILE --out DIR
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from stepagent_train.branches import rows_of
from stepagent_train.experience import Setting, load_experts
from stepagent_train.inspection import (
    Inspection,
    Practice,
    ReflectArgs,
    differing,
    inspect,
    reply_tokens,
)
from stepagent_train.loop import Learner
from stepagent_train.model import Scorer
from stepagent_train.packing import Branch, Tree, tree_log_probs
from stepagent_train.ppo import frozen_reference
from stepagent_train.run import Run
from stepagent_train.tokens import Tokens, Unusable


@dataclass(frozen=True)
class Args(ReflectArgs):
    """StepAgent-Implicit: expert actions preferred to own ones, state by state."""

    beta: float = 0.1
    """How strongly the model is held to the reference."""
    sft_weight: float = 0.0
    """Weight of the likelihood of the expert's action, per token, beside the preference."""
    reference: Literal["iteration", "start"] = "iteration"
    """The model that an iteration began with, or that with which the run began."""


class StepPairs(NamedTuple):
    """An expert trajectory with own replies as branches: a pair for each branch.

    The references are log-probabilities of each branch's trunk turn, and of the branch.
    """

    tree: Tree
    reference_expert: tuple[float, ...] = ()
    reference_own: tuple[float, ...] = ()

    @property
    def turns(self) -> list[int]:
        """The turn of the trunk that each branch stands against."""
        return [branch.tokens.turns[0] for branch in self.tree.branches]

    @property
    def pairs(self) -> int:
        """How many pairs there are."""
        return len(self.tree.branches)


def run(run: Run, args: Args, setting: Setting) -> Learner:
    """Practise and train, iteration after iteration."""
    learner = Learner(run, args)
    experts = load_experts(run, args, setting)
    start = frozen_reference(args, run) if args.reference == "start" else None
    for stage in range(args.iterations):
        if learner.done(stage):
            continue
        inspection = inspect(learner, stage, experts, setting, args, examples=args.train_examples)
        samples = refer(learner, stage, step_pairs(learner, inspection, setting, args), start)
        run.log(stage, 0, pairs=sum(sample.pairs for sample in samples))
        if samples:
            learner.train(
                stage,
                samples,
                partial(loss, beta=args.beta, sft_weight=args.sft_weight),
                weight=lambda sample: sample.pairs,
                length=lambda sample: sample.tree.length,
            )
        else:
            print(f"iteration {stage + 1}: no practised action differs from the expert's")
            learner.save(stage + 1, 0)
    return learner


def step_pairs(
    learner: Learner, inspection: Inspection, setting: Setting, args: Args
) -> list[StepPairs]:
    """Put the practices that differ beside their experts, as trees of at most `max_length`."""
    by_expert: dict[int, list[Practice]] = {}
    for practice in differing(inspection.practices, args.dedupe):
        by_expert.setdefault(practice.expert, []).append(practice)
    found = []
    for number, practices in by_expert.items():
        trunk = inspection.chats[number]
        assert trunk is not None
        branches = []
        for practice in practices:
            expert = inspection.experts[number]
            try:
                reply = reply_tokens(learner.chat, expert, practice, setting, args.train_examples)
            except Unusable:
                continue
            if len(reply):
                branches.append(Branch(trunk.turns.index(practice.turn), reply))
        found += [StepPairs(tree) for tree in trees(trunk, branches, learner.max_length)]
    return found


def trees(trunk: Tokens, branches: Sequence[Branch], max_length: int) -> list[Tree]:
    """Share the branches out over rows of at most `max_length`, each with the trunk it needs.

    A branch that does not fit beside the trunk up to the end of its turn is left out.
    """
    turns = [branch.tokens.turns[0] for branch in branches]
    needs = [len(trunk) - trunk.turns[::-1].index(turn) for turn in turns]
    found = []
    for row in rows_of(needs, [len(branch.tokens) for branch in branches], max_length):
        end = max(needs[i] for i in row)
        cut = Tokens(trunk.ids[:end], trunk.turns[:end])
        found.append(Tree(cut, tuple(branches[i] for i in row)))
    return found


def refer(
    learner: Learner, stage: int, samples: Sequence[StepPairs], start: Scorer | None
) -> list[StepPairs]:
    """Score pairs once with the reference: `start`, or the model as it is."""
    rows = learner.run.once(
        stage,
        "reference",
        lambda: _score(learner, learner.run.share(samples), start or learner.scorer),
    )
    return [
        sample._replace(reference_expert=tuple(row["expert"]), reference_own=tuple(row["own"]))
        for sample, row in zip(samples, rows, strict=True)
    ]


@torch.no_grad()
def _score(
    learner: Learner, samples: Sequence[StepPairs], scorer: Scorer
) -> list[dict[str, list[float]]]:
    scorer.eval()
    order = sorted(range(len(samples)), key=lambda i: samples[i].tree.length)
    rows: dict[int, dict[str, list[float]]] = {}
    for begin in range(0, len(order), learner.args.micro_batch):
        group = order[begin : begin + learner.args.micro_batch]
        with learner.autocast():
            scored = tree_log_probs(scorer, [samples[i].tree for i in group])
        for i, (turns, branches) in zip(group, scored, strict=True):
            expert = turns[samples[i].turns]
            rows[i] = {"expert": expert.tolist(), "own": branches.tolist()}
    return [rows[i] for i in range(len(samples))]


def loss(
    scorer: Scorer, samples: Sequence[StepPairs], *, beta: float, sft_weight: float = 0.0
) -> tuple[Tensor, Mapping[str, Tensor]]:
    """Give the loss, summed over the pairs; the equation is in the module's docstring."""
    experts, owns, lengths = [], [], []
    for sample, (turns, branches) in zip(
        samples, tree_log_probs(scorer, [sample.tree for sample in samples]), strict=True
    ):
        experts.append(turns[sample.turns])
        owns.append(branches)
        lengths += [sample.tree.trunk.turns.count(turn) for turn in sample.turns]
    expert, own = torch.cat(experts), torch.cat(owns)
    gain_expert = expert - expert.new_tensor([x for s in samples for x in s.reference_expert])
    gain_own = own - own.new_tensor([x for s in samples for x in s.reference_own])
    margin = beta * (gain_expert - gain_own)
    likelihood = -expert / expert.new_tensor(lengths)
    return (-logsigmoid(margin) + sft_weight * likelihood).sum(), {
        "accuracy": (margin > 0).sum(),
        "gain_expert": gain_expert.sum(),
        "gain_own": gain_own.sum(),
        "likelihood": likelihood.sum(),
    }
