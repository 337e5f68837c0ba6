"""WebShop's reward against thefuzz and plain re-statements, page scores against enumeration."""

import itertools
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thefuzz import fuzz  # type: ignore[import-untyped]

from stepagent_gym.envs.webshop.pages import Page, State
from stepagent_gym.envs.webshop.records import Goal, Product
from stepagent_gym.envs.webshop.reward import (
    ScoreMode,
    agentboard_progress,
    normalise_colour,
    page_score,
    reward,
    token_set_ratio,
)

MODES: tuple[ScoreMode, ...] = ("ipr_paper", "ipr_code", "agentboard")


class Shop:
    """A catalogue in memory that finds all its products for every query."""

    def __init__(self, *products: Product) -> None:
        self.products = {product.asin: product for product in products}

    def product(self, asin: str) -> Product:
        return self.products[asin]

    def search(self, query: str) -> Sequence[str]:
        return list(self.products)


def a_product(**fields: Any) -> Product:
    stored: dict[str, Any] = {
        "asin": "B1",
        "title": "Red Mug",
        "price": 12.5,
        "price_text": "$10.0 to $20.0",
        "description": "Keeps WARM",
        "bullets": ["Holds", "Tea"],
        "options": {},
        "attributes": ["dishwasher safe"],
        "category": "garden",
        "query": "mugs",
        "product_category": "Home › Kitchen › Mugs",
        "nouns": ["red", "mug"],
        "rating": "N.A.",
        "reviews": [],
    }
    return Product.from_json(stored | fields)


def a_goal(**fields: Any) -> Goal:
    stored: dict[str, Any] = {
        "asin": "B1",
        "category": "garden",
        "query": "mugs",
        "name": "Red Mug",
        "product_category": "Home › Kitchen › Mugs",
        "instruction": "Find me a mug",
        "attributes": ["dishwasher safe"],
        "price_upper": 20.0,
        "options": [],
        "weight": 1.0,
        "nouns": ["red", "mug"],
    }
    return Goal.from_json(stored | fields)


# --- the similarity of texts

WORDS = st.lists(
    st.sampled_from(["red", "dark", "blue", "xl", "x", "large", "2", "pack", "women's", "café"])
    | st.sampled_from(["|", "-", "'", '"', '28"', "é", "ÿ", "Ā", "ß", "İ", "ｘ", "  ", "\t", "_"])
    | st.text(max_size=4),
    max_size=5,
).map(" ".join)


@settings(max_examples=1000, deadline=None)
@given(WORDS, WORDS)
def test_the_token_set_ratio_equals_thefuzz(first: str, second: str) -> None:
    assert token_set_ratio(first, second) == fuzz.token_set_ratio(first, second)
    assert token_set_ratio(first, first) == fuzz.token_set_ratio(first, first)


def test_the_token_set_ratio_equals_thefuzz_on_real_texts(realdata: Path) -> None:
    texts: set[str] = set()
    with (realdata / "webshop" / "recorded1k" / "products.jsonl").open() as lines:
        for line in lines:
            product = json.loads(line)
            texts.update(product["Attributes"])
            texts.update(value for values in product["options"].values() for value in values)
    ordered = sorted(texts)
    generator = random.Random(5)
    for _ in range(50_000):
        first, second = generator.sample(ordered, 2)
        assert token_set_ratio(first, second) == fuzz.token_set_ratio(first, second)


@pytest.mark.parametrize(
    ("value", "colour"),
    [
        ("black forest", "black"),
        ("violet lavender", "lavender"),
        ("light blue", "blue"),
        ("dark grey", "dark"),
        ("washed", "ash"),
        ("tantalising", "tan"),
        ("xx-large", "xx-large"),
        ("Red", "Red"),
        ("", ""),
    ],
)
def test_a_value_stands_for_the_first_colour_of_the_table_in_it(value: str, colour: str) -> None:
    assert normalise_colour(value) == colour


# --- the reward of a purchase


@pytest.mark.parametrize(
    ("fields", "shared", "of", "r_type"),
    [
        ({}, 1, 2, 1.0),
        ({"product_category": ""}, 1, 5, 1.0),
        ({"query": ""}, 1, 5, 1.0),
        ({"query": "", "product_category": "Mugs › Home"}, 1, 5, 1.0),
        ({"query": "", "product_category": "Home"}, 1, 5, 0.5),
        ({"query": "", "product_category": "Home"}, 1, 4, 1.0),
        ({"query": "", "product_category": "Home"}, 1, 10, 0.5),
        ({"query": "", "product_category": "Home"}, 1, 11, 0.1),
        ({}, 1, 11, 0.1),
        ({}, 0, 3, 0.0),
        ({"query": "", "product_category": "Home › Home"}, 0, 0, 0.5),
        ({"query": ""}, 0, 0, 1.0),
    ],
)
def test_the_kind_of_product_is_graded_by_query_departments_and_title(
    fields: dict[str, str], shared: int, of: int, r_type: float
) -> None:
    nouns = [f"noun{number}" for number in range(of)]
    product = a_product(nouns=[*nouns[:shared], "other"], **fields)
    details = reward(product, a_goal(nouns=nouns), ())
    assert details.r_type == r_type
    assert details.title_score == (shared / of if of else 0.2)
    assert details.query_match == ("query" not in fields)
    assert details.total == r_type


def test_repeated_nouns_count_in_the_divisor_alone() -> None:
    details = reward(a_product(), a_goal(nouns=["mug", "mug", "mug", "red"]), ())
    assert details.title_score == 0.5


def test_attributes_are_sought_among_attributes_and_in_each_text() -> None:
    wanted = ["dishwasher-safe", "holds tea", "warm", "red mug", "tea keeps", "WARM", "blue"]
    details = reward(a_product(), a_goal(attributes=wanted), ())
    assert details.r_att == 4 / 7
    assert details.total == 5 / 8


def test_options_count_once_each_and_colours_by_name() -> None:
    product = a_product()
    goal = a_goal(options=["dark red", "xl", "xl"])
    assert reward(product, goal, ["darkest pink"]).r_option == 1 / 3
    assert reward(product, goal, ["xl", "xl"]).r_option == 2 / 3
    assert reward(product, goal, ["xl", "dark"]).total == 1.0
    assert reward(product, goal, []).r_option == 0.0
    assert reward(product, a_goal(), ["xl"]).r_option is None


@pytest.mark.parametrize(("length", "ratio"), [(17, 85), (19, 86)])
def test_texts_are_alike_above_a_ratio_of_85(length: int, ratio: int) -> None:
    first, second = "q" * length + "k", "q" * length + "jjjjj"
    assert token_set_ratio(first, second) == ratio
    product = a_product(attributes=[first])
    details = reward(product, a_goal(attributes=[second], options=[second]), [first])
    assert details.r_att == details.r_option == (ratio > 85)


def test_the_drawn_price_must_not_exceed_the_limit() -> None:
    assert reward(a_product(), a_goal(price_upper=12.5), ()).r_price
    details = reward(a_product(), a_goal(price_upper=12.4), ())
    assert (details.r_price, details.total) == (False, 0.5)
    assert details.to_json()["total"] == 0.5


SOME_WORDS = ["red", "dark red", "blue", "navy blue", "xl", "x-large", "large", "2 pack", ""]
some_words = st.lists(st.sampled_from(SOME_WORDS), max_size=3).map(tuple)
some_nouns = st.sampled_from([["red", "mug"], ["mug"], ["pot"], [], ["mug", *"abcdefghijk"]])
PRODUCTS = st.builds(
    a_product,
    asin=st.uuids().map(str),
    title=st.sampled_from(SOME_WORDS).map(str.title),
    price=st.sampled_from([10.0, 15.0, 20.0]),
    options=st.dictionaries(st.sampled_from("abcd"), some_words),
    attributes=some_words,
    query=st.sampled_from(["mugs", "pots"]),
    product_category=st.sampled_from(["Home › Kitchen", "Kitchen › Pots › Home", "Toys"]),
    nouns=some_nouns,
)
GOALS = st.builds(
    a_goal,
    attributes=st.lists(st.sampled_from(SOME_WORDS), min_size=1, max_size=3),
    price_upper=st.sampled_from([10.0, 12.0, 20.0]),
    options=some_words,
    nouns=some_nouns,
)


def plain_reward(product: Product, goal: Goal, price: float, chosen: Sequence[str]) -> float:
    """The reward as the paper and the original define it, with thefuzz and no short cuts."""

    def alike(first: str, second: str) -> bool:
        return int(fuzz.token_set_ratio(first, second)) > 85

    texts = [product.title.lower(), product.description.lower(), " ".join(product.bullets).lower()]
    met = 0
    for wanted in goal.attributes:
        listed = any(alike(attribute, wanted) for attribute in product.attributes)
        met += listed or any(wanted in text for text in texts)
    for wanted in map(normalise_colour, goal.options):
        met += any(alike(choice, wanted) for choice in map(normalise_colour, chosen))
    met += price <= goal.price_upper
    shared = len(product.nouns & set(goal.nouns))
    title_score = shared / len(goal.nouns) if goal.nouns else 0.2
    departments = [
        {name.strip() for name in each.product_category.split("›")} for each in (product, goal)
    ]
    related = product.query == goal.query or len(departments[0] & departments[1]) >= 2
    r_type = 1.0 if related or title_score > 0.2 else 0.5
    if title_score < 0.1:
        r_type = 0.1 if title_score else 0.0
    return met / (len(goal.attributes) + len(goal.options) + 1) * r_type


@settings(max_examples=500, deadline=None)
@given(PRODUCTS, GOALS, some_words)
def test_the_reward_equals_its_plain_restatement(
    product: Product, goal: Goal, chosen: tuple[str, ...]
) -> None:
    details = reward(product, goal, chosen)
    assert details.total == plain_reward(product, goal, product.price, chosen)
    assert details == reward(product, goal, chosen), "a second time, from the cache"
    assert 0.0 <= details.total <= 1.0


# --- page scores


def combinations(product: Product) -> list[tuple[str, ...]]:
    return list(itertools.product(*product.options.values()))


def enumerated_score(state: State, goal: Goal, shop: Shop, mode: ScoreMode) -> float:
    """The page score by enumerating every combination of options."""

    def rewards(product: Product, held: Sequence[str] = ()) -> list[float]:
        chosen = [each for each in combinations(product) if set(held) <= set(each)]
        drawn = mode == "ipr_paper" or (mode == "agentboard" and bool(chosen))
        price = product.price if drawn else product.list_price
        if not combinations(product):
            chosen = [()]
        return [plain_reward(product, goal, price, each) for each in chosen]

    if state.page == "results":
        found = [rewards(product) for product in shop.products.values()]
        if mode == "ipr_code":
            return max((sum(each) / len(each) for each in found), default=0.0)
        return max(itertools.chain(*found), default=0.0)
    product = shop.product(state.asin)
    if mode == "ipr_paper":
        return max(rewards(product))
    if mode == "ipr_code":
        return max(rewards(product, state.chosen)) if state.page == "item" else 0.0
    scores = rewards(product)
    return 1.0 if 1.0 in scores else scores[-1]


@settings(max_examples=300, deadline=None)
@given(st.lists(PRODUCTS, max_size=4), GOALS, st.sampled_from(MODES))
def test_result_pages_score_as_by_enumeration(
    products: list[Product], goal: Goal, mode: ScoreMode
) -> None:
    shop, state = Shop(*products), State("results", "mug")
    score = page_score(state, goal, shop, mode)
    expected = enumerated_score(state, goal, shop, mode)
    assert score == (pytest.approx(expected, rel=1e-12) if mode == "ipr_code" else expected)


@settings(max_examples=500, deadline=None)
@given(PRODUCTS, GOALS, st.sampled_from(MODES), st.data())
def test_product_pages_score_as_by_enumeration(
    product: Product, goal: Goal, mode: ScoreMode, data: st.DataObject
) -> None:
    values = [value for group in product.options.values() for value in group]
    picked = data.draw(st.lists(st.sampled_from(values), max_size=3)) if values else []
    options = {product.group_of_option[value]: value for value in picked}
    pages: list[Page] = ["item", "features"]
    page = data.draw(st.sampled_from(pages))
    state = State(page, "mug", 1, product.asin, tuple(options.items()))
    shop = Shop(product)
    assert page_score(state, goal, shop, mode) == enumerated_score(state, goal, shop, mode)


@pytest.mark.parametrize("mode", MODES)
def test_search_scores_nothing_and_the_purchase_its_reward(mode: ScoreMode) -> None:
    shop, goal = Shop(a_product(options={"color": ["red", "blue"]})), a_goal(options=["red"])
    assert page_score(State(), goal, shop, mode) == 0.0
    done = State("done", "mug", 1, "B1", (("color", "blue"),))
    assert page_score(done, goal, shop, mode) == 2 / 3
    assert page_score(State("results", "mug", 9), goal, shop, mode) == 0.0


def test_many_options_are_scored_without_enumeration() -> None:
    options = {f"group {group}": [f"value {value}" for value in range(200)] for group in range(12)}
    shop = Shop(a_product(options=options | {"last": ["red"]}))
    goal = a_goal(options=["value 7", "value 8", "red", "blue"])
    item = State("item", "mug", 1, "B1")
    assert page_score(item, goal, shop, "ipr_paper") == 5 / 6
    assert page_score(State("results", "mug"), goal, shop, "ipr_code") > 3 / 6


def test_values_already_chosen_bound_the_score_of_the_released_code() -> None:
    shop = Shop(a_product(options={"color": ["red", "blue"]}))
    goal = a_goal(options=["red"])
    item = State("item", "mug", 1, "B1", (("color", "blue"),))
    assert page_score(item, goal, shop, "ipr_paper") == 1.0
    assert page_score(item, goal, shop, "ipr_code") == 2 / 3


def test_progress_counts_each_kind_of_page_by_its_best() -> None:
    shop = Shop(a_product(options={"color": ["red", "blue"]}))
    goal = a_goal(options=["green", "blue", "red"])
    states = [State(), State("results", "mug"), State("item", "mug", 1, "B1"), State()]
    assert agentboard_progress(states[:1], goal, shop) == 0.0
    assert agentboard_progress(states[:2], goal, shop) == 3 / 5 / 3
    assert agentboard_progress(states, goal, shop) == 3 / 5 / 3 + 3 / 5 / 3
    done = State("done", "mug", 1, "B1")
    assert agentboard_progress([*states, done], goal, shop) == 3 / 5 / 3 + 3 / 5 / 3 + 2 / 5 / 3


def test_an_unknown_page_score_is_named() -> None:
    with pytest.raises(ValueError, match="'oracle'; known: ipr_paper"):
        page_score(State(), a_goal(), Shop(), cast("ScoreMode", "oracle"))
