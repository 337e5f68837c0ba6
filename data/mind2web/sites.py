"""Invented websites: how each looks, and what there is to find and to fill in on it."""

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from pages import DAYS, Field, Look, shown

SEED = 20_250_103
VOCABULARY: dict[str, Any] = json.loads(
    (Path(__file__).parent / "vocabulary.json").read_text(encoding="utf-8")
)
UNITS: dict[str, Callable[[int], str]] = {
    "money": lambda value: f"${value // 100}.{value % 100:02}",
    "stars": lambda value: f"{value // 10}.{value % 10} out of 5",
    "clock": lambda value: f"{value // 60:02}:{value % 60:02}",
    "minutes": lambda value: f"{value} min",
    "kilometres": lambda value: f"{value // 10}.{value % 10} km",
    "year": str,
    "square metres": lambda value: f"{value} m²",
    "yearly": lambda value: f"${value:,} a year",
    "monthly": lambda value: f"${value:,} a month",
}
WIDE_LIST, BUTTON_LIST, COMPACT_LIST = (8, 10), (9, 12), (12, 18)
CATALOGUE_LISTS = 3


class Item(NamedTuple):
    """One entry of a list of results."""

    name: str
    facets: dict[str, str]
    measures: dict[str, int]


@dataclass(frozen=True)
class Finder:
    """Something a website lets its users find, choose and order."""

    name: str
    path: tuple[str, ...]
    search: tuple[Field, ...]
    things: str
    thing: str
    facets: tuple[Field, ...]
    options: tuple[Field, ...]
    checkout: tuple[Field, ...]
    final: str
    take: str
    names: str
    styles: tuple[str, ...]
    measures: Mapping[str, tuple[int, int]]

    @property
    def in_menu(self) -> bool:
        """Whether the website's menu and its search box both lead to it."""
        return not self.path and not self.search


@dataclass(frozen=True)
class Form:
    """A form in which a task fills `fields` and leaves `extra` empty."""

    path: tuple[str, ...]
    intro: tuple[str, ...]
    submit: str
    fields: tuple[Field, ...]
    extra: tuple[Field, ...]


@dataclass(frozen=True)
class Site:
    """A website."""

    title: str
    kind: str
    split: str
    domain: str
    subdomain: str
    look: Look
    finders: tuple[Finder, ...]
    forms: tuple[Form, ...]

    @property
    def searches_words(self) -> bool:
        """Whether its header has a search box."""
        return any(finder.in_menu for finder in self.finders)

    def paths(self) -> list[tuple[str, ...]]:
        """Give the links to click on for each thing that does not begin on the first page."""
        paths = [finder.path for finder in self.finders] + [form.path for form in self.forms]
        return [path for path in paths if path]

    def links_after(self, first: str) -> list[str]:
        """Give the second links of all paths that begin with `first`."""
        return [path[1] for path in self.paths() if len(path) > 1 and path[0] == first]

    def entries(self) -> list[str]:
        """Give the first links of all paths."""
        return list(dict.fromkeys(path[0] for path in self.paths()))


def make_field(raw: str | list[Any], look: Look, type_: str = "") -> Field:
    """Read a field of the vocabulary: the name of a common one, or label, words, type, values."""
    written: list[Any] = VOCABULARY["fields"][raw] if isinstance(raw, str) else raw
    label, say, *rest = written
    kind, values = (type_, rest[0]) if len(rest) == 1 else rest
    if kind == "date":
        values = [f"{day} {look.month}" for day in range(1, DAYS + 1)]
    elif isinstance(values, str):
        values = VOCABULARY["words"][values] or [values]
    return Field(label, say, kind, tuple(values))


def make_finder(raw: dict[str, Any], look: Look) -> Finder:
    """Read something to find from the vocabulary."""
    return Finder(
        name=raw["name"],
        path=tuple(raw.get("path", ())),
        search=tuple(make_field(part, look) for part in raw.get("search", ())),
        things=raw["things"],
        thing=raw["thing"],
        facets=tuple(make_field(part, look, "facet") for part in raw["facets"]),
        options=tuple(make_field(part, look, "option") for part in raw["options"]),
        checkout=tuple(make_field(part, look) for part in raw.get("checkout", ())),
        final=raw["final"],
        take=raw["take"],
        names=raw["names"],
        styles=tuple(raw.get("style", ())),
        measures={name: (low, high) for name, (low, high) in raw["measures"].items()},
    )


def make_form(raw: dict[str, Any], look: Look) -> Form:
    """Read a form from the vocabulary."""
    return Form(
        path=tuple(raw["path"]),
        intro=tuple(raw["intro"]),
        submit=raw["submit"],
        fields=tuple(make_field(part, look) for part in raw["fields"]),
        extra=tuple(make_field(part, look) for part in raw["extra"]),
    )


def make_site(title: str, kind: str, split: str) -> Site:
    """Make a website: its kind gives what it offers, its title how it looks."""
    rng = random.Random(f"{SEED} site {title}")
    raw = VOCABULARY["kinds"][kind]
    look = Look(
        prefix=title[:2].lower(),
        facets=rng.choice(("checkbox", "checkbox", "link", "button")),
        options=rng.choice(("select", "button")),
        dates=rng.choice(("select", "calendar")),
        choosing=rng.choice(("", "", "Select", "View details", "Choose")),
        searching=rng.choice(("Go", "Search now", "Find")),
        suggests=rng.random() < 0.3,
        compact=rng.random() < 0.5,
        side_menu=rng.random() < 0.4,
        results_first=rng.random() < 0.4,
        wrappers=rng.randint(0, 3),
        month=rng.choice(VOCABULARY["months"]),
    )
    finders = tuple(make_finder(part, look) for part in raw["finders"])
    forms = tuple(make_form(VOCABULARY["forms"][name], look) for name in raw["forms"])
    return Site(title, kind, split, raw["domain"], raw["subdomain"], look, finders, forms)


def list_length(site: Site, finder: Finder) -> int:
    """Give how many items a list of a finder shows at most."""
    rng = random.Random(f"{SEED} length {site.title} {finder.name}")
    compact = BUTTON_LIST if site.look.choosing else COMPACT_LIST
    return rng.randint(*(compact if site.look.compact else WIDE_LIST))


def make_items(site: Site, finder: Finder, search: Mapping[str, str]) -> list[Item]:
    """Make all that a website has for a search: with different names, in the website's order.

    What can be filtered is more than a list shows, so that lists stay long behind a filter.
    """
    rng = random.Random(f"{SEED} items {site.title} {finder.name} {sorted(search.items())}")
    count = list_length(site, finder) * (CATALOGUE_LISTS if finder.facets else 1)
    items: dict[str, Item] = {}
    while len(items) < count:
        name = make_name(finder, rng)
        facets = {facet.label: rng.choice(facet.values) for facet in finder.facets}
        measures = {}
        for measure, (low, high) in finder.measures.items():
            value = rng.randint(low, high)
            clock = VOCABULARY["measures"][measure]["unit"] == "clock"
            measures[measure] = value - value % 5 if clock else value
        items[name] = Item(name, facets, measures)
    return list(items.values())


def make_name(finder: Finder, rng: random.Random) -> str:
    """Fill the slots of the pattern of a finder's names, no word twice."""
    used: set[str] = set()

    def pick(match: re.Match[str]) -> str:
        slot = match[1]
        if slot in ("digits", "number"):
            return str(rng.randint(100, 999) if slot == "digits" else rng.randint(2, 98))
        words: Sequence[str] = finder.styles if slot == "style" else VOCABULARY["words"][slot]
        word = rng.choice([word for word in words if word not in used])
        used.add(word)
        return word

    return re.sub(r"\{([^}]+)\}", pick, finder.names)


def describe(item: Item) -> list[str]:
    """Give what a list of results says of an item below its name."""
    lines = []
    if item.facets:
        lines.append(" · ".join(shown(value) for value in item.facets.values()))
    facts = []
    for name, value in item.measures.items():
        measure = VOCABULARY["measures"][name]
        facts.append(f"{measure['title']} {UNITS[measure['unit']](value)}")
    return [*lines, " · ".join(facts)]


def sort_orders(finder: Finder) -> list[tuple[str, str]]:
    """Give the orders in which a list can stand, as measure and `min` or `max`."""
    measures = VOCABULARY["measures"]
    return [
        (name, way) for name in finder.measures for way in ("min", "max") if way in measures[name]
    ]
