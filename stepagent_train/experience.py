"""Episodes to train on: experts from files or the oracle, and the model's own."""

import asyncio
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import orjson

from harness.evaluate import EvalConfig, make_plan
from harness.runs import TRAJECTORIES
from stepagent_gym.errors import DataCorrupt, DataNotFound, RunError, UsageError
from stepagent_gym.policy import OraclePolicy, Policy
from stepagent_gym.react import ActionFormat, Prompt
from stepagent_gym.rollout import Start, rollout
from stepagent_gym.types import Trajectory
from stepagent_train.generate import ModelPolicy
from stepagent_train.loop import Learner
from stepagent_train.model import Scorer
from stepagent_train.run import Run, RunArgs, hash_files, hash_folder
from stepagent_train.tokens import ChatTokeniser, Tokens, Unusable


@dataclass(frozen=True)
class Setting:
    """An environment as a run sees it: its keywords, its prompt, its tasks."""

    env_id: str
    options: Mapping[str, Any]
    prompt: Prompt
    tasks: tuple[str, ...]
    conditions: Mapping[str, Any]
    action_format: ActionFormat = "react"

    @classmethod
    def of(cls, args: RunArgs) -> Self:
        """Resolve the environment that a run names; raises as `stepagent eval` does.

        Raises `UsageError` too where every turn is a chat of its own, which is no single sample.
        """
        config = EvalConfig(
            model="", env=args.env, split=args.split, limit=args.limit, data=args.data, set=args.set
        )
        plan = make_plan(
            replace(config, examples=max(args.train_examples, args.rollout_examples)), args.env
        )
        if not plan.prompt.history:
            raise UsageError(
                f"{plan.env_id}: turns do not see those before them, so an episode is not one chat "
                "and cannot be trained on; choose an environment whose prompt keeps the history"
            )
        return cls(
            plan.env_id,
            plan.options,
            plan.prompt,
            tuple(plan.tasks),
            plan.conditions,
            plan.options["action_format"],
        )


def facts(args: RunArgs, setting: Setting) -> dict[str, Any]:
    """Give what a run depends on beside its arguments: hashes of the model and of the data."""
    return {
        "model_sha256": hash_folder(args.model),
        "experts_sha256": hash_experts(args.experts),
        "environment": dict(setting.conditions),
    }


def hash_experts(source: str) -> str:
    """Hash the file of experts; of the oracle's there is none."""
    return source if source == "oracle" else hash_files([expert_file(source)])


def load_experts(run: Run, args: RunArgs, setting: Setting) -> list[Trajectory]:
    """Give the expert trajectories of the run's tasks; the oracle's are played once.

    Raises `RunError` where there are none, and `DataError` where the file is not usable.
    """
    if args.experts == "oracle":
        starts = [Start(task, args.seed) for task in setting.tasks]
        found = collect(run, 0, "experts", setting, starts, OraclePolicy(), args, examples=0)
    else:
        found = read_experts(expert_file(args.experts))
    return choose_experts(found, args, setting)


def recorded_experts(path: Path, args: RunArgs, setting: Setting) -> list[Trajectory]:
    """Give the expert trajectories that the run in a folder learned from; raises as above."""
    played = path / "stage-000" / "experts.jsonl"
    file = played if args.experts == "oracle" else expert_file(args.experts)
    if not file.is_file():
        raise RunError(f"{path} has not played its experts; resume the run, to finish it")
    return choose_experts(read_experts(file), args, setting)


def choose_experts(
    found: Iterable[Trajectory], args: RunArgs, setting: Setting
) -> list[Trajectory]:
    """Choose those that a run trains on; `RunError` where there are none."""
    wanted = frozenset(setting.tasks)
    experts = [
        expert
        for expert in found
        if (expert.env_id, expert.status) == (setting.env_id, "finished")
        and expert.task_id in wanted
        and expert.steps
        and expert.reward >= args.expert_reward
    ]
    if not experts:
        raise RunError(
            f"{args.experts} holds no finished episode of the {len(wanted)} tasks of "
            f"{setting.env_id} with a reward of at least {args.expert_reward}"
        )
    return experts


def read_experts(path: Path) -> list[Trajectory]:
    """Read a JSON Lines file of trajectories; `DataCorrupt` names a line that is none."""
    found = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            found.append(Trajectory.from_json(orjson.loads(line)))
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise DataCorrupt(f"{path}, line {number}, is no trajectory: {error!r}") from error
    return found


def explore(
    learner: Learner,
    stage: int,
    setting: Setting,
    starts: Sequence[Start],
    *,
    temperature: float,
    name: str = "episodes",
) -> list[Trajectory]:
    """Play episodes with the model as it is now, once; those that ended in an error are left out.

    Raises `RunError` where more than half did.
    """
    policy = model_policy(learner, temperature, learner.args.seed + stage)
    args = learner.args
    return collect(
        learner.run, stage, name, setting, starts, policy, args, examples=args.rollout_examples
    )


def draw_starts(setting: Setting, stage: int, episodes: int, seed: int) -> list[Start]:
    """Take the tasks in turn, on from where the stage before left off; every start is new."""
    first = stage * episodes
    return [
        Start(setting.tasks[n % len(setting.tasks)], seed + n)
        for n in range(first, first + episodes)
    ]


def model_policy(
    learner: Learner, temperature: float, seed: int, scorer: Scorer | None = None
) -> ModelPolicy:
    """Give the model in training (or another with its tokenizer) as a policy."""
    args = learner.args
    return ModelPolicy(
        (scorer or learner.scorer).model,
        learner.chat,
        temperature=temperature,
        max_new_tokens=args.max_new_tokens,
        seed=seed,
        batch=args.concurrency,
    )


def collect(
    run: Run,
    stage: int,
    name: str,
    setting: Setting,
    starts: Sequence[Start],
    policy: Policy,
    args: RunArgs,
    *,
    examples: int,
) -> list[Trajectory]:
    """Play every start once in the run's life, each process its share; see `explore`."""

    def make() -> list[Any]:
        mine = run.share(starts)
        played = play(setting, mine, policy, examples=examples, concurrency=args.concurrency)
        return [trajectory.to_json() for trajectory in played]

    found = [Trajectory.from_json(row) for row in run.once(stage, name, make)]
    good = [trajectory for trajectory in found if trajectory.status != "error"]
    if good:
        run.log(
            stage,
            0,
            episodes=len(good),
            errors=len(found) - len(good),
            reward=math.fsum(trajectory.reward for trajectory in good) / len(good),
            success=sum(trajectory.success for trajectory in good) / len(good),
            **taken(found),
        )
    if 2 * len(good) < len(found):
        first = next(trajectory.error for trajectory in found if trajectory.status == "error")
        raise RunError(f"{len(found) - len(good)} of {len(found)} episodes failed, as in: {first}")
    return good


def taken(episodes: Iterable[Trajectory]) -> dict[str, int]:
    """Count the steps of environments that episodes took, and the tokens of models."""
    steps = [step for episode in episodes for step in episode.steps]
    usages = [step.completion.usage or {} for step in steps]
    tokens = {
        name: sum(usage.get(name, 0) for usage in usages)
        for name in ("prompt_tokens", "completion_tokens")
    }
    return {"environment_steps": len(steps), **tokens}


def play(
    setting: Setting,
    starts: Sequence[Start],
    policy: Policy,
    *,
    examples: int,
    concurrency: int,
) -> list[Trajectory]:
    """Play episodes, and close the policy; they come in the order of the starts."""

    async def gather() -> list[Trajectory]:
        playing = rollout(
            setting.env_id,
            starts,
            policy,
            prompt=setting.prompt,
            env_options=setting.options,
            examples=examples,
            concurrency=concurrency,
        )
        try:
            return [trajectory async for trajectory in playing]
        finally:
            await policy.close()

    order = {(start.task, start.seed): place for place, start in enumerate(starts)}
    played = asyncio.run(gather())
    return sorted(played, key=lambda trajectory: order[trajectory.task_id, trajectory.seed])


def recorded(run: Run, stage: int, name: str = "episodes") -> list[Trajectory]:
    """Give the episodes that `explore` played in an earlier stage."""

    def make() -> list[Any]:
        raise RunError(f"{run.path} lacks the episodes of stage {stage}; begin a new run")

    found = [Trajectory.from_json(row) for row in run.once(stage, name, make)]
    return [trajectory for trajectory in found if trajectory.status != "error"]


def tokenise(
    chat: ChatTokeniser,
    trajectories: Iterable[Trajectory],
    setting: Setting,
    *,
    examples: int,
    max_length: int,
) -> list[Tokens | None]:
    """Give the tokens of episodes; None for one that is too long or holds a control token."""
    samples: list[Tokens | None] = []
    for trajectory in trajectories:
        try:
            tokens = chat.trajectory(
                setting.prompt,
                trajectory.steps,
                examples=examples,
                action_format=setting.action_format,
            )
        except Unusable:
            samples.append(None)
            continue
        samples.append(tokens if len(tokens) <= max_length else None)
    return samples


def expert_file(experts: str) -> Path:
    """Find the file of expert trajectories; `DataNotFound` where there is none."""
    path = Path(experts)
    path = path / TRAJECTORIES if path.is_dir() else path
    if not path.is_file():
        raise DataNotFound(f"no expert trajectories in {experts}; give a file, or oracle")
    return path
