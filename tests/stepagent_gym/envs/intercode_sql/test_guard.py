"""Nothing is written, nothing leaves, nothing runs for ever."""

import hashlib

import hostile_sql
import pytest

from stepagent_gym.datasets import open_dataset
from stepagent_gym.envs.intercode_sql import guard
from stepagent_gym.envs.intercode_sql.library import Library
from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError
from stepagent_gym.envs.intercode_sql.sqlite import SQLiteError


@pytest.fixture
def library():
    return Library.open(None)


@pytest.fixture
def place(library):
    database, schema = next(iter(library.schemas.items()))
    return database, next(iter(schema.tables))


def digest():
    whole = hashlib.sha256()
    for path in sorted(open_dataset("intercode_sql").path.rglob("*")):
        if path.is_file():
            whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()


@pytest.mark.parametrize("dialect", ["mysql", "sqlite"])
@pytest.mark.parametrize("statement", hostile_sql.FORBIDDEN)
def test_forbidden_statements_are_refused(library, place, dialect, statement):
    server = getattr(library, dialect)
    reads_only = statement.startswith("SELECT * FROM {t};") and dialect == "mysql"
    try:
        rows, _ = server.execute(statement.replace("{t}", place[1]), place[0])
    except (MySQLError, SQLiteError):
        return
    assert reads_only or rows in ([], [(None,)]), rows


def test_ten_thousand_statements_leave_the_files_as_they_were(library, place):
    before = digest()
    outcomes = [
        hostile_sql.outcome(getattr(library, dialect), statement, place[0])
        for statement, dialect in hostile_sql.statements(10_000, 1, place[1])
    ]
    assert outcomes.count("rows") > 500
    assert digest() == before


@pytest.mark.parametrize("dialect", ["mysql", "sqlite"])
@pytest.mark.parametrize("statement", hostile_sql.ENDLESS)
def test_endless_statements_end(library, place, dialect, statement, monkeypatch):
    monkeypatch.setattr(guard, "MAX_STEPS", 5_000_000)
    server = getattr(library, dialect)
    hostile_sql.outcome(server, statement.replace("{t}", place[1]), place[0])


def test_steps_and_rows_are_limited(library, place, monkeypatch):
    monkeypatch.setattr(guard, "MAX_STEPS", 100_000)
    many = ", ".join(f"{place[1]} AS a{number}" for number in range(6))
    column = first_column(library, place)
    with pytest.raises(MySQLError, match="more than 100,000 steps"):
        library.mysql.execute(
            f"SELECT COUNT(*) FROM {many} WHERE a0.{column} <> a5.{column}", place[0]
        )
    monkeypatch.setattr(guard, "MAX_STEPS", 1_000_000_000)
    monkeypatch.setattr(guard, "MAX_ROWS", 10)
    with pytest.raises(SQLiteError, match="more than 10 rows"):
        library.sqlite.execute(f"SELECT * FROM {place[1]} a, {place[1]} b", place[0])


def first_column(library, place):
    return library.schemas[place[0]].tables[place[1]].columns[1].name


def test_a_slow_query_is_stopped_by_the_clock_too(library, place, monkeypatch):
    monkeypatch.setattr(guard, "MAX_SECONDS", 0.0)
    with pytest.raises(SQLiteError, match="more than 0 seconds"):
        library.sqlite.execute(hostile_sql.ENDLESS[0], place[0])


def test_the_clock_and_the_dice_stand_still_in_sqlite(library, place):
    ask = (
        "SELECT date('now'), datetime('now', '+1 day'), CURRENT_TIMESTAMP, random(), strftime('%Y')"
    )
    first = library.sqlite.execute(ask, place[0])[0]
    assert first == library.sqlite.execute(ask, place[0])[0]
    assert first[0][:3] == ("2023-06-01", "2023-06-02 12:00:00", "2023-06-01 12:00:00")
