"""Goals: a PDDL goal ground into sub-goals over the facts that can change.

A sub-goal is a list of alternatives, an alternative a list of literals; it is met while all literals
of one alternative hold.  The game is won while all sub-goals are met: the truth of the goal now,
not its having been true once.

`score` counts sub-goals as ALFRED's goal-condition success does: an object's property (clean, hot,
cool, sliced) and its place count alone, and together for one and the same object; the two places of
"put two" one each; the lit lamp one, the held object one.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from stepagent_gym.envs.alfworld.pddl import Expression, Problem, typed_names
from stepagent_gym.errors import DataCorrupt

Fact = tuple[Any, ...]
Alternative = tuple[Fact, ...]
Subgoal = tuple[Alternative, ...]

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
_MOST = 100_000


def ground(problem: Problem) -> tuple[Subgoal, ...]:
    """Ground the goal of a problem; raises `DataCorrupt` for a goal beyond the ALFRED domain."""
    facts = {
        (predicate, *row)
        for predicate, rows in problem.facts.items()
        if predicate not in CHANGING
        for row in rows
    }
    agents = set(problem.objects.get("agent", ()))
    grounder = _Grounder(problem.objects, facts, agents)
    goal = problem.goal
    parts = goal[1:] if isinstance(goal, list) and goal[:1] == ["and"] else [goal]
    return tuple(
        subgoal for part in parts for subgoal in _subgoals(grounder.alternatives(part, {}))
    )


class _Grounder:
    """Turns an expression into alternatives, static facts decided at once."""

    def __init__(
        self,
        objects: Mapping[str, Sequence[str]],
        facts: set[tuple[str, ...]],
        agents: set[str],
    ) -> None:
        self._objects = objects
        self._facts = facts
        self._agents = agents

    def alternatives(self, goal: Expression, bound: Mapping[str, str]) -> list[Alternative]:
        """List the ways to meet a goal; an empty alternative is met by the start already."""
        if not isinstance(goal, list) or not goal or not isinstance(goal[0], str):
            raise DataCorrupt("the goal is malformed")
        head, *rest = goal
        if head == "and":
            return self._conjunction(rest, bound)
        if head == "or":
            return [found for part in rest for found in self.alternatives(part, bound)]
        if head in ("exists", "forall") and len(rest) == 2 and isinstance(rest[0], list):
            each = [self.alternatives(rest[1], names) for names in self._bindings(rest[0], bound)]
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

    def _bindings(
        self, variables: Sequence[Expression], bound: Mapping[str, str]
    ) -> Iterator[dict[str, str]]:
        typed = list(typed_names(variables))
        for values in product(*(self._objects.get(kind, ()) for _, kind in typed)):
            yield {**bound, **{name: v for (name, _), v in zip(typed, values, strict=True)}}

    def _atom(
        self, atom: Expression, bound: Mapping[str, str], *, negated: bool
    ) -> list[Alternative]:
        if not isinstance(atom, list) or not all(isinstance(part, str) for part in atom):
            raise DataCorrupt("only a single fact can be negated in a goal")
        predicate, *names = (bound.get(str(part), str(part)) for part in atom)
        if predicate in _UNKNOWN:
            raise DataCorrupt(f"a goal about {predicate} is beyond this engine")
        if predicate in CHANGING:
            name = ("not " if negated else "") + CHANGING[predicate]
            return [((name, *(n for n in names if n not in self._agents)),)]
        true = names[0] == names[1] if predicate == "=" else (predicate, *names) in self._facts
        return [()] if true != negated else []


def _all_of(found: Sequence[Sequence[Alternative]]) -> list[Alternative]:
    """Combine alternatives, one from each list, without saying a literal twice."""
    combined: list[Alternative] = [()]
    for options in found:
        if len(combined) * len(options) > _MOST:
            raise DataCorrupt(f"the goal has more than {_MOST:,} alternatives")
        combined = [tuple(dict.fromkeys(one + two)) for one in combined for two in options]
    return combined


def _subgoals(alternatives: list[Alternative]) -> Iterator[Subgoal]:
    """Give the sub-goals of one part of the goal; the last of them is the whole part."""
    kinds = [tuple(literal[0] for literal in one) for one in alternatives]
    whole = tuple(alternatives)
    if not alternatives or len(set(kinds)) > 1 or len(kinds[0]) == 1 or "at" in kinds[0]:
        yield whole
    elif kinds[0] == ("in", "in"):
        yield tuple(dict.fromkeys((one[0],) for one in alternatives))
        yield whole
    else:
        for position in range(len(kinds[0])):
            yield tuple(dict.fromkeys((one[position],) for one in alternatives))
        yield whole
