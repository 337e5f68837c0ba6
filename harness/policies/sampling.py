"""How models are asked: what bears on their replies (`Sampling`), and what does not.

`Server` is for models behind an address, `Local` for those in this process.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stepagent_gym.errors import UsageError


@dataclass(frozen=True)
class Sampling:
    """What replies depend on; recorded with a run, and fixed for it."""

    temperature: float | None = 0.0
    """None leaves it to the server; it is 1 for a local model."""
    top_p: float | None = None
    """The share of the likeliest tokens that are drawn from; by default the server's, or all."""
    max_tokens: int | None = 1024
    """Tokens of a reply at most; None leaves it to the server, or to the model's context."""
    max_tokens_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    """What the server calls it; OpenAI's reasoning models want the second."""
    stop: tuple[str, ...] = ("\nObservation:",)
    """Texts that end a reply; \\n stands for a line break."""
    logprobs: bool = False
    """Ask a server for the log-probabilities of the tokens, and keep them in the records; local
    models always give them."""
    token_ids: bool = False
    """Ask a server for the ids of the tokens (vLLM's has them), and keep them in the records; local
    models always give them."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Precision of a local model; by default its own, and float32 for hf/<path> on a CPU."""
    context: int | None = None
    """Tokens of a chat and its reply at most, for a local model; by default the model's own."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "stop", tuple(text.replace("\\n", "\n") for text in self.stop))
        if self.max_tokens is not None and self.max_tokens < 1:
            raise UsageError("max_tokens is at least 1")
        if self.context is not None and self.context < 2:
            raise UsageError("context is at least 2")
        if self.temperature is not None and self.temperature < 0:
            raise UsageError("temperature is not negative")
        if self.top_p is not None and not 0 < self.top_p <= 1:
            raise UsageError("top_p is more than 0 and at most 1")


@dataclass(frozen=True)
class Server:
    """Where a model is served and how patiently it is asked; changes no result."""

    base_url: str | None = None
    """Address of an OpenAI-compatible server; by default OPENAI_BASE_URL, else OpenAI's."""
    api_key_env: str = "OPENAI_API_KEY"
    """The environment variable that holds the key."""
    requests: int = 256
    """Requests at once."""
    timeout: float = 120.0
    """Seconds for a whole reply."""
    retries: int = 8
    """Tries after the first, for faults that may pass."""
    backoff: float = 0.5
    """Seconds before the second try; doubled for each further one, up to 30."""
    max_cost: float | None = None
    """End the run when it has cost so many dollars; it can be resumed."""
    max_tokens_total: int | None = None
    """End the run when it has taken so many tokens; it can be resumed."""
    prices: Path | None = None
    """A table of prices; by default the one that ships."""
    cache: str = "off"
    """A file of replies by request, made where it is missing, or off."""
    cache_sampled: bool = False
    """Use the cache at other temperatures than 0 as well."""

    def __post_init__(self) -> None:
        if self.requests < 1 or self.retries < 0 or self.timeout <= 0 or self.backoff < 0:
            raise UsageError(
                "requests is at least 1, timeout positive, retries and backoff not < 0"
            )


@dataclass(frozen=True)
class Local:
    """How a model in this process is run (hf/<path>, vllm/<path>); rounding aside, no result."""

    device: str = "auto"
    """cuda, cuda:1, mps or cpu; by default the first of them that there is."""
    batch_size: int = 64
    """Replies that are generated at once."""
    prefix_cache: float = 2.0
    """GiB of keys and values of earlier prompts that hf/<path> keeps for the next turn; 0: none."""
    gpu_memory: float = 0.9
    """The share of the device's memory that vllm/<path> takes."""
    eager: bool = False
    """vllm/<path>: compile nothing, which starts sooner and runs slower."""

    def __post_init__(self) -> None:
        if self.batch_size < 1 or self.prefix_cache < 0 or not 0 < self.gpu_memory <= 1:
            raise UsageError(
                "batch_size is at least 1, prefix_cache not negative, gpu_memory from 0 to 1"
            )
