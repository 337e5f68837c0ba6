"""The files that games are made from, in folders and archives, read and never unpacked.

A game is `<split>/<task>/<trial>/` with `game.tw-pddl`, or with `initial_state.pddl` and
`traj_data.json`, anywhere in a folder, a `.zip` or a `.tar` (plain or compressed); its parts may
lie in different archives.
"""

import json
import re
import tarfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from stepagent_gym.errors import DataCorrupt, UsageError

GAME, PROBLEM, TRAJECTORY = "game.tw-pddl", "initial_state.pddl", "traj_data.json"
_MEMBER = re.compile(
    rf"(?:.*/)?([\w-]+/[\w.-]+/trial_\w+)/({re.escape(GAME)}|{PROBLEM}|{re.escape(TRAJECTORY)})"
)
_ARCHIVE = re.compile(r".+\.(zip|tar|tar\.(xz|gz|bz2)|tgz|txz)")
_LISTED = re.compile(r'[\w.-]+/trial_(\w+)|"task_id":\s*"trial_(\w+)"')
_MOST_BYTES = 64 << 20


class Member(NamedTuple):
    """A file of a game: `<split>/<task>/<trial>`, which of the three it is, and its content."""

    game: str
    part: str
    content: bytes


@dataclass(frozen=True)
class Sources:
    """What was given: folders and archives of games."""

    places: Sequence[Path]

    @classmethod
    def find(cls, paths: Sequence[Path]) -> "Sources":
        """Find archives, also in folders; raises `UsageError` for a file that is none."""
        places: list[Path] = []
        for given in paths:
            if given.is_dir():
                places += [given, *filter(_is_archive, sorted(given.rglob("*")))]
            elif _is_archive(given):
                places.append(given)
            else:
                raise UsageError(
                    f"{given} is no folder or archive of ALFWorld games (.zip, .tar, .tar.xz, "
                    ".tar.gz)"
                )
        return cls(places)

    def members(self, parts: Sequence[str]) -> Iterator[Member]:
        """Read the files of games that are one of `parts`, in the order in which they lie."""
        for place in self.places:
            if place.is_dir():
                yield from _in_folder(place, parts)
            elif place.name.endswith(".zip"):
                yield from _in_zip(place, parts)
            else:
                yield from _in_tar(place, parts)


def read_list(path: Path) -> list[str]:
    """Read the trials of the games that a list names (without "trial_"), each once, in order.

    Any text will do that holds `<task>/<trial>`, or AgentGym's objects with a `task_id`.
    Raises `DataCorrupt` where there is none.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataCorrupt(f"{path} cannot be read as a list of games: {error}") from error
    trials = list(dict.fromkeys(match[1] or match[2] for match in _LISTED.finditer(text)))
    if not trials:
        raise DataCorrupt(f"{path} names no game; a game is written <task>/<trial>")
    return trials


def read_task(content: bytes) -> tuple[str, Mapping[str, str]]:
    """Read task type and parameters from a `traj_data.json`; raises `DataCorrupt`."""
    try:
        value = json.loads(content)
        parameters = value["pddl_params"]
        targets = {key: str(parameters[f"{key}_target"]) for key in ("object", "parent", "toggle")}
        sliced = bool(parameters["object_sliced"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataCorrupt(f"{TRAJECTORY} is malformed: {error!r}") from error
    return str(value["task_type"]) + ("_sliced" if sliced else ""), targets


def _is_archive(path: Path) -> bool:
    return _ARCHIVE.fullmatch(path.name) is not None


def _in_folder(folder: Path, parts: Sequence[str]) -> Iterator[Member]:
    for path in sorted(folder.rglob("*")):
        match = _MEMBER.fullmatch(path.as_posix())
        if match and match[2] in parts:
            _check_size(path.stat().st_size, str(path))
            yield Member(match[1], match[2], path.read_bytes())


def _in_zip(archive: Path, parts: Sequence[str]) -> Iterator[Member]:
    try:
        with zipfile.ZipFile(archive) as file:
            for info in file.infolist():
                match = _member(info.filename, archive)
                if match and match[2] in parts:
                    _check_size(info.file_size, f"{archive}: {info.filename}")
                    yield Member(match[1], match[2], file.read(info))
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise DataCorrupt(f"{archive} cannot be read: {error}; fetch it again") from error


def _in_tar(archive: Path, parts: Sequence[str]) -> Iterator[Member]:
    try:
        with tarfile.open(archive, "r|*") as file:
            for info in file:
                match = _member(info.name, archive)
                if match and match[2] in parts and info.isreg():
                    _check_size(info.size, f"{archive}: {info.name}")
                    content = file.extractfile(info)
                    assert content is not None
                    yield Member(match[1], match[2], content.read())
    except (tarfile.TarError, OSError, EOFError) as error:
        raise DataCorrupt(f"{archive} cannot be read: {error}; fetch it again") from error


def _member(name: str, archive: Path) -> re.Match[str] | None:
    """Recognise a member of an archive; one that points outside condemns the archive."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts:
        raise DataCorrupt(f"{archive} names the path {name!r} outside itself; do not trust it")
    return _MEMBER.fullmatch(path.as_posix())


def _check_size(size: int, name: str) -> None:
    if size > _MOST_BYTES:
        raise DataCorrupt(f"{name} has {size:,} bytes, which no file of a game has")
