"""What an environment says, which tasks it has, and where an episode stands."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from stepagent_gym.react import Parsed

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Outcome(NamedTuple):
    """What an environment says after a task began or an action was done.

    `reward`: this step's; the sum over an episode is the benchmark's episode reward.
    `valid`: the action was understood and possible.  `success`, `score`: the benchmark's verdict
    so far.  `info`: the environment's own keys, JSON-able; `task_type` among them gives the
    breakdown of scores.
    """

    observation: str
    reward: float = 0.0
    terminated: bool = False
    valid: bool = True
    success: bool = False
    score: float = 0.0
    info: Mapping[str, Any] = NOTHING


class TaskSet:
    """The tasks of a split in their fixed order, and the identity of the data they are from.

    Environments of the same data and split share one `TaskSet`.
    """

    def __init__(self, ids: Sequence[str], data_name: str, data_hash: str) -> None:
        self.ids = tuple(ids)
        self.data_name = data_name
        self.data_hash = data_hash

    @cached_property
    def members(self) -> frozenset[str]:
        """The ids, for membership."""
        return frozenset(self.ids)

    @cached_property
    def split_hash(self) -> str:
        """A hash of the ids in order (the first 16 hexadecimal digits of a SHA-256)."""
        return hashlib.sha256("\n".join(self.ids).encode()).hexdigest()[:16]


class Episode:
    """Where an episode stands."""

    __slots__ = (
        "actions",
        "digest",
        "done",
        "max_turns",
        "observation",
        "outcome",
        "parsed",
        "seed",
        "task_id",
        "turn",
        "valid",
    )

    def __init__(self, task_id: str, seed: int, max_turns: int, outcome: Outcome) -> None:
        self.task_id = task_id
        self.seed = seed
        self.max_turns = max_turns
        self.turn = 0
        self.done = False
        self.outcome = outcome
        self.observation = outcome.observation
        self.valid = outcome.valid
        self.parsed: Parsed | None = None
        self.actions: list[str | None] = []
        self.digest = hashlib.sha256()
