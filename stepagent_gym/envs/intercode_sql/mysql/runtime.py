"""The functions that compiled statements call while SQLite runs them."""

import calendar
import datetime as dt
import math
import random
import re
import sqlite3
from collections.abc import Callable
from typing import Any

import regex

from stepagent_gym.envs.intercode_sql.mysql import temporal
from stepagent_gym.envs.intercode_sql.mysql.collation import sort_key
from stepagent_gym.envs.intercode_sql.mysql.types import Type, decimal, to_text

LONGEST = 1 << 20
DEEPEST = 1000
_NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")
_REGEX_SECONDS = 1.0
MANY_ROWS = "Subquery returns more than 1 row"
SLOW_REGEX = "Timeout exceeded in regular expression match."


class Runtime:
    """Registers the functions with a connection; `failure` is why one of them stopped a query."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.begin()
        for name, count, function in _FUNCTIONS:
            connection.create_function(name, count, _guarded(function), deterministic=True)
        connection.create_function("my_regexp", 2, self._matches, deterministic=True)
        connection.create_function("my_deeper", 1, self._deeper)
        connection.create_function("my_rand", 0, self._next_random)
        connection.create_aggregate("my_one", 1, self._one())
        connection.create_aggregate("my_concat", 4, _Concat)  # type: ignore[arg-type]
        connection.create_aggregate("my_spread", 2, _Spread)  # type: ignore[arg-type]

    def begin(self) -> None:
        """Forget the query before; `RAND()` begins anew with each."""
        self.failure: str | None = None
        self._random = random.Random(0)

    def _deeper(self, depth: int) -> int:
        if depth >= DEEPEST:
            raise self.fail(
                f"Recursive query aborted after {DEEPEST + 1} iterations. Try increasing "
                "@@cte_max_recursion_depth to a larger value."
            )
        return depth + 1

    def _next_random(self) -> float:
        return self._random.random()

    def fail(self, message: str) -> Exception:
        """Note why the query stops; SQLite itself forgets what a function raised."""
        self.failure = message
        return ValueError(message)

    def _matches(self, text: str | None, pattern: str | None) -> int | None:
        if text is None or pattern is None:
            return None
        try:
            return int(bool(regex.search(pattern, text, regex.IGNORECASE, timeout=_REGEX_SECONDS)))
        except TimeoutError:
            raise self.fail(SLOW_REGEX) from None
        except regex.error:
            raise self.fail("Illegal argument to a regular expression.") from None

    def _one(self) -> type:
        runtime = self

        class One:
            """The value of a query that must have one row at most."""

            def __init__(self) -> None:
                self.rows = 0
                self.value: Any = None

            def step(self, value: Any) -> None:
                self.rows += 1
                self.value = value

            def finalize(self) -> Any:
                if self.rows > 1:
                    raise runtime.fail(MANY_ROWS)
                return self.value

        return One


class _Concat:
    """`GROUP_CONCAT`: texts in the order of their places, distinct by key where asked."""

    def __init__(self) -> None:
        self.parts: list[tuple[Any, str, str | None]] = []
        self.separator = ","

    def step(self, text: Any, place: Any, separator: str, key: Any) -> None:
        self.separator = separator
        if text is not None:
            self.parts.append((place, str(text), key))

    def finalize(self) -> str | None:
        seen: set[str] = set()
        texts = []
        for _, text, key in sorted(self.parts, key=lambda part: part[0]):
            if key is not None and key in seen:
                continue
            seen.add(key or "")
            texts.append(text)
        return self.separator.join(texts)[:1024] if texts else None


class _Spread:
    """Variance and standard deviation, of a population or a sample."""

    def __init__(self) -> None:
        self.count, self.mean, self.squares, self.kind = 0, 0.0, 0.0, ""

    def step(self, value: float | None, kind: str) -> None:
        self.kind = kind
        if value is not None:
            self.count += 1
            delta = value - self.mean
            self.mean += delta / self.count
            self.squares += delta * (value - self.mean)

    def finalize(self) -> float | None:
        degrees = self.count - (1 if self.kind.endswith("SAMP") else 0)
        if degrees < 1:
            return None
        variance = self.squares / degrees
        return variance if self.kind.startswith("VAR") else math.sqrt(variance)


def _guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give NULL for NULL, for what cannot be computed, and for texts that are too long."""

    def call(*args: Any) -> Any:
        if None in args and function not in _NULLABLE:
            return None
        try:
            result = function(*args)
        except (ValueError, ArithmeticError, TypeError):
            return None
        return None if isinstance(result, str) and len(result) > LONGEST else result

    return call


def parse_number(text: Any) -> float:
    """Read the number that a text begins with, 0 where it begins with none."""
    if isinstance(text, int | float):
        return text
    found = _NUMBER.match(str(text))
    return float(found[1]) if found else 0.0


def _text(value: Any, kind: str, scale: int | None) -> str | None:
    return None if value is None else to_text(value, Type(kind, scale))


def like(text: str, pattern: str, escape: str) -> int:
    """Match a pattern of `%` and `_`, by collation, in time linear in text times pattern."""
    tokens: list[str] = []
    plain: list[bool] = []
    escaped = False
    for char in pattern:
        if not escaped and char == escape:
            escaped = True
            continue
        plain.append(escaped or char not in "%_")
        tokens.append(char)
        escaped = False
    keys = [_fold(char) if known else char for char, known in zip(tokens, plain, strict=True)]
    folded = [_fold(char) for char in text]
    place = here = 0
    star, mark = -1, 0
    while place < len(folded):
        if (here < len(keys) and plain[here] and keys[here] == folded[place]) or (
            here < len(keys) and not plain[here] and keys[here] == "_"
        ):
            place, here = place + 1, here + 1
        elif here < len(keys) and not plain[here]:
            star, mark, here = here, place, here + 1
        elif star >= 0:
            mark += 1
            place, here = mark, star + 1
        else:
            return 0
    while here < len(keys) and not plain[here] and keys[here] == "%":
        here += 1
    return int(here == len(keys))


def _fold(char: str) -> str:
    return sort_key(char) if char != " " else " "


def _remainder(a: float, b: float) -> float | None:
    return math.fmod(a, b) if b else None


def _temporal(value: Any, kind: str) -> str | None:
    return temporal.normalise(str(value), kind)


def _part(text: str, unit: str) -> Any:
    """Give a part of a date or time; a bare time has parts of time only."""
    if re.fullmatch(r"-?\d+:\d+(:\d+)?", text.strip()):
        hours, minutes, seconds = (*text.split(":"), "0")[:3]
        return {"HOUR": int(hours), "MINUTE": int(minutes), "SECOND": int(seconds)}.get(unit)
    whole = temporal.normalise(text, "datetime")
    if whole is None:
        return None
    year, month, day = int(whole[:4]), int(whole[5:7]), int(whole[8:10])
    simple = {"YEAR": year, "MONTH": month, "DAY": day, "DAYOFMONTH": day,
              "QUARTER": (month + 2) // 3, "HOUR": int(whole[11:13]), "MINUTE": int(whole[14:16]),
              "SECOND": int(whole[17:19]), "MICROSECOND": 0,
              "YEAR_MONTH": year * 100 + month}  # fmt: skip
    if unit in simple:
        return simple[unit]
    moment = temporal.parse(text)
    if moment is None:
        return None
    return {
        "DAYOFWEEK": moment.isoweekday() % 7 + 1,
        "WEEKDAY": moment.weekday(),
        "DAYOFYEAR": moment.timetuple().tm_yday,
        "WEEK": int(moment.strftime("%U")),
        "WEEKOFYEAR": moment.isocalendar().week,
        "DAYNAME": moment.strftime("%A"),
        "MONTHNAME": moment.strftime("%B"),
        "DATE": whole[:10],
        "TIME": whole[11:],
    }[unit]


def _round(value: float, digits: int) -> float:
    """Round halves away from zero, by the number's shortest decimal form."""
    scaled = re.fullmatch(r"(-?)(\d+)\.?(\d*)", format(value, ".17g")) if digits else None
    if scaled is None and digits:
        return round(value, int(digits))
    if digits >= 0:
        return float(decimal(value, int(digits)))
    unit = 10.0 ** -int(digits)
    return float(decimal(value / unit, 0)) * unit


def _truncate(value: float, digits: int) -> float:
    unit = 10.0 ** int(digits)
    return math.trunc(float(f"{value * unit:.10f}")) / unit


def _substring(text: str, start: int, length: int | None = None) -> str:
    start = int(start)
    if start == 0 or (length is not None and length <= 0):
        return ""
    begin = start - 1 if start > 0 else len(text) + start
    if begin < 0:
        return ""
    return text[begin:] if length is None else text[begin : begin + int(length)]


def _substring_index(text: str, mark: str, count: int) -> str:
    if not mark or not count:
        return ""
    parts = text.split(mark)
    return mark.join(parts[:count] if count > 0 else parts[count:])


def _locate(needle: str, text: str, start: int = 1) -> int:
    if start < 1:
        return 0
    return "".join(map(_fold, text)).find("".join(map(_fold, needle)), int(start) - 1) + 1


def _pad(text: str, length: int, fill: str, left: int) -> str | None:
    length = int(length)
    if length < 0 or length > LONGEST or (not fill and len(text) < length):
        return None
    if len(text) >= length:
        return text[:length]
    padding = (fill * length)[: length - len(text)]
    return padding + text if left else text + padding


def _trim(text: str, remove: str, side: str) -> str:
    if not remove:
        return text
    while side in ("BOTH", "LEADING") and text.startswith(remove):
        text = text[len(remove) :]
    while side in ("BOTH", "TRAILING") and text.endswith(remove):
        text = text[: -len(remove)]
    return text


def _repeat(text: str, count: int) -> str | None:
    count = max(0, int(count))
    return text * count if len(text) * count <= LONGEST else None


def _replace(text: str, old: str, new: str) -> str:
    return text.replace(old, new) if old else text


def _concat_ws(separator: str | None, *texts: Any) -> str | None:
    if separator is None:
        return None
    return separator.join(str(text) for text in texts if text is not None)


def _field(wanted: Any, *values: Any) -> int:
    return next((place for place, value in enumerate(values, 1) if value == wanted), 0)


def _days(first: str, second: str) -> int | None:
    one, two = temporal.parse(first), temporal.parse(second)
    return (one.date() - two.date()).days if one and two else None


def _unix(text: str) -> int | None:
    moment = temporal.parse(text)
    return int((moment - dt.datetime(1970, 1, 1)).total_seconds()) if moment else None


def _from_unix(seconds: float) -> str:
    moment = dt.datetime(1970, 1, 1) + dt.timedelta(seconds=int(seconds))
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _last_day(text: str) -> str | None:
    moment = temporal.parse(text)
    if moment is None:
        return None
    last = calendar.monthrange(moment.year, moment.month)[1]
    return f"{moment.year:04d}-{moment.month:02d}-{last:02d}"


_NULLABLE = {_concat_ws, _field, _text}
_FUNCTIONS: tuple[tuple[str, int, Callable[..., Any]], ...] = (
    ("my_key", 1, lambda text: sort_key(str(text))),
    ("my_number", 1, parse_number),
    ("my_text", 3, _text),
    ("my_like", 3, like),
    ("my_remainder", 2, _remainder),
    ("my_temporal", 2, _temporal),
    ("my_date_number", 1, temporal.number),
    ("my_part", 2, _part),
    ("my_shift", 3, temporal.shift),
    ("my_difference", 3, temporal.difference),
    ("my_date_format", 2, temporal.write),
    ("my_str_to_date", 2, temporal.read),
    ("my_days", 2, _days),
    ("my_unix", 1, _unix),
    ("my_from_unix", 1, _from_unix),
    ("my_last_day", 1, _last_day),
    ("my_round", 2, _round),
    ("my_truncate", 2, _truncate),
    ("my_power", 2, lambda a, b: float(a) ** float(b)),
    ("my_math", 2, lambda name, a: getattr(math, name)(a)),
    ("my_log", 2, lambda base, a: math.log(a) / math.log(base)),
    ("my_substring", -1, _substring),
    ("my_substring_index", 3, _substring_index),
    ("my_locate", -1, _locate),
    ("my_pad", 4, _pad),
    ("my_trim", 3, _trim),
    ("my_repeat", 2, _repeat),
    ("my_replace", 3, _replace),
    ("my_reverse", 1, lambda text: text[::-1]),
    ("my_upper", 1, str.upper),
    ("my_lower", 1, str.lower),
    ("my_bytes", 1, lambda text: len(text.encode())),
    ("my_concat_ws", -1, _concat_ws),
    ("my_field", -1, _field),
    ("my_format", 2, lambda value, digits: f"{_round(value, digits):,.{max(0, int(digits))}f}"),
)
