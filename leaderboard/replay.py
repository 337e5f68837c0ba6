"""Playing recorded episodes again, and the first turn in which they come out differently."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from harness.evaluate import Plan
from leaderboard.claims import Episode, Finding, differences, find
from leaderboard.submission import read_episode
from stepagent_gym.errors import EnvironmentFault
from stepagent_gym.policy import ReplayPolicy
from stepagent_gym.rollout import Start, rollout
from stepagent_gym.types import Step, Trajectory

_EXCERPT = 60
_TURN = ("thought", "action", "reward", "terminated", "truncated", "info")
_END = ("status", "error", "reward", "success", "score", "metrics")
"""What the environment has to give again, beside observations; the replies are the model's."""


@dataclass(frozen=True)
class Chunk:
    """Some lines of the file of trajectories; `first`: the number of the first, from 1."""

    first: int
    lines: tuple[bytes, ...]


@dataclass(frozen=True)
class Checked:
    """What replaying a chunk showed."""

    first: int
    episodes: tuple[Episode, ...]
    findings: tuple[Finding, ...]


def check_chunk(plans: Mapping[str, Plan], chunk: Chunk) -> Checked:
    """Replay every episode of a chunk.

    Raises `SubmissionError` for a line that is no trajectory, `EnvironmentFault` where the
    environment failed: then nothing is known about the submission.
    """
    recorded = {
        number: read_episode(line, number) for number, line in enumerate(chunk.lines, chunk.first)
    }
    findings: list[Finding] = []
    for env_id, plan in plans.items():
        tasks, seeds = frozenset(plan.tasks), _seeds(plan)
        mine: list[Trajectory] = []
        for told in recorded.values():
            if told.env_id == env_id and told.status != "error":
                if told.task_id not in tasks or told.seed not in seeds:
                    findings.append(find(told, "the run was not to play this task and seed"))
                elif told.split == plan.conditions["split"]:
                    mine.append(told)
        if mine:
            findings += asyncio.run(_replay(plan, mine))
    episodes = tuple(Episode.of(number, told) for number, told in recorded.items())
    return Checked(chunk.first, episodes, tuple(findings))


def compare(told: Trajectory, true: Trajectory) -> list[Finding]:
    """Name the first turn in which a recorded episode differs from the replayed one, and how."""
    as_stored = _bytes(true)
    if _bytes(told) == as_stored:
        return []
    true = Trajectory.from_json(orjson.loads(as_stored))
    for turn, (ours, theirs) in enumerate(zip(told.steps, true.steps, strict=False), start=1):
        if wrong := list(_compare_turn(ours, theirs)):
            return [find(told, what, turn) for what in wrong]
    shared = min(len(told.steps), len(true.steps))
    if len(told.steps) > shared:
        ended = "at its turn limit" if true.steps and true.steps[-1].truncated else "by itself"
        what = f"a turn too many: the environment ended the episode {ended} after turn {shared}"
        return [find(told, what, shared + 1)]
    if true.status == "error":
        what = (
            f"the episode stops after turn {shared} as {told.status!r}, where the environment goes "
            "on: under another turn limit, or with turns or an error left out"
        )
        return [find(told, what, shared + 1)]
    return [find(told, what, shared) for what in _compare_end(told, true)]


async def _replay(plan: Plan, recorded: Sequence[Trajectory]) -> list[Finding]:
    by_key: dict[tuple[str, str, str, int], list[Trajectory]] = {}
    for told in recorded:
        by_key.setdefault(told.key, []).append(told)
    findings: list[Finding] = []
    for copy in range(max(map(len, by_key.values()))):  # more than one only of a repeated episode
        these = {key: same[copy] for key, same in by_key.items() if copy < len(same)}
        async for true in rollout(
            plan.env_id,
            [Start(told.task_id, told.seed) for told in these.values()],
            ReplayPolicy(these.values()),
            prompt=plan.prompt,
            env_options=plan.options,
            examples=0,
            concurrency=1,
            workers=0,
        ):
            if true.error is not None and not true.error.startswith("policy: "):
                raise EnvironmentFault(f"{find(true, 'cannot be replayed')}: {true.error}")
            findings += compare(these[true.key], true)
    return findings


def _compare_turn(told: Step, true: Step) -> Iterator[str]:
    if told.observation != true.observation:
        yield f"the observation {_part(told.observation, true.observation)}"
    for path, ours, others in _differences(told, true, _TURN):
        yield f"{path} is {_short(ours)}; the environment gives {_short(others)}"


def _compare_end(told: Trajectory, true: Trajectory) -> Iterator[str]:
    if told.final_observation != true.final_observation:
        yield f"the last observation {_part(told.final_observation, true.final_observation)}"
    for path, ours, others in _differences(told, true, _END):
        yield f"the episode's {path} is {_short(ours)}; by the environment {_short(others)}"


def _differences(
    told: Step | Trajectory, true: Step | Trajectory, names: Sequence[str]
) -> Iterator[tuple[str, Any, Any]]:
    for name in names:
        yield from differences(getattr(told, name), getattr(true, name), name)


def _part(told: str, true: str) -> str:
    """Show where two texts part."""
    shared = zip(told, true, strict=False)
    shorter = min(len(told), len(true))
    place = next((place for place, (a, b) in enumerate(shared) if a != b), shorter)
    return (
        f"differs from character {place} on: {told[place : place + _EXCERPT]!r}; "
        f"the environment gives {true[place : place + _EXCERPT]!r}"
    )


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= _EXCERPT else f"{shown[:_EXCERPT]}..."


def _bytes(trajectory: Trajectory) -> bytes:
    options = orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY
    return orjson.dumps(trajectory.to_json(), option=options)


def _seeds(plan: Plan) -> range:
    first = plan.conditions["seed"]
    return range(first, first + plan.conditions["repeats"])
