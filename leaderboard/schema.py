"""The shape that JSON of a submission must have, and checks that name the place where it has not.

A check is a function of a value and of where it stands; it raises `SubmissionError`.
"""

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from stepagent_gym.errors import SubmissionError

Check = Callable[[Any, str], None]

_DEPTH = 12
_COUNT = 1 << 31


def _wrong(where: str, wanted: str, value: Any) -> SubmissionError:
    shown = repr(value)
    shown = shown if len(shown) <= 60 else f"{shown[:60]}..."
    return SubmissionError(f"{where} must be {wanted}, not {shown}")


def text(value: Any, where: str) -> None:
    """Accept any text."""
    if not isinstance(value, str):
        raise _wrong(where, "a text", value)


def short(value: Any, where: str) -> None:
    """Accept a name: a text of 1 to 200 characters."""
    if not isinstance(value, str) or not 1 <= len(value) <= 200:
        raise _wrong(where, "a text of 1 to 200 characters", value)


def moment(value: Any, where: str) -> None:
    """Accept a time in ISO 8601."""
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _wrong(where, "a time in ISO 8601", value) from None


def digest(value: Any, where: str) -> None:
    """Accept a SHA-256 in lower-case hexadecimal digits."""
    if not isinstance(value, str) or len(value) != 64 or set(value) - set("0123456789abcdef"):
        raise _wrong(where, "a SHA-256 in hexadecimal", value)


def boolean(value: Any, where: str) -> None:
    """Accept true and false."""
    if not isinstance(value, bool):
        raise _wrong(where, "true or false", value)


def number(value: Any, where: str) -> None:
    """Accept a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _wrong(where, "a finite number", value)


def count(value: Any, where: str) -> None:
    """Accept an integer from 0 to 2^31."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _COUNT:
        raise _wrong(where, "a whole number from 0 to 2^31", value)


def anything(value: Any, where: str, depth: int = _DEPTH) -> None:
    """Accept any JSON that is not nested too deeply."""
    if isinstance(value, dict | list):
        if depth == 0:
            raise SubmissionError(f"{where} is nested more than {_DEPTH} levels deep")
        for inner in value.values() if isinstance(value, dict) else value:
            anything(inner, where, depth - 1)


def one_of(*values: str) -> Check:
    """Accept one of a few texts."""

    def check(value: Any, where: str) -> None:
        if value not in values:
            raise _wrong(where, f"one of {', '.join(values)}", value)

    return check


def optional(inner: Check) -> Check:
    """Accept null too."""

    def check(value: Any, where: str) -> None:
        if value is not None:
            inner(value, where)

    return check


def array(inner: Check) -> Check:
    """Accept an array whose elements all pass."""

    def check(value: Any, where: str) -> None:
        if not isinstance(value, list):
            raise _wrong(where, "an array", value)
        for place, element in enumerate(value):
            inner(element, f"{where}[{place}]")

    return check


def table(inner: Check) -> Check:
    """Accept an object with any keys whose values all pass."""

    def check(value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise _wrong(where, "an object", value)
        for key, element in value.items():
            inner(element, f"{where}.{key[:60]}")

    return check


def record(
    fields: Mapping[str, Check],
    optionally: Mapping[str, Check] = {},
    others: Check | None = None,
) -> Check:
    """Accept an object with these keys.

    `optionally`: keys that may be absent.  `others`: what further keys may hold (None: there may
    be none).
    """
    known = {**fields, **optionally}

    def check(value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise _wrong(where, "an object", value)
        if missing := fields.keys() - value.keys():
            raise SubmissionError(f"{where} lacks {sorted(missing)[0]!r}")
        for key, element in value.items():
            inner = known.get(key, others)
            if inner is None:
                raise SubmissionError(f"{where} has the unknown key {key[:60]!r}")
            inner(element, f"{where}.{key[:60]}")

    return check


_COMPLETION = record(
    {"text": text, "finish_reason": text},
    optionally={
        "token_ids": array(count),
        "logprobs": array(number),
        "usage": table(anything),
    },
)
_STEP = record(
    {
        "observation": text,
        "completion": _COMPLETION,
        "thought": optional(text),
        "action": optional(text),
        "reward": number,
        "terminated": boolean,
        "truncated": boolean,
        "info": table(anything),
    },
    optionally={"dropped": table(count)},
)
TRAJECTORY = record(
    {
        "env_id": short,
        "split": short,
        "task_id": short,
        "seed": count,
        "steps": array(_STEP),
        "final_observation": text,
        "status": one_of("finished", "truncated", "error"),
        "error": optional(text),
        "reward": number,
        "success": boolean,
        "score": number,
        "metrics": table(number),
    }
)
_CONDITIONS = record(
    {
        "data": short,
        "data_hash": short,
        "split": short,
        "split_hash": short,
        "split_tasks": count,
        "tasks": count,
        "repeats": count,
        "seed": count,
    },
    others=anything,
)
RUN = record(
    {
        "config": record(
            {
                "model": short,
                "env": text,
                "split": short,
                "limit": optional(count),
                "data": optional(text),
                "repeats": count,
                "seed": count,
                "examples": count,
                "max_turns": optional(short),
                "set": array(short),
                "out": optional(text),
            },
            others=anything,
        ),
        "conditions": table(_CONDITIONS),
        "versions": record({"stepagent-gym": short}, others=short),
        "git_commit": optional(short),
        "started": moment,
    }
)
_METRIC = record(
    {"mean": number, "ci_low": optional(number), "ci_high": optional(number), "n": count},
    optionally={"spread": number},
)
SUMMARY = table(
    record(
        {
            "episodes": count,
            "errors": count,
            "asked": count,
            "complete": boolean,
            "metrics": table(_METRIC),
            "error_messages": table(count),
            "conditions": _CONDITIONS,
            "usage": optional(table(anything)),
        },
        others=table(table(_METRIC)),
    )
)


def manifest(format_: int, names: tuple[str, ...]) -> Check:
    """Accept the manifest of a submission in one format, which lists these files."""

    def this_format(value: Any, where: str) -> None:
        if isinstance(value, bool) or value != format_:
            raise _wrong(where, f"{format_}, the format of this version,", value)

    return record(
        {
            "kind": one_of("stepagent-submission"),
            "format": this_format,
            "model": short,
            "method": short,
            "files": record(dict.fromkeys(names, digest)),
        }
    )
