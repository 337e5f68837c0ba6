"""A question as all three datasets give it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import orjson


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a prepared dataset.

    `aliases`: other names of the answer.  `kind`: bridge, comparison, compositional, 2hop, ...
    `supporting`: the titles that the answer follows from, in reasoning order.  `paragraphs`: the
    numbers of the question's own paragraphs in the corpus (none where the source had none).
    """

    id: str
    question: str
    answer: str
    aliases: tuple[str, ...] = ()
    kind: str = ""
    level: str = ""
    supporting: tuple[str, ...] = ()
    paragraphs: tuple[int, ...] = ()

    def to_json(self) -> bytes:
        """Give a line of JSON."""
        return orjson.dumps(asdict(self)) + b"\n"

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        lists = {key: tuple(value[key]) for key in ("aliases", "supporting", "paragraphs")}
        return cls(**{**value, **lists})
