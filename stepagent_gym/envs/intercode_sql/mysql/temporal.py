"""Dates and times as texts: `YYYY-MM-DD`, `YYYY-MM-DD HH:MM:SS`, `HH:MM:SS`."""

import calendar
import datetime as dt
import re

NOW = "2023-06-01 12:00:00"
"""The moment at which every query runs, so that results are the same on every day."""

_DATE = re.compile(
    r"\s*(\d{4}|\d{2})[-/.:^@](\d{1,2})[-/.:^@](\d{1,2})"
    r"(?:[T\s]+(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?)?)?)?\s*"
)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?")
_TIME = re.compile(r"(-?\d{1,3}):(\d{1,2})(?::(\d{1,2}))?(?:\.\d*)?")
_SECONDS = {"SECOND": 1, "MINUTE": 60, "HOUR": 3600, "DAY": 86400, "WEEK": 604800}
_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}


def normalise(text: str, kind: str) -> str | None:
    """Write a date, datetime or time as MySQL stores it, or None where it is none."""
    if kind == "time":
        found = _TIME.fullmatch(text.strip())
        return (
            f"{int(found[1]):02d}:{int(found[2]):02d}:{int(found[3] or 0):02d}" if found else None
        )
    found = _DATE.fullmatch(text) or _PACKED.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    if len(found[1]) == 2:
        year += 2000 if year < 70 else 1900
    try:
        if (year, month, day) != (0, 0, 0):
            dt.datetime(max(year, 1), max(month, 1), max(day, 1), hour, minute, second)
            if day > 28 and month and day > calendar.monthrange(max(year, 1), month)[1]:
                return None
    except ValueError:
        return None
    date = f"{year:04d}-{month:02d}-{day:02d}"
    return date if kind == "date" else f"{date} {hour:02d}:{minute:02d}:{second:02d}"


def parse(text: str) -> dt.datetime | None:
    """Read a date or datetime."""
    whole = normalise(text, "datetime")
    try:
        return dt.datetime.fromisoformat(whole) if whole else None
    except ValueError:
        return None


def number(text: str) -> int | None:
    """Give a date as a number, 20180301 or 20180301120000."""
    digits = re.sub(r"\D", "", text)
    return int(digits) if digits else None


def shift(text: str, amount: float, unit: str) -> str | None:
    """Add an interval; a date stays a date where the unit is no part of a day."""
    moment = parse(text)
    if moment is None:
        return None
    try:
        if unit in _MONTHS:
            months = moment.year * 12 + moment.month - 1 + round(amount) * _MONTHS[unit]
            year, month = divmod(months, 12)
            last = calendar.monthrange(year, month + 1)[1]
            moved = moment.replace(year=year, month=month + 1, day=min(moment.day, last))
        elif unit in _SECONDS:
            moved = moment + dt.timedelta(seconds=round(amount) * _SECONDS[unit])
        else:
            return None
    except (ValueError, OverflowError, calendar.IllegalMonthError):
        return None
    whole = len(text.strip()) <= 10 and (unit in _MONTHS or unit in ("DAY", "WEEK"))
    return moved.strftime("%Y-%m-%d" if whole else "%Y-%m-%d %H:%M:%S").rjust(10, "0")


def difference(unit: str, start: str, end: str) -> int | None:
    """Give the whole units from one moment to another."""
    first, second = parse(start), parse(end)
    if first is None or second is None:
        return None
    if unit in _MONTHS:
        sign = 1 if second >= first else -1
        low, high = sorted((first, second))
        months = (high.year - low.year) * 12 + high.month - low.month
        if (high.day, high.time()) < (low.day, low.time()):
            months -= 1
        return sign * (months // _MONTHS[unit])
    seconds = int((second - first).total_seconds())
    return int(seconds / _SECONDS[unit]) if unit in _SECONDS else None


_FORMATS = {
    "Y": "%Y", "y": "%y", "m": "%m", "d": "%d", "H": "%H", "i": "%M", "s": "%S", "S": "%S",
    "M": "%B", "b": "%b", "W": "%A", "a": "%a", "j": "%j", "p": "%p", "h": "%I", "I": "%I",
    "T": "%H:%M:%S", "r": "%I:%M:%S %p", "w": "%w", "U": "%U", "u": "%W", "f": "%f",
}  # fmt: skip


def write(text: str, pattern: str) -> str | None:
    """`DATE_FORMAT`."""
    moment = parse(text)
    if moment is None:
        return None

    def field(match: re.Match[str]) -> str:
        code = match[1]
        if code in "ckle":
            value = {"c": moment.month, "e": moment.day, "k": moment.hour,
                     "l": (moment.hour - 1) % 12 + 1}[code]  # fmt: skip
            return str(value)
        if code == "D":
            ending = {1: "st", 2: "nd", 3: "rd"}.get(moment.day % 10, "th")
            return f"{moment.day}{'th' if 10 < moment.day < 14 else ending}"
        return moment.strftime(_FORMATS[code]) if code in _FORMATS else code

    return re.sub(r"%(.)", field, pattern)


def read(text: str, pattern: str) -> str | None:
    """`STR_TO_DATE`."""
    codes = {**_FORMATS, "c": "%m", "e": "%d", "k": "%H", "l": "%I"}
    form = re.sub(r"%(.)", lambda match: codes.get(match[1], match[1]), pattern)
    try:
        moment = dt.datetime.strptime(text.strip(), form)
    except ValueError:
        return None
    timed = re.search(r"%[HhIiklprsST]", pattern)
    return moment.strftime("%Y-%m-%d %H:%M:%S" if timed else "%Y-%m-%d")
