"""Trajectory-level DPO: the expert's trajectory is preferred to the agent's own.

    L = - log sigma( beta [ log pi(e_w|u) / ref(e_w|u)  -  log pi(e_l|u) / ref(e_l|u) ] )

where log pi(e|u) sums over the tokens of the agent's turns, and no observation's.

Source: Rafailov et al. 2023 (arXiv 2305.18290), as the baseline "DPO" of StepAgent (arXiv
2411.03817): chosen are the experts, rejected are the episodes of the fine-tuned agent, which is
also the reference.  No condition on rewards is stated there, so only pairs with the same replies
are dropped; `--require-worse` asks for a lower reward.

    stepagent train dpo --model runs/sft/model --env stepagent/ALFWorld-v0 --experts FILE --out DIR
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from torch import Tensor
from torch.nn.functional import logsigmoid

from stepagent_gym.rollout import Start
from stepagent_train.experience import Setting, explore, load_experts
from stepagent_train.loop import Learner
from stepagent_train.model import Scorer
from stepagent_train.pairs import Pair, against_experts, pair_log_probs, prepare, references
from stepagent_train.run import Run, RunArgs


@dataclass(frozen=True)
class Args(RunArgs):
    """Trajectory-level DPO: experts preferred to own trajectories."""

    epochs: int = 3
    lr: float = 1e-6
    batch: int = 32
    beta: float = 0.1
    """How strongly the model is held to the reference."""
    temperature: float = 0.0
    """Of own episodes; 0 is greedy."""
    samples: int = 1
    """Own episodes of each task."""
    require_worse: bool = False
    """Drop pairs in which the own reward is not below the expert's."""


def run(run: Run, args: Args, setting: Setting) -> Learner:
    """Play once, and train on the pairs."""
    learner = Learner(run, args)
    if learner.done(0):
        return learner
    experts = load_experts(run, args, setting)
    starts = [Start(t, args.seed + k) for k in range(args.samples) for t in setting.tasks]
    own = explore(learner, 0, setting, starts, temperature=args.temperature)
    episodes = against_experts(experts, own, require_worse=args.require_worse)
    pairs = prepare(learner, 0, episodes, setting)
    learner.train(0, pairs, partial(loss, beta=args.beta), length=lambda pair: pair.length)
    return learner


def loss(
    scorer: Scorer, pairs: Sequence[Pair], *, beta: float
) -> tuple[Tensor, Mapping[str, Tensor]]:
    """Give the loss, summed over the pairs; the equation is in the module's docstring."""
    chosen, rejected = pair_log_probs(scorer, pairs)
    reference_chosen, reference_rejected = references(pairs, chosen)
    reward_chosen = beta * (chosen - reference_chosen)
    reward_rejected = beta * (rejected - reference_rejected)
    margin = reward_chosen - reward_rejected
    return -logsigmoid(margin).sum(), {
        "accuracy": (margin > 0).sum(),
        "reward_chosen": reward_chosen.sum(),
        "reward_rejected": reward_rejected.sum(),
    }
