"""The oracle of ALFWorld: an expert that knows the task and what it has seen, and no more.

It does not know where things are.  It searches receptacles in the order in which the wanted kind is
likely to be there (`habits.json`, counted over the train games) for the turns that a look costs,
and acts on what it has seen (`State.seen`).  Its episodes are therefore what a learner should see:
every step follows from the text so far.  With everything seen it becomes a planner (`solve`).
"""

from collections.abc import Collection, Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import orjson

from stepagent_gym.envs.alfworld.engine import Engine, holds
from stepagent_gym.envs.alfworld.game import Game, State
from stepagent_gym.envs.alfworld.goals import Alternative, Fact

Advice = tuple[str, str]

_APPLIANCES = {"clean": "sinks", "hot": "microwaves", "cool": "fridges"}
_VERBS = {"clean": "clean", "hot": "heat", "cool": "cool"}
_CARRIED = ("sliced", "clean", "hot", "cool", "in", "holds")
_TURNS_TO_FIND = 8
_MOST_STEPS = 100
_GIVE_UP = "look"
_UNLIKELY = 0.001


class _Plan(NamedTuple):
    """An alternative of a goal's part: the turns it may take, and what to make true next.

    `next` is None where all of it is true, and `unseen` where it waits for things to be found.
    """

    turns: int
    unseen: bool
    next: Fact | None


def next_action(engine: Engine, state: State, *, by_habit: bool = True) -> Advice:
    """Give thought and command that lead on to the goal from whatever state.

    `by_habit`: search where things are likely to be; otherwise in the order in which the first
    observation lists the receptacles, which is easier to learn.  Where nothing serves any more (a
    game can be spoilt: some objects fit nowhere once they have been taken) the command is `look`,
    which no other advice is.
    """
    game = engine.game
    for part in sorted(game.goal, key=_needs_presence):
        if not part:
            return _give_up("Nothing in this room can do what the task asks for.")
        plan = min((_plan(game, state, one) for one in part), key=lambda plan: plan[:2])
        if plan.unseen:
            return _search(engine, state, _unseen_kinds(game, state, part), by_habit)
        if plan.next is not None:
            return _work(engine, state, plan.next)
    return _give_up("All is done.")


def solve(engine: Engine) -> list[str] | None:
    """Find commands that win, knowing where everything is; None where there seem to be none."""
    state = engine.game.start._replace(seen=tuple(range(len(engine.game.receptacles))))
    commands: list[str] = []
    while not engine.won(state):
        _, command = next_action(engine, state)
        turn = engine.act(state, command)
        if turn is None or command == _GIVE_UP or len(commands) == _MOST_STEPS:
            return None
        state, _ = turn
        commands.append(command)
    return commands


def _plan(game: Game, state: State, alternative: Alternative) -> _Plan:
    """Rank an alternative by what has been seen: what is unseen counts as untrue."""
    missing = [
        literal
        for literal in sorted(alternative, key=_order)
        if not (holds(state, literal) and (literal[0] == "at" or _known(state, literal)))
    ]
    if not missing:
        return _Plan(0, False, None)
    # Where to stand is known only once what is there has been seen and dealt with.
    others = [literal for literal in missing if literal[0] != "at"]
    ready = [literal for literal in others if _known(state, literal)] if others else missing
    carried = {literal[1] for literal in missing if literal[0] in _CARRIED}
    turns = 2 * len(missing) + sum(_turns_to_fetch(game, state, thing) for thing in carried)
    moved_again = any(literal[0] == "in" and literal[1] in carried for literal in alternative)
    turns += 2 * (moved_again and not any(literal[0] == "in" for literal in missing))
    return _Plan(turns, not ready, ready[0] if ready else None)


def _order(literal: Fact) -> int:
    """Say what comes first: an object's property before its place, one's own place last."""
    return ("sliced", *_APPLIANCES, "in", "holds", "on", "at").index(literal[0])


def _needs_presence(part: Iterable[Alternative]) -> bool:
    return any(literal[0] == "at" for one in part for literal in one)


def _turns_to_fetch(game: Game, state: State, thing: int) -> int:
    """Estimate the turns until an object is in hand."""
    if state.held == thing:
        return 0
    hands_full = 2 if state.held >= 0 else 0
    ways = (_way(game, state, place) for place in _holders(state, thing))
    return min(ways, default=_TURNS_TO_FIND) + 1 + hands_full


def _way(game: Game, state: State, place: int) -> int:
    """Count the turns to stand before a receptacle and have it open."""
    return (game.places[place] != state.at) + _closed(game, state, place)


def _closed(game: Game, state: State, place: int) -> bool:
    return place in game.openable and place not in state.opened


def _known(state: State, literal: Fact) -> bool:
    """Whether the object of a fact is in hand or has been seen where it is."""
    thing = literal[1]
    return state.held == thing or bool(_holders(state, thing))


def _unseen_kinds(game: Game, state: State, part: Iterable[Alternative]) -> set[str]:
    """Name the kinds of object that a part waits for."""
    things = {literal for one in part for literal in one if literal[0] != "at"}
    unseen = {literal for literal in things if not _known(state, literal)}
    return {_kind(game.objects[literal[1]]) for literal in unseen}


def _holders(state: State, thing: int) -> list[int]:
    """List the receptacles in which an object has been seen, and still is."""
    return [place for place in state.seen if thing in state.contents[place]]


def _kind(name: str) -> str:
    return name.rpartition(" ")[0]


# What to do about a fact that is missing.


def _work(engine: Engine, state: State, literal: Fact) -> Advice:
    """Take the next step towards a fact."""
    game = engine.game
    name, thing, *rest = literal
    if name == "at":
        place = game.receptacles_at[thing][0]
        return f"I go back to the {game.receptacles[place]}.", f"go to {game.receptacles[place]}"
    if name == "on":
        place = min(_holders(state, thing), key=lambda one: game.places[one] != state.at)
        lamp = game.objects[thing]
        why = f"The {lamp} is at the {game.receptacles[place]}."
        step = _reach(engine, state, place, why, opened=False)
        return step or (f"{why} I turn it on.", f"use {lamp}")
    if state.held != thing:
        return _fetch(engine, state, thing)
    if name == "in":
        return _put(engine, state, rest[0])
    if name in _APPLIANCES:
        return _treat(engine, state, name)
    return _give_up(f"I do not know how to make the {game.objects[thing]} {name}.")


def _fetch(engine: Engine, state: State, thing: int) -> Advice:
    """Take an object that has been seen, with empty hands."""
    game = engine.game
    if state.held >= 0:
        return _put_down(engine, state)
    name = game.objects[thing]
    place = min(_holders(state, thing), key=lambda one: _way(game, state, one))
    receptacle = game.receptacles[place]
    step = _reach(engine, state, place, f"I have seen the {name} at the {receptacle}.")
    return step or (f"Here is the {name}. I take it.", f"take {name} from {receptacle}")


def _give_up(why: str) -> Advice:
    return why, _GIVE_UP


def _put(engine: Engine, state: State, place: int) -> Advice:
    """Put the held object where the task wants it."""
    thing, receptacle = engine.game.objects[state.held], engine.game.receptacles[place]
    step = _reach(engine, state, place, f"The {thing} belongs to the {receptacle}.")
    return step or (
        f"I am at the {receptacle} with the {thing}. I put it down here.",
        engine.putting(state.held, place),
    )


def _put_down(engine: Engine, state: State) -> Advice:
    """Get rid of an object that is not needed, at the nearest place that takes it."""
    game = engine.game
    fits = game.fits[state.held]
    if not fits:
        return _give_up(f"The {game.objects[state.held]} that I hold fits nowhere.")
    place = min(fits, key=lambda one: _way(game, state, one))
    why = f"I do not need the {game.objects[state.held]}."
    step = _reach(engine, state, place, why)
    return step or (f"{why} I leave it here.", engine.putting(state.held, place))


def _treat(engine: Engine, state: State, wanted: str) -> Advice:
    """Clean, heat or cool the held object."""
    game = engine.game
    appliances: frozenset[int] = getattr(game, _APPLIANCES[wanted])
    if not appliances:
        return _give_up(f"There is nothing here to make things {wanted} with.")
    place = min(appliances, key=lambda one: (game.places[one] != state.at, one))
    thing, appliance = game.objects[state.held], game.receptacles[place]
    verb = _VERBS[wanted]
    why = f"I have to {verb} the {thing}; the {appliance} does that."
    step = _reach(engine, state, place, why, opened=False)
    return step or (
        f"I am at the {appliance}. I {verb} the {thing}.",
        f"{verb} {thing} with {appliance}",
    )


def _reach(
    engine: Engine, state: State, place: int, why: str, *, opened: bool = True
) -> Advice | None:
    """Go to a receptacle and, where need be, open it; None once that is done."""
    game = engine.game
    receptacle = game.receptacles[place]
    if game.places[place] != state.at:
        return f"{why} I go there.", f"go to {receptacle}"
    if opened and _closed(game, state, place):
        return f"The {receptacle} is closed. I open it.", f"open {receptacle}"
    return None


# Where to look.


def _search(engine: Engine, state: State, kinds: Collection[str], by_habit: bool) -> Advice:
    """Look into the receptacle that is likeliest to show one of some kinds, or the next one."""
    game = engine.game
    unseen = [place for place in range(len(game.receptacles)) if place not in state.seen]
    if not unseen:
        return _give_up(f"There is no {' or '.join(sorted(kinds))} to be found.")

    def promise(place: int) -> tuple[float, int]:
        kind, _, number = game.receptacles[place].rpartition(" ")
        likely = sum(_habits().get(wanted, {}).get(kind, _UNLIKELY) for wanted in sorted(kinds))
        return likely / max(1, _way(game, state, place)), -int(number)

    place = max(unseen, key=promise) if by_habit else unseen[0]
    receptacle = game.receptacles[place]
    why = f"I need a {' or a '.join(sorted(kinds))}, which may be at the {receptacle}."
    step = _reach(engine, state, place, why)
    return step or (f"{why} I look at what is there.", f"examine {receptacle}")


@cache
def _habits() -> dict[str, dict[str, float]]:
    """Read how many objects of a kind a receptacle of a kind holds, where such an object is."""
    path = files("stepagent_gym.envs.alfworld") / "habits.json"
    habits: dict[str, dict[str, float]] = orjson.loads(path.read_bytes())
    return habits
