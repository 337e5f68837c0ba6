"""Keys and values of what was decoded before, for prompts that begin the same way.

Needs torch.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from torch import Tensor

Ids = np.ndarray[Any, np.dtype[np.int64]]
Pair = tuple[Tensor, Tensor]
"""The keys and the values of a layer."""


class Prefix(NamedTuple):
    """Ids, and their keys and values by layer, (heads, width, size)."""

    ids: Ids
    content: bytes
    layers: list[Pair]
    size: int


class Prefixes:
    """Rows that are kept, the least used of which go when they take more than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._entries: dict[int, Prefix] = {}
        self._size = 0
        self._number = 0

    def longest(self, ids: Ids) -> tuple[Prefix | None, int]:
        """Find the entry that has the most first ids in common with these, and how many."""
        content = ids.tobytes()
        best, most = None, 0
        for number in reversed(self._entries):
            if most == len(ids):
                break
            if self._entries[number].content.startswith(content[: 8 * most + 8]):
                best, most = number, common(self._entries[number].ids, ids)
        if best is None:
            return None, 0
        found = self._entries[best] = self._entries.pop(best)
        return found, most

    def add(self, ids: Sequence[int], layers: Sequence[Pair], *, pinned: bool = False) -> None:
        """Keep a row of (heads, width, size) a layer, copied; entries that it continues go.

        `pinned`: whatever room it takes.
        """
        size = sum(part.nbytes for pair in layers for part in pair)
        if size > self.limit and not pinned:
            return
        known = np.asarray(ids, dtype=np.int64)
        content = known.tobytes()
        for number in [n for n, e in self._entries.items() if content.startswith(e.content)]:
            self._size -= self._entries.pop(number).size
        while self._entries and not pinned and self._size + size > self.limit:
            self._size -= self._entries.pop(next(iter(self._entries))).size
        copies = [(keys.clone(), values.clone()) for keys, values in layers]
        self._number += 1
        self._entries[self._number] = Prefix(known, content, copies, size)
        self._size += size

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self._size = 0


def common(a: Ids, b: Ids) -> int:
    """Count the first ids that two rows have in common."""
    shorter = min(len(a), len(b))
    different = a[:shorter] != b[:shorter]
    return int(different.argmax()) if different.any() else shorter
