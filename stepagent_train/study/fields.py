"""Tables of TOML as dataclasses: types are checked, and what is wrong is named with its key."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from stepagent_gym.errors import UsageError

T = TypeVar("T")

COUNTS = frozenset(
    {
        "batch",
        "concurrency",
        "context",
        "disc_batch",
        "disc_epochs",
        "episodes",
        "epochs",
        "iterations",
        "limit",
        "max_length",
        "max_new_tokens",
        "max_tokens",
        "micro_batch",
        "practices",
        "repeats",
        "samples",
        "save_every",
        "scorer_samples",
        "steps",
        "threads",
        "vocabulary",
    }
)
"""Numbers of things of which there is at least one, by whatever table has them."""


def read_table(kind: type[T], table: Any, where: str, **given: Any) -> T:
    """Read a table into a dataclass; `given` are fields that are no keys of the table.

    `where`: the file and the key of the table, or the file and a colon.  Raises `UsageError`.
    """
    here = where.removesuffix(":")
    below = f"{here}: " if where.endswith(":") else f"{here}."
    if not isinstance(table, Mapping):
        raise UsageError(f"{here}: a table is wanted, not {table!r}")
    hints = get_type_hints(kind)
    known = [f for f in fields(kind) if f.name not in given]  # type: ignore[arg-type]
    check_keys(table, [f.name for f in known], here)
    for field in known:
        required = field.default is MISSING and field.default_factory is MISSING
        if required and field.name not in table:
            raise UsageError(f"{here}: {field.name} is missing; add it")
    values = {name: read_value(hints[name], v, f"{below}{name}") for name, v in table.items()}
    return kind(**given, **values)


def check_keys(table: Mapping[str, Any], known: list[str], where: str) -> None:
    """Raise `UsageError` for a key that does not exist."""
    for name in table:
        if name not in known:
            raise UsageError(f"{where}: no key {name!r}; there are {', '.join(sorted(known))}")


def read_value(hint: Any, value: Any, where: str) -> Any:
    """Read a value as a type says; `UsageError` where it is none."""
    try:
        found = _read(hint, value, where)
    except _Unlike as error:
        raise UsageError(f"{where} = {value!r}: {error} is wanted") from None
    name = where.replace(" ", ".").rpartition(".")[2]
    number = isinstance(found, int | float) and not isinstance(found, bool)
    if number and name in COUNTS and found < 1:
        raise UsageError(f"{where} = {value!r}: at least 1 is wanted")
    if number and name.endswith("lr") and found <= 0:
        raise UsageError(f"{where} = {value!r}: more than 0 is wanted")
    return found


class _Unlike(Exception):
    """What is wanted instead of a value."""


def _read(hint: Any, value: Any, where: str) -> Any:
    origin, of = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _read_union([kind for kind in of if kind is not NoneType], value, where)
    if origin is Literal:
        if value not in of:
            raise _Unlike(f"one of {', '.join(map(repr, of))}")
        return value
    if origin is tuple:
        if not isinstance(value, list):
            raise _Unlike("a list")
        return tuple(read_value(of[0], item, where) for item in value)
    if is_dataclass(hint) and isinstance(hint, type):
        return read_table(hint, value, where)
    kinds: Mapping[Any, tuple[type, ...]] = {float: (int, float), Path: (str,)}
    if isinstance(value, bool) != (hint is bool) or not isinstance(value, kinds.get(hint, (hint,))):
        names = {int: "a whole number", float: "a number", bool: "true or false"}
        raise _Unlike(names.get(hint, "a text"))
    return hint(value)


def _read_union(kinds: list[Any], value: Any, where: str) -> Any:
    wanted = []
    for kind in kinds:
        if is_dataclass(kind) and isinstance(value, Mapping):
            return _read(kind, value, where)
        if is_dataclass(kind):
            continue
        try:
            return _read(kind, value, where)
        except _Unlike as error:
            wanted.append(str(error))
    raise _Unlike(" or ".join(dict.fromkeys(wanted)))
