"""The engine: the ALFRED text domain as functions on an immutable state.

It follows the reference engine (TextWorld over Fast Downward) in what is admissible, in what is
said and in every oddity that shows:

- a command is stripped and must then equal an admissible one; anything else is "Nothing happens."
- one cannot go to a receptacle at the location where one stands;
- an object may lie in several receptacles at once, and `take` removes it from one of them only;
- `look` lists as "next to" a receptacle what was taken from it and put down elsewhere at the
  location, once for each such receptacle;
- only a held object can be examined (a comma in the domain's text undoes the other case);
- slicing needs the object's own location, which may differ from that of its receptacle;
- heating, cooling, cleaning and `use` do not care whether the receptacle is open, and `use` always
  turns on;
- an object that holds others tells forever of what it held at the start;
- the game is won while the goal holds, and can be unwon.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import chain

from stepagent_gym.envs.alfworld.game import Game, Grammar, Group, State
from stepagent_gym.envs.alfworld.goals import Fact, Part

Turn = tuple[State, str]
Act = tuple[Callable[["Engine", State, int, int], Turn], int, int]

NOTHING_HAPPENS = "Nothing happens."
_HELP = (
    "Available commands:\n"
    "  look:                             look around your current location\n"
    "  inventory:                        check your current inventory\n"
    "  go to (receptacle):               move to a receptacle\n"
    "  open (receptacle):                open a receptacle\n"
    "  close (receptacle):               close a receptacle\n"
    "  take (object) from (receptacle):  take an object from a receptacle\n"
    "  move (object) to (receptacle):  place an object in or on a receptacle\n"
    "  examine (something):              examine a receptacle or an object\n"
    "  use (object):                     use an object\n"
    "  heat (object) with (receptacle):  heat an object using a receptacle\n"
    "  clean (object) with (receptacle): clean an object using a receptacle\n"
    "  cool (object) with (receptacle):  cool an object using a receptacle\n"
    "  slice (object) with (object):     slice an object using a sharp object\n"
)


class Engine:
    """One game in one grammar.  It holds no state: every method is a function of the one given."""

    def __init__(self, game: Game, grammar: Grammar) -> None:
        self.game = game
        self.grammar = grammar
        self._new = grammar == "new"
        self._objects = frozenset(range(-1, len(game.objects)))
        self._places = frozenset(range(len(game.receptacles)))
        self._ways = lru_cache(maxsize=None)(self._find_ways)

    def intro(self, state: State) -> str:
        """Describe the room and the task, as the game begins."""
        return f"{self._room(state, everything=True)}\n\nYour task is to: {self.game.task}"

    def admissible(self, state: State) -> list[str]:
        """List the commands that are possible, sorted as strings."""
        return sorted([*self._ways(state.at), *self._near(state)])

    def act(self, state: State, command: str) -> Turn | None:
        """Do a command: the new state and what is said; None where it is not admissible."""
        command = command.strip()
        act = self._ways(state.at).get(command) or self._near(state).get(command)
        return None if act is None else act[0](self, state, act[1], act[2])

    def won(self, state: State) -> bool:
        """Whether the goal holds now."""
        return all(_met(part, state) for part in self.game.goal)

    def progress(self, state: State) -> tuple[int, int]:
        """Count the sub-goals that are met now, and all of them."""
        met = [_met(subgoal, state) for subgoal in self.game.subgoals]
        return sum(met), len(met)

    @cached_property
    def walkthrough(self) -> dict[State, str]:
        """The next command of the walkthrough, by the state (with nothing seen) that it is for."""
        path: dict[State, str] = {}
        state = self.game.start
        for command in map(self.translated, self.game.walkthrough or ()):
            path[state._replace(seen=())] = command
            turn = self.act(state, command)
            if turn is None:
                break
            state, _ = turn
        return path

    def translated(self, command: str) -> str:
        """Say a command of the new grammar in this one."""
        if self._new or not command.startswith("move "):
            return command
        thing, _, place = command.removeprefix("move ").partition(" to ")
        return f"put {thing} in/on {place}"

    def check(self, state: State) -> None:
        """Raise `ValueError` or `TypeError` for a state that this game cannot have."""
        game = self.game
        groups = (*state.contents, *state.spots, *state[7:], (state.held,))
        fits = (
            0 <= state.at < len(game.locations)
            and len(state.contents) == len(game.receptacles)
            and len(state.spots) == len(game.locations)
            and self._objects.issuperset(chain.from_iterable(groups))
            and self._places.issuperset(state.opened + state.seen)
            and all(one in self._objects and two in self._places for one, two in state.taken)
        )
        if not fits:
            raise ValueError(f"this is no state of the game {game.id}")

    # What can be done.

    def _find_ways(self, at: int) -> dict[str, Act]:
        """List what can be done at a location whatever the state."""
        ways: dict[str, Act] = {
            f"go to {name}": (_go, number, 0)
            for number, (name, place) in enumerate(
                zip(self.game.receptacles, self.game.places, strict=True)
            )
            if place != at
        }
        ways["look"] = (_look, 0, 0)
        ways["inventory"] = (_inventory, 0, 0)
        if self._new:
            ways["help"] = (_help, 0, 0)
        for number in self.game.receptacles_at[at]:
            ways[f"examine {self.game.receptacles[number]}"] = (_examine_receptacle, number, 0)
        return ways

    def _near(self, state: State) -> dict[str, Act]:
        """List what can be done with the things at hand."""
        game, held = self.game, state.held
        names = game.objects
        acts: dict[str, Act] = {}
        for place in game.receptacles_at[state.at]:
            receptacle = game.receptacles[place]
            reachable = True
            if place in game.openable:
                if place in state.opened:
                    acts[f"close {receptacle}"] = (_close, place, 0)
                else:
                    acts[f"open {receptacle}"] = (_open, place, 0)
                    reachable = False
            for thing in state.contents[place]:
                if reachable and held < 0 and thing in game.pickupable:
                    acts[f"take {names[thing]} from {receptacle}"] = (_take, thing, place)
                if thing in game.toggleable:
                    acts[f"use {names[thing]}"] = (_use, thing, 0)
            if held >= 0:
                self._with_held(acts, held, place, reachable=reachable)
        if held >= 0:
            acts[f"examine {names[held]}"] = (_examine_object, held, 0)
            if held in game.knives:
                for thing in state.spots[state.at]:
                    if thing in game.sliceable:
                        acts[f"slice {names[thing]} with {names[held]}"] = (_slice, thing, held)
        return acts

    def _with_held(self, acts: dict[str, Act], held: int, place: int, *, reachable: bool) -> None:
        """Add what can be done with the held object at a receptacle."""
        game = self.game
        thing, receptacle = game.objects[held], game.receptacles[place]
        if reachable and place in game.fits[held]:
            acts[self.putting(held, place)] = (_put, held, place)
        if place in game.sinks and held in game.cleanable:
            acts[f"clean {thing} with {receptacle}"] = (_clean, held, place)
        if place in game.microwaves and held in game.heatable:
            acts[f"heat {thing} with {receptacle}"] = (_heat, held, place)
        if place in game.fridges and held in game.coolable:
            acts[f"cool {thing} with {receptacle}"] = (_cool, held, place)

    def putting(self, thing: int, place: int) -> str:
        """Word the command that puts an object somewhere."""
        names = self.game.objects[thing], self.game.receptacles[place]
        return "move {} to {}".format(*names) if self._new else "put {} in/on {}".format(*names)

    # What is said.

    def _room(self, state: State, *, everything: bool = False) -> str:
        """Say where the agent stands; in the middle, `everything` lists all receptacles."""
        game = self.game
        facing = game.receptacles_at[state.at]
        if not facing:
            seen = _listed(map(_a, game.receptacles)) if everything else "nothing"
            return f"You are in the middle of a room. Looking quickly around you, you see {seen}."
        loose = [
            _a(game.objects[thing])
            for thing in state.spots[state.at]
            for place in facing
            if (thing, place) in state.taken
        ]
        names = _listed(game.receptacles[place] for place in facing)
        return f"You are facing the {names}. Next to it, you see {_listed(loose)}."

    def _inside(self, state: State, place: int) -> str:
        """Say what a receptacle shows."""
        name = self.game.receptacles[place]
        if place in self.game.openable and place not in state.opened:
            return f"The {name} is closed."
        things = _listed(_a(self.game.objects[thing]) for thing in state.contents[place])
        if place in self.game.openable:
            return f"The {name} is open. In it, you see {things}."
        return f"On the {name}, you see {things}."

    def _shown(self, state: State, place: int) -> State:
        """Note that the contents of a receptacle have been told, if they have."""
        if place in state.seen or (place in self.game.openable and place not in state.opened):
            return state
        return state._replace(seen=_with(state.seen, place))


# The acts: a function of the engine, the state and up to two numbers, of what a command names.


def _go(engine: Engine, state: State, place: int, _: int) -> Turn:
    game = engine.game
    state = engine._shown(state._replace(at=game.places[place]), place)
    where = game.receptacles[place] if engine.grammar == "new" else game.locations[state.at]
    return state, f"You arrive at {where}. {engine._inside(state, place)}"


def _look(engine: Engine, state: State, _: int, __: int) -> Turn:
    return state, engine._room(state)


def _inventory(engine: Engine, state: State, _: int, __: int) -> Turn:
    if state.held < 0:
        return state, "You are not carrying anything."
    return state, f"You are carrying: {_a(engine.game.objects[state.held])}."


def _help(engine: Engine, state: State, _: int, __: int) -> Turn:
    return state, _HELP


def _examine_receptacle(engine: Engine, state: State, place: int, _: int) -> Turn:
    return engine._shown(state, place), engine._inside(state, place)


def _examine_object(engine: Engine, state: State, thing: int, _: int) -> Turn:
    name = engine.game.objects[thing]
    if thing in engine.game.inner:
        things = _listed(_a(engine.game.objects[one]) for one in engine.game.inner[thing])
        return state, f"This is a normal {name}. In it, you see {things}."
    words = [
        "hot" if thing in state.hot else "cool" if thing in state.cool else "",
        "clean" if thing in state.clean else "",
    ]
    told = " and ".join(filter(None, words))
    if thing in state.sliced and told:
        return state, f"This is a {told} sliced {name}."
    if told:
        return state, f"This is a {'cold' if told == 'cool' else told} {name}."
    if thing in engine.game.toggleable and thing in state.on:
        return state, f"This {name} is on."
    if thing in state.sliced:
        return state, f"This is a sliced {name}."
    return state, f"There's nothing special about {name}."


def _open(engine: Engine, state: State, place: int, _: int) -> Turn:
    state = state._replace(opened=_with(state.opened, place))
    state = engine._shown(state, place)
    name = engine.game.receptacles[place]
    return state, f"You open the {name}. {engine._inside(state, place)}"


def _close(engine: Engine, state: State, place: int, _: int) -> Turn:
    state = state._replace(opened=_without(state.opened, place))
    return state, f"You close the {engine.game.receptacles[place]}."


def _take(engine: Engine, state: State, thing: int, place: int) -> Turn:
    state = state._replace(
        held=thing,
        contents=_changed(state.contents, place, _without(state.contents[place], thing)),
        spots=_changed(state.spots, state.at, _without(state.spots[state.at], thing)),
        taken=tuple(sorted({*state.taken, (thing, place)})),
    )
    game = engine.game
    return state, f"You pick up the {game.objects[thing]} from the {game.receptacles[place]}."


def _put(engine: Engine, state: State, thing: int, place: int) -> Turn:
    state = state._replace(
        held=-1,
        contents=_changed(state.contents, place, _with(state.contents[place], thing)),
        spots=_changed(state.spots, state.at, _with(state.spots[state.at], thing)),
        taken=tuple(pair for pair in state.taken if pair != (thing, place)),
    )
    names = engine.game.objects[thing], engine.game.receptacles[place]
    if engine.grammar == "new":
        return state, "You move the {} to the {}.".format(*names)
    return state, "You put the {} in/on the {}.".format(*names)


def _clean(engine: Engine, state: State, thing: int, place: int) -> Turn:
    return state._replace(clean=_with(state.clean, thing)), _using(engine, "clean", thing, place)


def _heat(engine: Engine, state: State, thing: int, place: int) -> Turn:
    state = state._replace(hot=_with(state.hot, thing), cool=_without(state.cool, thing))
    return state, _using(engine, "heat", thing, place)


def _cool(engine: Engine, state: State, thing: int, place: int) -> Turn:
    state = state._replace(cool=_with(state.cool, thing), hot=_without(state.hot, thing))
    return state, _using(engine, "cool", thing, place)


def _using(engine: Engine, verb: str, thing: int, place: int) -> str:
    game = engine.game
    return f"You {verb} the {game.objects[thing]} using the {game.receptacles[place]}."


def _use(engine: Engine, state: State, thing: int, _: int) -> Turn:
    state = state._replace(on=_with(state.on, thing))
    return state, f"You turn on the {engine.game.objects[thing]}."


def _slice(engine: Engine, state: State, thing: int, knife: int) -> Turn:
    state = state._replace(sliced=_with(state.sliced, thing))
    names = engine.game.objects
    return state, f"You sliced the {names[thing]} with the {names[knife]}."


# Groups are ascending tuples, so that equal states are equal values.


def _with(group: Group, member: int) -> Group:
    return group if member in group else tuple(sorted((*group, member)))


def _without(group: Group, member: int) -> Group:
    return tuple(one for one in group if one != member)


def _changed(rows: tuple[Group, ...], index: int, row: Group) -> tuple[Group, ...]:
    return (*rows[:index], row, *rows[index + 1 :])


def _a(name: str) -> str:
    return f"a {name}"


def _listed(names: Iterable[str]) -> str:
    """Write a list as the game does: a comma before the last "and", even for two."""
    *first, last = [*names] or ["nothing"]
    return f"{', '.join(first)}, and {last}" if first else last


_GROUPS: dict[str, Callable[[State], Sequence[int]]] = {
    "open": lambda state: state.opened,
    "clean": lambda state: state.clean,
    "hot": lambda state: state.hot,
    "cool": lambda state: state.cool,
    "sliced": lambda state: state.sliced,
    "on": lambda state: state.on,
    "at": lambda state: (state.at,),
    "holds": lambda state: (state.held,),
}


def holds(state: State, literal: Fact) -> bool:
    """Whether a literal of a goal is true now."""
    name, *numbers = literal
    if name == "in":
        return numbers[0] in state.contents[numbers[1]]
    if name.startswith("not "):
        return not holds(state, (name[4:], *numbers))
    return numbers[0] in _GROUPS[name](state)


def _met(part: Part, state: State) -> bool:
    return any(all(holds(state, literal) for literal in one) for one in part)
