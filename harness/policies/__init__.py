"""Policies from model strings: `oracle`, `random`, `replay/<run folder>`, and models.

Adding a kind of model is one file beside this one and one line in `_KINDS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.runs import read_trajectories
from stepagent_gym.errors import UsageError
from stepagent_gym.policy import OraclePolicy, Policy, RandomPolicy, ReplayPolicy


@dataclass(frozen=True)
class Sampling:
    """How a model is asked for its replies; scripted policies have no use for it."""

    temperature: float = 0.0
    seed: int = 0


def _replay(path: str, sampling: Sampling) -> Policy:
    return ReplayPolicy(read_trajectories(Path(path)))


_KINDS: Mapping[str, Callable[[str, Sampling], Policy]] = {
    "oracle": lambda rest, sampling: OraclePolicy(),
    "random": lambda rest, sampling: RandomPolicy(),
    "replay": _replay,
}


def make_policy(model: str, sampling: Sampling) -> Policy:
    """Make the policy that a model string names; raises `UsageError` for an unknown kind."""
    kind, _, rest = model.partition("/")
    if kind not in _KINDS:
        raise UsageError(f"no model {model!r}; there are oracle, random and replay/<run folder>")
    return _KINDS[kind](rest, sampling)
