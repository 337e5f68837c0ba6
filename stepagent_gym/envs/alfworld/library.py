"""The prepared games, opened: one line a game, read when it is played.

games.jsonl, games.npy         compiled games (`game`), sorted by id
problems.jsonl, problems.npy   the PDDL problems they come from, for the reference engine
ids.json                       their ids
splits.json                    split -> positions
"""

from functools import lru_cache
from pathlib import Path

import orjson

from stepagent_gym.datasets import Dataset, open_dataset
from stepagent_gym.envs.alfworld.engine import Engine
from stepagent_gym.envs.alfworld.game import Game, Grammar
from stepagent_gym.envs.alfworld.pddl import Problem
from stepagent_gym.episode import TaskSet
from stepagent_gym.errors import DataCorrupt, UsageError
from stepagent_gym.jsonlines import JsonLines

_KEPT_ENGINES = 256


class Library:
    """Prepared games; `Library.open` shares one among all environments of a process."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        path = dataset.path
        self._games = JsonLines(path / "games.jsonl")
        self._problems = JsonLines(path / "problems.jsonl")
        try:
            self.ids: tuple[str, ...] = tuple(orjson.loads((path / "ids.json").read_bytes()))
            self._splits: dict[str, list[int]] = orjson.loads((path / "splits.json").read_bytes())
        except (OSError, ValueError) as error:
            raise DataCorrupt(
                f"{path} cannot be read: {error}; prepare it again with "
                "`stepagent data prepare alfworld`"
            ) from error
        self._positions = {name: index for index, name in enumerate(self.ids)}
        self.engine = lru_cache(maxsize=_KEPT_ENGINES)(self._make_engine)
        self.tasks = lru_cache(maxsize=None)(self._list_tasks)

    @staticmethod
    def open(data: str | Path | None) -> "Library":
        """Open games by name or path (None: the embedded ones), once in a process."""
        dataset = open_dataset("alfworld", data)
        return _open(str(dataset.path.resolve()), dataset.data_hash)

    @property
    def splits(self) -> tuple[str, ...]:
        """The names of the splits, `all` among them."""
        return ("all", *self._splits)

    def game(self, game_id: str) -> Game:
        """Read a game."""
        return Game.from_json(self._games[self._positions[game_id]])

    def problem(self, game_id: str) -> Problem:
        """Read the problem that a game was compiled from."""
        return Problem.from_json(self._problems[self._positions[game_id]])

    def _make_engine(self, game_id: str, grammar: Grammar | None) -> Engine:
        game = self.game(game_id)
        return Engine(game, grammar or game.grammar)

    def _list_tasks(self, split: str) -> TaskSet:
        if split not in self.splits:
            raise UsageError(
                f"no split {split!r} in {self.dataset.name}; there are {', '.join(self.splits)}"
            )
        ids = self.ids if split == "all" else [self.ids[index] for index in self._splits[split]]
        return TaskSet(ids, self.dataset.name, self.dataset.data_hash)


@lru_cache(maxsize=8)
def _open(path: str, data_hash: str) -> Library:
    return Library(open_dataset("alfworld", Path(path)))
