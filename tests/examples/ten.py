"""A corridor of ten steps, with and without a copy of its state; it counts the steps it takes."""

import corridor
import gymnasium

from stepagent_gym.episode import Outcome
from stepagent_gym.text_env import TextEnv
from stepagent_train.experience import Setting


class TenEnv(corridor.CorridorEnv):
    env_id = "test/Ten-v0"
    turn_limits = {"default": 12}
    taken = 0

    def _start(self, task_id: str, seed: int) -> Outcome:
        self.place = 0
        return self.outcome()

    def _act(self, action: str) -> Outcome:
        TenEnv.taken += 1
        return super()._act(action)

    def outcome(self, valid: bool = True) -> Outcome:
        won = self.place == 10
        return Outcome(
            f"place {self.place}",
            reward=float(won),
            terminated=won,
            valid=valid,
            success=won,
            score=float(won),
        )


class ReplayedTenEnv(TenEnv):
    env_id = "test/ReplayedTen-v0"
    _get_state = TextEnv._get_state
    _set_state = TextEnv._set_state


for _env in (TenEnv, ReplayedTenEnv):
    if _env.env_id not in gymnasium.registry:
        gymnasium.register(id=_env.env_id, entry_point=_env)


def setting(env_id: str, tasks: int) -> Setting:
    return Setting(
        env_id=env_id,
        options={"action_format": "bare", "split": "train"},
        prompt=corridor.PROMPT,
        tasks=tuple(f"walk-{i}" for i in range(tasks)),
        conditions={},
        action_format="bare",
    )
