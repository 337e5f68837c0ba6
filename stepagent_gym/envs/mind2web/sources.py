"""The files that Mind2Web's tasks come in, and how a task is read from them.

    *.json               the original's download: a JSON list of tasks, each with its `actions`
    *.json, *.jsonl      rows of the Hugging Face copies, as a list or as lines: a task a row, or a
                         step a row (consecutive rows with one `annotation_id` are a task); any
                         field may be JSON in a string
    *.zip                the download's archives, with the password that the authors give
                         (decrypting takes a second for 2 MB; unpacked folders are faster)
    *.pkl, ranks*.json   ranks of the candidates (see `ranking`)

plain or gzipped.  The split is the first of train, test_task, test_website and test_domain that a
file's name, or a folder it is in, begins with.  Tasks stream: memory holds one at a time.
"""

import gzip
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, cast

import ijson
import orjson

from stepagent_gym.errors import DataCorrupt, UsageError

SPLITS = ("train", "test_task", "test_website", "test_domain")
PREVIOUS = 5
_TASKS = re.compile(r".*\.jsonl?(\.gz)?|.*\.zip")
_RANKS = re.compile(r".*\.pkl|ranks\w*\.json")
_SPLIT = re.compile(rf"({'|'.join(SPLITS)})(?![a-z])")
_TELLING = ("id", "name", "href", "title", "aria_label", "class", "value", "placeholder", "alt")
_MAX_CHARS = 1000
_MAX_DEPTH = 100


class Candidate(NamedTuple):
    """An element that could be chosen: its `backend_node_id`, and what its record says of it."""

    node: str
    description: str


@dataclass(frozen=True, slots=True)
class RecordedStep:
    """A step as it was recorded; `previous` are the last five actions before it."""

    uid: str
    html: str
    op: str
    value: str
    positives: tuple[Candidate, ...]
    negatives: tuple[Candidate, ...]
    previous: tuple[str, ...]
    label: str


@dataclass(frozen=True, slots=True)
class RecordedTask:
    """A task as it was recorded; `canary` is the string that marks test data, where there is."""

    id: str
    instruction: str
    website: str
    domain: str
    subdomain: str
    split: str | None
    steps: tuple[RecordedStep, ...]
    canary: str | None


@dataclass(frozen=True)
class Sources:
    """Files of tasks in their order, and the file of ranks."""

    tasks: tuple[Path, ...]
    ranks: Path | None

    @classmethod
    def find(cls, paths: Sequence[Path]) -> "Sources":
        """Sort files, and the files below folders whose names tell a split.

        Raises `UsageError` for a file of another kind, two files of ranks, or no tasks.
        """
        tasks: list[Path] = []
        ranks: list[Path] = []
        for given in paths:
            inside = given.is_dir()
            for path in sorted(given.rglob("*"), key=_natural) if inside else [given]:
                if _RANKS.fullmatch(path.name):
                    ranks.append(path)
                elif _TASKS.fullmatch(path.name) and (
                    not inside or split_of(path.relative_to(given)) or path.name == "test.zip"
                ):
                    tasks.append(path)
                elif not inside:
                    raise UsageError(f"{path} is no .json, .jsonl, .zip or .pkl of Mind2Web")
        if len(ranks) > 1:
            raise UsageError(f"both {ranks[0]} and {ranks[1]} hold ranks; name the file to take")
        if not tasks:
            raise UsageError(
                f"no tasks in {', '.join(map(str, paths))}; give files, or folders of files, whose "
                f"names begin with {', '.join(SPLITS)}"
            )
        return cls(tuple(tasks), ranks[0] if ranks else None)


def split_of(path: Path | PurePosixPath) -> str | None:
    """Give the split that a file's name tells, else the folder's that it is in."""
    for part in reversed(path.parts):
        if match := _SPLIT.match(part):
            return match[1]
    return None


def read_tasks(path: Path, password: str | None) -> Iterator[RecordedTask]:
    """Read the tasks of a file or archive in order.

    Raises `DataCorrupt` naming file and task, `UsageError` where a password is missing or wrong.
    """
    if path.suffix == ".zip":
        with _zip_errors(path):
            for member, file in _members(path, password):
                where = f"{path}, {member}"
                yield from _tasks(where, split_of(PurePosixPath(member)), file)
        return
    opener: Any = gzip.open if path.suffix == ".gz" else Path.open
    with opener(path, "rb") as file:
        yield from _tasks(str(path), split_of(path), file)


def _members(path: Path, password: str | None) -> Iterator[tuple[str, BufferedReader]]:
    """Open the task files of an archive one after the other; nothing is unpacked to disk."""
    with zipfile.ZipFile(path) as archive:
        members = [info for info in archive.infolist() if _TASKS.fullmatch(info.filename)]
        for info in sorted(members, key=lambda info: _natural(PurePosixPath(info.filename))):
            with archive.open(info, pwd=password.encode() if password else None) as file:
                yield info.filename, cast("BufferedReader", file)


@contextmanager
def _zip_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except NotImplementedError as error:
        raise UsageError(
            f"{path} cannot be read ({error}); unpack it and give the folder"
        ) from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise DataCorrupt(f"{path} is damaged, or the password is wrong: {error}") from error
    except RuntimeError as error:
        raise UsageError(
            f"{path} wants its password ({error}); give --password, or STEPAGENT_MIND2WEB_PASSWORD"
        ) from error


def _tasks(where: str, split: str | None, file: BufferedReader) -> Iterator[RecordedTask]:
    number = 1
    try:
        for _, group in groupby(_rows(where, file), key=lambda row: row["annotation_id"]):
            rows = list(group)
            if "actions" in rows[0]:
                for row in rows:
                    yield _task(row, split, _steps(row))
                    number += 1
            else:
                yield _task(rows[0], split, [_row_step(row) for row in rows])
                number += len(rows)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataCorrupt(
            f"{where}, record {number} or soon after, is no task of Mind2Web: {error!r}; mend or "
            "remove it"
        ) from error


def _rows(where: str, file: BufferedReader) -> Iterator[Any]:
    """Read a JSON list or JSON lines, told apart by the first character."""
    try:
        if file.peek(1)[:1] == b"[":
            yield from _elements(file)
        else:
            for line in file:
                if not line.isspace():
                    yield orjson.loads(line)
    except (ijson.JSONError, orjson.JSONDecodeError, UnicodeDecodeError) as error:
        raise DataCorrupt(f"{where} is malformed or cut off: {error}; fetch it again") from error


def _elements(file: BufferedReader) -> Iterator[Any]:
    """Read the elements of a JSON list one at a time.

    (`ijson.items` would do, but for the path that it keeps of where it is: in a list nested
    100,000 deep that fills the memory.)
    """
    events = ijson.basic_parse(file, use_float=True)
    next(events)
    depth, builder = 0, ijson.ObjectBuilder()
    for event, value in events:
        depth += event.startswith("start_") - event.startswith("end_")
        if depth < 0:
            continue
        if depth > _MAX_DEPTH:
            raise ValueError(f"nested deeper than {_MAX_DEPTH} levels")
        builder.event(event, value)
        if depth == 0:
            yield builder.value
            builder = ijson.ObjectBuilder()


def _task(row: Mapping[str, Any], split: str | None, steps: Sequence[RecordedStep]) -> RecordedTask:
    canary = next((str(value) for name, value in row.items() if "canary" in name.lower()), None)
    return RecordedTask(
        id=_string(row["annotation_id"]),
        instruction=_string(row["confirmed_task"]),
        website=_string(row["website"]),
        domain=_string(row["domain"]),
        subdomain=_string(row.get("subdomain") or ""),
        split=split,
        steps=tuple(steps),
        canary=canary,
    )


def _steps(row: Mapping[str, Any]) -> list[RecordedStep]:
    """Read the steps of a task; its descriptions of actions end where its actions do."""
    actions, labels = _parsed(row["actions"]), _parsed(row["action_reprs"])
    before = len(labels) - len(actions)
    if before < 0:
        raise ValueError(f"{len(actions)} actions, but {len(labels)} action_reprs")
    return [_step(_parsed(action), labels, before + place) for place, action in enumerate(actions)]


def _row_step(row: Mapping[str, Any]) -> RecordedStep:
    labels = _parsed(row["action_reprs"])
    return _step(row, labels, int(row["target_action_index"]))


def _step(action: Mapping[str, Any], labels: Sequence[str], place: int) -> RecordedStep:
    if not 0 <= place < len(labels):
        raise ValueError(f"action {place} of {len(labels)}")
    operation = _parsed(action["operation"])
    return RecordedStep(
        uid=_string(action["action_uid"]),
        html=_string(action["cleaned_html"]),
        op=_string(operation["op"]),
        value=_string(operation.get("value") or ""),
        positives=tuple(map(_candidate, _parsed(action["pos_candidates"]))),
        negatives=tuple(map(_candidate, _parsed(action["neg_candidates"]))),
        previous=tuple(map(_string, labels[max(0, place - PREVIOUS) : place])),
        label=_string(labels[place]),
    )


def _candidate(value: Any) -> Candidate:
    candidate = _parsed(value)
    attributes = _parsed(candidate.get("attributes") or {})
    said = [_string(candidate.get("tag") or "")]
    said += [str(attributes[name])[:_MAX_CHARS] for name in _TELLING if name in attributes]
    return Candidate(str(candidate["backend_node_id"]), " ".join(said))


def _parsed(value: Any) -> Any:
    """Give a value that may be JSON in a string."""
    return orjson.loads(value) if isinstance(value, str) else value


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} where a text belongs")
    return value


def _natural(path: Path | PurePosixPath) -> list[list[tuple[str, int]]]:
    """Order `train_2.json` before `train_10.json`."""
    return [
        [(rest, int(digits or 0)) for rest, digits in re.findall(r"(\D*)(\d*)", part)]
        for part in path.parts
    ]
