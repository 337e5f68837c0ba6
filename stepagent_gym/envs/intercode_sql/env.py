"""`stepagent/InterCodeSQL-v0`: answer a question with SQL over a database that must be explored."""

import random
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

from stepagent_gym.envs.intercode_sql.library import Library, Task
from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError
from stepagent_gym.envs.intercode_sql.mysql.lexer import tokenise
from stepagent_gym.envs.intercode_sql.reward import RewardName, score
from stepagent_gym.envs.intercode_sql.sqlite import SQLiteError
from stepagent_gym.episode import Outcome, TaskSet
from stepagent_gym.errors import UsageError
from stepagent_gym.react import ActionFormat, Parsing, Syntax
from stepagent_gym.text_env import TextEnv, choose

Dialect = Literal["mysql", "sqlite"]

_SUBMIT = re.compile(r"\s*submit\s*[.;]?\s*", re.IGNORECASE)
_FENCED = re.compile(r"```[ \t]*\w*[ \t]*\n?(.*?)(?:```|\Z)", re.DOTALL)
_PUBLISHED = re.compile(r"Action:\s?(.*)", re.DOTALL)
_PUBLISHED_BLOCK = re.compile(r"```sql(.*?)```", re.DOTALL)
_NO_RESULT = "no query has been executed yet"


def published(text: str) -> str | None:
    """Give IPR's action: "submit" if what follows "Action:" has it, else its first line of sql."""
    action = _PUBLISHED.search(text)
    if action is None:
        return None
    if "submit" in action[1]:
        return "submit"
    block = _PUBLISHED_BLOCK.search(action[1])
    return (block[1].strip().split("\n")[0].strip() or None) if block else None


class InterCodeSQLEnv(TextEnv):
    """InterCode-SQL (Yang et al. 2023) over SQLite files that are only read.

    Actions: one SQL statement (fenced or not, over several lines, with a semicolon or not; of
    several the first), or `submit`, which ends the episode with the last result as the answer.
    Observations are Python's print of the rows, or `Error executing query: ...`.
    Reward: 0 until `submit`, then how far the last result is the gold query's; `score` is what
    `submit` would now give, `success` that it is 1.  Turn limit: 10, after which the reward is 0.
    Tasks: records by index; `task_type` is Spider's hardness.

    Keywords beside `TextEnv`'s: `reward` (`"iou"`, 0 to 1, as IPR's paper; `"intercode"`, times
    Kendall's tau, -1 to 1, as InterCode's code), `dialect` (`"mysql"`: the benchmark's, imitated;
    `"sqlite"`), `max_observation_chars` (350 as IPR; None: no cut).
    `info` also holds `database` and `question`.  MySQL itself refuses nineteen of InterCode's gold
    queries; for these an empty result is right, as in the benchmark, and so is the query
    itself.  What depends on the time of day or on chance
    (`NOW()`, `RAND()`) stands still, so that episodes can be repeated.
    """

    env_id = "stepagent/InterCodeSQL-v0"
    benchmark = "intercode_sql"
    turn_limits = {"default": 10}
    syntax = Syntax(
        kind="block",
        names=("SELECT", "SHOW", "DESCRIBE", "DESC", "WITH", "EXPLAIN", "USE", "submit", "("),
        expected="one SQL statement, or submit",
        published=published,
        published_error=(
            "I don't understand your input. Give your SQL in a block that begins with ```sql and "
            "ends with ```, or answer with `submit`."
        ),
    )

    def __init__(
        self,
        *,
        split: str = "test",
        data: str | Path | None = None,
        action_format: ActionFormat = "react",
        max_turns: int | str | None = None,
        parsing: Parsing = "lenient",
        render_mode: str | None = None,
        reward: RewardName = "iou",
        dialect: Dialect = "mysql",
        max_observation_chars: int | None = 350,
    ) -> None:
        choose("reward", reward, get_args(RewardName))
        choose("dialect", dialect, get_args(Dialect))
        if max_observation_chars is not None and (
            not isinstance(max_observation_chars, int) or max_observation_chars < 1
        ):
            raise UsageError(
                f"max_observation_chars is a number of at least 1, or None for no cut, not "
                f"{max_observation_chars!r}"
            )
        self.reward_name = reward
        self.dialect = dialect
        self.max_observation_chars = max_observation_chars
        self._task: Task
        self._state: dict[str, Any] = {}
        self._score = 0.0
        super().__init__(
            split=split,
            data=data,
            action_format=action_format,
            max_turns=max_turns,
            parsing=parsing,
            render_mode=render_mode,
            settings={
                "reward": reward,
                "dialect": dialect,
                "max_observation_chars": max_observation_chars,
            },
        )

    def conditions(self) -> dict[str, Any]:
        """Add the number of databases."""
        return {**super().conditions(), "databases": len(self._library.schemas) - 1}

    def _load(self, data: str | Path | None, split: str) -> TaskSet:
        self._library = Library.open(data)
        self._server = self._library.mysql if self.dialect == "mysql" else self._library.sqlite
        self._gold = lru_cache(maxsize=1 << 10)(self._gold_rows)
        return self._library.tasks(split)

    def _start(self, task_id: str, seed: int) -> Outcome:
        self._task = self._library.task(task_id)
        self._state = {"database": self._task.database.lower(), "last": None, "sent": []}
        self._score = 0.0
        return self._outcome(self._task.question)

    def _act(self, action: str) -> Outcome:
        if _SUBMIT.fullmatch(action):
            return self._submit()
        statement = _statement(action)
        database = self._state["database"]
        rows, told, valid, after = self._execute(statement, database)
        self._score = self._scored(rows, statement)
        self._state = {
            "database": after,
            "last": [statement, database],
            "sent": [*self._state["sent"], statement.lower()],
        }
        return self._outcome(self._cut(told), valid=valid)

    def _execute(self, statement: str, database: str) -> tuple[Any, str, bool, str]:
        """Execute a statement: its rows or None, what is seen, whether it ran, the database."""
        try:
            rows, after = self._server.execute(statement, database)
        except (MySQLError, SQLiteError) as error:
            return None, f"Error executing query: {error}", False, database
        return rows, str(rows), True, after

    def _submit(self) -> Outcome:
        last = self._state["last"]
        told = _NO_RESULT if last is None else self._execute(*last)[1]
        return self._outcome(self._cut(told))._replace(reward=self._score, terminated=True)

    def _gold_rows(self, task: Task) -> Any:
        """Give the gold query's rows; one that MySQL refuses has none, as in the benchmark."""
        return self._execute(task.gold, task.database.lower())[0] or []

    def _scored(self, rows: Any, statement: str) -> float:
        """Score a result; the gold query is its own answer even where MySQL refuses it."""
        if rows is None and statement == _statement(self._task.gold):
            rows = []
        return score(rows, self._gold(self._task), self.reward_name)

    def _cut(self, text: str) -> str:
        limit = self.max_observation_chars
        return text if limit is None or len(text) <= limit else f"{text[:limit]}..."

    def _outcome(self, observation: str, *, valid: bool = True) -> Outcome:
        return Outcome(
            observation,
            valid=valid,
            success=self._score == 1.0,
            score=self._score,
            info={
                "task_type": self._task.hardness,
                "question": self._task.question,
                "database": self._state["database"],
            },
        )

    def _get_state(self) -> dict[str, Any]:
        return dict(self._state)

    def _set_state(self, task_id: str, seed: int, state: Any) -> None:
        self._task = self._library.task(task_id)
        self._state = {name: state[name] for name in ("database", "last", "sent")}
        last = state["last"]
        self._score = 0.0 if last is None else self._scored(self._execute(*last)[0], last[0])

    def expert(self) -> tuple[str, str]:
        """Look at the schema, run the gold query, submit."""
        sent = self._state["sent"]
        if self._state["last"] is not None and self._score == 1.0:
            return "The result answers the question, so I submit it.", "submit"
        for thought, statement in self._looks():
            if statement.lower() not in sent:
                return thought, statement
        return "Now I can write the query that answers the question.", self._task.gold

    def _looks(self) -> list[tuple[str, str]]:
        """List the statements that show the schema of the tables that the gold query names."""
        words = {token.value.lower() for token in tokenise(self._task.gold)}
        tables = [name for name in self._schema_tables() if name in words]
        if self.dialect == "sqlite":
            return [("I need to see the tables and their columns.",
                     "SELECT name, sql FROM sqlite_master WHERE type = 'table'")]  # fmt: skip
        first = [("I need to know which tables there are.", "SHOW TABLES")]
        return (
            first
            + [(f"I need to know the columns of {name}.", f"DESCRIBE `{name}`") for name in tables][
                :5
            ]
        )

    def _schema_tables(self) -> Sequence[str]:
        return sorted(self._library.schemas[self._task.database].tables)

    def explore(self, seed: int) -> str:
        """Look at some table, count or list its rows, or submit what there is."""
        rng = random.Random(seed)
        table = rng.choice(self._schema_tables())
        quoted = f"`{table}`" if self.dialect == "mysql" else f'"{table}"'
        return rng.choice(
            [
                f"SELECT * FROM {quoted} LIMIT {rng.randint(1, 5)}",
                f"SELECT COUNT(*) FROM {quoted}",
                "SHOW TABLES" if self.dialect == "mysql" else "SELECT name FROM sqlite_master",
                f"DESCRIBE {quoted}",
                "submit",
            ]
        )


def _statement(action: str) -> str:
    """Take the statement out of an action: out of its fence, and of several the first."""
    fenced = _FENCED.search(action)
    text = (fenced[1] if fenced else action).strip()
    if ";" in text:
        ends = [token.start for token in tokenise(text) if token.word == ";"]
        if ends and ends[0] > 0:
            text = text[: ends[0]].rstrip()
    return text
