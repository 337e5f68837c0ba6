r"""RFT, rejection-sampling fine-tuning: SFT on the experts and on the agent's own successes.

The fine-tuned agent plays each task several times at a temperature; episodes with a sufficient
reward are kept, one for each sequence of actions that no expert of the task has; then from the base
model

    L = - sum_k m_k log p(x_k | x_<k) / sum_k m_k

over experts and kept episodes.

Source: Yuan et al. 2023 (arXiv 2308.01825), there on arithmetic with 100 samples a question and
distinct lists of equations; here a distinct solution is a distinct sequence of parsed actions.
Baseline of IPR (arXiv 2406.11176) and StepAgent.  Of equal sequences the first stays; there it is
the one farthest in edit distance from the others.

    stepagent train rft --model BASE --sampler runs/sft/model --env stepagent/ALFWorld-v0 \
        --experts FILE --out DIR
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from stepagent_gym.rollout import Start
from stepagent_gym.types import Trajectory
from stepagent_train.experience import Setting, collect, explore, load_experts, tokenise
from stepagent_train.generate import ModelPolicy
from stepagent_train.loop import Learner
from stepagent_train.model import Scorer, Tuning, load_model, own_places
from stepagent_train.run import Run, RunArgs
from stepagent_train.tokens import Tokens, collate


@dataclass(frozen=True)
class Args(RunArgs):
    """RFT: fine-tune the base model on experts and on the agent's own successes."""

    epochs: int = 3
    lr: float = 2e-5
    sampler: Path | None = None
    """Model that plays, with the same tokenizer; by default the one that is trained."""
    samples: int = 5
    """Own episodes of each task."""
    temperature: float = 0.7
    """Of own episodes."""
    keep_reward: float = 1.0
    """Own episodes with at least this reward are kept."""


def run(run: Run, args: Args, setting: Setting) -> Learner:
    """Play, keep what succeeded and is new, and train."""
    learner = Learner(run, args)
    if learner.done(0):
        return learner
    experts = load_experts(run, args, setting)
    starts = [Start(t, args.seed + k) for k in range(args.samples) for t in setting.tasks]
    if args.sampler is None:
        own = explore(learner, 0, setting, starts, temperature=args.temperature)
    else:
        sampler = ModelPolicy(
            load_model(args.sampler, Tuning()).to(run.accelerator.device),
            learner.chat,
            temperature=args.temperature,
            max_new_tokens=args.max_new_tokens,
            seed=args.seed,
        )
        own = collect(
            run, 0, "episodes", setting, starts, sampler, args, examples=args.rollout_examples
        )
    kept = new_successes(experts, own, args.keep_reward)
    samples = tokenise(
        learner.chat,
        [*experts, *kept],
        setting,
        examples=args.train_examples,
        max_length=learner.max_length,
    )
    fitting = [sample for sample in samples if sample is not None]
    run.log(0, 0, experts=len(experts), own=len(own), kept=len(kept), trained=len(fitting))
    learner.train(0, fitting, loss, weight=lambda sample: sample.trained, length=len)
    return learner


def new_successes(
    experts: Iterable[Trajectory], own: Iterable[Trajectory], keep_reward: float
) -> list[Trajectory]:
    """Keep episodes with a sufficient reward whose sequence of actions is new for the task."""
    known = {(expert.task_id, actions(expert)) for expert in experts}
    kept = []
    for episode in own:
        key = (episode.task_id, actions(episode))
        if episode.reward >= keep_reward and key not in known:
            known.add(key)
            kept.append(episode)
    return kept


def actions(episode: Trajectory) -> tuple[str | None, ...]:
    """Give the parsed actions of an episode."""
    return tuple(step.action for step in episode.steps)


def loss(scorer: Scorer, samples: Sequence[Tokens]) -> tuple[Tensor, Mapping[str, Tensor]]:
    """Give the negative log-likelihood of the own tokens, summed over them."""
    batch = collate(samples)
    scores = scorer(batch.ids, batch.attention, own_places(batch))
    return -scores.log_probs.sum(), {}
