"""Replies at many places of a chat, for which the chat is read once.

Practising at every state of an episode asks for a reply after each prefix of one and the same chat.
Here the chat is read in one pass, and each reply goes on from the keys and values of its prefix: an
episode of n tokens costs n tokens to read, not the sum of its prefixes.  Keys carry their own
position, so a prefix may lie anywhere in the cache; rows are padded on the left.
"""

import random
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor
from transformers import DynamicCache

from stepagent_train.generate import Entering, Reply, go_on
from stepagent_train.model import CausalModel, context_length


class Place(NamedTuple):
    """Where a reply is asked for: after `length` tokens of chat number `chat`."""

    chat: int
    length: int
    rng: random.Random


@torch.no_grad()
def replies(
    model: CausalModel,
    chats: Sequence[Sequence[int]],
    places: Sequence[Place],
    *,
    stop_ids: frozenset[int],
    temperature: float,
    max_new_tokens: int,
    batch: int,
) -> list[Reply]:
    """Answer at every place, at most `batch` at once; the answers are in the order of the places.

    Raises ValueError for a place at the very beginning, or beyond its chat or the model's context.
    """
    for place in places:
        if not 0 < place.length <= min(len(chats[place.chat]), context_length(model) - 1):
            raise ValueError(f"no reply can follow {place.length} tokens of chat {place.chat}")
    was_training = model.training
    model.eval()
    found: dict[int, Reply] = {}
    for group in _groups(places, batch):
        wanted = sorted({places[i].chat for i in group})
        reach = [max(places[i].length for i in group if places[i].chat == c) for c in wanted]
        read = _read(model, [chats[c][:n] for c, n in zip(wanted, reach, strict=True)])
        for start in range(0, len(group), batch):
            part = sorted(group[start : start + batch], key=lambda i: places[i].length)
            rows = [wanted.index(places[i].chat) for i in part]
            answers = _answer(
                model,
                read,
                rows,
                [places[i] for i in part],
                [chats[places[i].chat][places[i].length - 1] for i in part],
                stop_ids,
                temperature,
                max_new_tokens,
            )
            found.update(zip(part, answers, strict=True))
    model.train(was_training)
    return [found[i] for i in range(len(places))]


def _groups(places: Sequence[Place], batch: int) -> Iterator[list[int]]:
    """Gather whole chats until there are `batch` places; a chat with more is a group of its own."""
    by_chat: dict[int, list[int]] = {}
    for number, place in enumerate(places):
        by_chat.setdefault(place.chat, []).append(number)
    longest = {c: max(places[i].length for i in numbers) for c, numbers in by_chat.items()}
    group: list[int] = []
    for chat in sorted(by_chat, key=lambda c: longest[c]):
        if group and len(group) + len(by_chat[chat]) > batch:
            yield group
            group = []
        group = group + by_chat[chat]
    if group:
        yield group


def _read(model: CausalModel, chats: Sequence[Sequence[int]]) -> Any:
    """Read chats, padded on the right, where no token of a chat looks; gives the cache."""
    device = model.device
    longest = max(len(chat) for chat in chats)
    ids = torch.tensor([[*chat, *[0] * (longest - len(chat))] for chat in chats], device=device)
    mask = torch.tensor([[1] * len(c) + [0] * (longest - len(c)) for c in chats], device=device)
    cache: Any = DynamicCache()
    model(
        input_ids=ids, attention_mask=mask, past_key_values=cache, use_cache=True, logits_to_keep=1
    )
    return cache


def _answer(
    model: CausalModel,
    read: Any,
    rows: Sequence[int],
    places: Sequence[Place],
    last: Sequence[int],
    stop_ids: frozenset[int],
    temperature: float,
    max_new_tokens: int,
) -> list[Reply]:
    """Go on from prefixes; `last` is the last token of each, which enters first."""
    device = model.device
    lengths = torch.tensor([place.length - 1 for place in places], device=device)
    cache, mask = _prefixes(read, torch.tensor(rows, device=device), lengths)
    ids = torch.tensor(last, device=device)[:, None]
    return go_on(
        model,
        cache,
        Entering(ids, torch.cat([mask, mask.new_ones(len(places), 1)], dim=1), lengths[:, None]),
        [place.rng for place in places],
        stop_ids=stop_ids,
        temperature=temperature,
        limit=min(max_new_tokens, context_length(model) - max(p.length for p in places)),
    )


def _prefixes(read: Any, rows: Tensor, lengths: Tensor) -> tuple[Any, Tensor]:
    """Copy the prefixes out of a cache, padded on the left; gives a cache and its mask."""
    longest = int(lengths.max())
    source = torch.arange(longest, device=lengths.device)[None] - (longest - lengths[:, None])
    mask = (source >= 0).long()
    at = rows[:, None], slice(None), source.clamp(min=0)
    cache: Any = DynamicCache()
    if longest:
        for number, layer in enumerate(read.layers):
            keys = layer.keys[at].transpose(1, 2)
            values = layer.values[at].transpose(1, 2)
            cache.update(keys.contiguous(), values.contiguous(), number)
    return cache, mask
