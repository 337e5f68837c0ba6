"""The cells of a study: every command that is to be run, what it needs, and where it writes.

Each cell is a command of `stepagent` in a folder of its own, `cells/<id>`, with its run folder (or
model) in `run`.  Paths begin with `{out}`, so that a study may be moved.  What a command cannot say
before others have ended stands in it as a `Late`: the steps of a control, the best iteration.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from stepagent_train.run import ITERATION, MODEL
from stepagent_train.study.config import Collect, Environment, Split, Study
from stepagent_train.study.variants import INIT, REFERENCES, Variant

Kind = Literal["data", "experts", "init", "train", "dev", "test"]

OUT = "{out}"


@dataclass(frozen=True)
class Steps:
    """So many steps of a control that it trains on as many tokens as a variant did."""

    budget: str
    like: str
    batch: int | None

    def __str__(self) -> str:
        return f"<steps, to the tokens of {self.budget}>"


@dataclass(frozen=True)
class Best:
    """The iteration that is best on dev, of those that were kept; the path of its model."""

    dev: tuple[str, ...]

    def __str__(self) -> str:
        return f"<model that is best in {self.dev[0].rpartition('/')[0]}/dev-*>"


Late = Steps | Best
Argument = str | Late


@dataclass(frozen=True)
class Cell:
    """A command and what it needs; `variant` is a policy's name where no model is scored."""

    id: str
    kind: Kind
    environment: str
    variant: str | None
    seed: int | None
    needs: tuple[str, ...]
    command: tuple[Argument, ...]

    @property
    def folder(self) -> str:
        """Where it writes."""
        return f"{OUT}/cells/{self.id}"

    @property
    def run(self) -> str:
        """Its run folder, or model."""
        return f"{self.folder}/run"


def plan_cells(study: Study) -> dict[str, Cell]:
    """List the cells by id, each after those that it needs."""
    cells: dict[str, Cell] = {}
    for environment in study.environments.values():
        for cell in _shared(study, environment):
            cells[cell.id] = cell
    for seed in study.seeds:
        for environment in study.environments.values():
            for cell in _of_seed(study, environment, seed, cells):
                cells[cell.id] = cell
    return cells


def _shared(study: Study, environment: Environment) -> Iterator[Cell]:
    """Give what all seeds share: data, experts, and the scores of policies that need no model."""
    name = environment.name
    needs: tuple[str, ...] = ()
    if environment.generate is not None:
        folder = f"{OUT}/cells/{name}/data/run"
        command = tuple(w.replace("{folder}", folder) for w in environment.generate.split())
        yield Cell(f"{name}/data", "data", name, None, None, (), command)
        needs = (f"{name}/data",)
    if isinstance(environment.experts, Collect):
        cell = _collecting(environment, environment.experts, needs)
        yield cell
    for policy in study.references:
        yield _evaluation(environment, f"{name}/{policy}/test", policy, None, policy, needs)


def _collecting(environment: Environment, experts: Collect, needs: tuple[str, ...]) -> Cell:
    id = f"{environment.name}/experts"
    tasks = Split(environment.train.split, experts.limit or environment.train.limit)
    command = (
        *("collect", "--model", experts.model, *_tasks(environment, tasks)),
        *(() if environment.max_turns is None else ("--max-turns", str(environment.max_turns))),
        *(("--keep", experts.keep) if experts.keep else ()),
        *(("--thoughts", experts.thoughts) if experts.thoughts else ()),
        *("--attempts", str(experts.attempts), "--select", experts.select),
        *("--quiet", "--out", f"{OUT}/cells/{id}/run/experts.jsonl"),
    )
    return Cell(id, "experts", environment.name, None, None, needs, command)


def _of_seed(
    study: Study, environment: Environment, seed: int, known: Mapping[str, Cell]
) -> Iterator[Cell]:
    name = environment.name
    below = f"{name}/seed-{seed}"
    shared = tuple(id for id in (f"{name}/data", f"{name}/experts") if id in known)
    if study.model.path is None:
        model = study.model
        id = f"{below}/{INIT}"
        command = (
            *("train", "init", *_tasks(environment, environment.train)),
            *("--experts", _experts(environment), "--seed", str(seed), "--size", model.size),
            *("--vocabulary", str(model.vocabulary), "--context", str(model.context)),
            *(("--copying",) if environment.copying else ()),
            *("--out", f"{OUT}/cells/{id}/run"),
        )
        yield Cell(id, "init", name, INIT, seed, shared, command)
    for variant in study.variants.values():
        if name in variant.environments:
            yield from _of_variant(study, environment, variant, seed, shared)


def _of_variant(
    study: Study, environment: Environment, variant: Variant, seed: int, shared: tuple[str, ...]
) -> Iterator[Cell]:
    below = f"{environment.name}/seed-{seed}"
    given = variant.given(environment.name)
    made = study.model.path is None
    needs = [
        f"{below}/{INIT}" if name == INIT else f"{below}/{name}/train"
        for _, name in variant.references()
        if made or name != INIT
    ]
    train = f"{below}/{variant.name}/train"
    command = _training(study, environment, variant, seed, f"{OUT}/cells/{train}/run")
    yield Cell(
        *(train, "train", environment.name, variant.name, seed),
        tuple(dict.fromkeys((*shared, *needs))),
        command,
    )
    if not variant.select:
        model = f"{OUT}/cells/{train}/run/{MODEL}"
        yield _evaluation(
            environment, f"{below}/{variant.name}/test", variant.name, seed, model, (train,)
        )
        return
    dev = []
    for number in range(1, int({**variant.known, **given}["iterations"]) + 1):
        id = f"{below}/{variant.name}/dev-{number}"
        model = f"{OUT}/cells/{train}/run/{ITERATION.format(number)}"
        yield _evaluation(environment, id, variant.name, seed, model, (train,), kind="dev")
        dev.append(id)
    yield _evaluation(
        environment,
        f"{below}/{variant.name}/test",
        variant.name,
        seed,
        Best(tuple(dev)),
        (train, *dev),
    )


def _training(
    study: Study, environment: Environment, variant: Variant, seed: int, out: str
) -> tuple[Argument, ...]:
    """Give the command that trains a variant."""
    below = f"{OUT}/cells/{environment.name}/seed-{seed}"
    given: dict[str, Any] = {
        "max_new_tokens": environment.max_tokens,
        "train_examples": environment.examples,
        "rollout_examples": environment.examples,
        "limit": environment.train.limit,
        **variant.given(environment.name),
    }
    if variant.budget is not None:
        given["steps"] = Steps(
            f"{environment.name}/seed-{seed}/{variant.budget}/train",
            f"{environment.name}/seed-{seed}/{variant.like}/train",
            given.get("batch"),
        )
    if variant.select:
        given["keep_iterations"] = True
    for name in REFERENCES.keys() & given.keys():
        within = f"run/{MODEL}" if REFERENCES[name] == "model" else "run"
        paths = [given[name]] if not isinstance(given[name], tuple) else given[name]
        given[name] = tuple(f"{below}/{path}/train/{within}" for path in paths)
    if variant.start == INIT:
        start = study.model.path or f"{below}/{INIT}/run"
    else:
        start = f"{below}/{variant.start}/train/run/{MODEL}"
    turns = environment.max_turns
    tasks = Split(environment.train.split, given.pop("limit"))
    return (
        *("train", variant.method),
        *(("--preset", variant.preset) if variant.preset else ()),
        *("--model", start, *_tasks(environment, tasks)),
        *(() if turns is None else ("--set", f"max_turns={turns}")),
        *("--experts", _experts(environment), "--seed", str(seed), "--out", out),
        *(argument for name in given for argument in _flag(name, given[name])),
    )


def _evaluation(
    environment: Environment,
    id: str,
    variant: str,
    seed: int | None,
    model: Argument,
    needs: tuple[str, ...],
    kind: Literal["dev", "test"] = "test",
) -> Cell:
    """Give the cell that scores a model: always with the same seeds, so that all can be paired."""
    turns = environment.max_turns
    command = (
        *("eval", "--model", model),
        *_tasks(environment, environment.dev if kind == "dev" else environment.test),
        *(() if turns is None else ("--max-turns", str(turns))),
        *("--examples", str(environment.examples), "--max-tokens", str(environment.max_tokens)),
        *("--temperature", str(environment.temperature), "--repeats", str(environment.repeats)),
        *("--overflow", environment.overflow, "--quiet", "--out", f"{OUT}/cells/{id}/run"),
    )
    return Cell(id, kind, environment.name, variant, seed, needs, command)


def _tasks(environment: Environment, split: Split) -> tuple[str, ...]:
    """Give the flags that name tasks."""
    data = environment.data
    if data is not None:
        data = data.replace("{folder}", f"{OUT}/cells/{environment.name}/data/run")
    return (
        *("--env", environment.id, "--split", split.split),
        *(("--limit", str(split.limit)) if split.limit is not None else ()),
        *(("--data", data) if data is not None else ()),
        *(flag for keyword in environment.set for flag in ("--set", keyword)),
    )


def _experts(environment: Environment) -> str:
    if isinstance(environment.experts, str):
        return environment.experts
    return f"{OUT}/cells/{environment.name}/experts/run/experts.jsonl"


def _flag(name: str, value: Any) -> tuple[Argument, ...]:
    """Give an argument as a flag of the command line."""
    flag = name.replace("_", "-")
    if isinstance(value, bool):
        return (f"--{flag}" if value else f"--no-{flag}",)
    if isinstance(value, tuple):
        return (f"--{flag}", *value)
    return (f"--{flag}", value if isinstance(value, Steps) else str(value))
