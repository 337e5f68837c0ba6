"""The original engines, played beside ours where they are installed.

Elsewhere published figures stand beside ours.
"""

import gc
import os
import shutil
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
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
    """Measure the original engine in this process; nothing where there is none to be played.

    It has no snapshots: what stands beside ours is the way from the start to the middle.
    """
    if env_id not in _REFERENCES:
        return {}
    began = time.perf_counter()
    try:
        with _REFERENCES[env_id](env_id, options) as original:
            original.reset(recording[0][0])
            start = time.perf_counter() - began
            timed = _timed(recording, original)
            again = _timed([first_half(recording)], original)
            memory = resident()
    except (NotInstalled, ImportError) as error:
        print(f"{env_id} without its original: {error}")
        return {}
    return {
        "turns a second, first pass": timed.pace,
        "turn, us": 1e6 * statistics.median(timed.turns),
        "reset to a new task, us": 1e6 * statistics.median(timed.resets),
        "restore, us": 1e6 * again.seconds,
        "memory of the process, MB": memory / 1e6,
        "import to first observation, s": start,
    }


class Times(NamedTuple):
    """Seconds of every turn, and of every reset."""

    turns: list[float]
    resets: list[float]

    @property
    def seconds(self) -> float:
        """Of all turns and resets."""
        return sum(self.turns) + sum(self.resets)

    @property
    def pace(self) -> float:
        """Turns a second, resets among them."""
        return len(self.turns) / self.seconds


class Engine(NamedTuple):
    """What can be played: how to begin a task, and how to take a reply."""

    reset: Callable[[str], Any]
    step: Callable[[str], Any]


def play_all(env: gymnasium.Env[str, str], recording: Recording) -> Times:
    """Give an environment every recorded reply once, straight through, without the rollout."""
    return _timed(recording, _engine(env))


def first_half(recording: Recording) -> tuple[str, Sequence[str]]:
    """Give the longest episode up to its middle."""
    task, replies = max(recording, key=lambda episode: len(episode[1]))
    return task, replies[: len(replies) // 2]


def resident() -> int:
    """Give the resident memory of this process and of all below it, in bytes.

    0 where /proc does not tell.
    """
    pages, processes = 0, [os.getpid()]
    for process in processes:
        folder = Path(f"/proc/{process}")
        try:
            pages += int((folder / "statm").read_text().split()[1])
            children = [file.read_text().split() for file in folder.glob("task/*/children")]
        except OSError:  # it has ended
            continue
        processes += [int(child) for started in children for child in started]
    return pages * os.sysconf("SC_PAGE_SIZE")


def _timed(recording: Recording, engine: Engine) -> Times:
    """Play every episode; what was made before is no business of the garbage collector here.

    A pass takes a tenth of a second, and one look through all that was loaded half as long.
    """
    timed = Times([], [])
    gc.collect()
    gc.freeze()
    try:
        for task, replies in recording:
            timed.resets.append(seconds(partial(engine.reset, task)))
            timed.turns.extend(seconds(partial(engine.step, text)) for text in replies)
    finally:
        gc.unfreeze()
    return timed


def _engine(env: gymnasium.Env[str, str]) -> Engine:
    return Engine(lambda task: env.reset(seed=0, options={"task": task}), env.step)


@contextmanager
def _textworld(env_id: str, options: Mapping[str, Any]) -> Iterator[Engine]:
    """Give TextWorld; the native engine plays along, for some tens of microseconds a turn."""
    env = make_env(env_id, {**options, "engine": "textworld"})
    try:
        yield _engine(env)
    finally:
        env.close()


@contextmanager
def _scienceworld(env_id: str, options: Mapping[str, Any]) -> Iterator[Engine]:
    """Give the package, which also lists the valid actions at every step."""
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
        yield Engine(reset, lambda text: package.step(parse(text, syntax, "lenient").action))
    finally:
        package.close()


_Opening = Callable[[str, Mapping[str, Any]], AbstractContextManager[Engine]]
_REFERENCES: Mapping[str, _Opening] = {
    "stepagent/ALFWorld-v0": _textworld,
    "stepagent/ScienceWorld-v0": _scienceworld,
}


def seconds(call: Callable[[], Any]) -> float:
    """Time a call."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
