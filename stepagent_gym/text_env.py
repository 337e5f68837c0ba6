"""`TextEnv`: the one base class of the environments.

It owns what every text benchmark shares: the choice of a task, the seed of an episode, parsing,
the turn counter and its limit, `info`, and snapshots.  An environment supplies four methods:

    _load(data, split)     -> TaskSet      open the data, list the tasks of a split
    _start(task_id, seed)  -> Outcome      begin a task
    _act(action)           -> Outcome      do one bare action
    _available_actions()   -> list | None  what could be sent now

and, where it can, `_get_state` with `_set_state` (a copy of its state, so that a snapshot needs no
replay) and `expert` (the next action of a solution, for the oracle policy).
"""

import operator
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, get_args

import gymnasium
from gymnasium.error import ResetNeeded

from stepagent_gym.episode import NOTHING, Episode, Outcome, TaskSet
from stepagent_gym.errors import ReplayDiverged, SnapshotError, UsageError
from stepagent_gym.react import ActionFormat, Parsed, Parsing, Syntax, parse, render_error
from stepagent_gym.spaces import AnyText
from stepagent_gym.types import Snapshot


class TextEnv(gymnasium.Env[str, str]):
    """A text benchmark as a gymnasium environment.

    Keywords: `split` (`"all"`: every task in the order of the source files), `data` (None: the
    embedded tasks; a name or path: prepared data), `action_format` (`"react"` or `"bare"`),
    `max_turns` (None: the benchmark's own; a number; or a name of `turn_limits`), `parsing`
    (`"lenient"` or `"strict"`).  `settings` are the subclass's own keywords, which a snapshot must
    share with the environment that restores it.

    For the scores of many episodes: `metric_keys` are numbers of `info` that are averaged over
    tasks; `pooled` names those that are averaged over what they count too (a micro average), with
    the metric that counts it; `breakdowns` are keys of `info` by which scores are broken down.
    Raises `UsageError` for values that do not exist and `DataError` where the data is not usable.
    """

    metadata: dict[str, Any] = {"render_modes": ["ansi"], "render_fps": 1}
    env_id: ClassVar[str]
    benchmark: ClassVar[str]
    syntax: ClassVar[Syntax]
    turn_limits: ClassVar[Mapping[str, int]]
    metric_keys: ClassVar[tuple[str, ...]] = ()
    pooled: ClassVar[Mapping[str, str]] = NOTHING
    breakdowns: ClassVar[tuple[str, ...]] = ("task_type",)
    slow: bool = False

    def __init__(
        self,
        *,
        split: str = "test",
        data: str | Path | None = None,
        action_format: ActionFormat = "react",
        max_turns: int | str | None = None,
        parsing: Parsing = "lenient",
        render_mode: str | None = None,
        settings: Mapping[str, Any] = NOTHING,
    ) -> None:
        choose("action_format", action_format, get_args(ActionFormat))
        choose("parsing", parsing, get_args(Parsing))
        choose("render_mode", render_mode, (None, *self.metadata["render_modes"]))
        self.observation_space = AnyText()
        self.action_space = AnyText()
        self.split = split
        self.action_format = action_format
        self.parsing = parsing
        self.render_mode = render_mode
        self.settings = dict(settings)
        self._limit = self._check_limit(max_turns)
        self._copies_state = type(self)._get_state is not TextEnv._get_state
        self.tasks = self._load(data, split)
        self._episode: Episode | None = None

    # What an environment supplies.

    def _load(self, data: str | Path | None, split: str) -> TaskSet:
        """Open the data and list the tasks of a split; UsageError if there is no such split."""
        raise NotImplementedError

    def _start(self, task_id: str, seed: int) -> Outcome:
        """Begin a task; all randomness of the episode comes from `seed`."""
        raise NotImplementedError

    def _act(self, action: str) -> Outcome:
        """Do a bare action; any string, the impossible answered as the original engine does."""
        raise NotImplementedError

    def _available_actions(self) -> Sequence[str] | None:
        """List the bare actions that could be sent now, or None where they are unbounded."""
        return None

    def _get_state(self) -> Any:
        """Copy the state of the episode as JSON; left out, snapshots replay the actions."""
        raise NotImplementedError

    def _set_state(self, task_id: str, seed: int, state: Any) -> None:
        """Take up a copied state, without `_start` having been called."""
        raise NotImplementedError

    def _turn_limit(self, task_id: str) -> int:
        """Give the turn limit of a task (overridden where the benchmark has one for each)."""
        return self._limit if isinstance(self._limit, int) else self.turn_limits[self._limit]

    def expert(self) -> tuple[str, str]:
        """Give thought and bare action that lead on to a solution from the present state."""
        raise UsageError(f"{self.env_id} has no oracle")

    def explore(self, seed: int) -> str:
        """Draw a bare action worth trying, for the random policy."""
        actions = self._available_actions()
        if not actions:
            raise UsageError(f"{self.env_id} lists no actions to draw from")
        return random.Random(seed).choice(actions)

    def metrics(self) -> dict[str, float]:
        """Give the numbers of `metric_keys` that the episode's `info` holds so far."""
        info = self._episode_now.outcome.info
        return {key: float(info[key]) for key in self.metric_keys if key in info}

    # What everybody calls.

    @property
    def task_ids(self) -> tuple[str, ...]:
        """The tasks of the split, in their fixed order."""
        return self.tasks.ids

    def conditions(self) -> dict[str, Any]:
        """Say what a score of this environment depends on, to be printed beside it."""
        return {
            "data": self.tasks.data_name,
            "data_hash": self.tasks.data_hash,
            "split": self.split,
            "split_hash": self.tasks.split_hash,
            "split_tasks": len(self.tasks.ids),
            "max_turns": self._limit
            if isinstance(self._limit, int)
            else self.turn_limits.get(self._limit, self._limit),
            "action_format": self.action_format,
            "parsing": self.parsing,
            **self.settings,
        }

    def resolve_task(self, task: str | int) -> str:
        """Give the id of a task named by index or id; raises `UsageError` if there is none."""
        ids = self.tasks.ids
        if isinstance(task, str):
            if task in self.tasks.members:
                return task
            raise UsageError(
                f"no task {task!r} in split {self.split!r} of {self.tasks.data_name}; "
                f"its {len(ids)} ids are in env.unwrapped.task_ids, the first is {ids[0]!r}"
            )
        try:
            index = operator.index(task)
        except TypeError:
            raise UsageError(f"a task is an index or an id, not {task!r}") from None
        if not 0 <= index < len(ids):
            raise UsageError(
                f"no task {index} in split {self.split!r} of {self.tasks.data_name}, "
                f"which has the tasks 0 to {len(ids) - 1}"
            )
        return ids[index]

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[str, dict[str, Any]]:
        """Begin a task, or take up a snapshot.

        `options`: `{"task": index or id}`, `{"snapshot": s}`, or nothing (a task is drawn).
        Raises `UsageError` for an unknown option or task, `SnapshotError` for a snapshot that
        belongs elsewhere, `ReplayDiverged` where a replay gives other observations.
        """
        super().reset(seed=seed)
        options = options or {}
        if unknown := options.keys() - {"task", "snapshot"}:
            raise UsageError(f"unknown option {sorted(unknown)[0]!r}; there are: task, snapshot")
        if "snapshot" in options:
            if "task" in options:
                raise UsageError("options hold both a task and a snapshot; give one of them")
            return self._restore(options["snapshot"])
        task = options.get("task")
        if task is None:
            task = int(self.np_random.integers(len(self.tasks.ids)))
        task_id = self.resolve_task(task)
        episode_seed = int(self.np_random.integers(1 << 53))
        self._begin(task_id, episode_seed, self._turn_limit(task_id))
        return self._episode_now.observation, self._info()

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Take a turn with any text; only the text's first action is done.

        A reply without an action gets an observation that says what was expected; like an
        impossible action it spends a turn, with `valid=False` and reward 0.
        """
        episode = self._episode
        if episode is None or episode.done:
            raise ResetNeeded("the episode is over; call reset() before step()")
        if not isinstance(action, str):
            raise UsageError(f"an action is a str, not {type(action).__name__}")
        if self.action_format == "bare":
            parsed = Parsed(None, action, "bare")
        else:
            parsed = parse(action, self.syntax, self.parsing)
        reward, terminated = self._take(episode, parsed.action)
        truncated = not terminated and episode.turn >= episode.max_turns
        episode.done = terminated or truncated
        episode.parsed = parsed
        return episode.observation, reward, terminated, truncated, self._info()

    def render(self) -> str | None:
        """Give the present observation where `render_mode="ansi"`, else None."""
        if self.render_mode is None:
            return None
        return self._episode_now.observation

    def snapshot(self) -> Snapshot:
        """Save the present moment as plain JSON; restore it with `reset(options=...)`."""
        episode = self._episode_now
        info = self._info()
        info.pop("available_actions")
        return Snapshot(
            env_id=self.env_id,
            data_hash=self.tasks.data_hash,
            settings=dict(self.settings),
            task_id=episode.task_id,
            seed=episode.seed,
            turn=episode.turn,
            max_turns=episode.max_turns,
            done=episode.done,
            observation=episode.observation,
            info=info,
            state=self._get_state() if self._copies_state else None,
            actions=None if self._copies_state else list(episode.actions),
            digest=None if self._copies_state else episode.digest.hexdigest(),
        )

    # How it is done.

    @property
    def _episode_now(self) -> Episode:
        if self._episode is None:
            raise ResetNeeded("there is no episode yet; call reset() first")
        return self._episode

    def _begin(self, task_id: str, seed: int, max_turns: int) -> None:
        outcome = self._start(task_id, seed)
        self._episode = Episode(task_id, seed, max_turns, outcome)
        if not self._copies_state:
            self._episode.digest.update(outcome.observation.encode("utf-8", "surrogatepass"))

    def _take(self, episode: Episode, action: str | None) -> tuple[float, bool]:
        """Spend a turn on an action (None: the reply held none): (reward, terminated)."""
        reward, terminated = 0.0, False
        episode.turn += 1
        if action is None:
            episode.observation = render_error(self.syntax, self.parsing)
            episode.valid = False
        else:
            episode.outcome = outcome = self._act(action)
            episode.observation, episode.valid = outcome.observation, outcome.valid
            reward, terminated = outcome.reward, outcome.terminated
        if not self._copies_state:
            episode.actions.append(action)
            if action is not None:
                episode.digest.update(episode.observation.encode("utf-8", "surrogatepass"))
        return reward, terminated

    def _info(self) -> dict[str, Any]:
        episode = self._episode_now
        outcome = episode.outcome
        info: dict[str, Any] = {
            **outcome.info,
            "task_id": episode.task_id,
            "turn": episode.turn,
            "valid": episode.valid,
            "success": outcome.success,
            "score": outcome.score,
            "available_actions": self._available_actions(),
        }
        if episode.parsed is not None:
            info["thought"], info["action"], info["parse_rule"] = episode.parsed
        return info

    def _restore(self, snapshot: Snapshot) -> tuple[str, dict[str, Any]]:
        """Take up a snapshot; whatever is wrong inside it is a `SnapshotError`."""
        self._check_snapshot(snapshot)
        try:
            return self._take_up(snapshot)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            self._episode = None
            raise SnapshotError(f"the snapshot is damaged: {error!r}") from error

    def _take_up(self, snapshot: Snapshot) -> tuple[str, dict[str, Any]]:
        """Restore by the copied state, else by replay."""
        task_id, seed = snapshot["task_id"], snapshot["seed"]
        state, actions = snapshot["state"], snapshot["actions"]
        saved = dict(snapshot["info"])
        if self._copies_state:
            self._set_state(task_id, seed, state)
            own = {key: value for key, value in saved.items() if key not in _SHARED_KEYS}
            outcome = Outcome(
                snapshot["observation"], success=saved["success"], score=saved["score"], info=own
            )
            self._episode = episode = Episode(task_id, seed, snapshot["max_turns"], outcome)
            episode.turn = snapshot["turn"]
        else:
            self._begin(task_id, seed, snapshot["max_turns"])
            episode = self._episode_now
            for action in actions or ():
                self._take(episode, action)
            if episode.digest.hexdigest() != snapshot["digest"]:
                raise ReplayDiverged(
                    f"{self.env_id}, task {task_id}: replaying {len(actions or ())} actions gave "
                    "other observations than the episode had"
                )
        episode.observation, episode.valid = snapshot["observation"], saved["valid"]
        episode.done = snapshot["done"]
        if "action" in saved:
            episode.parsed = Parsed(saved["thought"], saved["action"], saved["parse_rule"])
        return episode.observation, self._info()

    def _check_snapshot(self, snapshot: Any) -> None:
        keys = Snapshot.__required_keys__
        if not isinstance(snapshot, Mapping) or snapshot.keys() != keys:
            raise SnapshotError("this is no snapshot; take one with env.unwrapped.snapshot()")
        mine = {
            "env_id": self.env_id,
            "data_hash": self.tasks.data_hash,
            "settings": self.settings,
        }
        for key, value in mine.items():
            if snapshot[key] != value:
                raise SnapshotError(
                    f"the snapshot has {key} {snapshot[key]!r}, this environment has {value!r}"
                )
        if (snapshot["state"] is None) == self._copies_state:
            raise SnapshotError(f"the snapshot was made by another version of {self.env_id}")

    def _check_limit(self, max_turns: int | str | None) -> int | str:
        """Resolve `max_turns` to a number or a name of `turn_limits` (the first is the default)."""
        if max_turns is None:
            return next(iter(self.turn_limits))
        if isinstance(max_turns, str):
            choose("max_turns", max_turns, tuple(self.turn_limits))
            return max_turns
        if isinstance(max_turns, bool) or not isinstance(max_turns, int) or max_turns < 1:
            raise UsageError(f"max_turns is a number of at least 1, not {max_turns!r}")
        return max_turns


_SHARED_KEYS = frozenset(
    {
        "task_id",
        "turn",
        "valid",
        "success",
        "score",
        "available_actions",
        "thought",
        "action",
        "parse_rule",
    }
)


def choose(keyword: str, value: Any, choices: Sequence[Any]) -> None:
    """Check the value of a keyword; raises `UsageError` that names it and lists the choices."""
    if value not in choices:
        raise UsageError(f"{keyword}={value!r}: there are {', '.join(map(repr, choices))}")
