"""From what a submission says it was played under, the same environments on this machine.

Nothing is opened by a name or path of the submission: data is found by its hash.  Whatever does
not exist here, or makes a score that is not comparable, is a finding.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from harness.evaluate import EvalConfig, Plan, chosen_environments, make_plan
from leaderboard.claims import Finding, differences
from leaderboard.submission import Submission
from stepagent_gym import ENVIRONMENTS
from stepagent_gym.datasets import list_datasets
from stepagent_gym.errors import NotInstalled, UsageError
from stepagent_gym.sessions import make_env
from stepagent_gym.text_env import TextEnv

_NOT_SETTINGS = frozenset({"split", "data", "action_format", "max_turns", "parsing", "render_mode"})
_GYMNASIUM = " was raised from the environment creator"
"""What gymnasium appends to an error, with keywords that name paths of this machine."""
_LOCAL = frozenset({"data"})
"""Conditions that are names of this machine; the hash beside them says what they name."""


@dataclass(frozen=True)
class Plans:
    """What is to be replayed, by environment, and what forbids it."""

    plans: Mapping[str, Plan]
    findings: Sequence[Finding]


def make_plans(submission: Submission) -> Plans:
    """Resolve what a submission says; raises `NotInstalled` where an environment cannot run here.

    Replaying is worth its time only where there are no findings.
    """
    config = submission.config
    findings = list(_check_config(config, submission.conditions))
    plans: dict[str, Plan] = {}
    if not findings:
        for env_id, conditions in submission.conditions.items():
            try:
                plan = _plan(env_id, config, conditions)
            except NotInstalled:
                raise
            except ValueError as error:  # a UsageError, or a number that is none
                reason = str(error).partition(_GYMNASIUM)[0]
                findings.append(Finding(f"cannot be played here: {reason}", env_id))
                continue
            if isinstance(plan, Finding):
                findings.append(plan)
                continue
            plans[env_id] = plan
            findings += [
                Finding(f"{path} is {told!r} in run.json; here it is {true!r}", env_id)
                for path, told, true in differences(conditions, dict(plan.conditions))
                if path not in _LOCAL
            ]
    return Plans(plans, findings)


def _check_config(config: EvalConfig, conditions: Mapping[str, Any]) -> Iterator[Finding]:
    for env_id in conditions:
        if env_id not in ENVIRONMENTS:
            yield Finding(f"there is no environment {env_id!r}; there are {_list(ENVIRONMENTS)}")
    if config.env != "all":
        try:
            asked = set(chosen_environments(config.env))
        except UsageError as error:
            yield Finding(str(error))
        else:
            if asked != conditions.keys():
                yield Finding(f"the run asked for {_list(asked)} and holds {_list(conditions)}")
    for pair in config.set:
        name = pair.partition("=")[0]
        if name in _NOT_SETTINGS:
            yield Finding(f"--set {pair}: {name} is no setting of an environment")


def _plan(env_id: str, config: EvalConfig, conditions: Mapping[str, Any]) -> Plan | Finding:
    """Find the data by its hash, and plan the run with it."""
    wanted = conditions["data_hash"]
    local = replace(config, concurrency=1, workers=None, out=None)
    env = make_env(env_id, {})
    described = env.unwrapped
    assert isinstance(described, TextEnv)
    limits = tuple(described.turn_limits)
    found: list[tuple[str | None, str]] = [(None, described.tasks.data_hash)]
    found += [
        (str(dataset.path), dataset.data_hash)
        for dataset in list_datasets()
        if dataset.benchmark == described.benchmark
    ]
    env.close()
    path = next((path for path, data_hash in found if data_hash == wanted), "")
    if path == "":
        return Finding(
            f"played on other data: {conditions['data']!r} with the hash {wanted}; "
            f"this machine has {_list(data_hash for _, data_hash in found)}; "
            f"`stepagent data prepare {described.benchmark}` makes more",
            env_id,
        )
    plan = make_plan(replace(local, data=path), env_id)
    published = _published_limits(plan, limits)
    turns = plan.conditions["max_turns"]
    if turns not in published.values():
        named = ", ".join(f"{name}: {turns}" for name, turns in published.items())
        return Finding(
            f"played under another turn limit, {turns}; the benchmark's are {named}", env_id
        )
    return plan


def _published_limits(plan: Plan, names: Iterable[str]) -> dict[str, Any]:
    """Give the turn limits of a benchmark by name, as conditions show them."""
    limits = {}
    for name in names:
        env = make_env(plan.env_id, {**plan.options, "max_turns": name})
        described = env.unwrapped
        assert isinstance(described, TextEnv)
        limits[name] = described.conditions()["max_turns"]
        env.close()
    return limits


def _list(names: Any) -> str:
    return ", ".join(sorted(set(names))) or "none"
