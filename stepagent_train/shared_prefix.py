"""Replies at many places of a chat, for which the chat is read once.

Practising at every state of an episode asks for a reply after each prefix of one and the same chat.
Here the chat is read in one pass, and each reply goes on from the keys and values of its prefix: an
episode of n tokens costs n tokens to read, not the sum of its prefixes.
"""

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from harness.policies.decoding import Decoder, Row
from stepagent_train.model import CausalModel, context_length


class Place(NamedTuple):
    """Where a reply is asked for: after `length` tokens of chat number `chat`."""

    chat: int
    length: int
    rng: random.Random


def replies(
    model: CausalModel,
    chats: Sequence[Sequence[int]],
    places: Sequence[Place],
    *,
    stop_ids: frozenset[int],
    temperature: float,
    max_new_tokens: int,
    batch: int,
) -> list[Row]:
    """Answer at every place, at most `batch` at once; the answers are in the order of the places.

    The model is put into evaluation mode.  Raises ValueError for a place at the very beginning, or
    beyond its chat or the model's context.
    """
    context = context_length(model)
    for place in places:
        if not 0 < place.length <= min(len(chats[place.chat]), context - 1):
            raise ValueError(f"no reply can follow {place.length} tokens of chat {place.chat}")
    model.eval()
    decoder = Decoder(model, lambda ids: ids[-1] in stop_ids, temperature=temperature)
    rows = [
        Row(chats[chat][:length], min(max_new_tokens, context - length), rng)
        for chat, length, rng in places
    ]
    for group in _groups(places, batch):
        reach: dict[int, int] = {}
        for i in group:
            reach[places[i].chat] = max(reach.get(places[i].chat, 0), places[i].length - 1)
        decoder.read(chats[chat][:length] for chat, length in reach.items() if length)
        decoder.decode((rows[i] for i in group), batch)
        decoder.drop()
    return rows


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
