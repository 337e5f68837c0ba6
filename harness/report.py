"""Runs as one self-contained HTML page: scores with their conditions, and every trajectory.

The page needs no network and no server.  It holds an index of the episodes and, in blocks of at
most `_BLOCK_EPISODES`, their turns, both as deflated JSON in base64; the browser inflates the index
when the page opens and a block when an episode of it is read.  Text of models and environments is
data: it is only ever set as text, and the page's Content-Security-Policy lets nothing run but the
one script whose hash it states.
"""

import base64
import hashlib
import re
import shutil
import struct
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import IO, Any, NamedTuple

import orjson

from harness.comparison import METHOD, PairKey, compare
from harness.runs import MAY_CHANGE, SUMMARY, read_header, read_trajectories
from harness.withholding import withhold
from stepagent_gym.errors import RunError, UsageError
from stepagent_gym.types import Trajectory

_BLOCK_EPISODES, _BLOCK_BYTES = 200, 2_000_000
_ERROR_LENGTH = 200
_PAGE = Path(__file__).with_name("page")
_SCRIPTS = ("text.js", "scores.js", "list.js", "episode.js", "main.js")
_DIFFERENCES = ("observation", "action", "reward", "end")
_DIGEST = struct.Struct("8s8sd")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069]")


class _Place(NamedTuple):
    """What the index says of an episode, and where its turns are."""

    failed: bool
    reward: float
    success: bool
    turns: int
    kind: str | None
    error: str | None
    block: int
    position: int
    parted: tuple[int, int] | None
    """Turn (from 1) and kind of the first difference from the first run; (0, 0) where alike."""


@dataclass
class _Run:
    """A run, and its episodes as they are read."""

    path: Path
    header: Mapping[str, Any]
    summary: Mapping[str, Any]
    withheld: frozenset[str]
    places: dict[PairKey, _Place] = field(default_factory=dict)

    def key(self, trajectory: Trajectory) -> PairKey:
        conditions = self.summary.get(trajectory.env_id, {}).get("conditions", {})
        return PairKey(
            trajectory.env_id,
            str(conditions.get("data_hash")),
            trajectory.split,
            trajectory.task_id,
            trajectory.seed,
        )


class _Blocks:
    """The turns of episodes, deflated in blocks and written to a file as they come."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.count = 0
        self._episodes: list[bytes] = []
        self._size = 0

    def add(self, episode: Mapping[str, Any]) -> tuple[int, int]:
        """Take an episode; gives its block and its position there."""
        text = orjson.dumps(episode)
        if len(self._episodes) == _BLOCK_EPISODES or self._size + len(text) > _BLOCK_BYTES:
            self.flush()
        self._episodes.append(text)
        self._size += len(text)
        return self.count, len(self._episodes) - 1

    def flush(self) -> None:
        """Write what has been taken as a block."""
        if not self._episodes:
            return
        self.file.write(b'<script type="text/plain" id="block-%d">' % self.count)
        self.file.write(_packed(b"[" + b",".join(self._episodes) + b"]"))
        self.file.write(b"</script>\n")
        self.count += 1
        self._episodes, self._size = [], 0


def write_report(runs: Sequence[Path], out: Path, *, include_test_data: bool = False) -> Path:
    """Write the page of a run, or of several beside the first; gives its path.

    Observations of data that its authors ask not to redistribute (a condition of the scores,
    `redistributable`), and other text that quotes them, are left out, unless `include_test_data`.
    Raises `RunError` where a run is unfinished or the page cannot be written, and `UsageError`
    where there is no run, or one is named twice.
    """
    if not runs or len({run.resolve() for run in runs}) < len(runs):
        raise UsageError("name one run folder, or several different ones to compare them")
    opened = [_open(run, include_test_data) for run in runs]
    partial = out.with_name(f".{out.name}.partial")
    try:
        with tempfile.TemporaryFile(dir=out.parent) as store, partial.open("wb") as page:
            _read_episodes(opened, _Blocks(store))
            store.seek(0)
            head, tail = _fill_template(opened)
            page.write(head)
            shutil.copyfileobj(store, page, 1 << 20)
            page.write(tail)
        partial.replace(out)
    except OSError as error:
        raise RunError(f"cannot write {out}: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return out


def _open(path: Path, include_test_data: bool) -> _Run:
    header = read_header(path)
    try:
        summary = orjson.loads((path / SUMMARY).read_bytes())
    except FileNotFoundError:
        raise RunError(
            f"{path} has no {SUMMARY} yet; finish it with `stepagent eval --resume {path}`"
        ) from None
    except orjson.JSONDecodeError as error:
        raise RunError(
            f"{path / SUMMARY} is malformed: {error}; write it again with "
            f"`stepagent eval --resume {path}`"
        ) from error
    withheld = {
        env_id
        for env_id, part in summary.items()
        if not part["conditions"].get("redistributable", True) and not include_test_data
    }
    return _Run(path, header, summary, frozenset(withheld))


def _read_episodes(runs: Sequence[_Run], blocks: _Blocks) -> None:
    """Read every run once; hold no more of an episode than the index, and its digests."""
    digests: dict[PairKey, bytes] = {}
    for number, run in enumerate(runs):
        for trajectory in read_trajectories(run.path):
            key = run.key(trajectory)
            if key in run.places:
                continue
            parted = None
            if number > 0 and key in digests:
                parted = _first_difference(digests[key], _digest(trajectory))
            elif number == 0 and len(runs) > 1:
                digests[key] = _digest(trajectory)
            episode = _episode(trajectory)
            if trajectory.env_id in run.withheld:
                episode = withhold(episode)
            error = episode["error"]
            steps = trajectory.steps
            kind = steps[-1].info.get("task_type") if steps else None
            run.places[key] = _Place(
                trajectory.status == "error",
                trajectory.reward,
                trajectory.success,
                len(steps),
                None if kind is None else str(kind),
                error and error.partition("\n")[0][:_ERROR_LENGTH],
                *blocks.add(episode),
                parted,
            )
        blocks.flush()


def _episode(trajectory: Trajectory) -> dict[str, Any]:
    """Give what the page shows of an episode beyond its line of the index."""
    return {
        "status": trajectory.status,
        "error": trajectory.error,
        "score": trajectory.score,
        "metrics": trajectory.metrics,
        "final": trajectory.final_observation,
        "turns": [
            {
                "seen": step.observation,
                "reply": step.completion.text,
                "reasoning": step.completion.reasoning,
                "finish": step.completion.finish_reason,
                "thought": step.thought,
                "action": step.action,
                "reward": step.reward,
                "valid": step.info.get("valid"),
                "rule": step.info.get("parse_rule"),
                "dropped": step.dropped,
            }
            for step in trajectory.steps
        ],
    }


def _digest(trajectory: Trajectory) -> bytes:
    """Hash what was seen and done in each turn, and what was seen last, to compare episodes by."""
    turns = [
        _DIGEST.pack(
            _hash(step.observation),
            _hash(step.completion.text if step.action is None else f"\0{step.action}"),
            step.reward,
        )
        for step in trajectory.steps
    ]
    return b"".join([*turns, _hash(trajectory.final_observation)])


def _hash(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _first_difference(first: bytes, second: bytes) -> tuple[int, int]:
    """Find the first turn (from 1) that differs and in what, of `_DIFFERENCES`; (0, 0) if none."""
    turns = zip(*(_DIGEST.iter_unpack(digest[:-8]) for digest in (first, second)), strict=False)
    for number, (one, other) in enumerate(turns, start=1):
        for what in range(3):
            if one[what] != other[what]:
                return number, what
    if first != second:
        ended = min(len(first), len(second)) // _DIGEST.size
        return ended + 1, 0 if len(first) == len(second) else _DIFFERENCES.index("end")
    return 0, 0


def _fill_template(runs: Sequence[_Run]) -> tuple[bytes, bytes]:
    """Give the page up to the blocks of episodes, and what follows them."""
    style = (_PAGE / "style.css").read_text(encoding="utf-8")
    script = "".join((_PAGE / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    title = " vs ".join(run.header["config"]["model"] for run in runs)
    environments = ", ".join(dict.fromkeys(env_id for run in runs for env_id in run.summary))
    facts = {
        "runs": [_facts(run) for run in runs],
        "comparisons": list(_comparisons(runs)),
        "method": METHOD,
        "differences": _DIFFERENCES,
    }
    policy = (
        f"default-src 'none'; script-src '{_source_hash(script)}'; "
        f"style-src '{_source_hash(style)}'; base-uri 'none'; form-action 'none'"
    )
    contents = {
        "POLICY": policy,
        "TITLE": escape(_printable(f"{title} — {environments}")),
        "STYLE": style,
        "FACTS": orjson.dumps(facts).decode().replace("<", "\\u003c"),
        "INDEX": _packed(orjson.dumps(_index(runs))).decode(),
        "SCRIPT": script,
    }
    template = (_PAGE / "page.html").read_text(encoding="utf-8")
    head, _, tail = template.partition("{{BLOCKS}}")
    filled = re.sub(r"\{\{([A-Z]+)\}\}", lambda match: contents[match[1]], head)
    return filled.encode(), tail.encode()


def _facts(run: _Run) -> dict[str, Any]:
    """Give what is said of a run; the errors are in the index, the server is nobody's business."""
    header = run.header
    return {
        "name": run.path.resolve().name,
        "model": header["config"]["model"],
        "started": header.get("started"),
        "commit": header.get("git_commit"),
        "versions": header.get("versions", {}),
        "config": {k: v for k, v in header["config"].items() if k not in MAY_CHANGE},
        "summary": {
            env_id: {key: value for key, value in part.items() if key != "error_messages"}
            for env_id, part in run.summary.items()
        },
        "withheld": sorted(run.withheld),
    }


def _comparisons(runs: Sequence[_Run]) -> Iterator[dict[str, Any]]:
    """Compare every further run with the first, by environment."""
    for number, run in enumerate(runs[1:], start=1):
        for env_id in runs[0].summary:
            if env_id in run.summary:
                sides = [
                    {key: place for key, place in side.places.items() if key.env_id == env_id}
                    for side in (runs[0], run)
                ]
                yield {"run": number, "env": env_id, **compare(sides[0], sides[1])}


def _index(runs: Sequence[_Run]) -> dict[str, Any]:
    """Give a column for each property of the episodes, which stand in the order of the tasks."""
    environments = list(dict.fromkeys(env_id for run in runs for env_id in run.summary))
    order = {env_id: number for number, env_id in enumerate(environments)}
    keys = sorted(
        {key for run in runs for key in run.places},
        key=lambda key: (
            order.get(key.env_id, len(order)),
            *(key.env_id, key.data, key.split),
            *(_natural(key.task_id), key.seed),
        ),
    )
    kinds = [
        next((p.kind for run in runs if (p := run.places.get(key)) and p.kind), None)
        for key in keys
    ]
    index: dict[str, Any] = {
        "env": _numbered(key.env_id for key in keys),
        "split": _numbered(key.split for key in keys),
        "kind": _numbered(kinds),
        "task": [key.task_id for key in keys],
        "seed": [key.seed for key in keys],
    }
    index["runs"] = [_columns([run.places.get(key) for key in keys]) for run in runs]
    return index


def _columns(places: Sequence[_Place | None]) -> dict[str, Any]:
    """Give the columns of one run; an episode that it has not is null in each."""
    columns: dict[str, Any] = {
        name: [getattr(place, name) if place else None for place in places]
        for name in ("failed", "reward", "success", "turns", "block", "position", "parted")
    }
    return {**columns, "error": _numbered(place.error if place else None for place in places)}


def _numbered(values: Iterable[str | None]) -> dict[str, Any]:
    """Give each value as its number in a list of names, in the order they come; None stays."""
    numbers: dict[str, int] = {}
    items = [None if v is None else numbers.setdefault(v, len(numbers)) for v in values]
    return {"names": list(numbers), "items": items}


def _natural(text: str) -> list[tuple[bool, int, str]]:
    """Sort numbers in a text as numbers."""
    parts = re.split(r"([0-9]{1,18})", text)
    return [(n % 2 == 0, int(p) if n % 2 else 0, p) for n, p in enumerate(parts)]


def _packed(content: bytes) -> bytes:
    return base64.b64encode(zlib.compress(content, 6))


def _source_hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _printable(text: str) -> str:
    """Show characters that a title would obey as their code."""
    return _CONTROLS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
