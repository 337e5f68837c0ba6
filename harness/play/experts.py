"""The file that a person's episodes are saved in: one `Trajectory` a line, as runs keep them."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import NamedTuple

import orjson

from stepagent_gym.errors import RunError
from stepagent_gym.types import Trajectory


class Saved(NamedTuple):
    """An episode in the file: where its line begins, and the line."""

    start: int
    line: bytes


class ExpertFile:
    """A JSON Lines file that finished episodes are appended to; several processes may.

    Raises `RunError` where the file cannot be written: at once, not after an hour of play.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._opened():
            pass

    def append(self, trajectory: Trajectory) -> Saved:
        """Add an episode, on disk when this returns; gives where it is."""
        line = orjson.dumps(trajectory.to_json(), option=orjson.OPT_SERIALIZE_NUMPY) + b"\n"
        with self._opened() as file:
            start = _end_of_lines(file)
            try:
                rest = memoryview(line)
                while rest:
                    rest = rest[file.write(rest) :]
                os.fsync(file.fileno())
            except OSError:
                with contextlib.suppress(OSError):
                    file.truncate(start)
                raise
        return Saved(start, line)

    def take_back(self, saved: Saved) -> bool:
        """Take an episode off the file; False, and it stays, where others were added since."""
        with self._opened() as file:
            file.seek(saved.start)
            if file.read() != saved.line:
                return False
            file.truncate(saved.start)
        return True

    @contextlib.contextmanager
    def _opened(self) -> Iterator[FileIO]:
        """Open the file to read and write; nobody else does meanwhile."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileIO(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644), "r+") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield file
        except OSError as error:
            raise RunError(
                f"cannot write to {self.path}: {error.strerror or error}; "
                "free it, or choose another file with --out"
            ) from error


def _end_of_lines(file: FileIO) -> int:
    """Go to the end; a last line without its newline gets it, or goes if it is half written."""
    start = file.seek(0, os.SEEK_END)
    while start > 0:
        block = max(0, start - (1 << 16))
        file.seek(block)
        newline = file.read(start - block).rfind(b"\n")
        start = block if newline < 0 else block + newline + 1
        if newline >= 0:
            break
    file.seek(start)
    rest = file.read()
    if not rest:
        return start
    try:
        orjson.loads(rest)
    except orjson.JSONDecodeError:
        file.truncate(start)
    else:
        file.write(b"\n")
    return file.seek(0, os.SEEK_END)
