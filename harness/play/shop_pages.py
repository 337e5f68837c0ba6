"""What each page of the shop shows: the environment's state and available actions, as a record."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from harness.play.game import Game
from stepagent_gym.envs.webshop.catalogue import Catalogue
from stepagent_gym.envs.webshop.pages import State
from stepagent_gym.envs.webshop.records import Goal, Product
from stepagent_gym.types import Trajectory

_HUES = 6
_BUTTONS = {
    "back to search": "Back to search",
    "< prev": "‹ Prev",
    "next >": "Next ›",
    "buy now": "Buy now",
    "description": "Description",
    "features": "Features",
    "reviews": "Reviews",
    "attributes": "Attributes",
}
_TABS = ("description", "features", "reviews", "attributes")


class Button(NamedTuple):
    """Something to press: its text, the action that it sends, and whether it stands chosen."""

    text: str
    action: str
    chosen: bool = False


class Result(NamedTuple):
    """A product of a page of results, and the action that opens it."""

    product: Product
    action: str
    hue: int


class Part(NamedTuple):
    """A part of a reward: what was wanted, how much of it was met, and what it counts."""

    name: str
    wanted: str
    met: str


@dataclass(frozen=True)
class Drawn:
    """A page, ready for its template."""

    template: str
    title: str
    instruction: str
    state: State
    task_id: str
    turn: int
    max_turns: int
    trail: tuple[tuple[str, bool], ...]
    """The actions taken, and whether each was possible."""
    buttons: dict[str, Button]
    """Buttons that stand on several pages, by the text that is clicked."""
    has_search: bool
    tabs: tuple[Button, ...] = ()
    total: int = 0
    results: tuple[Result, ...] = ()
    product: Product | None = None
    hue: int = 0
    groups: tuple[tuple[str, tuple[Button, ...]], ...] = ()
    trajectory: Trajectory | None = None
    parts: tuple[Part, ...] = ()
    formula: str = ""
    saved: str = ""


def draw(game: Game) -> Drawn:
    """Draw the present page of a game of WebShop."""
    catalogue = Catalogue.open(game.options["data"])
    snapshot = game.last.snapshot
    assert snapshot is not None
    assert snapshot["state"] is not None
    state = State.from_json(snapshot["state"])
    goal = catalogue.goal(int(game.task_id))
    over = game.trajectory is not None
    actions = [] if over else list(game.view.info["available_actions"])
    common: dict[str, Any] = {
        "instruction": goal.instruction,
        "state": state,
        "task_id": game.task_id,
        "turn": game.view.turn,
        "max_turns": snapshot["max_turns"],
        "trail": tuple((s.action or "", bool(s.info["valid"])) for s in game.view.steps),
        "buttons": {
            name: Button(text, f"click[{name}]")
            for name, text in _BUTTONS.items()
            if f"click[{name}]" in actions
        },
        "has_search": "search[keywords]" in actions,
    }
    if over:
        return _draw_end(game, goal, catalogue, common)
    if state.page == "search":
        return Drawn("search", "Search", **common)
    if state.page == "results":
        return _draw_results(state, catalogue, actions, common)
    product = catalogue.product(state.asin)
    common |= {"product": product, "hue": _hue(product)}
    if state.page != "item":
        return Drawn("sub_page", _BUTTONS[state.page], **common)
    tabs = tuple(common["buttons"][name] for name in _TABS if name in common["buttons"])
    groups = _groups(product, state, actions)
    return Drawn("item", product.title, **common, tabs=tabs, groups=groups)


def _draw_results(
    state: State, catalogue: Catalogue, actions: Sequence[str], common: dict[str, Any]
) -> Drawn:
    found = catalogue.search(state.query)
    products = (catalogue.product(asin) for asin in found[state.window])
    results = tuple(
        Result(product, action, _hue(product))
        for product in products
        if (action := f"click[{product.asin.lower()}]") in actions
    )
    return Drawn(
        "results", f"Results for {state.query}", **common, total=len(found), results=results
    )


def _groups(
    product: Product, state: State, actions: Sequence[str]
) -> tuple[tuple[str, tuple[Button, ...]], ...]:
    return tuple(
        (
            name,
            tuple(
                Button(value, f"click[{value}]", (name.lower(), value) in state.options)
                for value in values
                if f"click[{value}]" in actions
            ),
        )
        for name, values in product.options.items()
    )


def _draw_end(game: Game, goal: Goal, catalogue: Catalogue, common: dict[str, Any]) -> Drawn:
    """Draw the score, and after a purchase what it is made of."""
    trajectory = game.trajectory
    assert trajectory is not None
    details = trajectory.steps[-1].info.get("reward_details") if trajectory.steps else None
    ends = {"finished": "Thank you for shopping with us!", "truncated": "The turns are used up"}
    common |= {
        "trajectory": trajectory,
        "saved": str(game.experts.path) if game.saved is not None else "",
    }
    title = ends.get(trajectory.status, "The episode broke")
    if details is None:
        return Drawn("end", title, **common)
    product = catalogue.product(common["state"].asin)
    common |= {"product": product, "hue": _hue(product)}
    met = {
        "attributes": round((details["r_att"] or 0.0) * len(goal.attributes)),
        "options": round((details["r_option"] or 0.0) * len(goal.options)),
        "price": int(details["r_price"]),
    }
    wanted = len(goal.attributes) + len(goal.options) + 1
    limit = "any price" if goal.price_upper >= 1e6 else f"at most ${goal.price_upper:g}"
    shares = {
        "attributes": f"{met['attributes']}/{len(goal.attributes)}",
        "options": f"{met['options']}/{len(goal.options)}",
    }
    parts = (
        Part("Kind", goal.name, f"{details['r_type']:g}"),
        Part("Attributes", ", ".join(goal.attributes), shares["attributes"]),
        Part("Options", ", ".join(goal.options), shares["options"]),
        Part("Price", f"{limit}; it costs ${product.price:g}", f"{met['price']}/1"),
    )
    formula = (
        f"{details['r_type']:g} × ({met['attributes']} + {met['options']} + {met['price']}) / "
        f"{wanted} = {trajectory.reward:.3g}"
    )
    return Drawn("end", title, **common, parts=parts, formula=formula)


def _hue(product: Product) -> int:
    """Give the colour of a product's placeholder for a picture."""
    return sum(product.asin.encode()) % _HUES
