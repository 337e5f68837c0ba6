"""The reference engine: alfworld 0.4.2 on textworld 1.7.0, in a process of its own.

Slow (about 0.7 s to reset, 50 ms a turn) and needed only to compare with.  It is not thread-safe
and its translator writes `sys.argv`, so each environment gives it a process.  Domain and grammar
are those inside the alfworld package; the old grammar is made of them by undoing its five changes.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from stepagent_gym.envs.alfworld.game import Grammar
from stepagent_gym.errors import EnvironmentFault, NotInstalled

_MISSING = (
    "engine='textworld' needs alfworld 0.4.2 and textworld 1.7.0: "
    "pip install 'stepagent-gym[alfworld]', or use engine='native'"
)
_CHILD = (
    "import sys; from stepagent_gym.envs.alfworld.reference import serve; serve(int(sys.argv[1]))"
)
_PATIENCE = 5.0  # seconds that the process has to leave by itself
_OLD_GRAMMAR = (
    ("You arrive at {r.name}. ", "You arrive at {lend.name}. "),
    ("You move the {o.name} to the {r.name}.", "You put the {o.name} in/on the {r.name}."),
    ('"move {o} to {r}"', '"put {o} in/on {r}"'),
)


class Turn(NamedTuple):
    """What an engine says: the raw text, the admissible commands, whether the goal holds now."""

    text: str
    admissible: list[str]
    won: bool


class ReferenceProcess:
    """The reference engine behind three calls.

    The process starts with the first game.  Raises `NotInstalled` where the packages are missing
    and `EnvironmentFault` where the process dies.
    """

    def __init__(self) -> None:
        if find_spec("textworld") is None or find_spec("alfworld") is None:
            raise NotInstalled(_MISSING)
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection[Any, Any] | None = None

    def reset(self, problem: str, task: str, grammar: Grammar) -> Turn:
        """Load a game and begin it; play goes on after a win."""
        if self._connection is None:
            self._begin()
        return self._ask(("reset", problem, task, grammar))

    def act(self, command: str) -> Turn:
        """Send one command."""
        return self._ask(("act", command))

    def close(self) -> None:
        """End the process; harmless when repeated."""
        connection, self._connection = self._connection, None
        process, self._process = self._process, None
        if connection is not None:
            connection.close()
        if process is not None:
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _begin(self) -> None:
        self._connection, theirs = Pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CHILD, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path or "." for path in sys.path)},
        )
        theirs.close()

    def _ask(self, question: tuple[str, ...]) -> Turn:
        if self._connection is None:
            raise EnvironmentFault("the reference engine is closed; reset the environment")
        try:
            self._connection.send_bytes(orjson.dumps(question))
            answer = orjson.loads(self._connection.recv_bytes())
        except (EOFError, OSError) as error:
            self.close()
            raise EnvironmentFault("the process of the reference engine died") from error
        if "fault" in answer:
            raise EnvironmentFault(f"the reference engine failed: {answer['fault']}")
        return Turn(**answer)


class _Engine:
    """One TextWorld environment, and the naming of alfworld on top of it."""

    def __init__(self) -> None:
        self._names = import_module("alfworld.agents.utils.misc")
        self._pddl = import_module("textworld.envs.pddl")
        self._infos = import_module("textworld").EnvInfos(won=True, admissible_commands=True)
        self._env: Any = None

    def reset(self, problem: str, task: str, grammar: Grammar) -> Turn:
        if self._env is not None:
            # Unloading its library, as close() of the original does, would crash at exit.
            self._env.downward_lib.cleanup()
        self._env = self._pddl.PddlEnv(self._infos)
        self._env.load(_complete(problem, task, grammar))
        entities = self._env._entity_infos
        demangler = self._names.Demangler(game_infos=entities)
        for entity in entities.values():
            entity.name = demangler.demangle_alfred_name(entity.id)
        return self._turn(self._env.reset())

    def act(self, command: str) -> Turn:
        return self._turn(self._env.step(command)[0])

    def _turn(self, state: Any) -> Turn:
        return Turn(str(state["feedback"]), list(state["admissible_commands"]), bool(state["won"]))


def _complete(problem: str, task: str, grammar: Grammar) -> Mapping[str, Any]:
    """Make the content of a `game.tw-pddl`."""
    spec = find_spec("alfworld")
    assert spec is not None
    assert spec.submodule_search_locations
    logic = Path(spec.submodule_search_locations[0]) / "data"
    domain = (logic / "alfred.pddl").read_text(encoding="utf-8")
    text = (logic / "alfred.twl2").read_text(encoding="utf-8")
    if grammar == "old":
        domain = domain[: domain.rindex("(:action help")] + ")"
        text = text[: text.rindex("action help {")]
        for new, old in _OLD_GRAMMAR:
            text = text.replace(new, old)
    words = orjson.dumps(task).decode()[1:-1]
    return {
        "pddl_domain": domain,
        "grammar": text.replace("UNKNOWN GOAL.", words),
        "pddl_problem": problem,
        "solvable": True,
    }


def serve(descriptor: int) -> None:
    """Answer on a connection until its other side closes: the process's main."""
    connection: Connection[Any, Any] = Connection(descriptor)
    with tempfile.TemporaryDirectory() as folder:
        # Importing alfworld would make a data folder in the user's home.
        os.environ.setdefault("ALFWORLD_DATA", folder)
        engine = _Engine()
        while True:
            try:
                method, *arguments = orjson.loads(connection.recv_bytes())
            except (EOFError, OSError, KeyboardInterrupt):
                break
            try:
                answer = getattr(engine, method)(*arguments)._asdict()
            except Exception as error:
                answer = {"fault": f"{type(error).__name__}: {error}"}
            connection.send_bytes(orjson.dumps(answer))
