"""The submissions that a board holds: a folder for each, under a name made here.

    submission.zip                 the archive as it came, to be downloaded
    entry.json                     what it says of itself
    episodes.json                  its episodes in short, in the order of the file
    trajectories.jsonl, .npy       its episodes, any of them readable at once
    verdict.json                   what re-execution said, once it has
    problem.json                   why it could not be re-executed here, where that is so

A folder is written aside and moved into place whole.  Removing it takes a submission off the
board.
"""

import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import orjson

from harness.runs import write_json
from leaderboard.claims import Episode
from leaderboard.submission import Submission, check_submission, read_submission
from leaderboard.verify import Verdict, verify
from stepagent_gym.errors import StepAgentError
from stepagent_gym.jsonlines import JsonLines, write_json_lines
from stepagent_gym.types import Trajectory

Status = Literal["verified", "waiting", "refused"]

ARCHIVE, ENTRY, EPISODES = "submission.zip", "entry.json", "episodes.json"
LINES, VERDICT, PROBLEM = "trajectories.jsonl", "verdict.json", "problem.json"
_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Entry:
    """A submission on the board.

    `started`: when its run began, as it says; `received`: when it came here (ISO 8601).
    `problem`: why it could not be re-executed.
    """

    id: str
    sha256: str
    model: str
    method: str
    started: str
    received: str
    harness: str
    summary: Mapping[str, Any]
    verdict: Verdict | None
    problem: str | None

    @property
    def status(self) -> Status:
        """Whether re-execution has confirmed it."""
        if self.verdict is None:
            return "waiting"
        return "verified" if self.verdict.verified else "refused"


class Store:
    """A folder of submissions; several processes may read it and one at a time adds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, archive: Path) -> str:
        """Take an archive in; gives its id, which is the old one where it is here already.

        Raises `SubmissionError` for one that is no submission or contradicts itself.
        """
        submission = read_submission(archive)
        for entry in self.entries():
            if entry.sha256 == submission.sha256:
                return entry.id
        episodes = check_submission(submission)
        entry_id = secrets.token_hex(8)
        partial = self.folder / f".{entry_id}.partial"
        partial.mkdir(parents=True)
        try:
            shutil.copyfile(archive, partial / ARCHIVE)
            _write(partial, submission, episodes)
            partial.rename(self.folder / entry_id)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        return entry_id

    def verify(self, entry_id: str, *, workers: int | None = None) -> Entry:
        """Re-execute a submission and keep the verdict, or why there is none."""
        folder = self._folder(entry_id)
        try:
            verdict = verify(folder / ARCHIVE, workers=workers)
        except StepAgentError as error:
            write_json(folder / PROBLEM, {"problem": str(error)})
        else:
            write_json(folder / VERDICT, verdict.to_json())
            (folder / PROBLEM).unlink(missing_ok=True)
        return self.entry(entry_id)

    def entries(self) -> list[Entry]:
        """Read all entries, in the order in which they came."""
        if not self.folder.is_dir():
            return []
        found = [
            self.entry(path.name) for path in self.folder.iterdir() if _ID.fullmatch(path.name)
        ]
        return sorted(found, key=lambda entry: (entry.received, entry.id))

    def entry(self, entry_id: str) -> Entry:
        """Read an entry; raises `LookupError` where there is none."""
        folder = self._folder(entry_id)
        value = _read(folder / ENTRY)
        verdict, problem = _read_if_there(folder / VERDICT), _read_if_there(folder / PROBLEM)
        return Entry(
            **value,
            id=entry_id,
            verdict=None if verdict is None else Verdict.from_json(verdict),
            problem=None if problem is None else problem["problem"],
        )

    def episodes(self, entry_id: str) -> list[dict[str, Any]]:
        """Read the episodes of an entry in short."""
        episodes: list[dict[str, Any]] = _read(self._folder(entry_id) / EPISODES)
        return episodes

    def trajectory(self, entry_id: str, number: int) -> Trajectory:
        """Read an episode by its number from 1; raises `LookupError` where there is none."""
        lines = JsonLines(self._folder(entry_id) / LINES)
        if not 1 <= number <= len(lines):
            raise LookupError(number)
        return Trajectory.from_json(lines[number - 1])

    def archive(self, entry_id: str) -> Path:
        """Give the archive of an entry."""
        return (self._folder(entry_id) / ARCHIVE).resolve()

    def _folder(self, entry_id: str) -> Path:
        folder = self.folder / entry_id
        if not _ID.fullmatch(entry_id) or not folder.is_dir():
            raise LookupError(entry_id)
        return folder


def _write(folder: Path, submission: Submission, episodes: list[Episode]) -> None:
    entry = {
        "sha256": submission.sha256,
        "model": submission.model,
        "method": submission.method,
        "started": submission.header["started"],
        "received": datetime.now(UTC).isoformat(timespec="microseconds"),
        "harness": submission.header["versions"]["stepagent-gym"],
        "summary": submission.summary,
    }
    write_json(folder / ENTRY, entry)
    write_json(folder / EPISODES, [_in_short(episode) for episode in episodes])
    with closing(submission.lines()) as lines:
        write_json_lines(folder / LINES, _normalised(lines))


def _normalised(lines: Iterator[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield orjson.dumps(orjson.loads(line)) + b"\n"


def _in_short(episode: Episode) -> dict[str, Any]:
    trajectory = episode.trajectory
    return {
        "number": episode.line,
        "env_id": trajectory.env_id,
        "task_id": trajectory.task_id,
        "seed": trajectory.seed,
        "type": trajectory.steps[-1].info.get("task_type"),
        "turns": episode.turns,
        "status": trajectory.status,
        "reward": trajectory.reward,
        "success": trajectory.success,
    }


def _read(path: Path) -> Any:
    return orjson.loads(path.read_bytes())


def _read_if_there(path: Path) -> Any | None:
    try:
        return _read(path)
    except FileNotFoundError:
        return None
