"""MySQL's functions: how many arguments each takes, its result's type, and its SQLite form."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from stepagent_gym.envs.intercode_sql.mysql import temporal
from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError
from stepagent_gym.envs.intercode_sql.mysql.operators import (
    as_text,
    compare,
    convert,
    number,
    numeric_type,
    text_constant,
    text_sql,
    text_value,
    truth,
    unify,
)
from stepagent_gym.envs.intercode_sql.mysql.scope import Value
from stepagent_gym.envs.intercode_sql.mysql.types import DOUBLE, INT, TEXT, Type

Builder = Callable[[Sequence[Value]], Value]


class Function(NamedTuple):
    """A function: its fewest and most arguments, and what compiles a call."""

    least: int
    most: int
    build: Builder


def call(name: str, args: Sequence[Value], database: str) -> Value:
    """Compile a call; raises `MySQLError` for a name or number of arguments that is none."""
    function = FUNCTIONS.get(name.upper())
    if function is None:
        raise MySQLError(f"FUNCTION {database}.{name} does not exist")
    if not function.least <= len(args) <= function.most:
        raise MySQLError(f"Incorrect parameter count in the call to native function '{name}'")
    return function.build(args)


def _texts(args: Sequence[Value]) -> list[str]:
    return [as_text(arg).sql for arg in args]


def _text_call(name: str, *numbers: int) -> Builder:
    """Make a function of texts that gives a text; the arguments at `numbers` are numbers."""

    def build(args: Sequence[Value]) -> Value:
        parts = [
            number(arg) if place in numbers else as_text(arg).sql for place, arg in enumerate(args)
        ]
        return text_value(f"{name}({', '.join(parts)})")

    return build


def _int_call(name: str, *numbers: int) -> Builder:
    def build(args: Sequence[Value]) -> Value:
        return Value(_text_call(name, *numbers)(args).sql, INT)

    return build


def _part(unit: str, kind: Type = INT) -> Builder:
    def build(args: Sequence[Value]) -> Value:
        sql = f"my_part({as_text(args[0]).sql}, '{unit}')"
        return text_value(sql) if kind == TEXT else Value(sql, kind)

    return build


def _math(name: str) -> Builder:
    return lambda args: Value(f"my_math('{name}', {number(args[0])})", DOUBLE)


def _now(kind: str) -> Builder:
    text = {"date": temporal.NOW[:10], "time": temporal.NOW[11:], "datetime": temporal.NOW}[kind]
    return lambda args: Value(text_sql(text), Type(kind))


def _if(args: Sequence[Value]) -> Value:
    kind = unify([args[1].type, args[2].type])
    yes, no = (convert(arg, kind) for arg in args[1:])
    return typed(f"CASE WHEN {truth(args[0])} THEN {yes.sql} ELSE {no.sql} END", kind)


def _coalesce(args: Sequence[Value]) -> Value:
    kind = unify([arg.type for arg in args])
    parts = [convert(arg, kind).sql for arg in args]
    return typed(f"coalesce({', '.join([*parts, 'NULL'])})", kind)


def _nullif(args: Sequence[Value]) -> Value:
    sql = f"CASE WHEN {compare('=', args[0], args[1])} THEN NULL ELSE {args[0].sql} END"
    return typed(sql, args[0].type)


def _extreme(name: str) -> Builder:
    def build(args: Sequence[Value]) -> Value:
        kind = unify([arg.type for arg in args])
        return typed(f"{name}({', '.join(convert(arg, kind).sql for arg in args)})", kind)

    return build


def _round(name: str) -> Builder:
    def build(args: Sequence[Value]) -> Value:
        kind = numeric_type(args[0])
        given = args[1].constant if len(args) > 1 else "0"
        digits = int(given) if given and given.lstrip("-").isdigit() else None
        places = number(args[1]) if len(args) > 1 else "0"
        sql = f"{name}({number(args[0])}, {places})"
        if kind.kind == "int":
            return Value(f"CAST({sql} AS INTEGER)", INT)
        if kind.kind == "decimal":
            scale = kind.scale or 0
            return Value(
                sql, Type("decimal", scale if digits is None else max(0, min(digits, scale)))
            )
        return Value(sql, Type("double", max(0, digits) if digits is not None else None))

    return build


def _whole(name: str) -> Builder:
    def build(args: Sequence[Value]) -> Value:
        kind = DOUBLE if numeric_type(args[0]).kind == "double" else INT
        sql = f"my_math('{name}', {number(args[0])})"
        return Value(f"CAST({sql} AS {'REAL' if kind == DOUBLE else 'INTEGER'})", kind)

    return build


def _absolute(args: Sequence[Value]) -> Value:
    return Value(f"abs({number(args[0])})", numeric_type(args[0]))


def _concat(args: Sequence[Value]) -> Value:
    return text_value("(" + " || ".join(_texts(args)) + ")")


def _moved(sign: int) -> Builder:
    """`DATE_ADD` and `DATE_SUB`: the interval comes as amount and unit."""

    def build(args: Sequence[Value]) -> Value:
        unit = args[-1].constant if len(args) == 3 else "DAY"
        amount = number(args[1])
        sql = f"my_shift({as_text(args[0]).sql}, {'-' if sign < 0 else ''}({amount}), '{unit}')"
        if args[0].type.kind == "datetime" or unit in ("SECOND", "MINUTE", "HOUR"):
            kind = "datetime"
        else:
            kind = "date" if args[0].type.kind == "date" else "text"
        return typed(sql, Type(kind))

    return build


def _date(args: Sequence[Value]) -> Value:
    return Value(f"my_temporal({as_text(args[0]).sql}, 'date')", Type("date"))


def _timestamp(args: Sequence[Value]) -> Value:
    return Value(f"my_temporal({as_text(args[0]).sql}, 'datetime')", Type("datetime"))


def _difference(args: Sequence[Value]) -> Value:
    unit, start, end = args
    return Value(f"my_difference({unit.sql}, {as_text(start).sql}, {as_text(end).sql})", INT)


def _read_date(args: Sequence[Value]) -> Value:
    pattern = args[1].constant or ""
    timed = any(f"%{code}" in pattern for code in "HhIiklprsST")
    sql = f"my_str_to_date({', '.join(_texts(args))})"
    return Value(sql, Type("datetime" if timed else "date"))


def _from_unix(args: Sequence[Value]) -> Value:
    sql = f"my_from_unix({number(args[0])})"
    if len(args) == 2:
        return text_value(f"my_date_format({sql}, {as_text(args[1]).sql})")
    return Value(sql, Type("datetime"))


def _field(args: Sequence[Value]) -> Value:
    parts = [as_text(arg).comparable for arg in args]
    return Value(f"my_field({', '.join(parts)})", INT)


def _elt(args: Sequence[Value]) -> Value:
    cases = " ".join(f"WHEN {place} THEN {sql}" for place, sql in enumerate(_texts(args[1:]), 1))
    return text_value(f"CASE {number(args[0])} {cases} END")


def _side(left: bool) -> Builder:
    def build(args: Sequence[Value]) -> Value:
        text, size = as_text(args[0]).sql, number(args[1])
        if left:
            return text_value(f"my_substring({text}, 1, {size})")
        return text_value(f"my_substring({text}, max(length({text}) - ({size}), 0) + 1)")

    return build


def _char(args: Sequence[Value]) -> Value:
    return text_value(f"char({', '.join(map(number, args))})")


def _log(args: Sequence[Value]) -> Value:
    if len(args) == 1:
        return _math("log")(args)
    return Value(f"my_log({number(args[0])}, {number(args[1])})", DOUBLE)


def _trim(args: Sequence[Value]) -> Value:
    extra = _texts(args[1:]) or ["' '", "'BOTH'"]
    return text_value(f"my_trim({as_text(args[0]).sql}, {', '.join(extra)})")


def _trimmed(side: str) -> Builder:
    return lambda args: text_value(f"my_trim({as_text(args[0]).sql}, ' ', '{side}')")


def typed(sql: str, kind: Type) -> Value:
    """Make a value, with a collation key where it is a text."""
    return text_value(sql) if kind == TEXT else Value(sql, kind)


_MANY = 99
FUNCTIONS: dict[str, Function] = {
    "ABS": Function(1, 1, _absolute),
    "ADDDATE": Function(2, 3, _moved(1)),
    "ANY_VALUE": Function(1, 1, lambda args: args[0]),
    "ASCII": Function(1, 1, lambda args: Value(f"unicode({as_text(args[0]).sql})", INT)),
    "CEIL": Function(1, 1, _whole("ceil")),
    "CEILING": Function(1, 1, _whole("ceil")),
    "CHAR": Function(1, _MANY, _char),
    "CHARACTER_LENGTH": Function(1, 1, _int_call("length")),
    "CHAR_LENGTH": Function(1, 1, _int_call("length")),
    "COALESCE": Function(1, _MANY, _coalesce),
    "CONCAT": Function(1, _MANY, _concat),
    "CONCAT_WS": Function(2, _MANY, _text_call("my_concat_ws")),
    "CURDATE": Function(0, 0, _now("date")),
    "CURRENT_DATE": Function(0, 0, _now("date")),
    "CURRENT_TIME": Function(0, 1, _now("time")),
    "CURRENT_TIMESTAMP": Function(0, 1, _now("datetime")),
    "CURTIME": Function(0, 1, _now("time")),
    "CURRENT_USER": Function(0, 0, lambda args: text_constant("admin@%")),
    "DATE": Function(1, 1, _date),
    "DATEDIFF": Function(2, 2, _int_call("my_days")),
    "DATE_ADD": Function(3, 3, _moved(1)),
    "DATE_FORMAT": Function(2, 2, _text_call("my_date_format")),
    "DATE_SUB": Function(3, 3, _moved(-1)),
    "DAY": Function(1, 1, _part("DAY")),
    "DAYNAME": Function(1, 1, _part("DAYNAME", TEXT)),
    "DAYOFMONTH": Function(1, 1, _part("DAY")),
    "DAYOFWEEK": Function(1, 1, _part("DAYOFWEEK")),
    "DAYOFYEAR": Function(1, 1, _part("DAYOFYEAR")),
    "ELT": Function(2, _MANY, _elt),
    "EXP": Function(1, 1, _math("exp")),
    "FIELD": Function(2, _MANY, _field),
    "FLOOR": Function(1, 1, _whole("floor")),
    "FORMAT": Function(2, 3, lambda args: text_value(
        f"my_format({number(args[0])}, {number(args[1])})")),
    "FROM_UNIXTIME": Function(1, 2, _from_unix),
    "GREATEST": Function(2, _MANY, _extreme("max")),
    "HOUR": Function(1, 1, _part("HOUR")),
    "IF": Function(3, 3, _if),
    "IFNULL": Function(2, 2, _coalesce),
    "INSTR": Function(2, 2, lambda args: _int_call("my_locate")([args[1], args[0]])),
    "ISNULL": Function(1, 1, lambda args: Value(f"({args[0].sql} IS NULL)", INT)),
    "LAST_DAY": Function(1, 1, lambda args: Value(
        f"my_last_day({as_text(args[0]).sql})", Type("date"))),
    "LCASE": Function(1, 1, _text_call("my_lower")),
    "LEAST": Function(2, _MANY, _extreme("min")),
    "LEFT": Function(2, 2, _side(left=True)),
    "LENGTH": Function(1, 1, _int_call("my_bytes")),
    "LN": Function(1, 1, _math("log")),
    "LOCALTIME": Function(0, 1, _now("datetime")),
    "LOCALTIMESTAMP": Function(0, 1, _now("datetime")),
    "LOCATE": Function(2, 3, _int_call("my_locate", 2)),
    "LOG": Function(1, 2, _log),
    "LOG10": Function(1, 1, _math("log10")),
    "LOG2": Function(1, 1, _math("log2")),
    "LOWER": Function(1, 1, _text_call("my_lower")),
    "LPAD": Function(3, 3, lambda args: text_value(
        f"my_pad({as_text(args[0]).sql}, {number(args[1])}, {as_text(args[2]).sql}, 1)")),
    "LTRIM": Function(1, 1, _trimmed("LEADING")),
    "MICROSECOND": Function(1, 1, _part("MICROSECOND")),
    "MINUTE": Function(1, 1, _part("MINUTE")),
    "MONTH": Function(1, 1, _part("MONTH")),
    "MONTHNAME": Function(1, 1, _part("MONTHNAME", TEXT)),
    "NOW": Function(0, 1, _now("datetime")),
    "NULLIF": Function(2, 2, _nullif),
    "OCTET_LENGTH": Function(1, 1, _int_call("my_bytes")),
    "PI": Function(0, 0, lambda args: Value("3.141592653589793", Type("double", 6))),
    "POW": Function(2, 2, lambda args: Value(
        f"my_power({number(args[0])}, {number(args[1])})", DOUBLE)),
    "POWER": Function(2, 2, lambda args: Value(
        f"my_power({number(args[0])}, {number(args[1])})", DOUBLE)),
    "QUARTER": Function(1, 1, _part("QUARTER")),
    "REPEAT": Function(2, 2, _text_call("my_repeat", 1)),
    "REPLACE": Function(3, 3, _text_call("my_replace")),
    "REVERSE": Function(1, 1, _text_call("my_reverse")),
    "RIGHT": Function(2, 2, _side(left=False)),
    "ROUND": Function(1, 2, _round("my_round")),
    "RPAD": Function(3, 3, lambda args: text_value(
        f"my_pad({as_text(args[0]).sql}, {number(args[1])}, {as_text(args[2]).sql}, 0)")),
    "RTRIM": Function(1, 1, _trimmed("TRAILING")),
    "SECOND": Function(1, 1, _part("SECOND")),
    "SIGN": Function(1, 1, lambda args: Value(
        f"(({number(args[0])} > 0) - ({number(args[0])} < 0))", INT)),
    "SQRT": Function(1, 1, _math("sqrt")),
    "STR_TO_DATE": Function(2, 2, _read_date),
    "SUBDATE": Function(2, 3, _moved(-1)),
    "SUBSTRING": Function(2, 3, _text_call("my_substring", 1, 2)),
    "SUBSTRING_INDEX": Function(3, 3, _text_call("my_substring_index", 2)),
    "SYSDATE": Function(0, 1, _now("datetime")),
    "TIME": Function(1, 1, lambda args: Value(
        f"my_part({as_text(args[0]).sql}, 'TIME')", Type("time"))),
    "TIMESTAMP": Function(1, 1, _timestamp),
    "TIMESTAMPDIFF": Function(3, 3, _difference),
    "TO_DAYS": Function(1, 1, lambda args: Value(
        f"(my_days({as_text(args[0]).sql}, '0001-01-01') + 366)", INT)),
    "TRIM": Function(1, 3, _trim),
    "TRUNCATE": Function(2, 2, _round("my_truncate")),
    "UCASE": Function(1, 1, _text_call("my_upper")),
    "UNIX_TIMESTAMP": Function(0, 1, lambda args: Value(
        f"my_unix({as_text(args[0]).sql if args else text_sql(temporal.NOW)})", INT)),
    "UPPER": Function(1, 1, _text_call("my_upper")),
    "UTC_DATE": Function(0, 0, _now("date")),
    "UTC_TIME": Function(0, 1, _now("time")),
    "UTC_TIMESTAMP": Function(0, 1, _now("datetime")),
    "VERSION": Function(0, 0, lambda args: text_constant("8.0.33")),
    "WEEK": Function(1, 2, _part("WEEK")),
    "WEEKDAY": Function(1, 1, _part("WEEKDAY")),
    "WEEKOFYEAR": Function(1, 1, _part("WEEKOFYEAR")),
    "YEAR": Function(1, 1, _part("YEAR")),
}  # fmt: skip
