"""JSON lines on disk with random access: `X.jsonl`, and in `X.npy` where its lines begin.

Opening costs the same for a thousand lines and for ten million, and processes share the pages.
"""

import mmap
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from stepagent_gym.errors import DataCorrupt

_REMEDY = "prepare the data again"


class JsonLines:
    """A memory map of JSON lines; `lines[i]` parses one.  Raises `DataCorrupt` for damage."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._offsets = np.load(path.with_suffix(".npy"), mmap_mode="r")
            with path.open("rb") as file:
                empty = path.stat().st_size == 0
                self._map: mmap.mmap | bytes = (
                    b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
                )
        except (OSError, ValueError) as error:
            raise DataCorrupt(f"{path} cannot be read: {error}; {_REMEDY}") from error
        if len(self._map) != int(self._offsets[-1]):
            raise DataCorrupt(f"{path} does not fit its offsets; {_REMEDY}")

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, index: int) -> dict[str, Any]:
        start, end = self._offsets[index : index + 2].tolist()
        try:
            value: dict[str, Any] = orjson.loads(self._map[start:end])
        except orjson.JSONDecodeError as error:
            raise DataCorrupt(f"{self.path}, line {index + 1}: {error}; {_REMEDY}") from error
        return value


def write_json_lines(path: Path, lines: Iterable[bytes]) -> None:
    """Write lines of JSON, each with its newline, and their offsets."""
    offsets = [0]
    with path.open("wb") as file:
        for line in lines:
            file.write(line)
            offsets.append(file.tell())
    np.save(path.with_suffix(".npy"), np.array(offsets, np.uint64))
