"""Goals: a PDDL goal ground into the facts that can change.

A goal is a list of parts, a part a list of alternatives, an alternative a list of literals.  A part
is met while all literals of one of its alternatives hold, the goal while all parts are met: the
truth now, not what was once true.  A literal is a name of `CHANGING` and what it is about.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stepagent_gym.envs.alfworld.pddl import Expression, Problem, typed_names
from stepagent_gym.errors import DataCorrupt

Fact = tuple[Any, ...]
Alternative = tuple[Fact, ...]
Part = tuple[Alternative, ...]

CHANGING = {
    "atlocation": "at",
    "inreceptacle": "in",
    "holds": "holds",
    "opened": "open",
    "isclean": "clean",
    "ishot": "hot",
    "iscool": "cool",
    "issliced": "sliced",
    "istoggled": "on",
}
"""The predicates that actions change and goals may name, and what a literal calls them.  A literal
with "not " before it must be false.  The agent is left out of its arguments."""

_UNKNOWN = {"objectatlocation", "holdsany", "checked", "ison"}
_MOST_ALTERNATIVES = 100_000
_MOST_WORK = 2_000_000


def ground(problem: Problem) -> tuple[Part, ...]:
    """Ground the goal of a problem; raises `DataCorrupt` for a goal beyond the ALFRED domain."""
    start = {(predicate, *row) for predicate, rows in problem.facts.items() for row in rows}
    facts = {fact for fact in start if fact[0] not in CHANGING}
    grounder = _Grounder(problem.objects, facts, start)
    goal = problem.goal
    parts = goal[1:] if isinstance(goal, list) and goal[:1] == ["and"] else [goal]
    if not parts:
        raise DataCorrupt("the goal is empty")
    return tuple(tuple(grounder.alternatives(part, {})) for part in parts)


def subgoals(goal: Sequence[Part]) -> list[Part]:
    """List what counts towards the score, as ALFRED's goal-condition success counts it.

    An object's property (clean, hot, cool, sliced) and its place count alone, and together for one
    and the same object; the two places of "put two" count one each; the lit lamp and the held
    object one each.
    """
    return [subgoal for part in goal for subgoal in _subgoals(part)]


class _Grounder:
    """Turns an expression into alternatives, static facts decided at once."""

    def __init__(
        self,
        objects: Mapping[str, Sequence[str]],
        facts: set[tuple[str, ...]],
        start: set[tuple[str, ...]],
    ) -> None:
        self._objects = objects
        self._facts = facts
        self._start = start
        self._known = {"=", *(fact[0] for fact in facts)}
        self._looked_at = 0
        self._agents = set(objects.get("agent", ()))
        self._types: dict[str, list[str]] = {}
        for predicate, *row in facts:
            if predicate in ("objecttype", "receptacletype"):
                self._types.setdefault(row[0], []).append(row[1])

    def alternatives(self, goal: Expression, bound: Mapping[str, str]) -> list[Alternative]:
        """List the ways to meet a goal; an empty alternative is met by the start already."""
        self._count()
        if not isinstance(goal, list) or not goal or not isinstance(goal[0], str):
            raise DataCorrupt("the goal is malformed")
        head, *rest = goal
        if head == "and":
            return self._conjunction(rest, bound)
        if head == "or":
            return [found for part in rest for found in self.alternatives(part, bound)]
        if head in ("exists", "forall") and len(rest) == 2 and isinstance(rest[0], list):
            needed = self._static(rest[1]) if head == "exists" else []
            bindings = self._bindings(list(typed_names(rest[0])), needed, bound)
            each = [self.alternatives(rest[1], names) for names in bindings]
            return _all_of(each) if head == "forall" else [one for found in each for one in found]
        if head == "not" and len(rest) == 1:
            return self._atom(rest[0], bound, negated=True)
        return self._atom(goal, bound, negated=False)

    def _conjunction(
        self, parts: Sequence[Expression], bound: Mapping[str, str]
    ) -> list[Alternative]:
        # Atoms first: most are static, and a false one spares the quantifiers.
        def quantified(part: Expression) -> bool:
            return isinstance(part, list) and part[0] in ("exists", "forall")

        found: list[list[Alternative]] = []
        for part in sorted(parts, key=quantified):
            found.append(self.alternatives(part, bound))
            if not found[-1]:
                return []
        return _all_of(found)

    def _count(self) -> None:
        self._looked_at += 1
        if self._looked_at > _MOST_WORK:
            raise DataCorrupt("the goal ranges over too many combinations of objects")

    def _static(self, body: Expression) -> list[list[str]]:
        """List the facts without which a body has no alternative, whatever the agent does."""
        parts = body[1:] if isinstance(body, list) and body[:1] == ["and"] else [body]
        return [
            [str(name) for name in part]
            for part in parts
            if isinstance(part, list) and part and part[0] in self._known
        ]

    def _bindings(
        self,
        variables: Sequence[tuple[str, str]],
        needed: Sequence[list[str]],
        bound: Mapping[str, str],
    ) -> Iterator[Mapping[str, str]]:
        """Bind variables one after the other, and go no further where a needed fact is false."""
        waiting = {name for name, _ in variables}
        for atom in needed:
            if waiting.isdisjoint(atom) and not self._atom([*atom], bound, negated=False):
                self._count()
                return
        if not variables:
            yield bound
            return
        (name, kind), *others = variables
        left = [atom for atom in needed if not waiting.isdisjoint(atom)]
        for value in self._objects.get(kind, ()):
            yield from self._bindings(others, left, {**bound, name: value})

    def _atom(
        self, atom: Expression, bound: Mapping[str, str], *, negated: bool
    ) -> list[Alternative]:
        if not isinstance(atom, list) or not all(isinstance(part, str) for part in atom):
            raise DataCorrupt("only a single fact can be negated in a goal")
        predicate, *names = (bound.get(str(part), str(part)) for part in atom)
        if predicate in _UNKNOWN:
            raise DataCorrupt(f"a goal about {predicate} is beyond this engine")
        if predicate == "inreceptacle" and not self._may_be_in(*names):
            return [()] if negated else []
        if predicate in CHANGING:
            name = ("not " if negated else "") + CHANGING[predicate]
            return [((name, *(n for n in names if n not in self._agents)),)]
        true = names[0] == names[1] if predicate == "=" else (predicate, *names) in self._facts
        return [()] if true != negated else []

    def _may_be_in(self, thing: str, receptacle: str) -> bool:
        """Whether an object is in a receptacle at the start, or can be put there."""
        if ("inreceptacle", thing, receptacle) in self._start:
            return True
        return ("pickupable", thing) in self._facts and any(
            ("cancontain", holder, kind) in self._facts
            for kind in self._types.get(thing, ())
            for holder in self._types.get(receptacle, ())
        )


def _all_of(found: Sequence[Sequence[Alternative]]) -> list[Alternative]:
    """Combine alternatives, one from each list, without saying a literal twice."""
    combined: list[Alternative] = [()]
    for options in found:
        if len(combined) * len(options) > _MOST_ALTERNATIVES:
            raise DataCorrupt(f"the goal has more than {_MOST_ALTERNATIVES:,} alternatives")
        combined = [tuple(dict.fromkeys(one + two)) for one in combined for two in options]
    return combined


def _subgoals(part: Part) -> Iterator[Part]:
    """Give the sub-goals of one part; the last of them is the whole part."""
    shapes = {tuple(literal[0] for literal in one) for one in part}
    shape = next(iter(shapes), ())
    if len(shapes) == 1 and len(shape) > 1 and "at" not in shape:
        positions = range(1) if shape == ("in", "in") else range(len(shape))
        for position in positions:
            yield tuple(dict.fromkeys((one[position],) for one in part))
    yield part
