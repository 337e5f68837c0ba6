"""Translate ETO's lists of ScienceWorld episodes into task ids.

    python data/scienceworld/make_splits.py FOLDER

FOLDER holds `train_indices.json`, `dev_indices.json` and `test_indices.json` as ETO releases them
(a prefix "eto_" does no harm): pairs of a task, in the naming of version 1.1, and a variation.
Writes `stepagent_gym/envs/scienceworld/eto_splits.json`, in their order.
"""

import re
import sys
from pathlib import Path

import orjson

from stepagent_gym.envs.scienceworld.tasks import TASKS

OUT = Path(__file__).parents[2] / "stepagent_gym" / "envs" / "scienceworld" / "eto_splits.json"


def modern(name: str) -> str:
    """Give today's name of a task, e.g. of `task-10-measure-melting-point-(known-substance)`."""
    task = re.sub(r"^task-\w+?-", "", name).translate({ord("("): None, ord(")"): None})
    if task not in TASKS:
        raise SystemExit(f"{name!r} is no task of ScienceWorld")
    return task


def main(folder: Path) -> None:
    """Write the three splits."""
    splits = {}
    for split in ("train", "dev", "test"):
        path = next(folder.glob(f"*{split}_indices.json"))
        pairs = orjson.loads(path.read_bytes())
        splits[f"eto_{split}"] = [f"{modern(name)}/{variation}" for name, variation in pairs]
    OUT.write_bytes(orjson.dumps(splits) + b"\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
