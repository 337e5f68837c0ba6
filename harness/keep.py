"""Which trajectories are kept: a small language, and the filters that the two papers used.

    reward>=0.7
    success==true and turns<=10

An expression is comparisons joined by `and`: a name, one of `>= > <= < == !=`, and a number, `true`
or `false`.  Names are `reward`, `success`, `score` and the metrics of the environment (`turns`,
`invalid_turns`, `em`, ...).  The text is read, never executed.

Published filters are named instead: `ipr` (Xiong et al. 2024, appendix D: WebShop above 0.7, SQL
of reward 1, ALFWorld's gold trajectories) and `stepagent` (Deng et al. 2024: the same, and exact
match for the questions; gold trajectories are those that succeed).
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from stepagent_gym.errors import UsageError
from stepagent_gym.types import Trajectory

_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
_WORDS = {"true": 1.0, "false": 0.0}
_AND = re.compile(r"\band\b")
_COMPARISON = re.compile(
    r"\s*(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*(?P<operator>[<>=!]=|[<>])"
    r"\s*(?P<value>true|false|[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,2})?)\s*",
    re.ASCII,
)
_LONGEST = 1000
OF_EVERY_TRAJECTORY = ("reward", "success", "score", "turns", "invalid_turns")
"""Names that a filter may use in every environment."""

_IPR = {
    "stepagent/WebShop-v0": "reward>0.7",
    "stepagent/ALFWorld-v0": "success==true",
    "stepagent/InterCodeSQL-v0": "reward==1.0",
}
PRESETS: Mapping[str, Mapping[str, str]] = {
    "ipr": _IPR,
    "stepagent": {
        **_IPR,
        "stepagent/ScienceWorld-v0": "success==true",
        "stepagent/Mind2Web-v0": "success==true",
        "stepagent/HotpotQA-v0": "em==1",
        "stepagent/2WikiMultihopQA-v0": "em==1",
        "stepagent/MuSiQue-v0": "em==1",
    },
}
"""Published filters: expressions by environment."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One condition: a named number of a trajectory against a constant."""

    name: str
    operator: str
    value: float

    def holds(self, numbers: Mapping[str, float]) -> bool:
        """Whether the numbers fulfil it; raises `UsageError` where they lack the name."""
        if self.name not in numbers:
            _unknown(self.name, numbers)
        return _OPERATORS[self.operator](numbers[self.name], self.value)


@dataclass(frozen=True, slots=True)
class Keep:
    """A filter: all of its comparisons must hold; without any, every trajectory passes."""

    comparisons: tuple[Comparison, ...] = ()

    def __call__(self, trajectory: Trajectory) -> bool:
        """Whether a trajectory is kept; one that ended in an error never is."""
        if trajectory.status == "error":
            return False
        numbers = {
            **trajectory.metrics,
            "reward": trajectory.reward,
            "success": float(trajectory.success),
            "score": trajectory.score,
        }
        return all(comparison.holds(numbers) for comparison in self.comparisons)

    def check(self, names: Iterable[str]) -> None:
        """Raise `UsageError` where a comparison uses a name that is not among these."""
        known = set(names)
        for comparison in self.comparisons:
            if comparison.name not in known:
                _unknown(comparison.name, known)


def read_keep(text: str, env_id: str) -> Keep:
    """Read an expression, or the name of a published filter; an empty text keeps everything.

    Raises `UsageError` that shows the place where it cannot be read.
    """
    name = text.strip()
    if name in PRESETS:
        preset = PRESETS[name]
        if env_id not in preset:
            raise UsageError(
                f"--keep {name}: that paper has no filter for {env_id}; give an expression, "
                "such as 'reward>=0.7'"
            )
        name = preset[env_id]
    return Keep(_parse(name))


def _parse(text: str) -> tuple[Comparison, ...]:
    if len(text) > _LONGEST:
        raise UsageError(f"--keep: an expression has at most {_LONGEST} characters")
    if not text:
        return ()
    return tuple(_comparison(part) for part in _AND.split(text))


def _comparison(part: str) -> Comparison:
    match = _COMPARISON.fullmatch(part)
    if match is None:
        raise UsageError(
            f"--keep: {part.strip()!r} is no comparison; write a name, one of "
            f"{' '.join(_OPERATORS)}, and a number, true or false, as in 'reward>=0.7 and "
            f"turns<=10', or one of the names {', '.join(PRESETS)}"
        )
    value = match["value"]
    number = _WORDS[value] if value in _WORDS else float(value)
    return Comparison(match["name"], match["operator"], number)


def _unknown(name: str, known: Iterable[str]) -> NoReturn:
    raise UsageError(f"--keep: no number {name!r} here; there are {', '.join(sorted(known))}")
