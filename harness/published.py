"""Published expert files: whose conversations they are, and of which task.

    ETO        a list of {"id", "conversations", "reward"?, "game_file"?}
    AgentGym   the same with "item_id" ("webshop_6"); `ids` is its table of ALFWorld's numbers
    IPR        an object of {"id", "iteration", "gpt_conversations", "gpt_reward", "game_file"?},
               one entry a step, of which one conversation is read
    ours       what `stepagent_gym.formats.to_sharegpt` writes

A file is one JSON value or JSON lines.  Their observations come from other price limits, prompts
and versions, so only the replies are taken, and played again.  A task is found by what the row says
of itself, and believed when the environment begins it with the text of the conversation; where the
row says nothing of use it is found by that text, if no other task begins so.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from stepagent_gym.errors import DataCorrupt, DataNotFound
from stepagent_gym.formats import Recorded, from_sharegpt
from stepagent_gym.text_env import TextEnv

SCIENCEWORLD_NUMBERS = (
    "boil",
    "change-the-state-of-matter-of",
    "freeze",
    "melt",
    "measure-melting-point-known-substance",
    "measure-melting-point-unknown-substance",
    "use-thermometer",
    "power-component",
    "power-component-renewable-vs-nonrenewable-energy",
    "test-conductivity",
    "test-conductivity-of-unknown-substances",
    "find-animal",
    "find-living-thing",
    "find-non-living-thing",
    "find-plant",
    "grow-fruit",
    "grow-plant",
    "chemistry-mix",
    "chemistry-mix-paint-secondary-color",
    "chemistry-mix-paint-tertiary-color",
    "lifespan-longest-lived",
    "lifespan-longest-lived-then-shortest-lived",
    "lifespan-shortest-lived",
    "identify-life-stages-1",
    "identify-life-stages-2",
    "inclined-plane-determine-angle",
    "inclined-plane-friction-named-surfaces",
    "inclined-plane-friction-unnamed-surfaces",
    "mendelian-genetics-known-plant",
    "mendelian-genetics-unknown-plant",
)
"""ScienceWorld's tasks in the order by which ETO numbers them."""

_GAME = re.compile(r"(?:^|/)(train|valid_seen|valid_unseen)/([^/]+)/([^/]+)")
_NUMBER = re.compile(r"(?:^|_)(\d+)$", re.ASCII)
_PAIR = re.compile(r"(\d+)_(\d+)$", re.ASCII)
_WORD = re.compile(r"[a-z0-9]+")
_TASK_TEXTS = {
    "webshop": re.compile(r"instruction:(.*?)(?:,? and price lower than|\[sep\] search|$)", re.S),
    "scienceworld": re.compile(r"your task is to([^\n]*)"),
    "alfworld": re.compile(r"(you are in the middle.*)", re.S),
}
_FOUND_BY_TEXT = frozenset({"webshop", "alfworld", "intercode_sql"})
"""Benchmarks whose tasks are told apart by what they begin with, most of them."""


@dataclass(frozen=True)
class Conversation:
    """A conversation of a published file; `game`: the ALFWorld game that it names, or None."""

    recorded: Recorded
    game: str | None


def read_published(path: Path) -> tuple[list[Conversation], int]:
    """Read a published file: its conversations, and how many rows were none.

    Raises `DataNotFound` and `DataCorrupt`.
    """
    conversations: dict[tuple[str, str | None, tuple[str, ...]], Conversation] = {}
    malformed = 0
    for row in _rows(path):
        try:
            recorded = from_sharegpt(_as_sharegpt(row))
        except ValueError:
            malformed += 1
            continue
        game = row.get("game_file")
        conversation = Conversation(recorded, game if isinstance(game, str) else None)
        key = (recorded.id, conversation.game, recorded.replies)
        conversations.setdefault(key, conversation)
    return list(conversations.values()), malformed


def read_game_ids(path: Path) -> dict[str, str]:
    """Read AgentGym's table of ALFWorld games: the number of a task, and its game.

    Raises `DataNotFound` and `DataCorrupt`.
    """
    try:
        return {
            str(row["item_id"]): f"train/{row['task_type']}/{row['task_id']}" for row in _rows(path)
        }
    except KeyError as error:
        raise DataCorrupt(f"{path} is no table of ALFWorld's games: {error} is missing") from error


class TaskFinder:
    """Finds the task of a conversation in an environment.

    `games`: AgentGym's table of ALFWorld's numbers.
    """

    def __init__(self, env: TextEnv, games: Mapping[str, str], seed: int = 0) -> None:
        self._env = env
        self._games = games
        self._seed = seed
        self._by_text: Mapping[str, list[str]] | None = None

    def find(self, conversation: Conversation) -> str | None:
        """Give the id of the task; None where there is none, or several begin alike."""
        said = _words(conversation.recorded.task, self._env.benchmark)
        for task in self._named(conversation):
            if task in self._env.tasks.members and self._begins(task) in said:
                return task
        if self._env.benchmark not in _FOUND_BY_TEXT:
            return None
        if self._by_text is None:
            by_text = defaultdict(list)
            for task in self._env.task_ids:
                by_text[self._begins(task)].append(task)
            self._by_text = by_text
        alike = self._by_text.get(said, [])
        return alike[0] if len(alike) == 1 else None

    def _named(self, conversation: Conversation) -> Iterator[str]:
        """List the tasks that the row may mean."""
        name = conversation.recorded.id
        yield name
        number, pair = _NUMBER.search(name), _PAIR.search(name)
        if self._env.benchmark == "alfworld":
            files = [conversation.game or "", self._games.get(number[1], "") if number else ""]
            for game in filter(None, map(_GAME.search, files)):
                yield "/".join(game.groups())
        elif self._env.benchmark == "scienceworld":
            if pair and int(pair[1]) < len(SCIENCEWORLD_NUMBERS):
                yield f"{SCIENCEWORLD_NUMBERS[int(pair[1])]}/{int(pair[2])}"
        elif number:
            yield str(int(number[1]))

    def _begins(self, task: str) -> str:
        observation, _ = self._env.reset(seed=self._seed, options={"task": task})
        return _words(observation, self._env.benchmark)


def _words(text: str, benchmark: str) -> str:
    """Give the words that make a task, without what differs between recordings."""
    text = text.lower()
    pattern = _TASK_TEXTS.get(benchmark)
    match = pattern.search(text) if pattern is not None else None
    return " ".join(["", *_WORD.findall(match[1] if match else text), ""])


def _as_sharegpt(row: Any) -> dict[str, Any]:
    """Give a row of any of the forms the names of ETO's; ValueError where it has none of them."""
    if not isinstance(row, Mapping):
        raise ValueError("no row of conversations")
    names = {"id": "item_id", "conversations": "gpt_conversations", "reward": "gpt_reward"}
    return {name: row.get(name, row.get(other)) for name, other in names.items()}


def _rows(path: Path) -> list[Any]:
    """Read a file of rows: a JSON list, an object of them, or JSON lines."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataNotFound(f"{path} cannot be read: {error.strerror}") from error
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError:
        value = [_line(path, number, line) for number, line in _lines(content)]
    if isinstance(value, dict):
        value = [value] if "conversations" in value else list(value.values())
    if not isinstance(value, list):
        raise DataCorrupt(f"{path} holds no list of conversations")
    return value


def _lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.strip():
            yield number, line


def _line(path: Path, number: int, line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise DataCorrupt(
            f"{path}, line {number}, is no JSON ({error}); take the file whole from its source"
        ) from error
