"""A training run's folder, its arguments, and what is written once.

    config.json         resolved arguments, hashes of model and data, seeds, versions, commit
    log.jsonl           one line for each optimiser step and each collection of episodes
    stage-NNN/*.jsonl   what a stage was trained on: episodes, and log-probabilities of a reference
    checkpoint.pt       trained weights, optimiser and position; replaced whole
    iteration-N/        the model that stage N - 1 ended with, where the run keeps them
    model/              the trained model with its tokenizer, when the run has ended

A run is a row of stages; each first makes its data (`Run.once`), then trains on it.  A process may
be killed at any moment: `--resume` takes the last checkpoint up, reads what the stage had made, and
goes on to the same weights as an uninterrupted run, bit for bit on a CPU.
"""

import contextlib
import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Literal, Self, TypeVar, get_type_hints

import orjson
import torch
import tyro
from accelerate import Accelerator
from accelerate.utils import gather_object

from harness.runs import git_commit, write_json
from stepagent_gym.errors import RunError, RunLocked
from stepagent_train.model import Precision, Tuning
from stepagent_train.trackers import Tracker, check_wandb, open_trackers

Schedule = Literal["constant", "linear", "cosine"]
Optimiser = Literal["adamw", "rmsprop"]

CONFIG, LOG, CHECKPOINT, MODEL = "config.json", "log.jsonl", "checkpoint.pt", "model"
ITERATION = "iteration-{}"
"""Folder of the model that a stage ended with, counted from 1."""


@dataclass(frozen=True)
class RunArgs:
    """What every method takes."""

    model: Path
    """Folder of the model to begin with."""
    env: str
    """Id of the environment."""
    out: Path
    """Folder of the run."""
    experts: str = "oracle"
    """Expert trajectories: a JSON Lines file, a run folder, or oracle to let the oracle play."""
    expert_reward: float = 0.0
    """Experts with a lower reward are left out."""
    split: str = "train"
    limit: int | None = None
    """Train on the first so many tasks of the split; by default all."""
    data: str | None = None
    """Prepared data by name or path; by default the embedded tasks."""
    set: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """A keyword of the environment, as NAME=VALUE; may be given several times."""
    train_examples: int = 0
    """Worked examples in the prompt that is trained on (never trained themselves)."""
    rollout_examples: int = 1
    """Worked examples in the prompt of own episodes."""
    epochs: int = 1
    steps: int | None = None
    """Optimiser steps of a stage; by default `epochs` passes over its samples."""
    lr: float = 1e-5
    schedule: Schedule = "cosine"
    """How the learning rate falls after the warm-up: not at all, or to 0."""
    warmup: float = 0.03
    """Share of the steps in which the learning rate rises from 0."""
    batch: int = 64
    """Samples (or pairs) an optimiser step, over all processes."""
    micro_batch: int = 8
    """Samples (or pairs) a forward pass; it bears on memory and speed, not on the loss."""
    max_length: int = 4096
    """Samples with more tokens are left out, and counted; nothing is cut."""
    optimiser: Optimiser = "adamw"
    weight_decay: float = 0.0
    max_grad_norm: float = 1.0
    lora_rank: int = 0
    """Rank of adapters on every linear layer; 0 trains all weights."""
    lora_alpha: float = 32.0
    lora_dropout: float = 0.0
    gradient_checkpointing: bool = False
    precision: Precision = "float32"
    """bfloat16: forward passes in bfloat16, over weights that are kept in float32."""
    seed: int = 0
    max_new_tokens: int = 512
    """Longest reply in own episodes."""
    concurrency: int = 32
    """Own episodes at once."""
    save_every: int = 100
    """Optimiser steps between checkpoints; one is also written when a stage ends."""
    keep_iterations: bool = False
    """Keep the model that every stage ended with, in iteration-1, iteration-2, ..."""
    wandb: bool = False
    """Log to Weights & Biases too (extra wandb); a resumed run goes on under its id there."""

    @property
    def tuning(self) -> Tuning:
        """Which weights are trained."""
        return Tuning(
            self.lora_rank, self.lora_alpha, self.lora_dropout, self.gradient_checkpointing
        )

    def check(self) -> None:
        """Raise `UsageError` where arguments contradict each other; asked before a run begins."""

    def stored(self) -> dict[str, Any]:
        """Give the arguments as JSON."""
        return {k: str(v) if isinstance(v, Path) else v for k, v in asdict(self).items()}

    @classmethod
    def from_stored(cls, value: Mapping[str, Any]) -> Self:
        """Read what `stored` gave; `RunError` where the fields are those of another version."""
        hints = get_type_hints(cls)
        names = {field.name for field in fields(cls)}
        if names != value.keys():
            other = ", ".join(sorted(names ^ value.keys()))
            raise RunError(
                f"the run was made by a version whose arguments differ in {other}; "
                "begin it anew in another folder"
            )
        readers: Mapping[Any, Callable[[Any], Any]] = {
            Path: Path,
            Path | None: lambda v: None if v is None else Path(v),
            tuple[str, ...]: tuple,
        }
        return cls(**{k: readers.get(hints[k], lambda v: v)(v) for k, v in value.items()})


T = TypeVar("T")


class Run:
    """An open training run, to which this job alone may write; a context manager.

    `accelerator` says how many processes train together; only the main one writes files.
    """

    def __init__(self, path: Path, accelerator: Accelerator) -> None:
        self.path = path
        self.accelerator = accelerator
        self._lock: BinaryIO | None = None
        self._trackers: list[Tracker] = []
        self._began = time.monotonic()
        self._logged_stages = 0
        self._lines = 0

    @classmethod
    def create(cls, method: str, args: RunArgs, facts: Mapping[str, Any]) -> Self:
        """Begin a run in a folder that holds none; `facts` are hashes and conditions."""
        if args.wandb:
            check_wandb()
        accelerator = join()
        if accelerator.is_main_process:
            if (args.out / CONFIG).exists():
                raise RunError(
                    f"{args.out} already holds a run; continue it with --resume {args.out}, "
                    "or choose another --out"
                )
            args.out.mkdir(parents=True, exist_ok=True)
            names = ("stepagent-gym", "torch", "transformers", "accelerate", "peft")
            header = {
                "method": method,
                "config": args.stored(),
                "facts": dict(facts),
                "processes": accelerator.num_processes,
                "versions": {name: version(name) for name in names},
                "git_commit": git_commit(),
                "wandb_id": secrets.token_hex(4) if args.wandb else None,
            }
            write_json(args.out / CONFIG, header)
        accelerator.wait_for_everyone()
        return cls(args.out, accelerator)

    @classmethod
    def resume(cls, args: RunArgs, facts: Mapping[str, Any]) -> Self:
        """Take a run up; `RunError` where model or data are not those that it began with."""
        accelerator = join()
        stored = read_config(args.out)
        now = {"facts": dict(facts), "processes": accelerator.num_processes}
        for part, value in orjson.loads(orjson.dumps(now)).items():
            if value != stored[part]:
                raise RunError(
                    f"{args.out}: {part} then: {stored[part]}; now: {value}; a run goes on only "
                    "with the model, the data and as many processes as it began with"
                )
        return cls(args.out, accelerator)

    def __enter__(self) -> Self:
        if self.accelerator.is_main_process:
            lock = (self.path / CONFIG).open("rb")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                lock.close()
                raise RunLocked(f"another process trains in {self.path}; wait for it") from None
            self._lock = lock
            try:
                self._trackers = open_trackers(self.path, read_config(self.path))
            except RunError:
                lock.close()
                raise
        return self

    def __exit__(self, *exception: object) -> None:
        for tracker in self._trackers:
            tracker.close(failed=exception[0] is not None)
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        if self.accelerator.num_processes > 1:
            self.accelerator.end_training()

    def once(self, stage: int, name: str, make: Callable[[], Sequence[Any]]) -> list[Any]:
        """Make rows of JSON once, and read them ever after.

        Every process makes its share; the rows come back in the order of the processes.
        """
        path = self.path / f"stage-{stage:03}" / f"{name}.jsonl"
        if not path.exists():
            rows = list(make())
            if self.accelerator.num_processes > 1:
                rows = gather_object(rows)
            if self.accelerator.is_main_process:
                path.parent.mkdir(exist_ok=True)
                replace_file(path, b"".join(orjson.dumps(row) + b"\n" for row in rows))
        self.accelerator.wait_for_everyone()
        return [orjson.loads(line) for line in path.read_bytes().splitlines()]

    def share(self, items: Sequence[T]) -> Sequence[T]:
        """Give the contiguous part of the items that this process deals with."""
        rank, count = self.accelerator.process_index, self.accelerator.num_processes
        bounds = [len(items) * i // count for i in range(count + 1)]
        return items[bounds[rank] : bounds[rank + 1]]

    def log(self, stage: int, step: int, **values: float) -> None:
        """Add a line to the log, in the main process."""
        known = step == 0 and stage < self._logged_stages
        if known or not self.accelerator.is_main_process:
            return
        line = {"stage": stage, "step": step, **values, "seconds": time.monotonic() - self._began}
        with (self.path / LOG).open("ab") as file:
            file.write(orjson.dumps(line) + b"\n")
        self._lines += 1
        for tracker in self._trackers:
            tracker.add(self._lines, {"stage": stage, "step": step, **values})

    def rewind_log(self, stage: int, step: int) -> None:
        """Drop the lines that will be written again after a checkpoint."""
        path = self.path / LOG
        self._logged_stages = stage + (step > 0)
        if not self.accelerator.is_main_process or not path.exists():
            return
        kept = [
            line
            for line in path.read_bytes().splitlines(keepends=True)
            if line.endswith(b"\n") and _precedes(line, stage, step)
        ]
        replace_file(path, b"".join(kept))
        self._lines = len(kept)


def join() -> Accelerator:
    """Join the processes that were launched together; on a machine without GPUs, on its CPU."""
    return Accelerator(mixed_precision="no", cpu=not torch.accelerator.is_available())


def read_config(path: Path) -> dict[str, Any]:
    """Read `config.json` of a training run; `RunError` if there is none."""
    try:
        config: dict[str, Any] = orjson.loads((path / CONFIG).read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError) as error:
        raise RunError(f"{path} holds no training run: {error}") from error
    return config


def hash_files(paths: Iterable[Path]) -> str:
    """Hash the names and contents of files."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{path.name} {content}\n".encode())
    return digest.hexdigest()


def hash_folder(path: Path) -> str:
    """Hash the files that lie in a folder, such as a model's."""
    return hash_files(file for file in path.iterdir() if file.is_file())


def replace_file(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all."""
    with replacing(path) as partial:
        partial.write_bytes(content)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path to write to, which then takes the place of `path`."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield partial
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _precedes(line: bytes, stage: int, step: int) -> bool:
    """Whether a line tells of what a checkpoint holds; a stage before its first is made again."""
    row = orjson.loads(line)
    at: tuple[int, int] = row["stage"], row["step"]
    return at[0] < stage or (step > 0 and at <= (stage, step))
