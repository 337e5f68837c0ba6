"""Greedy or sampled decoding of many chats at once, each with a key-value cache of its own length.

Rows are padded on the left.  A row joins when it is admitted and leaves when its reply is over, so
that a long reply holds nobody up.  What a row computed is kept for a while: the next prompt of an
episode begins as the last one did, and all prompts of an environment begin with one instruction.

The text is that of decoding each chat alone up to rounding: the sums of a forward pass are taken in
another order in another batch, which turns a reply only where two tokens are as good as equally
likely.  Needs torch and transformers 5.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from transformers import DynamicCache, PreTrainedModel
from transformers.cache_utils import DynamicLayer, DynamicSlidingWindowLayer

from stepagent_gym.errors import UsageError

PREFILL_TOKENS = 16_384
"""Prompt tokens in one forward pass; a longer prompt gets a pass of its own."""

_WORTH_SHARING = 64
"""Tokens that several prompts begin with and that are computed once, in a pass of their own."""

_ROOM = 128
"""Tokens that a layer can take in before its keys and values are copied."""

Ids = np.ndarray[Any, np.dtype[np.int64]]


class _Layer(DynamicLayer):
    """Keys and values of a layer, (rows, heads, width, size), which grow in place."""

    _room: tuple[Tensor, Tensor] | None = None

    @classmethod
    def of(cls, keys: Tensor, values: Tensor) -> "_Layer":
        """Make a layer of what is computed already."""
        layer = cls()
        layer.lazy_initialization(keys, values)
        layer.keys, layer.values = keys, values
        return layer

    def update(
        self, key_states: Tensor, value_states: Tensor, *args: Any, **kwargs: Any
    ) -> tuple[Tensor, Tensor]:
        """Take in the next tokens, and give all."""
        before = self.width
        after = before + key_states.shape[2]
        if self._room is None or self._room[0].shape[2] < after:
            more = (0, 0, 0, after + _ROOM - before)
            pad = torch.nn.functional.pad
            self._room = pad(self.parts[0], more), pad(self.parts[1], more)
        keys, values = self._room
        keys[:, :, before:after] = key_states
        values[:, :, before:after] = value_states
        self.keys, self.values = keys[:, :, :after], values[:, :, :after]
        return self.parts

    @property
    def parts(self) -> tuple[Tensor, Tensor]:
        """The keys and the values."""
        assert self.keys is not None
        assert self.values is not None
        return self.keys, self.values

    @property
    def width(self) -> int:
        """Tokens of a row, padding included."""
        return self.parts[0].shape[2]


Layers = list[_Layer]


@dataclass(eq=False, slots=True)
class Row:
    """A prompt, and the reply to it so far.

    `limit`: tokens of the reply at most.  `rng`: gives one number a token, where they are drawn.
    `logprobs`: natural-log probabilities of `ids`, of the model as it is (at temperature 1).
    """

    prompt: Sequence[int]
    limit: int
    rng: random.Random
    ids: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)

    @property
    def cached(self) -> int:
        """How many of its tokens are in the cache: all but the last."""
        return len(self.prompt) + len(self.ids) - 1


class Decoder:
    """Continues rows with a model; not for several threads.

    `is_over(ids)`: whether a reply is complete.  `temperature`: 0 takes the likeliest token.
    `top_p`: the share of the likeliest tokens that are drawn from.  `kept_bytes`: how much of
    finished rows is kept.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        is_over: Callable[[Sequence[int]], bool],
        *,
        temperature: float = 0.0,
        top_p: float = 1.0,
        kept_bytes: int = 0,
    ) -> None:
        plain = (DynamicLayer, DynamicSlidingWindowLayer)
        if any(type(layer) not in plain for layer in DynamicCache(config=model.config).layers):
            raise UsageError(
                f"models of type {model.config.model_type!r} keep more than keys and values of "
                "their attention; ask it through vllm/<path>"
            )
        self.model = model
        self.is_over = is_over
        self.temperature = temperature
        self.top_p = top_p
        self.rows: list[Row] = []
        self._layers: Layers = []
        self._kept = _Kept(kept_bytes)

    def admit(self, rows: Iterable[Row]) -> list[Row]:
        """Take rows in, and give their first token; gives the rows that are over already."""
        with torch.inference_mode():
            fresh = list(rows)
            self._share([_ids(row.prompt[:-1]) for row in fresh])
            for group in _groups([self._start(row) for row in fresh]):
                layers, logits = self._prefill(group)
                joined = [start.row for start in group]
                self._extend(joined, logits)
                self._layers = _stack(self._layers, layers)
                self.rows += joined
            return self._leave()

    def advance(self) -> list[Row]:
        """Give every row its next token; gives the rows that are over with it."""
        with torch.inference_mode():
            lengths = [row.cached for row in self.rows]
            logits, self._layers = self._forward(
                [row.ids[-1:] for row in self.rows], lengths, self._layers
            )
            self._extend(self.rows, logits)
            return self._leave()

    def drop(self) -> None:
        """Forget the rows, and what is kept of earlier ones."""
        self.rows, self._layers = [], []
        self._kept.clear()

    def _share(self, prompts: Sequence[Ids]) -> None:
        """Compute what all of several prompts begin with, and keep it for them to begin from."""
        if len(prompts) < 2:
            return
        first = prompts[0][: min(_common(prompts[0], other) for other in prompts[1:])]
        kept, known = self._kept.longest(first)
        if self._kept.limit and len(first) - known >= _WORTH_SHARING:
            layers = _stack_kept([kept], [known]) if known else []
            _, layers = self._forward([first[known:].tolist()], [known], layers)
            self._kept.add(first, layers, 0)

    def _start(self, row: Row) -> "_Start":
        """Find how much of a prompt was computed before; at least its last token was not."""
        kept, common = self._kept.longest(_ids(row.prompt[:-1]))
        return _Start(row, kept, common)

    def _prefill(self, group: Sequence["_Start"]) -> tuple[Layers, Tensor]:
        """Compute prompts from where each was left: their layers, and the logits of what follows.

        All rows compute the same number of last tokens, so that no padding gets between what was
        kept and what is new.
        """
        width = max(start.new for start in group)
        befores = [max(0, len(start.row.prompt) - width) for start in group]
        layers = _stack_kept([s.kept for s in group], befores) if any(befores) else []
        tails = [start.row.prompt[-width:] for start in group]
        logits, layers = self._forward(tails, befores, layers)
        longest = max(len(start.row.prompt) for start in group)
        return _each(layers, lambda part: part[:, :, -longest:]), logits

    def _forward(
        self, tails: Sequence[Sequence[int]], befores: Sequence[int], layers: Layers
    ) -> tuple[Tensor, Layers]:
        """Compute the tails of rows of which `befores` tokens are in the layers.

        Gives the logits after the last token, (rows, vocabulary), and the grown layers.
        """
        device = self.model.device
        width = max(len(tail) for tail in tails)
        past = layers[0].width if layers else 0
        ids = torch.tensor([[0] * (width - len(tail)) + list(tail) for tail in tails])
        lengths = torch.tensor([n + len(tail) for n, tail in zip(befores, tails, strict=True)])
        places = torch.arange(past + width) - (past + width - lengths)[:, None]
        cache: Any = DynamicCache()
        cache.layers.extend(layers)
        output: Any = self.model(
            input_ids=ids.to(device),
            attention_mask=(places >= 0).long().to(device),
            position_ids=places[:, -width:].clamp(min=0).to(device),
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
        )
        grown = layers or [_Layer.of(layer.keys, layer.values) for layer in cache.layers]
        return output.logits[:, -1], grown

    def _extend(self, rows: Sequence[Row], logits: Tensor) -> None:
        """Choose the next token of each row."""
        scores = torch.log_softmax(logits.float(), dim=-1)
        if self.temperature == 0:
            chosen = scores.argmax(-1)
        else:
            drawn = [row.rng.random() for row in rows]
            chosen = draw(scores, drawn, self.temperature, self.top_p)
        logprobs = scores.gather(1, chosen[:, None])[:, 0].tolist()
        for row, token, logprob in zip(rows, chosen.tolist(), logprobs, strict=True):
            row.ids.append(token)
            row.logprobs.append(logprob)

    def _leave(self) -> list[Row]:
        """Take out the rows that are over, and padding that no row needs any more."""
        over = [len(row.ids) >= row.limit or self.is_over(row.ids) for row in self.rows]
        if not any(over):
            return []
        left = [row for row, ended in zip(self.rows, over, strict=True) if ended]
        for place, row in enumerate(self.rows):
            if over[place]:
                self._kept.add(_ids([*row.prompt, *row.ids[:-1]]), self._layers, place)
        self.rows = [row for row, ended in zip(self.rows, over, strict=True) if not ended]
        if self.rows:
            width = max(row.cached for row in self.rows)
            stay = torch.tensor([not ended for ended in over], device=self.model.device)
            self._layers = _each(self._layers, lambda part: part[stay, :, -width:])
        else:
            self._layers = []
        return left


def draw(scores: Tensor, drawn: Sequence[float], temperature: float, top_p: float) -> Tensor:
    """Draw a token for each row from its log-probabilities, with a number from [0, 1) each.

    The tokens are laid end to end, the likeliest first where `top_p` cuts the rest off, and the
    number says where to look.
    """
    exact = torch.float32 if scores.device.type == "mps" else torch.float64
    shares = torch.softmax(scores.to(exact) / temperature, dim=-1)
    order: Tensor | None = None
    if top_p < 1:
        shares, order = shares.sort(dim=-1, descending=True, stable=True)
        shares = torch.where(shares.cumsum(-1) - shares < top_p, shares, 0.0)
    ends = shares.cumsum(-1)
    at = torch.tensor(drawn, dtype=exact, device=scores.device)[:, None] * ends[:, -1:]
    place = torch.searchsorted(ends, at, right=True).clamp(max=scores.shape[-1] - 1)
    return (place if order is None else order.gather(1, place))[:, 0]


class _Entry(NamedTuple):
    """A finished row: its ids, and keys and values by layer, (heads, width, size)."""

    ids: Ids
    layers: list[tuple[Tensor, Tensor]]
    size: int


class _Start(NamedTuple):
    """A row that is to be admitted, and the kept row whose first `common` ids are its own."""

    row: Row
    kept: _Entry | None
    common: int

    @property
    def new(self) -> int:
        """How many tokens of the prompt are to be computed."""
        return len(self.row.prompt) - self.common


class _Kept:
    """Finished rows, the least used of which go when they take more than so many bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._entries: list[_Entry] = []
        self._size = 0

    def longest(self, ids: Ids) -> tuple[_Entry | None, int]:
        """Find the entry that has the most first ids in common with these, and how many."""
        best, most = None, 0
        for entry in self._entries:
            common = _common(entry.ids, ids)
            if common > most:
                best, most = entry, common
        if best is not None:
            self._remove(best)
            self._insert(best)
        return best, most

    def add(self, ids: Ids, layers: Layers, place: int) -> None:
        """Keep a row of the layers; entries that it continues go."""
        width = len(ids)
        size = sum(part[place, :, -width:].nbytes for layer in layers for part in layer.parts)
        if size > self.limit:
            return
        for entry in [e for e in self._entries if _common(e.ids, ids) == len(e.ids)]:
            self._remove(entry)
        while self._size + size > self.limit:
            self._remove(self._entries[0])
        mine = [
            (keys[place, :, -width:].clone(), values[place, :, -width:].clone())
            for keys, values in (layer.parts for layer in layers)
        ]
        self._insert(_Entry(ids, mine, size))

    def clear(self) -> None:
        """Forget everything."""
        self._entries, self._size = [], 0

    def _insert(self, entry: _Entry) -> None:
        self._entries.append(entry)
        self._size += entry.size

    def _remove(self, entry: _Entry) -> None:
        place = next(n for n, other in enumerate(self._entries) if other is entry)
        del self._entries[place]
        self._size -= entry.size


def _common(a: Ids, b: Ids) -> int:
    """Count the first ids that two rows have in common."""
    shorter = min(len(a), len(b))
    different = a[:shorter] != b[:shorter]
    return int(different.argmax()) if different.any() else shorter


def _groups(starts: Sequence[_Start]) -> list[list[_Start]]:
    """Put rows together that have about as much to compute, up to `PREFILL_TOKENS`."""
    groups: list[list[_Start]] = []
    for start in sorted(starts, key=lambda start: start.new):
        if not groups or start.new * (len(groups[-1]) + 1) > PREFILL_TOKENS:
            groups.append([])
        groups[-1].append(start)
    return groups


def _stack(upper: Layers, lower: Layers) -> Layers:
    """Put rows under rows; the narrower ones are padded on the left."""
    if not upper:
        return lower
    width = max(upper[0].width, lower[0].width)

    def stack(above: _Layer, below: _Layer, which: int) -> Tensor:
        return torch.cat([_widen(layer.parts[which], width) for layer in (above, below)])

    return [
        _Layer.of(stack(above, below, 0), stack(above, below, 1))
        for above, below in zip(upper, lower, strict=True)
    ]


def _stack_kept(entries: Sequence[_Entry | None], lengths: Sequence[int]) -> Layers:
    """Make layers of the first so many tokens of kept rows; nothing is taken of a length 0."""
    some = next(entry for entry in entries if entry is not None)
    rows = [(some if entry is None else entry).layers for entry in entries]
    width = max(lengths)

    def stack(layer: int, which: int) -> Tensor:
        parts = [row[layer][which][:, :n] for row, n in zip(rows, lengths, strict=True)]
        return torch.stack([_widen(part, width) for part in parts])

    return [_Layer.of(stack(layer, 0), stack(layer, 1)) for layer in range(len(some.layers))]


def _each(layers: Layers, change: Callable[[Tensor], Tensor]) -> Layers:
    return [_Layer.of(*(change(part) for part in layer.parts)) for layer in layers]


def _ids(ids: Sequence[int]) -> Ids:
    return np.asarray(ids, dtype=np.int64)


def _widen(part: Tensor, width: int) -> Tensor:
    """Pad (..., width, size) on the left."""
    return torch.nn.functional.pad(part, (0, 0, width - part.shape[-2], 0))
