"""Simulators as the environment sees them: begin a task, act, replay, survive a crash.

All simulators of a process live in one host process (`host`).  If it dies or does not answer in
time, it is killed and replaced, and each of its simulators begins its task anew and replays its
actions, once; the observations must be what they were.
"""

import atexit
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from multiprocessing.connection import Pipe
from typing import Any, NamedTuple, TypeVar

import orjson

from stepagent_gym.envs.scienceworld.host import FOLDER, chained, jar
from stepagent_gym.errors import EnvironmentFault, NotInstalled, ReplayDiverged

PATIENCE = 120.0
"""Seconds that an answer may take, before the host is held to hang."""

_CHILD = (
    "import sys; from stepagent_gym.envs.scienceworld.host import serve; serve(int(sys.argv[1]))"
)
_NO_PACKAGE = "ScienceWorld needs scienceworld 1.2.3, JPype1 and Java: {what}; " + (
    "pip install 'stepagent-gym[scienceworld]', which brings all three"
)


def require_packages() -> None:
    """Raise `NotInstalled` that says what to install where a package is missing."""
    for package in ("scienceworld", "jpype"):
        if find_spec(package) is None:
            raise NotInstalled(_NO_PACKAGE.format(what=f"{package} is missing"))


_DIED_TWICE = "the process of the simulator died or hung, and did so again when asked once more"
_LONGEST = 1000


class Moment(NamedTuple):
    """What a simulator says: the text, the score (-1 to 1), whether the task is completed."""

    observation: str
    score: float
    completed: bool
    moves: int


T = TypeVar("T")


class HostDied(Exception):
    """The host died or hung; it has been killed."""


class Host:
    """A host process; requests of several threads wait for each other."""

    def __init__(self) -> None:
        require_packages()
        self.owner = os.getpid()
        self._lock = threading.Lock()
        self._connection, theirs = Pipe()
        # The simulator writes a table of type ids into its folder, unless it finds one.
        self._folder = tempfile.mkdtemp(prefix=FOLDER)
        shutil.copy(jar().with_name("object_type_ids.tsv"), self._folder)
        self.process = subprocess.Popen(
            [sys.executable, "-c", _CHILD, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd=self._folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
        )
        theirs.close()
        self.dead = False
        if "no_java" in self._receive():
            self.kill()
            raise NotInstalled(_NO_PACKAGE.format(what="there is no Java"))

    def ask(self, *request: Any) -> dict[str, Any]:
        """Send a request and give the answer; raises `HostDied`, `EnvironmentFault`.

        After a fork the host is dead to the child: it belongs to the parent.
        """
        with self._lock:
            if self.dead or self.owner != os.getpid():
                raise HostDied
            try:
                self._connection.send_bytes(orjson.dumps(request))
            except OSError:
                self.kill()
                raise HostDied from None
            answer = self._receive()
        if "fault" in answer:
            raise EnvironmentFault(f"the simulator failed: {answer['fault']}")
        return answer

    def _receive(self) -> dict[str, Any]:
        try:
            if not self._connection.poll(PATIENCE):
                raise TimeoutError
            answer: dict[str, Any] = orjson.loads(self._connection.recv_bytes())
            return answer
        except (EOFError, OSError, TimeoutError):
            self.kill()
            raise HostDied from None

    def kill(self) -> None:
        """End the process at once; harmless when repeated."""
        self.dead = True
        self._connection.close()
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


class _Shared:
    """The host of this process, begun when it is first needed."""

    def __init__(self) -> None:
        self._host: Host | None = None
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        atexit.register(self.end)

    def host(self) -> Host:
        """Give the living host; after a fork the child begins its own."""
        with self._lock:
            host = self._host
            if host is None or host.dead or host.owner != os.getpid():
                self._host = host = Host()
            return host

    def number(self) -> int:
        """Give a number that no simulator of this process has."""
        return next(self._numbers)

    def end(self) -> None:
        """Kill the host, if this process began it."""
        if self._host is not None and self._host.owner == os.getpid():
            self._host.kill()


shared = _Shared()


def ask_host(*request: Any) -> dict[str, Any]:
    """Ask the host of this process for what belongs to no episode; twice if it dies of it."""
    for _ in range(2):
        try:
            return shared.host().ask(*request)
        except HostDied:
            continue
    raise EnvironmentFault(_DIED_TWICE)


class Simulator:
    """One simulator.  `begin` comes first.

    Every method raises `EnvironmentFault` where the host died twice over one request, and
    `ReplayDiverged` where a replay gave other text than the episode had.
    """

    def __init__(self) -> None:
        self._number = shared.number()
        self._host: Host | None = None
        self._task: tuple[str, int, str] = ("", 0, "")
        self._actions: list[str] = []
        self.digest = ""
        self.steps_replayed = 0

    @property
    def actions(self) -> Sequence[str]:
        """What was done since the task began."""
        return tuple(self._actions)

    def begin(
        self,
        task: str,
        variation: int,
        simplification: str,
        actions: Sequence[str] = (),
        digest: str | None = None,
    ) -> tuple[str, Moment]:
        """Begin a task and do actions: its description, and the look around that came first.

        `digest`: what the observations must have been, or None for whatever they are.
        """
        self._task = (task, variation, simplification)
        self._actions = list(actions)
        try:
            return self._begin(digest)
        except HostDied:
            return self._again(lambda: self._begin(digest))

    def act(self, action: str) -> Moment:
        """Do one action.

        Of a text beyond 1,000 characters, which no action has, the simulator sees the beginning;
        lone surrogates become question marks.
        """
        action = action[:_LONGEST].encode("utf-8", "replace").decode()
        moment = Moment(**self._ask("act", action))
        self._actions.append(action)
        self.digest = chained(self.digest, moment.observation)
        return moment

    def valid_actions(self) -> list[str]:
        """List the actions that the simulator would understand now (slow: 10 to 100 ms)."""
        return list(self._ask("valid_actions")["actions"])

    def close(self) -> None:
        """Let the host forget the simulator; harmless when repeated."""
        host, self._host = self._host, None
        if host is not None and host.owner == os.getpid() and not host.dead:
            try:
                host.ask("free", self._number)
            except HostDied:
                return

    def _begin(self, digest: str | None) -> tuple[str, Moment]:
        self._host = shared.host()
        answer = self._host.ask("begin", self._number, *self._task, self._actions)
        self.digest = answer["digest"]
        self.steps_replayed += answer["steps"]
        if digest not in (None, self.digest):
            raise ReplayDiverged(
                f"ScienceWorld {self._task[0]}/{self._task[1]}: replaying {len(self._actions)} "
                "actions gave other observations than the episode had"
            )
        return answer["description"], Moment(**answer["first"])

    def _ask(self, method: str, *arguments: Any) -> dict[str, Any]:
        if self._host is None:
            raise EnvironmentFault("the simulator has no task; reset the environment")
        try:
            return self._host.ask(method, self._number, *arguments)
        except HostDied:
            return self._again(lambda: self._once_more(method, *arguments))

    def _once_more(self, method: str, *arguments: Any) -> dict[str, Any]:
        """Bring the episode to where it was on a fresh host, and ask again."""
        self._begin(self.digest)
        assert self._host is not None
        return self._host.ask(method, self._number, *arguments)

    def _again(self, attempt: Callable[[], T]) -> T:
        try:
            return attempt()
        except HostDied:
            raise EnvironmentFault(_DIED_TWICE) from None
