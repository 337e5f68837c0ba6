"""Make `alfworld.json`: the instruction, and demonstrations played on the embedded games.

    python data/prompts/make_alfworld.py [OUT]

The demonstrations are episodes of the exploring expert, so every step follows from what was read
before it.  The commands are named in both wordings of "put", since games come in two grammars.
"""

import sys
from pathlib import Path

from demonstrations import flawless, play, write_prompt

from stepagent_gym.envs.alfworld.library import Library
from stepagent_gym.policy import OraclePolicy
from stepagent_gym.types import Trajectory

INSTRUCTION = (
    "You are in a household and have a task to do there. You are told what stands in the room and "
    "what the task is. Things may be hidden in what is closed, so you may have to search.\n\n"
    "Each turn you see what your last action led to, and answer with one action:\n"
    "go to {place}\n"
    "open {place}\n"
    "close {place}\n"
    "take {object} from {place}\n"
    "move {object} to {place}   (in older games: put {object} in/on {place})\n"
    "use {object}\n"
    "heat {object} with {place}\n"
    "cool {object} with {place}\n"
    "clean {object} with {place}\n"
    "slice {object} with {object}\n"
    "examine {object or place}\n"
    "look\n"
    "inventory\n\n"
    "Objects and places are called by name and number as you read them, such as mug 2 or "
    "cabinet 1. You can carry one object at a time. An action that is not possible is answered "
    '"Nothing happens." and still costs a turn.'
)
FORMATS = {
    "react": "Answer in this form:\n\nThought: what you think\nAction: the action",
    "bare": "Answer with the action alone.",
}
SHOWN = ("pick_clean_then_place_in_recep", "look_at_obj_in_light", "pick_two_obj_and_place")
TURNS = range(8, 15)


def main() -> None:
    """Write the prompt: for each type shown, the first episode of a fit length that opens."""
    tasks = Library.open(None).tasks("train").ids
    chosen: dict[str, Trajectory] = {}
    for trajectory in play(
        "stepagent/ALFWorld-v0", tasks, OraclePolicy(), oracle="explorer", grammar="new"
    ):
        kind = str(trajectory.steps[0].info["task_type"])
        opens = any(str(step.action).startswith("open ") for step in trajectory.steps)
        if flawless(trajectory) and opens and len(trajectory.steps) in TURNS:
            chosen.setdefault(kind, trajectory)
    write_prompt(
        Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("alfworld.json"),
        instruction=INSTRUCTION,
        formats=FORMATS,
        episodes=[chosen[kind] for kind in SHOWN],
    )


if __name__ == "__main__":
    main()
