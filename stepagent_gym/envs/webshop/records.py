"""What WebShop knows of a product and of a goal: frozen records, and the form they are stored in.

Texts are kept as the original loader leaves them: option names and values in lower case with "/"
written " | ", prices drawn once and then fixed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Review(NamedTuple):
    """One customer review, as the Reviews page prints it."""

    title: str
    score: str
    body: str


@dataclass(frozen=True, slots=True)
class Product:
    """A product: the texts its pages show and the facts the reward looks at.

    Two products are equal when all their stored fields are; hashing looks at the asin alone, which
    makes a product a cheap key.
    """

    asin: str
    title: str
    price: float
    """Dollars; drawn once from the printed range. The reward compares it with the goal's limit."""
    price_text: str
    """What pages print: "$877.8", or "$10.0 to $20.0" for a range."""
    description: str
    bullets: tuple[str, ...]
    """The Features page, one text a bullet point."""
    options: dict[str, tuple[str, ...]]
    """Option group to its values, both in the order the item page lists them."""
    attributes: tuple[str, ...]
    category: str
    query: str
    product_category: str
    """The path of the shop's departments, joined by "›"."""
    nouns: frozenset[str]
    """The distinct nouns of the title, in lower case."""
    rating: str = "N.A."
    reviews: tuple[Review, ...] = ()
    memo: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Texts derived from the fields, filled on first use by the page and reward functions."""

    def __hash__(self) -> int:
        return hash(self.asin)

    @property
    def list_price(self) -> float:
        """The first price pages print, in dollars: the lower end of a range."""
        return float(self.price_text.removeprefix("$").partition(" to ")[0])

    @property
    def searched_texts(self) -> tuple[str, str, str]:
        """Title, bullet points and description in lower case, where goal attributes are sought."""
        texts: tuple[str, str, str] | None = self.memo.get("searched_texts")
        if texts is None:
            bullets = " ".join(self.bullets)
            texts = (self.title.lower(), bullets.lower(), self.description.lower())
            self.memo["searched_texts"] = texts
        return texts

    @property
    def group_of_option(self) -> dict[str, str]:
        """Every option value in page order, with the group that a click on it sets.

        A value that stands in several groups is listed once, where it is first met, and belongs to
        the last of them, as in the original engine.
        """
        groups: dict[str, str] | None = self.memo.get("group_of_option")
        if groups is None:
            groups = {value: name for name, values in self.options.items() for value in values}
            self.memo["group_of_option"] = groups
        return groups

    def to_json(self) -> dict[str, Any]:
        """Write the stored form: one key a field, lists for tuples, nouns sorted."""
        return {
            "asin": self.asin,
            "title": self.title,
            "price": self.price,
            "price_text": self.price_text,
            "description": self.description,
            "bullets": list(self.bullets),
            "options": {name: list(values) for name, values in self.options.items()},
            "attributes": list(self.attributes),
            "category": self.category,
            "query": self.query,
            "product_category": self.product_category,
            "nouns": sorted(self.nouns),
            "rating": self.rating,
            "reviews": [list(review) for review in self.reviews],
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Product:
        """Read the stored form; a missing field raises KeyError."""
        return cls(
            asin=value["asin"],
            title=value["title"],
            price=value["price"],
            price_text=value["price_text"],
            description=value["description"],
            bullets=tuple(value["bullets"]),
            options={name: tuple(values) for name, values in value["options"].items()},
            attributes=tuple(value["attributes"]),
            category=value["category"],
            query=value["query"],
            product_category=value["product_category"],
            nouns=frozenset(value["nouns"]),
            rating=value["rating"],
            reviews=tuple(Review(*review) for review in value["reviews"]),
        )


@dataclass(frozen=True, slots=True)
class Goal:
    """One shopping task: the instruction, and the product that would satisfy it.

    Two goals are equal when all their stored fields are; hashing looks at the asin and the
    instruction alone.
    """

    asin: str
    category: str
    query: str
    name: str
    """The title of the wanted product."""
    product_category: str
    instruction: str
    """What the agent reads, the price limit included."""
    attributes: tuple[str, ...]
    price_upper: float
    """The highest price that still satisfies the goal, in dollars; 1,000,000 stands for any."""
    options: tuple[str, ...]
    """The wanted option values; their groups do not matter."""
    weight: float
    """How often the goal is drawn, relative to the others."""
    nouns: tuple[str, ...]
    """The nouns of `name` in lower case, with repeats: their number divides the title score."""
    memo: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Texts derived from the fields, filled on first use by the page functions."""

    def __hash__(self) -> int:
        return hash((self.asin, self.instruction))

    def to_json(self) -> dict[str, Any]:
        """Write the stored form: one key a field, lists for tuples."""
        return {
            "asin": self.asin,
            "category": self.category,
            "query": self.query,
            "name": self.name,
            "product_category": self.product_category,
            "instruction": self.instruction,
            "attributes": list(self.attributes),
            "price_upper": self.price_upper,
            "options": list(self.options),
            "weight": self.weight,
            "nouns": list(self.nouns),
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Goal:
        """Read the stored form; a missing field raises KeyError."""
        return cls(
            asin=value["asin"],
            category=value["category"],
            query=value["query"],
            name=value["name"],
            product_category=value["product_category"],
            instruction=value["instruction"],
            attributes=tuple(value["attributes"]),
            price_upper=value["price_upper"],
            options=tuple(value["options"]),
            weight=value["weight"],
            nouns=tuple(value["nouns"]),
        )
