"""The oracle of WebShop: from any page, the next action towards buying the wanted product."""

from typing import Literal

from stepagent_gym.envs.webshop.pages import PAGE_SIZE, Catalogue, State
from stepagent_gym.envs.webshop.records import Goal, Product
from stepagent_gym.envs.webshop.reward import MATCH_ABOVE, normalise_colour, token_set_ratio

Oracle = Literal["title", "instruction"]
"""What is searched for first: the product's title, or what the instruction says of it."""

_MAX_QUERY_WORDS = 40


def next_action(state: State, goal: Goal, catalogue: Catalogue, oracle: Oracle) -> tuple[str, str]:
    """Give thought and action: search, turn pages, open the product, choose its options, buy.

    Where a search does not find the product, the next of `_queries` is tried; where none does, the
    best that can be had is bought: the first result.
    """
    query = _found_by(goal, catalogue, oracle)
    search = f"search[{query or _queries(goal, oracle)[0]}]"
    if state.page == "search":
        return f"I have to do this: {goal.instruction}. I search for it.", search
    if state.page == "results":
        return _on_results(state, goal, catalogue, search, is_found=query is not None)
    if state.page != "item":
        return "I have read this page and go back to the product.", "click[< prev]"
    product = catalogue.product(state.asin)
    if state.asin != goal.asin and query is not None:
        return "This is not the product that I need; I go back.", "click[< prev]"
    for value in _wanted_values(product, goal):
        if value not in state.chosen:
            return f"The instruction asks for {value}; I choose it.", f"click[{value}]"
    return "All that the instruction asks for is chosen; I buy it.", "click[buy now]"


def _on_results(
    state: State, goal: Goal, catalogue: Catalogue, search: str, *, is_found: bool
) -> tuple[str, str]:
    asins = catalogue.search(state.query)
    if goal.asin in asins:
        page = asins.index(goal.asin) // PAGE_SIZE + 1
        if page == state.number:
            thought = f"{goal.asin} fits the instruction; I open it."
            return thought, f"click[{goal.asin.lower()}]"
        button = "next >" if page > state.number else "< prev"
        return "None of these fits; I look at another page of results.", f"click[{button}]"
    if is_found or not asins:
        return "None of these fits; I search with other words.", search
    if state.number != 1:
        return "I cannot find a better one; I go back to the first results.", "click[< prev]"
    return "I cannot find a better one; I take the first.", f"click[{asins[0].lower()}]"


def _queries(goal: Goal, oracle: Oracle) -> tuple[str, ...]:
    """List what to search for: the title, with the options, and the instruction itself."""
    titles = (goal.name, " ".join([goal.name, *goal.options]))
    texts = (*titles, goal.instruction)
    if oracle == "instruction":
        texts = (goal.instruction.rpartition(", and price lower")[0] or goal.instruction, *titles)
    return tuple(" ".join(_plain(text).split()[:_MAX_QUERY_WORDS]) for text in texts)


def _found_by(goal: Goal, catalogue: Catalogue, oracle: Oracle) -> str | None:
    """Give the first query that finds the wanted product."""
    for query in _queries(goal, oracle):
        if goal.asin in catalogue.search(query.lower()):
            return query
    return None


def _plain(text: str) -> str:
    return "".join(c if c.isalnum() or c in "'-." else " " for c in text)


def _wanted_values(product: Product, goal: Goal) -> list[str]:
    """List the option values to choose: at most one a group, for as many wanted ones as can be."""
    groups = product.group_of_option
    chosen: dict[str, str] = {}
    for wanted in goal.options:
        value = next(
            (
                value
                for value in sorted(groups, key=lambda value: value != wanted)
                if groups[value] not in chosen and _alike(value, wanted)
            ),
            None,
        )
        if value is not None:
            chosen[groups[value]] = value
    return list(chosen.values())


def _alike(value: str, wanted: str) -> bool:
    return token_set_ratio(normalise_colour(value), normalise_colour(wanted)) > MATCH_ABOVE
