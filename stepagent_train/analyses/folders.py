"""What analyses read: folders of training runs, and of evaluated runs that can be compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from harness.evaluate import EvalConfig, asked_how, make_plan
from harness.runs import read_header, read_trajectories
from stepagent_gym.errors import RunError, UsageError
from stepagent_gym.types import Trajectory
from stepagent_train.commands import stored_args
from stepagent_train.experience import Setting, recorded_experts
from stepagent_train.run import ITERATION, RunArgs, read_config

_SHOWN = (
    *("data", "data_hash", "split", "tasks", "repeats", "seed", "max_turns"),
    *("examples", "action_format", "parsing"),
)
_OF_A_RUN = frozenset({"tasks", "repeats", "seed", "examples", "prompt_sha256"})
"""Conditions in which evaluated runs may differ that stand side by side."""


@dataclass(frozen=True)
class Trained:
    """A training run: its method, its arguments, and what it depended on."""

    path: Path
    method: str
    args: RunArgs
    environment: Mapping[str, Any]

    def setting(self) -> Setting:
        """Resolve the environment; `RunError` where it is no longer what it was."""
        setting = Setting.of(self.args)
        now = orjson.loads(orjson.dumps(dict(setting.conditions)))
        if now != self.environment:
            raise RunError(
                f"{self.path}: the environment then: {self.environment}; now: {now}; analyse the "
                "run with the data that it was trained on"
            )
        return setting

    def experts(self, setting: Setting) -> list[Trajectory]:
        """Read the expert trajectories that the run learned from."""
        return recorded_experts(self.path, self.args, setting)

    def models(self) -> dict[int, Path]:
        """Give the models that were kept, by iteration; 0 is what the run began with.

        Raises `RunError` where there are none.
        """
        kept = {
            int(folder.name.rpartition("-")[2]): folder
            for folder in self.path.glob(ITERATION.format("*"))
        }
        if not kept:
            raise RunError(
                f"{self.path} kept no model of an iteration; train it with --keep-iterations"
            )
        return {0: self.args.model, **dict(sorted(kept.items()))}

    def stages(self, name: str) -> dict[int, Path]:
        """Give a file of every stage that has it; stage i began with the model of iteration i."""
        return {
            int(file.parent.name.rpartition("-")[2]): file
            for file in sorted(self.path.glob(f"stage-*/{name}.jsonl"))
        }

    def conditions(self, **more: object) -> dict[str, Any]:
        """Say what the numbers of this run depend on."""
        run = {"run": str(self.path), "method": self.method, "env": self.args.env}
        given = {**self.environment, "seed": self.args.seed}
        given["examples"] = self.args.rollout_examples
        return {**run, **shown(given), **more}


class Evaluated(NamedTuple):
    """A run folder of `stepagent eval`: the episodes that every run beside it has too.

    `left_out`: episodes that ended in an error, or that another run lacks.
    """

    label: str
    path: Path
    config: EvalConfig
    env_id: str
    conditions: Mapping[str, Any]
    episodes: Sequence[Trajectory]
    left_out: int

    def told(self, **more: object) -> dict[str, Any]:
        """Say what the numbers of this run depend on."""
        run = {"run": self.label, "path": str(self.path), "model": self.config.model}
        given = {**shown(self.conditions), **asked_how(self.config)}
        return {**run, "env": self.env_id, **given, **more}

    def setting(self) -> Setting:
        """Resolve the environment; `RunError` where its data are no longer what they were."""
        plan = make_plan(self.config, self.env_id)
        then, now = self.conditions["data_hash"], plan.conditions["data_hash"]
        if then != now:
            raise RunError(f"{self.path}: played on data {then}, and now there is {now}")
        options, prompt, tasks = plan.options, plan.prompt, tuple(plan.tasks)
        style = self.config.action_format
        return Setting(self.env_id, options, prompt, tasks, plan.conditions, style)


def shown(conditions: Mapping[str, Any]) -> dict[str, Any]:
    """Give the conditions that stand beside every number."""
    return {name: conditions[name] for name in _SHOWN if name in conditions}


def read_trained(path: Path) -> Trained:
    """Read the folder of a training run; `RunError` where it is none."""
    method, args = stored_args(path)
    return Trained(path, method, args, read_config(path)["facts"]["environment"])


def read_evaluated(paths: Sequence[Path], env_id: str | None) -> list[Evaluated]:
    """Read evaluated runs with the episodes that all of them have.

    `env_id` may be None where the first run has one environment.
    Raises `UsageError` where runs were not played under the same conditions.
    """
    if not paths or len({path.resolve() for path in paths}) < len(paths):
        raise UsageError("name a run folder of stepagent eval, or several different ones")
    headers = [read_header(path) for path in paths]
    env_id = env_id or _only(paths[0], headers[0])
    conditions = []
    for path, header in zip(paths, headers, strict=True):
        if env_id not in header["conditions"]:
            raise UsageError(f"{path} has no episodes of {env_id}")
        conditions.append(header["conditions"][env_id])
        for name in conditions[0].keys() - _OF_A_RUN:
            first, other = conditions[0][name], conditions[-1].get(name)
            if first != other:
                raise UsageError(
                    f"{paths[0]} was played with {name} {first}, {path} with {other}; only runs "
                    "under the same conditions stand side by side"
                )
    played = [{t.key: t for t in read_trajectories(path) if t.env_id == env_id} for path in paths]
    good = [{k for k, t in run.items() if t.steps and t.status != "error"} for run in played]
    common = sorted(set.intersection(*good))
    if not common:
        raise UsageError(f"there is no episode of {env_id} that every run has without an error")
    names = [path.name for path in paths]
    return [
        Evaluated(
            label=path.name if len(set(names)) == len(names) else str(path),
            path=path,
            config=EvalConfig.from_stored(header["config"]),
            env_id=env_id,
            conditions=given,
            episodes=[run[key] for key in common],
            left_out=len(run) - len(common),
        )
        for path, header, given, run in zip(paths, headers, conditions, played, strict=True)
    ]


def _only(path: Path, header: Mapping[str, Any]) -> str:
    env_id, *more = header["conditions"]
    if more:
        raise UsageError(f"{path} has episodes of {env_id}, {', '.join(more)}; choose with --env")
    return str(env_id)
