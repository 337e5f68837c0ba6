"""PDDL problems: read from text, kept as JSON, written back as text.

Only what a problem file holds is needed here (objects, initial facts, a goal); actions are the
engine's own.  Names are lower case throughout, as a PDDL reader takes them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from stepagent_gym.errors import DataCorrupt

Expression = str | list["Expression"]

_TOKEN = re.compile(r";[^\n]*|[()]|[^\s();]+")
_SECTIONS = {":objects", ":init", ":goal"}


@dataclass(frozen=True, slots=True)
class Problem:
    """A PDDL problem.

    `objects`: names by type, in the order of the file.  `facts`: by predicate, the arguments of
    each initial fact; numeric ones are left out, for nothing but plan costs uses them.  `goal`: an
    expression.
    """

    objects: Mapping[str, Sequence[str]]
    facts: Mapping[str, Sequence[Sequence[str]]]
    goal: Expression

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a problem; raises `DataCorrupt` where it is none."""
        expression = parse_expression(text)
        if not isinstance(expression, list) or expression[:1] != ["define"]:
            raise DataCorrupt("a PDDL problem begins with (define")
        sections: dict[str, list[Expression]] = {}
        for part in expression[1:]:
            if isinstance(part, list) and part and isinstance(part[0], str):
                sections[part[0]] = part[1:]
        if missing := sorted(_SECTIONS - sections.keys()):
            raise DataCorrupt(f"the PDDL problem has no {missing[0]}")
        if len(sections[":goal"]) != 1:
            raise DataCorrupt("the PDDL problem has no single goal")
        return cls(_typed(sections[":objects"]), _facts(sections[":init"]), sections[":goal"][0])

    def to_text(self) -> str:
        """Write the problem as PDDL."""
        objects = [f"{name} - {kind}" for kind, names in self.objects.items() for name in names]
        facts = [
            f"({' '.join((predicate, *arguments))})"
            for predicate, rows in self.facts.items()
            for arguments in rows
        ]
        return "\n".join(
            [
                "(define (problem game)",
                "(:domain alfred)",
                "(:objects",
                *objects,
                ")",
                "(:init",
                *facts,
                ")",
                f"(:goal {write_expression(self.goal)})",
                ")\n",
            ]
        )

    def to_json(self) -> dict[str, Any]:
        """Give the problem as JSON; facts name objects by their position."""
        number = {
            name: index
            for index, name in enumerate(name for names in self.objects.values() for name in names)
        }
        return {
            "objects": {kind: list(names) for kind, names in self.objects.items()},
            "facts": {
                predicate: [[number[name] for name in row] for row in rows]
                for predicate, rows in self.facts.items()
            },
            "goal": write_expression(self.goal),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave; raises `DataCorrupt`."""
        try:
            names = [name for names in value["objects"].values() for name in names]
            facts = {
                predicate: [tuple(names[index] for index in row) for row in rows]
                for predicate, rows in value["facts"].items()
            }
            return cls(value["objects"], facts, parse_expression(value["goal"]))
        except (KeyError, TypeError, AttributeError, IndexError) as error:
            raise DataCorrupt(f"this is no PDDL problem: {error!r}") from error


def parse_expression(text: str) -> Expression:
    """Read one parenthesised expression, in time linear in its length; raises `DataCorrupt`."""
    stack: list[list[Expression]] = [[]]
    for token in _tokens(text):
        if token == "(":
            stack.append([])
        elif token == ")":
            if len(stack) == 1:
                raise DataCorrupt("a parenthesis closes that was never opened")
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append(token)
    if len(stack) != 1 or len(stack[0]) != 1:
        raise DataCorrupt("the PDDL is cut off, or holds more than one expression")
    return stack[0][0]


def write_expression(expression: Expression) -> str:
    """Write an expression on one line."""
    if isinstance(expression, str):
        return expression
    return f"({' '.join(map(write_expression, expression))})"


def normalised(text: str) -> str:
    """Give PDDL without comments, case and layout, to compare it by."""
    return " ".join(_tokens(text))


def typed_names(items: Sequence[Expression]) -> Iterator[tuple[str, str]]:
    """Read `a b - t c - u` as (name, type) pairs."""
    waiting: list[str] = []
    tokens = iter(items)
    for token in tokens:
        if not isinstance(token, str):
            raise DataCorrupt("a list of typed names holds an expression")
        if token != "-":
            waiting.append(token)
            continue
        kind = next(tokens, None)
        if not isinstance(kind, str):
            raise DataCorrupt("a list of typed names ends without a type")
        yield from ((name, kind) for name in waiting)
        waiting = []
    if waiting:
        raise DataCorrupt(f"{waiting[0]} has no type")


def _tokens(text: str) -> Iterator[str]:
    return (token for token in _TOKEN.findall(text.lower()) if not token.startswith(";"))


def _typed(items: Sequence[Expression]) -> dict[str, list[str]]:
    objects: dict[str, list[str]] = {}
    for name, kind in typed_names(items):
        objects.setdefault(kind, []).append(name)
    return objects


def _facts(items: Sequence[Expression]) -> dict[str, list[tuple[str, ...]]]:
    facts: dict[str, list[tuple[str, ...]]] = {}
    for item in items:
        if not isinstance(item, list) or not item or not isinstance(item[0], str):
            raise DataCorrupt("an initial fact is no list of names")
        if item[0] == "=":
            continue
        row = tuple(part for part in item[1:] if isinstance(part, str))
        if len(row) != len(item) - 1:
            raise DataCorrupt(f"the initial fact {item[0]} holds an expression")
        facts.setdefault(item[0], []).append(row)
    return facts
