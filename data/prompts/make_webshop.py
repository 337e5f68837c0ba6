"""Make `webshop.json`: the instruction, and demonstrations played on the embedded catalogue.

    python data/prompts/make_webshop.py [OUT]

The observations are what the environment answers, so that a demonstration is a real episode, and
the thoughts say what a shopper would: they restate what is asked for, and compare it with the page.
"""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from stepagent_gym.envs.webshop.catalogue import Catalogue
from stepagent_gym.envs.webshop.records import Goal, Product
from stepagent_gym.errors import PolicyError
from stepagent_gym.policy import EpisodeView, Policy
from stepagent_gym.react import Prompt, reply
from stepagent_gym.rollout import Start, rollout
from stepagent_gym.types import Completion, Message, Trajectory

INSTRUCTION = (
    "You are shopping in an online store. You are given an instruction that says which product is "
    "wanted, with the features and options it must have and the most it may cost. Find a product "
    "that fits, and buy it.\n\n"
    "Each turn you see a page of the store and answer with one action:\n"
    "search[keywords]  looks for products by the words that you choose\n"
    "click[value]      presses a button, opens a product by its code, or chooses an option; the "
    "value must be a text of the page that can be clicked\n\n"
    "Choose every option that the instruction asks for before you click[buy now]: the purchase "
    "ends the task. An action that is not possible changes nothing and still costs a turn."
)
FORMATS = {
    "react": "Answer in this form:\n\nThought: what you think\nAction: search[...] or click[...]",
    "bare": "Answer with the action alone: search[...] or click[...]",
}
DEMONSTRATIONS = 3
BLANK = Prompt("", {"react": "", "bare": ""}, "OK", "{observation}", (), "")


class Shopper:
    """A policy that follows a script: thought and action for each turn of each task."""

    def __init__(self, scripts: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        self.scripts = scripts

    def for_episode(self, view: EpisodeView) -> Policy:
        """Give the policy of one episode."""
        return _Following(view, self.scripts[view.task_id])

    async def act(self, messages: Sequence[Message]) -> Completion:
        """Refuse: a script belongs to an episode."""
        raise PolicyError("a shopper plays episodes, it does not answer chats")

    async def close(self) -> None:
        """Hold nothing."""


class _Following(Shopper):
    def __init__(self, view: EpisodeView, script: Sequence[tuple[str, str]]) -> None:
        self.view = view
        self.script = script

    async def act(self, messages: Sequence[Message]) -> Completion:
        return Completion(reply(*self.script[self.view.turn]))


def write_script(goal: Goal, product: Product) -> list[tuple[str, str]]:
    """Write thoughts and actions of a shopper who restates what is asked for, and compares."""
    wanted = ", ".join([*goal.attributes, *goal.options])
    limit = f"{goal.price_upper:.2f} dollars"
    search = (
        f"I need {goal.query}; it must have: {wanted}; and it may cost at most {limit}. I search "
        "for what names the product and its features."
    )
    choose = (
        f"{goal.asin} reads as what I need and costs {product.price_text}, below {limit}. I open "
        "it to see its options."
    )
    buy = (
        f"It has {wanted} and costs less than {limit}. All that was asked for is chosen, so I "
        "buy it."
    )
    return [
        (search, f"search[{' '.join([goal.query, *goal.attributes])}]"),
        (choose, f"click[{goal.asin.lower()}]"),
        *(
            (f"The instruction asks for {value}, which is offered here. I choose it.",
             f"click[{value}]")
            for value in goal.options
        ),
        (buy, "click[buy now]"),
    ]  # fmt: skip


async def play(scripts: Mapping[str, Sequence[tuple[str, str]]]) -> dict[str, Trajectory]:
    """Play the scripts, each in the environment."""
    played = rollout(
        "stepagent/WebShop-v0",
        [Start(task) for task in scripts],
        Shopper(scripts),
        prompt=BLANK,
        examples=0,
        env_options={"split": "train", "max_turns": 100},
    )
    return {trajectory.task_id: trajectory async for trajectory in played}


def demonstration(trajectory: Trajectory) -> dict[str, Any]:
    """Write an episode as a demonstration."""
    steps = trajectory.steps
    after = [*(step.observation for step in steps[1:]), trajectory.final_observation]
    turns = [
        {"thought": step.thought, "action": step.action, "observation": seen}
        for step, seen in zip(steps, after, strict=True)
    ]
    return {"task": steps[0].observation, "turns": turns}


def main() -> None:
    """Write the prompt: the first suitable train tasks of different categories."""
    catalogue = Catalogue.open(None)
    goals = {str(index): catalogue.goal(index) for index in catalogue.split("train")}
    scripts = {
        task: write_script(goal, catalogue.product(goal.asin))
        for task, goal in goals.items()
        if len(goal.options) >= 2
    }
    played = asyncio.run(play(scripts))
    chosen: dict[str, dict[str, Any]] = {}
    for task in scripts:
        trajectory, category = played[task], goals[task].category
        flawless = trajectory.success and trajectory.metrics["invalid_turns"] == 0
        if flawless and category not in chosen and len(chosen) < DEMONSTRATIONS:
            chosen[category] = demonstration(trajectory)
    prompt = {
        "instruction": INSTRUCTION,
        "formats": FORMATS,
        "acknowledgement": "OK",
        "observation": "Observation:\n{observation}",
        "demonstrations": list(chosen.values()),
    }
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("webshop.json")
    out.write_bytes(orjson.dumps(prompt, option=orjson.OPT_INDENT_2) + b"\n")


if __name__ == "__main__":
    main()
