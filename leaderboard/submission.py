"""Submissions: a finished run folder as one archive, and such an archive read with suspicion.

    stepagent board submit runs/NAME --out FILE.zip

    manifest.json       format, model and method as they shall be shown, SHA-256 of the other files
    run.json            as the run folder has it, without what tells of the submitter's machine
    summary.json        as the run folder has it, with the model as run.json names it
    trajectories.jsonl  as the run folder has it

No data of the benchmark is in it: whoever verifies has the same data, named by its hash.  Addresses
of servers, names of variables that hold keys, paths and limits of spending are left out; the
model, how it was sampled and what was played stay.
"""

import contextlib
import hashlib
import os
import zipfile
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from harness.evaluate import EvalConfig
from harness.policies import Server
from harness.runs import RUN, SUMMARY, TRAJECTORIES
from leaderboard import schema
from leaderboard.archive import Archive, open_member
from leaderboard.claims import Episode, check_claims
from stepagent_gym.errors import RunError, SubmissionError
from stepagent_gym.types import Trajectory

FORMAT = 1
MANIFEST = "manifest.json"
FILES = (RUN, SUMMARY, TRAJECTORIES)
LIMITS = {MANIFEST: 1 << 16, RUN: 1 << 20, SUMMARY: 1 << 24, TRAJECTORIES: 1 << 31}
"""Bytes that each member may have."""

_manifest = schema.manifest(FORMAT, FILES)


@dataclass(frozen=True)
class Submission:
    """What an archive says of itself, in the shape it must have; nothing of it is believed yet.

    `sha256`: of the archive.  `header`: its run.json.  `config`: the part of it that was asked for.
    """

    path: Path
    sha256: str
    model: str
    method: str
    header: dict[str, Any]
    summary: dict[str, Any]
    config: EvalConfig

    @property
    def conditions(self) -> dict[str, Any]:
        """What its scores depend on, by environment, as it says."""
        conditions: dict[str, Any] = self.header["conditions"]
        return conditions

    def lines(self) -> Generator[bytes]:
        """Read the trajectories, one line after the other, not parsed yet; to be closed."""
        with Archive(self.path, LIMITS) as archive:
            archive.hashes.update(_read_manifest(archive)["files"])
            yield from archive.lines(TRAJECTORIES)


def read_submission(path: Path) -> Submission:
    """Read all but the trajectories; raises `SubmissionError` for what is no submission."""
    with Archive(path, LIMITS) as archive:
        manifest = _read_manifest(archive)
        archive.hashes.update(manifest["files"])
        header = _parse(archive.content(RUN), schema.RUN, RUN)
        summary = _parse(archive.content(SUMMARY), schema.SUMMARY, SUMMARY)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    config = _read_config(header)
    return Submission(path, sha256, manifest["model"], manifest["method"], header, summary, config)


def read_episode(line: bytes, number: int) -> Trajectory:
    """Read a line of trajectories.jsonl; raises `SubmissionError` naming what is wrong in it."""
    return Trajectory.from_json(_parse(line, schema.TRAJECTORY, f"{TRAJECTORIES}, line {number}"))


def submit(run: Path, out: Path, *, model: str | None = None, method: str = "prompting") -> Path:
    """Write the archive of a run; gives its path.

    `model`: the name to show (None: the model string of the run).  `method`: how it was trained.
    Raises `SubmissionError` where the run is unfinished or contradicts itself.
    """
    if out.exists():
        raise SubmissionError(f"{out} exists already; choose another --out")
    contents = {name: _file(run, name) for name in FILES}
    header = _parse(contents[RUN], schema.RUN, RUN)
    summary = _parse(contents[SUMMARY], schema.SUMMARY, SUMMARY)
    header["config"] = _public(_read_config(header))
    for part in summary.values():
        part["conditions"]["model"] = header["config"]["model"]
    for name, value in ((RUN, header), (SUMMARY, summary)):
        contents[name] = orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n"
    manifest = {
        "kind": "stepagent-submission",
        "format": FORMAT,
        "model": model or header["config"]["model"],
        "method": method,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()},
    }
    contents = {MANIFEST: orjson.dumps(manifest, option=orjson.OPT_INDENT_2), **contents}
    partial = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with _disk(out):
            out.parent.mkdir(parents=True, exist_ok=True)
            with zipfile.ZipFile(partial, "w") as target:
                for name, content in contents.items():
                    with open_member(target, name) as file:
                        file.write(content)
        check_submission(read_submission(partial))
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    return out


def check_submission(submission: Submission) -> list[Episode]:
    """Hold a submission against itself, without any environment; gives its episodes in short.

    Raises `SubmissionError` with what is wrong.
    """
    with contextlib.closing(submission.lines()) as lines:
        episodes = [
            Episode.of(number, read_episode(line, number))
            for number, line in enumerate(lines, start=1)
        ]
    findings = check_claims(submission.config, submission.conditions, submission.summary, episodes)
    if findings:
        shown = "\n".join(f"  {finding}" for finding in findings[:20])
        raise SubmissionError(f"the run is incomplete or contradicts itself:\n{shown}")
    return episodes


def _read_config(header: Mapping[str, Any]) -> EvalConfig:
    try:
        return EvalConfig.from_stored(header["config"])
    except (KeyError, TypeError, ValueError, RunError) as error:
        raise SubmissionError(
            f"{RUN} was written by another version of the harness ({error}); "
            "run it again with this one"
        ) from error


def _public(config: EvalConfig) -> dict[str, Any]:
    """Give the config as run.json has it, without what tells of the submitter's machine."""
    kind, slash, rest = config.model.partition("/")
    named = rest if kind == "openai" else Path(rest).name
    return replace(
        config,
        model=f"{kind}{slash}{named}",
        data=config.data and Path(config.data).name,
        server=Server(),
        ray_address=None,
        out=None,
    ).stored()


def _read_manifest(archive: Archive) -> dict[str, Any]:
    return _parse(archive.content(MANIFEST), _manifest, MANIFEST)


def _parse(content: bytes, check: schema.Check, where: str) -> dict[str, Any]:
    try:
        value: dict[str, Any] = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise SubmissionError(f"{where} is no JSON: {error}") from error
    check(value, where)
    return value


def _file(run: Path, name: str) -> bytes:
    try:
        return (run / name).read_bytes()
    except FileNotFoundError:
        raise SubmissionError(
            f"{run / name} is missing; finish the run with `stepagent eval --resume {run}`"
        ) from None


@contextlib.contextmanager
def _disk(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SubmissionError(f"cannot write {path}: {error.strerror or error}") from error
