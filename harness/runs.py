"""A run folder: the config it began with, one line for each finished episode, the summary.

    run.json            resolved config, conditions, versions, commit; written once
    trajectories.jsonl  one `Trajectory` a line, appended and flushed as each episode ends
    summary.json        scores; written when the run ends
    spending.json       what a model on a server has taken so far, every try counted

A process may be killed at any moment: at worst the last line is half written, and opening the run
again takes it off.  A run is continued only under the config it began with.
"""

import contextlib
import fcntl
import os
import platform
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import gymnasium
import numpy as np
import orjson

from stepagent_gym.errors import ConfigChanged, RunError, RunLocked
from stepagent_gym.types import Trajectory

RUN, TRAJECTORIES, SUMMARY = "run.json", "trajectories.jsonl", "summary.json"
SPENDING = "spending.json"
MAY_CHANGE = frozenset(
    {"concurrency", "workers", "engine", "ray_address", "server", "local", "out", "quiet"}
)
"""Config that does not bear on results, and may differ when a run is resumed."""


class RunFolder:
    """An open run, to which this process alone may append.

    `create` begins one, `resume` takes one up; both give a context manager.
    """

    def __init__(self, path: Path, header: Mapping[str, Any]) -> None:
        self.path = path
        self.header = header
        self._file: FileIO | None = None
        self._lock: BinaryIO | None = None
        self._end = 0

    @classmethod
    def create(cls, path: Path, config: Mapping[str, Any], conditions: Mapping[str, Any]) -> Self:
        """Begin a run in a folder that holds none; `RunError` otherwise."""
        header = {
            "config": dict(config),
            "conditions": dict(conditions),
            "versions": versions(),
            "git_commit": git_commit(),
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        if (path / RUN).exists():
            raise RunError(
                f"{path} already holds a run; continue it with --resume {path}, "
                "or choose another --out"
            )
        with _disk(path):
            path.mkdir(parents=True, exist_ok=True)
            write_json(path / RUN, header)
            (path / TRAJECTORIES).touch()
        return cls(path, header)

    @classmethod
    def resume(cls, path: Path, config: Mapping[str, Any], conditions: Mapping[str, Any]) -> Self:
        """Take up a run; `ConfigChanged` shows what differs from the config it began with."""
        header = read_header(path)
        wanted = orjson.loads(orjson.dumps({"config": config, "conditions": conditions}))
        differences = [
            f"  {part}.{key}: {then!r} then, {now!r} now"
            for part in ("config", "conditions")
            for key, then, now in _differences(header[part], wanted[part])
            if key.partition(".")[0] not in MAY_CHANGE
        ]
        if differences:
            raise ConfigChanged(
                f"{path} was begun under another config:\n" + "\n".join(differences) + "\n"
                "resume it as it was, or begin a new run with another --out"
            )
        return cls(path, header)

    def __enter__(self) -> Self:
        lock = (self.path / RUN).open("rb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise RunLocked(f"another process is writing to {self.path}; wait for it") from None
        self._lock = lock
        self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file in (self._file, self._lock):
            if file is not None:
                file.close()
        self._file = self._lock = None

    def append(self, trajectory: Trajectory) -> None:
        """Add an episode, on disk when this returns; `RunError` on a full disk, nothing lost."""
        assert self._file is not None, "the run is not open"
        line = orjson.dumps(trajectory.to_json(), option=orjson.OPT_SERIALIZE_NUMPY) + b"\n"
        with _disk(self.path):
            try:
                rest = memoryview(line)
                while rest:
                    rest = rest[self._file.write(rest) :]
            except OSError:
                with contextlib.suppress(OSError):
                    os.ftruncate(self._file.fileno(), self._end)
                raise
        self._end += len(line)

    def drop_errors(self) -> int:
        """Take the episodes that ended in an error off the file, so that they are played again.

        Also keeps one line for each episode.  The file is replaced whole; gives how many went.
        """
        kept: dict[tuple[str, str, str, int], Trajectory] = {}
        total = 0
        for trajectory in read_trajectories(self.path):
            total += 1
            if trajectory.status != "error":
                kept.setdefault(trajectory.key, trajectory)
        if total > len(kept):
            lines = b"".join(orjson.dumps(t.to_json()) + b"\n" for t in kept.values())
            with _disk(self.path):
                replace_file(self.path / TRAJECTORIES, lines)
            self._open()
        return total - len(kept)

    def write_summary(self, summary: Mapping[str, Any]) -> None:
        """Write `summary.json`, whole or not at all."""
        with _disk(self.path):
            write_json(self.path / SUMMARY, summary)

    def _open(self) -> None:
        """Open the trajectories to append, and cut off a last line without its newline."""
        if self._file is not None:
            self._file.close()
        self._file = file = (self.path / TRAJECTORIES).open("a+b", buffering=0)
        size = file.seek(0, os.SEEK_END)
        end = size
        while end > 0:
            start = max(0, end - (1 << 16))
            file.seek(start)
            newline = file.read(end - start).rfind(b"\n")
            if newline >= 0:
                end = start + newline + 1
                break
            end = start
        if end < size:
            file.truncate(end)
        self._end = file.seek(end)


def read_header(path: Path) -> dict[str, Any]:
    """Read `run.json`; `RunError` if there is none or it is not whole."""
    try:
        header: dict[str, Any] = orjson.loads((path / RUN).read_bytes())
        header["config"], header["conditions"]
    except FileNotFoundError:
        raise RunError(f"{path} holds no run ({RUN} is missing)") from None
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise RunError(f"{path / RUN} is no run header: {error!r}") from error
    return header


def read_trajectories(path: Path) -> Iterator[Trajectory]:
    """Read a run's episodes; a half-written last line is passed over.

    Raises `RunError` naming the line where one in the middle is malformed.
    """
    file_path = path / TRAJECTORIES
    try:
        with file_path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.endswith(b"\n"):
                    return
                try:
                    yield Trajectory.from_json(orjson.loads(line))
                except (orjson.JSONDecodeError, KeyError, TypeError) as error:
                    raise RunError(
                        f"{file_path}, line {number}, is no trajectory ({error!r}); "
                        "remove the line and resume the run to play the episode again"
                    ) from error
    except FileNotFoundError:
        raise RunError(f"{path} holds no run ({TRAJECTORIES} is missing)") from None


def write_json(path: Path, value: Any) -> None:
    """Write JSON to a file, whole or not at all."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY
    replace_file(path, orjson.dumps(value, option=options) + b"\n")


def git_commit() -> str | None:
    """Give the commit of the checkout this code runs from, `-dirty` appended; None outside one."""
    here = Path(__file__).parent
    try:
        head, state = (
            subprocess.run(
                ["git", "-C", str(here), *arguments],
                capture_output=True,
                text=True,
                check=True,
                timeout=10,
            ).stdout.strip()
            for arguments in (["rev-parse", "HEAD"], ["status", "--porcelain", "-uno", "."])
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return f"{head}-dirty" if state else head


def versions() -> dict[str, str]:
    """Give the versions that results may depend on."""
    return {
        "stepagent-gym": version("stepagent-gym"),
        "python": platform.python_version(),
        "gymnasium": gymnasium.__version__,
        "numpy": np.__version__,
        "platform": platform.platform(),
    }


def _differences(then: Any, now: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """List where two JSON values differ: (dotted key, then, now)."""
    if isinstance(then or {}, dict) and isinstance(now or {}, dict) and (then or now):
        then, now = then or {}, now or {}
        for key in sorted({*then, *now}):
            below = f"{path}.{key}" if path else key
            yield from _differences(then.get(key), now.get(key), below)
    elif then != now:
        yield path, then, now


def replace_file(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextlib.contextmanager
def _disk(path: Path) -> Iterator[None]:
    """Turn a failing disk into a `RunError` that says what is safe and what to do."""
    try:
        yield
    except OSError as error:
        raise RunError(
            f"cannot write to {path}: {error.strerror or error}; every episode that ended before "
            f"is safe; free space, then continue with --resume {path}"
        ) from error
