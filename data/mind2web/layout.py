"""The pages of a website, from the first one to the form which ends an order."""

import random
from collections.abc import Mapping, Sequence

from pages import (
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
from sites import SEED, VOCABULARY, Finder, Item, Site, describe, list_length, sort_orders


def draw_page(site: Site, title: str, main: list[Node], filled: Filled) -> Node:
    """Draw a page: header, the given content, footer."""
    look = site.look
    content = el("main", el("h1", title), *main)
    for _ in range(look.wrappers):
        content = el("div", content, class_=f"{look.prefix}-w")
    first, second = draw_columns(site)
    if look.side_menu:
        body = [draw_header(site, filled), el("aside", first), content, draw_footer(site, [second])]
    else:
        body = [draw_header(site, filled), content, draw_footer(site, [first, second])]
    return el("html", el("body", *body))


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


def draw_columns(site: Site) -> tuple[Node, Node]:
    """Draw two lists of links: the entries which the header has not, and what every site has."""
    rng = random.Random(f"{SEED} footer {site.title}")
    links = [link for link in site.entries() if link not in main_entries(site)]
    links += rng.sample(VOCABULARY["footer"], 7)
    rng.shuffle(links)
    half = len(links) // 2
    return link_list(site.look, links[:half], "col"), link_list(site.look, links[half:], "col")


def draw_footer(site: Site, columns: list[Node]) -> Node:
    """Draw the footer around lists of links."""
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
    return el("li", el("img", alt=item.name), el("h3", name), *lines, save)


def results_page(
    site: Site, finder: Finder, search: Mapping[str, str], found: list[Item], filled: Filled
) -> Node:
    """Draw the list of what was found for a search, with its filters and its order."""
    look = site.look
    items = found[: list_length(site, finder)]
    labels = [VOCABULARY["measures"][name][way][1] for name, way in sort_orders(finder)]
    order = draw_select("Sort by", ("Recommended", *labels), filled.values.get("Sort by", ""))
    cards = [draw_card(item, look) for item in items]
    asked = [part.say_value(search[part.label]) for part in finder.search]
    count = el("p", " ".join([f"{len(items)} of {len(found)} {finder.things}", *asked]))
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
    other = [el("li", el("a", each.name)) for each in others if each.name != item.name][:6]
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
