r"""Expert collection: play, keep what passes a filter, write thoughts, play what is left again.

    stepagent collect --model oracle --env stepagent/WebShop-v0 --keep 'reward>=0.7' \
        --out experts.jsonl

What is played is an ordinary run, in the folder `experts.run` beside the file; thoughts are kept
there too.  The same command given again continues where it was stopped; the limits of spending hold
for playing and thoughts together, from the first time it was given.  Published files
(`--model published/<file>`) are replays, which cost nothing and are done again.

At the end every trajectory is executed once more, and only those whose every observation and
reward comes out the same are written.  `experts.info.json` says what became of the rest.
"""

import asyncio
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import compress
from pathlib import Path
from typing import Annotated, Any, Literal

import orjson
import tyro
from rich.console import Console

from harness.accounts import read_spending
from harness.evaluate import EvalConfig, Plan, chosen_environments, evaluate, make_plan, play
from harness.keep import OF_EVERY_TRAJECTORY, Keep, read_keep
from harness.policies import is_model, make_policy, price_of
from harness.policies.spending import Meter
from harness.published import TaskFinder, read_game_ids, read_published
from harness.reproduction import difference
from harness.restating import RESTATE, restated
from harness.runs import (
    RUN,
    SPENDING,
    git_commit,
    read_trajectories,
    replace_file,
    versions,
    write_json,
)
from harness.thoughts import Narrator, ThoughtFile, Writer, lacking
from stepagent_gym.errors import PolicyError, RunError, UsageError
from stepagent_gym.formats import to_openai, to_preference, to_row, to_sharegpt, write_rows
from stepagent_gym.policy import ReplayPolicy
from stepagent_gym.rollout import Start
from stepagent_gym.sessions import make_env
from stepagent_gym.text_env import TextEnv
from stepagent_gym.types import Completion, Step, Trajectory

PUBLISHED = "published/"

Format = Literal["openai", "sharegpt", "preference", "rows"]
FORMS: Mapping[str, Callable[..., dict[str, Any]]] = {
    "openai": to_openai,
    "sharegpt": to_sharegpt,
    "rows": to_row,
}


@dataclass(frozen=True)
class CollectConfig(EvalConfig):
    """Collect expert trajectories from a model."""

    model: str
    """oracle, random, replay/<run folder>, openai/<model>, or published/<file> (conversations as
    ETO, AgentGym and IPR publish them)."""
    split: str = "train"
    keep: str = ""
    """Which trajectories are kept, such as 'reward>=0.7 and turns<=10'; or ipr or stepagent, the
    filters of those papers. By default all that did not end in an error."""
    repeats: Annotated[int, tyro.conf.arg(name="attempts")] = 1
    """Episodes of each task, with the seeds seed, seed + 1, ..."""
    select: Literal["best", "all"] = "best"
    """Of the kept attempts at a task, the best one (by reward, score, then fewest turns) or all."""
    thoughts: str | None = None
    """A model that writes the thoughts of actions that have none, such as openai/<model>; or
    restate, which begins every thought with the task in the environment's words."""
    ids: Path | None = None
    """AgentGym's mappings_train.json, for published conversations of its ALFWorld."""
    formats: tuple[Format, ...] = ()
    """Further forms, each in a file beside --out: chats for OpenAI, ShareGPT with loss flags, TRL's
    pairs (against the worst attempt at the task), rows for Hugging Face datasets."""
    export_examples: int = 0
    """Worked examples in the chats of these forms."""
    out: Path = Path("experts.jsonl")
    """The file of trajectories."""
    resume: Annotated[Path | None, tyro.conf.Suppress] = None

    def stored(self) -> dict[str, Any]:
        """Give the config as it is kept beside the file."""
        ids = None if self.ids is None else str(self.ids)
        return {**super().stored(), "ids": ids, "formats": list(self.formats)}

    @property
    def run_folder(self) -> Path:
        """Where the episodes are kept from which the experts are chosen."""
        return self.out.with_suffix(".run")

    def of_play(self) -> EvalConfig:
        """Give the config of the run."""
        shared = {f.name: getattr(self, f.name) for f in fields(EvalConfig)}
        folder = self.run_folder
        begun = folder if (folder / RUN).exists() else None
        return EvalConfig(**{**shared, "out": folder, "resume": begun})


@dataclass
class Batch:
    """Trajectories of one environment on their way to the file."""

    plan: Plan
    keep: Keep
    found: Sequence[Trajectory] = ()
    chosen: Sequence[Trajectory] = ()
    rejected: Sequence[Trajectory] = ()
    unlike: list[dict[str, Any]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def collect(config: CollectConfig, console: Console) -> bool:
    """Write the file of experts; whether every episode asked for has a result.

    Raises `UsageError`, `DataError` and `RunError`.
    """
    if config.out.suffix != ".jsonl":
        raise UsageError(f"--out {config.out}: name a file that ends in .jsonl")
    if config.thoughts is not None and not is_model(config.thoughts):
        raise UsageError(
            f"--thoughts {config.thoughts}: only a model writes, as in openai/gpt-4o, or {RESTATE}"
        )
    if config.thoughts is not None and config.action_format == "bare":
        raise UsageError("--thoughts: a bare action has no place for a thought")
    batches = [_batch(config, env_id) for env_id in chosen_environments(config.env)]
    writer = _writer(config)
    complete = _find(config, batches, () if writer is None else writer.meters, console)
    for batch in batches:
        _choose(batch, config)
    if config.thoughts == RESTATE:
        for batch in batches:
            _restate(batch, config)
    if writer is not None:
        asyncio.run(_narrate(batches, writer, config, console))
    for batch in batches:
        asyncio.run(_execute_again(batch, config))
    _write(config, batches, console)
    return complete and any(batch.chosen for batch in batches)


def _batch(config: CollectConfig, env_id: str) -> Batch:
    plan = make_plan(config, env_id)
    keep = read_keep(config.keep, env_id)
    keep.check((*OF_EVERY_TRAJECTORY, *_described(plan).metric_keys))
    return Batch(plan, keep)


def _described(plan: Plan) -> TextEnv:
    env = make_env(plan.env_id, plan.options).unwrapped
    assert isinstance(env, TextEnv)
    return env


# Finding trajectories: a run, or a published file.


def _find(
    config: CollectConfig, batches: Sequence[Batch], beside: Sequence[Meter], console: Console
) -> bool:
    """Fill `found`; whether every episode has a result.  `beside`: what else counts as spent."""
    if config.model.startswith(PUBLISHED):
        if len(batches) != 1 or config.repeats != 1 or config.action_format != "react":
            raise UsageError(
                f"{PUBLISHED}<file> is of one environment, played once, its replies in ReAct; "
                "give one --env, and neither --attempts nor --action-format"
            )
        asyncio.run(_import(batches[0], config))
        return True
    complete = evaluate(config.of_play(), console, beside=beside)
    trajectories = list(read_trajectories(config.run_folder))
    for batch in batches:
        batch.found = [t for t in trajectories if t.env_id == batch.plan.env_id]
        batch.counts["played"] = len(batch.found)
    return complete


async def _import(batch: Batch, config: CollectConfig) -> None:
    """Play the replies of a published file."""
    conversations, malformed = read_published(Path(config.model.removeprefix(PUBLISHED)))
    games = {} if config.ids is None else read_game_ids(config.ids)
    env = _described(batch.plan)
    finder = TaskFinder(env, games, config.seed)
    recorded: dict[str, list[Trajectory]] = defaultdict(list)
    batch.counts.update({"conversations": len(conversations) + malformed, "malformed": malformed})
    batch.counts["of no task"] = 0
    for conversation in conversations:
        task = finder.find(conversation)
        if task is None:
            batch.counts["of no task"] += 1
        else:
            seed = config.seed + len(recorded[task])
            replies = conversation.recorded.replies
            recorded[task].append(_unplayed(batch.plan, task, seed, replies))
    env.close()
    chosen = [trajectory for task in batch.plan.tasks for trajectory in recorded.pop(task, ())]
    batch.counts["beyond the limit of tasks"] = sum(map(len, recorded.values()))
    batch.found = await _replayed(batch.plan, chosen, config)


def _unplayed(plan: Plan, task: str, seed: int, replies: Iterable[str]) -> Trajectory:
    """Write replies as a trajectory of which nothing but they is known."""
    steps = (Step("", Completion(text), None, None, 0.0, False, False) for text in replies)
    split = str(plan.options["split"])
    return Trajectory(
        plan.env_id, split, task, seed, tuple(steps), "", "finished", None, 0.0, False, 0.0
    )


# Choosing.


def _choose(batch: Batch, config: CollectConfig) -> None:
    """Fill `chosen`, in the order of the tasks, and `rejected` with what pairs need beside it."""
    of_task: dict[str, list[Trajectory]] = defaultdict(list)
    batch.counts["ended in an error"] = 0
    for trajectory in batch.found:
        if trajectory.status == "error":
            batch.counts["ended in an error"] += 1
        else:
            of_task[trajectory.task_id].append(trajectory)
    chosen: list[Trajectory] = []
    rejected: list[Trajectory] = []
    for task in batch.plan.tasks:
        attempts = sorted(of_task[task], key=_worth, reverse=True)
        kept = [trajectory for trajectory in attempts if batch.keep(trajectory)]
        batch.counts["did not pass the filter"] += len(attempts) - len(kept)
        if config.select == "best":
            batch.counts["not the best of their task"] += len(kept[1:])
            kept = kept[:1]
        chosen += kept
        if kept and attempts[-1].reward < kept[0].reward:
            rejected.append(attempts[-1])
    batch.chosen = chosen
    batch.rejected = rejected if "preference" in config.formats else ()


def _worth(trajectory: Trajectory) -> tuple[float, float, int, int]:
    return (trajectory.reward, trajectory.score, -len(trajectory.steps), -trajectory.seed)


# Thoughts.


def _writer(config: CollectConfig) -> Writer | None:
    model = config.thoughts
    if model is None or model == RESTATE:
        return None
    policy = make_policy(model, config.sampling, config.server, config.seed)
    return Writer(model, policy, config.run_folder)


async def _narrate(
    batches: Sequence[Batch], writer: Writer, config: CollectConfig, console: Console
) -> None:
    """Write the missing thoughts; a trajectory that gets none falls out."""
    slots = asyncio.Semaphore(config.concurrency)

    async def narrated(narrator: Narrator, file: ThoughtFile, bare: Trajectory) -> Trajectory:
        done = file.get(bare)
        if done is None:
            async with slots:
                done = await narrator.narrate(bare)
            file.put(bare, done)
        return done

    played = Meter(price_of(config.model, config.server))
    played.spending = read_spending(config.run_folder / SPENDING)
    async with writer.at_work(played, console):
        for batch in batches:
            plan = batch.plan
            syntax = _described(plan).syntax
            narrator = Narrator(writer.policy, plan.prompt, syntax, config.parsing, config.examples)
            file = writer.file(narrator)
            batch.counts["thoughts written"] = sum(map(lacking, batch.chosen))
            todo = (narrated(narrator, file, trajectory) for trajectory in batch.chosen)
            results = await asyncio.gather(*todo, return_exceptions=True)
            batch.chosen = [done for done in results if isinstance(done, Trajectory)]
            batch.rejected = [t for t in batch.rejected if not lacking(t)]
            batch.counts["without a usable thought"] = len(results) - len(batch.chosen)
            for error in results:
                if isinstance(error, BaseException) and not isinstance(error, PolicyError):
                    raise error


def _restate(batch: Batch, config: CollectConfig) -> None:
    """Begin every thought with the task; a trajectory that names none falls out."""
    syntax, count = _described(batch.plan).syntax, len(batch.chosen)

    def told(trajectories: Iterable[Trajectory]) -> list[Trajectory]:
        done = (restated(trajectory, syntax, config.parsing) for trajectory in trajectories)
        return [trajectory for trajectory in done if trajectory is not None]

    batch.chosen, batch.rejected = told(batch.chosen), told(batch.rejected)
    batch.counts["without a task to restate"] = count - len(batch.chosen)


# Executing again, and writing.


async def _replayed(
    plan: Plan, trajectories: Sequence[Trajectory], config: CollectConfig
) -> list[Trajectory]:
    """Play the replies of trajectories again; gives what comes of them, in the same order."""
    starts = [Start(trajectory.task_id, trajectory.seed) for trajectory in trajectories]
    live = {t.key: t async for t in play(plan, starts, ReplayPolicy(trajectories), config)}
    return [_as_stored(live[trajectory.key]) for trajectory in trajectories]


def _as_stored(trajectory: Trajectory) -> Trajectory:
    return Trajectory.from_json(orjson.loads(orjson.dumps(trajectory.to_json())))


async def _execute_again(batch: Batch, config: CollectConfig) -> None:
    """Leave only trajectories that come out the same again, as they came out."""
    count = len(batch.chosen)
    stored = [*batch.chosen, *batch.rejected]
    live = await _replayed(batch.plan, stored, config)
    turns = [difference(before, now) for before, now in zip(stored, live, strict=True)]
    for now, turn in zip(live[:count], turns, strict=False):
        if turn is not None:
            batch.unlike.append({"task_id": now.task_id, "seed": now.seed, "turn": turn})
    same = [turn is None for turn in turns]
    batch.chosen = list(compress(live[:count], same[:count]))
    batch.rejected = list(compress(live[count:], same[count:]))
    batch.counts["did not reproduce"] = len(batch.unlike)
    batch.counts["written"] = len(batch.chosen)


def _write(config: CollectConfig, batches: Sequence[Batch], console: Console) -> None:
    """Write the file, its further forms, and what became of the rest."""
    lines = [orjson.dumps(t.to_json()) + b"\n" for batch in batches for t in batch.chosen]
    content = b"".join(lines)
    info = {
        "file_sha256": hashlib.sha256(content).hexdigest(),
        "trajectories": len(lines),
        "config": config.stored(),
        "environments": {
            batch.plan.env_id: {
                "conditions": dict(batch.plan.conditions),
                "counts": dict(batch.counts),
                "did_not_reproduce": batch.unlike,
            }
            for batch in batches
        },
        "versions": versions(),
        "git_commit": git_commit(),
    }
    try:
        config.out.parent.mkdir(parents=True, exist_ok=True)
        replace_file(config.out, content)
        write_json(config.out.with_suffix(".info.json"), info)
        for form in config.formats:
            rows = [row for batch in batches for row in _rows(form, batch, config)]
            write_rows(config.out.with_suffix(f".{form}.jsonl"), rows)
    except OSError as error:
        raise RunError(
            f"cannot write to {config.out.parent}: {error.strerror}; what was played is safe in "
            f"{config.run_folder}: give the same command again"
        ) from error
    for batch in batches:
        told = ", ".join(f"{count:,} {name}" for name, count in batch.counts.items() if count)
        console.print(f"{batch.plan.env_id}: {told}", soft_wrap=True, markup=False)
    console.print(f"experts: {len(lines):,} trajectories in {config.out}", soft_wrap=True)


def _rows(form: Format, batch: Batch, config: CollectConfig) -> list[dict[str, Any]]:
    """Give the trajectories in another form."""
    keywords: dict[str, Any] = {
        "examples": config.export_examples,
        "action_format": config.action_format,
    }
    prompt = batch.plan.prompt
    if form != "preference":
        return [FORMS[form](trajectory, prompt, **keywords) for trajectory in batch.chosen]
    worse = {trajectory.task_id: trajectory for trajectory in batch.rejected}
    pairs = [(better, worse[better.task_id]) for better in batch.chosen if better.task_id in worse]
    return [
        to_preference(better, other, prompt, **keywords)
        for better, other in pairs
        if other.reward < better.reward
    ]
