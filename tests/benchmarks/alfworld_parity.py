"""Count how far the native ALFWorld engine agrees with what the original did.

    stepagent data prepare alfworld --from REALDATA/alfworld --name official
    python tests/benchmarks/alfworld_parity.py --data official --realdata REALDATA

Walkthroughs that win, by split and grammar; recorded episodes of the reference engine, compared in
observation, admissible commands and win at every step; expert trajectories of the old grammar,
compared up to "You arrive at loc N."; and what the exploring expert reaches in 50 turns.
"""

import argparse
import gzip
import json
import tarfile
from collections import Counter
from pathlib import Path

from stepagent_gym.envs.alfworld import expert
from stepagent_gym.envs.alfworld.engine import NOTHING_HAPPENS, Engine
from stepagent_gym.envs.alfworld.library import Library

GRAMMARS = ("new", "old")
PREFIX = "You arrive at loc "


def stripped(text):
    return text.partition(". ")[2] if text.startswith(PREFIX) else text


def follow(engine, commands):
    """Give what is said to each command, and whether the game is won at the end."""
    state, said = engine.game.start, []
    for command in commands:
        turn = engine.act(state, command)
        state, text = turn or (state, NOTHING_HAPPENS)
        said.append(text)
    return said, engine.won(state)


def walkthroughs(library):
    count = Counter()
    for game_id in library.ids:
        game = library.game(game_id)
        for grammar in GRAMMARS:
            engine = Engine(game, grammar)
            key = f"walkthroughs won, {game_id.partition('/')[0]}, {grammar} grammar"
            commands = [engine.translated(command) for command in game.walkthrough or ()]
            count[key] += follow(engine, commands)[1]
            count[f"{key} (of)"] += game.walkthrough is not None
    return count


def recordings(library, folder):
    count = Counter()
    for name in ("episodes", "probes"):
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            for episode in map(json.loads, file):
                engine = Engine(library.game(episode["game"].partition("/")[2]), episode["grammar"])
                key = f"recorded {name} identical, {episode['grammar']} grammar"
                count[key] += identical(engine, episode)
                count[f"{key} (of)"] += 1
                count["recorded steps"] += len(episode["steps"])
    return count


def identical(engine, episode):
    """Whether an episode comes back the same in all that it recorded."""
    state = engine.game.start
    first = episode["initial"]
    text = engine.intro(state)
    same = text == first["observation"].partition("\n\n")[2]
    same &= engine.admissible(state) == first["admissible_commands"]
    for step in episode["steps"]:
        turn = engine.act(state, step["action"])
        state, text = turn or (state, NOTHING_HAPPENS)
        same &= text == step["observation"]
        same &= engine.admissible(state) == step["admissible_commands"]
        same &= engine.won(state) == step["won"]
    return same


def experts(library, archive):
    count = Counter()
    with tarfile.open(archive, "r|*") as file:
        for info in file:
            if not info.name.endswith("gt_traj.json"):
                continue
            game_id = "/".join(info.name.split("/")[1:4])
            if game_id not in library.ids:
                count["expert trajectories of games that are not official"] += 1
                continue
            talk = [turn["value"] for turn in json.load(file.extractfile(info))]
            engine = Engine(library.game(game_id), "old")
            said, won = follow(engine, talk[1::2])
            # Where the episode was won the conversation ends with the action.
            expected = talk[2::2]
            same = list(map(stripped, said[: len(expected)])) == expected
            same &= engine.intro(engine.game.start) == talk[0].partition("\n\n")[2]
            count["expert trajectories identical, old grammar"] += same
            count["expert trajectories won, old grammar"] += won
            count["expert trajectories"] += 1
            count["expert turns"] += len(said)
    return count


def explorer(library):
    count = Counter()
    for game_id in library.ids:
        split = game_id.partition("/")[0]
        engine = Engine(library.game(game_id), "new")
        state, turns = engine.game.start, 0
        while not engine.won(state) and turns < 50:
            state, _ = engine.act(state, expert.next_action(engine, state)[1])
            turns += 1
        count[f"explorer wins within 50 turns, {split}"] += engine.won(state)
        count[f"explorer wins within 50 turns, {split} (of)"] += 1
        count[f"explorer turns, {split}"] += turns
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", default="official")
    parser.add_argument("--realdata", type=Path, required=True)
    arguments = parser.parse_args()
    library = Library.open(arguments.data)
    folder = arguments.realdata / "alfworld"
    print(f"{len(library.ids):,} games, data {library.dataset.data_hash}")
    for count in (
        walkthroughs(library),
        recordings(library, folder / "recorded"),
        experts(library, folder / "train_gt_traj.json.tar.xz"),
        explorer(library),
    ):
        for key, value in sorted(count.items()):
            print(f"{value:9,}  {key}")


if __name__ == "__main__":
    main()
