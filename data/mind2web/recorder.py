"""Recording of tasks: every action with its page, in the original's schema, and its checks."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pages import Field, Filled, Node, candidate, number_page, shown, write_html
from sites import SEED, Site


def make_uid(rng: random.Random) -> str:
    """Make a random identifier in the form of a UUID."""
    digits = f"{rng.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


@dataclass
class Recorder:
    """Writes down the actions of a task, each with the page on which it happens."""

    site: Site
    rng: random.Random
    actions: list[dict[str, Any]] = field(default_factory=list)
    reprs: list[str] = field(default_factory=list)

    def act(self, name: str, page: Node, key: str, op: str = "CLICK", value: str = "") -> None:
        """Record an action on the element `key` of a page; pages of a name share their numbers."""
        number_page(page, random.Random(f"{SEED} numbers {self.site.title} {name}"))
        [target] = [node for node in page.walk() if node.key == key]
        others = [node for node in page.walk() if node.interactive and node is not target]
        action = {
            "action_uid": make_uid(self.rng),
            "raw_html": "",
            "cleaned_html": write_html(page),
            "operation": {"original_op": op, "op": op, "value": value},
            "pos_candidates": [candidate(target, True)],
            "neg_candidates": [candidate(node, False) for node in others],
        }
        check_action(page, target, action)
        self.actions.append(action)
        end = f": {value}" if value else ""
        self.reprs.append(f"[{target.role}]  {target.label} -> {op}{end}")

    def fill(
        self, name: str, draw: Callable[[Filled], Node], part: Field, value: str, filled: Filled
    ) -> None:
        """Record what it takes to set a field, and keep its value in `filled`."""
        look, label = self.site.look, part.label
        if part.type in ("text", "place"):
            self.act(name, draw(filled), label, "TYPE", value)
            filled.values[label] = value
            if part.type == "place" and look.suggests:
                filled.opened = label
                self.act(name, draw(filled), f"{label}:{value}")
        elif part.type == "date" and look.dates == "calendar":
            self.act(name, draw(filled), label)
            filled.opened = label
            self.act(name, draw(filled), f"{label}:{value}")
            filled.values[label] = value
        elif by_click(part, self.site):
            self.act(name, draw(filled), f"{label}:{value}")
            filled.values[label] = value
        else:
            self.act(name, draw(filled), label, "SELECT", shown(value))
            filled.values[label] = value
        filled.opened = ""


def by_click(part: Field, site: Site) -> bool:
    """Whether the values of a field are elements to click on."""
    as_button = part.type == "option" and site.look.options == "button"
    return as_button or part.type in ("radio", "checkbox")


def cost(part: Field, site: Site) -> int:
    """Count the actions which it takes to set a field."""
    calendar = part.type == "date" and site.look.dates == "calendar"
    return 2 if calendar or (part.type == "place" and site.look.suggests) else 1


def check_action(page: Node, target: Node, action: dict[str, Any]) -> None:
    """Assert what has to hold for an action and its page."""
    html = action["cleaned_html"]
    numbers = re.findall(r'backend_node_id="(\d+)"', html)
    assert len(numbers) == len(set(numbers)), "an element number stands twice"
    assert numbers.count(action["pos_candidates"][0]["backend_node_id"]) == 1
    assert 60 <= len(numbers) <= 250, f"{len(numbers)} elements on a page"
    candidates = 1 + len(action["neg_candidates"])
    assert 25 <= candidates <= 90, f"{candidates} candidates on a page"
    operation = action["operation"]
    if operation["op"] == "SELECT":
        assert operation["value"] in [option.label for option in target.children]
    if not target.key.startswith("item:"):
        alike = [
            node
            for node in page.walk()
            if node.interactive and (node.role, node.label) == (target.role, target.label)
        ]
        assert alike == [target], f"{len(alike)} elements are called {target.label}"
