"""Prepared questions, opened: one line a question, read when it is played.

questions.jsonl, questions.npy      questions, in the order of the sources
splits.json                         split -> ids
paragraphs.jsonl, paragraphs.npy    the corpus; its indexes: title_*.npy, titles/
"""

from functools import cached_property, lru_cache
from pathlib import Path

import orjson

from stepagent_gym.datasets import Dataset, open_dataset
from stepagent_gym.envs.wikiqa.corpus import UnionCorpus
from stepagent_gym.envs.wikiqa.records import Question
from stepagent_gym.episode import TaskSet
from stepagent_gym.errors import DataCorrupt, UsageError
from stepagent_gym.jsonlines import JsonLines


class Library:
    """Prepared questions; `Library.open` shares one among all environments of a process."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.corpus = UnionCorpus(dataset.path)
        self._lines = JsonLines(dataset.path / "questions.jsonl")
        try:
            content = (dataset.path / "splits.json").read_bytes()
            self._splits: dict[str, list[str]] = orjson.loads(content)
        except (OSError, ValueError) as error:
            raise DataCorrupt(
                f"{dataset.path} cannot be read: {error}; prepare it again with "
                f"`stepagent data prepare {dataset.benchmark}`"
            ) from error
        self.question = lru_cache(maxsize=1 << 12)(self._read_question)
        self.tasks = lru_cache(maxsize=None)(self._list_tasks)

    @staticmethod
    def open(benchmark: str, data: str | Path | None) -> "Library":
        """Open questions by name or path (None: the embedded ones), once in a process."""
        dataset = open_dataset(benchmark, data)
        return _open(benchmark, str(dataset.path.resolve()), dataset.data_hash)

    def _read_question(self, question_id: str) -> Question:
        return Question.from_json(self._lines[self._positions[question_id]])

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {name: index for index, name in enumerate(self.tasks("all").ids)}

    def _list_tasks(self, split: str) -> TaskSet:
        if split != "all" and split not in self._splits:
            raise UsageError(
                f"no split {split!r} in {self.dataset.name}; there are "
                f"{', '.join(['all', *self._splits])}"
            )
        if split == "all":
            ids = [self._lines[index]["id"] for index in range(len(self._lines))]
        else:
            ids = self._splits[split]
        return TaskSet(ids, self.dataset.name, self.dataset.data_hash)


@lru_cache(maxsize=8)
def _open(benchmark: str, path: str, data_hash: str) -> Library:
    return Library(open_dataset(benchmark, Path(path)))
