"""The original engines, played beside ours where they are installed.

Elsewhere published figures stand beside ours.
"""

import shutil
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple

import gymnasium

from stepagent_gym.envs.scienceworld.tasks import split_task_id
from stepagent_gym.errors import NotInstalled
from stepagent_gym.react import parse
from stepagent_gym.sessions import make_env
from stepagent_gym.text_env import TextEnv

Recording = Sequence[tuple[str, Sequence[str]]]
"""Episodes to play: task ids with the replies of the oracle."""

PUBLISHED: Mapping[str, Mapping[str, float]] = {
    "stepagent/WebShop-v0": {
        "turns a second, first pass": 42,
        "import to first observation, s": 5,  # the import alone, before a catalogue is read
        "memory of the process, MB": 660,  # before the first product
    },
}
"""Figures of the original engines, measured by others on comparable machines."""


def measure_reference(
    env_id: str, options: Mapping[str, Any], recording: Recording
) -> dict[str, float]:
    """Measure the original engine in this process; nothing where there is none to be played."""
    if env_id not in _REFERENCES:
        return {}
    try:
        timed = _REFERENCES[env_id](env_id, options, recording)
    except (NotInstalled, ImportError) as error:
        print(f"{env_id} without its original: {error}")
        return {}
    return {
        "turns a second, first pass": timed.pace,
        "turn, us": 1e6 * statistics.median(timed.turns),
        "reset, us": 1e6 * statistics.median(timed.resets),
    }


class Times(NamedTuple):
    """Seconds of every turn, and of every reset."""

    turns: list[float]
    resets: list[float]

    @property
    def pace(self) -> float:
        """Turns a second, resets among them."""
        return len(self.turns) / (sum(self.turns) + sum(self.resets))


def play_all(env: gymnasium.Env[str, str], recording: Recording) -> Times:
    """Give an environment every recorded reply once, straight through, without the rollout."""
    return _timed(recording, lambda task: env.reset(seed=0, options={"task": task}), env.step)


def _timed(recording: Recording, reset: Callable[[str], Any], step: Callable[[str], Any]) -> Times:
    """Play every episode once, given how to begin a task and how to take a reply."""
    timed = Times([], [])
    for task, replies in recording:
        timed.resets.append(seconds(partial(reset, task)))
        timed.turns.extend(seconds(partial(step, text)) for text in replies)
    return timed


def _textworld(env_id: str, options: Mapping[str, Any], recording: Recording) -> Times:
    """Play on TextWorld; the native engine plays along, for some tens of microseconds a turn."""
    env = make_env(env_id, {**options, "engine": "textworld"})
    try:
        return play_all(env, recording)
    finally:
        env.close()


def _scienceworld(env_id: str, options: Mapping[str, Any], recording: Recording) -> Times:
    """Play on the package, which also lists the valid actions at every step."""
    if shutil.which("java") is None:
        raise NotInstalled("the package starts java, which is not on the PATH")
    env = make_env(env_id, options)
    unwrapped = env.unwrapped
    assert isinstance(unwrapped, TextEnv)
    simplification, syntax = unwrapped.conditions()["simplification"], unwrapped.syntax
    env.close()
    package: Any = import_module("scienceworld").ScienceWorldEnv("", envStepLimit=100_000)

    def reset(task: str) -> None:
        name, variation = split_task_id(task)
        package.load(name, variation, simplification)
        package.reset()

    try:
        return _timed(
            recording, reset, lambda text: package.step(parse(text, syntax, "lenient").action)
        )
    finally:
        package.close()


_REFERENCES: Mapping[str, Callable[[str, Mapping[str, Any], Recording], Times]] = {
    "stepagent/ALFWorld-v0": _textworld,
    "stepagent/ScienceWorld-v0": _scienceworld,
}


def seconds(call: Callable[[], Any]) -> float:
    """Time a call."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
