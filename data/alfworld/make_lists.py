"""Gather the game lists of published work, by trial, for preparation to turn into splits.

    python data/alfworld/make_lists.py FOLDER

FOLDER holds the lists as their authors publish them: ETO's `gamefile_id.txt`, IPR's
`alfworld_game_files.json`, AgentBench's `dev`, `standard`, `new_std` and `train_valid.json`,
AgentGym's `mappings_train` and `mappings_test.json`, ExpeL's `alfworld_tasks_suffix.json`; a prefix
with the author's name does no harm.  Writes `stepagent_gym/envs/alfworld/lists.json`: for each
list, its trials in order; trials are unique over all official games.
"""

import re
import sys
from pathlib import Path

import orjson

from stepagent_gym.envs.alfworld.sources import read_list

OUT = Path(__file__).parents[2] / "stepagent_gym" / "envs" / "alfworld" / "lists.json"
LISTS = {
    "agentbench_dev": r"(AgentBench_)?dev\.json",
    "agentbench_new_std": r"(AgentBench_)?new_std\.json",
    "agentbench_standard": r"(AgentBench_)?standard\.json",
    "agentbench_train_valid": r"(AgentBench_)?train_valid\.json",
    "agentgym_test": r"(AgentGym_)?mappings_test\.json",
    "agentgym_train": r"(AgentGym_)?mappings_train\.json",
    "eto": r"(ETO_)?gamefile_id\.txt",
    "expel": r"(ExpeL_)?alfworld_tasks_suffix\.json",
    "ipr": r"(IPR_)?alfworld_game_files\.json",
}


def main(folder: Path) -> None:
    """Write the lists found in a folder; all of them must be there."""
    lists = {}
    for name, form in LISTS.items():
        path = next(path for path in folder.iterdir() if re.fullmatch(form, path.name))
        lists[name] = " ".join(read_list(path))
    OUT.write_bytes(orjson.dumps(lists, option=orjson.OPT_INDENT_2) + b"\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
