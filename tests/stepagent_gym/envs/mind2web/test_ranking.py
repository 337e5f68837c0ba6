"""Ranks: read without running anything, or found by BM25."""

import os
import pickle
import time
from collections import OrderedDict

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepagent_gym.envs.mind2web.dom import parse_page
from stepagent_gym.envs.mind2web.ranking import lexical_ranks, read_ranks, recall
from stepagent_gym.errors import DataCorrupt

RANKS = {"task_step": {"11": 0, "12": 1}, "task_next": {"7": 3}}


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("number", [int, float, np.uint8, np.int64, np.float32])
def test_a_pickle_of_numbers_is_read(tmp_path, protocol, number):
    ranks = {s: {node: number(rank) for node, rank in r.items()} for s, r in RANKS.items()}
    scores = {"task_step": OrderedDict({"11": np.float32(0.5)}), "task_next": np.zeros(3)}
    file = tmp_path / "scores_all_data.pkl"
    file.write_bytes(pickle.dumps({"scores": scores, "ranks": ranks}, protocol))
    assert read_ranks(file) == RANKS


@pytest.mark.parametrize("wrap", [lambda ranks: ranks, lambda ranks: {"ranks": ranks}])
def test_json_is_read(tmp_path, wrap):
    file = tmp_path / "ranks.json"
    file.write_bytes(orjson.dumps(wrap(RANKS)))
    assert read_ranks(file) == RANKS


class Attack:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("place", ["whole", "rank", "key"])
def test_a_pickle_that_runs_a_command_is_refused(tmp_path, protocol, place):
    mark = tmp_path / "mark"
    attack = Attack(os.system, f"touch {mark}")
    value = {"whole": attack, "rank": {"ranks": {"a": {"1": attack}}}, "key": {(1, attack): 1}}
    content = pickle.dumps(value[place], protocol)
    file = tmp_path / "scores.pkl"
    file.write_bytes(content)
    with pytest.raises(DataCorrupt, match="system, which scores do not need"):
        read_ranks(file)
    assert not mark.exists()
    pickle.loads(content)
    assert mark.exists()  # the attack is a real one


@pytest.mark.parametrize(
    "name",
    [b"builtins\neval", b"builtins\ngetattr", b"numpy\nload", b"numpy.lib.npyio\nload"]
    + [b"numpy\nndarray.__class__", b"stepagent_gym.errors\nDataCorrupt", b"\n"],
)
def test_other_names_are_refused(tmp_path, name):
    file = tmp_path / "scores.pkl"
    file.write_bytes(b"c" + name + b"\n.")
    with pytest.raises(DataCorrupt):
        read_ranks(file)


def test_an_array_of_objects_smuggles_nothing(tmp_path):
    mark = tmp_path / "mark"
    array = np.array([Attack(os.system, f"touch {mark}")], dtype=object)
    file = tmp_path / "scores.pkl"
    file.write_bytes(pickle.dumps({"ranks": {"a": {"1": array}}}))
    with pytest.raises(DataCorrupt):
        read_ranks(file)
    assert not mark.exists()


@given(st.binary(max_size=80))
def test_damaged_files_are_named(tmp_path_factory, content):
    for name in ("scores.pkl", "ranks.json"):
        file = tmp_path_factory.mktemp("ranks") / name
        file.write_bytes(content)
        with pytest.raises(DataCorrupt, match=name):
            read_ranks(file)


@given(st.integers(0, 200), st.integers(0, 255))
def test_a_pickle_with_a_wrong_byte_is_read_or_refused(tmp_path_factory, place, byte):
    content = bytearray(pickle.dumps({"ranks": {"a": {"1": np.int64(2), "2": 3.0}}}))
    content[place % len(content)] = byte
    file = tmp_path_factory.mktemp("ranks") / "scores.pkl"
    file.write_bytes(content)
    try:
        ranks = read_ranks(file)
    except DataCorrupt:
        return
    assert all(isinstance(rank, int) for by_node in ranks.values() for rank in by_node.values())


PAGE = """<html backend_node_id="1"><div backend_node_id="2" title="header">
    <a backend_node_id="3"><text backend_node_id="4">Sign in</text></a>
    <button backend_node_id="5" aria_label="find restaurants"/>
    <select backend_node_id="6"><option backend_node_id="7"><text>Pickup</text></option></select>
</div></html>"""


def ranks_of(task, previous=(), descriptions=("", "", "")):
    tree = parse_page(PAGE)
    nodes = [tree.by_id[name] for name in ("6", "5", "3")]
    return lexical_ranks(tree, list(zip(nodes, descriptions, strict=True)), task, previous)


def test_what_an_element_says_decides():
    assert ranks_of("choose pickup")[0] == 0
    assert ranks_of("FIND a table in one of the restaurants")[1] == 0
    assert ranks_of("sign me in")[2] == 0


def test_the_last_three_actions_count():
    assert ranks_of("go on", ["[link] Sign in -> CLICK", "x", "y"])[2] == 0
    assert ranks_of("go on", ["[link] Sign in -> CLICK", "x", "y", "z"]) == ranks_of("go on")


def test_what_the_record_says_counts():
    assert ranks_of("search", descriptions=("", "", "a search-link"))[2] == 0


def test_of_equals_the_first_on_the_page_is_better():
    assert ranks_of("something else") == [2, 1, 0]
    assert ranks_of("") == [2, 1, 0]


def test_there_may_be_nothing_to_rank():
    tree = parse_page('<a backend_node_id="1"/>')
    assert lexical_ranks(tree, [], "task", []) == []
    assert lexical_ranks(tree, [(0, "")], "task", []) == [0]


def test_many_candidates_take_bounded_time():
    items = "".join(f'<li backend_node_id="{n}" title="item {n}"/>' for n in range(1, 20_000))
    tree = parse_page(f"<ul>{items}</ul>")
    started = time.perf_counter()
    ranks = lexical_ranks(tree, [(n, "") for n in tree.by_id.values()], "take item 777", [])
    assert ranks.index(0) == 776
    assert time.perf_counter() - started < 10


def test_recall():
    assert recall([0, 4, None, 5], 5) == 0.5
    assert recall([], 5) == 0.0
