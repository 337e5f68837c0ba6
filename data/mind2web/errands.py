"""Tasks on a website: what is asked for, in which words, and the actions that do it."""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from layout import form_page, home_page, hub_page, item_page, results_page, search_page
from pages import Field, Filled, Node
from recorder import Recorder, cost
from sites import VOCABULARY, Finder, Form, Item, Site, list_length, make_items, sort_orders

LENGTHS = (3, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10)
FEWEST_LEFT = 3
SEARCH_BOX = Field("Search", "", "text", ())
SORTING = Field("Sort by", "", "select", ())


class Task(NamedTuple):
    """A task: its text, and its actions as they were recorded."""

    text: str
    actions: list[dict[str, Any]]
    reprs: list[str]


class Choice(NamedTuple):
    """The item meant: the first of a sorted list, the best by a word for it, or else by name."""

    item: Item
    first: bool = False
    best: str = ""


@dataclass
class Errand:
    """What a task asks to find, choose and order."""

    site: Site
    finder: Finder
    by_search: bool
    search: dict[str, str]
    facets: dict[str, str] = field(default_factory=dict)
    order: tuple[str, str] | None = None
    options: dict[str, str] = field(default_factory=dict)
    checkout: dict[str, str] = field(default_factory=dict)

    def found(self) -> list[Item]:
        """Give the items that are left by the filters, in the order asked for."""
        items = make_items(self.site, self.finder, self.search)
        for label, value in self.facets.items():
            items = [item for item in items if item.facets[label] == value]
        return ranked(items, self.order) if self.order else items

    def listed(self) -> list[Item]:
        """Give those of the items found which the list of results shows."""
        return self.found()[: list_length(self.site, self.finder)]


def ranked(items: list[Item], order: tuple[str, str]) -> list[Item]:
    """Sort items by a measure, from the best by `min` or `max`."""
    measure, way = order
    return sorted(items, key=lambda item: item.measures[measure], reverse=way == "max")


def draw_value(part: Field, rng: random.Random, taken: Mapping[str, str]) -> str:
    """Draw a value for a field, other than those of the fields before it."""
    match part.values:
        case ("email",):
            name = rng.choice(VOCABULARY["words"]["last name"]).lower()
            return f"{name}{rng.randint(1, 99)}@mail.example"
        case ("phone",):
            return f"555 01{rng.randint(10, 99)}"
        case ("postcode",):
            return str(rng.randint(10_000, 99_999))
        case ("order number",):
            return f"K{rng.randint(100_000, 999_999)}"
        case ("card number",):
            return str(rng.randint(10_000_000, 99_999_999))
    return rng.choice([value for value in part.values if value not in taken.values()])


def draw_values(parts: Sequence[Field], rng: random.Random) -> dict[str, str]:
    """Draw values for fields, all different."""
    values: dict[str, str] = {}
    for part in parts:
        values[part.label] = draw_value(part, rng, values)
    return values


def plan(site: Site, finder: Finder, rng: random.Random) -> Errand:
    """Choose what a task asks for, in about as many actions as it is to have."""
    by_search = finder.in_menu and rng.random() < 0.6
    errand = Errand(site, finder, by_search, draw_values(finder.search, rng))
    room = rng.choice(LENGTHS) - len(finder.path) - sum(cost(part, site) for part in finder.search)
    room -= 2 + bool(finder.search) + (1 + by_search if finder.in_menu else 0)
    bill = len(finder.checkout) + 1
    if finder.checkout and bill <= room and rng.random() < 0.4:
        errand.checkout = draw_values(finder.checkout, rng)
        room -= bill
    extras = [*finder.facets, *finder.options]
    extras += [SORTING] if rng.random() < 0.45 else []
    rng.shuffle(extras)
    wanted = []
    for part in extras:
        price = cost(part, site) if part in finder.options else 1
        if price <= room:
            wanted.append(part)
            room -= price
    for facet in finder.facets:
        if facet in wanted:
            add_facet(errand, facet, rng)
    errand.options = draw_values([part for part in finder.options if part in wanted], rng)
    if SORTING in wanted:
        errand.order = rng.choice(sort_orders(finder))
    return errand


def add_facet(errand: Errand, facet: Field, rng: random.Random) -> None:
    """Ask for a value of a filter which leaves several items; for none if there is no such."""
    found = [item.facets[facet.label] for item in errand.found()]
    values = [value for value in facet.values if FEWEST_LEFT <= found.count(value) < len(found)]
    if values:
        errand.facets[facet.label] = rng.choice(values)


def choose(errand: Errand, rng: random.Random) -> Choice:
    """Choose the item meant and how it is spoken of."""
    items = errand.listed()
    if errand.order:
        values = [item.measures[errand.order[0]] for item in items]
        if values.count(values[0]) == 1 and rng.random() < 0.6:
            return Choice(items[0], first=True)
    elif rng.random() < 0.7:
        outstanding = [Choice(first, best=word) for first, word in find_best(errand)]
        if outstanding:
            return rng.choice(outstanding)
    return Choice(rng.choice(items))


def find_best(errand: Errand) -> list[tuple[Item, str]]:
    """Give the listed items which one word tells from all that were found, each with the word."""
    listed, best = errand.listed(), []
    for measure, way in sort_orders(errand.finder):
        first, *rest = ranked(errand.found(), (measure, way))
        alone = all(item.measures[measure] != first.measures[measure] for item in rest)
        if alone and first in listed:
            best.append((first, VOCABULARY["measures"][measure][way][0]))
    return best


def say(parts: Sequence[Field], values: Mapping[str, str]) -> list[str]:
    """Put the values of fields into words."""
    return [part.say_value(values[part.label]) for part in parts if part.label in values]


def join(parts: Sequence[str]) -> str:
    """Join parts of a sentence by commas and an `and`."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def join_path(path: Sequence[str], rng: random.Random) -> str:
    """Put the links of a path into words."""
    linking = rng.choice((", then ", " and from there "))
    return linking.join(f'"{link}"' for link in path)


def say_start(errand: Errand, rng: random.Random) -> str:
    """Say where to begin, by the search box, the menu, a path or the form on the first page."""
    finder = errand.finder
    searched = " ".join([finder.things, *say(finder.search, errand.search)])
    if errand.by_search:
        starts = ('Search for "{}"', 'Use the search box to look for "{}"')
        return rng.choice((*starts, 'Type "{}" into the search')).format(searched)
    if finder.in_menu:
        starts = ("Go to the section {} to see the {}", "Open {} in the menu to get the {}")
        return rng.choice((*starts, "Use the menu entry {} for {}")).format(finder.name, searched)
    if finder.path:
        place = join_path(finder.path, rng)
        if finder.search:
            return rng.choice((f"under {place}, look for", f"use {place} to find")) + f" {searched}"
        opening = rng.choice((f"open {place} to see the", f"go to {place} for the"))
        return f"{opening} {searched}"
    return f"{rng.choice(('Find', 'Look for', 'Search for', 'Show me'))} {searched}"


def say_steps(errand: Errand, choice: Choice, rng: random.Random) -> list[str]:
    """Put the way to the item and what to do with it into sentences, step after step."""
    finder = errand.finder
    steps = [say_start(errand, rng)]
    narrowed = " and ".join(say(finder.facets, errand.facets))
    if narrowed:
        filtering = ("filter for those {}", "narrow the list to those {}", "keep only those {}")
        steps.append(rng.choice(filtering).format(narrowed))
    if errand.order:
        measure, way = errand.order
        steps.append(f"sort them by {VOCABULARY['measures'][measure][way][2]}")
    which = f"the {choice.best} one" if choice.best else f'"{choice.item.name}"'
    if choice.first:
        which = "the first one in the list"
    steps.append(f"{rng.choice(('open', 'pick', 'choose', 'take'))} {which}")
    details = " and ".join(say(finder.options, errand.options))
    steps.append(f"{finder.take} {details}".strip())
    cut = rng.randint(1, len(steps) - 1)
    if rng.random() < 0.5 and len(steps) > 2:
        return [join(steps[:cut]), join(steps[cut:])]
    return [join(steps)]


def say_goal(errand: Errand, choice: Choice, rng: random.Random) -> str:
    """Put what is wanted into one sentence, and only then how to find it."""
    finder = errand.finder
    searched = say(finder.search, errand.search)
    thing = " ".join([finder.thing, *searched])
    if choice.best:
        which = f"the {choice.best} {thing}"
    else:
        which = f'the {finder.thing} "{choice.item.name}"'
        which += f" found among {' '.join([finder.things, *searched])}" if searched else ""
    taking = re.sub(r"\bits (.+)", rf"the \1 of {which}", finder.take)
    taking = re.sub(r"\b(it|them)\b", which, taking, count=1)
    parts = [taking, " and ".join(say(finder.options, errand.options))]
    start = ""
    if errand.by_search:
        start = f'with a search for "{finder.things}", '
    elif finder.in_menu:
        start = f"in the section {finder.name}, "
    elif finder.path:
        start = f"under {join_path(finder.path, rng)}, "
    sentence = start + " ".join(filter(None, parts))
    if errand.facets:
        narrowed = " and ".join(say(finder.facets, errand.facets))
        filtering = ("after filtering for those {}", "with the filters set to those {}")
        sentence += f", {rng.choice(filtering).format(narrowed)}"
    return sentence


def say_errand(errand: Errand, choice: Choice, rng: random.Random) -> str:
    """Put a task into words."""
    if not errand.order and rng.random() < 0.45:
        sentences = [say_goal(errand, choice, rng)]
    else:
        sentences = say_steps(errand, choice, rng)
    if errand.checkout:
        giving = rng.choice(("Give {}", "Confirm it with {}", "Put in {} and confirm"))
        sentences.append(giving.format(join(say(errand.finder.checkout, errand.checkout))))
    return " ".join(f"{sentence[0].upper()}{sentence[1:]}." for sentence in sentences)


def follow(recorder: Recorder, path: Sequence[str]) -> None:
    """Record the clicks of a path."""
    for place, link in enumerate(path):
        page = hub_page(recorder.site, path[0]) if place else home_page(recorder.site, Filled())
        recorder.act(f"hub {path[0]}" if place else "home", page, f"nav:{link}")


def reach_results(recorder: Recorder, errand: Errand) -> None:
    """Record the actions up to the list of results."""
    site, finder, filled = errand.site, errand.finder, Filled()
    follow(recorder, finder.path)

    def draw(filled: Filled) -> Node:
        return search_page(site, finder, filled) if finder.path else home_page(site, filled)

    name = f"search {finder.name}" if finder.path else "home"
    if errand.by_search:
        recorder.fill(name, draw, SEARCH_BOX, finder.things, filled)
        recorder.act(name, draw(filled), "find")
    elif finder.in_menu:
        recorder.act(name, draw(filled), f"nav:{finder.name}")
    for part in finder.search:
        recorder.fill(name, draw, part, errand.search[part.label], filled)
    if finder.search:
        recorder.act(name, draw(filled), "go")


def choose_item(recorder: Recorder, errand: Errand, item: Item) -> None:
    """Record the actions on the list of results: filters, order, and the click on the item."""
    site, finder = errand.site, errand.finder
    name = f"results {finder.name}"
    so_far = Errand(site, finder, errand.by_search, errand.search)
    filled = Filled({SEARCH_BOX.label: finder.things} if errand.by_search else {})

    def draw() -> Node:
        return results_page(site, finder, errand.search, so_far.found(), filled)

    for label, value in errand.facets.items():
        recorder.act(name, draw(), f"{label}:{value}")
        so_far.facets[label] = filled.values[label] = value
    if errand.order:
        measure, way = errand.order
        label = VOCABULARY["measures"][measure][way][1]
        recorder.act(name, draw(), SORTING.label, "SELECT", label)
        so_far.order, filled.values[SORTING.label] = errand.order, label
    recorder.act(name, draw(), f"item:{item.name}")


def order_item(recorder: Recorder, errand: Errand, item: Item) -> None:
    """Record the actions on the page of the item, and on the form behind it."""
    site, finder, filled = errand.site, errand.finder, Filled()
    others = make_items(site, finder, errand.search)

    def draw(filled: Filled) -> Node:
        return item_page(site, finder, item, others, filled)

    for part in finder.options:
        if part.label in errand.options:
            recorder.fill("item", draw, part, errand.options[part.label], filled)
    recorder.act("item", draw(filled), "final")
    if errand.checkout:
        fill_form(recorder, finder.final, finder.checkout, (), "Confirm", errand.checkout)


def fill_form(
    recorder: Recorder,
    title: str,
    parts: Sequence[Field],
    extra: Sequence[Field],
    submit: str,
    values: Mapping[str, str],
) -> None:
    """Record the filling of a form and its sending."""
    fields = sorted([*parts, *extra], key=lambda part: part.type != "text")
    filled = Filled()

    def draw(filled: Filled) -> Node:
        return form_page(recorder.site, title, fields, submit, filled)

    for part in fields:
        if part.label in values:
            recorder.fill(f"form {title}", draw, part, values[part.label], filled)
    recorder.act(f"form {title}", draw(filled), "submit")


def make_errand(site: Site, finder: Finder, seed: str) -> Task:
    """Make a task with a finder."""
    rng = random.Random(seed)
    errand = plan(site, finder, rng)
    choice = choose(errand, rng)
    recorder = Recorder(site, rng)
    reach_results(recorder, errand)
    choose_item(recorder, errand, choice.item)
    order_item(recorder, errand, choice.item)
    return Task(say_errand(errand, choice, rng), recorder.actions, recorder.reprs)


def make_filing(site: Site, form: Form, seed: str) -> Task:
    """Make a task with a form."""
    rng = random.Random(seed)
    values = draw_values(form.fields, rng)
    recorder = Recorder(site, rng)
    follow(recorder, form.path)
    fill_form(recorder, form.path[-1], form.fields, form.extra, form.submit, values)
    details = sorted(form.fields, key=lambda part: part.type != "text")
    given = join(say(details, values))
    wording = rng.choice(("{} with {}.", "{}: {}.", "{}, giving {}.", "{}. Use {}."))
    text = wording.format(rng.choice(form.intro), given)
    return Task(text, recorder.actions, recorder.reprs)
