"""Which rules a `game.tw-pddl` plays by: its domain and its grammar, recognised.

The engine knows the ALFRED text domain in its two grammars.  A file carries both as text, so that
text is compared (comments, case and layout aside) with the ones that are known, and a file with
other rules is refused rather than played wrongly.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from stepagent_gym.envs.alfworld.game import Grammar
from stepagent_gym.envs.alfworld.pddl import normalised
from stepagent_gym.errors import DataCorrupt

BASINS = ("sinkbasintype",)
_SINKS = ("sinktype", *BASINS)
_DOMAINS: Mapping[str, tuple[str, ...]] = {
    "0c42dbe9f67ce247": _SINKS,  # the official games of the old grammar
    "b0b8259a4e11c9f4": BASINS,  # two of them, and the file that ETO ships
    "e733dcfa5154f9d5": _SINKS,  # the official games of the new grammar
    "915e118f4f32b4d8": BASINS,  # alfworld 0.4
}
"""By hash of the domain, the types of receptacle that clean; in all else the domains agree."""

_GRAMMARS: Mapping[str, Grammar] = {
    "01b08e82e84eaab5": "old",
    "ebbfaa254bed54bf": "new",
    "d0ceb176e47b8ecf": "new",  # alfworld 0.4
}
_TASK = re.compile(r'"Your task is to: ((?:[^"\\]|\\.)*)"')


class Rules(NamedTuple):
    """The rules of a game: its grammar, the types of receptacle that clean, its task in words."""

    grammar: Grammar
    sinks: tuple[str, ...]
    task: str


def recognise(game: Mapping[str, Any]) -> Rules:
    """Recognise the rules of a `game.tw-pddl`; raises `DataCorrupt` for any that are not known."""
    try:
        domain, grammar = str(game["pddl_domain"]), str(game["grammar"])
    except KeyError as error:
        raise DataCorrupt(f"it lacks {error}") from None
    task = _TASK.search(grammar)
    if task is None:
        raise DataCorrupt('its grammar has no "Your task is to: ..."')
    sinks = _DOMAINS.get(_digest(normalised(domain)))
    kind = _GRAMMARS.get(
        _digest(" ".join(f"{grammar[: task.start(1)]}{grammar[task.end(1) :]}".split()))
    )
    if sinks is None or kind is None:
        part = "domain" if sinks is None else "grammar"
        raise DataCorrupt(
            f"its {part} is not one that this engine knows; engine='textworld' plays it"
        )
    return Rules(kind, sinks, str(orjson.loads(f'"{task[1]}"')))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
