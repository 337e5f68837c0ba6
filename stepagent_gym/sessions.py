"""Where environments live while they are played: in this process, or in worker processes.

A session is one environment with asynchronous `call`s.  `LocalSessions` step in the event loop,
right for environments that answer in microseconds.  `WorkerSessions` spread over processes, for
slow ones (a simulator behind a JVM), so that nobody waits for a straggler; a worker that dies
takes only its own episodes with it, as `EnvironmentFault`s, and is replaced.
"""

import asyncio
import itertools
import os
import subprocess
import sys
import traceback
from collections.abc import Mapping
from multiprocessing.connection import Connection, Pipe
from typing import Any, Protocol

import gymnasium

import stepagent_gym.errors
from stepagent_gym.errors import EnvironmentFault, StepAgentError, UsageError
from stepagent_gym.text_env import TextEnv

_CHILD = "import sys; from stepagent_gym.sessions import serve; serve(int(sys.argv[1]))"
_PATIENCE = 2.0  # seconds that a worker has to leave by itself
_GYMNASIUM_METHODS = frozenset({"reset", "step", "close"})


class Session(Protocol):
    """One environment that is being played."""

    async def call(self, method: str, *arguments: Any, **keywords: Any) -> Any:
        """Call `reset`, `step`, or any method of the unwrapped environment."""
        ...

    def close(self) -> None:
        """Free the environment."""
        ...


class Sessions(Protocol):
    """A source of sessions."""

    def open(self) -> Session:
        """Make an environment."""
        ...

    def close(self) -> None:
        """Free everything that was opened."""
        ...


def make_env(env_id: str, options: Mapping[str, Any]) -> gymnasium.Env[str, str]:
    """Make an environment by id; an unknown id or keyword raises `UsageError`."""
    try:
        env: gymnasium.Env[str, str] = gymnasium.make(
            env_id, disable_env_checker=True, **dict(options)
        )
    except (TypeError, gymnasium.error.UnregisteredEnv) as error:
        raise UsageError(str(error)) from error
    if not isinstance(env.unwrapped, TextEnv):
        raise UsageError(f"{env_id} is no text environment")
    return env


def _dispatch(env: Any, method: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    target = env if method in _GYMNASIUM_METHODS else env.unwrapped
    return getattr(target, method)(*arguments, **keywords)


class LocalSessions:
    """Environments in this process, sharing their data."""

    def __init__(self, env_id: str, options: Mapping[str, Any]) -> None:
        self.env_id = env_id
        self.options = options

    def open(self) -> Session:
        """Make an environment here."""
        return _LocalSession(make_env(self.env_id, self.options))

    def close(self) -> None:
        """Do nothing: each session frees itself."""


class _LocalSession:
    def __init__(self, env: gymnasium.Env[str, str]) -> None:
        self.env = env

    async def call(self, method: str, *arguments: Any, **keywords: Any) -> Any:
        return _dispatch(self.env, method, arguments, keywords)

    def close(self) -> None:
        self.env.close()


class WorkerSessions:
    """Environments in `workers` processes, opened in turn on each."""

    def __init__(self, env_id: str, options: Mapping[str, Any], workers: int) -> None:
        if workers < 1:
            raise UsageError(f"workers={workers}: at least one process is needed")
        self.env_id = env_id
        self.options = dict(options)
        self._workers: list[_Worker | None] = [None] * workers
        self._turn = itertools.cycle(range(workers))
        self._ids = itertools.count()

    def open(self) -> Session:
        """Make an environment in the next worker, started or replaced where need be."""
        index = next(self._turn)
        worker = self._workers[index]
        if worker is None or worker.dead:
            worker = self._workers[index] = _Worker(self.env_id, self.options)
        return _WorkerSession(worker, next(self._ids))

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers:
            if worker is not None:
                worker.close()


class _WorkerSession:
    def __init__(self, worker: "_Worker", session_id: int) -> None:
        self.worker = worker
        self.session_id = session_id

    async def call(self, method: str, *arguments: Any, **keywords: Any) -> Any:
        return await self.worker.request(self.session_id, method, arguments, keywords)

    def close(self) -> None:
        if not self.worker.dead:
            self.worker.forget(self.session_id)


class _Worker:
    """One process with many environments, and the requests that wait for its answers."""

    def __init__(self, env_id: str, options: Mapping[str, Any]) -> None:
        self.connection, theirs = Pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-c", _CHILD, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # an interrupt of the terminal is the parent's to handle
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path or "." for path in sys.path)},
        )
        theirs.close()
        self.connection.send((env_id, dict(options)))
        self.dead = False
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._ids = itertools.count()
        self._sending = asyncio.Lock()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self.connection.fileno(), self._receive)

    async def request(
        self, session_id: int, method: str, arguments: tuple[Any, ...], keywords: dict[str, Any]
    ) -> Any:
        if self.dead:
            raise EnvironmentFault("the worker process of this episode died")
        request_id = next(self._ids)
        future = self._waiting[request_id] = self._loop.create_future()
        message = (request_id, session_id, method, arguments, keywords)
        try:
            async with self._sending:
                await asyncio.to_thread(self.connection.send, message)
        except OSError:
            self._die()
        try:
            return await future
        finally:
            self._waiting.pop(request_id, None)

    def forget(self, session_id: int) -> None:
        task = self._loop.create_task(self.request(session_id, "close", (), {}))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())

    def close(self) -> None:
        """End the process: it leaves when its connection closes, or is killed."""
        self._die()

    def _receive(self) -> None:
        try:
            request_id, failure, value = self.connection.recv()
        except (EOFError, OSError):
            self._die()
            return
        future = self._waiting.get(request_id)
        if future is None or future.done():
            return
        if failure is None:
            future.set_result(value)
        else:
            future.set_exception(_rebuild(failure, value))

    def _die(self) -> None:
        if self.dead:
            return
        self.dead = True
        self._loop.remove_reader(self.connection.fileno())
        self.connection.close()
        try:
            self.process.wait(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(
                    EnvironmentFault("the worker process died in the middle of an episode")
                )
                future.exception()  # nobody may be left to ask


def _rebuild(name: str, message: str) -> StepAgentError:
    """Make the exception that a worker reported; what is not of our tree becomes a fault."""
    kind = getattr(stepagent_gym.errors, name, None)
    if isinstance(kind, type) and issubclass(kind, StepAgentError):
        return kind(message)
    return EnvironmentFault(f"{name}: {message}")


def serve(descriptor: int) -> None:
    """Answer requests on a connection until its other side closes: a worker process's main."""
    connection: Connection[Any, Any] = Connection(descriptor)
    env_id, options = connection.recv()
    envs: dict[int, gymnasium.Env[str, str]] = {}
    while True:
        try:
            request_id, session_id, method, arguments, keywords = connection.recv()
        except (EOFError, OSError, KeyboardInterrupt):
            break
        failure, value = None, None
        try:
            if session_id not in envs and method != "close":
                envs[session_id] = make_env(env_id, options)
            if session_id in envs:
                value = _dispatch(envs[session_id], method, arguments, keywords)
            if method == "close":
                envs.pop(session_id, None)
        except StepAgentError as error:
            failure, value = type(error).__name__, str(error)
        except Exception as error:
            failure, value = type(error).__name__, f"{error}\n{traceback.format_exc()}"
        try:
            connection.send((request_id, failure, value))
        except OSError:
            break
    for env in envs.values():
        env.close()
