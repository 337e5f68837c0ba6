"""TRL's GRPO on the embedded WebShop, from random weights, on one CPU core.

    python -m stepagent_train.examples.webshop_grpo --out runs/webshop-grpo

A small Llama is made (`stepagent train init`), learns from the oracle's episodes of some tasks
(`stepagent train sft`), and then plays these tasks itself under TRL's `GRPOTrainer`, with the
environment as its `rollout_func`.  Before and after GRPO it is evaluated greedily on the tasks that
it was trained on and on tasks held out; what is printed are means, and the paired difference with
its interval (`harness.comparison`).

What makes it small enough: bare actions (no thoughts), no worked examples, a few tasks, a limit of
turns, and a model that knows no other text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import tyro
from datasets import Dataset
from rich.console import Console
from rich.table import Table
from transformers import PreTrainedTokenizerBase
from trl.trainer.grpo_config import GRPOConfig
from trl.trainer.grpo_trainer import GRPOTrainer

from harness.comparison import METHOD, PairKey, compare
from harness.runs import write_json
from stepagent_gym.rollout import Start
from stepagent_gym.types import Trajectory
from stepagent_train import sft
from stepagent_train.commands import train
from stepagent_train.experience import Setting, play
from stepagent_train.generate import ModelPolicy
from stepagent_train.grpo import episode_reward, rollout_func
from stepagent_train.init import InitArgs, Size, init
from stepagent_train.model import CausalModel, Tuning, load_model, load_tokenizer
from stepagent_train.run import RunArgs
from stepagent_train.tokens import ChatTokeniser

WEBSHOP = "stepagent/WebShop-v0"


@dataclass(frozen=True)
class Args:
    """Make a model, fine-tune it a little, and improve it with GRPO."""

    out: Path
    """Folder of the whole run."""
    tasks: int = 16
    """Tasks to train on, the first of the split train."""
    held_out: int = 32
    """Tasks of the split test to evaluate on."""
    max_turns: int = 6
    size: Size = "0.5M"
    vocabulary: int = 4000
    context: int = 4096
    sft_epochs: int = 10
    sft_lr: float = 3e-3
    steps: int = 24
    """Optimiser steps of GRPO."""
    group: int = 8
    """Episodes of a task in a step."""
    batch: int = 32
    """Episodes of a step."""
    lr: float = 3e-4
    max_new_tokens: int = 48
    """The longest reply."""
    repeats: int = 2
    """Sampled episodes of a task in the evaluation."""
    seed: int = 0

    @property
    def set(self) -> tuple[str, ...]:
        """Keywords of the environment."""
        return ("action_format=bare", f"max_turns={self.max_turns}")


class Exam(NamedTuple):
    """Tasks that are played before and after, with the same seeds."""

    setting: Setting
    temperature: float
    repeats: int

    def take(
        self, args: Args, model: CausalModel, tokenizer: PreTrainedTokenizerBase
    ) -> list[Trajectory]:
        """Play them with a model."""
        policy = ModelPolicy(
            model,
            ChatTokeniser(tokenizer),
            temperature=self.temperature,
            max_new_tokens=args.max_new_tokens,
            seed=args.seed,
        )
        seeds = range(args.seed, args.seed + self.repeats)
        starts = [Start(task, seed) for task in self.setting.tasks for seed in seeds]
        return play(self.setting, starts, policy, examples=0, concurrency=args.batch)


class _Graded(NamedTuple):
    """An episode, as `compare` takes it."""

    failed: bool
    reward: float
    success: bool


def main(args: Args) -> dict[str, Any]:
    """Run everything, print the table, and write `results.json`."""
    prepare(args)
    model = load_model(args.out / "sft" / "model", Tuning())
    tokenizer = load_tokenizer(args.out / "sft" / "model")
    trained = _setting(args, "train", args.tasks)
    held_out = _setting(args, "test", args.held_out)
    exams = {
        "trained on, greedy": Exam(trained, 0.0, 1),
        "trained on, sampled": Exam(trained, 1.0, args.repeats),
        "held out, greedy": Exam(held_out, 0.0, 1),
    }
    before = {name: exam.take(args, model, tokenizer) for name, exam in exams.items()}
    improve(args, model, tokenizer)
    after = {name: exam.take(args, model, tokenizer) for name, exam in exams.items()}
    results = {name: _compared(before[name], after[name]) for name in exams}
    write_json(args.out / "results.json", results)
    _print(results)
    return results


def prepare(args: Args) -> None:
    """Make the model, and fine-tune it on the oracle's episodes; once."""
    start = args.out / "start"
    if not (start / "config.json").exists():
        init(
            InitArgs(
                env=WEBSHOP,
                out=start,
                size=args.size,
                vocabulary=args.vocabulary,
                context=args.context,
                set=args.set,
                seed=args.seed,
            )
        )
    if not (args.out / "sft" / "model").exists():
        tuning = sft.Args(
            model=start,
            env=WEBSHOP,
            out=args.out / "sft",
            limit=args.tasks,
            set=args.set,
            epochs=args.sft_epochs,
            lr=args.sft_lr,
            schedule="constant",
            batch=4,
            seed=args.seed,
        )
        train("sft", tuning)


def improve(args: Args, model: CausalModel, tokenizer: PreTrainedTokenizerBase) -> None:
    """Train with GRPO on the tasks."""
    rollouts = rollout_func(
        WEBSHOP,
        limit=args.tasks,
        set=args.set,
        max_new_tokens=args.max_new_tokens,
        concurrency=args.batch,
        seed=args.seed,
    )
    trainer = GRPOTrainer(
        model=model,
        args=GRPOConfig(
            output_dir=str(args.out / "grpo"),
            max_steps=args.steps,
            num_generations=args.group,
            per_device_train_batch_size=8,
            gradient_accumulation_steps=args.batch // 8,
            learning_rate=args.lr,
            lr_scheduler_type="constant",
            gradient_checkpointing=False,
            bf16=False,
            logging_steps=1,
            save_strategy="no",
            report_to=[],
            seed=args.seed,
        ),
        train_dataset=Dataset.from_list(rollouts.rows()),
        processing_class=tokenizer,
        rollout_func=rollouts,
        reward_funcs=episode_reward,
    )
    trainer.train()
    trainer.save_model(str(args.out / "grpo" / "model"))


def _setting(args: Args, split: str, tasks: int) -> Setting:
    return Setting.of(
        RunArgs(model=args.out, env=WEBSHOP, out=args.out, split=split, limit=tasks, set=args.set)
    )


def _compared(before: Sequence[Trajectory], after: Sequence[Trajectory]) -> dict[str, Any]:
    """Give the means of both, and the paired difference."""
    sides = [
        {_key(e): _Graded(e.status == "error", e.reward, e.success) for e in side}
        for side in (before, after)
    ]
    means = {
        name: {
            "reward": sum(e.reward for e in side.values() if not e.failed) / len(side),
            "success": sum(e.success for e in side.values() if not e.failed) / len(side),
        }
        for name, side in zip(("before", "after"), sides, strict=True)
    }
    return {**means, "difference": compare(sides[0], sides[1])}


def _key(episode: Trajectory) -> PairKey:
    return PairKey(episode.env_id, "embedded", episode.split, episode.task_id, episode.seed)


def _print(results: Mapping[str, Mapping[str, Any]]) -> None:
    table = Table(title=f"{WEBSHOP}, embedded: reward before and after GRPO")
    for heading in ("tasks", "n", "before", "after", "difference", "95%", "success"):
        table.add_column(heading, justify="right")
    for name, result in results.items():
        difference = result["difference"]
        reward = difference["reward"]
        table.add_row(
            name,
            str(difference["tasks"]),
            f"{result['before']['reward']:.3f}",
            f"{result['after']['reward']:.3f}",
            f"{reward['mean']:+.3f}",
            f"{reward['ci_low']:+.3f} to {reward['ci_high']:+.3f}",
            f"{result['before']['success']:.2f} to {result['after']['success']:.2f}",
        )
    console = Console(width=100)
    console.print(table)
    console.print(METHOD)


if __name__ == "__main__":
    main(tyro.cli(Args))
