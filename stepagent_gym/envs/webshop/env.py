"""`stepagent/WebShop-v0`: find and buy the product that an instruction asks for."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from stepagent_gym.envs.webshop import expert, pages
from stepagent_gym.envs.webshop.catalogue import Catalogue
from stepagent_gym.envs.webshop.expert import Oracle
from stepagent_gym.envs.webshop.pages import State
from stepagent_gym.envs.webshop.records import Goal
from stepagent_gym.envs.webshop.reward import RewardDetails, ScoreMode, page_score, reward
from stepagent_gym.episode import Outcome, TaskSet
from stepagent_gym.react import ActionFormat, Parsing, Syntax, after_label
from stepagent_gym.text_env import TextEnv, choose


class WebShopEnv(TextEnv):
    """WebShop (Yao et al. 2022), text observations, at parity with the original engine.

    Actions: `search[keywords]`, `click[value]`; anything else shows the same page again.
    Reward: 0 until the purchase, then the original's graded reward (0 to 1), which is also `score`;
    nothing bought is 0.  `success`: the reward is 1.  Turn limit: 10 (ETO, IPR).
    Tasks: goals by index; `task_type` is the category of the wanted product.

    Keywords beside `TextEnv`'s: `page_score` (`"ipr_paper"`, `"ipr_code"`, `"agentboard"`, or
    None) puts the score of every page into `info["page_score"]`; `"ipr_code"` gives 0 after an
    action that was not possible, as IPR's code does.  `oracle`: what the expert searches for first,
    the product's `"title"`, which finds it at once, or the words of the `"instruction"`, which are
    all that an agent knows.
    `info` also holds `page`, and after the purchase `reward_details` with the parts of the reward.
    """

    env_id = "stepagent/WebShop-v0"
    benchmark = "webshop"
    turn_limits = {"default": 10}
    syntax = Syntax(
        kind="call",
        names=("search", "click"),
        expected="search[keywords] or click[value]",
        published=after_label("Action: "),
        published_error="Invalid format. The input must contains 'Action: '",
    )

    def __init__(
        self,
        *,
        split: str = "test",
        data: str | Path | None = None,
        action_format: ActionFormat = "react",
        max_turns: int | str | None = None,
        parsing: Parsing = "lenient",
        render_mode: str | None = None,
        page_score: ScoreMode | None = None,
        oracle: Oracle = "title",
    ) -> None:
        choose("page_score", page_score, (None, *get_args(ScoreMode)))
        choose("oracle", oracle, get_args(Oracle))
        self.page_score = page_score
        self.oracle = oracle
        self._goal: Goal
        self._state = State()
        super().__init__(
            split=split,
            data=data,
            action_format=action_format,
            max_turns=max_turns,
            parsing=parsing,
            render_mode=render_mode,
            settings={"page_score": page_score},
        )

    def conditions(self) -> dict[str, Any]:
        """Add what is particular to a catalogue: its size, and the rule for nouns."""
        info = self._catalogue.dataset.info
        return {
            **super().conditions(),
            "products": len(self._catalogue),
            "nouns": info["nouns"],
            "goals": info["goals"],
            "oracle": self.oracle,
        }

    def _load(self, data: str | Path | None, split: str) -> TaskSet:
        self._catalogue = Catalogue.open(data)
        return self._catalogue.tasks(split)

    def _start(self, task_id: str, seed: int) -> Outcome:
        self._goal = self._catalogue.goal(int(task_id))
        self._state = State()
        return self._outcome(valid=True)

    def _act(self, action: str) -> Outcome:
        self._state, valid = pages.transition(self._state, action, self._catalogue)
        return self._outcome(valid)

    def _outcome(self, valid: bool) -> Outcome:
        state = self._state
        info: dict[str, Any] = {"task_type": self._goal.category, "page": state.page}
        score = 0.0
        done = state.page == "done"
        if done:
            details = self._reward_details()
            score = details.total
            info["reward_details"] = details.to_json()
        if self.page_score is not None:
            graded = valid or self.page_score != "ipr_code"
            info["page_score"] = (
                page_score(state, self._goal, self._catalogue, self.page_score) if graded else 0.0
            )
        return Outcome(
            observation=pages.render(state, self._goal, self._catalogue),
            reward=score,
            terminated=done,
            valid=valid,
            success=score == 1.0,
            score=score,
            info=info,
        )

    def metrics(self) -> dict[str, float]:
        """Give whether something was bought, and then the parts of its reward."""
        if self._state.page != "done":
            return {"purchased": 0.0}
        details = self._reward_details()
        parts = {
            "r_type": details.r_type,
            "r_att": details.r_att,
            "r_option": details.r_option,
            "r_price": float(details.r_price),
        }
        return {"purchased": 1.0, **{k: v for k, v in parts.items() if v is not None}}

    def _available_actions(self) -> Sequence[str]:
        actions = [
            f"click[{value}]"
            for value in pages.clickables(self._state, self._catalogue)
            if value != "search"
        ]
        if pages.has_search_bar(self._state):
            actions.append("search[keywords]")
        return actions

    def _get_state(self) -> dict[str, Any]:
        return self._state.to_json()

    def _set_state(self, task_id: str, seed: int, state: Any) -> None:
        self._goal = self._catalogue.goal(int(task_id))
        self._state = State.from_json(state)

    def _reward_details(self) -> RewardDetails:
        product = self._catalogue.product(self._state.asin)
        return reward(product, self._goal, self._state.chosen)

    def expert(self) -> tuple[str, str]:
        """Give the next step towards buying the wanted product, from whatever page."""
        return expert.next_action(self._state, self._goal, self._catalogue, self.oracle)

    def explore(self, seed: int) -> str:
        """Draw a clickable, or search for a few words of the instruction."""
        rng = random.Random(seed)
        action = rng.choice(list(self._available_actions()))
        if action != "search[keywords]":
            return action
        words = self._goal.instruction.split()
        return f"search[{' '.join(rng.sample(words, min(4, len(words))))}]"
