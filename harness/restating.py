"""Thoughts that restate the task, made by a template instead of a model.

    Thought: My task: put a clean mug in shelf. I need a mug, which may be at the cabinet 1. I ...
    Action: go to cabinet 1

The task is in the environment's own words, as the observation shows them; what follows is the
thought that the expert had.  A small model can then copy what it has to do from its last reply
instead of looking for it at the beginning of the chat.  The action is never altered.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from stepagent_gym.errors import UsageError
from stepagent_gym.react import Parsing, Syntax, parse, reply
from stepagent_gym.types import Completion, Step, Trajectory

RESTATE = "restate"

_QUESTION = re.compile(r"Question: (.+)")
_TASKS: Mapping[str, re.Pattern[str]] = {
    "stepagent/WebShop-v0": re.compile(r"Instruction: \[SEP\] (.+?) \[SEP\]"),
    "stepagent/ALFWorld-v0": re.compile(r"Your task is to: (.+)"),
    "stepagent/ScienceWorld-v0": re.compile(r"Your task is to (.+)"),
    "stepagent/Mind2Web-v0": re.compile(r"^Task: (.+)", re.MULTILINE),
    "stepagent/HotpotQA-v0": _QUESTION,
    "stepagent/2WikiMultihopQA-v0": _QUESTION,
    "stepagent/MuSiQue-v0": _QUESTION,
    "stepagent/InterCodeSQL-v0": re.compile(r"(.+)", re.DOTALL),
}
"""How the first observation of each environment says what is to be done."""


def task_in(env_id: str, observation: str) -> str | None:
    """Find the task in a first observation, as a sentence on one line; None where there is none.

    Raises `UsageError` for an environment whose wording is not known.
    """
    if env_id not in _TASKS:
        raise UsageError(
            f"--thoughts {RESTATE} does not know how {env_id} words a task; there are "
            f"{', '.join(_TASKS)}; a model can write thoughts for any"
        )
    found = _TASKS[env_id].search(observation)
    task = " ".join(found[1].split()) if found else ""
    return (task if task[-1] in ".?!" else f"{task}.") if task else None


def restated(trajectory: Trajectory, syntax: Syntax, parsing: Parsing) -> Trajectory | None:
    """Begin every thought with the task; None where it cannot be found, or a reply misread.

    `syntax`, `parsing`: how the environment will read the replies.  Thoughts that tell the task
    already are left as they are, and so are replies without an action.
    """
    first = trajectory.steps[0].observation if trajectory.steps else ""
    task = task_in(trajectory.env_id, first)
    if task is None:
        return None
    steps = []
    for step in trajectory.steps:
        done = step if step.action is None else _with_task(step, step.action, task)
        if parse(done.completion.text, syntax, parsing).action != step.action:
            return None
        steps.append(done)
    return replace(trajectory, steps=tuple(steps))


def _with_task(step: Step, action: str, task: str) -> Step:
    thought = step.thought or ""
    if task.rstrip(".") in thought:
        return step
    thought = f"My task: {task} {thought}".rstrip()
    return replace(step, completion=Completion(reply(thought, action)), thought=thought)
