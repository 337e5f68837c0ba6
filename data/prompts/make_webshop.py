"""Make `webshop.json`: the instruction, and demonstrations played on the embedded catalogue.

    python data/prompts/make_webshop.py [OUT]

The observations are what the environment answers, so that a demonstration is a real episode, and
the thoughts say what a shopper would: they restate what is asked for, and compare it with the page.
"""

import sys
from pathlib import Path
from typing import Any

import gymnasium
import orjson

import stepagent_gym  # noqa: F401 - registers the ids
from stepagent_gym.envs.webshop.env import WebShopEnv

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


def demonstrate(env: gymnasium.Env[str, str], task: str) -> dict[str, Any] | None:
    """Play a task as a shopper would; None where the result is not a full reward."""
    observation, info = env.reset(seed=0, options={"task": task})
    first = observation
    unwrapped = env.unwrapped
    assert isinstance(unwrapped, WebShopEnv)
    goal = unwrapped._goal
    product = unwrapped._catalogue.product(goal.asin)
    wanted = ", ".join([*goal.attributes, *goal.options])
    words = " ".join([goal.query, *goal.attributes])
    limit = f"{goal.price_upper:.2f} dollars"
    thoughts = [
        f"I need {goal.query}; it must have: {wanted}; and it may cost at most {limit}. I search "
        "for what names the product and its features.",
        f"{goal.asin} reads as what I need and costs {product.price_text}, below {limit}. I open "
        "it to see its options.",
        *(f"The instruction asks for {value}, which is offered here. I choose it."
          for value in goal.options),
        f"It has {wanted} and costs less than {limit}. All that was asked for is chosen, so I "
        "buy it.",
    ]  # fmt: skip
    actions = [
        f"search[{words}]",
        f"click[{goal.asin.lower()}]",
        *(f"click[{value}]" for value in goal.options),
        "click[buy now]",
    ]
    turns = []
    for thought, action in zip(thoughts, actions, strict=True):
        observation, reward, *_, info = env.step(action)
        if not info["valid"]:
            return None
        turns.append({"thought": thought, "action": action, "observation": observation})
    return {"task": first, "turns": turns} if reward == 1.0 else None


def main() -> None:
    """Write the prompt: the first suitable train tasks of different categories."""
    env = gymnasium.make("stepagent/WebShop-v0", split="train", action_format="bare", max_turns=100)
    unwrapped = env.unwrapped
    assert isinstance(unwrapped, WebShopEnv)
    demonstrations: list[dict[str, Any]] = []
    categories: set[str] = set()
    for task in unwrapped.task_ids:
        goal = unwrapped._catalogue.goal(int(task))
        if len(goal.options) < 2 or goal.category in categories:
            continue
        if demonstration := demonstrate(env, task):
            demonstrations.append(demonstration)
            categories.add(goal.category)
        if len(demonstrations) == DEMONSTRATIONS:
            break
    prompt = {
        "instruction": INSTRUCTION,
        "formats": FORMATS,
        "acknowledgement": "OK",
        "observation": "Observation:\n{observation}",
        "demonstrations": demonstrations,
    }
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("webshop.json")
    out.write_bytes(orjson.dumps(prompt, option=orjson.OPT_INDENT_2) + b"\n")


if __name__ == "__main__":
    main()
