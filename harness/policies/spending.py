"""What a run spends: tokens from the replies' `usage`, cost from an editable table of prices.

`prices.json` holds dollars for a million tokens by the exact name of the model.  A model that it
does not name has no known cost, and every figure that needs one says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import orjson

from stepagent_gym.errors import BudgetSpent, UsageError
from stepagent_gym.types import Completion

PRICES = Path(__file__).with_name("prices.json")


@dataclass(frozen=True)
class Price:
    """Dollars for a million tokens; `cached` is for prompt tokens the server had seen before."""

    prompt: float
    completion: float
    cached: float | None = None

    def cost(self, tokens: Mapping[str, int]) -> float:
        """Give the dollars that counts of tokens cost (`cached_tokens` are prompt tokens too)."""
        seen_before = min(tokens.get("cached_tokens", 0), tokens["prompt_tokens"])
        cached = self.prompt if self.cached is None else self.cached
        return (
            (tokens["prompt_tokens"] - seen_before) * self.prompt
            + seen_before * cached
            + tokens["completion_tokens"] * self.completion
        ) / 1e6


def read_price(model: str, path: Path | None = None) -> Price | None:
    """Give the price of a model; None where the table does not name it.

    Raises `UsageError` for a table that cannot be read.
    """
    path = path or PRICES
    try:
        table = orjson.loads(path.read_bytes())["models"]
        return Price(**table[model]) if model in table else None
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise UsageError(
            f"{path} is no table of prices ({error}); it holds "
            '{"models": {NAME: {"prompt": 1.0, "completion": 2.0, "cached": 0.5}}}'
        ) from error


@dataclass
class Spending:
    """What was really sent for and paid, tries that failed included."""

    requests: int = 0
    failures: int = 0
    from_cache: int = 0
    without_usage: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0

    def to_json(self) -> dict[str, int]:
        """Give a JSON object with a key for each field."""
        return asdict(self)

    @property
    def tokens(self) -> int:
        """Prompt and completion tokens together."""
        return self.prompt_tokens + self.completion_tokens

    def add(self, usage: Mapping[str, int] | None) -> None:
        """Count a reply."""
        if usage is None:
            self.without_usage += 1
            return
        self.prompt_tokens += usage["prompt_tokens"]
        self.cached_tokens += usage.get("cached_tokens", 0)
        self.completion_tokens += usage["completion_tokens"]


@dataclass
class Meter:
    """Counts what is spent, and stops at the limits (None: no limit).

    `beside`: meters whose spending counts towards the same limits.
    """

    price: Price | None
    max_cost: float | None = None
    max_tokens: int | None = None
    beside: Sequence["Meter"] = ()
    spending: Spending = field(default_factory=Spending)

    def check(self) -> None:
        """Raise `BudgetSpent` where a limit is reached.

        Asked before every request, so that a run goes over a limit by no more than what was in
        flight.
        """
        limited = self.max_cost is not None or self.max_tokens is not None
        if limited and any(meter.spending.without_usage for meter in (self, *self.beside)):
            raise BudgetSpent(
                "the server does not say how many tokens its replies take, "
                "so the run cannot be held to a limit; leave --max-cost and --max-tokens-total out"
            )
        if self.max_tokens is not None and self.total_tokens >= self.max_tokens:
            raise BudgetSpent(
                f"{self.total_tokens:,} tokens are spent of --max-tokens-total "
                f"{self.max_tokens:,}; raise it to go on"
            )
        cost = self.total_cost
        if self.max_cost is not None and cost is not None and cost >= self.max_cost:
            raise BudgetSpent(
                f"${cost:,.4f} are spent of --max-cost {self.max_cost:g}; raise it to go on"
            )

    @property
    def cost(self) -> float | None:
        """Dollars so far; None where the price is unknown."""
        if not self.spending.tokens and not self.spending.without_usage:
            return 0.0
        return None if self.price is None else self.price.cost(self.spending.to_json())

    @property
    def total_cost(self) -> float | None:
        """Dollars, those beside it included."""
        costs = [meter.cost for meter in (self, *self.beside)]
        return None if None in costs else sum(cost for cost in costs if cost is not None)

    @property
    def total_tokens(self) -> int:
        """Tokens, those beside it included."""
        return sum(meter.spending.tokens for meter in (self, *self.beside))


@runtime_checkable
class Metered(Protocol):
    """A policy that knows what it spends."""

    meter: Meter


def usage_of(completions: Iterable[Completion], price: Price | None) -> dict[str, Any] | None:
    """Add up what completions took, whenever and however often they were sent for.

    Gives counts of tokens, `replies`, how many of them were cut (`cut`) and how many state no usage
    (`without_usage`), and `cost` in dollars (None: unknown).  None where no completion states any.
    """
    total = Spending()
    replies = cut = 0
    for completion in completions:
        replies += 1
        cut += completion.finish_reason == "length"
        total.add(completion.usage)
    if total.without_usage == replies:
        return None
    counts = total.to_json()
    names = ("prompt_tokens", "cached_tokens", "completion_tokens", "without_usage")
    known = price is not None and not total.without_usage
    return {
        "replies": replies,
        "cut": cut,
        **{name: counts[name] for name in names},
        "cost": price.cost(counts) if known and price is not None else None,
    }
