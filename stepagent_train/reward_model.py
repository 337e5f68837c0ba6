r"""The step reward model of IPR: Monte-Carlo step rewards, learned.

A scalar head on the last token of the action,

    L = mean over actions of ( f(s, a) - r_s(s, a) )^2

on actions that runs of `ipr` have scored.  A history that is too long loses its beginning.  A share
of the tasks is held out; on it the log has the mean squared error, beside that of the training
mean, and the rank correlation.

Source: IPR (arXiv 2406.11176), Section 5.3, whose code cuts histories on the right, where the
action is.  Learning rate and epochs are not stated there.  Simplified: no sigmoid on the head.

    stepagent train reward-model --model runs/sft/model --env stepagent/WebShop-v0 \
        --scored runs/ipr --out runs/reward
    stepagent train ipr --scorer reward-model --reward-model runs/reward ...
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from stepagent_gym.errors import DataNotFound, UsageError
from stepagent_gym.types import Step
from stepagent_train.discriminator import held_out_tasks
from stepagent_train.experience import Setting
from stepagent_train.loop import Learner
from stepagent_train.model import Scorer
from stepagent_train.reward_head import action_chat, predict, save_head, values
from stepagent_train.run import Run, RunArgs
from stepagent_train.step_pairs import read_scored
from stepagent_train.tokens import Tokens


@dataclass(frozen=True)
class Args(RunArgs):
    """IPR's step reward model: Monte-Carlo step rewards, learned."""

    scored: tuple[str, ...] = ()
    """Runs of ipr, or files that they scored (stage-NNN/scored.jsonl)."""
    held_out: float = 0.1
    """Share of the tasks that are not learned from."""
    epochs: int = 3
    lr: float = 1e-5


Numbers = NDArray[np.float64]

HELD_OUT = "held-out"
"""Rows of the first stage: the tasks that were not learned from."""


class Rated(NamedTuple):
    """An action with its step reward."""

    task_id: str
    chat: Tokens
    reward: float


def run(run: Run, args: Args, setting: Setting) -> Learner:
    """Read scored actions, and learn their rewards."""
    learner = Learner(run, args, critic=True)
    samples = read(learner, args, setting)
    tasks = held_out_tasks((sample.task_id for sample in samples), args.held_out, args.seed)
    held_out = run.once(0, HELD_OUT, lambda: run.share(sorted(tasks)))
    learned = [sample for sample in samples if sample.task_id not in held_out]
    learner.train(0, learned, loss, length=lambda sample: len(sample.chat))
    examined = [sample for sample in samples if sample.task_id in held_out]
    if examined:
        mean = sum(sample.reward for sample in learned) / len(learned)
        run.log(1, 0, **examine(learner, examined, mean))
    if run.accelerator.is_main_process:
        save_head(learner.scorer, run.path)
    run.accelerator.wait_for_everyone()
    return learner


def read(learner: Learner, args: Args, setting: Setting) -> list[Rated]:
    """Give every action that was scored, once; `DataNotFound` where there are none."""
    files = [
        file
        for path in map(Path, args.scored)
        for file in (sorted(path.glob("stage-*/scored.jsonl")) if path.is_dir() else [path])
    ]
    if not files:
        raise UsageError("--scored names runs of ipr, or files that they scored")
    found: dict[tuple[str, tuple[str, ...], float], tuple[tuple[Step, ...], float]] = {}
    for file in files:
        if not file.is_file():
            raise DataNotFound(f"no scored actions in {file}")
        for action in read_scored(file):
            sides = ((action.expert, action.expert_reward), (action.own, action.own_reward))
            for episode, reward in sides:
                if reward is not None and episode.env_id == setting.env_id:
                    steps = episode.steps[: action.turn + 1]
                    texts = tuple(step.completion.text for step in steps)
                    found[episode.task_id, texts, reward] = (steps, reward)
    samples = []
    for (task, _, _), (steps, reward) in found.items():
        chat = action_chat(
            learner.chat,
            steps,
            setting,
            examples=args.train_examples,
            max_length=learner.max_length,
        )
        if chat is not None:
            samples.append(Rated(task, chat, reward))
    learner.run.log(0, 0, actions=len(samples), left_out=len(found) - len(samples))
    if not samples:
        raise DataNotFound(f"{', '.join(map(str, files))}: no scored action of {setting.env_id}")
    return samples


def loss(scorer: Scorer, samples: Sequence[Rated]) -> tuple[Tensor, Mapping[str, Tensor]]:
    """Give the squared error, summed over actions."""
    found = values(scorer, [sample.chat for sample in samples])
    target = found.new_tensor([sample.reward for sample in samples])
    return (found - target).square().sum(), {}


def examine(learner: Learner, samples: Sequence[Rated], mean: float) -> dict[str, float]:
    """Give error and rank correlation on actions; `mean`: what knowing nothing would answer."""
    found = predict(learner.scorer, [s.chat for s in samples], learner.args.micro_batch)
    target = np.array([sample.reward for sample in samples])
    return {
        "held_out_actions": len(samples),
        "held_out_error": float(np.mean((np.array(found) - target) ** 2)),
        "error_of_mean": float(np.mean((mean - target) ** 2)),
        "rank_correlation": rank_correlation(found, target.tolist()),
    }


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Give Spearman's correlation; ties have their mean rank, and without variance it is 0."""
    ranks = [_ranks(np.array(values)) for values in (one, other)]
    centred = [r - r.mean() for r in ranks]
    scale = float(np.sqrt((centred[0] ** 2).sum() * (centred[1] ** 2).sum()))
    return float((centred[0] * centred[1]).sum()) / scale if scale else 0.0


def _ranks(values: Numbers) -> Numbers:
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return ((last - count + 1 + last) / 2)[place]
