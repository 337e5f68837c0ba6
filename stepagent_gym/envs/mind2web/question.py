"""The text of a question: the page, the task, the last actions, and the choices, as published."""

from collections.abc import Sequence

from stepagent_gym.envs.mind2web.dom import Shown
from stepagent_gym.envs.mind2web.protocol import LETTERS
from stepagent_gym.envs.mind2web.store import Step, Task

_CHOOSE = (
    "What should be the next action? Please select from the following choices "
    "(If the correct action is not in the page above, please select A. 'None of the above'):"
)


def write_question(task: Task, step: Step, shown: Shown) -> str:
    """Write a question; without previous actions it says None."""
    return "\n".join(
        [
            "'''",
            shown.html,
            "'''",
            "",
            "Based on the HTML webpage above, try to complete the following task:",
            f"Task: {task.instruction}",
            "Previous actions:",
            *(step.previous or ("None",)),
            _CHOOSE,
            "",
            *_choices(shown),
        ]
    )


def _choices(shown: Shown) -> Sequence[str]:
    texts = ("None of the above", *(text for _, text in shown.choices))
    return [f"{letter}. {text}" for letter, text in zip(LETTERS, texts, strict=False)]
