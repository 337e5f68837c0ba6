"""Preparing a catalogue: from the original's files to the form that `Catalogue` opens.

Two passes, both streaming.  The first reads products in file order, draws prices, finds nouns,
makes goals, and spools records; the second writes products in the order of their asins and builds
the index.  Memory holds the asins, the attribute files and a batch of the index, so it grows by
about 300 bytes a product.
"""

import hashlib
import os
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Literal

import numpy as np
import orjson

from stepagent_gym.datasets import Prepared, Report, named_files, silent
from stepagent_gym.envs.webshop import goals as goal_rules
from stepagent_gym.envs.webshop.index_build import build_index
from stepagent_gym.envs.webshop.nouns import choose_rule
from stepagent_gym.envs.webshop.records import Goal, Product, Review
from stepagent_gym.envs.webshop.sources import (
    Listing,
    Sources,
    read_json,
    read_lines,
    read_listings,
)
from stepagent_gym.errors import DataCorrupt, UsageError
from stepagent_gym.jsonlines import write_json_lines

GoalKind = Literal["auto", "human", "synthetic", "given"]
_PROGRESS = 100_000
_WORTH_WORKERS = 50_000


@dataclass(frozen=True)
class Options:
    """How a catalogue is prepared; beside `--from` and `--name`, the flags of the command."""

    goals: GoalKind = "auto"
    """given (goals.jsonl), human, synthetic, or auto: the first of them that there is."""
    nouns: str = "auto"
    """auto, words, or a spaCy model; a title_nouns.json among the sources beats them."""
    seed: int = 0
    """Seed of the drawn prices and price limits."""
    split: tuple[str, ...] = ()
    """Further splits, each NAME=FILE with a JSON list of goal indices."""
    workers: int | None = None
    """Processes that analyse text; by default one a core for a large catalogue."""


def prepare(
    sources: Sequence[Path],
    out: Path,
    options: Options,
    report: Report = silent,
) -> Prepared:
    """Prepare a catalogue from files and folders (see `sources`) into the folder `out`.

    `report` is told of progress.  Raises `UsageError`, and `DataCorrupt` naming file and record.
    """
    found = Sources.find(sources)
    kind = _goal_kind(options.goals, found)
    noun_rule, nouns_of = _noun_rule(found, options.nouns)
    with closing(_Spool(out)) as products, closing(_Spool(out)) as goals:
        first = _FirstPass(
            products=products,
            goals=goals,
            seed=options.seed,
            kind=kind,
            prices=None if found.prices is None else read_json(found.prices),
            human=read_json(found.human) if kind == "human" and found.human else {},
            nouns=nouns_of,
            report=report,
        )
        first.read_products(
            found.products, None if found.attributes is None else read_json(found.attributes)
        )
        if kind == "given" and found.goals is not None:
            first.read_goals(found.goals)
        _write_goals(first, out)
        contents = None if found.contents is None else _read_contents(found.contents)
        _write_products(first, contents, out, options.workers)
    split_sizes = _write_splits(out, len(goals), {**found.indices, **named_files(options.split)})
    return Prepared(
        counts={"products": len(products), "goals": len(goals), **split_sizes},
        info={
            "goals": kind,
            "nouns": noun_rule,
            "prices": "given" if found.prices is not None else f"drawn with seed {options.seed}",
            "sources": {path.name: _sha256(path) for path in _files(found)},
        },
    )


class _Spool:
    """JSON lines in a temporary file without a name, read back in any order."""

    def __init__(self, folder: Path) -> None:
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115 - closed by close()
        self._offsets = array("Q", [0])

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def append(self, value: Any) -> None:
        line = orjson.dumps(value) + b"\n"
        self._file.write(line)
        self._offsets.append(self._offsets[-1] + len(line))

    def __getitem__(self, index: int) -> bytes:
        start, end = self._offsets[index], self._offsets[index + 1]
        self._file.seek(start)
        return self._file.read(end - start)

    def close(self) -> None:
        self._file.close()


@dataclass
class _FirstPass:
    """Reads the sources once; what it spools and counts is what the second pass needs."""

    products: _Spool
    goals: _Spool
    seed: int
    kind: GoalKind
    prices: Mapping[str, float] | None
    human: Mapping[str, Any]
    nouns: Callable[[str, str], list[str]]
    report: Report
    asins: list[bytes] = field(default_factory=list)
    attribute_counts: Counter[str] = field(default_factory=Counter)

    def read_products(self, path: Path, attributes: Mapping[str, Any] | None) -> None:
        for listing in read_listings(path, attributes):
            price = self._price(listing)
            nouns = self.nouns(listing.asin, listing.title)
            self.asins.append(listing.asin.encode())
            self.products.append(_product(listing, price, nouns).to_json())
            try:
                for goal in self._goals_of(listing, price):
                    self._add_goal(replace(goal, nouns=tuple(nouns)))
            except (KeyError, TypeError, AttributeError) as error:
                raise DataCorrupt(
                    f"an instruction of product {listing.asin} is malformed: {error!r}; "
                    "mend or remove it"
                ) from error
            if len(self.asins) % _PROGRESS == 0:
                self.report(f"{len(self.asins):,} products read")

    def read_goals(self, path: Path) -> None:
        for number, raw in read_lines(path):
            try:
                goal = _given_goal(raw, self.nouns(raw["asin"], raw["name"]))
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise DataCorrupt(
                    f"{path}, line {number}, is no goal: {error!r}; mend or remove it"
                ) from error
            self._add_goal(goal)

    def _price(self, listing: Listing) -> float:
        if self.prices is None:
            return goal_rules.draw_price(listing, self.seed)
        if listing.asin not in self.prices:
            raise DataCorrupt(f"prices.json lacks the product {listing.asin}; fetch it again")
        return float(self.prices[listing.asin])

    def _goals_of(self, listing: Listing, price: float) -> Iterator[Goal]:
        if self.kind == "human":
            instructions = self.human.get(listing.asin, listing.human)
            return goal_rules.human_goals(listing, instructions, price, self.seed)
        if self.kind == "synthetic":
            return goal_rules.synthetic_goals(listing, price, self.seed)
        return iter(())

    def _add_goal(self, goal: Goal) -> None:
        self.goals.append(goal.to_json())
        self.attribute_counts.update(goal.attributes)


def _goal_kind(wanted: GoalKind, found: Sources) -> GoalKind:
    there: dict[GoalKind, bool] = {
        "given": found.goals is not None,
        "human": found.human is not None,
        "synthetic": True,
    }
    if wanted == "auto":
        return next(kind for kind, present in there.items() if present)
    if wanted == "given" and found.goals is None:
        raise UsageError("--goals given needs goals.jsonl among the sources")
    return wanted


def _noun_rule(found: Sources, wanted: str) -> tuple[str, Callable[[str, str], list[str]]]:
    """Choose how nouns are found from asin and title: by a list that was given, else by a rule."""
    if found.nouns is None:
        name, rule = choose_rule(wanted)
        return name, lambda asin, title: rule(title)
    path, by_asin = found.nouns, read_json(found.nouns)

    def given(asin: str, title: str) -> list[str]:
        if asin not in by_asin:
            raise DataCorrupt(f"{path} lacks the product {asin}; fetch it again")
        return list(by_asin[asin])

    return "given", given


def _product(listing: Listing, price: float, nouns: Sequence[str]) -> Product:
    return Product(
        asin=listing.asin,
        title=listing.title,
        price=price,
        price_text=listing.price_text,
        description=listing.description,
        bullets=listing.bullets,
        options={name: tuple(values) for name, values in listing.options.items()},
        attributes=listing.attributes,
        category=listing.category,
        query=listing.query,
        product_category=listing.product_category,
        nouns=frozenset(nouns),
        rating=listing.rating,
        reviews=tuple(Review(*review) for review in listing.reviews),
    )


def _given_goal(raw: Mapping[str, Any], nouns: Sequence[str]) -> Goal:
    """Read a goal in the original's form; options as a list of values, or by name."""
    options = raw["goal_options"]
    return Goal(
        asin=raw["asin"],
        category=raw["category"],
        query=raw["query"],
        name=raw["name"],
        product_category=raw["product_category"],
        instruction=raw["instruction_text"],
        attributes=tuple(raw["attributes"]),
        price_upper=float(raw["price_upper"]),
        options=tuple(options.values() if isinstance(options, dict) else options),
        weight=float(raw["weight"]),
        nouns=tuple(nouns),
    )


def _write_goals(first: _FirstPass, out: Path) -> None:
    """Write goals in their final order: as given, or as the original shuffles them."""
    if not len(first.goals):
        raise UsageError(
            f"no product has an instruction, so there are no {first.kind} goals; "
            "give items_human_ins.json, or items_ins_v2.json with instructions"
        )
    count = len(first.goals)
    order = range(count) if first.kind == "given" else goal_rules.shuffled(count)

    def lines() -> Iterator[bytes]:
        for index in order:
            goal = orjson.loads(first.goals[index])
            if first.kind == "synthetic":
                goal["weight"] = goal_rules.weight(goal["attributes"], first.attribute_counts)
            yield orjson.dumps(goal) + b"\n"

    write_json_lines(out / "goals.jsonl", lines())


def _write_products(
    first: _FirstPass, contents: Mapping[str, str] | None, out: Path, workers: int | None
) -> None:
    """Write products in the order of their asins, and the index of their texts."""
    asins = np.array(first.asins)
    order = np.argsort(asins, kind="stable")
    np.save(out / "asins.npy", asins[order])
    if workers is None:
        workers = (os.cpu_count() or 1) if len(order) > _WORTH_WORKERS else 1
    write_json_lines(out / "products.jsonl", (first.products[index] for index in order.tolist()))

    def texts() -> Iterator[str]:
        for position, index in enumerate(order.tolist(), start=1):
            yield _indexed_text(orjson.loads(first.products[index]), contents)
            if position % _PROGRESS == 0:
                first.report(f"{position:,} products indexed")

    (out / "index").mkdir()
    build_index(out / "index", texts(), workers=workers)


def _indexed_text(product: Mapping[str, Any], contents: Mapping[str, str] | None) -> str:
    """Give the text that is indexed: title, description, first bullet, options; lower case."""
    if contents is not None:
        if product["asin"] not in contents:
            raise DataCorrupt(f"contents.jsonl lacks the product {product['asin']}")
        return contents[product["asin"]]
    options = ", and ".join(f"{name}: {', '.join(v)}" for name, v in product["options"].items())
    bullet = product["bullets"][0] if product["bullets"] else ""
    return f"{product['title']} {product['description']} {bullet} {options}".lower()


def _read_contents(path: Path) -> dict[str, str]:
    try:
        return {row["asin"]: row["contents"] for _, row in read_lines(path)}
    except (KeyError, TypeError) as error:
        raise DataCorrupt(f"{path} holds a line without asin and contents: {error!r}") from error


def _write_splits(out: Path, count: int, indices: Mapping[str, Path]) -> dict[str, int]:
    """Write the splits: by rule, by index file, and each `X_test` without what `X_train` holds."""
    splits = {
        name: list(range(start, end))
        for name, (start, end) in goal_rules.split_ranges(count).items()
    }
    for name, path in indices.items():
        listed = read_json(path)
        if not isinstance(listed, list) or not all(type(index) is int for index in listed):
            raise DataCorrupt(f"{path} is no list of goal indices")
        outside = [index for index in listed if not 0 <= index < count]
        if outside:
            raise DataCorrupt(
                f"{path} names goal {outside[0]}, the catalogue has {count:,}; "
                "it belongs to another catalogue: leave it out"
            )
        splits[name] = list(dict.fromkeys(listed))
    for name in [name for name in splits if name.endswith("_test")]:
        train = set(splits.get(name.removesuffix("test") + "train", ()))
        if train:
            splits[f"{name}_clean"] = [index for index in splits[name] if index not in train]
    (out / "splits.json").write_bytes(orjson.dumps(splits) + b"\n")
    return {f"split {name}": len(members) for name, members in splits.items()}


def _files(found: Sources) -> Iterator[Path]:
    for value in vars(found).values():
        if isinstance(value, Path):
            yield value
    yield from found.indices.values()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
