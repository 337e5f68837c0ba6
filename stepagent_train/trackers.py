"""Where a run's log goes beside `log.jsonl`: TensorBoard where it is installed, W&B where asked.

Both number what they are given by its line in `log.jsonl`.  A run that is taken up again writes
the lines since its checkpoint once more: TensorBoard drops the first ones, W&B has both, which
are the same.
"""

import contextlib
import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from stepagent_gym.errors import NotInstalled, RunError

PROJECT = "stepagent"
"""In W&B, where WANDB_PROJECT names no other."""


class Tracker(Protocol):
    """What takes the lines of a log."""

    def add(self, line: int, values: Mapping[str, float]) -> None:
        """Take a line, numbered from 1."""

    def close(self, *, failed: bool) -> None:
        """End; `failed`: the run ended in an error."""


class TensorBoard:
    """Writes event files to the run's folder `tensorboard`; ImportError where it is missing."""

    def __init__(self, path: Path) -> None:
        from torch.utils.tensorboard import SummaryWriter

        self._open = SummaryWriter
        self._path = path / "tensorboard"
        self._writer: SummaryWriter | None = None

    def add(self, line: int, values: Mapping[str, float]) -> None:
        """Write a line; the first one takes the place of those from its number on."""
        if self._writer is None:
            self._writer = self._open(str(self._path), purge_step=line)
        for name, value in values.items():
            self._writer.add_scalar(name, value, line)

    def close(self, *, failed: bool) -> None:
        """Close the file."""
        if self._writer is not None:
            self._writer.close()


class WeightsAndBiases:
    """A run there, with the config of ours; begun again under the same id, it goes on.

    W&B's own settings (WANDB_MODE, WANDB_ENTITY, ...) are taken from the environment.
    """

    def __init__(self, path: Path, header: Mapping[str, Any]) -> None:
        import wandb

        try:
            self._run: Any = wandb.init(
                project=os.environ.get("WANDB_PROJECT", PROJECT),
                name=path.name,
                dir=str(path),
                id=header["wandb_id"],
                resume="allow",
                config={name: header[name] for name in header if name != "wandb_id"},
                settings=wandb.Settings(console="off"),
            )
        except wandb.Error as error:
            raise RunError(
                f"W&B cannot be reached: {error}; log in with `wandb login`, or set "
                f"WANDB_MODE=offline, and go on with --resume {path}"
            ) from error
        self._run.define_metric("line", hidden=True)
        self._run.define_metric("*", step_metric="line")

    def add(self, line: int, values: Mapping[str, float]) -> None:
        """Send a line."""
        self._run.log({"line": line, **values})

    def close(self, *, failed: bool) -> None:
        """Finish the run."""
        self._run.finish(exit_code=int(failed))


def check_wandb() -> None:
    """Raise `NotInstalled` where W&B is missing."""
    if find_spec("wandb") is None:
        raise NotInstalled("--wandb needs a package: pip install 'stepagent-gym[wandb]'")


def open_trackers(path: Path, header: Mapping[str, Any]) -> list[Tracker]:
    """Open what the header of a run asks for; `RunError` where W&B cannot be had."""
    trackers: list[Tracker] = []
    if header["wandb_id"] is not None:
        trackers.append(WeightsAndBiases(path, header))
    with contextlib.suppress(ImportError):
        trackers.append(TensorBoard(path))
    return trackers
