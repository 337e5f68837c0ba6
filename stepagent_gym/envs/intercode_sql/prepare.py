"""Preparing questions and databases: from InterCode's or Spider's files.

Questions: InterCode's JSON (`db`, `gold`, `query`, `hardness`) or Spider's (`db_id`, `query`,
`question`).  Databases: a MySQL dump (`*.sql`), or a folder with `<db>/<db>.sqlite`.  Splits: IPR's
index files, `<split>_indices.json`, whose numbers are records of the file of questions that has the
split's name in its own (or of the only file).

Without index files, a file with "train" in its name is `train` (a tenth of it, at most 500, drawn
by the seed, is `dev`), and the others are `test`.  Where there is but one kind of file, a fifth is
`test` and a tenth `dev`.
"""

import hashlib
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from stepagent_gym.datasets import Prepared, Report, named_files, silent
from stepagent_gym.envs.intercode_sql import information, store
from stepagent_gym.envs.intercode_sql.dump import TableData, read_dump
from stepagent_gym.envs.intercode_sql.hardness import hardness
from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError
from stepagent_gym.envs.intercode_sql.mysql.nodes import Query
from stepagent_gym.envs.intercode_sql.mysql.parser import parse_statement
from stepagent_gym.envs.intercode_sql.spider import find_databases, read_sqlite
from stepagent_gym.errors import DataCorrupt, UsageError
from stepagent_gym.jsonlines import write_json_lines

_INDICES = re.compile(r"(\w+)_indices\.json")
_MOST_DEV = 500

_INTERCODE_DUMP = "61f6e8000cb5bb696f123fa55e111acdcd8da7eca64f452a36fd1a6e5fb1781a"
_NEVER_ANALYSED = frozenset({"poker_player", "cre_doc_template_mgt", "real_estate_properties"})
"""InterCode's server image holds no statistics of the databases that its dump loads last (their
`TABLE_ROWS` are 0 in the recorded `information_schema`), so MySQL plans as if they were empty."""

Databases = dict[str, dict[str, TableData]]


@dataclass(frozen=True)
class Options:
    """How questions are prepared; beside `--from` and `--name`, the flags of the command."""

    seed: int = 0
    """Seed of the drawn splits."""
    split: tuple[str, ...] = ()
    """Further splits, each NAME=FILE with a JSON list of record numbers."""


@dataclass
class _Sources:
    """The files, by what they hold."""

    questions: list[Path] = field(default_factory=list)
    dumps: list[Path] = field(default_factory=list)
    databases: dict[str, Path] = field(default_factory=dict)
    indices: dict[str, Path] = field(default_factory=dict)


def prepare(
    sources: Sequence[Path], out: Path, options: Options, report: Report = silent
) -> Prepared:
    """Prepare questions and their databases into the folder `out`.

    Raises `UsageError`, and `DataCorrupt` naming the file.
    """
    found = _find(sources)
    records, pools = _read_questions(found.questions)
    wanted = {record["db"] for record in records}
    databases, unmeasured = _read_databases(found, wanted, report)
    missing = sorted(wanted - databases.keys())
    if missing:
        raise UsageError(
            f"the questions ask {len(missing)} databases that are not there, the first is "
            f"{missing[0]!r}; give --from the MySQL dump or Spider's folder of SQLite files too"
        )
    _write_databases(databases, out, unmeasured, report)
    write_json_lines(out / "tasks.jsonl", (orjson.dumps(record) + b"\n" for record in records))
    splits = _splits(pools, {**found.indices, **named_files(options.split)}, options.seed)
    (out / "splits.json").write_bytes(orjson.dumps(splits))
    files = [*found.questions, *found.dumps, *found.indices.values()]
    return Prepared(
        counts={
            "tasks": len(records),
            "databases": len(databases),
            "tables": sum(map(len, databases.values())),
            "rows": sum(len(t.rows) for own in databases.values() for t in own.values()),
            **{name: len(indices) for name, indices in splits.items()},
        },
        info={"seed": options.seed, "sources": {path.name: _sha256(path) for path in files}},
    )


def _find(sources: Sequence[Path]) -> _Sources:
    found = _Sources()
    for given in sources:
        inside = sorted(given.iterdir()) if given.is_dir() else [given]
        if given.is_dir():
            found.databases |= find_databases(given)
        for path in inside:
            if path.suffix == ".sql":
                found.dumps.append(path)
            elif split := _INDICES.fullmatch(path.name):
                found.indices[split[1]] = path
            elif path.suffix == ".json" and path.name != "tables.json":
                found.questions.append(path)
            elif path is given:
                raise UsageError(f"{path} is no .json, .sql or folder of .sqlite files")
    if not found.questions:
        raise UsageError(f"no questions (.json) in {', '.join(map(str, sources))}")
    return found


def _read_questions(files: Sequence[Path]) -> tuple[list[dict[str, str]], dict[str, range]]:
    records: list[dict[str, str]] = []
    pools = {}
    for path in files:
        start = len(records)
        try:
            rows = orjson.loads(path.read_bytes())
            records += [_record(row) for row in rows]
        except (ValueError, KeyError, TypeError, OSError) as error:
            number = len(records) - start + 1
            raise DataCorrupt(f"{path}, record {number}: no question ({error!r})") from error
        pools[path.stem] = range(start, len(records))
    return records, pools


def _record(row: Mapping[str, Any]) -> dict[str, str]:
    """Read a question of InterCode's or Spider's schema."""
    spider = "db_id" in row
    gold = str(row["query" if spider else "gold"])
    return {
        "db": str(row["db_id" if spider else "db"]),
        "question": str(row["question" if spider else "query"]),
        "gold": gold,
        "hardness": str(row.get("hardness") or _hardness(gold)),
    }


def _hardness(gold: str) -> str:
    try:
        parsed = parse_statement(gold)
    except MySQLError:
        return "unknown"
    return hardness(parsed) if isinstance(parsed, Query) else "unknown"


def _read_databases(
    found: _Sources, wanted: set[str], report: Report
) -> tuple[Databases, frozenset[str]]:
    databases: Databases = {}
    unmeasured: frozenset[str] = frozenset()
    for path in found.dumps:
        report(f"reading {path.name}")
        databases |= read_dump(path)
        if _sha256(path) == _INTERCODE_DUMP:
            unmeasured = _NEVER_ANALYSED
    for name in sorted(wanted & found.databases.keys() - databases.keys()):
        report(f"reading {found.databases[name].name}")
        databases[name] = read_sqlite(found.databases[name])
    return databases, unmeasured


def _write_databases(
    databases: Databases, out: Path, unmeasured: frozenset[str], report: Report
) -> None:
    schemas: dict[str, dict[str, Any]] = {}
    for done, (name, tables) in enumerate(databases.items(), start=1):
        if re.fullmatch(r"[\w$ .-]+", name) is None or name.startswith("."):
            raise DataCorrupt(f"a database is called {name!r}, which is no plain name")
        store.write_plain(out / "databases" / f"{name}.sqlite", tables)
        store.write_mysql(out / "mysql" / f"{name.lower()}.sqlite", tables)
        for table in tables.values():
            table.schema = store.measured(table, known=name.lower() not in unmeasured)
        schemas[name] = {key: table.schema.to_json() for key, table in tables.items()}
        report(f"wrote {name}", done / len(databases))
    described = information.describe(databases)
    store.write_mysql(out / "mysql" / f"{information.NAME}.sqlite", described)
    schemas[information.NAME] = {
        key: store.measured(table).to_json() for key, table in described.items()
    }
    (out / "schemas.json").write_bytes(orjson.dumps(schemas))


def _splits(
    pools: Mapping[str, range], indices: Mapping[str, Path], seed: int
) -> dict[str, list[int]]:
    splits = {name: _indexed(name, path, pools) for name, path in indices.items()}
    train = [number for stem, pool in pools.items() if "train" in stem for number in pool]
    held = [number for stem, pool in pools.items() if "train" not in stem for number in pool]
    rng = random.Random(seed)
    if train and held:
        dev = sorted(rng.sample(train, min(_MOST_DEV, len(train) // 10)))
        drawn = {"train": sorted(set(train) - set(dev)), "dev": dev, "test": held}
    else:
        numbers = train or held
        rng.shuffle(numbers)
        fifth, tenth = max(1, len(numbers) // 5), max(1, len(numbers) // 10)
        drawn = {
            "train": sorted(numbers[fifth + tenth :]),
            "dev": sorted(numbers[fifth : fifth + tenth]),
            "test": sorted(numbers[:fifth]),
        }
    return {**drawn, **splits}


def _indexed(name: str, path: Path, pools: Mapping[str, range]) -> list[int]:
    """Read an index file; its numbers are records of the split's own file of questions."""
    own = [pool for stem, pool in pools.items() if name.split("_", maxsplit=1)[0] in stem]
    pool = own[0] if len(own) == 1 else range(max(pool.stop for pool in pools.values()))
    try:
        numbers = [int(number) for number in orjson.loads(path.read_bytes())]
    except (ValueError, TypeError, OSError) as error:
        raise UsageError(f"{path} is no JSON list of record numbers: {error}") from error
    outside = [number for number in numbers if not 0 <= number < len(pool)]
    if outside:
        raise UsageError(
            f"{path} asks for record {outside[0]}, and {len(outside) - 1} more that are not there: "
            f"there are {len(pool)} questions; give the file of questions that the indices are of"
        )
    return [pool[number] for number in numbers]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
