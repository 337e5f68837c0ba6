"""Policies from model strings: `oracle`, `random`, `replay/<run folder>`, and models.

A model is `openai/<model>`, `hf/<path>` or `vllm/<path>`; the path of a folder alone means the
last where vLLM and a GPU are there, else the one before.

Adding a kind of model is one file beside this one and one line in `_KINDS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.policies.openai import OpenAIPolicy, resolve_base_url
from harness.policies.sampling import Local, Sampling, Server
from harness.policies.spending import Price, read_price
from harness.policies.transformers import TransformersPolicy
from harness.policies.vllm import VLLMPolicy, has_gpu_and_vllm
from harness.runs import read_trajectories
from stepagent_gym.errors import UsageError
from stepagent_gym.policy import OraclePolicy, Policy, RandomPolicy, ReplayPolicy

__all__ = [
    "Local",
    "Sampling",
    "Server",
    "is_model",
    "make_policy",
    "price_of",
    "resolve_model",
    "server_address",
]


@dataclass(frozen=True)
class _Asked:
    """What a policy is made from; `rest` is what follows the slash of the model string."""

    rest: str
    sampling: Sampling
    server: Server
    local: Local
    seed: int


_KINDS: Mapping[str, Callable[[_Asked], Policy]] = {
    "oracle": lambda asked: OraclePolicy(),
    "random": lambda asked: RandomPolicy(),
    "replay": lambda asked: ReplayPolicy(read_trajectories(Path(asked.rest))),
    "openai": lambda asked: OpenAIPolicy(asked.rest, asked.sampling, asked.server, asked.seed),
    "hf": lambda asked: TransformersPolicy(asked.rest, asked.sampling, asked.local, asked.seed),
    "vllm": lambda asked: VLLMPolicy(asked.rest, asked.sampling, asked.local, asked.seed),
}


def make_policy(
    model: str, sampling: Sampling, server: Server, seed: int = 0, local: Local | None = None
) -> Policy:
    """Make the policy that a model string names; raises `UsageError` for an unknown kind."""
    kind, _, rest = resolve_model(model).partition("/")
    return _KINDS[kind](_Asked(rest, sampling, server, local or Local(), seed))


def resolve_model(model: str) -> str:
    """Give the model string with its kind, which that of a folder lacks.

    Raises `UsageError` for what is neither a kind nor a folder.
    """
    if model.partition("/")[0] in _KINDS:
        return model
    if model and Path(model).expanduser().is_dir():
        return f"vllm/{model}" if has_gpu_and_vllm() else f"hf/{model}"
    raise UsageError(
        f"no model {model!r}; there are oracle, random, replay/<run folder>, openai/<model>, "
        "hf/<path>, vllm/<path> and the path of a folder"
    )


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
