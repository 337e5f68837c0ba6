"""Evaluation: play tasks with a policy, write a run folder, print scores with what they depend on.

    stepagent eval --model oracle --env stepagent/WebShop-v0 --limit 200

Every episode asked for is a start (task and seed).  A resumed run plays what has no result yet,
episodes that ended in an error included.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Annotated, Any, Literal

import gymnasium
import tyro
from gymnasium.envs.registration import load_env_creator
from rich.console import Console

from harness.accounts import Account
from harness.metrics import summarise
from harness.policies import (
    Local,
    Sampling,
    Server,
    is_model,
    make_policy,
    price_of,
    resolve_model,
    server_address,
)
from harness.policies.spending import Meter, Metered, usage_of
from harness.progress import Progress, print_spending, print_summary
from harness.ray_engine import ray_rollout
from harness.runs import SPENDING, RunFolder, read_trajectories
from stepagent_gym import ENVIRONMENTS
from stepagent_gym.datasets import load_prompt
from stepagent_gym.errors import BudgetSpent, ConfigChanged, NotInstalled, UsageError
from stepagent_gym.policy import Policy
from stepagent_gym.react import ActionFormat, Parsing, Prompt
from stepagent_gym.rollout import Overflow, Start, rollout
from stepagent_gym.sessions import make_env
from stepagent_gym.text_env import TextEnv
from stepagent_gym.types import Trajectory

Engine = Literal["local", "ray"]


@dataclass(frozen=True)
class EvalConfig:
    """Play tasks with a model and score it."""

    model: str
    """oracle, random, replay/<run folder>, openai/<model>, hf/<path>, vllm/<path>, or the path of
    a model's folder, which vLLM runs where it is installed with a GPU, else transformers."""
    env: str = "all"
    """Environments by id, separated by commas, or all."""
    split: str = "test"
    limit: int | None = None
    """Play the first so many tasks of the split; by default all."""
    data: str | None = None
    """Prepared data by name or path; by default the embedded tasks."""
    repeats: int = 1
    """Episodes of each task, with the seeds seed, seed + 1, ..."""
    seed: int = 0
    sampling: Annotated[Sampling, tyro.conf.arg(name="")] = field(default_factory=Sampling)
    examples: int = 1
    """Worked examples in the prompt."""
    overflow: Overflow = "fail"
    """When a chat does not fit the model's context: end the episode in an error, or leave out
    worked examples, or the oldest turns, which the records of its turns then say."""
    max_turns: str | None = None
    """A number, or the name of a published limit; by default the benchmark's own."""
    action_format: ActionFormat = "react"
    parsing: Parsing = "lenient"
    set: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """A keyword of the environment, as NAME=VALUE; may be given several times."""
    concurrency: int = 64
    """Episodes at once."""
    workers: int | None = None
    """Processes that step the environments; by default none for fast ones, else one a core.
    With the Ray engine, its actors; by default one for each CPU of the cluster."""
    engine: Engine = "local"
    """Where episodes are played: here, or in actors of Ray."""
    ray_address: str | None = None
    """Address of a Ray cluster; by default one is started on this machine."""
    out: Path | None = None
    """The run folder; by default runs/<model>-<time>."""
    resume: Path | None = None
    """Continue the run in this folder, under the config that it began with."""
    server: Annotated[Server, tyro.conf.arg(name="")] = field(default_factory=Server)
    local: Annotated[Local, tyro.conf.arg(name="")] = field(default_factory=Local)
    quiet: bool = False
    """No live progress, only the final table."""

    def stored(self) -> dict[str, Any]:
        """Give the config as it is kept in run.json."""
        value = asdict(self)
        del value["resume"]
        value["out"] = None if self.out is None else str(self.out)
        value["server"]["prices"] = self.server.prices and str(self.server.prices)
        value["sampling"]["stop"] = list(self.sampling.stop)
        value["set"] = list(self.set)
        return value

    @classmethod
    def from_stored(cls, value: Mapping[str, Any]) -> "EvalConfig":
        """Read what `stored` gave; raises `ConfigChanged` for a config of another version."""
        try:
            sampling, server = value["sampling"], value["server"]
            return cls(
                **{
                    **value,
                    "out": value["out"] and Path(value["out"]),
                    "set": tuple(value["set"]),
                    "sampling": Sampling(**{**sampling, "stop": tuple(sampling["stop"])}),
                    "server": Server(
                        **{**server, "prices": server["prices"] and Path(server["prices"])}
                    ),
                    "local": Local(**value["local"]),
                }
            )
        except (KeyError, TypeError) as error:
            raise ConfigChanged(
                f"the run was begun by another version of stepagent-gym ({error}); "
                "finish it with that one, or begin a new run"
            ) from error


@dataclass(frozen=True)
class Plan:
    """What is to be played in one environment."""

    env_id: str
    options: Mapping[str, Any]
    prompt: Prompt
    tasks: Sequence[str]
    conditions: Mapping[str, Any]


def evaluate(config: EvalConfig, console: Console, *, beside: Sequence[Meter] = ()) -> bool:
    """Run an evaluation to its end; whether every episode asked for has a result.

    `beside`: meters of what else counts towards the limits of spending.
    Raises `UsageError`, `DataError` and `RunError`; what was played before stays in the folder.
    """
    plans = [make_plan(config, env_id) for env_id in chosen_environments(config.env)]
    address = server_address(config.model, config.server)
    config = replace(
        config,
        model=resolve_model(config.model),
        server=replace(config.server, base_url=address),
    )
    policy = make_policy(config.model, config.sampling, config.server, config.seed, config.local)
    if isinstance(policy, Metered):
        policy.meter.beside = beside
    conditions = {plan.env_id: plan.conditions for plan in plans}
    if config.resume is not None:
        run = RunFolder.resume(config.resume, config.stored(), conditions)
    else:
        config = replace(config, out=config.out or default_folder(config))
        assert config.out is not None
        run = RunFolder.create(config.out, config.stored(), conditions)
    stopped: BudgetSpent | None = None
    with run:
        run.drop_errors()
        try:
            asyncio.run(_play_and_close(run, plans, policy, config, console))
        except BudgetSpent as error:
            stopped = error
        summary = summarise_run(run.path, plans, config)
        run.write_summary(summary)
    print_summary(summary, run.header, console)
    if isinstance(policy, Metered):
        print_spending(policy.meter, console)
    console.print(f"\nrun folder: {run.path}", soft_wrap=True)
    complete = all(part["complete"] for part in summary.values())
    if stopped is not None:
        console.print(
            f"stopped: {stopped}; what was played is safe, continue with --resume {run.path}",
            soft_wrap=True,
            markup=False,
        )
    elif not complete:
        console.print(f"some episodes ended in errors; play them again with --resume {run.path}")
    return complete


def make_plan(config: EvalConfig, env_id: str) -> Plan:
    """Resolve what a config means for one environment."""
    turns = config.max_turns
    options: dict[str, Any] = {
        "split": config.split,
        "data": config.data,
        "action_format": config.action_format,
        "parsing": config.parsing,
        "max_turns": int(turns) if turns is not None and turns.isdigit() else turns,
        **read_keywords(config.set),
    }
    limit = 1 if config.limit is None else config.limit
    if min(config.repeats, config.concurrency, limit) < 1:
        raise UsageError("repeats, concurrency and limit are at least 1")
    env = make_env(env_id, options)
    unwrapped = env.unwrapped
    assert isinstance(unwrapped, TextEnv)
    prompt = load_prompt(unwrapped.benchmark)
    if config.examples > len(prompt.demonstrations):
        raise UsageError(
            f"--examples {config.examples}: the prompt of {env_id} holds "
            f"{len(prompt.demonstrations)}"
        )
    tasks = unwrapped.task_ids[: config.limit]
    conditions = {
        **unwrapped.conditions(),
        "tasks": len(tasks),
        "repeats": config.repeats,
        "seed": config.seed,
        "examples": config.examples,
        "prompt_sha256": prompt.sha256,
    }
    env.close()
    return Plan(env_id, options, prompt, tasks, conditions)


def chosen_environments(names: str) -> list[str]:
    """Resolve a comma-separated list of ids, or `all`: those whose packages are installed.

    Raises `UsageError` for an unknown one.
    """
    if names == "all":
        return [env_id for env_id in ENVIRONMENTS if _is_installed(env_id)]
    chosen = [name.strip().removeprefix("stepagent_gym:") for name in names.split(",")]
    for name in chosen:
        if name not in ENVIRONMENTS:
            raise UsageError(f"no environment {name!r}; there are {', '.join(ENVIRONMENTS)}")
    return list(dict.fromkeys(chosen))


def _is_installed(env_id: str) -> bool:
    try:
        make_env(env_id, {}).close()
    except NotInstalled as error:
        print(f"{env_id} is left out: {error}", file=sys.stderr)
        return False
    return True


def default_folder(config: EvalConfig) -> Path:
    """Name a run folder by the model and the time."""
    model = "".join(c if c.isalnum() or c in "-._" else "-" for c in config.model)[-60:]
    return Path("runs") / f"{model}-{datetime.now():%Y%m%d-%H%M%S}"


def summarise_run(path: Path, plans: Sequence[Plan], config: EvalConfig) -> dict[str, Any]:
    """Summarise a run folder by environment; each part holds the conditions of its scores."""
    trajectories = list(read_trajectories(path))
    price = price_of(config.model, config.server)
    summary: dict[str, Any] = {}
    for plan in plans:
        mine = [trajectory for trajectory in trajectories if trajectory.env_id == plan.env_id]
        part = summarise_environment(plan.env_id, mine, plan.conditions, config)
        completions = (step.completion for trajectory in mine for step in trajectory.steps)
        summary[plan.env_id] = {**part, "usage": usage_of(completions, price)}
    return summary


def summarise_environment(
    env_id: str,
    trajectories: Sequence[Trajectory],
    conditions: Mapping[str, Any],
    config: EvalConfig,
) -> dict[str, Any]:
    """Summarise the trajectories of one environment beside the conditions of its scores."""
    kind = environment_class(env_id)
    part = summarise(trajectories, breakdowns=kind.breakdowns, pooled=kind.pooled)
    part["asked"] = conditions["tasks"] * conditions["repeats"]
    part["complete"] = part["episodes"] == part["asked"]
    part["conditions"] = {**conditions, "model": config.model, **asked_how(config)}
    return part


@cache
def environment_class(env_id: str) -> type[TextEnv]:
    """Give the class of a registered environment."""
    made_by = gymnasium.spec(env_id).entry_point
    kind = load_env_creator(made_by) if isinstance(made_by, str) else made_by
    assert isinstance(kind, type)
    assert issubclass(kind, TextEnv)
    return kind


def asked_how(config: EvalConfig) -> dict[str, Any]:
    """Give the conditions of a score that concern models alone; none for scripted policies."""
    if not is_model(config.model):
        return {}
    sampling = config.sampling
    return {
        "temperature": sampling.temperature,
        "max_tokens": sampling.max_tokens,
        "overflow": config.overflow,
    }


async def _play_and_close(
    run: RunFolder, plans: Sequence[Plan], policy: Policy, config: EvalConfig, console: Console
) -> None:
    async with AsyncExitStack() as stack:
        if isinstance(policy, Metered):
            account = Account(run.path / SPENDING, policy.meter)
            await stack.enter_async_context(account.kept())
        stack.push_async_callback(policy.close)
        await _play(run, plans, policy, config, console)


async def _play(
    run: RunFolder,
    plans: Sequence[Plan],
    policy: Policy,
    config: EvalConfig,
    console: Console,
) -> None:
    done = {trajectory.key: trajectory for trajectory in read_trajectories(run.path)}
    seeds = range(config.seed, config.seed + config.repeats)
    with Progress(console, live=not config.quiet and console.is_terminal) as progress:
        for plan in plans:
            split = str(plan.options["split"])
            todo = [
                Start(task, seed)
                for seed in seeds
                for task in plan.tasks
                if (plan.env_id, split, task, seed) not in done
            ]
            progress.begin(plan.env_id, len(plan.tasks) * config.repeats)
            for trajectory in done.values():
                if trajectory.env_id == plan.env_id:
                    progress.add(trajectory)
            async for trajectory in play(plan, todo, policy, config):
                run.append(trajectory)
                progress.add(trajectory)


def play(
    plan: Plan, starts: Sequence[Start], policy: Policy, config: EvalConfig
) -> AsyncIterator[Trajectory]:
    """Play episodes with the engine of a config, and yield trajectories as they finish."""
    engine = rollout
    if config.engine == "ray":
        engine = partial(ray_rollout, address=config.ray_address)
    return engine(
        plan.env_id,
        starts,
        policy,
        prompt=plan.prompt,
        env_options=plan.options,
        examples=config.examples,
        concurrency=config.concurrency,
        workers=config.workers,
        overflow=config.overflow,
    )


def read_keywords(pairs: Sequence[str]) -> dict[str, Any]:
    """Read NAME=VALUE pairs; a value is a number, true, false, none, or a text."""
    words: Mapping[str, Any] = {"true": True, "false": False, "none": None}
    keywords: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--set takes NAME=VALUE, not {pair!r}")
        number = value.removeprefix("-").isdigit()
        keywords[name] = int(value) if number else words.get(value.lower(), value)
    return keywords
