"""Running the cells of a study: several at once, kept when done, taken up where they were stopped.

A cell's folder holds `cell.json` (what it was asked, how it ended, how long it took), `log.txt`
(what it printed) and `run`, the ordinary folder that its command writes.  A cell that fails holds
up what needs it and nothing else; run again, the study tries it once more.
"""

import fcntl
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, Literal

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from harness.runs import RUN, SUMMARY, TRAJECTORIES, write_json
from stepagent_gym.datasets import embedded_root
from stepagent_gym.errors import ConfigChanged, RunError, RunLocked
from stepagent_train.run import CONFIG
from stepagent_train.study.cells import OUT, Best, Cell, Steps
from stepagent_train.study.config import Study
from stepagent_train.study.processes import start
from stepagent_train.study.spent import steps_to_match

CELL, OUTPUT, LOCK = "cell.json", "log.txt", ".lock"
Status = Literal["waiting", "running", "done", "skipped", "failed", "held up"]
_TAIL = 15


@dataclass(frozen=True)
class State:
    """How a cell stands.

    `seconds`: of wall clock, in the attempts that ended; `attempts`: how many were begun.  `asked`:
    its command and those of all it needs, as far as they are known beforehand.
    """

    status: Status = "waiting"
    seconds: float = 0.0
    attempts: int = 0
    error: str | None = None
    asked: Mapping[str, Any] = field(default_factory=dict)
    command: tuple[str, ...] = ()

    @property
    def over(self) -> bool:
        """Whether what needs the cell may go on."""
        return self.status in ("done", "skipped")


@dataclass
class _Running:
    cell: Cell
    process: ForkServerProcess
    began: float


def run_cells(
    study: Study, cells: Mapping[str, Cell], root: Path, jobs: int, console: Console
) -> dict[str, State]:
    """Run every cell that is not done; gives how each stands at the end.

    Raises `ConfigChanged` where a cell was begun with another command, `RunLocked` where the study
    is being run.
    """
    with _locked(root), _progress(len(cells), console) as progress:
        found = {
            id: state if state.over else replace(state, status="waiting")
            for id, state in states(cells, root).items()
        }
        ended = sum(state.over for state in found.values())
        task = progress.add_task("cells", total=len(cells), completed=ended)
        running: list[_Running] = []
        try:
            while True:
                while len(running) < jobs and (cell := _next(cells, found)) is not None:
                    begun = _begin(study, cell, root, found)
                    if begun is None:
                        _tell(cell, found[cell.id], progress)
                    else:
                        running.append(begun)
                progress.update(task, description=", ".join(r.cell.id for r in running)[-60:])
                if not running:
                    return found
                wait([one.process.sentinel for one in running])
                for one in [r for r in running if r.process.exitcode is not None]:
                    running.remove(one)
                    _end(one, root, found)
                    _tell(one.cell, found[one.cell.id], progress)
                progress.update(task, completed=sum(state.over for state in found.values()))
        finally:
            for one in running:
                one.process.terminate()
                one.process.join()


def states(cells: Mapping[str, Cell], root: Path) -> dict[str, State]:
    """Read how the cells stand; raises `ConfigChanged` for one that was asked something else."""
    found: dict[str, State] = {}
    for cell in cells.values():
        asked = _asked(cell, cells)
        path = place(cell.folder, root) / CELL
        state = State(asked=asked)
        if path.exists():
            stored = orjson.loads(path.read_bytes())
            state = State(**{**stored, "command": tuple(stored["command"])})
            _check_unchanged(cell, state.asked, asked, root)
        found[cell.id] = _held_up(cell, state, found)
    return found


def place(text: str, root: Path) -> Path:
    """Give the path that begins with `{out}`."""
    return Path(text.replace(OUT, str(root)))


def _asked(cell: Cell, cells: Mapping[str, Cell]) -> dict[str, Any]:
    """Give the command of a cell and, in the order of need, those of all that it needs."""
    needs: dict[str, Any] = {}
    for id in cell.needs:
        needs.update(_asked(cells[id], cells)["needs"])
        needs[id] = _words(cells[id])
    return {"command": _words(cell), "needs": needs}


def _words(cell: Cell) -> list[str]:
    return [str(word) for word in cell.command]


def _check_unchanged(
    cell: Cell, then: Mapping[str, Any], now: Mapping[str, Any], root: Path
) -> None:
    if then == now:
        return
    for id in (*now["needs"], cell.id):
        before = then["command"] if id == cell.id else then["needs"].get(id)
        after = now["command"] if id == cell.id else now["needs"][id]
        if before != after:
            break
    else:
        id, before, after = cell.id, sorted(then["needs"]), sorted(now["needs"])
    was, new = _flags(before or []), _flags(after)
    was, new = [flag for flag in was if flag not in new], [flag for flag in new if flag not in was]
    raise ConfigChanged(
        f"the cell {cell.id} was begun under another config of {id}: "
        f"{' '.join(was) or 'nothing'} then, {' '.join(new) or 'nothing'} now; give the variant "
        f"another name, take another --out, or remove {place(cell.folder, root).parent} to run it "
        "again"
    )


def _flags(words: Sequence[str]) -> list[str]:
    """Give a command in parts: each flag with its values."""
    parts: list[list[str]] = [[]]
    for word in words:
        if word.startswith("--"):
            parts.append([])
        parts[-1].append(word)
    return [" ".join(part) for part in parts]


def _next(cells: Mapping[str, Cell], found: dict[str, State]) -> Cell | None:
    """Choose the first cell that waits for nothing; those that cannot run any more are marked."""
    for cell in cells.values():
        state = found[cell.id]
        if state.status != "waiting":
            continue
        found[cell.id] = _held_up(cell, state, found)
        if all(found[id].over for id in cell.needs):
            return cell
    return None


def _held_up(cell: Cell, state: State, found: Mapping[str, State]) -> State:
    """Mark a cell that waits for one that failed."""
    lost = [id for id in cell.needs if found[id].status in ("failed", "held up")]
    if state.status != "waiting" or not lost:
        return state
    return replace(state, status="held up", error=f"{lost[0]}: {found[lost[0]].status}")


def _begin(study: Study, cell: Cell, root: Path, found: dict[str, State]) -> _Running | None:
    """Start the command of a cell; None where there is nothing for it to do, or no command."""
    folder, state = place(cell.folder, root), found[cell.id]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        command = tuple(_resolve(word, root, found) for word in cell.command)
    except RunError as error:
        found[cell.id] = _store(cell, root, replace(state, status="failed", error=str(error)))
        return None
    if cell.kind == "dev" and not Path(command[command.index("--model") + 1]).is_dir():
        # the method ended before this iteration
        found[cell.id] = _store(cell, root, replace(state, status="skipped"))
        return None
    state = replace(
        state, status="running", attempts=state.attempts + 1, error=None, command=command
    )
    found[cell.id] = _store(cell, root, state)
    words = _taken_up(cell, command, root)
    process = start(words, folder / OUTPUT, study.threads)
    return _Running(cell, process, time.monotonic())


def _resolve(word: str | Steps | Best, root: Path, found: Mapping[str, State]) -> str:
    """Give a word of a command, now that what it depends on is there."""
    if isinstance(word, Steps):
        budget, like = (root / "cells" / id / "run" for id in (word.budget, word.like))
        return str(steps_to_match(budget, like, word.batch))
    if isinstance(word, Best):
        return str(_best(word, root, found))
    return word.replace(OUT, str(root)).replace("{embedded}", str(embedded_root()))


def _best(word: Best, root: Path, found: Mapping[str, State]) -> Path:
    """Give the model with the highest mean reward on dev; of equal ones the earliest."""
    rewards = {}
    for id in word.dev:
        if found[id].status == "done":
            (part,) = orjson.loads((root / "cells" / id / "run" / SUMMARY).read_bytes()).values()
            command = found[id].command
            if part["metrics"]:
                rewards[command[command.index("--model") + 1]] = part["metrics"]["reward"]["mean"]
    if not rewards:
        raise RunError("no iteration has a score on dev")
    return Path(max(rewards, key=lambda model: rewards[model]))


def _taken_up(cell: Cell, command: tuple[str, ...], root: Path) -> tuple[str, ...]:
    """Give the command, or the one that takes up what an earlier attempt has left."""
    run = place(cell.run, root)
    if cell.kind == "train" and (run / CONFIG).exists():
        return (*command[:2], "--resume", str(run))
    if cell.kind in ("dev", "test") and (run / RUN).exists() and (run / TRAJECTORIES).exists():
        return ("eval", "--resume", str(run), "--quiet")
    if cell.kind != "experts":
        shutil.rmtree(run, ignore_errors=True)
    if cell.kind == "data":
        run.mkdir()
    return command


def _end(one: _Running, root: Path, found: dict[str, State]) -> None:
    """Write down how a command ended."""
    cell, code = one.cell, one.process.exitcode
    assert code is not None
    state = found[cell.id]
    folder = place(cell.folder, root)
    scored = cell.kind in ("dev", "test") and code == 1 and (folder / "run" / SUMMARY).exists()
    seconds = state.seconds + time.monotonic() - one.began
    if code == 0 or scored:
        state = replace(state, status="done", seconds=seconds)
    else:
        lines = (folder / OUTPUT).read_text(encoding="utf-8", errors="replace").splitlines()
        how = f"killed by signal {-code}" if code < 0 else f"status {code}"
        error = "\n".join([how, *lines[-_TAIL:]])
        state = replace(state, status="failed", seconds=seconds, error=error)
    found[cell.id] = _store(cell, root, state)


def _store(cell: Cell, root: Path, state: State) -> State:
    write_json(place(cell.folder, root) / CELL, asdict(state))
    return state


def _tell(cell: Cell, state: State, progress: Progress) -> None:
    """Print a line for a cell that has ended; for one that failed, the end of its log."""
    progress.console.print(f"{cell.id}  {state.status}  {state.seconds:.0f} s", markup=False)
    if state.error is not None:
        progress.console.print(state.error, style="red", markup=False)


def _progress(total: int, console: Console) -> Progress:
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(
        *columns, TextColumn("{task.description}", markup=False), console=console, transient=True
    )


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    root.mkdir(parents=True, exist_ok=True)
    with (root / LOCK).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RunLocked(f"another process runs the study in {root}; wait for it") from None
        yield
