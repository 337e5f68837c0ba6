"""The one space of the text environments: any string.

`gymnasium.spaces.Text` rejects newlines and most characters, and travels through the shared
memory of `AsyncVectorEnv` as garbage.  `AnyText` holds every Python string and brings its own
shared-memory functions.
"""

import multiprocessing as mp
from collections.abc import Sequence
from ctypes import c_uint8
from multiprocessing.sharedctypes import SynchronizedArray
from types import ModuleType
from typing import Any, overload

import numpy as np
from gymnasium.spaces import Space
from gymnasium.vector.utils import (
    create_shared_memory,
    read_from_shared_memory,
    write_to_shared_memory,
)

_SAMPLE_ALPHABET = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789[]:.,'\"-\n"
_SHARED_BYTES = 1 << 18
_HEADER_BYTES = 8


class AnyText(Space[str]):
    """Every `str`, of any length and any characters.

    `sample` draws up to 64 characters that make no sense to any environment; a mask is not
    supported.  Within shared memory a text may take at most 256 KiB of UTF-8.
    """

    def __init__(self, seed: int | np.random.Generator | None = None) -> None:
        super().__init__(shape=None, dtype=None, seed=seed)

    @property
    def is_np_flattenable(self) -> bool:
        """Texts have no flat array form."""
        return False

    def sample(self, mask: Any | None = None, probability: Any | None = None) -> str:
        """Draw a random text (uniform length 0 to 64, uniform characters)."""
        if mask is not None or probability is not None:
            raise ValueError("AnyText.sample takes no mask and no probability")
        length = int(self.np_random.integers(0, 65))
        picks = self.np_random.integers(0, len(_SAMPLE_ALPHABET), size=length)
        return "".join(_SAMPLE_ALPHABET[i] for i in picks)

    def contains(self, x: Any) -> bool:
        """Whether `x` is a string."""
        return isinstance(x, str)

    def __repr__(self) -> str:
        return "AnyText()"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AnyText)

    def __hash__(self) -> int:
        return hash(AnyText)


@create_shared_memory.register(AnyText)
def _create(space: AnyText, n: int = 1, ctx: ModuleType = mp) -> "SynchronizedArray[c_uint8]":
    array: SynchronizedArray[c_uint8] = ctx.Array(c_uint8, n * _SHARED_BYTES)
    return array


@write_to_shared_memory.register(AnyText)
def _write(space: AnyText, index: int, value: str, memory: "SynchronizedArray[c_uint8]") -> None:
    data = value.encode("utf-8", "surrogatepass")
    if len(data) > _SHARED_BYTES - _HEADER_BYTES:
        raise ValueError(
            f"an observation of {len(data)} bytes does not fit the {_SHARED_BYTES} bytes of shared "
            "memory; make the vector environment with shared_memory=False"
        )
    record = len(data).to_bytes(_HEADER_BYTES, "little") + data
    start = index * _SHARED_BYTES
    memoryview(memory.get_obj()).cast("B")[start : start + len(record)] = record


class _SharedTexts(Sequence[str]):
    """The observations in shared memory, read when they are asked for.

    `AsyncVectorEnv` takes this view once and hands out deep copies, which are plain tuples.
    """

    def __init__(self, memory: "SynchronizedArray[c_uint8]", n: int) -> None:
        self._memory = memory
        self._n = n

    def __len__(self) -> int:
        return self._n

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(self._n)))
        start = range(self._n)[index] * _SHARED_BYTES
        view = memoryview(self._memory.get_obj()).cast("B")
        body = start + _HEADER_BYTES
        size = int.from_bytes(view[start:body], "little")
        return bytes(view[body : body + size]).decode("utf-8", "surrogatepass")

    def __deepcopy__(self, memo: dict[int, Any]) -> tuple[str, ...]:
        return tuple(self)


@read_from_shared_memory.register(AnyText)
def _read(space: AnyText, memory: "SynchronizedArray[c_uint8]", n: int = 1) -> Sequence[str]:
    return _SharedTexts(memory, n)
