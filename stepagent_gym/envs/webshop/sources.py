"""The files that a WebShop catalogue is made from, and how a product is read from them.

Three forms of products are understood, each plain or gzipped:

    items_shuffle*.json   the original's download: one JSON list of raw products
    documents*.jsonl      what the original's indexer reads: {"id", "contents", "product"}
    products.jsonl        products as the original's loader leaves them

and beside them `items_ins_v2*.json` (attributes, synthetic instructions), `items_human_ins.json`
(human instructions), `goals.jsonl` (goals already drawn), `prices.json`, `title_nouns.json`,
`contents.jsonl` (the text to index) and index files `<split>_indices*.json`.  Products stream:
memory does not grow with their number, except for what is in the small files.
"""

import gzip
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, BinaryIO, cast

import ijson
import orjson

from stepagent_gym.errors import DataCorrupt, UsageError

_ROLES = (
    (
        "products",
        re.compile(r"(items_shuffle\w*\.json|documents\w*\.jsonl|products\.jsonl)(\.gz)?"),
    ),
    ("attributes", re.compile(r"items_ins_v2\w*\.json(\.gz)?")),
    ("human", re.compile(r"items_human_ins\w*\.json(\.gz)?")),
    ("goals", re.compile(r"goals\.jsonl(\.gz)?")),
    ("prices", re.compile(r"prices\.json(\.gz)?")),
    ("nouns", re.compile(r"title_nouns\.json(\.gz)?")),
    ("contents", re.compile(r"contents\.jsonl(\.gz)?")),
)
_INDICES = re.compile(r"(\w+?)_indices(\w*)\.json")
_NO_PRICE = 100.0


@dataclass(frozen=True)
class Sources:
    """The files of a catalogue, by what they hold; `indices` by the split they define."""

    products: Path
    attributes: Path | None = None
    human: Path | None = None
    goals: Path | None = None
    prices: Path | None = None
    nouns: Path | None = None
    contents: Path | None = None
    indices: Mapping[str, Path] = field(default_factory=dict)

    @classmethod
    def find(cls, paths: Sequence[Path]) -> "Sources":
        """Sort files, and the files of folders, by their names.

        Raises `UsageError` for a file given by name that has no known role, for two files of one
        role, and where there are no products.
        """
        roles: dict[str, Path] = {}
        indices: dict[str, Path] = {}
        for given in paths:
            for path in sorted(given.iterdir()) if given.is_dir() else [given]:
                role = next((name for name, form in _ROLES if form.fullmatch(path.name)), None)
                split = _INDICES.fullmatch(path.name)
                if role is None and split is None:
                    if path is given:
                        raise UsageError(
                            f"{path} is none of a WebShop catalogue's files (items_shuffle*.json, "
                            "items_ins_v2*.json, items_human_ins.json, documents*.jsonl, "
                            "products.jsonl, goals.jsonl, <split>_indices.json, ...)"
                        )
                    continue
                if split is not None:
                    indices[split[1] + split[2]] = path
                elif role in roles:
                    raise UsageError(
                        f"both {roles[role]} and {path} hold {role}; name the file to take"
                    )
                elif role is not None:
                    roles[role] = path
        if "products" not in roles:
            raise UsageError(
                f"no products in {', '.join(map(str, paths))}; give items_shuffle*.json, "
                "documents*.jsonl or products.jsonl"
            )
        return cls(indices=indices, **roles)


@dataclass(frozen=True, slots=True)
class Listing:
    """A product as it is offered, before its price is drawn and its nouns are found."""

    asin: str
    title: str
    prices: tuple[float, ...]
    price_text: str
    description: str
    bullets: tuple[str, ...]
    options: dict[str, list[str]]
    attributes: tuple[str, ...]
    category: str
    query: str
    product_category: str
    rating: str
    reviews: tuple[tuple[str, str, str], ...]
    instruction: str | None
    """The synthetic instruction, with `instruction_attributes`."""
    instruction_attributes: tuple[str, ...]
    human: tuple[Mapping[str, Any], ...]
    """Human instructions that the product itself carries, as in `items_human_ins.json`."""


def read_json(path: Path) -> Any:
    """Read a JSON file, plain or gzipped; `DataCorrupt` names it where it is malformed."""
    try:
        with _open(path) as file:
            return orjson.loads(file.read())
    except (orjson.JSONDecodeError, EOFError, OSError) as error:
        raise DataCorrupt(f"{path} is truncated or no JSON: {error}; fetch it again") from error


def read_lines(path: Path) -> Iterator[tuple[int, Any]]:
    """Read JSON lines, plain or gzipped, with their numbers from 1."""
    number = 0
    try:
        with _open(path) as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, orjson.loads(line)
    except (orjson.JSONDecodeError, EOFError, OSError) as error:
        raise DataCorrupt(
            f"{path}, line {number}, is truncated or no JSON: {error}; fetch it again"
        ) from error


def read_listings(path: Path, attributes: Mapping[str, Any] | None) -> Iterator[Listing]:
    """Stream the products that the original's loader keeps, in file order.

    It leaves out an asin of "nan" or of more than 10 characters, and repeats.  `attributes` is the
    content of `items_ins_v2*.json`; None where products carry theirs.
    Raises `DataCorrupt` with the file, the number of the product and its asin.
    """
    seen: set[str] = set()
    for number, raw in _raw_products(path):
        asin = raw.get("asin") if isinstance(raw, dict) else None
        if isinstance(asin, str) and (asin == "nan" or len(asin) > 10 or asin in seen):
            continue
        try:
            if not isinstance(asin, str) or not asin.isascii() or not asin:
                raise ValueError(f"the asin is {asin!r}")
            listing = _from_loaded(raw) if "Title" in raw else _from_raw(raw)
            listing = _with_attributes(listing, raw, attributes)
        except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
            reason = f"no field {error}" if isinstance(error, KeyError) else str(error)
            raise DataCorrupt(
                f"{path}: product {number} (asin {asin!r}) is malformed: {reason}; "
                "mend or remove it"
            ) from error
        seen.add(asin)
        yield listing


def _open(path: Path) -> BinaryIO:
    if path.suffix == ".gz":
        return cast("BinaryIO", gzip.open(path, "rb"))
    return path.open("rb")


def _raw_products(path: Path) -> Iterator[tuple[int, Any]]:
    if ".jsonl" in path.suffixes:
        for number, row in read_lines(path):
            yield number, row.get("product", row) if isinstance(row, dict) else row
        return
    number = 0
    try:
        with _open(path) as file:
            for number, raw in enumerate(ijson.items(file, "item", use_float=True), start=1):
                yield number, raw
    except (ijson.JSONError, EOFError, OSError) as error:
        raise DataCorrupt(
            f"{path} is truncated or no JSON after product {number}: {error}; fetch it again"
        ) from error


def _from_raw(raw: Mapping[str, Any]) -> Listing:
    """Read a raw product, by the rules of the original's `load_products`."""
    prices, price_text = _pricing(raw.get("pricing"))
    options: dict[str, list[str]] = {}
    for name, contents in (raw["customization_options"] or {}).items():
        if contents is not None:
            options[name.lower()] = [
                content["value"].strip().replace("/", " | ").lower() for content in contents
            ]
    bullets = raw["small_description"]
    return Listing(
        asin=raw["asin"],
        title=_text(raw["name"]),
        prices=prices,
        price_text=price_text,
        description=_text(raw["full_description"]),
        bullets=tuple(map(_text, bullets if isinstance(bullets, list) else [bullets])),
        options=options,
        attributes=(),
        category=_text(raw["category"]),
        query=_text(raw["query"]).lower().strip(),
        product_category=_text(raw["product_category"]),
        rating="N.A.",
        reviews=(),
        instruction=None,
        instruction_attributes=(),
        human=(),
    )


def _from_loaded(raw: Mapping[str, Any]) -> Listing:
    """Read a product as the original's loader leaves it."""
    return Listing(
        asin=raw["asin"],
        title=_text(raw["Title"]),
        prices=tuple(float(price) for price in raw["pricing"]),
        price_text=_text(raw["Price"]),
        description=_text(raw["Description"]),
        bullets=tuple(map(_text, raw["BulletPoints"])),
        options={name: list(map(_text, values)) for name, values in raw["options"].items()},
        attributes=tuple(map(_text, raw["Attributes"])),
        category=_text(raw["category"]),
        query=_text(raw["query"]),
        product_category=_text(raw["product_category"]),
        rating=str(raw["Rating"]),
        reviews=tuple(
            (_text(review["title"]), str(review["score"]), _text(review["body"]))
            for review in raw["Reviews"]
        ),
        instruction=raw.get("instruction_text"),
        instruction_attributes=tuple(raw.get("instruction_attributes") or ()),
        human=tuple(raw.get("instructions") or ()),
    )


def _with_attributes(
    listing: Listing, raw: Mapping[str, Any], attributes: Mapping[str, Any] | None
) -> Listing:
    """Add what `items_ins_v2*.json` says of a product (upstream's dummy where it says nothing)."""
    if attributes is None:
        if not listing.attributes and "Attributes" not in raw:
            raise ValueError("it has no attributes, and there is no items_ins_v2*.json")
        return listing
    entry = attributes.get(listing.asin, {})
    values = {name: getattr(listing, name) for name in Listing.__slots__}
    values["attributes"] = tuple(entry.get("attributes", ("DUMMY_ATTR",)))
    values["instruction"] = entry.get("instruction")
    values["instruction_attributes"] = tuple(entry.get("instruction_attributes") or ())
    return Listing(**values)


def _pricing(text: Any) -> tuple[tuple[float, ...], str]:
    """Read "$12.99" or "$10.00$20.00"; no price is $100.0, as upstream has it."""
    if not text:
        return (_NO_PRICE,), f"${_NO_PRICE}"
    parts = [float(Decimal(re.sub(r"[^\d.]", "", part))) for part in text.split("$")[1:]]
    if not parts:
        raise ValueError(f"the price {text!r} has no dollar sign")
    if len(parts) == 1:
        return (parts[0],), f"${parts[0]}"
    return tuple(parts[:2]), f"${parts[0]} to ${parts[1]}"


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
