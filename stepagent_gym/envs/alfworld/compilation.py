"""From a PDDL problem to a game: naming, numbering, grounding the goal."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from stepagent_gym.envs.alfworld.game import Game, Grammar, Group, State
from stepagent_gym.envs.alfworld.goals import Part, ground
from stepagent_gym.envs.alfworld.pddl import Problem
from stepagent_gym.errors import DataCorrupt

_ABILITIES = ("pickupable", "cleanable", "heatable", "coolable", "toggleable", "sliceable")


def compile_game(
    game_id: str,
    problem: Problem,
    *,
    task: str,
    grammar: Grammar,
    sinks: Sequence[str],
    walkthrough: Sequence[str] | None,
) -> Game:
    """Make a game of a problem.

    `game_id`: `<split>/<task>/<trial>`.  `sinks`: the types of receptacle that clean.
    Raises `DataCorrupt` for what the ALFRED domain does not allow.
    """
    facts = _Facts(problem)
    places = facts.functional("receptacleatlocation")
    ids = {name for rows in problem.facts.values() for row in rows for name in row}
    names = demangled(ids)
    receptacles = sorted(places)
    objects = sorted(ids.intersection(problem.objects.get("object", ())))
    locations = sorted(ids.intersection(problem.objects.get("location", ())))
    number = {
        name: index
        for group in (receptacles, objects, locations)
        for index, name in enumerate(group)
    }

    def group(members: Iterable[str]) -> Group:
        return tuple(sorted({number[name] for name in members if name in number}))

    def of_type(predicate: str, *types: str) -> frozenset[int]:
        return frozenset(group(name for kind in types for name in facts.holders(predicate, kind)))

    return Game(
        id=game_id,
        task_type=game_id.split("/")[1].partition("-")[0],
        grammar=grammar,
        task=task,
        receptacles=tuple(names[name] for name in receptacles),
        objects=tuple(names[name] for name in objects),
        locations=tuple(names[name] for name in locations),
        places=tuple(number[places[name]] for name in receptacles),
        openable=frozenset(group(facts.those("openable"))),
        sinks=of_type("receptacletype", *sinks),
        microwaves=of_type("receptacletype", "microwavetype"),
        fridges=of_type("receptacletype", "fridgetype"),
        **{ability: frozenset(group(facts.those(ability))) for ability in _ABILITIES},
        knives=of_type("objecttype", "knifetype", "butterknifetype"),
        fits=tuple(group(facts.homes(name)) for name in objects),
        inner={
            number[name]: group(facts.holders("inreceptacleobject", name))
            for name in sorted(facts.those("isreceptacleobject"))
        },
        goal=_numbered(ground(problem), number),
        start=State(
            at=number[_only(facts.pairs("atlocation"))],
            held=-1,
            contents=tuple(group(facts.holders("inreceptacle", name)) for name in receptacles),
            spots=tuple(group(facts.holders("objectatlocation", name)) for name in locations),
            opened=group(facts.those("opened")),
            clean=group(facts.those("isclean")),
            hot=group(facts.those("ishot")),
            cool=group(facts.those("iscool")),
            sliced=group(facts.those("issliced")),
            on=group(facts.those("istoggled")),
        ),
        walkthrough=None if walkthrough is None else tuple(walkthrough),
    )


def _only(pairs: Sequence[tuple[str, str]]) -> str:
    """Give the location of the only agent."""
    if len(pairs) != 1:
        raise DataCorrupt(f"the agent is in {len(pairs)} places at the start")
    return pairs[0][1]


def demangled(ids: Iterable[str]) -> dict[str, str]:
    """Name ids as the game does: a kind and a number that falls as the sorted ids go on.

    The kind is what stands before the first `_bar_`, with "basin" appended wherever the id has
    that word; an id without `_bar_` keeps itself and a blank.
    """
    kinds = {
        name: name.partition("_bar_")[0] + ("basin" if "basin" in name else "")
        for name in ids
        if "_bar_" in name
    }
    left = Counter(kinds.values())
    names = {name: f"{name} " for name in ids}
    for name in sorted(kinds):
        names[name] = f"{kinds[name]} {left[kinds[name]]}"
        left[kinds[name]] -= 1
    return names


class _Facts:
    """The initial facts of a problem, looked up from both sides."""

    def __init__(self, problem: Problem) -> None:
        self._rows = problem.facts
        self._holders: dict[tuple[str, str], list[str]] = {}
        self._values: dict[tuple[str, str], list[str]] = {}
        for predicate, rows in problem.facts.items():
            for row in rows:
                if len(row) == 2:
                    self._holders.setdefault((predicate, row[1]), []).append(row[0])
                    self._values.setdefault((predicate, row[0]), []).append(row[1])

    def those(self, predicate: str) -> list[str]:
        """List what has a property."""
        return [row[0] for row in self._rows.get(predicate, ()) if len(row) == 1]

    def holders(self, predicate: str, value: str) -> list[str]:
        """List what stands in a relation to a value."""
        return self._holders.get((predicate, value), [])

    def pairs(self, predicate: str) -> list[tuple[str, str]]:
        """List a relation."""
        return [(row[0], row[1]) for row in self._rows.get(predicate, ()) if len(row) == 2]

    def functional(self, predicate: str) -> dict[str, str]:
        """Give a relation in which nothing has two values."""
        values = dict(self.pairs(predicate))
        if len(values) != len(set(self.pairs(predicate))):
            raise DataCorrupt(f"{predicate} gives something two values")
        return values

    def homes(self, thing: str) -> list[str]:
        """List the receptacles that can contain an object."""
        return [
            receptacle
            for kind in self._values.get(("objecttype", thing), ())
            for holder in self._holders.get(("cancontain", kind), ())
            for receptacle in self._holders.get(("receptacletype", holder), ())
        ]


def _numbered(goal: Iterable[Part], number: Mapping[str, int]) -> tuple[Part, ...]:
    """Put numbers for names; a literal about what exists nowhere can not be met, and goes."""
    return tuple(
        tuple(
            tuple((literal[0], *(number[str(name)] for name in literal[1:])) for literal in one)
            for one in part
            if all(name in number for literal in one for name in literal[1:])
        )
        for part in goal
    )
