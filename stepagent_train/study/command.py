"""The command `stepagent train study`."""

import shlex
from pathlib import Path
from typing import Annotated

import tyro
from rich.console import Console

from stepagent_gym.errors import UsageError
from stepagent_train.study.cells import plan_cells
from stepagent_train.study.config import find_config, read_study
from stepagent_train.study.page import write_results
from stepagent_train.study.runner import run_cells, states


def run_study(arguments: list[str]) -> int:
    """Run a study; status 0 where every cell is done, 1 where one failed."""

    def study(
        config: Annotated[str, tyro.conf.Positional],
        /,
        out: Path | None = None,
        jobs: int = 1,
        plan: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False,
        page: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False,
    ) -> int:
        """Run a grid of methods, environments and seeds, and write what came of it.

        Cells that are done are kept, so that the same command goes on where it was stopped.

        Args:
            config: A TOML file, or the name of a study that ships.
            out: Folder of the study; by default runs/<name of the file>.
            jobs: Cells at once.
            plan: Only list the cells and their commands.
            page: Only write the results of the cells that are done.

        """
        path = find_config(config)
        read = read_study(path)
        cells = plan_cells(read)
        if jobs < 1:
            raise UsageError(f"--jobs {jobs}: at least 1")
        if plan:
            for cell in cells.values():
                print(f"{cell.id}\n    {shlex.join(str(word) for word in cell.command)}")
            print(f"{len(cells)} cells")
            return 0
        root = (out or Path("runs") / path.stem).absolute()
        console = Console(highlight=False, soft_wrap=True)
        found = states(cells, root) if page else run_cells(read, cells, root, jobs, console)
        write_results(read, cells, root)
        console.print(f"results: {root / 'study.html'}", markup=False)
        return 0 if all(state.status in ("done", "skipped") for state in found.values()) else 1

    return tyro.cli(study, args=arguments, prog="stepagent train study")
