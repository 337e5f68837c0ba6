"""A variant of a method in a study: which arguments it has, and what it begins with.

A control is a variant of supervised fine-tuning with `budget = "<other variant>"`: it begins where
the other begins, and trains on as many tokens.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from importlib import import_module
from typing import Any, Literal, get_type_hints

from stepagent_gym.errors import UsageError
from stepagent_train import METHODS
from stepagent_train.commands import presets
from stepagent_train.study.fields import check_keys, read_value

INIT = "init"
"""The name of the starting model among variants."""

OWN = ("method", "from", "preset", "budget", "select", "environments", "in", "grid")
OF_STUDY = frozenset(
    {"model", "env", "out", "seed", "split", "data", "set", "experts", "keep_iterations"}
)
"""Arguments that the study itself gives."""

REFERENCES: Mapping[str, Literal["model", "run"]] = {
    "sampler": "model",
    "disc_model": "model",
    "reward_model": "run",
    "scored": "run",
}
"""Arguments that name another variant: by its trained model, or by its run."""

_SAMPLES = ("steps", "epochs", "limit", "expert_reward", "train_examples", "max_length")
"""Arguments that a control has from the fine-tuning that it continues, or from its budget."""


@dataclass(frozen=True)
class Variant:
    """A method with its arguments; `start` is what it begins with, a variant or `init`."""

    name: str
    method: str
    start: str
    preset: str | None = None
    budget: str | None = None
    """The variant whose trained tokens a control matches."""
    like: str | None = None
    """The fine-tuning whose arguments a control has."""
    select: bool = False
    """Whether the iteration that is best on dev is the one that is reported."""
    environments: tuple[str, ...] = ()
    common: Mapping[str, Any] = field(default_factory=dict)
    """Arguments as they are given, in all environments."""
    own: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Arguments that are others in an environment."""

    def given(self, environment: str) -> dict[str, Any]:
        """Give the arguments that the study sets in an environment."""
        return {**self.common, **self.own.get(environment, {})}

    @property
    def known(self) -> dict[str, Any]:
        """Every argument that the method has, with its value where there is one."""
        values = {f.name: f.default for f in fields(args_type(self.method))}
        preset = presets()[self.method][self.preset] if self.preset else {}
        return {**values, **preset, **self.common}

    def references(self) -> list[tuple[str, str]]:
        """List the variants that this one needs, each with the key that names it."""
        found = [("from", self.start)]
        found += [(key, name) for key in ("budget", "like") if (name := getattr(self, key))]
        for given in (self.common, *self.own.values()):
            for key in REFERENCES.keys() & given.keys():
                value = given[key]
                found += [(key, name) for name in (value if isinstance(value, tuple) else [value])]
        return [(key, str(name)) for key, name in found]


def args_type(method: str) -> Any:
    """Give the class of a method's arguments."""
    return import_module(METHODS[method][0]).Args


def read_variant(
    name: str, tables: Mapping[str, Any], environments: tuple[str, ...], where: str
) -> Variant:
    """Read a variant out of the tables of all; raises `UsageError`."""
    table = tables[name]
    if not isinstance(table, Mapping):
        raise UsageError(f"{where}: a table is wanted, not {table!r}")
    if "budget" in table:
        return _control(name, tables, environments, where)
    return _plain(name, table, environments, where)


def _plain(
    name: str, table: Mapping[str, Any], environments: tuple[str, ...], where: str
) -> Variant:
    if "method" not in table:
        raise UsageError(f"{where}: method is missing; there are {', '.join(METHODS)}")
    method = read_value(Literal[tuple(METHODS)], table["method"], f"{where}.method")
    preset = table.get("preset")
    if preset is not None and preset not in presets()[method]:
        known = ", ".join(presets()[method])
        raise UsageError(f"{where}.preset: {method} has none {preset!r}; there are {known}")
    common = _read_fields(method, table, where)
    select = read_value(Literal["last", "dev"], table.get("select", "last"), f"{where}.select")
    if select == "dev" and "iterations" not in {f.name for f in fields(args_type(method))}:
        raise UsageError(f"{where}.select: {method} has no iterations to select from")
    chosen, own = _per_environment(table, method, environments, where)
    first = INIT if method == "sft" else "sft"
    start = read_value(str, table.get("from", first), f"{where}.from")
    return Variant(name, method, start, preset, None, None, select == "dev", chosen, common, own)


def _control(
    name: str, tables: Mapping[str, Any], environments: tuple[str, ...], where: str
) -> Variant:
    """Read a control: the fine-tuning that it is like, with what its table changes."""
    table = tables[name]
    budget = read_value(str, table["budget"], f"{where}.budget")
    other = tables.get(budget)
    if not isinstance(other, Mapping) or "budget" in other or "method" not in other:
        raise UsageError(f"{where}.budget: no variant {budget!r} with a budget of its own")
    if table.get("method", "sft") != "sft" or "select" in table or "preset" in table:
        raise UsageError(f"{where}: a control is plain sft; leave out method, select and preset")
    for key in _SAMPLES:
        if key in table:
            raise UsageError(
                f"{where}.{key}: a control has its samples from the fine-tuning that it "
                f"continues, and its steps from its budget; leave {key} out"
            )
    start = read_value(str, table.get("from", other.get("from", "sft")), f"{where}.from")
    like = next(
        (n for n in (start, *tables) if _is_tuning(tables.get(n))),
        None,
    )
    if like is None:
        raise UsageError(
            f"{where}: there is no variant of the method sft to take its arguments from"
        )
    model = _plain(like, tables[like], environments, where)
    chosen, own = _per_environment(
        {"environments": other.get("environments", list(environments)), **table},
        "sft",
        environments,
        where,
    )
    common = _lasting({**model.common, **_read_fields("sft", table, where)})
    merged = {
        name: _lasting({**model.own.get(name, {}), **own.get(name, {})}) for name in environments
    }
    return Variant(name, "sft", start, model.preset, budget, like, False, chosen, common, merged)


def _lasting(given: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out how long a stage is, which is the budget's to say."""
    return {key: value for key, value in given.items() if key not in ("steps", "epochs")}


def _is_tuning(table: Any) -> bool:
    return isinstance(table, Mapping) and table.get("method") == "sft" and "budget" not in table


def _per_environment(
    table: Mapping[str, Any], method: str, environments: tuple[str, ...], where: str
) -> tuple[tuple[str, ...], dict[str, dict[str, Any]]]:
    """Read in which environments a variant is run, and what is other there."""
    chosen = read_value(
        tuple[str, ...], table.get("environments", list(environments)), f"{where}.environments"
    )
    own = table.get("in", {})
    if not isinstance(own, Mapping):
        raise UsageError(f"{where}.in: a table for each environment is wanted, not {own!r}")
    for name in (*chosen, *own):
        if name not in environments:
            raise UsageError(
                f"{where}: no environment {name!r}; there are {', '.join(environments)}"
            )
    return chosen, {
        name: _read_fields(method, values, f"{where}.in.{name}", ()) for name, values in own.items()
    }


def _read_fields(
    method: str, table: Any, where: str, beside: tuple[str, ...] = OWN
) -> dict[str, Any]:
    """Read a method's arguments out of a table, which may hold the keys `beside` them."""
    kind = args_type(method)
    known = [f.name for f in fields(kind) if f.name not in OF_STUDY]
    if not isinstance(table, Mapping):
        raise UsageError(f"{where}: a table is wanted, not {table!r}")
    check_keys(table, [*known, *beside], where)
    hints = get_type_hints(kind)
    return {
        name: read_value(hints[name], value, f"{where}.{name}")
        for name, value in table.items()
        if name not in beside
    }
