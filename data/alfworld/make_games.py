"""Make the embedded ALFWorld games: invented rooms and tasks in the ALFRED domain.

    python data/alfworld/make_games.py [FOLDER] [--train N] [--valid-unseen N] [--rooms N] ...

Writes `FOLDER/prepared`, byte for byte the same on every run.  Without options these are the
embedded games; with them any number of others, which `--data FOLDER/prepared` opens.  Games are
made in the form of the real ones (`<split>/<task>/<trial>/` with `initial_state.pddl` and
`traj_data.json`) and prepared so, which words the task and finds a walkthrough.  Classes, what goes
into what, and goals are ALFRED's; rooms (`rooms.py`), their furniture and every coordinate are
invented.  Both are in `vocabulary.json`.  A room keeps its furniture; each trial strews its objects
anew.

What makes it worth solving: the objects of a task lie among others of their kind, in closed
cabinets as well as in sight; receptacles share locations; some objects count to two receptacles, as
in the real games.  `valid_seen` has new trials in the rooms of `train`, `valid_unseen` other rooms.
Rooms beyond those of the vocabulary are invented by mixing the furniture of its rooms; the
vocabulary's own are unseen in every set, or in none.
"""

import json
import math
import random
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tyro
from rooms import HERE, Layout, Receptacle, Thing, lay, load_words

from stepagent_gym.datasets import write_manifest
from stepagent_gym.envs.alfworld.game import TaskType
from stepagent_gym.envs.alfworld.prepare import Options, prepare


@dataclass(frozen=True)
class Games:
    """Make games: how many of each type in a split, in which rooms."""

    folder: tyro.conf.Positional[Path] = HERE
    """They are written to `prepared/` in this folder."""
    train: int = 14
    valid_seen: int = 7
    valid_unseen: int = 7
    types: tuple[TaskType, ...] = ()
    """Types of task; by default all six, as in the real games."""
    rooms: int = 6
    """Rooms of each of the four kinds; of every six the last two are unseen."""
    density: float = 1.0
    """Share of the vocabulary's receptacles and objects that a room has; small rooms are easier."""
    apart: bool = False
    """Reach each receptacle from a location of its own: one cannot go to where one stands."""
    seed: int = 20_260_101
    name: str = "embedded"
    """Name of the set in its manifest."""
    mixed: bool = False
    """Also make a split `mixed`: the games of `train` in an order that is drawn, for `--limit`."""
    workers: int = 1
    """Processes that compile games."""


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
        most = max(least, math.ceil(words["density"] * habit["most"]))
        for _ in range(rng.randint(least, most) if places else 0):
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


def choose_tasks(
    split: str, games: Games, words: dict[str, Any], taken: Counter[str]
) -> list[tuple[Goal, Any]]:
    """Choose the tasks of a split, and their rooms; `taken` counts those chosen before."""
    rng = random.Random(f"{games.seed} {split}")
    tasks = []
    for kind in games.types or words["tasks"]:
        task = words["tasks"][kind]
        rooms = []
        for room_kind in task["rooms"]:
            of_kind = [room for room in words["rooms"] if room["kind"] == room_kind]
            unseen = split == "valid_unseen"
            rooms.append([room for place, room in enumerate(of_kind) if (place % 6 > 3) == unseen])
        first = rng.randrange(4)
        for index in range(getattr(games, split)):
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
    seed: str,
) -> str:
    """Make one game, write its two files, and give its id."""
    task = f"{goal.type}-{goal.object}-None-{goal.target}-{room['number']}"
    rng = random.Random(f"{seed} {split} {task}")
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
    return f"{split}/{task}/{trial}"


def write_games(games: Games, folder: Path) -> list[str]:
    """Write the files of all games into a folder, and list their ids."""
    words = load_words(games.rooms, games.density, games.apart, games.seed)
    layouts = {room["number"]: Layout(room, words, games.seed) for room in words["rooms"]}
    taken: Counter[str] = Counter()
    trials: Counter[str] = Counter()
    made = []
    for split in ("train", "valid_seen", "valid_unseen"):
        for goal, room in choose_tasks(split, games, words, taken):
            task = f"{split} {goal} {room['number']}"
            again = f" again {trials[task]}" if trials[task] else ""
            seed = f"{games.seed}{again}"
            layout = layouts[room["number"]]
            made.append(write_game(folder, split, goal, room, layout, words, seed))
            trials[task] += 1
    return made


def main(games: Games) -> None:
    """Write the prepared games."""
    prepared = games.folder / "prepared"
    prepared.mkdir(parents=True, exist_ok=True)
    for file in prepared.iterdir():
        file.unlink()
    with tempfile.TemporaryDirectory() as source, tempfile.NamedTemporaryFile("w") as mixed:
        ids = write_games(games, Path(source))
        train = [name for name in ids if name.startswith("train/")]
        print(
            *random.Random(games.seed).sample(train, len(train)), sep="\n", file=mixed, flush=True
        )
        lists = (f"mixed={mixed.name}",) if games.mixed else ()
        made = prepare([Path(source)], prepared, Options(split=lists, workers=games.workers))
    write_manifest(prepared, "alfworld", games.name, made)
    won = made.counts["games"]
    print(f"{prepared}: {won:,} games; {len(ids) - won:,} more cannot be won, and were left out")


if __name__ == "__main__":
    main(tyro.cli(Games))
