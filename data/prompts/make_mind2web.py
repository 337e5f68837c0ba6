"""Make `mind2web.json`: the instruction, and three questions of embedded train tasks, answered.

    python data/prompts/make_mind2web.py [OUT]

As in the published prompt, the examples are single questions: one answered by typing or selecting,
one by "None of the above", one by a click, each on another website.  Their thoughts are shown in
the format `react` only; `bare` is the published form, which has none.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from demonstrations import play

from stepagent_gym.envs.mind2web.env import Mind2WebEnv
from stepagent_gym.policy import OraclePolicy

INSTRUCTION = (
    "You complete tasks on websites. Each turn you see a part of a web page, as HTML cut to the "
    "elements in question and what is around them, with the task and the actions that were taken "
    "before. Say which of the listed elements the next action must be done to, what the action is, "
    "and, if it types or selects something, what.\n\n"
    "Answer: the letter of the element; A if none of the listed ones is right\n"
    "Action: CLICK, SELECT or TYPE\n"
    "Value: the text to type, or the option to select; a click has none\n\n"
    "The right element is often not among the choices of a question: then answer A, and other "
    "elements of the same page follow."
)
FORMATS = {
    "react": (
        "Answer in this form:\n\nThought: what you think\nAnswer: C\nAction: SELECT\nValue: Pickup"
    ),
    "bare": "Answer with these lines alone:\n\nAnswer: C\nAction: SELECT\nValue: Pickup",
}
LONGEST = 3000


class Example(NamedTuple):
    """A question with its answer, and the website that it is from."""

    website: str
    kind: str
    question: str
    thought: str
    action: str


def examples() -> Iterator[Example]:
    """Answer the train tasks, question by question."""
    for task in Mind2WebEnv(split="train").task_ids:
        (trajectory,) = play(Mind2WebEnv.env_id, [task], OraclePolicy(), action_format="bare")
        for step in trajectory.steps:
            assert step.action is not None
            yield example(str(step.info["website"]), step.observation, step.action)


def example(website: str, question: str, action: str) -> Example:
    """Say why an answer is right, from what the question shows."""
    fields = dict(line.split(": ", 1) for line in action.splitlines())
    letter, op = fields["Answer"], fields.get("Action")
    if op is None:
        thought = (
            "None of the listed elements brings the task further from where the previous actions "
            "left it, so the right one is not on this list."
        )
        return Example(website, "none", question, thought, action)
    choices = dict(line.split(". ", 1) for line in question.rsplit("\n\n", 1)[1].splitlines())
    element = f"After the previous actions, the task goes on with {letter}, {choices[letter]}"
    if op == "CLICK":
        return Example(website, "click", question, f"{element}. I click it.", action)
    verb = "type" if op == "TYPE" else "select"
    thought = f"{element}, where I {verb} what the task asks for: {fields['Value']}."
    return Example(website, "value", question, thought, action)


def choose() -> list[Example]:
    """Take the first short question of each kind, each of another website."""
    wanted = ["value", "none", "click"]
    chosen: list[Example] = []
    for candidate in examples():
        websites = {other.website for other in chosen}
        if (
            candidate.kind == wanted[len(chosen)]
            and candidate.website not in websites
            and len(candidate.question) <= LONGEST
        ):
            chosen.append(candidate)
            if len(chosen) == len(wanted):
                return chosen
    raise ValueError(f"the train tasks have no question of kind {wanted[len(chosen)]!r}")


def to_json(chosen: Example) -> Mapping[str, Any]:
    """Give an example as a demonstration of one turn."""
    turn = {"thought": chosen.thought, "action": chosen.action, "observation": ""}
    return {"task": chosen.question, "turns": [turn]}


def main() -> None:
    """Write the prompt."""
    prompt = {
        "instruction": INSTRUCTION,
        "formats": FORMATS,
        "acknowledgement": "OK",
        "observation": "{observation}",
        "history": False,
        "demonstrations": [to_json(chosen) for chosen in choose()],
    }
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("mind2web.json")
    path.write_bytes(orjson.dumps(prompt, option=orjson.OPT_INDENT_2) + b"\n")


if __name__ == "__main__":
    main()
