"""The embedded games: made by their script, varied, and won."""

import subprocess
import sys
from collections import Counter

import pytest

from stepagent_gym.datasets import embedded_root, load_prompt, open_dataset, verify
from stepagent_gym.envs.alfworld.engine import Engine
from stepagent_gym.envs.alfworld.game import TASK_TYPES
from stepagent_gym.envs.alfworld.library import Library

FOLDER = embedded_root() / "alfworld"


@pytest.fixture(scope="module")
def games():
    library = Library.open(None)
    return [library.game(name) for name in library.ids]


def test_the_script_makes_the_files_byte_for_byte(tmp_path):
    subprocess.run([sys.executable, str(FOLDER / "make_games.py"), str(tmp_path)], check=True)
    made = {file.name: file.read_bytes() for file in (tmp_path / "prepared").iterdir()}
    assert made == {file.name: file.read_bytes() for file in (FOLDER / "prepared").iterdir()}


def make_more(folder, *options):
    """Make games; gives the files that were made."""
    script = [sys.executable, str(FOLDER / "make_games.py"), str(folder)]
    subprocess.run([*script, *options], check=True)
    return {file.name: file.read_bytes() for file in (folder / "prepared").iterdir()}


def test_the_script_makes_any_number_of_games_in_rooms_of_their_own(tmp_path):
    options = ("--train", "8", "--valid-seen", "1", "--valid-unseen", "4", "--rooms", "12")
    made = make_more(tmp_path / "a", *options, "--name", "more")
    assert make_more(tmp_path / "b", *options, "--name", "more") == made
    other = make_more(tmp_path / "c", *options, "--seed", "7")
    assert other["games.jsonl"] != made["games.jsonl"]
    library = Library.open(tmp_path / "a" / "prepared")
    assert library.dataset.name == "more"
    count = Counter(name.partition("/")[0] for name in library.ids)
    assert count == {"train": 48, "valid_seen": 6, "valid_unseen": 24}
    rooms = {split: {name.split("/")[1].rsplit("-", 1)[1] for name in library.ids
                     if name.startswith(f"{split}/")} for split in count}  # fmt: skip
    assert not rooms["valid_unseen"] & (rooms["train"] | rooms["valid_seen"])
    assert {"901", "1006"} <= rooms["train"]
    assert {"905", "1010"} <= rooms["valid_unseen"]
    embedded = Library.open(None)
    for split in ("train", "valid_unseen"):
        known = {name.split("/")[1].rsplit("-", 1)[1] for name in embedded.ids
                 if name.startswith(f"{split}/")}  # fmt: skip
        assert known.isdisjoint(rooms["train" if split == "valid_unseen" else "valid_unseen"])


def test_a_task_made_twice_in_a_room_is_another_trial(tmp_path):
    make_more(tmp_path, "--train", "70", "--valid-seen", "0", "--valid-unseen", "0", "--mixed")
    library = Library.open(tmp_path / "prepared")
    tasks = Counter(name.rpartition("/")[0] for name in library.ids)
    assert max(tasks.values()) > 1
    assert len({repr(library.game(name).start.contents) for name in library.ids}) == 420
    mixed, train = library.tasks("mixed").ids, library.tasks("train").ids
    assert sorted(mixed) == list(train) != list(mixed)
    assert len({library.game(name).task_type for name in mixed[:60]}) == len(TASK_TYPES)


def test_places_apart_are_reached_each_from_a_location_of_its_own(tmp_path):
    few = ("--train", "2", "--valid-seen", "0", "--valid-unseen", "0")
    for name, option in (("near", ()), ("apart", ("--apart",))):
        make_more(tmp_path / name, *few, *option)
        library = Library.open(tmp_path / name / "prepared")
        starts = [library.game(one) for one in library.ids]
        alone = all(len(set(game.places)) == len(game.places) for game in starts)
        assert alone == (name == "apart")


def test_the_files_are_as_their_manifest_says():
    verify(open_dataset("alfworld"))


def test_each_split_has_every_type(games):
    count = Counter(game.id.partition("/")[0] for game in games)
    assert count == {"train": 84, "valid_seen": 42, "valid_unseen": 42}
    for split in count:
        types = Counter(game.task_type for game in games if game.id.startswith(f"{split}/"))
        assert set(types) == set(TASK_TYPES)
        assert len(set(types.values())) == 1


def test_rooms_and_tasks_are_varied(games):
    rooms = {}
    for game in games:
        split, task, _ = game.id.split("/")
        rooms.setdefault(split, set()).add(task.rsplit("-", 1)[1])
    assert len(set().union(*rooms.values())) == 24
    assert rooms["valid_seen"] <= rooms["train"]
    assert not rooms["valid_unseen"] & rooms["train"]
    tasks = {game.id.split("/")[1] for game in games}
    assert len(tasks) == len(games)
    assert len({task.split("-")[1] for task in tasks}) >= 30
    assert len({task.split("-")[3] for task in tasks}) >= 15


def test_they_have_what_makes_real_games_hard(games):
    opening = [game for game in games if any(c.startswith("open ") for c in game.walkthrough)]
    twice = [game for game in games if sum(map(len, game.start.contents))
             > len({thing for things in game.start.contents for thing in things})]  # fmt: skip
    shared = [game for game in games if len(set(game.places)) < len(game.places)]
    assert len(opening) >= 30
    assert len(twice) >= 30
    assert len(shared) >= 100


def test_every_walkthrough_wins_in_both_grammars_and_nothing_is_won_before(games):
    for game in games:
        assert 3 <= len(game.walkthrough) <= 20
        for grammar in ("old", "new"):
            engine = Engine(game, grammar)
            state = game.start
            for command in game.walkthrough:
                assert not engine.won(state)
                state, _ = engine.act(state, engine.translated(command))
            assert engine.won(state)


def test_the_prompt_is_made_by_its_script_from_real_episodes(tmp_path):
    folder = embedded_root() / "prompts"
    made = tmp_path / "alfworld.json"
    subprocess.run([sys.executable, str(folder / "make_alfworld.py"), str(made)], check=True)
    assert made.read_bytes() == (folder / "alfworld.json").read_bytes()
    prompt = load_prompt("alfworld")
    assert len(prompt.demonstrations) == 3
    assert all("Your task is to: " in shown.task for shown in prompt.demonstrations)
