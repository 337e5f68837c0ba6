"""Page trees in the style of Mind2Web's cleaned HTML: elements, widgets and candidates."""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

INTERACTIVE_TAGS = frozenset({"a", "button", "input", "select", "textarea"})
INTERACTIVE_ROLES = frozenset({"button", "option", "gridcell", "tab"})
ROLES = {"a": "link", "select": "combobox", "textarea": "textbox"}
INPUT_ROLES = {"text": "textbox", "email": "textbox", "tel": "textbox", "search": "searchbox"}
KEPT_IN_HTML = (
    *("id", "class", "role", "type", "name", "title", "aria_label", "placeholder", "value", "alt"),
    *("input_value", "input_checked", "option_selected"),
)
DAYS = 30


@dataclass
class Node:
    """An element; `key` names it to the script, `label` is what a user would call it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)
    words: str = ""
    key: str = ""
    label: str = ""
    number: int = 0

    def walk(self) -> Iterator["Node"]:
        """Give this element and all below it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def interactive(self) -> bool:
        """Whether a user can act on this element."""
        role = self.attributes.get("role")
        return self.tag in INTERACTIVE_TAGS or role in INTERACTIVE_ROLES

    @property
    def role(self) -> str:
        """The name which `action_reprs` gives to this sort of element."""
        if "role" in self.attributes:
            return self.attributes["role"]
        if self.tag == "input":
            kind = self.attributes["type"]
            return INPUT_ROLES.get(kind, kind)
        return ROLES.get(self.tag, self.tag)


class Look(NamedTuple):
    """How a website draws what every website has."""

    prefix: str
    facets: str
    options: str
    dates: str
    choosing: str
    searching: str
    suggests: bool
    compact: bool
    side_menu: bool
    results_first: bool
    wrappers: int
    month: str


@dataclass(frozen=True)
class Field:
    """One field of a form: how it is drawn, what it can hold, how a task speaks of its value."""

    label: str
    say: str
    type: str
    values: tuple[str, ...]

    def say_value(self, value: str) -> str:
        """Put a value into words, as they stand in the text of a task."""
        return self.say.replace("{v}", value)


@dataclass
class Filled:
    """What a form holds by now, and the field whose list or calendar stands open."""

    values: dict[str, str] = field(default_factory=dict)
    opened: str = ""


def el(tag: str, *content: Node | str, key: str = "", label: str = "", **attributes: str) -> Node:
    """Make an element; strings become text elements, `class_` and `type_` the plain attributes."""
    children = [Node("text", words=part) if isinstance(part, str) else part for part in content]
    named = {name.rstrip("_"): value for name, value in attributes.items() if value}
    words = " ".join(child.words for child in children if child.words)
    called = label or words or named.get("aria_label") or named.get("placeholder", "")
    return Node(tag, named, children, key=key, label=called)


def shown(value: str) -> str:
    """Write a value as a label does, with a capital first letter."""
    return value[:1].upper() + value[1:]


def slug(words: str) -> str:
    """Make a name for `id` and `name` attributes."""
    return "_".join("".join(c if c.isalnum() else " " for c in words.lower()).split())[:24]


def button(look: Look, words: str, key: str = "", kind: str = "button") -> Node:
    """Draw a button."""
    return el("button", words, key=key, class_=f"{look.prefix}-btn", type_=kind)


def link_list(look: Look, links: list[str], class_: str) -> Node:
    """Draw a list of links, each of which has its words for a key."""
    items = [el("li", el("a", words, key=f"nav:{words}")) for words in links]
    return el("ul", *items, class_=f"{look.prefix}-{class_}")


def draw_select(label: str, values: tuple[str, ...], chosen: str) -> Node:
    """Draw a drop-down list with its options."""
    options = [] if chosen else [el("option", "Choose", value="none")]
    for value in values:
        option = el("option", shown(value), value=slug(value))
        if shown(value) == chosen:
            option.attributes["option_selected"] = "true"
        options.append(option)
    name = slug(label)
    return el("select", *options, key=label, label=label, id=name, name=name, aria_label=label)


def draw_choices(field_: Field, look: Look, filled: Filled, kind: str) -> Node:
    """Draw radio buttons, check boxes or plain buttons, one for each value."""
    chosen = filled.values.get(field_.label)
    parts = [el("legend", field_.label)]
    for value in field_.values:
        key, name = f"{field_.label}:{value}", slug(field_.label)
        if kind == "button":
            pressed = f"{look.prefix}-on" if value == chosen else f"{look.prefix}-swatch"
            parts.append(el("button", shown(value), key=key, class_=pressed, type_="button"))
            continue
        box = el("input", key=key, label=shown(value), type_=kind, name=name, value=slug(value))
        box.attributes["aria_label"] = shown(value)
        if value == chosen:
            box.attributes["input_checked"] = "true"
        parts.append(el("label", box, shown(value)))
    return el("fieldset", *parts, class_=f"{look.prefix}-set")


def draw_date(field_: Field, look: Look, filled: Filled) -> Node:
    """Draw a button that shows the date, and below it the calendar when it stands open."""
    label, chosen = field_.label, filled.values.get(field_.label)
    words = f"{label}: {chosen or 'choose a day'}"
    parts = [el("button", words, key=label, label=words, class_=f"{look.prefix}-date")]
    if filled.opened == label:
        cells = []
        for day in range(1, DAYS + 1):
            date = f"{day} {look.month}"
            cell = el("td", str(day), key=f"{label}:{date}", role="gridcell", label=date)
            cell.attributes["aria_label"] = date
            cells.append(cell)
        rows = [el("tr", *cells[start : start + 7]) for start in range(0, DAYS, 7)]
        parts.append(el("table", el("caption", look.month), *rows, class_=f"{look.prefix}-cal"))
    return el("div", *parts)


def draw_text(field_: Field, look: Look, filled: Filled) -> Node:
    """Draw a text input with its label, and the suggestions to a place when they stand open."""
    name, label = slug(field_.label), field_.label
    kind = {"Email address": "email", "Phone": "tel", "Search": "search"}.get(label, "text")
    box = el("input", key=label, label=label, id=name, type_=kind, name=name, aria_label=label)
    chosen = filled.values.get(label, "")
    if chosen:
        box.attributes["input_value"] = chosen
    else:
        box.attributes["placeholder"] = f"Enter {label.lower()}"
    parts = [el("label", label), box]
    if filled.opened == label and chosen:
        offers = [chosen, f"{chosen} airport", f"{chosen} and surroundings", f"New {chosen}"]
        offered = [el("li", offer, key=f"{label}:{offer}", role="option") for offer in offers]
        parts.append(el("ul", *offered, class_=f"{look.prefix}-sug", role="listbox"))
    return el("div", *parts, class_=f"{look.prefix}-f")


def draw_field(field_: Field, look: Look, filled: Filled) -> Node:
    """Draw a field as its type and the look of the website have it."""
    if field_.type in ("radio", "checkbox"):
        return draw_choices(field_, look, filled, field_.type)
    if field_.type == "option" and look.options == "button":
        return draw_choices(field_, look, filled, "button")
    if field_.type == "date" and look.dates == "calendar":
        return draw_date(field_, look, filled)
    if field_.type in ("text", "place"):
        return draw_text(field_, look, filled)
    chosen = shown(filled.values.get(field_.label, ""))
    box = draw_select(field_.label, field_.values, chosen)
    return el("div", el("label", field_.label), box, class_=f"{look.prefix}-f")


def number_page(page: Node, rng: random.Random) -> None:
    """Give every element its `backend_node_id`: rising, with gaps."""
    number = rng.randrange(400, 60_000)
    for node in page.walk():
        node.number = number
        number += rng.choice((1, 1, 2, 3))


def write_html(node: Node, depth: int = 0) -> str:
    """Write an element as cleaned HTML, each on a line of its own, indented."""
    start = f'<{node.tag} backend_node_id="{node.number}"'
    for name in KEPT_IN_HTML:
        if name in node.attributes:
            start += f" {name}={quoteattr(node.attributes[name])}"
    if not node.children and not node.words:
        return start + "/>"
    if not node.children:
        return f"{start}>{escape(node.words)}</{node.tag}>"
    line = "\n" + "  " * depth
    inside = "".join(f"{line}  {write_html(child, depth + 1)}" for child in node.children)
    return f"{start}>{escape(node.words)}{inside}{line}</{node.tag}>"


def candidate(node: Node, target: bool) -> dict[str, Any]:
    """Describe an element as a candidate."""
    number = str(node.number)
    attributes: Mapping[str, str] = {
        "backend_node_id": number,
        **node.attributes,
        "is_clickable": "true",
    }
    return {
        "tag": node.tag,
        "attributes": json.dumps(attributes),
        "backend_node_id": number,
        "is_original_target": target,
        "is_top_level_target": target,
    }
