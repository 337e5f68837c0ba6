"""Preparing questions: from the datasets' files to the form that the environments open.

Rows stream.  Memory holds the hashes and titles of distinct paragraphs, and the questions.

A file with "train" in its name is the train pool, every other the dev pool.  Each pool is shuffled
by `random.Random(seed)`, as ReAct draws its questions (`range(7405)`, seed 233, the first 500):
`train` is the first 5,000 of the train pool, `test` the first 500 of the dev pool and `dev` its
next 500.  Where there is one pool only, `test` and `dev` are at most a quarter of it each, and
`train` is of the rest.  `train_pool` and `dev_pool` are the pools whole, in the order of the files.
"""

import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from stepagent_gym.datasets import Prepared, Report, named_files, silent
from stepagent_gym.envs.wikiqa import corpus
from stepagent_gym.envs.wikiqa.records import Question
from stepagent_gym.envs.wikiqa.sources import (
    ALIASES,
    Paragraph,
    Row,
    find_files,
    read_aliases,
    read_file,
)
from stepagent_gym.errors import DataCorrupt, UsageError
from stepagent_gym.jsonlines import write_json_lines

_PROGRESS = 20_000


@dataclass(frozen=True)
class Options:
    """How questions are prepared; beside `--from` and `--name`, the flags of the command."""

    seed: int = 233
    """Seed of the shuffle that the splits are drawn from (233: ReAct's)."""
    train: int = 5000
    """Questions of the train split."""
    dev: int = 500
    """Questions of the dev split."""
    test: int = 500
    """Questions of the test split."""
    split: tuple[str, ...] = ()
    """Further splits, each NAME=FILE with a JSON list of question ids."""


def prepare(
    sources: Sequence[Path], out: Path, options: Options, report: Report = silent
) -> Prepared:
    """Prepare questions from files and folders (see `sources`) into the folder `out`.

    Questions without an answer are left out, and counted; questions without paragraphs are kept,
    and counted.  Raises `UsageError`, and `DataCorrupt` naming file and row.
    """
    if min(options.train, options.dev, options.test) < 0:
        raise UsageError("--train, --dev and --test are numbers of questions, at least 0")
    files = find_files(sources)
    aliases: dict[str, tuple[str, ...]] = {}
    for path in filter(_is_aliases, files):
        aliases |= read_aliases(path)
    reading = _Reading(aliases, report)
    rows = [path for path in files if not _is_aliases(path)]
    write_json_lines(out / corpus.PARAGRAPHS, reading.read(rows))
    if not reading.questions:
        raise DataCorrupt(f"no question with an answer in {', '.join(map(str, files))}")
    questions = list(reading.questions.values())
    write_json_lines(out / "questions.jsonl", (question.to_json() for question in questions))
    report("indexing the titles", 0.9)
    corpus.build_index(out, reading.titles)
    splits = _draw(reading.pools, options)
    splits |= _given(options.split, reading.questions)
    (out / "splits.json").write_bytes(orjson.dumps(splits))
    bare = sum(not question.paragraphs for question in questions)
    if bare:
        report(f"{bare:,} questions have no paragraphs of their own: they can be searched for in "
               "the union and scored, but their support may be missing")  # fmt: skip
    return Prepared(
        counts={
            "questions": len(questions),
            "paragraphs": len(reading.titles),
            "without_paragraphs": bare,
            "without_answer": reading.without_answer,
            "repeated": reading.repeated,
            **{name: len(ids) for name, ids in splits.items()},
        },
        info={
            "seed": options.seed,
            "sources": {path.name: _sha256(path) for path in files},
        },
    )


@dataclass
class _Reading:
    """What has been read so far: questions by id, the corpus, and the pools of ids."""

    aliases: Mapping[str, tuple[str, ...]]
    report: Report
    questions: dict[str, Question] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    pools: dict[str, list[str]] = field(default_factory=lambda: {"train_pool": [], "dev_pool": []})
    without_answer: int = 0
    repeated: int = 0
    _known: dict[bytes, int] = field(default_factory=dict)
    _new: list[bytes] = field(default_factory=list)

    def read(self, files: Sequence[Path]) -> Iterator[bytes]:
        """Read files, and give the line of every paragraph when it is met first."""
        for done, path in enumerate(files, start=1):
            stem = path.name.split(".")[0]
            pool = self.pools["train_pool" if "train" in path.name.lower() else "dev_pool"]
            for number, record in enumerate(read_file(path)):
                self._take(record, pool, stem, number)
                yield from self._new
                self._new.clear()
                if number % _PROGRESS == _PROGRESS - 1:
                    self.report(f"{path.name}: {number + 1:,} rows")
            told = f"{len(self.questions):,} questions, {len(self.titles):,} paragraphs"
            self.report(f"read {path.name}: {told}", 0.8 * done / len(files))

    def _take(self, record: Row | Paragraph, pool: list[str], stem: str, number: int) -> None:
        if isinstance(record, Paragraph):
            self._paragraph(record)
        elif record.answer is None:
            self.without_answer += 1
        elif (added := self._question(record, stem, number)) is not None:
            pool.append(added)

    def _question(self, row: Row, stem: str, number: int) -> str | None:
        """Take up a question, and give its id; None where it only adds to one known already."""
        numbers = tuple(dict.fromkeys(map(self._paragraph, row.paragraphs)))
        identity = row.id if row.id is not None else f"{stem}/{number}"
        known = self.questions.get(identity)
        if known is not None and known.question == row.question:
            self.repeated += 1
            if not known.paragraphs and numbers:
                self.questions[identity] = replace(
                    known, paragraphs=numbers, supporting=row.supporting
                )
            return None
        if known is not None:
            identity = f"{stem}/{identity}"
        aliases = (*row.aliases, *self.aliases.get(row.answer_id or "", ()))
        self.questions[identity] = Question(
            id=identity,
            question=row.question,
            answer=row.answer or "",
            aliases=tuple(dict.fromkeys(aliases)),
            kind=row.kind,
            level=row.level,
            supporting=row.supporting,
            paragraphs=numbers,
        )
        return identity

    def _paragraph(self, paragraph: Paragraph) -> int:
        line = orjson.dumps({"title": paragraph.title, "text": paragraph.text}) + b"\n"
        digest = hashlib.blake2b(line, digest_size=16).digest()
        number = self._known.setdefault(digest, len(self.titles))
        if number == len(self.titles):
            self.titles.append(paragraph.title)
            self._new.append(line)
        return number


def _draw(pools: Mapping[str, Sequence[str]], options: Options) -> dict[str, list[str]]:
    """Draw the splits from the pools."""
    train, dev = (_shuffled(pools[name], options.seed) for name in ("train_pool", "dev_pool"))
    whole = {name: list(ids) for name, ids in pools.items()}
    if train and dev:
        half = (len(dev) + 1) // 2
        test_size, dev_size = min(options.test, max(half, len(dev) - options.dev)), options.dev
        held, rest = dev, train
    else:
        held = train or dev
        quarter = max(1, len(held) // 4)
        test_size, dev_size = min(options.test, quarter), min(options.dev, quarter)
        rest = held[test_size + dev_size :]
    return {
        "train": rest[: options.train],
        "dev": held[test_size : test_size + dev_size],
        "test": held[:test_size],
        **whole,
    }


def _shuffled(ids: Sequence[str], seed: int) -> list[str]:
    order = list(range(len(ids)))
    random.Random(seed).shuffle(order)
    return [ids[place] for place in order]


def _given(pairs: Sequence[str], questions: Mapping[str, Any]) -> dict[str, list[str]]:
    """Read the splits that are given as files of ids; an id that is not there is an error."""
    splits = {}
    for name, path in named_files(pairs).items():
        try:
            ids = [str(identity) for identity in orjson.loads(path.read_bytes())]
        except (OSError, ValueError, TypeError) as error:
            raise UsageError(f"{path} is no JSON list of question ids: {error}") from error
        if unknown := [identity for identity in ids if identity not in questions]:
            raise UsageError(f"{path}: {len(unknown)} ids are not among the questions, "
                             f"the first is {unknown[0]!r}")  # fmt: skip
        splits[name] = ids
    return splits


def _is_aliases(path: Path) -> bool:
    return path.name.removesuffix(".gz") == ALIASES


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
