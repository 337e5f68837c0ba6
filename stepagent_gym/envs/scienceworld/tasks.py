"""The 30 tasks of ScienceWorld 1.2.3, their variations, splits and step limits.

Variations are numbered from 0; a task's train variations come first, then dev, then test, which is
the package's own division.  ETO's lists and step limits (for 24 of the tasks) are those of its
release; `eto_dev_clean` lacks the 54 entries of `eto_dev` that are in `eto_train` too.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import orjson


class Task(NamedTuple):
    """A task: where its dev and test variations begin, how many there are, and ETO's turn limit."""

    dev: int
    test: int
    variations: int
    eto_turns: int | None


TASKS: Mapping[str, Task] = {
    "boil": Task(14, 21, 30, 100),
    "melt": Task(14, 21, 30, 80),
    "freeze": Task(14, 21, 30, 80),
    "change-the-state-of-matter-of": Task(14, 21, 30, 80),
    "use-thermometer": Task(270, 405, 540, 30),
    "measure-melting-point-known-substance": Task(218, 327, 436, 120),
    "measure-melting-point-unknown-substance": Task(150, 225, 300, None),
    "power-component": Task(10, 15, 20, 20),
    "power-component-renewable-vs-nonrenewable-energy": Task(10, 15, 20, 30),
    "test-conductivity": Task(450, 675, 900, 30),
    "test-conductivity-of-unknown-substances": Task(300, 450, 600, 30),
    "find-living-thing": Task(150, 225, 300, 15),
    "find-non-living-thing": Task(150, 225, 300, 15),
    "find-plant": Task(150, 225, 300, 15),
    "find-animal": Task(150, 225, 300, 15),
    "grow-plant": Task(62, 93, 126, 30),
    "grow-fruit": Task(62, 93, 126, 60),
    "chemistry-mix": Task(16, 24, 32, 60),
    "chemistry-mix-paint-secondary-color": Task(18, 27, 36, 15),
    "chemistry-mix-paint-tertiary-color": Task(18, 27, 36, 30),
    "lifespan-longest-lived": Task(62, 93, 125, 10),
    "lifespan-shortest-lived": Task(62, 93, 125, 10),
    "lifespan-longest-lived-then-shortest-lived": Task(62, 93, 125, 12),
    "identify-life-stages-1": Task(6, 9, 14, 30),
    "identify-life-stages-2": Task(4, 6, 10, 30),
    "inclined-plane-determine-angle": Task(84, 126, 168, None),
    "inclined-plane-friction-named-surfaces": Task(692, 1038, 1386, None),
    "inclined-plane-friction-unnamed-surfaces": Task(80, 120, 162, None),
    "mendelian-genetics-known-plant": Task(60, 90, 120, None),
    "mendelian-genetics-unknown-plant": Task(240, 360, 480, None),
}

SIMPLIFICATIONS = (
    "teleportAction",
    "openDoors",
    "openContainers",
    "selfWateringFlowerPots",
    "noElectricalAction",
)


def split_task_id(task_id: str) -> tuple[str, int]:
    """Split `<task>/<variation>`."""
    task, _, variation = task_id.rpartition("/")
    return task, int(variation)


@cache
def splits() -> Mapping[str, tuple[str, ...]]:
    """Give the task ids of every split."""
    found: dict[str, list[str]] = {name: [] for name in ("all", "train", "dev", "test")}
    for name, task in TASKS.items():
        ids = [f"{name}/{variation}" for variation in range(task.variations)]
        found["all"] += ids
        found["train"] += ids[: task.dev]
        found["dev"] += ids[task.dev : task.test]
        found["test"] += ids[task.test :]
    path = files("stepagent_gym.envs.scienceworld") / "eto_splits.json"
    found |= orjson.loads(path.read_bytes())
    train = set(found["eto_train"])
    found["eto_dev_clean"] = [name for name in found["eto_dev"] if name not in train]
    return {name: tuple(ids) for name, ids in found.items()}
