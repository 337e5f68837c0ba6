"""The engine's rules one by one; that they are the original's is `test_parity`'s business."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kitchen import engine, play

from stepagent_gym.envs.alfworld.compilation import demangled
from stepagent_gym.envs.alfworld.game import Game, State


def test_the_first_text_lists_all_receptacles_and_look_none():
    kitchen = engine()
    assert kitchen.intro(kitchen.game.start) == (
        "You are in the middle of a room. Looking quickly around you, you see a desk 1, a fridge "
        "1, a microwave 1, a shelf 1, and a sinkbasin 1.\n\nYour task is to: put a mug in desk."
    )
    assert play(kitchen, "look")[1].endswith("you see nothing.")


def test_at_a_place_everything_that_is_there_is_faced():
    kitchen = engine()
    state, text = play(kitchen, "go to shelf 1")
    assert text == "You arrive at shelf 1. On the shelf 1, you see a apple 1, and a mug 2."
    assert play(kitchen, "look", state=state)[1] == (
        "You are facing the desk 1, and shelf 1. Next to it, you see nothing."
    )
    assert "go to desk 1" not in kitchen.admissible(state)
    assert play(kitchen, "examine desk 1", state=state)[1].startswith("On the desk 1, you see a")


def test_the_old_grammar_arrives_at_a_location_and_has_no_help():
    old = engine(grammar="old")
    state, text = play(old, "go to fridge 1")
    assert text == "You arrive at loc 3. The fridge 1 is closed."
    assert "help" not in old.admissible(state)
    assert "help" in engine().admissible(state)
    assert play(engine(), "help")[1].startswith("Available commands:\n")


def test_opening_and_closing():
    kitchen = engine()
    state, text = play(kitchen, "go to fridge 1", "open fridge 1")
    assert text == "You open the fridge 1. The fridge 1 is open. In it, you see a mug 1."
    assert "open fridge 1" not in kitchen.admissible(state)
    assert play(kitchen, "close fridge 1", state=state)[1] == "You close the fridge 1."


def test_taking_and_putting_in_both_grammars():
    new, old = engine(), engine(grammar="old")
    for kitchen, put, told in (
        (new, "move mug 2 to desk 1", "You move the mug 2 to the desk 1."),
        (old, "put mug 2 in/on desk 1", "You put the mug 2 in/on the desk 1."),
    ):
        state, text = play(kitchen, "go to shelf 1", "take mug 2 from shelf 1")
        assert text == "You pick up the mug 2 from the shelf 1."
        assert not any(command.startswith("take") for command in kitchen.admissible(state))
        assert not kitchen.won(state)
        assert kitchen.progress(state) == (0, 1)
        state, text = play(kitchen, put, state=state)
        assert text == told
        assert kitchen.won(state)


def test_an_object_in_two_receptacles_is_taken_from_one():
    kitchen = engine()
    state, _ = play(kitchen, "go to desk 1", "take apple 1 from desk 1")
    assert "apple 1" in play(kitchen, "examine shelf 1", state=state)[1]
    assert "apple 1" not in play(kitchen, "examine desk 1", state=state)[1]


def test_what_was_taken_from_a_receptacle_lies_next_to_it():
    kitchen = engine()
    state, _ = play(kitchen, "go to desk 1", "take apple 1 from desk 1", "move apple 1 to shelf 1")
    assert play(kitchen, "look", state=state)[1].endswith("Next to it, you see a apple 1.")
    state, _ = play(kitchen, "take apple 1 from shelf 1", "move apple 1 to desk 1", state=state)
    assert play(kitchen, "look", state=state)[1].endswith("Next to it, you see a apple 1.")
    state, _ = play(kitchen, "take apple 1 from desk 1", "move apple 1 to desk 1", state=state)
    assert play(kitchen, "look", state=state)[1].endswith("Next to it, you see a apple 1.")


def test_heat_cool_and_clean():
    kitchen = engine()
    state, _ = play(kitchen, "go to desk 1", "take apple 1 from desk 1", "examine apple 1")
    assert play(kitchen, "examine apple 1", state=state)[1] == "This is a cold apple 1."
    state, text = play(kitchen, "go to microwave 1", "heat apple 1 with microwave 1", state=state)
    assert text == "You heat the apple 1 using the microwave 1."
    assert play(kitchen, "examine apple 1", state=state)[1] == "This is a hot apple 1."
    wash = ("go to sinkbasin 1", "clean apple 1 with sinkbasin 1")
    state, _ = play(kitchen, *wash, state=state)
    assert play(kitchen, "examine apple 1", state=state)[1] == "This is a hot and clean apple 1."
    cool = ("go to fridge 1", "cool apple 1 with fridge 1")
    state, _ = play(kitchen, *cool, state=state)
    assert play(kitchen, "examine apple 1", state=state)[1] == "This is a cool and clean apple 1."


def test_slicing_needs_the_knife_in_hand_and_describes_it():
    kitchen = engine()
    slicing = ("go to desk 1", "take knife 1 from desk 1", "slice apple 1 with knife 1")
    state, text = play(kitchen, *slicing)
    assert text == "You sliced the apple 1 with the knife 1."
    take = ("move knife 1 to desk 1", "take apple 1 from desk 1", "examine apple 1")
    assert play(kitchen, *take, state=state)[1] == "This is a cool sliced apple 1."


def test_only_what_is_held_is_examined_and_bowls_tell_what_they_held():
    kitchen = engine()
    state, _ = play(kitchen, "go to desk 1")
    assert "examine bowl 1" not in kitchen.admissible(state)
    assert "examine apple 1" not in kitchen.admissible(state)
    state, text = play(kitchen, "take bowl 1 from desk 1", "examine bowl 1", state=state)
    assert text == "This is a normal bowl 1. In it, you see a knife 1."
    assert play(kitchen, "inventory", state=state)[1] == "You are carrying: a bowl 1."
    state, text = play(kitchen, "go to shelf 1", "take mug 2 from shelf 1", "examine mug 2")
    assert text == "There's nothing special about mug 2."


def test_the_lamp_only_turns_on():
    kitchen = engine("look_at_obj_in_light")
    state, text = play(kitchen, "go to desk 1", "use desklamp 1")
    assert text == "You turn on the desklamp 1."
    assert play(kitchen, "use desklamp 1", state=state) == (state, text)
    assert kitchen.progress(state) == (1, 2)
    state, _ = play(kitchen, "take mug 2 from shelf 1", state=state)
    assert kitchen.won(state)
    state, _ = play(kitchen, "go to fridge 1", state=state)
    assert not kitchen.won(state)


@pytest.mark.parametrize(
    "command", ["", "LOOK", "Look", "go to", "go to desk 2", "take mug 1", "xyzzy", "go to  desk 1"]
)
def test_what_is_not_admissible_does_nothing(command):
    kitchen = engine()
    assert kitchen.act(kitchen.game.start, command) is None


def test_blanks_around_a_command_do_not_count():
    kitchen = engine()
    assert kitchen.act(kitchen.game.start, "  look\n") == play(kitchen, "look")


@given(st.lists(st.integers(0, 10_000), max_size=40), st.sampled_from(["old", "new"]))
def test_every_admissible_command_does_something_and_states_stay_sound(choices, grammar):
    kitchen = engine(grammar=grammar)
    state = kitchen.game.start
    for choice in choices:
        commands = kitchen.admissible(state)
        assert commands == sorted(set(commands))
        before = json.dumps(state.to_json())
        turn = kitchen.act(state, commands[choice % len(commands)])
        assert turn is not None
        assert json.dumps(state.to_json()) == before
        state = turn[0]
        kitchen.check(state)
        assert State.from_json(orjson.loads(orjson.dumps(state.to_json()))) == state
        met, count = kitchen.progress(state)
        assert kitchen.won(state) == (met == count)


def test_a_game_survives_its_json():
    for kind in ("pick_two_obj_and_place", "look_at_obj_in_light"):
        game = engine(kind).game
        assert Game.from_json(orjson.loads(orjson.dumps(game.to_json()))) == game


def test_names_number_downwards_and_basins_are_told_apart():
    assert demangled(
        ["mug_bar_a", "mug_bar_b", "sink_bar_a", "sink_bar_a_bar_sinkbasin", "cd"]
    ) == {
        "mug_bar_a": "mug 2",
        "mug_bar_b": "mug 1",
        "sink_bar_a": "sink 1",
        "sink_bar_a_bar_sinkbasin": "sinkbasin 1",
        "cd": "cd ",
    }
