"""The smallest useful environment: guess a number.  `CONTRIBUTING.md` walks through it.

It keeps the default snapshots (a replay of the actions), and can be told to fail on purpose.
"""

import os
import random
import time
from collections.abc import Sequence
from pathlib import Path

import gymnasium

from stepagent_gym.episode import Outcome, TaskSet
from stepagent_gym.errors import EnvironmentFault, UsageError
from stepagent_gym.react import Syntax, after_label
from stepagent_gym.text_env import TextEnv

TOP = 20


class GuessEnv(TextEnv):
    """Guess a number from 1 to 20; the secret is drawn from the seed and the task."""

    env_id = "test/Guess-v0"
    benchmark = "guess"
    turn_limits = {"default": 8, "short": 3}
    metric_keys = ("distance",)
    syntax = Syntax(
        kind="line",
        names=(),
        expected="guess 7",
        published=after_label("Action:"),
        published_error="Error Input. Your input must contains 'Action:'",
    )

    def _load(self, data: str | Path | None, split: str) -> TaskSet:
        if split not in ("all", "test"):
            raise UsageError(f"no split {split!r}; there are all, test")
        return TaskSet([f"game-{i}" for i in range(50)], "guess", "0" * 16)

    def _start(self, task_id: str, seed: int) -> Outcome:
        self.secret = random.Random(f"{task_id} {seed}").randint(1, TOP)
        return self.outcome("Guess a number from 1 to 20.", TOP)

    def _act(self, action: str) -> Outcome:
        if action == "break":
            raise EnvironmentFault("broken on purpose")
        if action == "die":
            os._exit(9)
        if action.startswith("sleep "):
            time.sleep(float(action.removeprefix("sleep ")))
        number = action.removeprefix("guess ")
        if number == action or not number.isdecimal():
            return self.outcome("Nothing happens.", TOP, valid=False)
        distance = abs(int(number) - self.secret)
        hint = "Right!" if distance == 0 else "Higher." if int(number) < self.secret else "Lower."
        return self.outcome(hint, distance)

    def outcome(self, text: str, distance: int, valid: bool = True) -> Outcome:
        won = distance == 0
        return Outcome(
            text,
            reward=float(won),
            terminated=won,
            valid=valid,
            success=won,
            score=float(won),
            info={"distance": distance, "task_type": "even" if self.secret % 2 == 0 else "odd"},
        )

    def _available_actions(self) -> Sequence[str]:
        return [f"guess {number}" for number in range(1, TOP + 1)]

    def expert(self) -> tuple[str, str]:
        return "I know it.", f"guess {self.secret}"


if "test/Guess-v0" not in gymnasium.registry:
    gymnasium.register(id="test/Guess-v0", entry_point=GuessEnv)
