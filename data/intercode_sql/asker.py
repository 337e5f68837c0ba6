"""The asker: what templates of questions draw their columns, tests and wordings from.

A template's wordings stand in `vocabulary.json` under its name.  A template that finds nothing
to ask of the world raises `NothingToAsk`.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from queries import Column, Condition, Link, Query, Table, Term, Value, World

Item = TypeVar("Item")
Test = tuple[Condition, str]

ORDERED = ("number", "year", "date")
NUMBERS = ("number",)
CHOICES = ("choice",)
CALLS = {"AVG": "average", "SUM": "total"}
CLAUSES = ("whose ", "that ", "who ")
NEGATIONS = ("not ", "without ")


class NothingToAsk(Exception):
    """The world has not what a template asks about."""


@dataclass(frozen=True)
class Draft:
    """A question, not yet tried, and the template it came from."""

    template: str
    text: str
    query: Query


def literal(value: object, column: Column) -> str:
    """Write a value in SQL."""
    if column.is_text:
        return "'" + str(value).replace("'", "''") + "'"
    return shown(value)


def shown(value: object) -> str:
    """Write a value in English."""
    return str(value).removesuffix(".0")


def term(table: Table, column: Column, call: str = "") -> Term:
    """Name a column of a table, or an aggregate of it."""
    return Term(table.name, column.name, call)


def both(one: str, other: str, word: str = "and") -> str:
    """Join the words for two tests of a row, a negated one and relative clauses last."""
    clauses = one.startswith(CLAUSES), other.startswith(CLAUSES)
    negated = one.startswith(NEGATIONS) and not other.startswith(NEGATIONS)
    if clauses == (True, False) or (negated and clauses == (False, False)):
        one, other = other, one
    runs_on = word == "and" and clauses[0] != clauses[1]
    return f"{one} {other}" if runs_on else f"{one} {word} {other}"


def placed(phrase: str, place: str) -> str:
    """Join the words for a test of a row with those for where it belongs."""
    apart = phrase.startswith((*CLAUSES, *NEGATIONS))
    return f"{phrase} and {'that are ' if apart else ''}{place}"


class Asker:
    """What templates draw from: a world, chance, and the wordings."""

    def __init__(self, world: World, rng: random.Random, wordings: dict[str, list[str]]) -> None:
        self.world, self.rng, self.wordings = world, rng, wordings

    def any(self, items: Sequence[Item]) -> Item:
        """Draw one of some things."""
        if not items:
            raise NothingToAsk
        return self.rng.choice(items)

    def table(self, *makes: str) -> Table:
        """Draw a table that has columns of all these kinds."""
        return self.any(
            [
                table
                for table in self.world.tables
                if all(any(column.make == make for column in table.columns) for make in makes)
            ]
        )

    def column(self, table: Table, makes: Sequence[str], full: bool = True) -> Column:
        """Draw a column of one of some kinds; a `full` one holds no NULL."""
        return self.any(
            [
                column
                for column in table.columns
                if column.make in makes and not (full and column.nulls)
            ]
        )

    def name(self, table: Table) -> Column:
        """Give a table's name."""
        return self.column(table, ("name",))

    def link(self, named: bool = False) -> Link:
        """Draw a foreign key whose parent, and if told also whose child, has a name."""
        tables = [
            table for table in self.world.tables if any(c.make == "name" for c in table.columns)
        ]
        return self.any(
            [
                link
                for link in self.world.links()
                if link.parent in tables and (link.child in tables or not named)
            ]
        )

    def limit(self, table: Table, column: Column) -> Value:
        """Draw one of a column's middle values."""
        values = sorted(self.world.values(table, column))
        value: Value = self.any(values[len(values) // 5 : -len(values) // 5])
        return value

    def ordered_test(self, table: Table, column: Column) -> Test:
        """Draw a test of something that has an order."""
        here = term(table, column)
        form = self.rng.choice(("over", "over", "under", "under", "between"))
        if form == "between":
            values = sorted(set(self.world.values(table, column)))
            sixth = len(values) // 6
            low = self.any(values[sixth : 3 * sixth])
            high = self.any(values[3 * sixth : 5 * sixth])
            test = f"{literal(low, column)} AND {literal(high, column)}"
            phrase = column.say(column.between, shown(low), shown(high))
            return Condition(here, "BETWEEN", test), phrase
        value = self.limit(table, column)
        phrase = column.say(getattr(column, form), shown(value))
        sign = ">" if form == "over" else "<"
        return Condition(here, sign, literal(value, column)), phrase

    def test(self, table: Table, *avoid: Column) -> Test:
        """Draw a test of a column, with the words for it."""
        column = self.any(
            [c for c in table.columns if c.make in (*ORDERED, *CHOICES) and c not in avoid]
        )
        here = term(table, column)
        if column.nulls and self.rng.random() < 0.3:
            return Condition(here, "IS NULL"), f"whose {column.noun} is unknown"
        if column.make in ORDERED:
            return self.ordered_test(table, column)
        value = self.any(self.world.values(table, column))
        phrase = column.holds.format(value)
        if self.rng.random() < 0.2 and not column.nulls:
            negated = f"without {phrase[5:]}" if phrase.startswith("with ") else f"not {phrase}"
            return Condition(here, "!=", literal(value, column)), negated
        return Condition(here, "=", literal(value, column)), phrase

    def parent_test(self, link: Link) -> Test:
        """Draw a test of a link's parent, worded as where its children belong."""
        if self.rng.random() < 0.5:
            name = self.name(link.parent)
            values = self.world.values(link.parent, name)
            value = self.any([value for value in values if values.count(value) == 1])
            condition = Condition(term(link.parent, name), "=", literal(value, name))
            return condition, f"{link.column.by} {value}"
        condition, phrase = self.test(link.parent)
        return condition, f"{link.column.by} {link.parent.many} {phrase}"

    def draft(self, template: str, query: Query, table: Table, **fills: object) -> Draft:
        """Word a question about a table."""
        name = next((column for column in table.columns if column.make == "name"), None)
        words: dict[str, object] = {"one": table.one, "many": table.many}
        pronouns = ("their", "them", "they are") if table.person else ("its", "it", "it is")
        words |= dict(zip(("its", "it", "it_is"), pronouns, strict=True))
        if name:
            words |= {"name": name.noun, "names": name.plural}
        words |= fills
        text = self.rng.choice(self.wordings[template]).format(**words)
        return Draft(template, text[0].upper() + text[1:], query)

    def aggregate(self, table: Table) -> tuple[Column, Term, str]:
        """Draw an aggregate of a column, and the adjective for it."""
        column = self.column(table, ORDERED, full=False)
        calls = ["MAX", "MIN"]
        calls += ["AVG", "AVG"] if column.make == "number" else []
        calls += ["SUM", "SUM"] if column.adds else []
        call = self.rng.choice(calls)
        adjective = CALLS.get(call) or column.span[call == "MIN"]
        return column, term(table, column, call), adjective


def direction(ask: Asker, column: Column) -> tuple[str, str]:
    """Draw a way to sort, and the words for it."""
    if ask.rng.random() < 0.5:
        return "DESC", f"from the {column.span[0]} to the {column.span[1]}"
    return "ASC", f"from the {column.span[1]} to the {column.span[0]}"


def extreme(ask: Asker, column: Column) -> tuple[str, str]:
    """Draw the end of a column that a question asks for: a way to sort, and words."""
    if ask.rng.random() < 0.55:
        return "DESC", column.say(column.top)
    return "ASC", column.say(column.bottom)
