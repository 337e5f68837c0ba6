"""The original engines, played beside ours where they are installed.

Elsewhere published figures stand beside ours.
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

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
        times, resets = _REFERENCES[env_id](env_id, options, recording)
    except (NotInstalled, ImportError) as error:
        print(error)
        return {}
    return {
        "turns a second, first pass": len(times) / (sum(times) + sum(resets)),
        "turn, us": 1e6 * statistics.median(times),
        "reset, us": 1e6 * statistics.median(resets),
    }


Times = tuple[list[float], list[float]]
"""Seconds of turns, and of resets."""


def _textworld(env_id: str, options: Mapping[str, Any], recording: Recording) -> Times:
    """Play on TextWorld; the native engine plays along, for some tens of microseconds a turn."""
    env = make_env(env_id, {**options, "engine": "textworld"})
    times: list[float] = []
    resets: list[float] = []
    try:
        for task, replies in recording:
            resets.append(_seconds(env.reset, seed=0, options={"task": task}))
            times += [_seconds(env.step, text) for text in replies]
    finally:
        env.close()
    return times, resets


def _scienceworld(env_id: str, options: Mapping[str, Any], recording: Recording) -> Times:
    """Play on the package, which also lists the valid actions at every step."""
    env = make_env(env_id, options)
    unwrapped = env.unwrapped
    assert isinstance(unwrapped, TextEnv)
    simplification = unwrapped.conditions()["simplification"]
    package: Any = import_module("scienceworld").ScienceWorldEnv("", envStepLimit=100_000)
    times: list[float] = []
    resets: list[float] = []

    def reset(task: str) -> None:
        name, _, variation = task.rpartition("/")
        package.load(name, int(variation), simplification)
        package.reset()

    try:
        for task, replies in recording:
            resets.append(_seconds(reset, task))
            actions = [parse(text, unwrapped.syntax, "lenient").action for text in replies]
            times += [_seconds(package.step, action) for action in actions]
    finally:
        package.close()
        env.close()
    return times, resets


_REFERENCES: Mapping[str, Callable[[str, Mapping[str, Any], Recording], Times]] = {
    "stepagent/ALFWorld-v0": _textworld,
    "stepagent/ScienceWorld-v0": _scienceworld,
}


def _seconds(call: Callable[..., Any], *args: Any, **options: Any) -> float:
    began = time.perf_counter()
    call(*args, **options)
    return time.perf_counter() - began
