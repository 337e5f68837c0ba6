"""The files that games are made from, in folders and archives, read and never unpacked.

A game is `<split>/<task>/<trial>/` with `game.tw-pddl`, or with `initial_state.pddl` and
`traj_data.json`, anywhere in a folder, a `.zip` or a `.tar` (plain or compressed); its parts may
lie in different archives.  Beside them, lists of games of published work are known by their names
and become splits.
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
_LISTS = (
    (re.compile(r"(ETO_)?gamefile_id\.txt"), "eto"),
    (re.compile(r"(IPR_)?alfworld_game_files\.json"), "ipr"),
    (re.compile(r"(AgentBench_)?(dev|standard|new_std|train_valid)\.json"), r"agentbench_\2"),
    (re.compile(r"(AgentGym_)?mappings_(train|test)\.json"), r"agentgym_\2"),
    (re.compile(r"(ExpeL_)?alfworld_tasks(_suffix)?\.json"), "expel"),
)
_LISTED = re.compile(r'([\w.-]+)/(trial_\w+)|"task_type":\s*"([\w.-]+)",\s*"task_id":\s*"(\w+)"')
_MOST_BYTES = 64 << 20


class Member(NamedTuple):
    """A file of a game: `<split>/<task>/<trial>`, which of the three it is, and its content."""

    game: str
    part: str
    content: bytes


@dataclass(frozen=True)
class Sources:
    """What was given: folders and archives of games, and lists of games by split name."""

    places: Sequence[Path]
    lists: Mapping[str, Path]

    @classmethod
    def find(cls, paths: Sequence[Path]) -> "Sources":
        """Sort files, and the files of folders, by their names.

        Raises `UsageError` for a file given by name that is of no use.
        """
        places, lists = [], {}
        for given in paths:
            if given.is_dir():
                places.append(given)
            for path in sorted(given.rglob("*")) if given.is_dir() else [given]:
                split = _list_name(path.name)
                if split is not None:
                    lists[split] = path
                elif _ARCHIVE.fullmatch(path.name):
                    places.append(path)
                elif path is given:
                    raise UsageError(
                        f"{path} is no folder or archive of ALFWorld games (.zip, .tar, .tar.xz, "
                        ".tar.gz), and no list of games that is known by its name"
                    )
        return cls(places, lists)

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
    """Read `<task>/<trial>` of the games that a list names, each once, in its order.

    Any text will do that holds such pairs, or AgentGym's objects with `task_type` and `task_id`.
    Raises `DataCorrupt` where there is none.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataCorrupt(f"{path} cannot be read as a list of games: {error}") from error
    found = (f"{m[1] or m[3]}/{m[2] or m[4]}" for m in _LISTED.finditer(text))
    games = list(dict.fromkeys(found))
    if not games:
        raise DataCorrupt(f"{path} names no game; a game is written <task>/<trial>")
    return games


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


def _list_name(name: str) -> str | None:
    for form, split in _LISTS:
        if match := form.fullmatch(name):
            return match.expand(split)
    return None


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
