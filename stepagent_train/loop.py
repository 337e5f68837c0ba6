"""The loop over optimiser steps that every method shares; the loss is the method's.

A loss gets a few samples and gives a sum over them; the loop divides by the weight of the whole
batch.  So neither the size of forward passes nor the number of processes bears on the gradient.
What a step draws (dropout) is seeded by its place in the run, and the order of samples by the
stage, so that there is no state of generators to keep.
"""

import contextlib
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor

from stepagent_gym.errors import RunError
from stepagent_train.model import (
    Scorer,
    context_length,
    load_model,
    load_tokenizer,
    load_trained_state,
    save_model,
    trained_state,
)
from stepagent_train.run import CHECKPOINT, ITERATION, MODEL, Run, RunArgs, replacing
from stepagent_train.tokens import ChatTokeniser

Sample = TypeVar("Sample")
Loss = Callable[[Scorer, Sequence[Sample]], tuple[Tensor, Mapping[str, Tensor]]]
"""From a scorer and samples to the sum of their losses, and sums to be logged."""


class Learner:
    """The model in training, with its optimiser and its position in the run."""

    def __init__(self, run: Run, args: RunArgs, *, critic: bool = False) -> None:
        torch.manual_seed(args.seed)
        self.run = run
        self.args = args
        self.tokenizer = load_tokenizer(args.model)
        self.chat = ChatTokeniser(self.tokenizer)
        model = load_model(args.model, args.tuning)
        self.scorer = Scorer(model, critic).to(run.accelerator.device)
        self.optimiser = self._optimiser()
        self.stage = self.step = 0
        self._restore()
        self._wrapped: Scorer = run.accelerator.prepare_model(self.scorer)

    @property
    def max_length(self) -> int:
        """The most tokens of a sample: as told, and within the model's context."""
        return min(self.args.max_length, context_length(self.scorer.model))

    def autocast(self) -> torch.autocast:
        """Give a context for forward passes in the run's precision."""
        enabled = self.args.precision == "bfloat16"
        return torch.autocast(self.scorer.model.device.type, torch.bfloat16, enabled=enabled)

    def done(self, stage: int) -> bool:
        """Whether a stage had ended when the run was taken up."""
        return stage < self.stage

    def train(
        self,
        stage: int,
        samples: Sequence[Sample],
        loss: Loss[Sample],
        *,
        weight: Callable[[Sample], float] = lambda sample: 1.0,
        length: Callable[[Sample], int] = lambda sample: 0,
        fresh: bool = True,
        lr: float | None = None,
    ) -> None:
        """Train a stage to its end: `epochs` over the samples, or `steps`, in batches.

        `weight`: what a sample counts in the mean over a batch.  `length`: by which samples are
        sorted into forward passes.  `fresh`: begin with a new optimiser.  `lr`: in
        place of the run's.
        A later stage without samples leaves the model as it is.  Each step logs `tokens`: how many
        went through the model, in all processes, padding left out.
        Raises `RunError` where the first has none, or a loss is no number.
        """
        if self.done(stage):
            return
        if not samples:
            if stage == 0:
                raise RunError(f"{self.run.path}: there is nothing to train on")
            self.save(stage + 1, 0)
            return
        begin = self.step if stage == self.stage else 0
        if begin == 0 and fresh:
            self.optimiser = self._optimiser()
        args = self.args
        plan = batches(len(samples), args.batch, args.epochs, args.seed + stage, args.steps)
        self.scorer.train()
        for step in range(begin, len(plan)):
            chosen = sorted((samples[i] for i in plan[step]), key=length)
            total = math.fsum(weight(sample) for sample in chosen)
            torch.manual_seed(self._seed(stage, step))
            values = self._gradient(chosen, loss, total)
            if not math.isfinite(values["loss"]):
                raise RunError(f"the loss is {values['loss']} in stage {stage}, step {step + 1}")
            values["lr"] = (lr or args.lr) * schedule(args, step, len(plan))
            values["gradient"] = self._update(values["lr"])
            self.run.log(stage, step + 1, **values)
            if (step + 1) % args.save_every == 0 and step + 1 < len(plan):
                self.save(stage, step + 1)
        self.save(stage + 1, 0)

    def _gradient(
        self, samples: Sequence[Sample], loss: Loss[Sample], total: float
    ) -> dict[str, float]:
        """Accumulate the gradient of the mean loss; gives tokens, and means of what is logged."""
        accelerator = self.run.accelerator
        rank, count = accelerator.process_index, accelerator.num_processes
        passes = math.ceil(len(samples) / (count * self.args.micro_batch))
        width = math.ceil(len(samples) / passes)
        sums: dict[str, float] = {"tokens": 0.0}
        for number in range(passes):
            part = samples[number * width : (number + 1) * width]
            mine = part[rank::count]
            scale = count / total  # gradients are averaged over the processes
            before = self.scorer.tokens
            last = number + 1 == passes
            waiting = contextlib.nullcontext() if last else accelerator.no_sync(self._wrapped)
            with waiting:
                with self.autocast():
                    # a process without samples takes part all the same, with nothing to add
                    summed, more = loss(self._wrapped, mine or part[:1])
                accelerator.backward(summed * (scale if mine else 0.0))
            sums["tokens"] += self.scorer.tokens - before if mine else 0
            for name, value in (("loss", summed), *more.items()):
                sums[name] = sums.get(name, 0.0) + (float(value.detach()) if mine else 0.0)
        if count > 1:
            values = torch.tensor(list(sums.values()), dtype=torch.float64)
            reduced = accelerator.reduce(values.to(accelerator.device), "sum").tolist()
            sums = dict(zip(sums, reduced, strict=True))
        tokens = sums.pop("tokens")
        return {**{name: value / total for name, value in sums.items()}, "tokens": tokens}

    def _update(self, rate: float) -> float:
        """Take a step of the optimiser; gives the norm of the gradient before it was clipped."""
        trained = [p for p in self.scorer.parameters() if p.requires_grad]
        norm = torch.nn.utils.clip_grad_norm_(trained, self.args.max_grad_norm)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.optimiser.step()
        self.optimiser.zero_grad()
        return float(norm)

    def save(self, stage: int, step: int) -> None:
        """Write a checkpoint (`step` steps of `stage` are done), and what an ended stage made."""
        self.stage, self.step = stage, step
        if self.args.keep_iterations and step == 0:
            self._write_model(self.run.path / ITERATION.format(stage))
        if self.run.accelerator.is_main_process:
            state = {
                "stage": stage,
                "step": step,
                "weights": trained_state(self.scorer),
                "optimiser": self.optimiser.state_dict(),
            }
            with replacing(self.run.path / CHECKPOINT) as partial:
                torch.save(state, partial)
        self.run.accelerator.wait_for_everyone()

    def export(self) -> None:
        """Write the trained model, as transformers does."""
        self._write_model(self.run.path / MODEL)
        self.run.accelerator.wait_for_everyone()

    def _write_model(self, path: Path) -> None:
        if self.run.accelerator.is_main_process:
            save_model(self.scorer.model, self.tokenizer, path)

    def _restore(self) -> None:
        path = self.run.path / CHECKPOINT
        if path.exists():
            state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
            load_trained_state(self.scorer, state["weights"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.stage, self.step = state["stage"], state["step"]
        self.run.rewind_log(self.stage, self.step)

    def _seed(self, stage: int, step: int) -> int:
        rank: int = self.run.accelerator.process_index
        return (((self.args.seed * 4099 + stage) << 24) + step * 1031 + rank) % (1 << 63)

    def _optimiser(self) -> torch.optim.Optimizer:
        trained = [p for p in self.scorer.parameters() if p.requires_grad]
        if self.args.optimiser == "rmsprop":
            return torch.optim.RMSprop(
                trained, lr=self.args.lr, weight_decay=self.args.weight_decay
            )
        return torch.optim.AdamW(trained, lr=self.args.lr, weight_decay=self.args.weight_decay)


def batches(
    count: int, batch: int, epochs: int, seed: int, steps: int | None = None
) -> list[list[int]]:
    """Plan a stage: the samples of each step, every epoch in an order of its own.

    `steps`: how many, in place of `epochs`.
    """
    generator = torch.Generator().manual_seed(seed)
    if steps is not None:
        epochs = math.ceil(steps * batch / count) + 1
    plan = []
    for _ in range(epochs):
        order = torch.randperm(count, generator=generator).tolist()
        plan += [order[start : start + batch] for start in range(0, count, batch)]
    return plan[:steps]


def schedule(args: RunArgs, step: int, steps: int) -> float:
    """Give the share of the learning rate at a step (from 0) of so many."""
    warmup = math.ceil(args.warmup * steps)
    if step < warmup:
        return (step + 1) / warmup
    done = (step - warmup) / max(1, steps - warmup)
    if args.schedule == "linear":
        return 1 - done
    return 0.5 * (1 + math.cos(math.pi * done)) if args.schedule == "cosine" else 1.0
