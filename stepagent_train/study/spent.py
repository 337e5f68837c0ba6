"""What a training run took, from its log, and how long a control trains to take as much."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from stepagent_gym.errors import RunError
from stepagent_train.run import LOG, read_config


@dataclass(frozen=True)
class Spent:
    """What a training run took, over all its stages.

    `trained_tokens` went forward and back, a discriminator's among them; `prompt_tokens` were read
    and `completion_tokens` sampled in own episodes and practices.
    """

    optimiser_steps: int
    trained_tokens: int
    prompt_tokens: int
    completion_tokens: int
    environment_steps: int

    def to_json(self) -> dict[str, int]:
        """Give a JSON object with a key for each field."""
        return asdict(self)


def read_spent(run: Path) -> Spent:
    """Add up the log of a run; raises `RunError` where there is none."""
    rows = _read_log(run)
    trained = [row["tokens"] for row in rows if row["step"] > 0]

    def total(name: str) -> int:
        return round(math.fsum(row.get(name, 0) for row in rows if row["step"] == 0))

    return Spent(
        len(trained),
        round(math.fsum(trained)) + total("discriminator_tokens"),
        total("prompt_tokens"),
        total("completion_tokens"),
        total("environment_steps"),
    )


def steps_to_match(budget: Path, like: Path, batch: int | None) -> int:
    """Give the optimiser steps in which fine-tuning takes the trained tokens of another run.

    `like`: a run of fine-tuning on the same samples, whose log says how many tokens they have.
    `batch`: of the fine-tuning that is asked about; by default that run's.  What is exact is an
    epoch; of the last one, only in part trained, the mean is taken.
    """
    config = read_config(like)["config"]
    rows = _read_log(like)
    samples = next(row["experts"] - row["left_out"] for row in rows if "left_out" in row)
    tokens = [row["tokens"] for row in rows if row["step"] > 0]
    epoch = tokens_of_epoch(tokens, samples, config["batch"])
    return steps_for(read_spent(budget).trained_tokens, epoch, samples, batch or config["batch"])


def tokens_of_epoch(tokens: Sequence[float], samples: int, batch: int) -> float:
    """Give the tokens of an epoch from those of steps: of whole epochs where there are some."""
    steps = math.ceil(samples / batch)
    whole = len(tokens) // steps
    if whole:
        return math.fsum(tokens[: whole * steps]) / whole
    return math.fsum(tokens) / (len(tokens) * batch) * samples


def steps_for(tokens: int, epoch: float, samples: int, batch: int) -> int:
    """Give the steps that take so many tokens; an epoch over so many samples takes `epoch`."""
    steps = math.ceil(samples / batch)
    whole, rest = divmod(tokens, epoch)
    step = epoch * batch / samples
    return int(whole) * steps + min(
        range(steps + 1), key=lambda n: abs(min(n * step, epoch) - rest)
    )


def _read_log(run: Path) -> list[dict[str, Any]]:
    try:
        return [orjson.loads(line) for line in (run / LOG).read_bytes().splitlines()]
    except FileNotFoundError:
        raise RunError(f"{run} has no {LOG}; train it again in an empty folder") from None
