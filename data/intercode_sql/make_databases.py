"""Make the embedded InterCode-SQL databases and questions, in the original's formats.

    python data/intercode_sql/make_databases.py [FOLDER] [--levels easy ...] [--questions N] ...

Without options these are the embedded ones.  Writes `source/` (`databases.sql`, a MySQL dump of
invented databases, and `questions.json`) and prepares it into `prepared/`, both byte for byte the
same on every machine.  Schemas, names and wordings come from `vocabulary.json`.

Every question's answer is tried in SQLite on the way.  One that is empty or long, that depends on
how ties fall, or that would be the same without one of the question's conditions, drops the
question; too few that are left, or a query that fails, raise.
"""

import json
import random
import shutil
import sqlite3
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

import linked_questions
import plain_questions
import tyro
from asker import Asker, Draft, NothingToAsk
from checks import fault, load
from queries import Column, Row, Table, Value, World, hardness

from stepagent_gym.datasets import write_manifest
from stepagent_gym.envs.intercode_sql.prepare import Options, prepare

HERE = Path(__file__).parent
SEED = 20_250_301
Level = Literal["easy", "medium", "hard", "extra"]
TEMPLATES = plain_questions.TEMPLATES + linked_questions.TEMPLATES
COLLATE = "COLLATE utf8mb4_general_ci"
TYPES = {
    "key": "int",
    "link": "int",
    "name": "text",
    "choice": "varchar(40)",
    "number": "int",
    "year": "int",
    "date": "date",
}


@dataclass(frozen=True)
class Questions:
    """Make the databases, and questions over them."""

    folder: tyro.conf.Positional[Path] = HERE
    """They are written to `source/` and `prepared/` in this folder."""
    levels: tuple[Level, ...] = get_args(Level)
    questions: int = 6
    """At most so many of each level for a database."""
    tries: int = 16
    """So often a question is drawn from each template for a database."""
    name: str = "embedded"
    """Name of the set in its manifest."""


def read_world(record: dict[str, Any], words: dict[str, Any]) -> World:
    """Read a world's tables from the vocabulary."""
    tables = []
    for table in record["tables"]:
        columns = tuple(read_column(column, words) for column in table["columns"])
        key = tuple(table.get("key", [columns[0].name]))
        tables.append(
            Table(
                table["name"],
                table["one"],
                table["many"],
                table["rows"],
                columns,
                key,
                table.get("person", False),
            )
        )
        for name in [table["name"], *(column.name for column in columns)]:
            if not name.isascii() or name.upper() in words["reserved"].split():
                raise ValueError(f"{record['name']}: {name} is no plain name")
    return World(record["name"], tuple(tables))


def read_column(record: dict[str, Any], words: dict[str, Any]) -> Column:
    """Read a column; `parts` may name a shared list, and `did` gives the phrases of a time."""
    record = dict(record)
    did = record.pop("did", "")
    if did:
        times = {"over": "after {}", "under": "before {}", "between": "between {} and {}"}
        times |= {"top": "last", "bottom": "first"}
        record |= {name: f"{did} {time}" for name, time in times.items()}
    parts = record.get("parts", ())
    return Column(
        **{
            **record,
            "type": record.get("type", TYPES[record["make"]]),
            "parts": tuple(map(tuple, words[parts] if isinstance(parts, str) else parts)),
            "values": tuple(record.get("values", ())),
            "range": tuple(record.get("range", (1, 1))),
            "ends": tuple(record.get("ends", ("", ""))),
        }
    )


def fill(world: World) -> None:
    """Make the rows of a world, table after table."""
    for table in world.tables:
        rng = random.Random(f"{SEED} {world.name} {table.name}")
        names = {column.name: make_names(column, table, rng) for column in table.columns}
        pools = {column.name: make_pool(world, column, rng) for column in table.columns}
        rows: list[Row] = []
        keys: set[Row] = set()
        while len(rows) < table.size:
            row: dict[str, Value] = {}
            for column in table.columns:
                given = names[column.name] or pools[column.name]
                row[column.name] = make_value(world, table, column, row, len(rows), given, rng)
            key = tuple(row[name] for name in table.key)
            if key not in keys:
                keys.add(key)
                rows.append(tuple(row.values()))
        world.rows[table.name] = sorted(rows) if len(table.key) > 1 else rows


def make_names(column: Column, table: Table, rng: random.Random) -> list[Value]:
    """Make the names of a table's rows; some repeat an earlier one where the column says so."""
    if column.make != "name":
        return []
    names: list[Value] = []
    while len(names) < table.size:
        if names and rng.random() < column.repeats:
            names.append(rng.choice(names))
            continue
        name = " ".join(rng.choice(part) for part in column.parts)
        if name not in names:
            names.append(name)
    return names


def make_pool(world: World, column: Column, rng: random.Random) -> list[Value]:
    """Make what a choice or a link draws from; a link leaves out some of its parents."""
    if column.make == "choice":
        return rng.sample(column.values, len(column.values))
    if column.make != "link":
        return []
    parent = world.table(column.to)
    keys = [row[parent.place(parent.key[0])] for row in world.rows[parent.name]]
    return rng.sample(keys, len(keys) - max(1, len(keys) // 6))


def make_value(
    world: World,
    table: Table,
    column: Column,
    row: dict[str, Value],
    number: int,
    given: list[Value],
    rng: random.Random,
) -> Value:
    """Make one value of a row of which the columns before it are known."""
    if column.make == "key":
        return column.range[0] + number
    if column.make == "name":
        return given[number]
    if rng.random() < column.nulls:
        return None
    if given:
        return given[min(rng.randrange(len(given)), rng.randrange(len(given)))]
    low, high = column.range
    if column.after:
        start = earliest(world, table, column.after, row) + column.wait
        low = max(low, start)
        high = max(low, min(high, start + column.within)) if column.within else high
    if column.make == "date":
        return f"{rng.randint(low, high)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    if column.make == "year":
        year = rng.randint(low, high)
        return str(year) if column.is_text else year
    return low + column.step * rng.randint(0, int((high - low) / column.step))


def earliest(world: World, table: Table, after: str, row: dict[str, Value]) -> int:
    """Tell the year that a value must not come before: a column's, or that of a linked row."""
    name, _, far = after.partition(".")
    value = row[name]
    if far and value is not None:
        parent = world.table(table.column(name).to)
        place = parent.place(parent.key[0])
        found = next(line for line in world.rows[parent.name] if line[place] == value)
        value = found[parent.place(far)]
    return 0 if value is None else int(str(value)[:4])


def write_value(value: Value, column: Column) -> str:
    """Write a value as mysqldump does."""
    if value is None:
        return "NULL"
    if column.is_text:
        return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"
    if column.type.startswith("decimal"):
        return f"{float(value):.2f}"
    return str(value).removesuffix(".0")


def write_table(world: World, table: Table) -> str:
    """Write a table as mysqldump does."""
    lines = []
    for column in table.columns:
        collate = f" {COLLATE}" if column.is_text and column.type != "date" else ""
        null = "" if column.nulls else " NOT NULL"
        null += " AUTO_INCREMENT" if column.make == "key" else ""
        if column.nulls and column.type != "text":
            null = " DEFAULT NULL"
        lines.append(f"`{column.name}` {column.type}{collate}{null}")
    lines.append("PRIMARY KEY (" + ",".join(f"`{name}`" for name in table.key) + ")")
    links = [column for column in table.columns if column.make == "link"]
    names = [f"{table.name}_ibfk_{number + 1}" for number in range(len(links))]
    lines += [
        f"KEY `{name}` (`{column.name}`)"
        for name, column in zip(names, links, strict=True)
        if column.name != table.key[0]
    ]
    lines += [
        f"CONSTRAINT `{name}` FOREIGN KEY (`{column.name}`) "
        f"REFERENCES `{column.to}` (`{world.table(column.to).key[0]}`)"
        for name, column in zip(names, links, strict=True)
    ]
    rows = ",".join(
        "(" + ",".join(map(write_value, row, table.columns)) + ")" for row in world.rows[table.name]
    )
    body = ",\n  ".join(lines)
    keyed = table.columns[0].make == "key"
    count = f" AUTO_INCREMENT={table.columns[0].range[0] + table.size}" if keyed else ""
    return f"""
--
-- Table structure for table `{table.name}`
--

DROP TABLE IF EXISTS `{table.name}`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `{table.name}` (
  {body}
) ENGINE=InnoDB{count} DEFAULT CHARSET=utf8mb4 {COLLATE.replace(" ", "=")};
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `{table.name}`
--

LOCK TABLES `{table.name}` WRITE;
/*!40000 ALTER TABLE `{table.name}` DISABLE KEYS */;
INSERT INTO `{table.name}` VALUES {rows};
/*!40000 ALTER TABLE `{table.name}` ENABLE KEYS */;
UNLOCK TABLES;
"""


def write_world(world: World) -> str:
    """Write a database as mysqldump does, its tables in alphabetical order."""
    tables = sorted(world.tables, key=lambda table: table.name)
    return f"""
CREATE DATABASE  IF NOT EXISTS `{world.name}` \
/*!40100 DEFAULT CHARACTER SET utf8mb4 {COLLATE} */;
USE `{world.name}`;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
{"".join(write_table(world, table) for table in tables)}
/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;
"""


def gather(
    world: World, words: dict[str, Any], connection: sqlite3.Connection, tries: int
) -> list[Draft]:
    """Draw from every template, time and again, and keep the questions without fault."""
    drafts: list[Draft] = []
    seen: set[str] = set()
    for attempt in range(tries):
        for template in TEMPLATES:
            rng = random.Random(f"{SEED} {world.name} {template.__name__} {attempt}")
            try:
                draft = template(Asker(world, rng, words["wordings"]))
            except NothingToAsk:
                continue
            marks = {draft.text, draft.query.sql()}
            if not marks & seen and not fault(connection, draft.query):
                seen |= marks
                drafts.append(replace(draft, template=template.__name__))
    return drafts


def choose_questions(
    world: World, words: dict[str, Any], used: Counter[str], wanted: Questions
) -> list[dict[str, Any]]:
    """Choose as many questions of every level, from templates that were `used` least so far."""
    connection = load(world)
    drafts = gather(world, words, connection, wanted.tries)
    here: Counter[str] = Counter()
    rng = random.Random(f"{SEED} {world.name} choice")
    records = []
    for level in wanted.levels:
        left = [draft for draft in drafts if hardness(draft.query) == level]
        for _ in range(min(wanted.questions, len(left))):
            order = [(here[draft.template], used[draft.template]) for draft in left]
            best = [draft for draft, place in zip(left, order, strict=True) if place == min(order)]
            draft = rng.choice(best)
            left.remove(draft)
            here[draft.template] += 1
            used[draft.template] += 1
            records.append(write_question(world, draft))
    connection.close()
    return records


def write_question(world: World, draft: Draft) -> dict[str, Any]:
    """Write a question as InterCode's records are."""
    return {
        "db": world.name,
        "gold": draft.query.sql(),
        "query": draft.text,
        "hardness": hardness(draft.query),
        "db_tables": {
            table.name: [column.name for column in table.columns] for table in world.tables
        },
    }


def check_counts(records: list[dict[str, Any]], wanted: Questions) -> None:
    """Raise if a level or a database has too few questions, or a text stands twice."""
    levels = Counter(record["hardness"] for record in records)
    worlds = Counter(record["db"] for record in records)
    of_each = min(levels[level] for level in wanted.levels)
    if len(records) < 85 * len(wanted.levels) or of_each < 50:
        raise ValueError(f"too few questions: {levels}")
    if len(worlds) < 14 or min(worlds.values()) < 4 * len(wanted.levels) - 1:
        raise ValueError(f"too few databases, or too few questions of one: {worlds}")
    if len({(record["db"], record["query"]) for record in records}) < len(records):
        raise ValueError("two questions of a database have the same text")


def main(wanted: Questions) -> None:
    """Write the databases and the questions, and prepare them."""
    source, prepared = wanted.folder / "source", wanted.folder / "prepared"
    words = json.loads((HERE / "vocabulary.json").read_text(encoding="utf-8"))
    dump, records = "", []
    used: Counter[str] = Counter()
    for record in words["worlds"]:
        world = read_world(record, words)
        fill(world)
        dump += write_world(world)
        records += choose_questions(world, words, used, wanted)
    check_counts(records, wanted)
    source.mkdir(parents=True, exist_ok=True)
    (source / "databases.sql").write_text(dump.lstrip(), encoding="utf-8")
    text = json.dumps(records, indent=1)
    (source / "questions.json").write_text(text + "\n", encoding="utf-8")
    shutil.rmtree(prepared, ignore_errors=True)
    prepared.mkdir()
    result = prepare([source], prepared, Options())
    write_manifest(prepared, "intercode_sql", wanted.name, result)


if __name__ == "__main__":
    main(tyro.cli(Questions))
