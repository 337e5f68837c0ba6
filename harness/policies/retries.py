"""When to ask a server again: exponential backoff with jitter, and what `Retry-After` says."""

import math
import random
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from stepagent_gym.errors import PolicyError

LONGEST_RETRY_AFTER = 600.0
"""Seconds; a server that wants to be left alone for longer is an error at once."""


class Fault(PolicyError):
    """A request failed in a way that another try may mend; `wait`: seconds the server asked for."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Backoff:
    """The waits between tries, in seconds: first, first x 2, x 4, ... up to longest.

    Each is drawn between half of that and the whole, from a generator of its own seed, so that
    many requests that failed together do not come back together.
    """

    def __init__(self, first: float = 0.5, longest: float = 30.0, *, seed: int = 0) -> None:
        self.first = first
        self.longest = longest
        self._random = random.Random(seed)

    def wait(self, failures: int, asked: float | None) -> float:
        """Give the wait after so many failures; never less than the server asked for."""
        whole = min(self.longest, self.first * 2.0 ** min(failures - 1, 32))
        drawn = whole * self._random.uniform(0.5, 1.0)
        return drawn if asked is None else asked + drawn - whole / 2


def retry_after(headers: Mapping[str, str], now: float | None = None) -> float | None:
    """Read `Retry-After` (seconds or a date) or `retry-after-ms`; None where there is none.

    Seconds from `now` (a Unix time), never negative.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after")
    seconds = _number(text)
    if seconds is not None or text is None:
        return seconds
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, date.timestamp() - (time.time() if now is None else now))


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None
