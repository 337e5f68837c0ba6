"""The invented rooms: their furniture, and where in the room it stands.

A room of `vocabulary.json` says how many receptacles of each class it has; everything else is drawn
from its seed.  Ids and locations look as ALFRED's exporter writes them.
"""

import json
import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

Spot = tuple[float, float, tuple[int, int, int]]


@dataclass(frozen=True)
class Receptacle:
    """A receptacle: PDDL id, class, the location that reaches it, its place in metres."""

    id: str
    kind: str
    location: str
    openable: bool
    spot: tuple[float, float, float]


@dataclass(frozen=True)
class Thing:
    """An object: PDDL id, class, its own location, and the receptacles that hold it."""

    id: str
    kind: str
    location: str
    inside: tuple[Receptacle, ...] = ()


def load_words(rooms: int, density: float, apart: bool, seed: int) -> dict[str, Any]:
    """Read the vocabulary, invent rooms until there are so many of each kind, and thin them out.

    `density`: the share that is left of the receptacles of a class, and of the objects of a class
    that a trial may have; at least one.  `apart`: no two receptacles are reached from one location.
    """
    words: dict[str, Any] = json.loads((HERE / "vocabulary.json").read_text(encoding="utf-8"))
    for place, kind in enumerate(words["kinds"]):
        known = [room for room in words["rooms"] if room["kind"] == kind]
        for index in range(len(known), rooms):
            number = 1000 * (place + 1) + index
            words["rooms"].append(invent(number, known, random.Random(f"{seed} mix {number}")))
    for room in words["rooms"]:
        counts = room["receptacles"].items()
        room["receptacles"] = {kind: math.ceil(density * count) for kind, count in counts}
    words["density"] = density
    words["apart"] = apart
    return words


def invent(number: int, known: list[dict[str, Any]], rng: random.Random) -> dict[str, Any]:
    """Invent a room: of each class of receptacle as many as in one of the known rooms.

    Lamps, and what they stand on, are those of one room.
    """
    lit = rng.choice(known)
    kinds = dict.fromkeys(kind for room in known for kind in room["receptacles"])
    counts = {kind: rng.choice(known)["receptacles"].get(kind, 0) for kind in kinds}
    counts |= {kind: lit["receptacles"][kind] for kind in lit.get("lamps", {})}
    return {
        **lit,
        "number": number,
        "receptacles": {kind: count for kind, count in counts.items() if count},
    }


def pddl_id(kind: str, spot: Iterable[float], suffix: str = "") -> str:
    """Write an id as ALFRED's exporter does, e.g. `Mug_bar__plus_02_dot_04_bar_...`."""
    parts = [kind, *(f"{value:+06.2f}" for value in spot), *([suffix] if suffix else [])]
    return mangle("|".join(parts))


def mangle(name: str) -> str:
    """Replace the characters that PDDL names do not have."""
    for sign, word in (("|", "_bar_"), ("+", "_plus_"), ("-", "_minus_"), (".", "_dot_")):
        name = name.replace(sign, word)
    return name


class Layout:
    """A room without its movable objects, built by walking along its four walls.

    `receptacles`, `furniture` (things without a use, and lamps) and `middle`, the locations where
    the agent may begin.
    """

    def __init__(self, room: dict[str, Any], words: dict[str, Any], seed: int) -> None:
        self._rng = random.Random(f"{seed} room {room['number']}")
        self._half = self._rng.randint(8, 12), self._rng.randint(8, 12)
        self._words = words
        self.receptacles: list[Receptacle] = []
        self.furniture: list[Thing] = []
        pieces = words["kinds"][room["kind"]]["furniture"].split()
        places = self._walk(sum(room["receptacles"].values()) + len(pieces))
        kinds = sorted(room["receptacles"])
        self._rng.shuffle(kinds)
        for kind in kinds:
            for _ in range(room["receptacles"][kind]):
                self._add_receptacle(kind, next(places))
        for kind, (x, z, standing) in zip(pieces, places, strict=True):
            height = self._rng.uniform(0.02, 1.9)
            spot = x, height, z
            self.furniture.append(Thing(pddl_id(kind, spot), kind, facing(standing, height)))
        for kind, number in room.get("lamps", {}).items():
            holders = [place for place in self.receptacles if place.kind == kind]
            for place in holders[:number]:
                self.furniture.append(lay("DeskLamp", (place,), self._rng))
        self.middle = [
            mangle(f"loc|{x}|{z}|{turn}|30") for x in (-1, 1) for z, turn in ((0, 0), (2, 2))
        ]

    def _walk(self, number: int) -> Iterator[Spot]:
        """Give places along the walls, evenly: x and z in metres, and where one stands for it."""
        width, depth = self._half
        for index in range(number):
            side, part = divmod(index * 4 / number, 1)
            along = 1.8 * part - 0.9
            inward = self._rng.choice((3, 4, 5))
            wide, deep = round(along * width), round(along * depth)
            x, z, standing = (
                (along * width, depth, (wide, depth - inward, 0)),
                (width, -along * depth, (width - inward, -deep, 1)),
                (-along * width, -depth, (-wide, inward - depth, 2)),
                (-width, along * depth, (inward - width, deep, 3)),
            )[int(side)]
            yield x / 4, z / 4, standing

    def _add_receptacle(self, kind: str, place: Spot) -> None:
        x, z, standing = place
        height = self._rng.choice(self._words["height"][kind])
        location = facing(standing, height)
        if self.receptacles and not self._words["apart"]:
            before = self.receptacles[-1]
            if self._rng.random() < (0.35 if before.kind == kind else 0.1):
                location = before.location
        openable = kind in self._words["openable"].split()
        if kind == "Cabinet" and self._rng.random() < 0.2:
            openable = False
        spot = x, height, z
        name = pddl_id(kind, spot)
        if kind.endswith("Basin"):
            body = kind.removesuffix("Basin")
            name = pddl_id(body, spot, kind)
            self.furniture.append(Thing(pddl_id(body, spot), body, location))
        self.receptacles.append(Receptacle(name, kind, location, openable, spot))


def facing(standing: tuple[int, int, int], height: float) -> str:
    """Name the location at a grid point and direction that looks at something of this height."""
    horizon = next(
        angle for top, angle in ((0.5, 60), (1.0, 45), (1.5, 15), (9, -30)) if height < top
    )
    return mangle("loc|" + "|".join(map(str, (*standing, horizon))))


def lay(kind: str, inside: tuple[Receptacle, ...], rng: random.Random) -> Thing:
    """Lay an object into a receptacle, somewhere near its middle."""
    x, y, z = inside[0].spot
    spot = x + rng.uniform(-0.3, 0.3), y + 0.04, z + rng.uniform(-0.3, 0.3)
    return Thing(pddl_id(kind, spot), kind, inside[0].location, inside)
