"""Invented websites: what each offers, and the pages on which it offers it."""

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from pages import (
    DAYS,
    Field,
    Filled,
    Look,
    Node,
    button,
    draw_choices,
    draw_field,
    draw_select,
    el,
    link_list,
    shown,
)

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
    raw: Mapping[str, Any]

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
        raw=raw,
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
        results_first=rng.random() < 0.4,
        wrappers=rng.randint(0, 3),
        month=rng.choice(VOCABULARY["months"]),
    )
    finders = tuple(make_finder(part, look) for part in raw["finders"])
    forms = tuple(make_form(VOCABULARY["forms"][name], look) for name in raw["forms"])
    return Site(title, kind, split, raw["domain"], raw["subdomain"], look, finders, forms)


def make_items(site: Site, finder: Finder, search: Mapping[str, str]) -> list[Item]:
    """Make what a website finds for a search: with different names, in the website's order."""
    rng = random.Random(f"{SEED} items {site.title} {finder.name} {sorted(search.items())}")
    compact = BUTTON_LIST if site.look.choosing else COMPACT_LIST
    count = rng.randint(*(compact if site.look.compact else WIDE_LIST))
    items: dict[str, Item] = {}
    while len(items) < count:
        name = fill_pattern(finder.raw["names"], finder.raw, rng)
        facets = {facet.label: rng.choice(facet.values) for facet in finder.facets}
        measures = {}
        for measure, (low, high) in finder.raw["measures"].items():
            value = rng.randint(low, high)
            clock = VOCABULARY["measures"][measure]["unit"] == "clock"
            measures[measure] = value - value % 5 if clock else value
        items[name] = Item(name, facets, measures)
    return list(items.values())


def fill_pattern(pattern: str, raw: Mapping[str, Any], rng: random.Random) -> str:
    """Fill the slots of a name, no word twice."""
    used: set[str] = set()

    def pick(match: re.Match[str]) -> str:
        slot = match[1]
        if slot in ("digits", "number"):
            return str(rng.randint(100, 999) if slot == "digits" else rng.randint(2, 98))
        words: Sequence[str] = raw.get(slot) or VOCABULARY["words"][slot]
        word = rng.choice([word for word in words if word not in used])
        used.add(word)
        return word

    return re.sub(r"\{([^}]+)\}", pick, pattern)


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


def draw_page(site: Site, title: str, main: list[Node], filled: Filled) -> Node:
    """Draw a page: header, the given content, footer."""
    look = site.look
    content = el("main", el("h1", title), *main)
    for _ in range(look.wrappers):
        content = el("div", content, class_=f"{look.prefix}-w")
    return el("html", el("body", draw_header(site, filled), content, draw_footer(site)))


def main_entries(site: Site) -> list[str]:
    """Give the links of the header beside the menu: to lists, the account and the help."""
    listed = {finder.path[0] for finder in site.finders if finder.path}
    return [link for link in site.entries() if link in listed or link in ("Account", "Help")]


def draw_header(site: Site, filled: Filled) -> Node:
    """Draw the header: logo, menu, search box, entries."""
    look = site.look
    logo = el("a", el("img", alt=site.title), label=f"{site.title} home", class_=f"{look.prefix}-l")
    logo.attributes["aria_label"] = logo.label
    menu = [finder.name for finder in site.finders if finder.in_menu]
    parts = [logo]
    if menu:
        parts.append(el("nav", link_list(look, menu, "menu")))
    if site.searches_words:
        box = draw_field(Field("Search", "", "text", ()), look, filled)
        sender = button(look, look.searching, "find", "submit")
        parts.append(el("form", box, sender, role="search"))
    parts.append(link_list(look, main_entries(site), "top"))
    parts.append(button(look, "English (EN)"))
    parts.append(button(look, "Sign in"))
    return el("header", *parts, role="banner")


def draw_footer(site: Site) -> Node:
    """Draw the footer: the entries which the header has not, and what every footer has."""
    rng = random.Random(f"{SEED} footer {site.title}")
    links = [link for link in site.entries() if link not in main_entries(site)]
    links += rng.sample(VOCABULARY["footer"], 7)
    rng.shuffle(links)
    half = len(links) // 2
    columns = [link_list(site.look, part, "col") for part in (links[:half], links[half:])]
    social = [
        el("a", el("img", alt=name), label=name, title=name, aria_label=name)
        for name in (f"{site.title} on video", f"{site.title} in pictures")
    ]
    return el("footer", *columns, *social, el("p", f"© {site.title}. Prices include tax."))


def draw_teasers(site: Site, page: str, count: int) -> Node:
    """Draw links to what no task asks for."""
    rng = random.Random(f"{SEED} teasers {site.title} {page}")
    words = rng.sample(VOCABULARY["teasers"], count)
    cards = [el("article", el("a", el("h3", word), label=word)) for word in words]
    return el("section", el("h2", "More from us"), *cards, class_=f"{site.look.prefix}-tea")


def draw_search(site: Site, finder: Finder, filled: Filled) -> Node:
    """Draw the search form of a finder."""
    fields = [draw_field(part, site.look, filled) for part in finder.search]
    sender = button(site.look, "Show results", "go", "submit")
    clear = button(site.look, "Clear form")
    return el("form", *fields, sender, clear, id="finder", class_=f"{site.look.prefix}-form")


def home_page(site: Site, filled: Filled) -> Node:
    """Draw the first page, with the search form of what needs no click before it."""
    parts = [
        draw_search(site, finder, filled)
        for finder in site.finders
        if finder.search and not finder.path
    ]
    return draw_page(site, f"Welcome to {site.title}", [*parts, draw_teasers(site, "", 12)], filled)


def hub_page(site: Site, first: str) -> Node:
    """Draw the page behind the first link of a path, with links to the rest."""
    rng = random.Random(f"{SEED} hub {site.title} {first}")
    links = site.links_after(first) + rng.sample(VOCABULARY["hub"], 6)
    rng.shuffle(links)
    main = [link_list(site.look, links, "hub"), draw_teasers(site, first, 6)]
    return draw_page(site, first, main, Filled())


def search_page(site: Site, finder: Finder, filled: Filled) -> Node:
    """Draw the page of a finder which has a page of its own to search on."""
    main = [draw_search(site, finder, filled), draw_teasers(site, finder.name, 8)]
    return draw_page(site, finder.path[-1], main, filled)


def draw_facet(facet: Field, look: Look, filled: Filled) -> Node:
    """Draw a filter as check boxes, links or buttons."""
    if look.facets == "link":
        entries = []
        for value in facet.values:
            chosen = filled.values.get(facet.label) == value
            link = el("a", shown(value), key=f"{facet.label}:{value}")
            if chosen:
                link.attributes["class"] = f"{look.prefix}-on"
            entries.append(el("li", link))
        return el("div", el("h4", facet.label), el("ul", *entries))
    return draw_choices(facet, look, filled, look.facets)


def draw_card(item: Item, look: Look) -> Node:
    """Draw an item of a list: its name, or a button beside it, leads to its page."""
    key = f"item:{item.name}"
    save = el("button", class_=f"{look.prefix}-sv", type_="button", title=f"Save {item.name}")
    save.label = f"Save {item.name}"
    lines = [el("span", line) for line in describe(item)]
    if look.compact:
        lines = [el("span", " · ".join(describe(item)))]
    if look.choosing:
        chooser = el("button", look.choosing, key=key, type_="button", class_=f"{look.prefix}-ch")
        return el("li", el("h3", item.name), *lines, chooser, save)
    name = el("a", item.name, key=key)
    if look.compact:
        return el("li", name, *lines, save)
    return el("li", el("img", alt=""), el("h3", name), *lines, save)


def sort_orders(finder: Finder) -> list[tuple[str, str]]:
    """Give the orders in which a list can stand, as measure and `min` or `max`."""
    measures = VOCABULARY["measures"]
    return [
        (name, way)
        for name in finder.raw["measures"]
        for way in ("min", "max")
        if way in measures[name]
    ]


def results_page(
    site: Site, finder: Finder, search: Mapping[str, str], items: list[Item], filled: Filled
) -> Node:
    """Draw a list of results for a search, with its filters and its order."""
    look = site.look
    labels = [VOCABULARY["measures"][name][way][1] for name, way in sort_orders(finder)]
    order = draw_select("Sort by", ("Recommended", *labels), filled.values.get("Sort by", ""))
    cards = [draw_card(item, look) for item in items]
    asked = [part.say_value(search[part.label]) for part in finder.search]
    count = el("p", " ".join([str(len(items)), finder.things, *asked]))
    listing = el("section", count, el("div", order), el("ul", *cards, class_=f"{look.prefix}-res"))
    parts = [listing]
    if finder.facets:
        facets = [draw_facet(facet, look, filled) for facet in finder.facets]
        reset = button(look, "Reset filters")
        aside = el("aside", el("h2", "Filters"), *facets, reset, class_=f"{look.prefix}-side")
        parts = [listing, aside] if look.results_first else [aside, listing]
    return draw_page(site, finder.name, parts, filled)


def item_page(site: Site, finder: Finder, item: Item, others: list[Item], filled: Filled) -> Node:
    """Draw the page of an item, with its options and links to others like it."""
    look = site.look
    facts = el("ul", *[el("li", line) for line in describe(item)])
    options = [draw_field(option, look, filled) for option in finder.options]
    order = el("form", *options, button(look, finder.final, "final", "submit"), id="order")
    tabs = [el("button", tab, role="tab", type_="button") for tab in VOCABULARY["tabs"]]
    other = [el("li", el("a", each.name)) for each in others if each is not item][:6]
    related = el("section", el("h2", "You may also like"), el("ul", *other))
    main = [el("img", alt=item.name), facts, order, button(look, "Share"), button(look, "Compare")]
    main += [el("div", *tabs, role="tablist"), related]
    return draw_page(site, item.name, main, filled)


def form_page(site: Site, title: str, fields: Sequence[Field], submit: str, filled: Filled) -> Node:
    """Draw a form with its fields and the button that sends it."""
    look = site.look
    drawn = [draw_field(part, look, filled) for part in fields]
    agree = el("input", type_="checkbox", name="copy", label="Send me a copy")
    agree.attributes["aria_label"] = agree.label
    sender = button(look, submit, "submit", "submit")
    cancel = el("a", "Cancel", class_=f"{look.prefix}-btn")
    form = el("form", *drawn, el("div", agree, el("label", agree.label)), sender, cancel, id="form")
    return draw_page(site, title, [form, draw_teasers(site, title, 6)], filled)
