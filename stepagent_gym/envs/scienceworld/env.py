"""`stepagent/ScienceWorld-v0`: elementary science experiments in a simulated house."""

import hashlib
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from stepagent_gym.envs.scienceworld.gold import gold_path
from stepagent_gym.envs.scienceworld.host import jar
from stepagent_gym.envs.scienceworld.simulator import Moment, Simulator, require_packages
from stepagent_gym.envs.scienceworld.tasks import SIMPLIFICATIONS, TASKS, split_task_id, splits
from stepagent_gym.episode import Outcome, TaskSet
from stepagent_gym.errors import UsageError
from stepagent_gym.react import ActionFormat, Parsing, Syntax, after_label
from stepagent_gym.text_env import TextEnv, choose

Intro = Literal["full", "task"]

_NOT_UNDERSTOOD = ("No known action matches that input.", "Unknown action.")
_ELECTRICAL = ("power-component", "conductivity")


class ScienceWorldEnv(TextEnv):
    """ScienceWorld 1.2.3 (Wang et al. 2022), made deterministic.

    Actions: commands (`open door to kitchen`, `focus on water`, `wait1`, ...); what is not
    understood is answered in the simulator's words.
    Reward: the best score so far (0 to 1) less what it was before, so that an episode's sum is the
    papers' reward.  `score`: the simulator's score now, which may fall.  `success`: the score is 1.
    An episode ends when the task is completed, or with a score below 0 (the wrong focus), which is
    never a success.
    Turn limits: `"eto"` (the default: ETO's for each task, 100 for the six that it leaves out), or
    a number.  Tasks: `<task>/<variation>`; `task_type` is the task.

    Keywords beside `TextEnv`'s:
    `simplification`: `"easy"`, `""`, or names separated by commas.
    `valid_actions`: list what the simulator would understand in `available_actions` (10 to 100 ms
    a turn); otherwise that is None.
    `intro`: `"full"` begins with the task and a look around, `"task"` with the task, as ETO does.

    `info` also holds `best_score`, `moves` (the simulator's clock) and `end` (None, `"completed"`
    or `"wrong focus"`).
    """

    env_id = "stepagent/ScienceWorld-v0"
    benchmark = "scienceworld"
    turn_limits = {"eto": 100}
    metric_keys = ("best_score",)
    slow = True
    syntax = Syntax(
        kind="line",
        names=(),
        expected="an action, such as: open door to kitchen",
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
        simplification: str = "easy",
        valid_actions: bool = False,
        intro: Intro = "full",
    ) -> None:
        choose("intro", intro, get_args(Intro))
        choose("valid_actions", valid_actions, (False, True))
        require_packages()
        self.simplification = _checked(simplification)
        self.valid_actions = valid_actions
        self.intro = intro
        self._simulator = Simulator()
        self._task_id = ""
        self._best = 0.0
        super().__init__(
            split=split,
            data=data,
            action_format=action_format,
            max_turns=max_turns,
            parsing=parsing,
            render_mode=render_mode,
            settings={"simplification": self.simplification, "intro": intro},
        )

    def conditions(self) -> dict[str, Any]:
        """Say that a limit by name differs from task to task."""
        conditions = super().conditions()
        if self._limit == "eto":
            conditions["max_turns"] = "eto (10 to 120, by task)"
        return conditions

    def close(self) -> None:
        """Free the simulator."""
        self._simulator.close()
        super().close()

    def _load(self, data: str | Path | None, split: str) -> TaskSet:
        if data is not None:
            raise UsageError(
                f"data={str(data)!r}: ScienceWorld's tasks come with its simulator; leave data out"
            )
        return _tasks(split)

    def _turn_limit(self, task_id: str) -> int:
        if isinstance(self._limit, int):
            return self._limit
        return TASKS[split_task_id(task_id)[0]].eto_turns or self.turn_limits["eto"]

    def _start(self, task_id: str, seed: int) -> Outcome:
        self._task_id = task_id
        self._best = 0.0
        description, moment = self._simulator.begin(*split_task_id(task_id), self.simplification)
        text = description if self.intro == "task" else f"{description}\n\n{moment.observation}"
        # Some tasks begin with a score; it is paid with the first action, for a reset pays nothing.
        return self._outcome(moment._replace(observation=text), gain=0.0)

    def _act(self, action: str) -> Outcome:
        moment = self._simulator.act(action)
        best = max(moment.score, self._best)
        gain, self._best = best - self._best, best
        return self._outcome(moment, gain)

    def _outcome(self, moment: Moment, gain: float) -> Outcome:
        wrong = moment.score < 0
        completed = moment.completed and not wrong
        return Outcome(
            observation=moment.observation,
            reward=gain,
            terminated=wrong or completed,
            valid=not moment.observation.startswith(_NOT_UNDERSTOOD),
            success=completed and moment.score == 1.0,
            score=moment.score,
            info={
                "task_type": split_task_id(self._task_id)[0],
                "best_score": self._best,
                "moves": moment.moves,
                "end": "wrong focus" if wrong else "completed" if completed else None,
            },
        )

    def _available_actions(self) -> Sequence[str] | None:
        return self._simulator.valid_actions() if self.valid_actions else None

    def _get_state(self) -> Any:
        simulator = self._simulator
        return {
            "actions": list(simulator.actions),
            "digest": simulator.digest,
            "best": self._best,
        }

    def _set_state(self, task_id: str, seed: int, state: Any) -> None:
        """Replay the episode, in one request; all that it observed must be what it was."""
        actions, digest, best = state["actions"], str(state["digest"]), float(state["best"])
        if not all(isinstance(action, str) for action in actions):
            raise TypeError("an action is no text")
        self._simulator.begin(*split_task_id(task_id), self.simplification, actions, digest)
        self._task_id = task_id
        self._best = best

    def expert(self) -> tuple[str, str]:
        """Give the next action of the gold path that has not been done, in its order."""
        gold = gold_path(self._task_id, self.simplification, self.tasks.data_hash)
        done = 0
        for action in self._simulator.actions:
            done += done < len(gold) and action == gold[done]
        if done == len(gold):
            return "There is nothing more that I know of; I look around.", "look around"
        return f"The next step of the experiment is to {gold[done]}.", gold[done]

    def explore(self, seed: int) -> str:
        """Draw an action that the simulator would understand."""
        return random.Random(seed).choice(self._simulator.valid_actions())


def _checked(simplification: str) -> str:
    """Check the names of simplifications."""
    for name in simplification.split(",") if simplification else ():
        choose("simplification", name, ("easy", "", *SIMPLIFICATIONS))
    return simplification


@cache
def _tasks(split: str) -> TaskSet:
    choose("split", split, tuple(splits()))
    return TaskSet(splits()[split], "scienceworld-1.2.3", data_hash())


@cache
def data_hash() -> str:
    """Hash the simulator, which is all the data there is."""
    with jar().open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
