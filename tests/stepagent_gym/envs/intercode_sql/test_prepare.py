"""Questions and databases of every form are read, and faults are named."""

import json
import sqlite3
from contextlib import closing

import pytest

from stepagent_gym.datasets import prepare
from stepagent_gym.envs.intercode_sql.library import Library
from stepagent_gym.envs.intercode_sql.prepare import Options
from stepagent_gym.errors import DataCorrupt, UsageError

DUMP = (
    "CREATE DATABASE IF NOT EXISTS `d`;\nUSE `d`;\nCREATE TABLE `T` (\n  `a` int NOT NULL,\n"
    "  `b` text,\n  PRIMARY KEY (`a`)\n) ENGINE=InnoDB;\nINSERT INTO `T` VALUES (2,'x'),(1,NULL);\n"
)
TASK = {"db": "d", "gold": "SELECT a FROM T", "query": "Which?", "hardness": "easy"}


def write(folder, name, content):
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / name).write_text(text)


def spider(folder):
    (folder / "database" / "pets").mkdir(parents=True)
    path = folder / "database" / "pets" / "pets.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE Owner (id INTEGER PRIMARY KEY, name varchar(10), born DATE,"
            " gone datetime);"
            "CREATE TABLE Pet (pid TEXT PRIMARY KEY, owner INTEGER REFERENCES Owner(id),"
            " weight REAL, age INTEGER, price DECIMAL(8,2), note);"
            "INSERT INTO Owner VALUES (1, 'Ann', '2001-02-03', 'never'), (2, 'Bob', NULL, NULL);"
            "INSERT INTO Pet VALUES ('p', 1, 1.5, 'old', 9.5, 7), ('q', 2, NULL, 3, NULL, 'x');"
        )
    write(folder, "dev.json", [{"db_id": "pets", "query": "SELECT count(*) FROM Pet",
                                "question": "How many pets?"}])  # fmt: skip
    return path


def test_spiders_folder(tmp_path):
    path = spider(tmp_path)
    before = path.read_bytes()
    prepare("intercode_sql", [str(tmp_path), str(tmp_path / "database")])
    library = Library.open("intercode_sql")
    assert library.task("0").hardness == "easy"
    types = {
        column.name: column.type
        for table in library.schemas["pets"].tables.values()
        for column in table.columns
    }
    assert types == {
        "id": "int", "name": "varchar(10)", "born": "date", "gone": "text",
        "pid": "varchar(255)", "owner": "int", "weight": "double", "age": "text",
        "price": "decimal(8,2)", "note": "text",
    }  # fmt: skip
    rows = library.mysql.execute("SELECT name, pid FROM pet JOIN owner ON owner = id", "pets")[0]
    assert rows == [("Ann", "p"), ("Bob", "q")]
    assert library.sqlite.execute("SELECT age FROM Pet", "pets")[0] == [("old",), ("3",)]
    assert path.read_bytes() == before


def test_index_files_are_of_their_own_file(tmp_path):
    write(tmp_path, "d.sql", DUMP)
    write(tmp_path, "ic_spider_train.json", [TASK] * 6)
    write(tmp_path, "ic_spider_test.json", [TASK] * 3)
    write(tmp_path, "train_indices.json", [5, 0])
    write(tmp_path, "test_indices.json", [2, 1])
    prepare("intercode_sql", [str(tmp_path)])
    library = Library.open("intercode_sql")
    tests = [int(task) for task in library.tasks("test").ids]
    trains = [int(task) for task in library.tasks("train").ids]
    assert len(library.tasks("all").ids) == 9
    assert {tests[0] - tests[1], trains[0] - trains[1]} == {1, 5}
    write(tmp_path, "test_indices.json", [3])
    with pytest.raises(UsageError, match="asks for record 3"):
        prepare("intercode_sql", [str(tmp_path)])


def test_splits_are_drawn_by_a_seed(tmp_path):
    write(tmp_path, "d.sql", DUMP)
    write(tmp_path, "some.json", [TASK] * 40)
    drawn = []
    for seed in (0, 0, 1):
        prepare("intercode_sql", [str(tmp_path)], options=Options(seed=seed))
        library = Library.open("intercode_sql")
        drawn.append([library.tasks(name).ids for name in ("train", "dev", "test")])
    assert list(map(len, drawn[0])) == [28, 4, 8]
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize(
    ("files", "error", "said"),
    [
        ({"t.json": [TASK]}, UsageError, "1 databases that are not there, the first is 'd'"),
        ({"d.sql": DUMP}, UsageError, "no questions"),
        ({"t.json": "{", "d.sql": DUMP}, DataCorrupt, r"t\.json, record 1"),
        ({"t.json": [{"db": "d"}], "d.sql": DUMP}, DataCorrupt, r"t\.json, record 1"),
        ({"t.json": [TASK], "d.sql": "hello"}, DataCorrupt, "holds no CREATE TABLE"),
        ({"t.json": [TASK], "d.sql": DUMP.replace("NULL);", "NULL")}, DataCorrupt, r"d\.sql"),
        ({"t.json": [TASK], "d.sql": DUMP.replace("'x'", "x")}, DataCorrupt, r"d\.sql, line"),
        ({"t.json": [TASK], "d.sql": DUMP.replace("USE `d`;\n", "").split("\n", 1)[1]},
         DataCorrupt, "a table before any database"),
        ({"t.json": [{**TASK, "db": "../d"}], "d.sql": DUMP.replace("`d`", "`../d`")},
         DataCorrupt, "no plain name"),
    ],
)  # fmt: skip
def test_faults_are_named(tmp_path, files, error, said):
    folder = tmp_path / "in"
    folder.mkdir()
    for name, content in files.items():
        write(folder, name, content)
    with pytest.raises(error, match=said):
        prepare("intercode_sql", [str(folder)])
    assert not (tmp_path / "d.sqlite").exists()


def test_a_file_that_is_no_database_is_said(tmp_path):
    spider(tmp_path).write_bytes(b"no database" * 100)
    with pytest.raises(DataCorrupt, match=r"pets\.sqlite is no SQLite database"):
        prepare("intercode_sql", [str(tmp_path)])
