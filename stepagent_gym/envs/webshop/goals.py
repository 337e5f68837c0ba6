"""Goals: the instructions of a catalogue, with their price limits drawn once from a seed.

The original draws price limits and prices from the unseeded global generator of each process, and
shuffles goals with seed 233.  Here every draw comes from the seed of the preparation and the asin,
so it depends on neither process nor order; the shuffle is the original's.
"""

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stepagent_gym.envs.webshop.records import Goal
from stepagent_gym.envs.webshop.sources import Listing

PRICE_STEPS = tuple(10.0 * step for step in range(1, 100))
NO_LIMIT = 1_000_000.0
SHUFFLE_SEED = 233
OFFICIAL_SPLITS = {"test": (0, 500), "dev": (500, 1500)}


def draw_price(listing: Listing, seed: int) -> float:
    """Draw a price between the ends of a product's range (its only price, if there is one)."""
    if len(listing.prices) == 1:
        return listing.prices[0]
    return random.Random(f"price {seed} {listing.asin}").uniform(*listing.prices[:2])


def draw_limit(price: float, rng: random.Random) -> tuple[float, str]:
    """Draw a price limit among the next four multiples of 10: the limit and its wording."""
    steps = [step for step in PRICE_STEPS if step > price][:4]
    if len(steps) < 2:
        return NO_LIMIT, ""
    limit = sorted(rng.sample(steps, 2))[1]
    return limit, f", and price lower than {limit:.2f} dollars"


def human_goals(
    listing: Listing, instructions: Sequence[Mapping[str, Any]], price: float, seed: int
) -> Iterator[Goal]:
    """Make the goals of a product's human instructions; those without attributes are left out."""
    rng = random.Random(f"human {seed} {listing.asin}")
    for entry in instructions:
        if entry["instruction_attributes"]:
            limit, wording = draw_limit(price, rng)
            yield _goal(
                listing,
                instruction=entry["instruction"].strip(".") + wording,
                attributes=tuple(entry["instruction_attributes"]),
                options=tuple(entry["instruction_options"]),
                limit=limit,
            )


def synthetic_goals(listing: Listing, price: float, seed: int) -> Iterator[Goal]:
    """Make a goal for every combination of a product's options; none without an instruction."""
    if listing.instruction is None:
        return
    rng = random.Random(f"synthetic {seed} {listing.asin}")
    limit, wording = draw_limit(price, rng)
    names = sorted(listing.options)
    for values in itertools.product(*(listing.options[name] for name in names)):
        pairs = dict(zip(names, values, strict=True))
        options = ", and ".join(f"{name}: {value}" for name, value in pairs.items())
        yield _goal(
            listing,
            instruction=f"{listing.instruction}{' with ' + options if options else ''}{wording}",
            attributes=listing.instruction_attributes,
            options=tuple(values),
            limit=limit,
        )


def weight(attributes: Sequence[str], counts: Mapping[str, int]) -> float:
    """Weigh a synthetic goal by how rare its attributes are; `counts` is over all goals.

    Added up one by one, as upstream's Python did: `sum` compensates its rounding since 3.12.
    """
    total = 0.0
    for attribute in attributes:
        total += 1.0 / counts[attribute]
    return total / len(attributes)


def shuffled(count: int) -> list[int]:
    """Give the order in which the original's `random.seed(233); shuffle` puts `count` goals."""
    order = list(range(count))
    random.Random(SHUFFLE_SEED).shuffle(order)
    return order


def split_ranges(count: int) -> dict[str, tuple[int, int]]:
    """Cut goals into test, dev and train.

    Officially goals 0 to 499 are test, to 1499 dev, the rest train; a catalogue of fewer than
    3,000 goals is cut into a quarter, a quarter and a half.
    """
    quarter = count // 4
    small = {"test": (0, quarter), "dev": (quarter, 2 * quarter)}
    ranges = small if count < 3000 else dict(OFFICIAL_SPLITS)
    ranges["train"] = (ranges["dev"][1], count)
    return ranges


def _goal(
    listing: Listing,
    *,
    instruction: str,
    attributes: tuple[str, ...],
    options: tuple[str, ...],
    limit: float,
) -> Goal:
    return Goal(
        asin=listing.asin,
        category=listing.category,
        query=listing.query,
        name=listing.title,
        product_category=listing.product_category,
        instruction=instruction,
        attributes=attributes,
        price_upper=limit,
        options=options,
        weight=1.0,
        nouns=(),
    )
