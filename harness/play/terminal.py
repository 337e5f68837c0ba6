"""Playing in the terminal: a line is an action, and commands begin with a slash."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from harness.play.experts import ExpertFile
from harness.play.game import Game, find_task
from harness.play.inert import inert, inert_line
from harness.play.lines import Lines, open_lines
from stepagent_gym.errors import StepAgentError, UsageError
from stepagent_gym.types import Trajectory

_SHOWN_ACTIONS = 200
_LABELLED_THOUGHT = re.compile(r"\s*thought\s*:\s*(.*)\Z", re.IGNORECASE | re.DOTALL)
_LABELLED_ACTION = re.compile(r"\baction\s*:|\banswer\s*:", re.IGNORECASE)


async def play_in_terminal(game: Game, task: str, seed: int) -> int:
    """Play from standard input until the person leaves; gives the exit status."""
    terminal = Terminal(game, Console(highlight=False), seed)
    lines = open_lines(terminal.choices)
    try:
        await terminal.play(task, lines)
    finally:
        await game.close()
    return 0


class Terminal:
    """A person at a terminal: what they enter becomes turns, what comes of it is printed."""

    def __init__(self, game: Game, console: Console, seed: int) -> None:
        self.game = game
        self.console = console
        self.seed = seed
        self.thought: str | None = None
        self.left = False
        self.commands: Mapping[str, tuple[str, str, Callable[[str], Awaitable[None]]]] = {
            "/help": ("", "say what can be entered", self._help),
            "/task": ("", "show what the agent is told about the task", self._task),
            "/actions": ("", "list the actions that are available", self._actions),
            "/think": ("TEXT", "think before the next action; also: Thought: TEXT", self._think),
            "/hint": ("", "ask the oracle for the next step; this is recorded", self._hint),
            "/undo": ("", "take back the last turn, as often as you like", self._undo),
            "/redo": ("", "take again the turn that was taken back", self._redo),
            "/restart": ("", "begin this task again", self._restart),
            "/next": ("[TASK]", "leave this task for the next, or for one by id", self._next),
            "/save": ("[FILE]", "save the episode that just ended in another file too", self._save),
            "/quit": ("", "leave (also Ctrl-D); finished episodes are saved", self._quit),
        }

    async def play(self, task: str, lines: Lines) -> None:
        """Play from a task on, until the lines end or the person leaves."""
        self._say(f"{self.game.env_id}: /help says what can be entered", "bold")
        await self._task("")
        await self.game.begin(task, self.seed)
        self._show_begin()
        while not self.left:
            try:
                line = await lines.read(self._prompt())
            except (EOFError, KeyboardInterrupt):
                break
            try:
                await self._enter(line)
            except StepAgentError as error:
                self._say(str(error), "red")
        if self.game.trajectory is None:
            self._say("left in the middle of an episode, which is not saved", "dim")

    def choices(self) -> Iterable[tuple[str, str, str]]:
        """List what may be entered now, for completion: text, what is shown, what it means."""
        if self.game.trajectory is None:
            taken = {step.action: turn for turn, step in enumerate(self.game.view.steps, start=1)}
            for action in self._available():
                text = _fill_in(action, self.game.env.syntax.expected)
                meta = "free text" if text != action else ""
                yield text, action, f"taken in turn {taken[action]}" if action in taken else meta
        for name, (argument, meaning, _) in self.commands.items():
            yield name + " " * bool(argument), f"{name} {argument}".strip(), meaning

    async def _enter(self, line: str) -> None:
        """Do what a line says; one that begins with two slashes is an action with one."""
        line = line.strip()
        if line.startswith("/") and not line.startswith("//"):
            name, _, rest = line.partition(" ")
            if name not in self.commands:
                self._say(f"there is no {name}; /help lists the commands", "red")
                return
            await self.commands[name][2](rest.strip())
            return
        line = line.removeprefix("/") if line.startswith("//") else line
        if self.game.trajectory is not None:
            self._say("the episode is over: /next, /restart, /undo or /quit", "yellow")
            return
        thought = _LABELLED_THOUGHT.match(line)
        if thought is None:
            await self._take(line)
        elif _LABELLED_ACTION.search(line):
            await self.game.send_reply(line)
            self._show_turn(None)
        else:
            await self._think(thought[1])

    async def _take(self, action: str) -> None:
        if not action:
            self._say("enter an action, or /help", "yellow")
            return
        thought, self.thought = self.thought, None
        await self.game.send(action, thought)
        self._show_turn(action)

    def _show_turn(self, entered: str | None) -> None:
        """Show what came of a turn, and how it was understood where not as it was entered."""
        view, trajectory = self.game.view, self.game.trajectory
        if trajectory is not None and trajectory.status == "error":
            self._say(f"the episode broke: {trajectory.error}; /undo goes back before it", "red")
            return
        step = view.steps[-1]
        if entered is not None and step.action != entered:
            self._say(f"understood as: {inert(step.action or 'no action at all')}", "yellow")
        self._show_observation()
        if not step.info["valid"]:
            self._say("that was not possible, and spent a turn", "yellow")
        if step.reward:
            self._say(f"reward {step.reward:g}", "green")
        if trajectory is not None:
            self._show_end(trajectory)

    def _show_begin(self) -> None:
        self.thought = None
        self.console.print(Rule(Text(f"task {inert_line(self.game.task_id)}"), style="cyan"))
        self._show_observation()

    def _show_end(self, trajectory: Trajectory) -> None:
        how = "the turn limit is reached" if trajectory.status == "truncated" else "it is over"
        verdict = "success" if trajectory.success else "no success"
        self.console.print(Rule(Text(f"{how}: {verdict}"), style="cyan"))
        table = Table(show_header=False, box=None)
        table.add_row("score", f"{trajectory.score:g}", style="bold")
        table.add_row("reward", f"{trajectory.reward:g}")
        for name, value in trajectory.metrics.items():
            table.add_row(Text(inert_line(name)), f"{value:g}")
        self.console.print(table)
        self._say(f"saved in {self.game.experts.path}; /next, /restart, /undo or /quit", "dim")

    def _show_observation(self) -> None:
        self.console.print(Text(inert(self.game.view.observation)), soft_wrap=True)

    def _prompt(self) -> str:
        if self.game.trajectory is not None:
            return "over> "
        return f"{self.game.view.turn + 1}{'*' if self.thought else ''}> "

    def _say(self, text: str, style: str) -> None:
        """Print a line of our own, foreign parts of it shown inert."""
        self.console.print(Text(inert(text), style=style), soft_wrap=True)

    def _available(self) -> list[str]:
        return list(self.game.view.info.get("available_actions") or ())

    # The commands.

    async def _help(self, _: str) -> None:
        table = Table(show_header=False, box=None)
        table.add_row(
            "any text", f"one turn; expected: {inert_line(self.game.env.syntax.expected)}"
        )
        table.add_row("...\\", "a line that ends with a backslash goes on in the next")
        for name, (argument, meaning, _function) in self.commands.items():
            table.add_row(Text(f"{name} {argument}"), Text(meaning))
        self.console.print(table)

    async def _task(self, _: str) -> None:
        self._say(self.game.prompt.instruction, "dim")

    async def _actions(self, _: str) -> None:
        actions = self._available() if self.game.trajectory is None else []
        for action in actions[:_SHOWN_ACTIONS]:
            self.console.print(Text(f"  {inert_line(action)}"), soft_wrap=True)
        if len(actions) > _SHOWN_ACTIONS:
            self._say(f"  and {len(actions) - _SHOWN_ACTIONS} more", "dim")
        if not actions:
            self._say(f"nothing is listed here; expected: {self.game.env.syntax.expected}", "dim")

    async def _think(self, text: str) -> None:
        if self.game.env.action_format == "bare":
            raise UsageError("turns are recorded as bare actions, without thoughts")
        self.thought = text or None
        self._say("kept for the next action" if text else "forgotten", "dim")

    async def _hint(self, _: str) -> None:
        if self.game.trajectory is not None:
            self._say("the episode is over", "yellow")
            return
        thought, action = await self.game.hint()
        self._say(f"{thought}\n{action}", "magenta")
        self._say("the record says that you asked for a hint", "dim")

    async def _undo(self, _: str) -> None:
        was_saved = self.game.saved is not None
        if not await self.game.undo():
            self._say("no turn is taken yet", "yellow")
            return
        if was_saved:
            stays = "stays in" if self.game.saved else "is taken off"
            self._say(f"the finished episode {stays} {self.game.experts.path}", "dim")
        self._say(f"back before turn {self.game.view.turn + 1}", "dim")
        self._show_observation()

    async def _redo(self, _: str) -> None:
        if await self.game.redo():
            self._show_turn(None)
        else:
            self._say("no turn was taken back", "yellow")

    async def _restart(self, _: str) -> None:
        await self.game.restart()
        self._show_begin()

    async def _next(self, task: str) -> None:
        chosen = find_task(self.game.env, task) if task else self.game.next_task()
        await self.game.begin(chosen, self.seed)
        self._show_begin()

    async def _save(self, path: str) -> None:
        trajectory = self.game.trajectory
        if trajectory is None:
            self._say(f"an episode is saved when it is over, in {self.game.experts.path}", "dim")
        elif path:
            ExpertFile(Path(path)).append(trajectory)
            self._say(f"saved in {path}", "dim")
        else:
            self._say(f"saved in {self.game.experts.path}", "dim")

    async def _quit(self, _: str) -> None:
        self.left = True


def _fill_in(action: str, expected: str) -> str:
    """Cut a template such as search[keywords] before the text that is to be filled in."""
    name, bracket, _ = action.partition("[")
    return name + bracket if bracket and action in expected.split() else action
