"""WebShop's pages: what each shows, what can be clicked on it, and where a click leads.

Written after the original text environment (princeton-nlp/WebShop, `web_agent_site`, observation
mode "text"), whose pages are HTML templates read back as text; here the text is put together
directly. All functions are pure: a `State` and the catalogue say everything about a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, get_args

from stepagent_gym.envs.webshop.records import Goal, Product
from stepagent_gym.envs.webshop.reward import reward

SEPARATOR = " [SEP] "
PAGE_SIZE = 10

Page = Literal[
    "search", "results", "item", "description", "features", "reviews", "attributes", "done"
]

_SUB_PAGE_OF: dict[str, Page] = {
    "description": "description",
    "features": "features",
    "reviews": "reviews",
    "attributes": "attributes",  # has no button of its own: only an option of that name leads here
}
_ITEM_BUTTONS = ("back to search", "< prev", "description", "features", "reviews", "buy now")
_SUB_PAGE_BUTTONS = ("back to search", "< prev")


class Catalogue(Protocol):
    """The products, and the search over them."""

    def product(self, asin: str) -> Product:
        """Return the product of this asin."""
        ...

    def search(self, query: str) -> Sequence[str]:
        """Return the asins found for a query, best first, at most 50."""
        ...


@dataclass(frozen=True, slots=True)
class State:
    """Where a shopper stands; all that a page depends on besides the goal and the catalogue."""

    page: Page = "search"
    query: str = ""
    number: int = 1
    """The page of results, from 1."""
    asin: str = ""
    options: tuple[tuple[str, str], ...] = ()
    """Chosen (group, value) pairs, in the order the groups were first chosen from."""

    @property
    def window(self) -> slice:
        """The part of the search results on this page; empty on page 0, as in the original."""
        return slice((self.number - 1) * PAGE_SIZE, self.number * PAGE_SIZE)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The values of the chosen options."""
        return tuple(value for _, value in self.options)

    def to_json(self) -> dict[str, Any]:
        """Write the state as a JSON value."""
        return {
            "page": self.page,
            "query": self.query,
            "number": self.number,
            "asin": self.asin,
            "options": [list(pair) for pair in self.options],
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> State:
        """Read what `to_json` wrote; an unknown page raises ValueError, a missing key KeyError."""
        if value["page"] not in get_args(Page):
            raise ValueError(f"unknown WebShop page {value['page']!r}")
        options = tuple((name, choice) for name, choice in value["options"])
        return cls(value["page"], value["query"], value["number"], value["asin"], options)


def parse_action(action: str) -> tuple[str, str | None]:
    r"""Split "name[argument]" into its two parts; where there is no argument it is None.

    What `re.match(r"(.+)\[(.+)\]", action)` finds in the original, in linear time: only the first
    line counts, the last "]" closes, and the last "[" with something between them opens.
    """
    line = action.partition("\n")[0]
    close = line.rfind("]")
    opening = line.rfind("[", 1, max(close - 1, 0))
    if opening == -1:
        return action, None
    return line[:opening], line[opening + 1 : close]


def has_search_bar(state: State) -> bool:
    """Whether the page has a search box; the engine accepts a search on every page."""
    return state.page == "search"


def clickables(state: State, catalogue: Catalogue) -> list[str]:
    """List what can be clicked, in lower case: buttons, then product links or options.

    "search" is listed where the page has that button, though clicking it does nothing.
    """
    if state.page == "search":
        return ["search"]
    if state.page == "results":
        asins = catalogue.search(state.query)[state.window]
        return list(dict.fromkeys([*_result_buttons(state), *(asin.lower() for asin in asins)]))
    if state.page == "item":
        options = catalogue.product(state.asin).group_of_option
        return list(dict.fromkeys([*_ITEM_BUTTONS, *options]))
    return [] if state.page == "done" else list(_SUB_PAGE_BUTTONS)


def transition(state: State, action: str, catalogue: Catalogue) -> tuple[State, bool]:
    """Return the state after a bare action, and whether the action was possible.

    An impossible action leaves the state as it is, and so does any action after the purchase.
    """
    name, argument = parse_action(action)
    if argument is None or state.page == "done":
        return state, False
    if name == "search":
        return State("results", argument.lower()), True
    target = _click(state, argument.lower(), catalogue) if name == "click" else None
    return (state, False) if target is None else (target, True)


def render(state: State, goal: Goal, catalogue: Catalogue) -> str:
    """Write the page as text, byte for byte that of the original but for the last page.

    After the purchase the original prints debugging fields around the score; here is the score
    alone.
    """
    if state.page == "search":
        return SEPARATOR.join(["WebShop", *_instruction(goal), "Search"])
    if state.page == "done":
        score = reward(catalogue.product(state.asin), goal, state.chosen).total
        thanks = "Thank you for shopping with us!"
        return SEPARATOR.join([thanks, "Your score (min 0.0, max 1.0)", str(score)])
    header = goal.memo.get("header")
    if header is None:
        header = SEPARATOR.join([*_instruction(goal), "Back to Search"])
        goal.memo["header"] = header
    if state.page == "results":
        return header + _results_text(state, catalogue)
    product = catalogue.product(state.asin)
    text = product.memo.get(state.page)
    if text is None:
        text = SEPARATOR.join(["", "< Prev", *_product_texts(state.page, product)])
        product.memo[state.page] = text
    return f"{header}{text}"


def _click(state: State, value: str, catalogue: Catalogue) -> State | None:
    """Return the state after a click, None where the page has nothing of that text."""
    if state.page == "search" or value == "search":
        return None
    if state.page == "results":
        if value in _result_buttons(state):
            return _press(state, value)
        asins = catalogue.search(state.query)[state.window]
        asin = {asin.lower(): asin for asin in asins}.get(value)
        return None if asin is None else State("item", state.query, state.number, asin)
    if state.page != "item":
        return _press(state, value) if value in _SUB_PAGE_BUTTONS else None
    group = catalogue.product(state.asin).group_of_option.get(value)
    if group is None:
        return _press(state, value) if value in _ITEM_BUTTONS else None
    return _press(state, value) or _chosen(state, group, value)


def _press(state: State, button: str) -> State | None:
    """Return where a button leads, None where this text is no button's.

    The original tells buttons by their text alone, so that an option of that text acts as one.
    """
    if button == "back to search":
        return State()
    if button == "buy now":
        return _turned(state, "done")
    if button in _SUB_PAGE_OF:
        return _turned(state, _SUB_PAGE_OF[button])
    if button not in ("next >", "< prev"):
        return None
    place = _place(state)
    if place == "results":
        number = state.number + (1 if button == "next >" else -1)
        return State("results", state.query, number)
    if button == "next >":
        return None
    if place == "item":
        return State("results", state.query, state.number)
    return _turned(state, "item")


def _place(state: State) -> Literal["results", "item", "sub page"]:
    """Tell which kind of page "Next >" and "< Prev" act on.

    The original looks for the names of its pages anywhere in the address, which also holds the
    search keywords and the chosen options.
    """
    if state.page == "results":
        return "results"
    words = [state.query, *(word for pair in state.options for word in pair)]
    if any("search_results" in word for word in words):
        return "results"
    if state.page == "item" or any("item_page" in word for word in words):
        return "item"
    return "sub page"


def _turned(state: State, page: Page) -> State:
    """Return the state on another page of the same product."""
    return State(page, state.query, state.number, state.asin, state.options)


def _chosen(state: State, group: str, value: str) -> State:
    """Return the state with an option chosen; a group chosen from again keeps its place."""
    options = tuple({**dict(state.options), group.lower(): value}.items())
    return State(state.page, state.query, state.number, state.asin, options)


def _result_buttons(state: State) -> tuple[str, ...]:
    """List the buttons of a page of results; "Next >" is there even on the last."""
    if state.number > 1:
        return ("back to search", "< prev", "next >")
    return ("back to search", "next >")


def _visible(texts: Iterable[str]) -> list[str]:
    r"""Return the texts as the original reads them back from its HTML.

    Each is stripped, and some are lost: an empty text makes no node, and BeautifulSoup shortens a
    node of ASCII white space to "\n" if it holds one, which the original drops. Other white space
    stays, as an empty text.
    """
    return [t.strip() for t in texts if t.strip(" \n\t\f\r") or (t and "\n" not in t)]


def _instruction(goal: Goal) -> list[str]:
    return ["Instruction:", *_visible([goal.instruction])]


def _results_text(state: State, catalogue: Catalogue) -> str:
    """Write a page of results after its header: their number, buttons, one entry a product."""
    asins = catalogue.search(state.query)
    texts = ["", f"Page {state.number} (Total results: {len(asins)})"]
    if state.number > 1:
        texts.append("< Prev")
    texts.append("Next >")
    for asin in asins[state.window]:
        product = catalogue.product(asin)
        entry = product.memo.get("results")
        if entry is None:
            entry = SEPARATOR.join(_visible([product.asin, product.title, product.price_text]))
            product.memo["results"] = entry
        texts.append(entry)
    return SEPARATOR.join(texts)


def _product_texts(page: Page, product: Product) -> list[str]:
    """List the texts of an item page or one of its sub-pages, after the "< Prev" button."""
    if page == "item":
        texts = [text for name, values in product.options.items() for text in (name, *values)]
        texts += [product.title, f"Price: {product.price_text}", f"Rating: {product.rating}"]
        return _visible([*texts, "Description", "Features", "Reviews", "Buy Now"])
    if page == "description":
        return _visible([product.description])
    # The templates put a space before each bullet point and attribute: a blank one stays blank.
    if page == "features":
        return _visible(f" {bullet}" for bullet in product.bullets)
    if page == "reviews":
        reviews = product.reviews
        return _visible(text for r in reviews for text in (f'"{r.title}"', r.score, r.body))
    attributes = [f" {attribute}" for attribute in product.attributes]
    return _visible([*attributes, product.category, product.query, product.product_category])
