"""Make `webshop.json`: the instruction, and demonstrations played on the embedded catalogue.

    python data/prompts/make_webshop.py [OUT]

The observations are what the environment answers, so that a demonstration is a real episode, and
the thoughts say what a shopper would: they restate what is asked for, and compare it with the page.
"""

import sys
from pathlib import Path

from demonstrations import Scripted, flawless, play, write_prompt

from stepagent_gym.envs.webshop.catalogue import Catalogue
from stepagent_gym.envs.webshop.records import Goal, Product
from stepagent_gym.types import Trajectory

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


def main() -> None:
    """Write the prompt: the first suitable train tasks of different categories."""
    catalogue = Catalogue.open(None)
    goals = {str(index): catalogue.goal(index) for index in catalogue.split("train")}
    scripts = {
        task: write_script(goal, catalogue.product(goal.asin))
        for task, goal in goals.items()
        if len(goal.options) >= 2
    }
    chosen: dict[str, Trajectory] = {}
    for trajectory in play("stepagent/WebShop-v0", list(scripts), Scripted(scripts)):
        if flawless(trajectory):
            chosen.setdefault(goals[trajectory.task_id].category, trajectory)
    write_prompt(
        Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("webshop.json"),
        instruction=INSTRUCTION,
        formats=FORMATS,
        episodes=list(chosen.values())[:DEMONSTRATIONS],
    )


if __name__ == "__main__":
    main()
