"""MySQL's types as far as a result shows them, and values as its Python connector gives them."""

import datetime as dt
import math
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any, NamedTuple


class Type(NamedTuple):
    """A type: int, decimal, double, float, text, date, datetime, time or null.

    `scale`: the digits after the point of a decimal; of a double or float, those it is printed
    with (None: as many as it needs).
    """

    kind: str
    scale: int | None = None

    @property
    def numeric(self) -> bool:
        """Whether values are numbers."""
        return self.kind in _NUMERIC

    @property
    def temporal(self) -> bool:
        """Whether values are dates or times."""
        return self.kind in ("date", "datetime", "time")


_EXACT = 1e15
_NUMERIC = frozenset({"int", "decimal", "double", "float"})
INT, DOUBLE, TEXT, NULL = Type("int"), Type("double"), Type("text"), Type("null")


def to_python(value: Any, kind: Type) -> Any:
    """Give an SQLite value as mysql-connector gives a MySQL value of that type."""
    if value is None:
        return None
    match kind.kind:
        case "decimal":
            return decimal(value, kind.scale or 0)
        case "double":
            return real(float(value), kind.scale)
        case "float":
            return single(float(value), kind.scale)
        case "int":
            return int(value)
        case "date":
            return dt.date.fromisoformat(value[:10])
        case "datetime":
            return dt.datetime.fromisoformat(value)
        case "time":
            return _timedelta(value)
        case _:
            return value if isinstance(value, str) else to_text(value, kind)


def decimal(value: Any, scale: int) -> Decimal:
    """Round to so many digits after the point, halves away from zero."""
    exact = Decimal(value) if isinstance(value, int) else Decimal(repr(float(value)))
    if not exact.is_finite():
        return Decimal(0)
    with localcontext() as context:
        context.prec = 400
        return exact.quantize(Decimal(1).scaleb(-min(scale, 30)), ROUND_HALF_UP)


def real(value: float, scale: int | None) -> float:
    """Give a double as it is printed."""
    if scale is None or not math.isfinite(value):
        return value
    return float(f"{value:.{scale}f}")


def single(value: float, scale: int | None) -> float:
    """Give a float as it is printed: six significant digits, or as many as its type has."""
    return real(value, scale) if scale is not None else float(f"{value:.6g}")


def to_text(value: Any, kind: Type) -> str:
    """Give a number or date as MySQL writes it into a text."""
    if isinstance(value, str):
        return value
    shown = to_python(value, kind) if kind.numeric else value
    if isinstance(shown, float) and shown.is_integer() and abs(shown) < _EXACT:
        return f"{shown:.0f}"
    return str(shown)


def _timedelta(value: str) -> dt.timedelta:
    sign = -1 if value.startswith("-") else 1
    hours, minutes, seconds = value.lstrip("-").split(":")
    return sign * dt.timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))
