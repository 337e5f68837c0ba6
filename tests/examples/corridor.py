"""Small environments whose best policies are known, and prompts for them.

`Corridor`: from place 3 go to place 5, in at most five turns; the outcome is 1
there, else 0.  The best policy says "east" twice.
`FirstTurn`: two turns; only the first decides ("east" gives 1), and it is paid after the second.
"""

from collections.abc import Sequence
from pathlib import Path

import gymnasium

from stepagent_gym.episode import Outcome, TaskSet
from stepagent_gym.react import Demonstration, Prompt, Syntax, after_label
from stepagent_gym.text_env import TextEnv

WORDS = ("east", "west", "wait")
PROMPT = Prompt(
    instruction="walk",
    formats={"react": "", "bare": "now"},
    acknowledgement="OK",
    observation="see {observation}",
    demonstrations=(Demonstration("task", (("", "east", "end"),)),),
    sha256="0" * 64,
)


class _Walk(TextEnv):
    benchmark = "walk"
    syntax = Syntax("line", (), "east", after_label("Action:"), "none")
    tasks_in_all = 8

    def _load(self, data: str | Path | None, split: str) -> TaskSet:
        return TaskSet([f"walk-{i}" for i in range(self.tasks_in_all)], "walk", "0" * 16)

    def _available_actions(self) -> Sequence[str]:
        return WORDS


class CorridorEnv(_Walk):
    env_id = "test/Corridor-v0"
    turn_limits = {"default": 5}

    def _start(self, task_id: str, seed: int) -> Outcome:
        self.place = 3
        return self.outcome()

    def _act(self, action: str) -> Outcome:
        self.place += {"east": 1, "west": -1}.get(action, 0)
        self.place = max(0, self.place)
        return self.outcome(valid=action in WORDS)

    def outcome(self, valid: bool = True) -> Outcome:
        won = self.place == 5
        return Outcome(
            f"place {self.place}",
            reward=float(won),
            terminated=won,
            valid=valid,
            success=won,
            score=float(won),
        )

    def _get_state(self) -> object:
        return self.place

    def _set_state(self, task_id: str, seed: int, state: object) -> None:
        assert isinstance(state, int)
        self.place = state

    def expert(self) -> tuple[str, str]:
        return "on", "east"


class FirstTurnEnv(_Walk):
    env_id = "test/FirstTurn-v0"
    turn_limits = {"default": 2}

    def _start(self, task_id: str, seed: int) -> Outcome:
        self.said: list[str] = []
        return self.outcome()

    def _act(self, action: str) -> Outcome:
        self.said.append(action)
        return self.outcome()

    def outcome(self) -> Outcome:
        over = len(self.said) == 2
        won = over and self.said[0] == "east"
        text = " ".join(["place"] * 12)
        return Outcome(text, reward=float(won), terminated=over, success=won, score=float(won))

    def expert(self) -> tuple[str, str]:
        return "on", "east"


for _env in (CorridorEnv, FirstTurnEnv):
    if _env.env_id not in gymnasium.registry:
        gymnasium.register(id=_env.env_id, entry_point=_env)
