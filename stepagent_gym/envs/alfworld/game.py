"""A game: everything that its problem says, numbered and ready to be played.

Objects, receptacles and locations are numbered in the order of their PDDL ids, which is the order
in which the reference engine lists them; the numbers in their names run the other way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Literal, NamedTuple, Self, get_args

from stepagent_gym.envs.alfworld.goals import Part, subgoals
from stepagent_gym.errors import DataCorrupt

TaskType = Literal[
    "pick_and_place_simple",
    "look_at_obj_in_light",
    "pick_clean_then_place_in_recep",
    "pick_heat_then_place_in_recep",
    "pick_cool_then_place_in_recep",
    "pick_two_obj_and_place",
]
TASK_TYPES: tuple[TaskType, ...] = get_args(TaskType)

SETS = (
    "openable",
    "sinks",
    "microwaves",
    "fridges",
    "pickupable",
    "cleanable",
    "heatable",
    "coolable",
    "toggleable",
    "sliceable",
    "knives",
)
"""The fields of a game that are sets."""

Grammar = Literal["old", "new"]
Group = tuple[int, ...]


class State(NamedTuple):
    """Where a game stands; immutable, so a copy of it is the state itself.

    `at`: a location.  `held`: an object, or -1.  `contents`: the objects in each receptacle.
    `spots`: the objects that count to each location.  `taken`: (object, receptacle) pairs that a
    taking has ended and no putting has renewed; `look` tells of them.  `opened`, `seen`:
    receptacles (`seen`: their contents have been shown).  The rest are objects.  All ascending.
    """

    at: int
    held: int
    contents: tuple[Group, ...]
    spots: tuple[Group, ...]
    taken: tuple[tuple[int, int], ...] = ()
    opened: Group = ()
    seen: Group = ()
    clean: Group = ()
    hot: Group = ()
    cool: Group = ()
    sliced: Group = ()
    on: Group = ()

    def to_json(self) -> list[Any]:
        """Give the state as JSON."""
        return list(self)

    @classmethod
    def from_json(cls, value: Sequence[Any]) -> "State":
        """Read what `to_json` gave."""
        at, held, contents, spots, taken, *groups = value
        rows = (tuple(map(tuple, part)) for part in (contents, spots, taken))
        return cls(at, held, *rows, *map(tuple, groups))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Game:
    """A game of one task.

    `id`: `<split>/<task>/<trial>`.  `grammar`: the one of its file.  `task`: the words of the task.
    `receptacles`, `objects`, `locations`: their names.  `places`: the location of each receptacle.
    `fits`: the receptacles into which each object may be put.  `inner`: what lies in each object
    that holds others, which never changes.  The sets name the receptacles or objects that have the
    property.  `goal`: see `goals`; its literals name numbers.  `walkthrough`: commands of the new
    grammar that win, or None.
    """

    id: str
    task_type: str
    grammar: Grammar
    task: str
    receptacles: tuple[str, ...]
    objects: tuple[str, ...]
    locations: tuple[str, ...]
    places: Group
    openable: frozenset[int]
    sinks: frozenset[int]
    microwaves: frozenset[int]
    fridges: frozenset[int]
    pickupable: frozenset[int]
    cleanable: frozenset[int]
    heatable: frozenset[int]
    coolable: frozenset[int]
    toggleable: frozenset[int]
    sliceable: frozenset[int]
    knives: frozenset[int]
    fits: tuple[Group, ...]
    inner: Mapping[int, Group]
    goal: tuple[Part, ...]
    start: State
    walkthrough: tuple[str, ...] | None

    @cached_property
    def receptacles_at(self) -> tuple[Group, ...]:
        """The receptacles of each location."""
        rows: list[list[int]] = [[] for _ in self.locations]
        for receptacle, place in enumerate(self.places):
            rows[place].append(receptacle)
        return tuple(map(tuple, rows))

    @cached_property
    def subgoals(self) -> list[Part]:
        """What counts towards the score."""
        return subgoals(self.goal)

    def to_json(self) -> dict[str, Any]:
        """Give the game as JSON."""
        value = {field.name: getattr(self, field.name) for field in fields(self)}
        for name in SETS:
            value[name] = sorted(value[name])
        value["inner"] = list(self.inner.items())
        value["start"] = self.start.to_json()
        return value

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave; raises `DataCorrupt`."""
        try:
            given = dict(value)
            for name in ("receptacles", "objects", "locations", "places"):
                given[name] = tuple(given[name])
            for name in SETS:
                given[name] = frozenset(given[name])
            given["fits"] = tuple(map(tuple, given["fits"]))
            given["inner"] = {outer: tuple(inner) for outer, inner in given["inner"]}
            given["goal"] = tuple(
                tuple(tuple(map(tuple, one)) for one in part) for part in given["goal"]
            )
            given["start"] = State.from_json(given["start"])
            if given["walkthrough"] is not None:
                given["walkthrough"] = tuple(given["walkthrough"])
            return cls(**given)
        except (KeyError, TypeError, ValueError) as error:
            raise DataCorrupt(
                f"a stored game is malformed ({error!r}); prepare the data again"
            ) from error
