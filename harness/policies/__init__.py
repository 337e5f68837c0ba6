"""Policies from model strings: `oracle`, `random`, `replay/<run folder>`, and models.

Adding a kind of model is one file beside this one and one line in `_KINDS`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from harness.policies.openai import OpenAIPolicy, resolve_base_url
from harness.policies.sampling import Sampling, Server
from harness.policies.spending import Price, read_price
from harness.runs import read_trajectories
from stepagent_gym.errors import UsageError
from stepagent_gym.policy import OraclePolicy, Policy, RandomPolicy, ReplayPolicy

__all__ = ["Sampling", "Server", "is_model", "make_policy", "price_of", "server_address"]


def _replay(path: str, sampling: Sampling, server: Server, seed: int) -> Policy:
    return ReplayPolicy(read_trajectories(Path(path)))


_KINDS: Mapping[str, Callable[[str, Sampling, Server, int], Policy]] = {
    "oracle": lambda rest, sampling, server, seed: OraclePolicy(),
    "random": lambda rest, sampling, server, seed: RandomPolicy(),
    "replay": _replay,
    "openai": OpenAIPolicy,
}


def make_policy(model: str, sampling: Sampling, server: Server, seed: int = 0) -> Policy:
    """Make the policy that a model string names; raises `UsageError` for an unknown kind."""
    kind, _, rest = model.partition("/")
    if kind not in _KINDS:
        raise UsageError(
            f"no model {model!r}; there are oracle, random, replay/<run folder> and openai/<model>"
        )
    return _KINDS[kind](rest, sampling, server, seed)


def is_model(model: str) -> bool:
    """Whether a model string names a model, and no scripted policy."""
    return model.partition("/")[0] not in ("oracle", "random", "replay")


def server_address(model: str, server: Server) -> str | None:
    """Give the address that a model is asked at; None for one that is on no server."""
    return resolve_base_url(server.base_url) if model.startswith("openai/") else server.base_url


def price_of(model: str, server: Server) -> Price | None:
    """Give the price of a model on a server; None where there is none, or it is unknown."""
    kind, _, name = model.partition("/")
    return read_price(name, server.prices) if kind == "openai" else None
