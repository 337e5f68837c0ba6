"""The records of WebShop: stored form, equality, and what is derived from the fields."""

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepagent_gym.envs.webshop.records import Goal, Product, Review

texts = st.text(max_size=20)
prices = st.floats(0.01, 10_000)
products = st.builds(
    Product,
    asin=texts,
    title=texts,
    price=prices,
    price_text=prices.map(lambda price: f"${price}"),
    description=texts,
    bullets=st.lists(texts, max_size=3).map(tuple),
    options=st.dictionaries(texts, st.lists(texts, max_size=3).map(tuple), max_size=3),
    attributes=st.lists(texts, max_size=3).map(tuple),
    category=texts,
    query=texts,
    product_category=texts,
    nouns=st.frozensets(texts, max_size=4),
    rating=texts,
    reviews=st.lists(st.builds(Review, texts, texts, texts), max_size=2).map(tuple),
)
goals = st.builds(
    Goal,
    asin=texts,
    category=texts,
    query=texts,
    name=texts,
    product_category=texts,
    instruction=texts,
    attributes=st.lists(texts, max_size=3).map(tuple),
    price_upper=prices,
    options=st.lists(texts, max_size=3).map(tuple),
    weight=st.floats(0, 1),
    nouns=st.lists(texts, max_size=4).map(tuple),
)


def a_product(**fields: object) -> Product:
    stored = {
        "asin": "B000000001",
        "title": "Red Mug",
        "price": 12.5,
        "price_text": "$10.0 to $20.0",
        "description": "A MUG",
        "bullets": ["Holds Tea", "Red"],
        "options": {"color": ["red", "blue"], "size": ["small", "red"]},
        "attributes": ["dishwasher safe"],
        "category": "garden",
        "query": "mugs",
        "product_category": "Kitchen › Mugs",
        "nouns": ["red", "mug"],
        "rating": "N.A.",
        "reviews": [["fine", "5.0", "a fine mug"]],
    }
    return Product.from_json(stored | fields)


def a_goal() -> Goal:
    return Goal("B000000001", "garden", "mugs", "Red Mug", "", "Find", (), 20.0, (), 1.0, ("mug",))


@settings(deadline=None)
@given(products)
def test_a_product_survives_json(product: Product) -> None:
    stored = json.dumps(product.to_json())
    again = Product.from_json(json.loads(stored))
    assert again == product
    assert hash(again) == hash(product)
    assert list(again.options) == list(product.options)
    assert json.dumps(again.to_json()) == stored


@settings(deadline=None)
@given(goals)
def test_a_goal_survives_json(goal: Goal) -> None:
    again = Goal.from_json(json.loads(json.dumps(goal.to_json())))
    assert again == goal
    assert hash(again) == hash(goal)


@pytest.mark.parametrize("record", [Product, Goal])
def test_the_stored_form_holds_every_field_but_the_memo(record: type[Product] | type[Goal]) -> None:
    value = a_product().to_json() if record is Product else a_goal().to_json()
    assert set(value) == {field.name for field in dataclasses.fields(record)} - {"memo"}
    for name in value:
        with pytest.raises(KeyError, match=name):
            record.from_json({key: item for key, item in value.items() if key != name})


def test_records_are_frozen_and_take_no_new_fields() -> None:
    product = a_product()
    with pytest.raises(dataclasses.FrozenInstanceError):
        product.title = "other"  # type: ignore[misc]
    assert not hasattr(product, "__dict__")


def test_derived_texts_do_not_count_for_equality() -> None:
    product, other = a_product(), a_product()
    assert product.searched_texts == ("red mug", "holds tea red", "a mug")
    assert product.searched_texts is product.searched_texts
    assert product == other
    assert product != a_product(title="Blue Mug")


@pytest.mark.parametrize(
    ("price_text", "price"), [("$877.8", 877.8), ("$10.0 to $20.0", 10.0), ("$100.0", 100.0)]
)
def test_the_list_price_is_the_first_one_printed(price_text: str, price: float) -> None:
    assert a_product(price_text=price_text).list_price == price


def test_a_value_of_two_groups_is_listed_first_and_belongs_to_the_last() -> None:
    groups = a_product().group_of_option
    assert list(groups.items()) == [("red", "size"), ("blue", "color"), ("small", "size")]
