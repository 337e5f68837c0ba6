"""Preparing games: from the files of ALFWorld to the form that `Library` opens.

Two passes over the sources.  The first reads names and tasks, the second compiles each game, in
worker processes; memory holds one game a worker and the compiled games.  Nothing is unpacked.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from stepagent_gym.datasets import Prepared, Report, named_files, silent
from stepagent_gym.envs.alfworld import expert
from stepagent_gym.envs.alfworld.compilation import compile_game
from stepagent_gym.envs.alfworld.engine import Engine
from stepagent_gym.envs.alfworld.game import TASK_TYPES, Grammar
from stepagent_gym.envs.alfworld.logic import BASINS, recognise
from stepagent_gym.envs.alfworld.pddl import Problem
from stepagent_gym.envs.alfworld.sources import (
    GAME,
    PROBLEM,
    TRAJECTORY,
    Member,
    Sources,
    read_list,
    read_task,
)
from stepagent_gym.errors import DataCorrupt, UsageError
from stepagent_gym.jsonlines import write_json_lines

ALIASES = {"dev": "valid_seen", "test": "valid_unseen"}
_WORTH_WORKERS = 200
_IN_FLIGHT = 64
_WORDINGS = {
    "pick_and_place_simple": ("put a {object} in {parent}.", "put some {object} on {parent}."),
    "look_at_obj_in_light": (
        "look at {object} under the {toggle}.",
        "examine the {object} with the {toggle}.",
    ),
    "pick_clean_then_place_in_recep": (
        "put a clean {object} in {parent}.",
        "clean some {object} and put it in {parent}.",
    ),
    "pick_heat_then_place_in_recep": (
        "put a hot {object} in {parent}.",
        "heat some {object} and put it in {parent}.",
    ),
    "pick_cool_then_place_in_recep": (
        "put a cool {object} in {parent}.",
        "cool some {object} and put it in {parent}.",
    ),
    "pick_two_obj_and_place": (
        "put two {object} in {parent}.",
        "find two {object} and put them in {parent}.",
    ),
}
"""How the original words each type of task; it draws one of the two."""


@dataclass(frozen=True)
class Options:
    """How games are prepared; beside `--from` and `--name`, the flags of the command."""

    grammar: Grammar = "new"
    """The grammar to take of a game that comes in both, and of one that says none."""
    split: tuple[str, ...] = ()
    """Further splits, each NAME=FILE with a list of games (task/trial pairs in any text)."""
    workers: int | None = None
    """Processes that compile games; by default one a core for many games."""


class _Source(NamedTuple):
    """What one game is compiled from: a `game.tw-pddl`, or a problem with its task."""

    game: str
    part: str
    content: bytes
    grammar: Grammar
    task: str


class _Compiled(NamedTuple):
    """A compiled game and its problem as JSON, or the reason why it was left out."""

    game: str
    grammar: str
    lines: tuple[bytes, bytes] | None
    reason: str


def prepare(
    sources: Sequence[Path],
    out: Path,
    options: Options,
    report: Report = silent,
) -> Prepared:
    """Prepare games from folders and archives (see `sources`) into the folder `out`.

    `report` is told of progress.  Raises `UsageError`, and `DataCorrupt` naming the game.
    """
    found = Sources.find(sources)
    own_lists = {name: read_list(path) for name, path in named_files(options.split).items()}
    tasks, total = _survey(found)
    with closing(_compile_all(found, tasks, options)) as compiled:
        games, left_out = _collect(compiled, options.grammar, total, report)
    if not games:
        raise UsageError(
            f"no solvable game in {', '.join(map(str, sources))}; a game is a folder "
            f"<split>/<task>/<trial> with {GAME}, or with {PROBLEM} and {TRAJECTORY}"
        )
    ids = sorted(games)
    write_json_lines(out / "games.jsonl", (games[name].lines[0] for name in ids))
    write_json_lines(out / "problems.jsonl", (games[name].lines[1] for name in ids))
    (out / "ids.json").write_bytes(orjson.dumps(ids) + b"\n")
    missing = _write_splits(out, ids, {**_published_lists(), **own_lists})
    return Prepared(
        counts={"games": len(ids), **_sizes(out)},
        info={
            "grammars": dict(sorted(Counter(one.grammar for one in games.values()).items())),
            "left_out": dict(sorted(left_out.items())),
            "missing": missing,
            "sources": {path.name: _sha256(path) for path in found.places if path.is_file()},
        },
    )


class _Kept(NamedTuple):
    grammar: str
    lines: tuple[bytes, bytes]


def _collect(
    compiled: Iterator[_Compiled], preferred: str, total: int, report: Report
) -> tuple[dict[str, _Kept], Counter[str]]:
    """Keep one of each game, and count why others were left out."""
    games: dict[str, _Kept] = {}
    left_out: dict[str, str] = {}
    for number, one in enumerate(compiled, start=1):
        if one.lines is None:
            left_out.setdefault(one.game, one.reason)
        elif one.game not in games or one.grammar == preferred:
            games[one.game] = _Kept(one.grammar, one.lines)
        if number % 100 == 0:
            report(f"{number:,} of at most {total:,} games compiled", number / total)
    return games, Counter(reason for name, reason in left_out.items() if name not in games)


def _survey(found: Sources) -> tuple[dict[str, str], int]:
    """Word the tasks of the games that come with a trajectory, and count what may be compiled."""
    tasks, count = {}, 0
    for member in found.members([GAME, PROBLEM, TRAJECTORY]):
        if member.part == TRAJECTORY:
            tasks[member.game] = _task(member)
        else:
            count += 1
    return tasks, count


def _task(member: Member) -> str:
    """Word the task of a trajectory; "" where it is none of the six types."""
    try:
        kind, targets = read_task(member.content)
    except DataCorrupt as error:
        raise DataCorrupt(f"{member.game}: {error}") from error
    if kind not in _WORDINGS:
        return ""
    words = {key: target.lower() for key, target in targets.items()}
    return _WORDINGS[kind][_draw(member.game) % 2].format(**words)


def _draw(name: str) -> int:
    """Draw a number for a game, the same on every machine."""
    return hashlib.sha256(name.encode()).digest()[0]


def _compile_all(
    found: Sources, tasks: Mapping[str, str], options: Options
) -> Generator[_Compiled]:
    """Compile every game; a problem without a trajectory, or beside a game file, is passed over."""
    complete: set[str] = set()

    def work() -> Iterator[_Source]:
        for part in (GAME, PROBLEM):
            for member in found.members([part]):
                if part == GAME:
                    complete.add(member.game)
                elif member.game in complete or member.game not in tasks:
                    continue
                yield _Source(*member, options.grammar, tasks.get(member.game, ""))

    queue = work()
    first = list(islice(queue, _WORTH_WORKERS))
    workers = options.workers or (os.cpu_count() or 1)
    if workers == 1 or (options.workers is None and len(first) < _WORTH_WORKERS):
        yield from map(_compile, first)
        yield from map(_compile, queue)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting: list[Future[_Compiled]] = [pool.submit(_compile, source) for source in first]
        for source in queue:
            waiting.append(pool.submit(_compile, source))
            if len(waiting) >= _WORTH_WORKERS + _IN_FLIGHT:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


def _compile(source: _Source) -> _Compiled:
    """Compile one game, in a worker; raises `DataCorrupt` that names it."""
    try:
        if source.part == GAME:
            return _compile_game(source)
        return _compile_problem(source)
    except (DataCorrupt, RecursionError, UnicodeDecodeError) as error:
        raise DataCorrupt(f"{source.game}: {error}; mend or remove it") from error


def _compile_game(source: _Source) -> _Compiled:
    """Compile a `game.tw-pddl`; one not marked solvable is left out, as in the original."""
    try:
        raw: dict[str, Any] = orjson.loads(source.content)
        if not raw.get("solvable"):
            return _Compiled(source.game, "", None, "unsolvable")
        text, walkthrough = str(raw["pddl_problem"]), raw.get("walkthrough")
    except (orjson.JSONDecodeError, KeyError, AttributeError) as error:
        raise DataCorrupt(f"{GAME} is malformed: {error!r}") from error
    rules = recognise(raw)
    problem = Problem.parse(text)
    game = compile_game(
        source.game,
        problem,
        task=rules.task,
        grammar=rules.grammar,
        sinks=rules.sinks,
        walkthrough=walkthrough,
    )
    return _done(game.id, game.grammar, game.to_json(), problem)


def _compile_problem(source: _Source) -> _Compiled:
    """Compile a bare problem, with a walkthrough of our own; without one it is left out."""
    if not source.task:
        return _Compiled(source.game, "", None, "sliced or movable")
    problem = Problem.parse(source.content.decode())
    game = compile_game(
        source.game, problem, task=source.task, grammar=source.grammar, sinks=BASINS,
        walkthrough=None,
    )  # fmt: skip
    walkthrough = expert.solve(Engine(game, "new"))
    if walkthrough is None:
        return _Compiled(source.game, "", None, "unsolvable")
    value = {**game.to_json(), "walkthrough": walkthrough}
    return _done(game.id, game.grammar, value, problem)


def _done(game: str, grammar: str, value: Mapping[str, Any], problem: Problem) -> _Compiled:
    if value["task_type"] not in TASK_TYPES:
        return _Compiled(game, "", None, "sliced or movable")
    lines = (orjson.dumps(value) + b"\n", orjson.dumps(problem.to_json()) + b"\n")
    return _Compiled(game, grammar, lines, "")


def _published_lists() -> dict[str, list[str]]:
    """Read the game lists of published work, by split name."""
    path = files("stepagent_gym.envs.alfworld") / "lists.json"
    return {name: trials.split() for name, trials in orjson.loads(path.read_bytes()).items()}


def _write_splits(
    out: Path, ids: Sequence[str], lists: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    """Write the official splits and those lists of trials of which a game is there.

    A list over several official splits also gives `<name>_<split>` for each of them.  Gives how
    many games of each list there are not.
    """
    official = [name.partition("/")[0] for name in ids]
    by_trial = {name.rpartition("/trial_")[2]: index for index, name in enumerate(ids)}
    splits: dict[str, list[int]] = {}
    for index, split in enumerate(official):
        splits.setdefault(split, []).append(index)
    splits |= {alias: splits[split] for alias, split in ALIASES.items() if split in splits}
    missing = {}
    for name, trials in lists.items():
        members = [by_trial[trial] for trial in trials if trial in by_trial]
        if not members:
            continue
        splits[name] = members
        if absent := len(trials) - len(members):
            missing[name] = absent
        parts = dict.fromkeys(official[index] for index in members)
        for part in parts if len(parts) > 1 else ():
            splits[f"{name}_{part}"] = [i for i in members if official[i] == part]
    (out / "splits.json").write_bytes(orjson.dumps(splits) + b"\n")
    return missing


def _sizes(out: Path) -> dict[str, int]:
    splits = orjson.loads((out / "splits.json").read_bytes())
    return {f"split {name}": len(members) for name, members in splits.items()}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
