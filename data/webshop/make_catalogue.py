"""Make the embedded WebShop catalogue: invented products and goals, in the original's raw schema.

    python data/webshop/make_catalogue.py [FOLDER] [--products N] [--goals N]

Without options this is the embedded catalogue.  Writes `source/` (`items_shuffle.json`,
`items_ins_v2.json`, `items_human_ins.json`) and prepares it into `prepared/`, both byte for byte
the same on every machine.  Words come from `vocabulary.json`; brands and products are invented.

What makes it worth solving: the products of a type share words and attributes, so that for every
goal there are near misses, with an attribute, an option or a noun too few; some attributes of a
product stand in its text alone; the wording of goals varies.
"""

import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import tyro

from stepagent_gym.datasets import write_manifest
from stepagent_gym.envs.webshop.prepare import Options, prepare

HERE = Path(__file__).parent
SEED = 20_250_101
WORDS = 64
ASIN_LETTERS = "0123456789BCDFGHJKLMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Size:
    """Make a catalogue: how many products of each type, and how many goals among them."""

    folder: tyro.conf.Positional[Path] = HERE
    """It is written to `source/` and `prepared/` in this folder."""
    products: int = 45
    goals: int = 25
    asins: Literal["letters", "words"] = "letters"
    """What numbers of products are made of; two words are easier to repeat for a small model."""
    name: str = "embedded"
    """Name of the catalogue in its manifest."""


def make_product(kind: dict[str, Any], words: dict[str, Any], number: int) -> dict[str, Any]:
    """Make one raw product; `listed` are the attributes of its attribute list."""
    rng = random.Random(f"{SEED} {kind['noun']} {number}")
    attributes = choose_attributes(kind, words, rng)
    in_title = attributes[: rng.randint(1, 2)]
    style, other = rng.sample(kind["styles"], 2)
    material, use = rng.choice(kind["materials"]), rng.choice(kind["uses"])
    options = choose_options(kind, rng)
    brand = rng.choice(words["brands"])
    title = f"{brand} {style} {kind['noun']}, {material}, {', '.join(map(str.title, in_title))}"
    title += f" {kind['noun'].split()[-1]} for {use}"
    if options and rng.random() < 0.5:
        title += f" ({rng.choice(next(iter(options.values()))).title()})"
    bullets = [words["wording"][attribute] for attribute in attributes]
    rng.shuffle(bullets)
    bullets.insert(0, f"{style} design in {material.lower()}, made for {use.lower()}.")
    asin = "B0" + "".join(rng.choices(ASIN_LETTERS, k=8))
    return {
        "asin": asin,
        "name": title,
        "full_description": (
            f"The {brand} {kind['noun'].lower()} brings a {style.lower()} look to {use.lower()}. "
            f"If you like {other.lower()} pieces, it goes well with them. {bullets[-1]}"
        ),
        "small_description": bullets,
        "pricing": make_price(kind, rng),
        "category": kind["category"],
        "query": kind["query"],
        "product_category": kind["path"],
        "customization_options": {
            name: [{"value": value, "image": None} for value in values]
            for name, values in options.items()
        },
        "images": [f"{asin.lower()}.jpg"],
        "average_rating": f"{rng.randint(31, 50) / 10}",
        "listed": attributes[: rng.randint(max(2, len(in_title)), len(attributes))],
    }


def choose_attributes(kind: dict[str, Any], words: dict[str, Any], rng: random.Random) -> list[str]:
    """Choose three to five attributes of a type, of which none excludes another."""
    attributes = rng.sample(kind["attributes"], len(kind["attributes"]))
    for pair in words["exclusive"]:
        if set(pair) <= set(attributes):
            attributes.remove(rng.choice(pair))
    return attributes[: rng.randint(3, 5)]


def choose_options(kind: dict[str, Any], rng: random.Random) -> dict[str, list[str]]:
    """Choose some of a type's option groups, and some values of each, in the type's order."""
    options = {}
    for name, values in kind["options"].items():
        if rng.random() < 0.88:
            kept = set(rng.sample(values, rng.randint(2, len(values))))
            options[name] = [value for value in values if value in kept]
    return options


def make_price(kind: dict[str, Any], rng: random.Random) -> str:
    """Write a price, or now and then a range, as the raw files do."""
    low, high = kind["price"]
    price = low + (high - low) * rng.random() ** 2
    cents = rng.choice((0.0, 0.49, 0.95, 0.99))
    if rng.random() < 0.15:
        return f"${int(price) + cents:.2f}${int(price * 1.3) + 1 + cents:.2f}"
    return f"${int(price) + cents:.2f}"


def make_instruction(
    kind: dict[str, Any], product: dict[str, Any], words: dict[str, Any], number: int
) -> dict[str, Any]:
    """Write what a shopper who wants this product would ask for."""
    rng = random.Random(f"{SEED} goal {kind['noun']} {number}")
    attributes = rng.sample(product["listed"], rng.randint(1, min(3, len(product["listed"]))))
    groups = product["customization_options"]
    wanted = {
        name: rng.choice(values)["value"] for name, values in groups.items() if rng.random() < 0.85
    }
    material = product["name"].split(", ")[1].lower()
    phrases = [words["said"].get(attribute, attribute) for attribute in attributes]
    plain = [phrase for phrase in phrases if phrase.split()[0] not in ("with", "for", "of")]
    tail = [phrase for phrase in phrases if phrase not in plain]
    before = [plain.pop()] if plain and " to " not in plain[-1] and rng.random() < 0.5 else []
    thing = " ".join([*before, material, kind["noun"].lower()])
    text = f"{rng.choice(words['opening'])} {article(thing, kind, words)}{thing}"
    text += f" {' and '.join(tail)}" if tail else ""
    text += f" {rng.choice(words['linking'])} {' and '.join(plain)}" if plain else ""
    for place, (name, value) in enumerate(wanted.items()):
        kind_of = name.removesuffix(" name")
        text += f"{'.' if place == 0 else ' and'} {rng.choice(words['choosing'])}"
        text += f" {value} {kind_of}" if rng.random() < 0.5 else f" the {kind_of} {value}"
    return {
        "asin": product["asin"],
        "instruction": text + ".",
        "instruction_attributes": attributes,
        "instruction_options": list(wanted.values()),
    }


def article(thing: str, kind: dict[str, Any], words: dict[str, Any]) -> str:
    """Give the article that stands before a thing, with its blank; none before a mass noun."""
    if kind["noun"] in words["plural"]:
        return ""
    return "an " if thing[0] in "aeio" else "a "


def spoken_asins() -> list[str]:
    """Give the numbers of two words, in an order that is drawn."""
    syllables = [a + b for a in "BDFGKLMN" for b in "AEIO"]
    rng = random.Random(f"{SEED} asins")
    words = rng.sample([a + b for a in syllables for b in syllables], WORDS)
    asins = [f"B0{one}{other}" for one in words for other in words]
    rng.shuffle(asins)
    return asins


def make_sources(size: Size) -> dict[str, Any]:
    """Make the content of the three files."""
    words = json.loads((HERE / "vocabulary.json").read_text(encoding="utf-8"))
    products, attributes, human = [], {}, {}
    spoken = iter(spoken_asins())
    if size.asins == "words" and size.products * len(words["types"]) > WORDS**2:
        sys.exit(f"--products {size.products}: words make {WORDS**2:,} numbers, for all types")
    for kind in words["types"]:
        made = [make_product(kind, words, number) for number in range(size.products)]
        if size.asins == "words":
            for product in made:
                product["asin"] = next(spoken)
        for number, product in enumerate(made[: size.goals]):
            human[product["asin"]] = [make_instruction(kind, product, words, number)]
        for product in made:
            attributes[product["asin"]] = {"attributes": product.pop("listed")}
        products += made
    random.Random(SEED).shuffle(products)
    assert len(attributes) == len(products), "two products have one asin"
    return {"items_shuffle": products, "items_ins_v2": attributes, "items_human_ins": human}


def main(size: Size) -> None:
    """Write the sources, and prepare them."""
    if not 1 <= size.goals <= size.products:
        sys.exit(f"--goals {size.goals}: 1 to {size.products}, one for a product")
    sources = make_sources(size)
    source, prepared = size.folder / "source", size.folder / "prepared"
    source.mkdir(parents=True, exist_ok=True)
    prepared.mkdir(exist_ok=True)
    for name, content in sources.items():
        text = json.dumps(content, ensure_ascii=False, indent=0)
        (source / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    for file in [*prepared.glob("*.*"), *(prepared / "index").glob("*")]:
        file.unlink()
    if (prepared / "index").exists():
        (prepared / "index").rmdir()
    write_manifest(
        prepared,
        "webshop",
        size.name,
        prepare([source], prepared, Options(nouns="words", goals="human")),
    )


if __name__ == "__main__":
    main(tyro.cli(Size))
