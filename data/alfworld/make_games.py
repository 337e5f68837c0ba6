"""Make the embedded ALFWorld games: invented rooms and tasks in the ALFRED domain.

    python data/alfworld/make_games.py [FOLDER]

Writes `prepared/`, byte for byte the same on every run: games are made in the form of the real
ones (`<split>/<task>/<trial>/` with `initial_state.pddl` and `traj_data.json`) and prepared so,
which words the task and finds a walkthrough.  Classes, what goes into what, and goals are ALFRED's;
rooms, their furniture and every coordinate are invented.  Both are in `vocabulary.json`.  A room
keeps its furniture; each trial strews its objects anew.

What makes it worth solving: the objects of a task lie among others of their kind, in closed
cabinets as well as in sight; receptacles share locations; some objects count to two receptacles, as
in the real games.  `valid_seen` has new trials in the rooms of `train`, `valid_unseen` other rooms.
"""

import json
import math
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stepagent_gym.datasets import write_manifest
from stepagent_gym.envs.alfworld.prepare import Options, prepare

HERE = Path(__file__).parent
SEED = 20_260_101
GAMES_OF_A_TYPE = {"train": 14, "valid_seen": 7, "valid_unseen": 7}
UNSEEN_ROOMS_OF_A_KIND = 2

Spot = tuple[float, float, tuple[int, int, int]]


@dataclass(frozen=True)
class Receptacle:
    """A receptacle: PDDL id, class, the location that reaches it, its place in metres."""

    id: str
    kind: str
    location: str
    openable: bool
    spot: tuple[float, float, float]


@dataclass(frozen=True)
class Thing:
    """An object: PDDL id, class, its own location, and the receptacles that hold it."""

    id: str
    kind: str
    location: str
    inside: tuple[Receptacle, ...] = ()


@dataclass(frozen=True)
class Goal:
    """A task: its type, the class to handle, and the class of target (or of lamp).

    `verb` and `appliance` (a class) are empty where nothing is to be cleaned, heated or cooled.
    """

    type: str
    object: str
    target: str
    verb: str = ""
    appliance: str = ""

    @property
    def starts_apart(self) -> bool:
        """Whether the target must hold none of the objects at the start, lest the task be done."""
        return self.type in ("pick_and_place_simple", "pick_two_obj_and_place")


def load_words() -> dict[str, Any]:
    """Read the vocabulary."""
    words: dict[str, Any] = json.loads((HERE / "vocabulary.json").read_text(encoding="utf-8"))
    return words


def pddl_id(kind: str, spot: Iterable[float], suffix: str = "") -> str:
    """Write an id as ALFRED's exporter does, e.g. `Mug_bar__plus_02_dot_04_bar_...`."""
    parts = [kind, *(f"{value:+06.2f}" for value in spot), *([suffix] if suffix else [])]
    return mangle("|".join(parts))


def mangle(name: str) -> str:
    """Replace the characters that PDDL names do not have."""
    for sign, word in (("|", "_bar_"), ("+", "_plus_"), ("-", "_minus_"), (".", "_dot_")):
        name = name.replace(sign, word)
    return name


class Layout:
    """A room without its movable objects, built by walking along its four walls.

    `receptacles`, `furniture` (things without a use, and lamps) and `middle`, the locations where
    the agent may begin.
    """

    def __init__(self, room: dict[str, Any], words: dict[str, Any]) -> None:
        self._rng = random.Random(f"{SEED} room {room['number']}")
        self._half = self._rng.randint(8, 12), self._rng.randint(8, 12)
        self._words = words
        self.receptacles: list[Receptacle] = []
        self.furniture: list[Thing] = []
        pieces = words["kinds"][room["kind"]]["furniture"].split()
        places = self._walk(sum(room["receptacles"].values()) + len(pieces))
        kinds = sorted(room["receptacles"])
        self._rng.shuffle(kinds)
        for kind in kinds:
            for _ in range(room["receptacles"][kind]):
                self._add_receptacle(kind, next(places))
        for kind, (x, z, standing) in zip(pieces, places, strict=True):
            height = self._rng.uniform(0.02, 1.9)
            spot = x, height, z
            self.furniture.append(Thing(pddl_id(kind, spot), kind, facing(standing, height)))
        for kind, number in room.get("lamps", {}).items():
            holders = [place for place in self.receptacles if place.kind == kind]
            for place in holders[:number]:
                self.furniture.append(lay("DeskLamp", (place,), self._rng))
        self.middle = [
            mangle(f"loc|{x}|{z}|{turn}|30") for x in (-1, 1) for z, turn in ((0, 0), (2, 2))
        ]

    def _walk(self, number: int) -> Iterator[Spot]:
        """Give places along the walls, evenly: x and z in metres, and where one stands for it."""
        width, depth = self._half
        for index in range(number):
            side, part = divmod(index * 4 / number, 1)
            along = 1.8 * part - 0.9
            inward = self._rng.choice((3, 4, 5))
            wide, deep = round(along * width), round(along * depth)
            x, z, standing = (
                (along * width, depth, (wide, depth - inward, 0)),
                (width, -along * depth, (width - inward, -deep, 1)),
                (-along * width, -depth, (-wide, inward - depth, 2)),
                (-width, along * depth, (inward - width, deep, 3)),
            )[int(side)]
            yield x / 4, z / 4, standing

    def _add_receptacle(self, kind: str, place: Spot) -> None:
        x, z, standing = place
        height = self._rng.choice(self._words["height"][kind])
        location = facing(standing, height)
        if self.receptacles:
            before = self.receptacles[-1]
            if self._rng.random() < (0.35 if before.kind == kind else 0.1):
                location = before.location
        openable = kind in self._words["openable"].split()
        if kind == "Cabinet" and self._rng.random() < 0.2:
            openable = False
        spot = x, height, z
        name = pddl_id(kind, spot)
        if kind.endswith("Basin"):
            body = kind.removesuffix("Basin")
            name = pddl_id(body, spot, kind)
            self.furniture.append(Thing(pddl_id(body, spot), body, location))
        self.receptacles.append(Receptacle(name, kind, location, openable, spot))


def facing(standing: tuple[int, int, int], height: float) -> str:
    """Name the location at a grid point and direction that looks at something of this height."""
    horizon = next(
        angle for top, angle in ((0.5, 60), (1.0, 45), (1.5, 15), (9, -30)) if height < top
    )
    return mangle("loc|" + "|".join(map(str, (*standing, horizon))))


def lay(kind: str, inside: tuple[Receptacle, ...], rng: random.Random) -> Thing:
    """Lay an object into a receptacle, somewhere near its middle."""
    x, y, z = inside[0].spot
    spot = x + rng.uniform(-0.3, 0.3), y + 0.04, z + rng.uniform(-0.3, 0.3)
    return Thing(pddl_id(kind, spot), kind, inside[0].location, inside)


def strew(
    room: dict[str, Any], layout: Layout, goal: Goal, words: dict[str, Any], rng: random.Random
) -> list[Thing]:
    """Strew the objects of a trial; none of the task's own lies where it is to be put."""
    things: list[Thing] = []
    kept_out = goal.target if goal.starts_apart else ""
    fewest = 2 if goal.type == "pick_two_obj_and_place" else 1
    for kind, habit in sorted(words["kinds"][room["kind"]]["objects"].items()):
        places = [
            place
            for place in layout.receptacles
            if kind in words["contains"][place.kind].split()
            and not (kind == goal.object and place.kind == kept_out)
        ]
        usual = [place for place in places if place.kind in habit["usual"].split()]
        least = fewest if kind == goal.object else 0
        for _ in range(rng.randint(least, max(least, habit["most"])) if places else 0):
            place = rng.choice(usual if usual and rng.random() < 0.9 else places)
            overlap = overlapping(place, places, words) if rng.random() < 0.5 else []
            if kind == goal.object and overlap and overlap[0].kind == goal.target:
                overlap = []  # or it would count as put before it is
            things.append(lay(kind, (place, *overlap), rng))
    return things


def overlapping(
    place: Receptacle, places: list[Receptacle], words: dict[str, Any]
) -> list[Receptacle]:
    """Find the receptacle that an object here also counts to: the nearest of a class, if any.

    In the real games boxes overlap: what stands on one burner stands on the next one too, and what
    lies in the basin lies on the counter, whose location may be another.
    """
    kind = words["overlaps"].get(place.kind)
    others = [other for other in places if other.kind == kind and other != place]
    return sorted(others, key=lambda other: math.dist(other.spot, place.spot))[:1]


def facts_of(layout: Layout, things: list[Thing], words: dict[str, Any]) -> list[str]:
    """List the facts of a trial, but for where the agent is."""
    places = layout.receptacles
    facts = [f"receptacleType {place.id} {place.kind}Type" for place in places]
    facts += [f"objectType {thing.id} {thing.kind}Type" for thing in things]
    loose = [thing for thing in things if thing not in layout.furniture]
    kinds = sorted({thing.kind for thing in loose})
    for holder in sorted({place.kind for place in places}):
        held = words["contains"][holder].split()
        facts += [f"canContain {holder}Type {kind}Type" for kind in kinds if kind in held]
    facts += [f"pickupable {thing.id}" for thing in loose]
    facts += [f"openable {place.id}" for place in places if place.openable]
    for ability, able in words["affordances"].items():
        facts += [f"{ability} {thing.id}" for thing in things if thing.kind in able.split()]
    facts += [f"inReceptacle {thing.id} {place.id}" for thing in things for place in thing.inside]
    for dish in (thing for thing in loose if thing.kind in words["dishes"].split()):
        beside = [one for one in loose if one.inside == dish.inside]
        small = [one for one in beside if one.kind in words["small"].split()]
        facts += [f"inReceptacleObject {one.id} {dish.id}" for one in small[:1]]
    facts += [f"receptacleAtLocation {place.id} {place.location}" for place in places]
    facts += [f"objectAtLocation {thing.id} {thing.location}" for thing in things]
    return facts


def problem_text(
    trial: str, goal: Goal, start: str, layout: Layout, things: list[Thing], words: dict[str, Any]
) -> str:
    """Write the PDDL problem of a trial, laid out as the real ones are."""
    classes, holders = words["object_classes"].split(), words["receptacle_classes"].split()
    located: list[Receptacle | Thing] = [*layout.receptacles, *things]
    locations = sorted({start, *(item.location for item in located)})
    objects = ["agent1 - agent"]
    objects += [f"{kind} - object" for kind in classes]
    objects += [f"{kind}Type - otype" for kind in classes]
    objects += [f"{kind}Type - rtype" for kind in holders]
    objects += [f"{thing.id} - object" for thing in things]
    objects += [f"{place.id} - receptacle" for place in layout.receptacles]
    objects += [f"{name} - location" for name in locations]
    facts = [*facts_of(layout, things, words), f"atLocation agent1 {start}"]
    goals = words["tasks"][goal.type]["goal"].format(obj=goal.object, recep=goal.target)
    lines = [f"(define (problem plan_{trial})", "(:domain alfred)", "(:objects", *objects, ")"]
    lines += ["(:init", *(f"({fact})" for fact in facts), ")", f"(:goal (and {goals}))", ")"]
    return "\n".join(lines) + "\n"


def possible_goals(kind: str, room: dict[str, Any], words: dict[str, Any]) -> list[Goal]:
    """List the tasks of a type that make sense in a room."""
    task = words["tasks"][kind]
    appliance = task.get("appliance", "")
    goals = []
    for name, habit in words["kinds"][room["kind"]]["objects"].items():
        if "able" in task and name not in words["affordances"][task["able"]].split():
            continue
        if kind == "pick_two_obj_and_place" and habit["most"] < 2:
            continue
        if kind == "look_at_obj_in_light":
            goals.append(Goal(kind, name, "DeskLamp"))
            continue
        usual = set(habit["usual"].split()) & set(room["receptacles"])
        for target in room["receptacles"]:
            fits = name in words["contains"][target].split()
            if fits and target != appliance and usual - {target}:
                goals.append(Goal(kind, name, target, task.get("verb", ""), appliance))
    return goals


def choose_tasks(split: str, words: dict[str, Any], taken: Counter[str]) -> list[tuple[Goal, Any]]:
    """Choose the tasks of a split, and their rooms; `taken` counts what was chosen before."""
    rng = random.Random(f"{SEED} {split}")
    tasks = []
    for kind, task in words["tasks"].items():
        rooms = []
        for room_kind in task["rooms"]:
            of_kind = [room for room in words["rooms"] if room["kind"] == room_kind]
            cut = len(of_kind) - UNSEEN_ROOMS_OF_A_KIND
            rooms.append(of_kind[cut:] if split == "valid_unseen" else of_kind[:cut])
        first = rng.randrange(4)
        for index in range(GAMES_OF_A_TYPE[split]):
            of_kind = rooms[index % len(rooms)]
            room = of_kind[(first + index // len(rooms)) % len(of_kind)]
            goals = possible_goals(kind, room, words)
            rng.shuffle(goals)
            goal = min(goals, key=lambda g: (taken[repr(g)], taken[g.object] + taken[g.target] / 2))
            taken.update([repr(goal), goal.object, goal.target])
            tasks.append((goal, room))
    return tasks


def write_game(
    folder: Path,
    split: str,
    goal: Goal,
    room: dict[str, Any],
    layout: Layout,
    words: dict[str, Any],
) -> None:
    """Make one game, and write its two files."""
    task = f"{goal.type}-{goal.object}-None-{goal.target}-{room['number']}"
    rng = random.Random(f"{SEED} {split} {task}")
    hour, minute, second = rng.randrange(24), rng.randrange(60), rng.randrange(60)
    trial = f"trial_T20260101_{hour:02}{minute:02}{second:02}_{rng.randrange(1_000_000):06}"
    loose = strew(room, layout, goal, words, rng)
    start = rng.choice(layout.middle)
    things = [*layout.furniture, *loose]
    lit = goal.type == "look_at_obj_in_light"
    trajectory = {
        "task_type": goal.type,
        "pddl_params": {
            "object_target": goal.object,
            "parent_target": "" if lit else goal.target,
            "toggle_target": goal.target if lit else "",
            "mrecep_target": "",
            "object_sliced": False,
        },
    }
    game = folder / split / task / trial
    game.mkdir(parents=True)
    problem = problem_text(trial, goal, start, layout, things, words)
    (game / "initial_state.pddl").write_text(problem, encoding="utf-8")
    (game / "traj_data.json").write_text(json.dumps(trajectory), encoding="utf-8")


def write_games(folder: Path) -> int:
    """Write all games into a folder, and count them."""
    words = load_words()
    layouts = {room["number"]: Layout(room, words) for room in words["rooms"]}
    taken: Counter[str] = Counter()
    count = 0
    for split in GAMES_OF_A_TYPE:
        for goal, room in choose_tasks(split, words, taken):
            write_game(folder, split, goal, room, layouts[room["number"]], words)
            count += 1
    return count


def main(folder: Path) -> None:
    """Write the prepared games."""
    prepared = folder / "prepared"
    prepared.mkdir(parents=True, exist_ok=True)
    for file in prepared.iterdir():
        file.unlink()
    with tempfile.TemporaryDirectory() as source:
        count = write_games(Path(source))
        made = prepare([Path(source)], prepared, Options(workers=1))
    if made.counts["games"] != count:
        raise SystemExit(f"of {count} games only {made.counts['games']} can be won")
    write_manifest(prepared, "alfworld", "embedded", made)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
