"""Preparing tasks: from the recorded pages to what the questions about them may show.

One pass, streaming.  Each step's candidates are ranked, the first `top_k` are kept, and the page is
pruned to what these need, so that a turn parses nothing.  Written are `tasks.jsonl`, `steps.jsonl`
(a line a step, a task's steps together), `ids.json` and `splits.json` (see `store`).
"""

import hashlib
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from stepagent_gym.datasets import Prepared, Report, named_files, silent
from stepagent_gym.envs.mind2web.dom import parse_page, prune
from stepagent_gym.envs.mind2web.ranking import Ranks, lexical_ranks, read_ranks, recall
from stepagent_gym.envs.mind2web.sources import (
    SPLITS,
    Candidate,
    RecordedStep,
    RecordedTask,
    Sources,
    read_tasks,
)
from stepagent_gym.errors import DataCorrupt, UsageError
from stepagent_gym.jsonlines import write_json_lines

PASSWORD = "STEPAGENT_MIND2WEB_PASSWORD"
DEV_TASKS = 100
DEV_SHARE = 0.1
_RECALLS = (1, 5, 10, 20, 50)
_PROGRESS = 100


@dataclass(frozen=True)
class Options:
    """How tasks are prepared; beside `--from` and `--name`, the flags of the command."""

    top_k: int = 50
    """Candidates kept of each step; an environment can ask about these or fewer."""
    password: str | None = field(default=None, repr=False)
    """Password of the archives, never stored; `$STEPAGENT_MIND2WEB_PASSWORD` does the same."""
    dev_seed: int = 0
    """Seed by which the dev tasks are drawn from the training tasks: a tenth, at most 100."""
    split: tuple[str, ...] = ()
    """Further splits, each NAME=FILE with a JSON list of annotation ids."""


def prepare(
    sources: Sequence[Path],
    out: Path,
    options: Options,
    report: Report = silent,
) -> Prepared:
    """Prepare tasks from files and folders (see `sources`) into the folder `out`.

    `report` is told of progress and, at the end, of recall.  Raises `UsageError`, and
    `DataCorrupt` naming file and record.
    """
    if options.top_k < 1:
        raise UsageError(f"--top-k is a number of at least 1, not {options.top_k}")
    found = Sources.find(sources)
    password = options.password or os.environ.get(PASSWORD)
    done = _Pass(options.top_k, None if found.ranks is None else read_ranks(found.ranks), report)
    write_json_lines(
        out / "steps.jsonl",
        (
            line
            for path in found.tasks
            for task in read_tasks(path, password)
            for line in done.steps_of(task)
        ),
    )
    if not done.tasks:
        raise UsageError(f"no task has a step in {', '.join(map(str, found.tasks))}")
    write_json_lines(out / "tasks.jsonl", (orjson.dumps(task) + b"\n" for task in done.tasks))
    ids = [task["id"] for task in done.tasks]
    (out / "ids.json").write_bytes(orjson.dumps(ids) + b"\n")
    splits = _splits(done.splits, options.dev_seed) | _given_splits(ids, options.split)
    (out / "splits.json").write_bytes(orjson.dumps(splits) + b"\n")
    recalls = ", ".join(f"@{k} {recall(done.best_ranks, k):.3f}" for k in _RECALLS)
    report(f"recall {recalls}")
    return Prepared(
        counts={
            "tasks": len(ids),
            "steps": len(done.best_ranks),
            **{name: done.counts[name] for name in _COUNTS},
            **{f"split {name}": len(members) for name, members in splits.items()},
        },
        info={
            "top_k": options.top_k,
            "ranking": "bm25" if found.ranks is None else found.ranks.name,
            "recall": recalls,
            "dev_seed": options.dev_seed,
            "sources": {path.name: _sha256(path) for path in _files(found)},
        },
    )


_COUNTS = (
    "steps without a positive",
    "steps without a positive in the top k",
    "candidates not on their page",
    "tasks without steps",
)


@dataclass
class _Pass:
    """What is gathered while the tasks stream by."""

    top_k: int
    ranks: Ranks | None
    report: Report
    tasks: list[dict[str, Any]] = field(default_factory=list)
    splits: dict[str, list[int]] = field(default_factory=dict)
    best_ranks: list[int | None] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    ids: set[str] = field(default_factory=set)

    def steps_of(self, task: RecordedTask) -> Iterator[bytes]:
        """Take a task in, and give its steps as lines."""
        if task.id in self.ids:
            raise DataCorrupt(
                f"task {task.id} comes twice; give each file once, the rows of a task together"
            )
        self.ids.add(task.id)
        if not task.steps:
            self.counts["tasks without steps"] += 1
            return
        if task.split is not None:
            self.splits.setdefault(task.split, []).append(len(self.tasks))
        self.tasks.append(
            {
                "id": task.id,
                "instruction": task.instruction,
                "website": task.website,
                "domain": task.domain,
                "subdomain": task.subdomain,
                "first": len(self.best_ranks),
                "best_ranks": [],
                **({"canary": task.canary} if task.canary else {}),
            }
        )
        for step in task.steps:
            yield orjson.dumps(self._prepared(task, step)) + b"\n"
        if len(self.tasks) % _PROGRESS == 0:
            self.report(f"{len(self.tasks):,} tasks, {len(self.best_ranks):,} steps")

    def _prepared(self, task: RecordedTask, step: RecordedStep) -> dict[str, Any]:
        tree = parse_page(step.html)
        given = {c.node: c for c in (*step.positives, *step.negatives)}
        present = [c for c in given.values() if c.node in tree.by_id]
        self.counts["candidates not on their page"] += len(given) - len(present)
        places = [tree.by_id[c.node] for c in present]
        if self.ranks is None:
            described = [(tree.by_id[c.node], c.description) for c in present]
            ranks = lexical_ranks(tree, described, task.instruction, step.previous)
        else:
            ranks = _given_ranks(self.ranks, f"{task.id}_{step.uid}", present)
        positives = {c.node for c in step.positives}
        self._count([rank for c, rank in zip(present, ranks, strict=True) if c.node in positives])
        kept = [place for place, rank in enumerate(ranks) if rank < self.top_k]
        return {
            "uid": step.uid,
            "op": step.op,
            "value": step.value,
            "previous": step.previous,
            "label": step.label,
            "positives": sum(present[place].node in positives for place in kept),
            "nodes": [present[place].node for place in kept],
            "ranks": [ranks[place] for place in kept],
            "page": prune(tree, [places[place] for place in kept])._asdict(),
        }

    def _count(self, positive_ranks: Sequence[int]) -> None:
        best = min(positive_ranks, default=None)
        self.best_ranks.append(best)
        self.tasks[-1]["best_ranks"].append(best)
        self.counts["steps without a positive"] += best is None
        self.counts["steps without a positive in the top k"] += best is None or best >= self.top_k


def _given_ranks(ranks: Ranks, sample: str, present: Sequence[Candidate]) -> list[int]:
    """Look ranks up; a candidate that has none is behind all others."""
    if sample not in ranks:
        raise UsageError(
            f"the ranks have no sample {sample}; they belong to other tasks: leave the file out, "
            "and candidates are ranked by BM25"
        )
    given = ranks[sample]
    return [given.get(candidate.node, sys.maxsize) for candidate in present]


def _splits(by_name: Mapping[str, list[int]], dev_seed: int) -> dict[str, list[int]]:
    """Make the splits: dev is drawn from train, and `test` is `test_domain`, the paper's tasks."""
    splits = {name: by_name[name] for name in SPLITS if name in by_name}
    if "train" in splits:
        tasks = splits["train"]
        count = min(DEV_TASKS, int(len(tasks) * DEV_SHARE))
        dev = set(random.Random(dev_seed).sample(tasks, count))
        splits["train"] = [task for task in tasks if task not in dev]
        splits["dev"] = [task for task in tasks if task in dev]
    if "test_domain" in splits:
        splits["test"] = splits["test_domain"]
    return {name: members for name, members in splits.items() if members}


def _given_splits(ids: Sequence[str], pairs: Sequence[str]) -> dict[str, list[int]]:
    places = {task: place for place, task in enumerate(ids)}
    splits = {}
    for name, path in named_files(pairs).items():
        try:
            listed = orjson.loads(path.read_bytes())
            splits[name] = [places[task] for task in dict.fromkeys(listed)]
        except FileNotFoundError:
            raise UsageError(f"--split {name}: {path} does not exist") from None
        except KeyError as error:
            raise DataCorrupt(f"{path} names the task {error}, which the sources lack") from None
        except (orjson.JSONDecodeError, TypeError) as error:
            raise DataCorrupt(f"{path} is no list of annotation ids: {error}") from error
    return splits


def _files(found: Sources) -> Iterator[Path]:
    yield from found.tasks
    if found.ranks is not None:
        yield found.ranks


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
