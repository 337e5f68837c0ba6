"""ETO, exploration-based trajectory optimisation: learn from one's own failures, in rounds.

In round i the agent pi_i plays each training task once, greedily.  Where its reward is below the
expert's, the expert is preferred; where it is above, the agent's own; ties are dropped.  Then

    L = - log sigma( beta [ log pi(e_w|u) / pi_i(e_w|u)  -  log pi(e_l|u) / pi_i(e_l|u) ] )

Source: Song et al. 2024 (arXiv 2403.02502) and its code; a baseline of IPR and StepAgent.  The
reference is the agent of the round.  The paper's code takes other values after the first round
(lr 5e-7, beta 0.5): `--later-lr`, `--later-beta`.  It cuts rejected episodes of WebShop and
ScienceWorld to five turns more than the expert's: `--more-turns 5`.  Differs: observations take no
part in the loss by construction, and the round that is best on the test set is not chosen; the last
one is.

    stepagent train eto --model runs/sft/model --env stepagent/ALFWorld-v0 --experts FILE --out DIR
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
from stepagent_train.pairs import Pair, by_reward, pair_log_probs, prepare, references
from stepagent_train.run import Run, RunArgs, Schedule


@dataclass(frozen=True)
class Args(RunArgs):
    """ETO: in rounds, prefer the better of expert and own trajectory."""

    iterations: int = 3
    """Rounds of playing and training."""
    epochs: int = 3
    lr: float = 1e-6
    schedule: Schedule = "constant"
    warmup: float = 0.1
    batch: int = 32
    beta: float = 0.1
    """How strongly the model is held to that of the round's beginning."""
    later_lr: float | None = None
    """Learning rate after the first round; by default the same."""
    later_beta: float | None = None
    """Beta after the first round; by default the same."""
    temperature: float = 0.0
    """Of own episodes; 0 is greedy."""
    samples: int = 1
    """Own episodes of each task in a round."""
    more_turns: int | None = None
    """Cut a rejected episode to so many turns more than the expert had; by default not at all."""


def run(run: Run, args: Args, setting: Setting) -> Learner:
    """Play and train, round after round."""
    learner = Learner(run, args)
    experts = load_experts(run, args, setting)
    for stage in range(args.iterations):
        if learner.done(stage):
            continue
        first = stage * args.samples + args.seed
        starts = [Start(t, first + k) for k in range(args.samples) for t in setting.tasks]
        own = explore(learner, stage, setting, starts, temperature=args.temperature)
        pairs = prepare(
            learner, stage, by_reward(experts, own, more_turns=args.more_turns), setting
        )
        later = stage > 0
        beta = args.later_beta if later and args.later_beta is not None else args.beta
        lr = args.later_lr if later and args.later_lr is not None else args.lr
        learner.train(stage, pairs, partial(loss, beta=beta), length=lambda p: p.length, lr=lr)
    return learner


def loss(
    scorer: Scorer, pairs: Sequence[Pair], *, beta: float
) -> tuple[Tensor, Mapping[str, Tensor]]:
    """Give the loss, summed over the pairs; the equation is in the module's docstring."""
    chosen, rejected = pair_log_probs(scorer, pairs)
    reference_chosen, reference_rejected = references(pairs, chosen)
    margin = beta * ((chosen - reference_chosen) - (rejected - reference_rejected))
    return -logsigmoid(margin).sum(), {
        "accuracy": (margin > 0).sum(),
        "chosen": chosen.sum(),
        "rejected": rejected.sum(),
    }
