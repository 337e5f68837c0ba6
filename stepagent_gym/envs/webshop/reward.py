"""WebShop's reward for a purchase, and the page scores that grade the pages before it.

The reward is that of the original engine (princeton-nlp/WebShop, `engine/goal.py`):
`r = r_type * (attributes met + options met + price met) / (attributes + options + 1)`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from stepagent_gym.envs.webshop.records import Goal, Product

if TYPE_CHECKING:
    from stepagent_gym.envs.webshop.pages import Catalogue, State

ScoreMode = Literal["ipr_paper", "ipr_code", "agentboard"]

MATCH_ABOVE = 85
"""Two texts are alike when their token set ratio is above this."""

# The first of these found in an option value stands for it: the order is part of the rule.
_COLOUR_TABLE = """
alabaster apricot aqua ash asphalt azure banana beige black blue blush bordeaux bronze brown
burgundy camel camo caramel champagne charcoal cheetah chestnut chocolate christmas coffee cognac
copper coral cranberry cream crystal dark denim eggplant elephant espresso fuchsia gold granite
grape graphite grass gray green grey heather indigo ivory ivy khaki lavender lemon leopard light
lilac lime magenta maroon mauve merlot midnight mint mocha multicolor mushroom mustard natural navy
nude olive orange peach pewter pink plum purple rainbow red rose royal rust sand sapphire seashell
silver skull slate steel stone stonewash sunflower tan taupe teal tiger turquoise violet walnut
wheat white wine yellow
"""
_COLOURS = tuple(_COLOUR_TABLE.split())
_LATIN_1 = dict.fromkeys(range(128, 256))


@dataclass(frozen=True, slots=True)
class RewardDetails:
    """The reward of a purchase and the parts it is made of, each in [0, 1]."""

    total: float
    r_type: float
    """How far the product is of the wanted kind; a factor of the total."""
    r_att: float | None
    """The share of the goal's attributes met, None where it has none."""
    r_option: float | None
    """The share of the goal's options met, None where it has none."""
    r_price: bool
    query_match: bool
    category_match: bool
    """Whether the two products share two or more departments."""
    title_score: float
    """The nouns the two titles share, over the nouns of the wanted title with repeats."""

    def to_json(self) -> dict[str, Any]:
        """Write the details as a JSON value, one key a field."""
        return {name: getattr(self, name) for name in self.__slots__}


class _Standing(NamedTuple):
    """The parts of a reward that depend neither on the chosen options nor on the price."""

    r_type: float
    query_match: bool
    category_match: bool
    title_score: float
    attributes_met: int


def reward(product: Product, goal: Goal, chosen: Iterable[str]) -> RewardDetails:
    """Reward buying a product with these option values chosen.

    A goal option is met when any chosen value is like it; option groups do not matter.
    """
    standing = _standing(product, goal)
    options_met = _union(_met_by(value, goal.options) for value in chosen).bit_count()
    price_met = product.price <= goal.price_upper
    return RewardDetails(
        total=_total(standing, goal, options_met, price_met),
        r_type=standing.r_type,
        r_att=standing.attributes_met / len(goal.attributes) if goal.attributes else None,
        r_option=options_met / len(goal.options) if goal.options else None,
        r_price=price_met,
        query_match=standing.query_match,
        category_match=standing.category_match,
        title_score=standing.title_score,
    )


def page_score(
    state: State, goal: Goal, catalogue: Catalogue, mode: ScoreMode = "ipr_paper"
) -> float:
    """Grade the current page for the goal, in [0, 1]; an unknown mode raises ValueError.

    The search page scores 0 and the purchase its reward. The score of a product is the reward for
    buying it with one value of each option group, a combination; of these, by mode:

    - "ipr_paper" (IPR, appendix B): the best combination, of the best product on a page of results,
      of the product itself on its item page and sub-pages.
    - "ipr_code" (IPR's released environment): on a page of results the mean over the combinations,
      of the product where it is highest; on an item page the best combination holding the values
      chosen so far; 0 on sub-pages. Prices are the first printed ones, not the drawn ones.
    - "agentboard" (AgentBoard's released site): as "ipr_paper" on a page of results; on the pages
      of a product the last combination, unless one of them scores 1. `agentboard_progress` makes
      its progress rate of these.

    A product with an empty option group has no combination and is scored with no option chosen.
    """
    if mode not in get_args(ScoreMode):
        raise ValueError(f"unknown page score {mode!r}; known: {', '.join(get_args(ScoreMode))}")
    if state.page == "search":
        return 0.0
    if state.page == "results":
        score = _mean_score if mode == "ipr_code" else _best_score
        asins = catalogue.search(state.query)[state.window]
        products = map(catalogue.product, asins)
        return max((score(each, goal, _price(each, mode)) for each in products), default=0.0)
    product = catalogue.product(state.asin)
    if state.page == "done":
        return reward(product, goal, state.chosen).total
    price = _price(product, mode)
    if mode == "ipr_paper":
        return _best_score(product, goal, price)
    if mode == "ipr_code":
        return _best_score(product, goal, price, state.chosen) if state.page == "item" else 0.0
    return 1.0 if _best_score(product, goal, price) == 1.0 else _last_score(product, goal, price)


def agentboard_progress(states: Iterable[State], goal: Goal, catalogue: Catalogue) -> float:
    """Return AgentBoard's progress rate after these states, in [0, 1].

    Pages of results, pages of a product and the purchase count a third each: the highest page
    score, in mode "agentboard", met so far on pages of that kind.
    """
    best = {"results": 0.0, "item": 0.0, "done": 0.0}
    for state in states:
        kind = state.page if state.page in ("search", *best) else "item"
        if kind != "search":
            best[kind] = max(best[kind], page_score(state, goal, catalogue, "agentboard"))
    return best["results"] / 3 + best["item"] / 3 + best["done"] / 3


def token_set_ratio(first: str, second: str) -> int:
    """Compare two texts as thefuzz 0.22 does, by the same integer from 0 to 100."""
    return round(fuzz.token_set_ratio(_processed(first), _processed(second)))


@lru_cache(maxsize=16384)
def normalise_colour(value: str) -> str:
    """Return the first colour of the original's table that is in the text, else the text."""
    return next((colour for colour in _COLOURS if colour in value), value)


@lru_cache(maxsize=16384)
def _processed(text: str) -> str:
    """Prepare a text as thefuzz does: no Latin-1 letters, lower case, words alone."""
    return default_process(text.translate(_LATIN_1))


@lru_cache(maxsize=32768)
def _met_by(value: str, wanted: tuple[str, ...]) -> int:
    """Tell which of the wanted options this value is like, as bits."""
    choice = normalise_colour(value)
    return sum(
        1 << position
        for position, option in enumerate(wanted)
        if token_set_ratio(choice, normalise_colour(option)) > MATCH_ABOVE
    )


@lru_cache(maxsize=2048)
def _standing(product: Product, goal: Goal) -> _Standing:
    query_match = product.query == goal.query
    shared = _departments(product.product_category) & _departments(goal.product_category)
    category_match = len(shared) >= 2
    if goal.nouns:
        title_score = len(product.nouns.intersection(goal.nouns)) / len(goal.nouns)
    else:
        title_score = 0.2
    if title_score == 0.0:
        r_type = 0.0
    elif title_score < 0.1:
        r_type = 0.1
    else:
        r_type = 1.0 if query_match or category_match or title_score > 0.2 else 0.5
    met = sum(_has_attribute(product, attribute) for attribute in goal.attributes)
    return _Standing(r_type, query_match, category_match, title_score, met)


def _departments(product_category: str) -> set[str]:
    return {department.strip() for department in product_category.split("›")}


def _has_attribute(product: Product, wanted: str) -> bool:
    """Whether a product has an attribute like the wanted one, or names it in its texts."""
    return any(
        token_set_ratio(attribute, wanted) > MATCH_ABOVE for attribute in product.attributes
    ) or any(wanted in text for text in product.searched_texts)


def _total(standing: _Standing, goal: Goal, options_met: float, price_met: bool) -> float:
    met = standing.attributes_met + options_met + price_met
    return met / (len(goal.attributes) + len(goal.options) + 1) * standing.r_type


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union


def _price(product: Product, mode: ScoreMode) -> float:
    """Return the price a page score reckons with, in dollars."""
    drawn = mode == "ipr_paper" or (mode == "agentboard" and all(product.options.values()))
    return product.price if drawn else product.list_price


def _best_score(
    product: Product, goal: Goal, price: float, required: tuple[str, ...] = ()
) -> float:
    """Return the best reward of a combination holding all the required values, -1 if none does.

    Which goal options are met is all that matters of a combination, so it is enough to follow the
    sets of options that can be met, group by group.
    """
    standing, price_met = _standing(product, goal), price <= goal.price_upper
    if not all(product.options.values()):
        return _total(standing, goal, 0, price_met)
    options = (1 << len(goal.options)) - 1
    bit_of = {value: 1 << len(goal.options) + i for i, value in enumerate(set(required))}
    held = sum(bit_of.values())
    reachable = {0}
    for values in product.options.values():
        masks = {_met_by(value, goal.options) | bit_of.get(value, 0) for value in values}
        reachable = {reached | mask for reached in reachable for mask in masks}
    met = [(mask & options).bit_count() for mask in reachable if mask & held == held]
    return _total(standing, goal, max(met), price_met) if met else -1.0


def _mean_score(product: Product, goal: Goal, price: float) -> float:
    """Return the mean reward over all combinations.

    The mean number of options met is the sum over goal options of the share of combinations that
    meet it, which is one minus the product over groups of the shares of values that do not.
    """
    groups = [[_met_by(value, goal.options) for value in g] for g in product.options.values()]
    options_met = 0.0
    if all(groups):
        for position in range(len(goal.options)):
            missed = (sum(not mask >> position & 1 for mask in g) / len(g) for g in groups)
            options_met += 1 - prod(missed)
    return _total(_standing(product, goal), goal, options_met, price <= goal.price_upper)


def _last_score(product: Product, goal: Goal, price: float) -> float:
    """Return the reward of the last combination: the last value of every group."""
    groups = product.options.values()
    last = [values[-1] for values in groups] if all(groups) else []
    options_met = _union(_met_by(value, goal.options) for value in last).bit_count()
    return _total(_standing(product, goal), goal, options_met, price <= goal.price_upper)
