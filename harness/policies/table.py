"""Keys and values of the rows that are decoded together.

Needs torch and transformers 5.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from transformers import DynamicCache
from transformers.cache_utils import DynamicLayer
from transformers.modeling_outputs import CausalLMOutputWithPast

from harness.policies.prefixes import Pair

CACHE = "cache" if "cache" in CausalLMOutputWithPast.__annotations__ else "past_key_values"
"""Models' name of their keys and values, as an argument and in what they give; cache since 5.24."""

_ROOM = 128
"""Columns that are free on both sides, at least, when the table is laid out anew."""


class Table:
    """A place for each row, and a layer's (places, heads, columns, size) for keys and for values.

    All rows end at one column, and begin where their lengths say; what lies before is finite, and
    nothing else.
    """

    def __init__(self, layers: Sequence[Pair]) -> None:
        """Begin without places; `layers` shows their shapes."""
        self._layers = list(layers)
        self.clear()

    @classmethod
    def of(cls, model: Any) -> "Table":
        """Make the table of a model, through which a token goes to show the shapes."""
        ids = torch.zeros((1, 1), dtype=torch.long, device=model.device)
        with torch.no_grad():
            cache = model(input_ids=ids, use_cache=True, logits_to_keep=1)[CACHE]
        return cls([(layer.keys, layer.values) for layer in cache.layers])

    def clear(self) -> None:
        """Give all places up, and their memory."""
        self._layers = [(k[:0, :, :0].clone(), v[:0, :, :0].clone()) for k, v in self._layers]
        self._end = 0

    def reserve(self, places: int, width: int, live: int, longest: int) -> None:
        """Make room for places and columns; the `live` first rows, `longest` at most, stay."""
        if places > self._shape[0] or width > self._end:
            self._lay_out(places, width, live, longest)

    def grow(self, live: int, longest: int) -> None:
        """Begin a column for the next token of the `live` first rows, up to `longest` before."""
        if self._end == self._shape[2]:
            self._lay_out(live, longest, live, longest)
        self._end += 1

    def cache(self, first: int, last: int, width: int, new: int) -> Any:
        """Give a model the last `width` columns of some rows, of which it fills the `new` last."""
        cache: Any = DynamicCache()
        begin = self._end - width
        for keys, values in self._layers:
            room = keys[first:last, :, begin : self._end], values[first:last, :, begin : self._end]
            cache.layers.append(_Layer(room, width - new))
        return cache

    def put(self, place: int, row: Sequence[Pair], length: int, new: int) -> None:
        """Copy the first tokens of a row into a place, so that `new` columns follow them."""
        end = self._end - new
        for mine, given in zip(self._layers, row, strict=True):
            for into, part in zip(mine, given, strict=True):
                into[place, :, end - length : end] = part[:, :length]

    def row(self, place: int, length: int) -> list[Pair]:
        """Give a row, (heads, length, size); it changes with the table."""
        begin = self._end - length
        return [
            (keys[place, :, begin : self._end], values[place, :, begin : self._end])
            for keys, values in self._layers
        ]

    @property
    def _shape(self) -> torch.Size:
        return self._layers[0][0].shape

    def _lay_out(self, places: int, width: int, live: int, longest: int) -> None:
        """Move all to a larger table, one layer after the other."""
        have = self._shape[0]
        places = have if places <= have else max(places, have + have // 2)
        room = max(_ROOM, max(width, longest) // 4)
        end = max(width, longest) + room

        def larger(part: Tensor) -> Tensor:
            new = part.new_zeros(places, part.shape[1], end + room, part.shape[3])
            new[:live, :, end - longest : end] = part[:live, :, self._end - longest : self._end]
            return new

        for number, (keys, values) in enumerate(self._layers):
            self._layers[number] = larger(keys), larger(values)
        self._end = end


class _Layer(DynamicLayer):
    """A layer of some rows, (rows, heads, columns, size); what is new is written in place."""

    def __init__(self, room: Pair, filled: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._room = room
        self._filled = filled
        self.keys, self.values = (part[:, :, :filled] for part in room)
        self.is_initialized = True

    def update(
        self, key_states: Tensor, value_states: Tensor, *args: Any, **kwargs: Any
    ) -> tuple[Tensor, Tensor]:
        """Take in the next tokens, and give all."""
        before, self._filled = self._filled, self._filled + key_states.shape[2]
        keys, values = self._room
        keys[:, :, before : self._filled] = key_states
        values[:, :, before : self._filled] = value_states
        self.keys, self.values = keys[:, :, : self._filled], values[:, :, : self._filled]
        return self.keys, self.values
