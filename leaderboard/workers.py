"""Processes that replay chunks of episodes, one chunk at a time each.

They are begun by a command line of their own, so that it does not matter what the main program is,
and end by themselves when the connection to it closes.
"""

import os
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from multiprocessing.connection import Connection, Pipe, wait
from types import TracebackType
from typing import Any, Self

from harness.evaluate import Plan
from leaderboard.replay import Checked, Chunk, check_chunk
from stepagent_gym.errors import EnvironmentFault, StepAgentError

_CHILD = "import sys; from leaderboard.workers import serve; serve(int(sys.argv[1]))"
_PATIENCE = 2.0  # seconds that a process has to leave by itself


class Workers:
    """So many processes; a context manager that ends them."""

    def __init__(self, count: int, plans: Mapping[str, Plan]) -> None:
        self._processes: list[subprocess.Popen[bytes]] = []
        self._connections: list[Connection[Any, Any]] = []
        for _ in range(count):
            ours, theirs = Pipe()
            self._connections.append(ours)
            self._processes.append(_begin(theirs.fileno()))
            theirs.close()
        for connection in self._connections:
            _send(connection, plans)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for connection in self._connections:
            connection.close()
        for process in self._processes:
            if error is not None:
                process.kill()
            try:
                process.wait(timeout=_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def check(self, chunks: Iterator[Chunk]) -> Iterator[Checked]:
        """Check chunks; gives what each showed, in the order in which they end.

        Raises what `check_chunk` raises, and `EnvironmentFault` where a process died.
        """
        busy: set[Connection[Any, Any]] = set()
        idle = list(self._connections)
        while True:
            while idle and (chunk := next(chunks, None)) is not None:
                connection = idle.pop()
                _send(connection, chunk)
                busy.add(connection)
            if not busy:
                return
            for ready in wait(list(busy)):
                assert isinstance(ready, Connection)
                busy.discard(ready)
                idle.append(ready)
                yield _receive(ready)


def _begin(descriptor: int) -> "subprocess.Popen[bytes]":
    path = os.pathsep.join(part or "." for part in sys.path)
    return subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(descriptor)],
        pass_fds=[descriptor],
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # an interrupt of the terminal is the parent's to handle
        env={**os.environ, "PYTHONPATH": path},
    )


def _send(connection: "Connection[Any, Any]", value: Any) -> None:
    try:
        connection.send(value)
    except OSError as error:
        raise _died() from error


def _receive(connection: "Connection[Any, Any]") -> Checked:
    try:
        answer = connection.recv()
    except (EOFError, OSError) as error:
        raise _died() from error
    if isinstance(answer, StepAgentError):
        raise answer
    assert isinstance(answer, Checked)
    return answer


def _died() -> EnvironmentFault:
    return EnvironmentFault(
        "a process that replayed episodes died; verify again, what was replayed is kept"
    )


def serve(descriptor: int) -> None:
    """Check the chunks that come over a connection until it closes: the main of a process."""
    connection: Connection[Any, Any] = Connection(descriptor)
    try:
        plans = connection.recv()
        while True:
            connection.send(_answer(plans, connection.recv()))
    except (EOFError, OSError, KeyboardInterrupt):
        connection.close()


def _answer(plans: Mapping[str, Plan], chunk: Chunk) -> Checked | StepAgentError:
    try:
        return check_chunk(plans, chunk)
    except StepAgentError as error:
        return error
    except Exception as error:  # told to the parent, which ends with it
        return EnvironmentFault(f"{type(error).__name__}: {error}\n{traceback.format_exc()}")
