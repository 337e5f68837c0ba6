"""What a study compares, as its TOML file says.

name, question, seeds          what is asked, and with which seeds all is done
[model]                        the starting model: `stepagent train init`, or a folder
[environments.NAME]            tasks to train, to choose and to test on; experts; the evaluation
[methods.NAME]                 a variant of a method, or a control with the budget of one
[plot]                         a field of variants against which scores are drawn
"""

import itertools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Literal

from stepagent_gym import ENVIRONMENTS
from stepagent_gym.errors import UsageError
from stepagent_gym.rollout import Overflow
from stepagent_train.init import Size
from stepagent_train.study.fields import check_keys, read_table, read_value
from stepagent_train.study.variants import INIT, Variant, read_variant

SHIPPED = Path(__file__).parent.parent / "studies"

_TOP = ("name", "question", "seeds", "threads", "references")
_TABLES = ("model", "environments", "methods", "plot")


@dataclass(frozen=True)
class Split:
    """Tasks: the first so many of a split, or all."""

    split: str
    limit: int | None = None


@dataclass(frozen=True)
class Collect:
    """Expert trajectories that `stepagent collect` gathers on the training tasks."""

    model: str = "oracle"
    keep: str = ""
    attempts: int = 1
    select: Literal["best", "all"] = "best"
    limit: int | None = None
    """By default that of the training tasks."""
    thoughts: str | None = None
    """What writes the thoughts of experts that have none."""


@dataclass(frozen=True)
class Environment:
    """An environment with its tasks, its experts and how its models are evaluated."""

    name: str
    id: str
    data: str | None = None
    """Prepared data; `{folder}` is what `generate` wrote to."""
    generate: str | None = None
    """A command that writes data to `{folder}`; `{embedded}` are the data that ship."""
    set: tuple[str, ...] = ()
    train: Split = Split("train")
    dev: Split = Split("dev")
    test: Split = Split("test")
    experts: Collect | str = Collect()
    """Options of `stepagent collect`, or a file of trajectories."""
    copying: bool = False
    """Whether its small starting model can repeat what it has read from the first step on."""
    max_turns: int | str | None = None
    """Of own episodes as of evaluation."""
    max_tokens: int = 64
    """Of a reply, in own episodes as in evaluation."""
    examples: int = 0
    """Worked examples in every prompt: of training, of own episodes, of evaluation."""
    overflow: Overflow = "drop-oldest"
    """What evaluation does where a chat outgrows the model's context."""
    repeats: int = 1
    """Episodes of each task in an evaluation."""
    temperature: float = 0.0
    """Of the evaluation."""


@dataclass(frozen=True)
class Start:
    """The model that everything begins with."""

    path: str | None = None
    """A model's folder, in place of a small random one."""
    size: Size = "0.5M"
    vocabulary: int = 800
    context: int = 1024


@dataclass(frozen=True)
class Plot:
    """Scores of the variants of a method over one of its arguments."""

    x: str
    method: str | None = None
    """By default every method of which two variants differ in `x`."""


@dataclass(frozen=True)
class Study:
    """A study, with its variants in an order in which each comes after what it needs."""

    name: str
    question: str
    seeds: tuple[int, ...]
    environments: Mapping[str, Environment]
    variants: Mapping[str, Variant]
    model: Start = Start()
    threads: int = 1
    """Of each process."""
    references: tuple[str, ...] = ("oracle",)
    """Policies that are scored beside the models: oracle, random."""
    plot: Plot | None = None


def find_config(name: str) -> Path:
    """Find a study's file by its path, or by the name of one that ships."""
    shipped = sorted(SHIPPED.glob("*.toml"))
    for path in (Path(name), SHIPPED / f"{name}.toml"):
        if path.is_file():
            return path
    raise UsageError(
        f"no study {name!r}: no such file, and of those that ship there are "
        f"{', '.join(path.stem for path in shipped)}"
    )


def read_study(path: Path) -> Study:
    """Read a study; raises `UsageError` naming the file, the key and what there is."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read as TOML: {error}") from error
    where = path.name
    check_keys(table, [*_TOP, *_TABLES], where)
    environments = {
        name: _environment(name, value, f"{where}: environments.{name}")
        for name, value in _tables(table, "environments", where)
    }
    variants = _ordered(_variants(table, tuple(environments), where), where)
    plain = {name: table[name] for name in (*_TOP, "model", "plot") if name in table}
    study = read_table(Study, plain, f"{where}:", environments=environments, variants=variants)
    _check_study(study, where)
    return study


def _tables(table: Mapping[str, Any], name: str, where: str) -> list[tuple[str, Any]]:
    """Give the tables below a key; their names are those of folders."""
    found = table.get(name)
    if not isinstance(found, Mapping) or not found:
        raise UsageError(f"{where}: there is no [{name}.NAME]; a study has at least one")
    for key in found:
        if not key or key.startswith(".") or not all(c.isalnum() or c in " ._,=+-" for c in key):
            raise UsageError(
                f"{where}: {name}.{key!r}: a name has letters, digits, blanks and ._,=+-, "
                "as it is also a folder's"
            )
    return list(found.items())


def _environment(name: str, table: Any, where: str) -> Environment:
    environment = read_table(Environment, table, where, name=name)
    if environment.id not in ENVIRONMENTS:
        raise UsageError(
            f"{where}.id: no environment {environment.id!r}; there are {', '.join(ENVIRONMENTS)}"
        )
    made = environment.generate is not None
    if made and not f"{environment.generate}".startswith("python "):
        raise UsageError(f"{where}.generate: a command that begins with python is wanted")
    if made and "{folder}" not in f"{environment.generate}":
        raise UsageError(f"{where}.generate: the command names no {{folder}} to write to")
    if made != ("{folder}" in (environment.data or "")):
        raise UsageError(f"{where}: generate goes with a data in its {{folder}}, and only with it")
    return environment


def _variants(
    table: Mapping[str, Any], environments: tuple[str, ...], where: str
) -> dict[str, Variant]:
    """Read the variants, each `grid` as one for every combination of its values."""
    tables: dict[str, Any] = {}
    for name, value in _tables(table, "methods", where):
        for expanded, one in _expanded(name, value, f"{where}: methods.{name}"):
            if expanded in tables or expanded in (INIT, "experts", "data"):
                raise UsageError(f"{where}: methods.{expanded}: the name is taken; choose another")
            tables[expanded] = one
    return {
        name: read_variant(name, tables, environments, f"{where}: methods.{name}")
        for name in tables
    }


def _expanded(name: str, table: Any, where: str) -> Iterator[tuple[str, Any]]:
    if not isinstance(table, Mapping) or "grid" not in table:
        yield name, table
        return
    grid = table["grid"]
    lists = isinstance(grid, Mapping) and all(isinstance(v, list) and v for v in grid.values())
    if not lists or not grid:
        raise UsageError(f"{where}.grid: lists of values by field are wanted, not {grid!r}")
    rest = {key: value for key, value in table.items() if key != "grid"}
    for values in itertools.product(*grid.values()):
        chosen = dict(zip(grid, values, strict=True))
        label = ",".join([name, *(f"{key}={value}" for key, value in chosen.items())])
        yield label, {**rest, **chosen}


def _ordered(variants: Mapping[str, Variant], where: str) -> dict[str, Variant]:
    """Put variants after those that they need, and check that these are there."""
    for variant in variants.values():
        for key, name in variant.references():
            if name != INIT and name not in variants:
                raise UsageError(
                    f"{where}: methods.{variant.name}.{key}: no variant {name!r}; there are "
                    f"{INIT}, {', '.join(variants)}"
                )
            lacking = set(variant.environments) - set(
                variant.environments if name == INIT else variants[name].environments
            )
            if lacking:
                raise UsageError(
                    f"{where}: methods.{variant.name}.{key}: {name} is not run in "
                    f"{', '.join(sorted(lacking))}; add it to its environments"
                )
    needs = {v.name: [n for _, n in v.references() if n != INIT] for v in variants.values()}
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        raise UsageError(
            f"{where}: methods need each other: {' -> '.join(error.args[1])}"
        ) from None
    return {name: variants[name] for name in order}


def _check_study(study: Study, where: str) -> None:
    if not study.seeds or len(set(study.seeds)) < len(study.seeds) or min(study.seeds) < 0:
        raise UsageError(
            f"{where}: seeds = {list(study.seeds)}: different numbers from 0 on, at least one"
        )
    for name in study.references:
        read_value(Literal["oracle", "random"], name, f"{where}: references")
    if study.model.path is not None and not Path(study.model.path).is_dir():
        raise UsageError(f"{where}: model.path: there is no folder {study.model.path}")
    if study.plot is not None:
        varied = [
            variant
            for variant in study.variants.values()
            if study.plot.x in variant.known and study.plot.method in (None, variant.method)
        ]
        if not varied:
            raise UsageError(f"{where}: plot: no variant has a field {study.plot.x!r}")
