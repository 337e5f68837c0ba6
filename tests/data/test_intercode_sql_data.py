"""The embedded databases: made by their script, and their questions are worth asking."""

import subprocess
import sys
from collections import Counter

import pytest

from stepagent_gym.datasets import embedded_root, load_prompt, open_dataset, verify
from stepagent_gym.envs.intercode_sql.hardness import LEVELS, hardness
from stepagent_gym.envs.intercode_sql.library import Library
from stepagent_gym.envs.intercode_sql.mysql.parser import parse_statement


@pytest.fixture(scope="module")
def library():
    return Library.open(None)


@pytest.fixture(scope="module")
def tasks(library):
    return [library.task(task) for task in library.tasks("all").ids]


def test_the_script_makes_the_files_byte_for_byte(tmp_path):
    folder = embedded_root() / "intercode_sql"
    subprocess.run([sys.executable, str(folder / "make_databases.py"), str(tmp_path)], check=True)
    for part in ("source", "prepared"):
        made = {p.relative_to(tmp_path): p.read_bytes() for p in (tmp_path / part).rglob("*.*")}
        kept = {p.relative_to(folder): p.read_bytes() for p in (folder / part).rglob("*.*")}
        assert made.keys() == kept.keys()
        assert [str(path) for path in made if made[path] != kept[path]] == []


def test_the_script_makes_more_questions_of_the_levels_that_are_wanted(tmp_path):
    script = [sys.executable, str(embedded_root() / "intercode_sql" / "make_databases.py")]
    options = ["--levels", "easy", "medium", "--questions", "8", "--tries", "24", "--name", "plain"]
    subprocess.run([*script, str(tmp_path), *options], check=True)
    library = Library.open(tmp_path / "prepared")
    made = [library.task(task) for task in library.tasks("all").ids]
    assert library.dataset.name == "plain"
    assert Counter(task.hardness for task in made) == {"easy": 17 * 8, "medium": 17 * 8}
    assert len({(task.database, task.question) for task in made}) == len(made)


def test_the_prompt_is_made_byte_for_byte(tmp_path):
    prompts = embedded_root() / "prompts"
    out = tmp_path / "prompt.json"
    subprocess.run([sys.executable, str(prompts / "make_intercode_sql.py"), str(out)], check=True)
    assert out.read_bytes() == (prompts / "intercode_sql.json").read_bytes()
    assert len(load_prompt("intercode_sql").demonstrations) == 3


def test_files_are_as_their_manifest_says():
    verify(open_dataset("intercode_sql"))


def test_they_are_many_and_varied(library, tasks):
    assert len({task.database for task in tasks}) >= 12
    assert len(tasks) >= 300
    levels = Counter(task.hardness for task in tasks)
    assert set(levels) == set(LEVELS)
    assert min(levels.values()) >= 50
    assert len({(task.database, task.question) for task in tasks}) == len(tasks)


def test_levels_are_spiders(tasks):
    assert [t.gold for t in tasks if hardness(parse_statement(t.gold)) != t.hardness] == []


def test_both_dialects_give_the_same_answers(library, tasks):
    for task in tasks:
        ours = library.mysql.execute(task.gold, task.database)[0]
        plain = library.sqlite.execute(task.gold, task.database)[0]
        assert ours, task.gold
        assert len(ours) <= 40
        assert sorted(map(rounded, ours)) == sorted(map(rounded, plain)), task.gold


def test_a_question_is_not_answered_by_a_whole_table(library, tasks):
    for task in tasks:
        answer = library.mysql.execute(task.gold, task.database)[0]
        for name in library.schemas[task.database].tables:
            whole = library.mysql.execute(f"SELECT * FROM `{name}`", task.database)[0]
            assert sorted(map(str, answer)) != sorted(map(str, whole)), task.gold


def rounded(row):
    return [
        str(round(float(value), 3)) if isinstance(value, (int, float)) or hasattr(value, "quantize")
        else str(value)
        for value in row
    ]  # fmt: skip


def test_splits_are_apart(library):
    splits = [set(library.tasks(name).ids) for name in ("train", "dev", "test")]
    assert len(set.union(*splits)) == sum(map(len, splits)) == len(library.tasks("all").ids)
    assert all(len(ids) >= 40 for ids in splits)
