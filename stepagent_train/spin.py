"""SPIN, self-play fine-tuning, on whole trajectories: the agent learns to tell experts from itself.

In iteration t the opponent pi_t plays every task, at temperature 1; then

    L = - log sigma( beta [ log pi(e|u) / pi_t(e|u)  -  log pi(e'|u) / pi_t(e'|u) ] )

for expert e and own e'.  The reference is the opponent.  Own episodes of iteration t-1 are mixed
in, scored by the present opponent.  At pi = expert the loss is stationary.

Source: Chen et al. 2024 (arXiv 2401.01335) and its code, where y is one answer; here it is an
episode, as the baseline of StepAgent (arXiv 2411.03817) has it.  StepAgent's remark that SPIN adds
successes to the expert set describes RFT instead.

    stepagent train spin --model runs/sft/model --env stepagent/ALFWorld-v0 --experts FILE --out DIR
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from torch import Tensor
from torch.nn.functional import logsigmoid

from stepagent_gym.rollout import Start
from stepagent_gym.types import Trajectory
from stepagent_train.experience import Setting, explore, load_experts, recorded
from stepagent_train.loop import Learner
from stepagent_train.model import Scorer
from stepagent_train.pairs import Pair, against_experts, pair_log_probs, prepare, references
from stepagent_train.run import Optimiser, Run, RunArgs, Schedule


@dataclass(frozen=True)
class Args(RunArgs):
    """SPIN: experts preferred to the episodes of the previous iterate."""

    iterations: int = 3
    """Rounds of playing and training."""
    epochs: int = 3
    lr: float = 5e-7
    schedule: Schedule = "linear"
    warmup: float = 0.1
    optimiser: Optimiser = "rmsprop"
    beta: float = 0.1
    """How strongly the model is held to the opponent."""
    temperature: float = 1.0
    """Of the opponent's episodes."""
    mix: bool = True
    """Train on the opponent's episodes of the previous iteration too."""


def run(run: Run, args: Args, setting: Setting) -> Learner:
    """Play and train, iteration after iteration."""
    learner = Learner(run, args)
    experts = load_experts(run, args, setting)
    before: list[Trajectory] = []
    for stage in range(args.iterations):
        if learner.done(stage):
            before = recorded(run, stage)
            continue
        starts = [Start(task, args.seed + stage) for task in setting.tasks]
        own = explore(learner, stage, setting, starts, temperature=args.temperature)
        opponents = own + before if args.mix else own
        pairs = prepare(learner, stage, against_experts(experts, opponents), setting)
        learner.train(stage, pairs, partial(loss, beta=args.beta), length=lambda p: p.length)
        before = own
    return learner


def loss(
    scorer: Scorer, pairs: Sequence[Pair], *, beta: float
) -> tuple[Tensor, Mapping[str, Tensor]]:
    """Give the loss, summed over the pairs; the equation is in the module's docstring."""
    expert, own = pair_log_probs(scorer, pairs)
    opponent_expert, opponent_own = references(pairs, expert)
    gain = (expert - opponent_expert) - (own - opponent_own)
    return -logsigmoid(beta * gain).sum(), {"gain": gain.sum()}
