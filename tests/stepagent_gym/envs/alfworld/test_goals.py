import pytest
from kitchen import PUT, ROOM, engine, play

from stepagent_gym.envs.alfworld.goals import ground, subgoals
from stepagent_gym.envs.alfworld.pddl import Problem
from stepagent_gym.errors import DataCorrupt

SOME_PROPERTY = """(forall (?x - object)
  (or (isHot ?x) (isCool ?x) (isClean ?x) (isSliced ?x) (isToggled ?x)))"""


def goal(text):
    return ground(Problem.parse(ROOM.replace("{goal}", text)))


def test_only_what_can_come_true_is_kept():
    (part,) = goal(PUT.format(kind="mug", place="fridge", more=""))
    assert set(part) == {
        (("in", "mug_bar_1", "fridge_bar_1"),),
        (("in", "mug_bar_2", "fridge_bar_1"),),
    }
    assert goal(PUT.format(kind="mug", place="sinkbasin", more="")) == ((),)
    (part,) = goal(PUT.format(kind="desklamp", place="desk", more=""))
    assert part == ((("in", "desklamp_bar_1", "desk_bar_1"),),)


def test_heating_counts_three_sub_goals():
    kitchen = engine("pick_heat_then_place_in_recep")
    state, _ = play(kitchen, "go to shelf 1", "take mug 2 from shelf 1")
    assert kitchen.progress(state) == (0, 3)
    placed, _ = play(kitchen, "move mug 2 to desk 1", state=state)
    assert kitchen.progress(placed) == (1, 3)
    hot, _ = play(kitchen, "go to microwave 1", "heat mug 2 with microwave 1", state=state)
    assert kitchen.progress(hot) == (1, 3)
    other = ("move mug 2 to microwave 1", "go to fridge 1", "open fridge 1")
    state, _ = play(kitchen, "open microwave 1", *other, "take mug 1 from fridge 1", state=hot)
    state, _ = play(kitchen, "go to desk 1", "move mug 1 to desk 1", state=state)
    assert kitchen.progress(state) == (2, 3)
    done, _ = play(kitchen, "go to desk 1", "move mug 2 to desk 1", state=hot)
    assert kitchen.progress(done) == (3, 3)
    assert kitchen.won(done)


def test_two_objects_count_one_each():
    kitchen = engine("pick_two_obj_and_place")
    assert kitchen.progress(kitchen.game.start) == (1, 2)
    fetch = ("go to shelf 1", "take mug 2 from shelf 1", "go to fridge 1", "open fridge 1")
    state, _ = play(kitchen, *fetch, "move mug 2 to fridge 1")
    assert kitchen.progress(state) == (2, 2)


def test_a_goal_can_be_unwon():
    kitchen = engine()
    fetch = ("go to shelf 1", "take mug 2 from shelf 1", "move mug 2 to desk 1")
    state, _ = play(kitchen, *fetch)
    assert kitchen.won(state)
    assert not kitchen.won(play(kitchen, "take mug 2 from desk 1", state=state)[0])


def test_negation_disjunction_and_forall():
    kitchen = engine(goal="(forall (?r - receptacle) (not (opened ?r)))")
    assert kitchen.won(kitchen.game.start)
    assert not kitchen.won(play(kitchen, "go to fridge 1", "open fridge 1")[0])
    either = engine(goal="(or (opened fridge_bar_1) (holds agent1 mug_bar_1))")
    assert either.won(play(either, "go to fridge 1", "open fridge 1")[0])
    assert either.won(play(either, "go to shelf 1", "take mug 2 from shelf 1")[0])
    assert not either.won(either.game.start)
    always = engine(goal="(objectType mug_bar_1 MugType)")
    assert always.won(always.game.start)
    assert not engine(goal="(not (objectType mug_bar_1 MugType))").won(always.game.start)


def test_alternatives_of_different_shape_count_as_one():
    parts = goal("(or (opened fridge_bar_1) (and (isHot mug_bar_1) (holds agent1 mug_bar_1)))")
    assert len(subgoals(parts)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "word",
        "(and x)",
        "",
        "(not (and (holds agent1 mug_bar_1)))",
        "(objectAtLocation mug_bar_1 loc_bar_1)",
        f"(or (and {SOME_PROPERTY} {SOME_PROPERTY}))",
    ],
)
def test_goals_beyond_the_domain_are_refused(text):
    with pytest.raises(DataCorrupt):
        goal(text)


def test_a_goal_of_endless_combinations_is_refused(monkeypatch):
    monkeypatch.setattr("stepagent_gym.envs.alfworld.goals._MOST_WORK", 10_000)
    variables = " ".join(f"?x{number} - object" for number in range(12))
    with pytest.raises(DataCorrupt, match="too many"):
        goal(f"(exists ({variables}) (and (isHot ?x0) (isHot ?x11)))")
