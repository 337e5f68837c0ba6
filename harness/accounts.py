"""What policies spend, kept on disk: a command given again counts what it spent before."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson

from harness.policies.spending import Meter, Spending
from harness.runs import write_json
from stepagent_gym.errors import RunError


def read_spending(path: Path) -> Spending:
    """Read what was spent; nothing where there is no file.  `RunError` for a malformed one."""
    try:
        return Spending(**orjson.loads(path.read_bytes()))
    except FileNotFoundError:
        return Spending()
    except (orjson.JSONDecodeError, TypeError) as error:
        raise RunError(f"{path} is malformed: {error}; remove it") from error


class Account:
    """Keeps what a meter counts in a file, from where the file was left.

    A process that is killed loses count of its last second.
    """

    def __init__(self, path: Path, meter: Meter) -> None:
        self.path = path
        self.meter = meter
        meter.spending = read_spending(path)
        self._written = meter.spending.to_json()

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Write every second, and at the end; `RunError` where the disk fails."""
        keeping = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            keeping.cancel()
            self._write()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            self._write()

    def _write(self) -> None:
        """Write what has changed."""
        spent = self.meter.spending.to_json()
        if spent == self._written:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_json(self.path, spent)
        except OSError as error:
            raise RunError(f"cannot write to {self.path}: {error.strerror or error}") from error
        self._written = spent
