"""WebShop's pages against recordings of the original, and against HTML read back as text."""

import gzip
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from bs4.element import Comment
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment

from stepagent_gym.envs.webshop.pages import (
    Page,
    State,
    clickables,
    has_search_bar,
    parse_action,
    render,
    transition,
)
from stepagent_gym.envs.webshop.records import Goal, Product, Review
from stepagent_gym.envs.webshop.reward import reward


class Shop:
    """A catalogue in memory that answers every query alike, or those it was given."""

    def __init__(
        self, products: Iterable[Product], answers: dict[str, list[str]] | None = None
    ) -> None:
        self.products = {product.asin: product for product in products}
        self.answers = answers

    def product(self, asin: str) -> Product:
        return self.products[asin]

    def search(self, query: str) -> Sequence[str]:
        return list(self.products)[:50] if self.answers is None else self.answers[query]


def a_product(asin: str = "B000000001", **fields: Any) -> Product:
    stored: dict[str, Any] = {
        "asin": asin,
        "title": "Red Mug",
        "price": 12.5,
        "price_text": "$12.5",
        "description": "A mug.",
        "bullets": ["Holds tea", "Is red"],
        "options": {"color": ["red", "blue"], "size": ["small"]},
        "attributes": ["dishwasher safe"],
        "category": "garden",
        "query": "mugs",
        "product_category": "Kitchen › Mugs",
        "nouns": ["red", "mug"],
        "rating": "N.A.",
        "reviews": [],
    }
    return Product.from_json(stored | fields)


def a_goal(instruction: str = "Find me a mug") -> Goal:
    nouns = ("red", "mug")
    attributes = ("dishwasher safe", "gilded")
    return Goal(
        "B1", "garden", "mugs", "Red Mug", "", instruction, attributes, 20.0, ("red",), 1.0, nouns
    )


def follow(shop: Shop, *actions: str, state: State | None = None) -> State:
    """The state after actions that are all possible."""
    state = state or State()
    for action in actions:
        state, valid = transition(state, action, shop)
        assert valid, action
    return state


HEADER = "Instruction: [SEP] Find me a mug [SEP] Back to Search"
SHOP = Shop(a_product(f"B{number:09}") for number in range(1, 26))
FIRST = "click[b000000001]"

# --- the grammar


@pytest.mark.parametrize(
    ("action", "parsed"),
    [
        ("click[b0]", ("click", "b0")),
        ("click[a]\nAction: click[b]", ("click", "a")),
        ("click[a] click[b]", ("click[a] click", "b")),
        ("click[a].", ("click", "a")),
        ("click[a] then [ok]", ("click[a] then ", "ok")),
        ("search[a [b] c]", ("search[a ", "b] c")),
        (" click[a]", (" click", "a")),
        ("Click[a]", ("Click", "a")),
        ("search[]", ("search[]", None)),
        ("\nclick[a]", ("\nclick[a]", None)),
        ("", ("", None)),
        ("[a]", ("[a]", None)),
        ("click[[]", ("click", "[")),
        ("click[]]", ("click", "]")),
        ("click[a", ("click[a", None)),
        ("click]a[", ("click]a[", None)),
        ("click[a\rb]", ("click", "a\rb")),
    ],
)
def test_actions_are_parsed_as_the_original_does(
    action: str, parsed: tuple[str, str | None]
) -> None:
    assert parse_action(action) == parsed


@settings(max_examples=2000, deadline=None)
@given(st.text(st.sampled_from("[]ab \n\r\u2028")) | st.text())
def test_parsing_equals_the_regular_expression_of_the_original(action: str) -> None:
    match = re.match(r"(.+)\[(.+)\]", action)
    assert parse_action(action) == (match.groups() if match else (action, None))


@pytest.mark.parametrize("action", ["[" * 10**6, "]" * 10**6, "[]" * 10**6, "a[" * 10**6 + "]"])
def test_a_hostile_action_of_a_million_brackets_is_parsed(action: str) -> None:
    assert transition(State(), action, SHOP) == (State(), False)


@pytest.mark.parametrize(
    "action",
    [
        "Click[b000000001]",
        "click [b000000001]",
        " click[b000000001]",
        "click[ b000000001]",
        "click[b000000001] click[back to search]",
        "click[b000000001] then [ok]",
        "\nclick[b000000001]",
        "click[search]",
        "click[]",
        "search[]",
        "Search[mug]",
        "buy now",
        "",
    ],
)
def test_what_the_original_does_not_understand_leaves_the_page(action: str) -> None:
    state = follow(SHOP, "search[mug]")
    assert transition(state, action, SHOP) == (state, False)


def test_arguments_are_lowered_and_the_tail_is_ignored() -> None:
    state = follow(SHOP, "search[A Mug]. Then I look")
    assert state == State("results", "a mug")
    assert follow(SHOP, "click[B000000001]\nclick[x]", state=state).asin == "B000000001"


# --- where actions lead


def test_a_search_is_accepted_on_every_page_and_forgets_the_rest() -> None:
    states = [State(), *(follow(SHOP, "search[x]", *rest) for rest in ([], [FIRST]))]
    states += [follow(SHOP, "search[x]", FIRST, "click[red]", "click[features]")]
    for state in states:
        assert follow(SHOP, "search[<r> Mug]", state=state) == State("results", "<r> mug")


def test_result_pages_turn_without_bound() -> None:
    state = follow(SHOP, "search[mug]")
    assert "< prev" not in clickables(state, SHOP)
    for number in range(2, 9):
        state = follow(SHOP, "click[Next >]", state=state)
        assert state.number == number
        shown = max(0, min(10, 25 - 10 * (number - 1)))
        assert clickables(state, SHOP)[:3] == ["back to search", "< prev", "next >"]
        assert len(clickables(state, SHOP)) == 3 + shown
        assert f"Page {number} (Total results: 25) [SEP] < Prev [SEP] Next >" in render(
            state, a_goal(), SHOP
        )
    assert follow(SHOP, "click[< Prev]", state=state).number == 7


def test_only_products_on_the_page_can_be_clicked() -> None:
    state = follow(SHOP, "search[mug]")
    assert transition(state, "click[b000000011]", SHOP) == (state, False)
    second = follow(SHOP, "click[next >]", state=state)
    item = follow(SHOP, "click[b000000011]", state=second)
    assert item == State("item", "mug", 2, "B000000011")
    assert follow(SHOP, "click[< prev]", state=item) == second


def test_options_are_kept_on_sub_pages_and_lost_with_the_item() -> None:
    item = follow(SHOP, "search[mug]", FIRST, "click[small]", "click[red]", "click[blue]")
    assert item.options == (("size", "small"), ("color", "blue"))
    again = follow(SHOP, "click[small]", state=item)
    assert again == item
    for page in ("description", "features", "reviews"):
        sub_page = follow(SHOP, f"click[{page}]", state=item)
        assert sub_page.page == page
        assert clickables(sub_page, SHOP) == ["back to search", "< prev"]
        assert transition(sub_page, "click[red]", SHOP) == (sub_page, False)
        assert follow(SHOP, "click[< prev]", state=sub_page) == item
        assert follow(SHOP, "click[back to search]", state=sub_page) == State()
    assert follow(SHOP, "click[< prev]", FIRST, state=item).options == ()


def test_a_value_of_two_groups_is_chosen_in_the_last() -> None:
    product = a_product(options={"one": ["x", "y"], "two": ["y", "z"], "three": ["x"]})
    item = follow(Shop([product]), "search[mug]", FIRST, "click[y]", "click[x]")
    assert item.options == (("two", "y"), ("three", "x"))
    assert clickables(item, Shop([product]))[-3:] == ["x", "y", "z"]


def test_an_option_with_the_text_of_a_button_acts_as_the_button() -> None:
    names = ["buy now", "< prev", "back to search", "features", "attributes", "next >", "search"]
    shop = Shop([a_product(options={"color": names})])
    item = follow(shop, "search[mug]", FIRST)
    assert clickables(item, shop)[6:] == ["attributes", "next >", "search"]
    assert follow(shop, "click[buy now]", state=item).page == "done"
    assert follow(shop, "click[< prev]", state=item).page == "results"
    assert follow(shop, "click[back to search]", state=item) == State()
    assert follow(shop, "click[features]", state=item).page == "features"
    assert follow(shop, "click[attributes]", state=item).page == "attributes"
    assert follow(shop, "click[next >]", state=item).options == (("color", "next >"),)
    assert transition(item, "click[search]", shop) == (item, False)


def test_page_names_among_the_keywords_mislead_the_page_buttons() -> None:
    item = follow(SHOP, "search[a search_results b]", FIRST)
    assert follow(SHOP, "click[< prev]", state=item).number == 0
    empty = follow(SHOP, "click[< prev]", state=item)
    assert clickables(empty, SHOP) == ["back to search", "next >"]
    assert render(empty, a_goal(), SHOP) == HEADER + (
        " [SEP] Page 0 (Total results: 25) [SEP] Next >"
    )
    sub_page = follow(SHOP, "search[item_page]", FIRST, "click[reviews]")
    assert follow(SHOP, "click[< prev]", state=sub_page) == State("results", "item_page")


def test_nothing_is_possible_after_the_purchase() -> None:
    done = follow(SHOP, "search[mug]", FIRST, "click[red]", "click[buy now]")
    assert clickables(done, SHOP) == []
    for action in ("search[mug]", "click[buy now]", "click[back to search]", FIRST):
        assert transition(done, action, SHOP) == (done, False)
    assert render(done, a_goal(), SHOP) == (
        "Thank you for shopping with us! [SEP] Your score (min 0.0, max 1.0) [SEP] 0.75"
    )


def test_a_state_survives_json() -> None:
    state = follow(SHOP, "search[mug]", "click[next >]", "click[b000000012]", "click[red]")
    assert State.from_json(json.loads(json.dumps(state.to_json()))) == state
    with pytest.raises(ValueError, match="cellar"):
        State.from_json(state.to_json() | {"page": "cellar"})


@settings(deadline=None)
@given(st.data())
def test_what_can_be_clicked_is_possible_and_every_page_renders(data: st.DataObject) -> None:
    reviews = [["Good", "5.0", "Really good"]]
    shop = Shop([a_product(reviews=reviews), a_product("B2", options={"a": ["attributes", "x"]})])
    state = State()
    while state.page != "done" and data.draw(st.integers(0, 20)):
        known = [f"click[{value}]" for value in clickables(state, shop)]
        action = data.draw(st.sampled_from([*known, "search[Mug]", "click[y]", "mug"]))
        state, valid = transition(state, action, shop)
        assert valid == (action in {*known, "search[Mug]"} - {"click[search]"})
        assert render(state, a_goal(), shop)
        assert has_search_bar(state) == (state.page == "search")
        assert State.from_json(state.to_json()) == state


# --- pages against their HTML, read back with BeautifulSoup as the original does

LAYOUT = """<!DOCTYPE html>
<html>
  <head>
    <title>Shop</title>
    <script>let head = "{{ 'script' }}";</script>
  </head>
  <body>
    <div id="instruction-text">
      <h4>Instruction:<br>{{ goal.instruction }}</h4>
    </div>
    <form>
      <button type="submit" class="btn btn-success">Back to Search</button>
    </form>
    {% block page %}
    {% endblock %}
  </body>
  <script>
    let options = JSON.parse(`{{ state.options | tojson }}`);
  </script>
</html>
"""
PREV = '<form>\n<button type="submit" class="btn btn-primary">&lt; Prev</button>\n</form>'
TEMPLATES = {
    "search": """<!DOCTYPE html>
<html>
  <head>
    <title>WebShop</title>
  </head>
  <body>
    <!-- {{ goal.instruction }} -->
    <h2>WebShop</h2>
    <h4>Instruction: <br>{{ goal.instruction }}</h4>
    <input id="search_input" type="text" required/>
    <button class="btn btn-success" type="submit"><i class="glyphicon"></i>Search</button>
    <iframe src="https://example.org">
    </iframe>
  </body>
</html>
""",
    "results": """
    <h3>Page {{ state.number }} (Total results: {{ total }})</h3>
    {% if state.number > 1 %}
    PREV
    {% endif %}
    <form>
      <button type="submit" class="btn btn-primary">Next &gt;</button>
    </form>
    {% for item in products %}
    <div>
      <h4><a class="product-link" href="#">{{ item.asin }}</a></h5>
      <h4 class="product-title">{{ item.title }}</h5>
      <div>
        <h5 class="product-price">{{ item.price_text }}</h6>
      </div>
<!--
      <h5>{{ item.category }}</h5>
      <h5>{{ item.query }}</h5>
-->
    </div>
    {% endfor %}
""",
    "item": """
    PREV
    {% for name, values in product.options.items() %}
    <div>
      <h4>{{ name }}</h4>
      {% for value in values %}
      <input type="radio" id="{{ name }}{{ loop.index0 }}" name="{{ name }}" value="{{ value }}">
      <label for="{{ name }}{{ loop.index0 }}">{{ value }}</label>
      {% endfor %}
    </div>
    {% endfor %}
    <h2>{{ product.title }}</h2>
    <h4>Price: {{ product.price_text }}</h4>
    <h4>Rating: {{ product.rating }}</h4>
    {% for text in ["Description", "Features", "Reviews"] %}
    <form>
      <button class="btn btn-primary" type="submit">{{ text }}</button>
    </form>
    {% endfor %}
    <form>
      <button type="submit" class="btn btn-lg purchase">Buy Now</button>
    </form>
""",
    "description": """
    PREV
    <p class="product-info">{{ product.description }}</p>
""",
    "features": """
    PREV
    <ul>
      {% for bullet in product.bullets %}
      <li><p class="product-info"> {{ bullet }}</p></li>
      {% endfor %}
    </ul>
""",
    "reviews": """
    PREV
    {% for review in product.reviews %}
    <div>
      <h4>"{{ review.title }}"</h4>
      <p>
        <span>{{ review.score }}</span>
        {% for star in range(5) %}
        <span class="fa fa-star"></span>
        {% endfor %}
      </p>
      <p class="content">{{ review.body }}</p>
    </div>
    {% endfor %}
""",
    "attributes": """
    PREV
    <ul>
      {% for attribute in product.attributes %}
      <li><p class="attribute"> {{ attribute }}</p></li>
      {% endfor %}
    </ul>
    <h5>{{ product.category }}</h5>
    <h5>{{ product.query }}</h5>
    <h5>{{ product.product_category }}</h5>
""",
}
HTML = Environment(
    autoescape=True,
    loader=DictLoader(
        {"layout": LAYOUT, "search": TEMPLATES["search"]}
        | {
            page: '{% extends "layout" %}{% block page %}'
            + body.replace("PREV", PREV)
            + "{% endblock %}"
            for page, body in TEMPLATES.items()
            if page != "search"
        }
    ),
)


def html_of(state: State, goal: Goal, shop: Shop) -> BeautifulSoup:
    """The page as HTML, built and parsed as the original does."""
    asins = shop.search(state.query)
    text = HTML.get_template(state.page).render(
        state=state,
        goal=goal,
        total=len(asins),
        products=[shop.product(asin) for asin in asins[state.window]],
        product=shop.products.get(state.asin),
    )
    return BeautifulSoup(text, "html.parser")


def text_of(page: BeautifulSoup) -> str:
    """What the original's text mode shows of a page."""
    hidden = {"style", "script", "head", "title", "meta", "[document]"}
    texts = []
    for node in page.find_all(string=True):
        assert node.parent is not None
        visible = node.parent.name not in hidden and not isinstance(node, Comment)
        if visible and node != "\n":
            texts.append(node.strip())
    return " [SEP] ".join(texts)


def clickables_of(page: BeautifulSoup) -> list[str]:
    """What the original lets one click on a page."""
    elements = [*page.find_all(class_="btn"), *page.find_all(class_="product-link")]
    values = [str(radio["value"]) for radio in page.select('input[type="radio"]')]
    return list(dict.fromkeys([*(element.get_text().lower() for element in elements), *values]))


HOSTILE = st.lists(
    st.sampled_from(["", " ", "\n", "\t", "\r", "\f", "\v", "\x1c", "\x85", "\xa0", "\u2003"])
    | st.sampled_from(["\u2028", "\u200b", "\ufeff", "\0", "&amp;", "&#10;", "&nbsp", "&", "&#0;"])
    | st.sampled_from(["<b>", "</h4>", "<!--", "-->", "--!>", "]]>", "<![CDATA[", "<script>", "<?"])
    | st.sampled_from(["</script>", "</body>", '"', "'", "`", "{{ 1 }}", "[SEP]", "é", "İ", "a b"])
    | st.text(max_size=4),
    max_size=4,
).map("".join)
HOSTILE_PRODUCTS = st.builds(
    Product,
    asin=st.just("B000000001"),
    title=HOSTILE,
    price=st.just(1.0),
    price_text=HOSTILE,
    description=HOSTILE,
    bullets=st.lists(HOSTILE, max_size=3).map(tuple),
    options=st.dictionaries(HOSTILE, st.lists(HOSTILE, max_size=3).map(tuple), max_size=3),
    attributes=st.lists(HOSTILE, max_size=3).map(tuple),
    category=HOSTILE,
    query=HOSTILE,
    product_category=HOSTILE,
    nouns=st.just(frozenset()),
    rating=HOSTILE,
    reviews=st.lists(st.builds(Review, HOSTILE, HOSTILE, HOSTILE), max_size=2).map(tuple),
)


@pytest.mark.parametrize("page", list(TEMPLATES))
@settings(max_examples=150, deadline=None)
@given(product=HOSTILE_PRODUCTS, instruction=HOSTILE, number=st.integers(0, 2))
def test_pages_equal_their_html_read_back(
    page: Page, product: Product, instruction: str, number: int
) -> None:
    shop, goal = Shop([product]), a_goal(instruction)
    state = State(page, "mug", number, product.asin)
    html = html_of(state, goal, shop)
    assert render(state, goal, shop) == text_of(html)
    assert render(state, goal, shop) == text_of(html), "a second time, from the memo"
    assert clickables(state, shop) == clickables_of(html)
    assert has_search_bar(state) == (html.find(id="search_input") is not None)


def test_what_the_round_trip_through_html_loses() -> None:
    product = a_product(title="<b>&amp; \n", description=" \n ", bullets=["", "\n", "\xa0", " x"])
    shop = Shop([product])
    pages = {page: State(page, "mug", 1, product.asin) for page in ("description", "features")}
    header = f"{HEADER} [SEP] < Prev"
    assert render(pages["description"], a_goal(), shop) == header
    assert render(pages["features"], a_goal(), shop) == f"{header} [SEP]  [SEP]  [SEP] x"
    assert "[SEP] <b>&amp; [SEP]" in render(State("results"), a_goal(), shop)


# --- recordings of the original


def read_lines(path: Path) -> list[dict[str, Any]]:
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    return [json.loads(line) for line in content.splitlines()]


def recorded_product(value: dict[str, Any], price: float, nouns: list[str]) -> Product:
    names = {"title": "Title", "price_text": "Price", "description": "Description"}
    names |= {"bullets": "BulletPoints", "attributes": "Attributes", "rating": "Rating"}
    same = ("asin", "options", "category", "query", "product_category")
    reviews = [[r["title"], str(r["score"]), r["body"]] for r in value["Reviews"]]
    fields = {ours: value[theirs] for ours, theirs in names.items()}
    fields |= {name: value[name] for name in same}
    return Product.from_json(fields | {"price": price, "nouns": nouns, "reviews": reviews})


def recorded_goal(value: dict[str, Any], nouns: list[str]) -> Goal:
    renamed = {"instruction": value["instruction_text"], "options": value["goal_options"]}
    return Goal.from_json(value | renamed | {"nouns": nouns})


def shown_results(episodes: list[dict[str, Any]], answers: dict[str, list[str]]) -> None:
    """Add to the recorded answers the results of other queries, as far as the pages show them."""
    recorded = set(answers)
    title = re.compile(r"Back to Search \[SEP\] Page (-?\d+) \(Total results: (\d+)\)")
    for episode in episodes:
        query = ""
        for step in episode["steps"]:
            action = re.match(r"(.+)\[(.+)\]", step["action"])
            if action and action[1] == "search":
                query = action[2].lower()
            shown = title.search(step["observation"])
            if shown is None or query in recorded:
                continue
            number, total = int(shown[1]), int(shown[2])
            buttons = {"back to search", "< prev", "next >"}
            asins = [n.upper() for n in step["available"]["clickables"] if n not in buttons]
            window = slice(10 * (number - 1), 10 * (number - 1) + len(asins))
            answers.setdefault(query, [""] * total)[window] = asins


def test_recorded_episodes_come_back_byte_for_byte(realdata: Path) -> None:
    folder = realdata / "webshop" / "recorded1k"
    nouns = json.loads((folder / "title_nouns.json").read_text())
    prices = json.loads((folder / "prices.json").read_text())
    goals = [recorded_goal(v, nouns[v["asin"]]) for v in read_lines(folder / "goals.jsonl")]
    episodes = read_lines(folder / "episodes.jsonl.gz")
    products = [
        recorded_product(value, prices[value["asin"]], nouns[value["asin"]])
        for value in read_lines(folder / "products.jsonl")
    ]
    answers = {line["query"]: line["top"] for line in read_lines(folder / "queries.jsonl.gz")}
    shown_results(episodes, answers)
    shop = Shop(products, answers)
    for episode in episodes:
        goal, state = goals[episode["goal"]], State()
        assert render(state, goal, shop) == episode["initial"]
        for step in episode["steps"]:
            state = transition(state, step["action"], shop)[0]
            assert (state.page == "done") == step["done"]
            if step["done"]:
                details = reward(shop.product(state.asin), goal, state.chosen)
                assert details.total == step["reward"]
                continue
            assert render(state, goal, shop) == step["observation"]
            assert step["reward"] == 0
            assert step["available"] == {
                "has_search_bar": has_search_bar(state),
                "clickables": clickables(state, shop),
            }
