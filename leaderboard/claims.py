"""What must hold in a submission before any environment is asked: it must not contradict itself.

Every episode that the run was to play is there once, none ended in an error, and the summary is
what follows from the episodes.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import orjson

from harness.evaluate import EvalConfig, environment_class, summarise_environment
from stepagent_gym import ENVIRONMENTS
from stepagent_gym.types import Completion, Step, Trajectory

_LONGEST = 600  # characters of a finding, which may quote a stranger
_USAGE = "usage"
"""What a run says it spent is not the board's to check: prices are the submitter's."""
_CLOSE = 1e-9
"""Means and bootstrap intervals may differ so much between versions of NumPy."""


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, and where: the episode and turn, as far as it has one."""

    what: str
    env_id: str | None = None
    task_id: str | None = None
    seed: int | None = None
    turn: int | None = None

    def __str__(self) -> str:
        places = (
            self.env_id,
            None if self.task_id is None else f"task {self.task_id}",
            None if self.seed is None else f"seed {self.seed}",
            None if self.turn is None else f"turn {self.turn}",
        )
        where = ", ".join(place for place in places if place is not None)
        text = f"{where}: {self.what}" if where else self.what
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


@dataclass(frozen=True)
class Episode:
    """An episode in short: its line in the file, and what of it enters the summary.

    `trajectory` has the type of the task and the numbers, and no text.
    """

    line: int
    turns: int
    trajectory: Trajectory

    @classmethod
    def of(cls, line: int, trajectory: Trajectory) -> Self:
        """Shorten a trajectory."""
        info = trajectory.steps[-1].info if trajectory.steps else {}
        last = Step(
            "", Completion(""), None, None, 0.0, False, False, _broken_down(trajectory.env_id, info)
        )
        short = replace(trajectory, steps=(last,), final_observation="")
        return cls(line, len(trajectory.steps), short)

    def finding(self, what: str, turn: int | None = None) -> Finding:
        """Give a finding of this episode."""
        return find(self.trajectory, what, turn)

    def to_json(self) -> dict[str, Any]:
        """Give a JSON object."""
        return {
            "line": self.line,
            "turns": self.turns,
            "trajectory": self.trajectory.to_json(),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave."""
        return cls(value["line"], value["turns"], Trajectory.from_json(value["trajectory"]))


def find(trajectory: Trajectory, what: str, turn: int | None = None) -> Finding:
    """Give a finding of an episode."""
    return Finding(what, trajectory.env_id, trajectory.task_id, trajectory.seed, turn)


def check_claims(
    config: EvalConfig,
    conditions: Mapping[str, Any],
    summary: Mapping[str, Any],
    episodes: Sequence[Episode],
) -> list[Finding]:
    """Hold the episodes of a submission against what its run.json and summary.json say."""
    findings: list[Finding] = []
    if conditions.keys() != summary.keys() or not conditions:
        findings.append(
            Finding(
                f"run.json tells of {', '.join(conditions) or 'no environment'}, "
                f"summary.json of {', '.join(summary) or 'none'}"
            )
        )
    findings += _repeated(episodes)
    for episode in episodes:
        findings += _check_episode(episode, conditions)
    for env_id in conditions.keys() & summary.keys() & ENVIRONMENTS.keys():
        mine = [e.trajectory for e in episodes if e.trajectory.env_id == env_id]
        findings += _check_number(env_id, conditions[env_id], mine)
        wanted = summarise_environment(env_id, mine, conditions[env_id], config)
        told = {key: value for key, value in summary[env_id].items() if key != _USAGE}
        findings += [
            Finding(
                f"summary.json says {path} {here!r}; from the episodes follows {true!r}", env_id
            )
            for path, here, true in differences(
                told, orjson.loads(orjson.dumps(wanted)), tolerance=_CLOSE
            )
        ]
    return findings


def differences(
    told: Any, true: Any, path: str = "", *, tolerance: float = 0.0
) -> Iterator[tuple[str, Any, Any]]:
    """List where two JSON values differ: (dotted key, the one, the other); None for absent."""
    if isinstance(told, dict) and isinstance(true, dict):
        for key in sorted({*told, *true}):
            below = f"{path}.{key}" if path else key
            yield from differences(told.get(key), true.get(key), below, tolerance=tolerance)
    elif not _same(told, true, tolerance):
        yield path, told, true


def _same(told: Any, true: Any, tolerance: float) -> bool:
    if isinstance(told, float) and isinstance(true, float):
        return math.isclose(told, true, rel_tol=tolerance, abs_tol=tolerance)
    return type(told) is type(true) and bool(told == true)


def _broken_down(env_id: str, info: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what scores are broken down by."""
    keys = environment_class(env_id).breakdowns if env_id in ENVIRONMENTS else ()
    return {key: info[key] for key in keys if key in info}


def _repeated(episodes: Iterable[Episode]) -> Iterator[Finding]:
    seen: dict[tuple[str, str, str, int], int] = {}
    for episode in episodes:
        first = seen.setdefault(episode.trajectory.key, episode.line)
        if first != episode.line:
            yield episode.finding(f"recorded twice, in the lines {first} and {episode.line}")


def _check_episode(episode: Episode, all_conditions: Mapping[str, Any]) -> Iterator[Finding]:
    trajectory = episode.trajectory
    conditions = all_conditions.get(trajectory.env_id)
    if conditions is None:
        yield episode.finding("played in an environment that run.json does not tell of")
        return
    if trajectory.split != conditions["split"]:
        yield episode.finding(f"of split {trajectory.split!r}, not {conditions['split']!r}")
    if trajectory.status == "error":
        yield episode.finding(
            f"ended in an error and has no result ({(trajectory.error or '')[:200]}); "
            "resume the run to play it again"
        )
    elif trajectory.error is not None:
        yield episode.finding(f"{trajectory.status}, and yet with the error {trajectory.error!r}")
    first, repeats = conditions["seed"], conditions["repeats"]
    if not first <= trajectory.seed < first + repeats:
        yield episode.finding(f"its seed is none of the {repeats} from {first} on")


def _check_number(
    env_id: str, conditions: Mapping[str, Any], trajectories: Sequence[Trajectory]
) -> Iterator[Finding]:
    tasks, repeats = conditions["tasks"], conditions["repeats"]
    if tasks < 1 or repeats < 1:
        yield Finding(f"{tasks} tasks, {repeats} repeats: there is nothing to score", env_id)
    played = len({trajectory.key for trajectory in trajectories})
    if played != tasks * repeats:
        yield Finding(
            f"{played} episodes of {tasks * repeats} ({tasks} tasks, {repeats} repeats); "
            "missing ones are played by resuming the run",
            env_id,
        )
