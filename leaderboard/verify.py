"""Re-execution: an entry is believed when every action of every episode was played again.

    stepagent board verify FILE.zip

Each episode is replayed in the environment from its task and seed with the recorded replies.
Observations, rewards, parses, the end, success, score and metrics must come out the same to the
byte, and the summary must follow from them.  What was replayed is kept in a side file, so that a
verification that was killed goes on where it stopped.  It stands in the cache folder under the
hash of the archive, never beside the archive, where a stranger could have put one.
"""

import contextlib
import fcntl
import itertools
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from io import BufferedRandom
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from harness.evaluate import Plan
from harness.runs import git_commit
from leaderboard.claims import Episode, Finding, check_claims
from leaderboard.plans import make_plans
from leaderboard.replay import Checked, Chunk, check_chunk
from leaderboard.submission import Submission, read_submission
from leaderboard.workers import Workers
from stepagent_gym.datasets import cache_root
from stepagent_gym.errors import RunLocked, SubmissionError

CHUNK = 20
"""Episodes that are handed to a process at once."""
_MOMENT = 1.0  # seconds
_SHOWN = 100


@dataclass(frozen=True)
class Verdict:
    """What a verification found; `findings` is empty where the submission is verified.

    `episodes`, `turns`: how many were replayed.  `resumed`: how many of the episodes an earlier,
    interrupted verification had replayed.  `data`: the name that the data has here, by environment.
    """

    sha256: str
    findings: tuple[str, ...]
    episodes: int
    turns: int
    resumed: int
    seconds: float
    data: Mapping[str, str]
    harness: str
    git_commit: str | None
    checked: str

    @property
    def verified(self) -> bool:
        """Whether everything came out the same."""
        return not self.findings

    def to_json(self) -> dict[str, Any]:
        """Give a JSON object."""
        return {**asdict(self), "verified": self.verified}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave."""
        fields = {key: value[key] for key in cls.__dataclass_fields__}
        return cls(**{**fields, "findings": tuple(value["findings"])})


def verify(
    path: Path,
    *,
    workers: int | None = None,
    side_file: Path | None = None,
    tell: Callable[[int], None] = lambda episodes: None,
) -> Verdict:
    """Re-execute a submission.

    `workers`: processes that replay (None: one a core; 0: this one).  `side_file`: where progress
    is kept (None: in the cache folder).  `tell`: is called with the episodes replayed so far.
    Raises `NotInstalled`, `EnvironmentFault`, `DataError` and `RunLocked` where nothing can be
    said about the submission here and now.
    """
    began = time.monotonic()
    sha256, names = "", {}
    checked: list[Checked] = []
    resumed = 0
    try:
        submission = read_submission(path)
        sha256 = submission.sha256
        plans = make_plans(submission)
        findings = list(plans.findings)
        names = {env_id: plan.conditions["data"] for env_id, plan in plans.plans.items()}
        if not findings:
            side_file = side_file or cache_root() / "verifications" / f"{sha256}.jsonl"
            with _SideFile(side_file, _fingerprint(submission, plans.plans)) as side:
                checked += side.checked
                resumed = sum(len(part.episodes) for part in checked)
                for part in _replayed(submission, plans.plans, side, workers):
                    checked.append(part)
                    tell(sum(len(part.episodes) for part in checked))
                checked.sort(key=lambda part: part.first)
                findings += _judge(submission, plans.plans, checked)
                side.finish()
    except SubmissionError as error:
        findings = [Finding(str(error))]
    shown = [str(finding) for finding in findings[:_SHOWN]]
    if len(findings) > _SHOWN:
        shown.append(f"and {len(findings) - _SHOWN} more")
    return Verdict(
        sha256=sha256,
        findings=tuple(shown),
        episodes=sum(len(part.episodes) for part in checked),
        turns=sum(episode.turns for part in checked for episode in part.episodes),
        resumed=resumed,
        seconds=round(time.monotonic() - began, 3),
        data=names,
        harness=version("stepagent-gym"),
        git_commit=git_commit(),
        checked=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _judge(
    submission: Submission,
    plans: Mapping[str, Plan],
    checked: Sequence[Checked],
) -> list[Finding]:
    """Gather what replay found, the tasks of the split that are missing, and contradictions."""
    findings = [finding for part in checked for finding in part.findings]
    episodes = [episode for part in checked for episode in part.episodes]
    played = {episode.trajectory.key for episode in episodes}
    findings += itertools.islice(_missing(plans.values(), played), _SHOWN + 1)
    return findings + check_claims(
        submission.config, submission.conditions, submission.summary, episodes
    )


def _missing(
    plans: Iterable[Plan], played: Collection[tuple[str, str, str, int]]
) -> Iterator[Finding]:
    """Name the episodes that are not there; how many there should be is a stranger's word."""
    for plan in plans:
        first, split = plan.conditions["seed"], plan.conditions["split"]
        for seed in range(first, first + plan.conditions["repeats"]):
            for task in plan.tasks:
                if (plan.env_id, split, task, seed) not in played:
                    yield Finding("this task of the split is missing", plan.env_id, task, seed)


def _replayed(
    submission: Submission, plans: Mapping[str, Plan], side: "_SideFile", workers: int | None
) -> Iterator[Checked]:
    """Replay what the side file does not hold yet, and add it there."""
    done = {part.first for part in side.checked}
    with contextlib.closing(submission.lines()) as lines:
        todo = (chunk for chunk in _chunks(lines) if chunk.first not in done)
        for part in _check(todo, plans, workers):
            side.add(part)
            yield part


def _chunks(lines: Iterable[bytes]) -> Iterator[Chunk]:
    numbered = iter(lines)
    for first in itertools.count(1, CHUNK):
        chunk = tuple(itertools.islice(numbered, CHUNK))
        if not chunk:
            return
        yield Chunk(first, chunk)


def _check(
    chunks: Iterator[Chunk], plans: Mapping[str, Plan], workers: int | None
) -> Iterator[Checked]:
    """Check chunks: here, and in so many processes.

    Where their number is not given they are begun only for what is left after a moment, since
    beginning them takes longer than replaying some hundred episodes of a fast environment.
    """
    began = time.monotonic()
    count = (os.cpu_count() or 1) if workers is None else workers
    if workers is None or count == 0:
        for chunk in chunks:
            yield check_chunk(plans, chunk)
            if count > 1 and time.monotonic() - began > _MOMENT:
                break
        else:
            return
    with Workers(count, plans) as processes:
        yield from processes.check(chunks)


def _fingerprint(submission: Submission, plans: Mapping[str, Plan]) -> dict[str, Any]:
    """Say what the findings of a side file depend on."""
    return {
        "sha256": submission.sha256,
        "chunk": CHUNK,
        "harness": version("stepagent-gym"),
        "git_commit": git_commit(),
        "data": {env_id: plan.conditions["data_hash"] for env_id, plan in plans.items()},
    }


class _SideFile:
    """What was replayed so far, a line a chunk, after a line that says of what.

    One that was written for another archive, data or version is begun anew, and a half-written
    last line is cut off.  Raises `RunLocked` where another process has it open.
    """

    def __init__(self, path: Path, fingerprint: Mapping[str, Any]) -> None:
        self.path = path
        self.fingerprint = orjson.dumps(fingerprint)
        self.checked: list[Checked] = []
        self._file: BufferedRandom

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("a+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise RunLocked(f"another process is verifying this archive ({self.path})") from None
        self._read()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, SubmissionError):
            self.finish()
        self._file.close()

    def add(self, part: Checked) -> None:
        """Keep what replaying a chunk showed."""
        value = {
            "first": part.first,
            "episodes": [episode.to_json() for episode in part.episodes],
            "findings": [asdict(finding) for finding in part.findings],
        }
        self._file.write(orjson.dumps(value) + b"\n")
        self._file.flush()

    def finish(self) -> None:
        """Remove the file: there is a verdict."""
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()

    def _read(self) -> None:
        self._file.seek(0)
        first, *lines = self._file.read().split(b"\n")
        if first != self.fingerprint or not lines:
            self._file.truncate(0)
            self._file.write(self.fingerprint + b"\n")
            self._file.flush()
            return
        *whole, half = lines
        for value in map(orjson.loads, whole):
            self.checked.append(
                Checked(
                    value["first"],
                    tuple(Episode.from_json(episode) for episode in value["episodes"]),
                    tuple(Finding(**finding) for finding in value["findings"]),
                )
            )
        if half:
            self._file.truncate(self._file.tell() - len(half))
