"""Gold paths: the actions with which the simulator itself would solve a task.

Asking for one changes the simulator, which from then on builds it at every reset, so it is asked of
one that is thrown away; and as it takes up to seconds it is kept on disk.
"""

from functools import lru_cache
from pathlib import Path

import orjson

from stepagent_gym.datasets import cache_root
from stepagent_gym.envs.scienceworld.simulator import ask_host
from stepagent_gym.envs.scienceworld.tasks import split_task_id


@lru_cache(maxsize=1024)
def gold_path(task_id: str, simplification: str, data_hash: str) -> tuple[str, ...]:
    """Give the actions that solve a task, from disk where they were asked for before.

    Kept in `$STEPAGENT_DATA/scienceworld/gold`, by the hash of the simulator.
    Raises `EnvironmentFault` where the host dies of the question, twice.
    """
    name = f"{task_id.replace('/', '-')}-{simplification.replace(',', '+') or 'none'}.json"
    path = cache_root() / "scienceworld" / "gold" / data_hash / name
    try:
        return tuple(orjson.loads(path.read_bytes()))
    except (OSError, orjson.JSONDecodeError):
        actions = tuple(ask_host("gold", *split_task_id(task_id), simplification)["actions"])
        _keep(path, actions)
        return actions


def _keep(path: Path, actions: tuple[str, ...]) -> None:
    """Write the file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_bytes(orjson.dumps(actions))
    partial.replace(path)
