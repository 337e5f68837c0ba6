"""Make `scienceworld.json`: the instruction, and demonstrations played on train variations.

    python data/prompts/make_scienceworld.py [OUT]

The demonstrations are gold paths; their thoughts are written here, by what each action is for.
"""

import re
import sys
from pathlib import Path

from demonstrations import Scripted, flawless, play, write_prompt

from stepagent_gym.envs.scienceworld.env import data_hash
from stepagent_gym.envs.scienceworld.gold import gold_path

INSTRUCTION = (
    "You are in a house with a workshop, a kitchen, a greenhouse and other rooms, and have an "
    "experiment to do there. You are told what the task is.\n\n"
    "Each turn you see what your last action led to, and answer with one action:\n"
    "look around | look at {object} | look in {object} | examine {object} | read {object}\n"
    "go to {place} | teleport to {place} | open {object} | close {object}\n"
    "pick up {object} | put down {object} | move {object} to {object} | inventory\n"
    "pour {object} into {object} | dunk {object} into {object} | mix {object}\n"
    "activate {object} | deactivate {object} | use {object} [on {object}]\n"
    "connect {object} to {object} | disconnect {object} | eat {object} | flush {object}\n"
    "focus on {object}   shows that you have found what the task asks for; a wrong focus ends it\n"
    "wait | wait1   lets time pass, ten steps or one\n"
    "task   repeats the task\n\n"
    "When a request is ambiguous, answer with the number of the meaning that you want."
)
FORMATS = {
    "react": "Answer in this form:\n\nThought: what you think\nAction: the action",
    "bare": "Answer with the action alone.",
}
SHOWN = (
    "find-non-living-thing/0",
    "chemistry-mix-paint-secondary-color/0",
    "lifespan-longest-lived/0",
)
THOUGHTS = (
    (r"(?:teleport|go) to (?:the )?(.+)", "What I need may be in the {0}. I go there."),
    (r"look around", "I look at what is here."),
    (r"open (.+)", "The {0} is closed; I open it."),
    (r"pick up (.+)", "I need the {0}. I take it."),
    (r"focus on (.+)", "The task asks me to focus on what it is about, and that is the {0}."),
    (r"move (.+) to (.+)", "The {0} has to be in the {1}. I put it there."),
    (r"pour (.+) (?:into|in) (.+)", "I need the {0} in the {1}. I pour it there."),
    (r"mix (.+)", "All that is needed is in the {0}. I mix it."),
    (r"wait1?", "This takes time, so I wait."),
    (r"(\d+)", "I am asked which one I mean; number {0} will do."),
)


def thought(action: str) -> str:
    """Say why an action is done."""
    for form, words in THOUGHTS:
        if match := re.fullmatch(form, action):
            return words.format(*match.groups())
    return f"Next I {action}."


def main() -> None:
    """Write the prompt."""
    scripts = {
        task: [(thought(action), action) for action in gold_path(task, "easy", data_hash())]
        for task in SHOWN
    }
    episodes = play("stepagent/ScienceWorld-v0", SHOWN, Scripted(scripts))
    if not all(map(flawless, episodes)):
        raise SystemExit("a demonstration does not succeed")
    write_prompt(
        Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("scienceworld.json"),
        instruction=INSTRUCTION,
        formats=FORMATS,
        episodes=episodes,
    )


if __name__ == "__main__":
    main()
