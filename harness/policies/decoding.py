"""Greedy or sampled decoding of many chats at once, each with a key-value cache of its own length.

A row joins when it is admitted and leaves when its reply is over, so that a long reply holds nobody
up.  What a row computed is kept for a while: the next prompt of an episode begins as the last one
did, and all prompts of an environment begin with one instruction.

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
from transformers import DynamicCache
from transformers.cache_utils import DynamicLayer, DynamicSlidingWindowLayer

from harness.policies.prefixes import Ids, Prefix, Prefixes, common
from harness.policies.table import CACHE, Table
from stepagent_gym.errors import UsageError

PREFILL_TOKENS = 16_384
"""Prompt tokens in one forward pass; a longer prompt gets a pass of its own."""

_WORTH_SHARING = 64
"""Tokens that several prompts begin with and that are computed once, in a pass of their own."""

_WORTH_A_PASS = 128
"""Tokens of padding that take about as long as another forward pass."""

_WAITING_SHARE = 8
"""One row in so many waits before the prompts of those that wait are computed together."""

_NOTHING_DRAWN = random.Random(0)


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
    """Continues rows with a model in evaluation mode; not for several threads.

    `is_over(ids)`: whether a reply is complete.  `temperature`: 0 takes the likeliest token.
    `top_p`: the share of the likeliest tokens that are drawn from.  `kept_bytes`: how much of
    finished rows is kept; it goes when the weights of the model change in place.
    """

    def __init__(
        self,
        model: Any,
        is_over: Callable[[Sequence[int]], bool],
        *,
        temperature: float = 0.0,
        top_p: float = 1.0,
        kept_bytes: int = 0,
    ) -> None:
        plain = (DynamicLayer, DynamicSlidingWindowLayer)
        layers: list[Any] = DynamicCache(config=model.config).layers
        if any(type(layer) not in plain for layer in layers):
            raise UsageError(
                f"models of type {model.config.model_type!r} keep more than keys and values of "
                "their attention; ask it through vllm/<path>"
            )
        self.model = model
        self.is_over = is_over
        self.temperature = temperature
        self.top_p = top_p
        self.rows: list[Row] = []
        self._table = Table.of(model)
        self._kept = Prefixes(kept_bytes)
        self._weights = _versions(model)
        # A ready mask saves building one, where it means the same in all layers.
        sliding = any(layer.is_sliding for layer in layers)
        self._ready_mask = not sliding and model.config._attn_implementation == "sdpa"

    @torch.no_grad()
    def admit(self, rows: Iterable[Row]) -> list[Row]:
        """Take rows in, and give their first token; gives the rows that are over already."""
        fresh = list(rows)
        if not fresh:
            return []
        self._forget_if_trained()
        self._share([_ids(row.prompt[:-1]) for row in fresh])
        for group in _groups([self._start(row) for row in fresh]):
            logits = self._prefill(group)
            joined = [start.row for start in group]
            self._extend(joined, logits)
            self.rows += joined
        return self._leave()

    @torch.no_grad()
    def advance(self) -> list[Row]:
        """Give every row (there is one) its next token; gives the rows that are over with it."""
        lengths = [row.cached + 1 for row in self.rows]
        count, longest = len(lengths), max(lengths)
        self._table.grow(count, longest - 1)
        cache = self._table.cache(0, count, longest, 1)
        self._extend(self.rows, self._forward([row.ids[-1:] for row in self.rows], lengths, cache))
        return self._leave()

    def go_on(self, waiting: list[Row], batch: int) -> list[Row]:
        """Take in rows from the front of those that wait, and advance all; gives those over.

        `batch`: rows at once.  A few rows wait until a pass for their prompts is worth it.
        """
        over: list[Row] = []
        entering = waiting[: batch - len(self.rows)]
        if entering and len(entering) * _WAITING_SHARE >= len(self.rows):
            del waiting[: len(entering)]
            over = self.admit(entering)
        return over + self.advance() if self.rows else over

    def decode(self, rows: Iterable[Row], batch: int) -> None:
        """Decode rows to their end, at most `batch` at once."""
        waiting = list(rows)
        while waiting or self.rows:
            self.go_on(waiting, batch)

    @torch.no_grad()
    def read(self, prompts: Iterable[Sequence[int]]) -> None:
        """Compute prompts, and keep them, whatever room they take, for rows that begin so."""
        self._forget_if_trained()
        self._compute(prompts, pinned=True)

    def drop(self) -> None:
        """Forget the rows, and what is kept of earlier ones."""
        self.rows = []
        self._table.clear()
        self._kept.clear()

    def _forget_if_trained(self) -> None:
        if self._weights != (now := _versions(self.model)):
            self._kept.clear()
            self._weights = now

    def _share(self, prompts: Sequence[Ids]) -> None:
        """Compute what all of several prompts begin with, and keep it for them to begin from."""
        if len(prompts) < 2 or not self._kept.limit:
            return
        first = prompts[0][: min(common(prompts[0], other) for other in prompts[1:])]
        if len(first) - self._kept.longest(first)[1] >= _WORTH_SHARING:
            self._compute([first.tolist()], pinned=False)

    def _compute(self, prompts: Iterable[Sequence[int]], pinned: bool) -> None:
        """Compute prompts to their last token, and keep them."""
        for group in _groups([self._start(Row(prompt, 0, _NOTHING_DRAWN)) for prompt in prompts]):
            self._prefill(group)
            for place, start in enumerate(group, len(self.rows)):
                prompt = start.row.prompt
                self._kept.add(prompt, self._table.row(place, len(prompt)), pinned=pinned)

    def _start(self, row: Row) -> "_Start":
        """Find how much of a prompt was computed before; at least its last token was not."""
        kept, known = self._kept.longest(_ids(row.prompt[:-1]))
        return _Start(row, kept, known)

    def _prefill(self, group: Sequence["_Start"]) -> Tensor:
        """Compute prompts from where each was left; gives the logits of what follows.

        They take the places after those of the rows.  All compute the same number of last tokens,
        so that no padding gets between what was kept and what is new.
        """
        new = max(start.new for start in group)
        lengths = [len(start.row.prompt) for start in group]
        first, last = len(self.rows), len(self.rows) + len(group)
        table = self._table
        table.reserve(last, max(lengths), first, max((row.cached for row in self.rows), default=0))
        for place, start in enumerate(group, first):
            if start.kept is not None and (before := len(start.row.prompt) - new) > 0:
                table.put(place, start.kept.layers, before, new)
        cache = table.cache(first, last, max(lengths), new)
        return self._forward([start.row.prompt[-new:] for start in group], lengths, cache)

    def _forward(
        self, tails: Sequence[Sequence[int]], lengths: Sequence[int], cache: Any
    ) -> Tensor:
        """Compute the tails of rows, the rest of whose `lengths` tokens are in the cache.

        Gives the logits after the last token, (rows, vocabulary).
        """
        device = self.model.device
        width, new = max(lengths), max(len(tail) for tail in tails)
        ids = torch.tensor([[0] * (new - len(tail)) + list(tail) for tail in tails], device=device)
        before = torch.tensor([width - length for length in lengths], device=device)[:, None]
        places = torch.arange(width, device=device) - before
        seen = places >= 0
        output: Any = self.model(
            input_ids=ids,
            attention_mask=seen[:, None, None] if new == 1 and self._ready_mask else seen,
            position_ids=places[:, -new:].clamp(min=0),
            **{CACHE: cache},
            use_cache=True,
            logits_to_keep=1,
        )
        logits: Tensor = output.logits[:, -1]
        return logits

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
        """Take out the rows that are over; the last ones take their places."""
        left = []
        for place in reversed(range(len(self.rows))):
            row = self.rows[place]
            if len(row.ids) < row.limit and not self.is_over(row.ids):
                continue
            left.append(row)
            if self._kept.limit:
                ids = [*row.prompt, *row.ids[:-1]]
                self._kept.add(ids, self._table.row(place, len(ids)))
            last = self.rows.pop()
            if last is not row:
                moved = self._table.row(len(self.rows), last.cached)
                self._table.put(place, moved, last.cached, 0)
                self.rows[place] = last
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


class _Start(NamedTuple):
    """A row that is to be admitted, and the kept row whose first `known` ids are its own."""

    row: Row
    kept: Prefix | None
    known: int

    @property
    def new(self) -> int:
        """How many tokens of the prompt are to be computed."""
        return len(self.row.prompt) - self.known


def _groups(starts: Sequence[_Start]) -> list[list[_Start]]:
    """Put rows together that have about as much to compute, up to `PREFILL_TOKENS`."""
    groups: list[list[_Start]] = []
    computed = 0
    for start in sorted(starts, key=lambda start: start.new):
        rows = len(groups[-1]) if groups else 0
        padding = start.new * rows - computed
        if not rows or padding > _WORTH_A_PASS or start.new * (rows + 1) > PREFILL_TOKENS:
            groups.append([])
            computed = 0
        groups[-1].append(start)
        computed += start.new
    return groups


def _ids(ids: Sequence[int]) -> Ids:
    return np.asarray(ids, dtype=np.int64)


def _versions(model: Any) -> list[int]:
    """Count how often each weight was changed in place."""
    return [parameter._version for parameter in model.parameters()]
