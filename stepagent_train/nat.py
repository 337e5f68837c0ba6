"""NAT, negative-aware training: SFT on successes and on failures, which the prompt tells apart.

    L = - sum_k m_k log p(x_k | x_<k) / sum_k m_k

over experts and the agent's own episodes; those that failed have a suffix on their task message
that asks for a wrong solution, and count in full.

Source: Wang et al. 2024 (arXiv 2402.11651); a baseline of StepAgent (arXiv 2411.03817).  There
every task message has a suffix, "correctly" or "incorrectly"; here a success has by default the
plain prompt, which is then also the prompt of any evaluation (`--positive-suffix` gives it one).
The two classes only, by reward; the paper's four classes by F1 are not built.  Negatives are drawn
from a fixed seed, at most `--negatives` for each positive.

    stepagent train nat --model runs/sft/model --env stepagent/ALFWorld-v0 --experts FILE --out DIR
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from torch import Tensor

from stepagent_gym.rollout import Start
from stepagent_gym.types import Trajectory
from stepagent_train.experience import Setting, explore, load_experts, tokenise
from stepagent_train.loop import Learner
from stepagent_train.model import Scorer, own_places
from stepagent_train.run import Run, RunArgs
from stepagent_train.tokens import Tokens, collate


@dataclass(frozen=True)
class Args(RunArgs):
    """NAT: fine-tune on successes, and on failures that the prompt marks as such."""

    epochs: int = 2
    lr: float = 5e-5
    samples: int = 5
    """Own episodes of each task."""
    temperature: float = 0.7
    """Of own episodes."""
    success_reward: float = 1.0
    """From this reward on an episode is a success."""
    negatives: float = 2.0
    """The most failures for each success."""
    negative_suffix: str = "Solve this task incorrectly."
    """Added to the task message of a failure."""
    positive_suffix: str = ""
    """Added to the task message of a success."""


def run(run: Run, args: Args, setting: Setting) -> Learner:
    """Play, mark the episodes, and train."""
    learner = Learner(run, args)
    if learner.done(0):
        return learner
    experts = load_experts(run, args, setting)
    starts = [Start(t, args.seed + k) for k in range(args.samples) for t in setting.tasks]
    own = explore(learner, 0, setting, starts, temperature=args.temperature)
    episodes = marked(experts, own, args)
    samples = tokenise(
        learner.chat,
        episodes,
        setting,
        examples=args.train_examples,
        max_length=learner.max_length,
    )
    kept = [sample for sample in samples if sample is not None]
    run.log(0, 0, experts=len(experts), own=len(own), marked=len(episodes), trained=len(kept))
    learner.train(0, kept, loss, weight=lambda sample: sample.trained, length=len)
    return learner


def marked(
    experts: Sequence[Trajectory], own: Sequence[Trajectory], args: Args
) -> list[Trajectory]:
    """Give successes and a draw of the failures, with the suffixes on their task messages."""
    played = [episode for episode in own if episode.steps]
    good = [*experts, *(e for e in played if e.reward >= args.success_reward)]
    bad = [episode for episode in played if episode.reward < args.success_reward]
    most = int(args.negatives * len(good))
    if len(bad) > most:
        bad = random.Random(args.seed).sample(bad, most)
    return [
        *(_suffixed(episode, args.positive_suffix) for episode in good),
        *(_suffixed(episode, args.negative_suffix) for episode in bad),
    ]


def _suffixed(episode: Trajectory, suffix: str) -> Trajectory:
    if not suffix:
        return episode
    first = episode.steps[0]
    task = replace(first, observation=f"{first.observation}\n\n{suffix}")
    return replace(episode, steps=(task, *episode.steps[1:]))


def loss(scorer: Scorer, samples: Sequence[Tokens]) -> tuple[Tensor, Mapping[str, Tensor]]:
    """Give the negative log-likelihood of the own tokens, summed over them."""
    batch = collate(samples)
    scores = scorer(batch.ids, batch.attention, own_places(batch))
    return -scores.log_probs.sum(), {}
