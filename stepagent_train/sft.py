"""Supervised fine-tuning on expert trajectories.

    L = - sum_k m_k log p(x_k | x_<k) / sum_k m_k

over the tokens of a batch; m_k = 1 on the agent's own tokens, each turn's end among them.

Source: the first step of ETO (arXiv 2403.02502), IPR (arXiv 2406.11176) and StepAgent (arXiv
2411.03817), whose Eq. 2 and 3 lack a logarithm and double a sign: this is the usual likelihood.
Differs: the constant acknowledgement after the instruction is not trained (there it is); nothing is
dropped because a template would not tokenise back.

    stepagent train sft --model PATH --env stepagent/ALFWorld-v0 --experts FILE --out DIR
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor

from stepagent_train.experience import Setting, load_experts, tokenise
from stepagent_train.loop import Learner
from stepagent_train.model import Scorer, own_places
from stepagent_train.run import Run, RunArgs
from stepagent_train.tokens import Tokens, collate


@dataclass(frozen=True)
class Args(RunArgs):
    """Supervised fine-tuning on expert trajectories."""

    epochs: int = 3
    lr: float = 2e-5


def run(run: Run, args: Args, setting: Setting) -> Learner:
    """Train on the experts."""
    learner = Learner(run, args)
    experts = load_experts(run, args, setting)
    samples = tokenise(
        learner.chat,
        experts,
        setting,
        examples=args.train_examples,
        max_length=learner.max_length,
    )
    kept = [sample for sample in samples if sample is not None]
    run.log(0, 0, experts=len(experts), left_out=len(experts) - len(kept))
    learner.train(0, kept, loss, weight=lambda sample: sample.trained, length=len)
    return learner


def loss(scorer: Scorer, samples: Sequence[Tokens]) -> tuple[Tensor, Mapping[str, Tensor]]:
    """Give the negative log-likelihood of the own tokens, summed over them."""
    batch = collate(samples)
    scores = scorer(batch.ids, batch.attention, own_places(batch))
    return -scores.log_probs.sum(), {}
