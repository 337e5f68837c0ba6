"""What the scripts beside it share: play train tasks, and write episodes as demonstrations."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from stepagent_gym.errors import PolicyError
from stepagent_gym.policy import EpisodeView, Policy
from stepagent_gym.react import Prompt, reply
from stepagent_gym.rollout import Start, rollout
from stepagent_gym.types import Completion, Message, Trajectory

_BLANK = Prompt("", {"react": "", "bare": ""}, "OK", "{observation}", (), "")


class Scripted:
    """A policy that follows a script: thought and action for each turn of each task."""

    def __init__(self, scripts: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        self.scripts = scripts

    def for_episode(self, view: EpisodeView) -> Policy:
        """Give the policy of one episode."""
        return _Following(view, self.scripts[view.task_id])

    async def close(self) -> None:
        """Hold nothing."""

    async def act(self, messages: Sequence[Message]) -> Completion:
        """Refuse: a script belongs to an episode."""
        raise PolicyError("a script plays episodes, it does not answer chats")


class _Following(Scripted):
    def __init__(self, view: EpisodeView, script: Sequence[tuple[str, str]]) -> None:
        self.view = view
        self.script = script

    async def act(self, messages: Sequence[Message]) -> Completion:
        return Completion(reply(*self.script[self.view.turn]))


def play(env_id: str, tasks: Sequence[str], policy: Policy, **env_options: Any) -> list[Trajectory]:
    """Play train tasks, and give their episodes in the order of the tasks."""

    async def collect() -> dict[str, Trajectory]:
        played = rollout(
            env_id,
            [Start(task) for task in tasks],
            policy,
            prompt=_BLANK,
            examples=0,
            env_options={"split": "train", "max_turns": 100, **env_options},
        )
        return {trajectory.task_id: trajectory async for trajectory in played}

    episodes = asyncio.run(collect())
    return [episodes[task] for task in tasks]


def flawless(trajectory: Trajectory) -> bool:
    """Whether an episode succeeded without an invalid turn."""
    return trajectory.success and trajectory.metrics["invalid_turns"] == 0


def write_prompt(
    path: Path,
    *,
    instruction: str,
    formats: Mapping[str, str],
    episodes: Sequence[Trajectory],
) -> None:
    """Write a prompt file; the demonstrations stand in the order of the episodes."""
    prompt = {
        "instruction": instruction,
        "formats": dict(formats),
        "acknowledgement": "OK",
        "observation": "Observation:\n{observation}",
        "demonstrations": list(map(_demonstration, episodes)),
    }
    path.write_bytes(orjson.dumps(prompt, option=orjson.OPT_INDENT_2) + b"\n")


def _demonstration(trajectory: Trajectory) -> dict[str, Any]:
    steps = trajectory.steps
    after = [*(step.observation for step in steps[1:]), trajectory.final_observation]
    turns = [
        {"thought": step.thought, "action": step.action, "observation": seen}
        for step, seen in zip(steps, after, strict=True)
    ]
    return {"task": steps[0].observation, "turns": turns}
