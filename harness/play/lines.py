"""Where a person's lines come from: a terminal with completion, or any stream of lines.

A line that ends with a backslash goes on in the next.
"""

import contextlib
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol, TextIO

from platformdirs import user_state_path
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer
from prompt_toolkit.completion import Completion as Candidate
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from harness.play.inert import inert_line

Choices = Callable[[], Iterable[tuple[str, str, str]]]
"""What may be entered now: the text to enter, what to show for it, what it means."""


class Lines(Protocol):
    """A source of a person's lines."""

    async def read(self, prompt: str) -> str:
        """Give the next line; EOFError where there are no more, KeyboardInterrupt on Ctrl-C."""
        ...


class StreamLines:
    """Lines of a stream that is no terminal; each is printed, so that the output reads whole."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    async def read(self, prompt: str) -> str:
        """Give the next line; the last may lack its newline."""
        parts: list[str] = []
        while True:
            with _interruptible():
                line = self.stream.readline()
            if not line:
                raise EOFError
            line = line.removesuffix("\n")
            parts.append(line.removesuffix("\\"))
            print(f"{prompt}{inert_line(line)}", flush=True)
            if not line.endswith("\\"):
                return "\n".join(parts)
            prompt = "... "


class TerminalLines:
    """Lines edited in a terminal, with a history over sessions and completion by Tab."""

    def __init__(self, choices: Choices) -> None:
        self._session: PromptSession[str] = PromptSession(
            history=_history(), completer=_Completer(choices), complete_while_typing=False
        )

    async def read(self, prompt: str) -> str:
        """Give the next line; Ctrl-C drops what was typed, and is raised where that is nothing."""
        parts: list[str] = []
        while True:
            try:
                line = await self._session.prompt_async("... " if parts else prompt)
            except KeyboardInterrupt:
                if not parts and not self._session.default_buffer.text:
                    raise
                parts = []
                continue
            parts.append(line.removesuffix("\\"))
            if not line.endswith("\\"):
                return "\n".join(parts)


class _Completer(Completer):
    """Completes the whole line: first what begins with it, then what contains it."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterator[Candidate]:
        typed = document.text_before_cursor
        sought = typed.lower()
        found = [choice for choice in self.choices() if sought in choice[1].lower()]
        for text, shown, meta in sorted(found, key=lambda c: not c[1].lower().startswith(sought)):
            if not text.startswith("/") or typed.startswith("/"):
                yield Candidate(
                    text,
                    start_position=-len(typed),
                    display=inert_line(shown),
                    display_meta=inert_line(meta),
                )


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end a wait for input at once: an event loop puts it off until the next await."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _history() -> History:
    folder: Path = user_state_path("stepagent")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "play-history").touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(folder / "play-history"))


def open_lines(choices: Choices) -> Lines:
    """Read from the terminal where standard input and output are one, else line by line."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        return TerminalLines(choices)
    return StreamLines(sys.stdin)
