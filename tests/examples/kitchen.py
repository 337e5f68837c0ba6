"""A small game for the tests: a kitchen and its tasks."""

from stepagent_gym.envs.alfworld.compilation import compile_game
from stepagent_gym.envs.alfworld.engine import Engine
from stepagent_gym.envs.alfworld.pddl import Problem

PUT = """(exists (?r - receptacle) (exists (?o - object) (and (inReceptacle ?o ?r)
  (objectType ?o {kind}Type) (receptacleType ?r {place}Type) {more})))"""
TWO = """(exists (?r - receptacle) (exists (?o1 - object) (and (objectType ?o1 MugType)
  (receptacleType ?r FridgeType) (inReceptacle ?o1 ?r) (exists (?o2 - object) (and
  (not (= ?o1 ?o2)) (objectType ?o2 MugType) (inReceptacle ?o2 ?r))))))"""
LOOK = """(exists (?ot - object ?r - receptacle ?a - agent ?l - location) (and
  (objectType ?ot DeskLampType) (toggleable ?ot) (isToggled ?ot) (receptacleAtLocation ?r ?l)
  (atLocation ?a ?l) (inReceptacle ?ot ?r)))
  (exists (?o - object ?a - agent) (and (objectType ?o MugType) (holds ?a ?o)))"""
GOALS = {
    "pick_and_place_simple": PUT.format(kind="mug", place="desk", more=""),
    "pick_heat_then_place_in_recep": PUT.format(
        kind="mug", place="desk", more="(heatable ?o) (isHot ?o)"
    ),
    "pick_two_obj_and_place": TWO,
    "look_at_obj_in_light": LOOK,
}
ROOM = """(define (problem kitchen) (:domain alfred) (:objects
 agent1 - agent  loc_bar_0 loc_bar_1 loc_bar_2 loc_bar_3 loc_bar_4 - location
 mug_bar_1 mug_bar_2 apple_bar_1 knife_bar_1 bowl_bar_1 desklamp_bar_1 - object
 desk_bar_1 fridge_bar_1 microwave_bar_1 sink_bar_1_bar_sinkbasin shelf_bar_1 - receptacle
 MugType AppleType KnifeType BowlType DeskLampType - otype
 DeskType FridgeType MicrowaveType SinkBasinType ShelfType - rtype)
(:init (atLocation agent1 loc_bar_0)
 (receptacleAtLocation desk_bar_1 loc_bar_1) (receptacleAtLocation shelf_bar_1 loc_bar_1)
 (receptacleAtLocation fridge_bar_1 loc_bar_2) (receptacleAtLocation microwave_bar_1 loc_bar_3)
 (receptacleAtLocation sink_bar_1_bar_sinkbasin loc_bar_4)
 (receptacleType desk_bar_1 DeskType) (receptacleType fridge_bar_1 FridgeType)
 (receptacleType microwave_bar_1 MicrowaveType) (receptacleType shelf_bar_1 ShelfType)
 (receptacleType sink_bar_1_bar_sinkbasin SinkBasinType)
 (openable fridge_bar_1) (openable microwave_bar_1)
 (objectType mug_bar_1 MugType) (objectType mug_bar_2 MugType) (objectType apple_bar_1 AppleType)
 (objectType knife_bar_1 KnifeType) (objectType bowl_bar_1 BowlType)
 (objectType desklamp_bar_1 DeskLampType)
 (pickupable mug_bar_1) (pickupable mug_bar_2) (pickupable apple_bar_1) (pickupable knife_bar_1)
 (pickupable bowl_bar_1) (toggleable desklamp_bar_1) (sliceable apple_bar_1)
 (cleanable mug_bar_1) (cleanable apple_bar_1)
 (heatable mug_bar_1) (heatable mug_bar_2) (heatable apple_bar_1)
 (coolable mug_bar_1) (coolable apple_bar_1) (isCool apple_bar_1)
 (isReceptacleObject bowl_bar_1) (inReceptacleObject knife_bar_1 bowl_bar_1)
 (inReceptacle mug_bar_1 shelf_bar_1) (inReceptacle mug_bar_2 fridge_bar_1)
 (inReceptacle apple_bar_1 desk_bar_1) (inReceptacle apple_bar_1 shelf_bar_1)
 (inReceptacle knife_bar_1 desk_bar_1) (inReceptacle bowl_bar_1 desk_bar_1)
 (inReceptacle desklamp_bar_1 desk_bar_1)
 (objectAtLocation mug_bar_1 loc_bar_1) (objectAtLocation mug_bar_2 loc_bar_2)
 (objectAtLocation apple_bar_1 loc_bar_1) (objectAtLocation knife_bar_1 loc_bar_1)
 (objectAtLocation bowl_bar_1 loc_bar_1) (objectAtLocation desklamp_bar_1 loc_bar_1)
 (canContain DeskType MugType) (canContain DeskType AppleType) (canContain ShelfType AppleType)
 (canContain FridgeType MugType) (canContain FridgeType AppleType) (canContain DeskType KnifeType)
 (canContain MicrowaveType MugType))
(:goal (and {goal})))"""


def engine(task_type="pick_and_place_simple", grammar="new", goal=None):
    """Make the kitchen with one of its goals."""
    problem = Problem.parse(ROOM.replace("{goal}", goal or GOALS[task_type]))
    game = compile_game(
        f"train/{task_type}-Mug-None-Desk-1/trial_1",
        problem,
        task="put a mug in desk.",
        grammar=grammar,
        sinks=("sinkbasintype",),
        walkthrough=None,
    )
    return Engine(game, grammar)


def play(engine, *commands, state=None):
    """Do commands that are all admissible: the last state and what was said last."""
    state, text = state or engine.game.start, ""
    for command in commands:
        turn = engine.act(state, command)
        assert turn is not None, f"{command} is not among {engine.admissible(state)}"
        state, text = turn
    return state, text
