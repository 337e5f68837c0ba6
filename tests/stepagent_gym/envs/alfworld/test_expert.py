import gymnasium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kitchen import PUT, engine, play

from stepagent_gym.envs.alfworld import expert
from stepagent_gym.envs.alfworld.engine import Engine
from stepagent_gym.envs.alfworld.library import Library

LIBRARY = Library.open(None)


def hidden(game, state):
    """List (object, receptacle) that lie where the expert has not looked."""
    return [
        (thing, place)
        for place, things in enumerate(state.contents)
        if place not in state.seen
        for thing in things
    ]


@given(st.sampled_from(LIBRARY.ids), st.integers(0, 12), st.integers(0, 1000), st.integers(0, 1000))
def test_the_explorer_does_not_know_what_it_has_not_seen(game_id, turns, one, other):
    play_it = Engine(LIBRARY.game(game_id), "new")
    state = play_it.game.start
    for _ in range(turns):
        turn = play_it.act(state, expert.next_action(play_it, state)[1])
        if turn is None or play_it.won(turn[0]):
            break
        state = turn[0]
    out_of_sight = hidden(play_it.game, state)
    unseen = [place for place in range(len(state.contents)) if place not in state.seen]
    movable = [pair for pair in out_of_sight if pair[0] in play_it.game.pickupable]
    if not movable:
        return
    thing, place = movable[one % len(movable)]
    target = unseen[other % len(unseen)]
    contents = list(state.contents)
    contents[place] = tuple(x for x in contents[place] if x != thing)
    contents[target] = tuple(sorted({*contents[target], thing}))
    moved = state._replace(contents=tuple(contents))
    assert expert.next_action(play_it, moved) == expert.next_action(play_it, state)


def test_it_goes_on_from_any_state():
    kitchen = engine()
    state, _ = play(kitchen, "go to desk 1", "take knife 1 from desk 1", "go to fridge 1")
    for _ in range(10):
        if kitchen.won(state):
            break
        state, _ = play(kitchen, expert.next_action(kitchen, state)[1], state=state)
    assert kitchen.won(state)


@pytest.mark.parametrize(
    "kind", ["pick_heat_then_place_in_recep", "pick_two_obj_and_place", "look_at_obj_in_light"]
)
def test_solutions_win_and_are_short(kind):
    kitchen = engine(kind)
    commands = expert.solve(kitchen)
    state, _ = play(kitchen, *commands)
    assert kitchen.won(state)
    assert len(commands) <= 8


@pytest.mark.parametrize(
    "goal",
    [
        PUT.format(kind="mug", place="sinkbasin", more=""),
        PUT.format(kind="apple", place="desk", more="(isSliced ?o)"),
        "(exists (?o - object) (and (objectType ?o AppleType) (isToggled ?o)))",
    ],
)
def test_what_cannot_be_done_is_given_up(goal):
    assert expert.solve(engine(goal=goal)) is None


def test_a_spoilt_game_is_given_up_in_words():
    kitchen = engine()
    state, _ = play(kitchen, "go to desk 1", "take bowl 1 from desk 1")
    state = state._replace(seen=tuple(range(5)))
    assert expert.next_action(kitchen, state) == ("The bowl 1 that I hold fits nowhere.", "look")


def test_the_sweeper_looks_where_the_room_lists_first():
    kitchen = engine()
    state, _ = play(kitchen)
    wanted = expert.next_action(kitchen, state, by_habit=False)[1]
    assert wanted == f"go to {kitchen.game.receptacles[0]}"


@pytest.mark.parametrize(("oracle", "turns"), [("explorer", 40), ("sweeper", 80)])
def test_the_expert_wins_every_embedded_game(oracle, turns):
    made = gymnasium.make("stepagent/ALFWorld-v0", split="all", oracle=oracle, max_turns=turns)
    env = made.unwrapped
    for task in range(0, len(env.task_ids), 3):
        _, info = env.reset(seed=0, options={"task": task})
        done = False
        while not done:
            _, _, terminated, truncated, info = env.step(f"Action: {env.expert()[1]}")
            done = terminated or truncated
        assert info["success"], info["task_id"]


@pytest.mark.parametrize("oracle", ["explorer", "sweeper"])
def test_a_lamp_that_was_not_seen_is_searched_for(oracle):
    env = gymnasium.make("stepagent/ALFWorld-v0", split="all", oracle=oracle).unwrapped
    lit = [task for task in env.task_ids if "look_at_obj_in_light" in task]
    searched = 0
    for task in lit:
        shown, _ = env.reset(seed=0, options={"task": task})
        shown = shown.partition("Your task is to")[0]
        done = False
        while not done and "desklamp" not in shown:
            thought, command = env.expert()
            assert not thought.startswith("I go back to"), (task, thought)
            searched += thought.startswith("I need a desklamp")
            shown, _, terminated, truncated, _ = env.step(f"Action: {command}")
            done = terminated or truncated
    assert searched
