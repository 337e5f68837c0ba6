"""Count the habits of the exploring expert: where objects of a kind are found.

    stepagent data prepare alfworld --from PATH --name official
    python data/alfworld/make_habits.py official

Writes `stepagent_gym/envs/alfworld/habits.json`: for a kind of object, how many of them a
receptacle of a kind holds at the start, averaged over the receptacles of that kind in all train
games that have such an object.  Averages below 0.002 are left out.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import orjson

from stepagent_gym.envs.alfworld.game import Game
from stepagent_gym.envs.alfworld.library import Library

OUT = Path(__file__).parents[2] / "stepagent_gym" / "envs" / "alfworld" / "habits.json"
LEAST = 0.002


def kind(name: str) -> str:
    """Take the number off a name."""
    return name.rpartition(" ")[0]


def placed(game: Game) -> Iterator[tuple[str, str]]:
    """Give the kinds of each object and of the receptacle that it starts in."""
    for place, things in enumerate(game.start.contents):
        for thing in things:
            yield kind(game.objects[thing]), kind(game.receptacles[place])


def main(data: str) -> None:
    """Count over the train games of a prepared dataset."""
    library = Library.open(data)
    found: Counter[tuple[str, str]] = Counter()
    slots: Counter[tuple[str, str]] = Counter()
    for name in library.tasks("train").ids:
        game = library.game(name)
        pairs = list(placed(game))
        found.update(pairs)
        receptacles = Counter(map(kind, game.receptacles))
        for thing in {thing for thing, _ in pairs}:
            for receptacle, count in receptacles.items():
                slots[thing, receptacle] += count
    habits: dict[str, dict[str, float]] = {}
    for pair in sorted(found):
        average = round(found[pair] / slots[pair], 3)
        if average >= LEAST:
            habits.setdefault(pair[0], {})[pair[1]] = average
    OUT.write_bytes(orjson.dumps(habits, option=orjson.OPT_INDENT_2) + b"\n")


if __name__ == "__main__":
    main(sys.argv[1])
