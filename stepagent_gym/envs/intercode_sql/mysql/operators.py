"""MySQL's comparisons, arithmetic and conversions, written for SQLite.

A value's type decides: texts compare by their collation keys, a text beside a number is read as a
number, a text beside a date as a date; `/` of exact numbers is a decimal with four more digits.
"""

from collections.abc import Sequence

from stepagent_gym.envs.intercode_sql.mysql import temporal
from stepagent_gym.envs.intercode_sql.mysql.collation import sort_key
from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError
from stepagent_gym.envs.intercode_sql.mysql.nodes import Literal
from stepagent_gym.envs.intercode_sql.mysql.scope import Value
from stepagent_gym.envs.intercode_sql.mysql.types import DOUBLE, INT, NULL, TEXT, Type

_RANKS = ("int", "decimal", "float", "double")
_DIVISION_DIGITS = 4


def text_sql(text: str) -> str:
    """Write a text constant for SQLite."""
    text = text.replace("\0", "")
    return "'" + text.replace("'", "''") + "'"


def literal(node: Literal) -> Value:
    """Compile a constant; raises `MySQLError` for a date that is none."""
    match node.kind:
        case "null":
            return Value("NULL", NULL)
        case "int":
            number = int(node.value)
            if -(1 << 63) <= number < 1 << 63:
                return Value(str(number), INT, constant=node.value)
            return Value(f"{number}.0", Type("decimal", 0), constant=node.value)
        case "decimal":
            digits = len(node.value.partition(".")[2])
            sql = node.value if node.value[-1] != "." else node.value + "0"
            return Value(sql, Type("decimal", digits), constant=node.value)
        case "double":
            return Value(node.value, DOUBLE, constant=node.value)
        case "string":
            return text_constant(node.value)
        case kind:
            given = temporal.normalise(node.value, kind)
            if given is None:
                raise MySQLError(f"Incorrect {kind.upper()} value: '{node.value}'")
            return Value(text_sql(given), Type(kind), constant=given)


def text_constant(text: str) -> Value:
    """Compile a text constant."""
    return Value(text_sql(text), TEXT, text_sql(sort_key(text)), constant=text)


def number(value: Value) -> str:
    """Read a value as a number."""
    if value.type.numeric or value.type == NULL:
        return value.sql
    if value.type.temporal:
        return f"my_date_number({value.sql})"
    return f"my_number({value.sql})"


def numeric_type(value: Value) -> Type:
    """Give the type of a value that is read as a number."""
    if value.type.numeric:
        return Type("double", value.type.scale) if value.type.kind == "float" else value.type
    return INT if value.type.temporal else DOUBLE


def as_text(value: Value) -> Value:
    """Convert to a text."""
    kind = value.type.kind
    if kind in ("text", "null"):
        return value
    if value.type.temporal:
        sql = value.sql
    elif kind == "int":
        sql = f"CAST({value.sql} AS TEXT)"
    else:
        scale = "NULL" if value.type.scale is None else str(value.type.scale)
        sql = f"my_text({value.sql}, '{kind}', {scale})"
    return text_value(sql)


def text_value(sql: str) -> Value:
    """Make a text of an SQL expression."""
    return Value(sql, TEXT, f"my_key({sql})")


def truth(value: Value) -> str:
    """Read a value as a condition."""
    return value.sql if value.type.numeric or value.type == NULL else number(value)


def compare(op: str, left: Value, right: Value) -> str:
    """Compile a comparison of two values."""
    a, b = comparables([left, right])
    return f"({a} {'IS' if op == '<=>' else op} {b})"


def comparables(values: Sequence[Value]) -> list[str]:
    """Convert values to what compares among them as in MySQL."""
    kinds = {value.type.kind for value in values if value.type != NULL}
    if kinds <= {"text"}:
        return [value.comparable for value in values]
    times = kinds & {"date", "datetime", "time"}
    if times and kinds <= times | {"text"}:
        target = times.pop() if len(times) == 1 else "datetime"
        return [_as_temporal(value, target) for value in values]
    return [number(value) for value in values]


def _as_temporal(value: Value, target: str) -> str:
    """Convert to a date or datetime; a constant that is none is an error, as in MySQL 8."""
    if value.type.kind == target or value.type == NULL:
        return value.sql
    if value.constant is not None and value.type == TEXT:
        given = temporal.normalise(value.constant, "datetime" if target == "date" else target)
        if given is None:
            raise MySQLError(f"Incorrect {target.upper()} value: '{value.constant}'")
        if target == "date" and given.endswith(" 00:00:00"):
            given = given[:10]
        return text_sql(given)
    return f"my_temporal({value.sql}, '{target}')"


def arithmetic(op: str, left: Value, right: Value) -> Value:
    """Compile `+ - * / % DIV`."""
    a, b = number(left), number(right)
    first, second = numeric_type(left), numeric_type(right)
    double = "double" in (first.kind, second.kind)
    exact = not any(kind.kind == "double" and kind.scale is None for kind in (first, second))
    scales = (first.scale or 0, second.scale or 0)
    if op == "/":
        digits = min(30, scales[0] + _DIVISION_DIGITS)
        kind = Type("double", digits if exact else None) if double else Type("decimal", digits)
        return Value(f"(CAST({a} AS REAL) / {b})", kind)
    if op == "DIV":
        return Value(f"CAST({a} / CAST({b} AS REAL) AS INTEGER)", INT)
    if double:
        digits = sum(scales) if op == "*" else max(scales)
        kind = Type("double", digits if exact else None)
    elif "decimal" in (first.kind, second.kind):
        kind = Type("decimal", sum(scales) if op == "*" else max(scales))
    else:
        kind = INT
    if op == "%" and kind != INT:
        return Value(f"my_remainder({a}, {b})", kind)
    sql = f"({a} {op} {b})"
    return Value(f"round({sql}, {kind.scale})" if kind.kind == "decimal" else sql, kind)


def unify(kinds: Sequence[Type]) -> Type:
    """Give the type of a value that may be any of several (`CASE`, `COALESCE`, `UNION`)."""
    known = [kind for kind in kinds if kind != NULL]
    if not known:
        return NULL
    if all(kind.numeric for kind in known):
        widest = max((kind.kind for kind in known), key=_RANKS.index)
        scales = [kind.scale for kind in known]
        if widest == "int":
            return INT
        if widest == "decimal":
            return Type("decimal", max(scale or 0 for scale in scales))
        exact = None if None in scales else max(scale or 0 for scale in scales)
        return Type("double" if widest == "float" and len(known) > 1 else widest, exact)
    names = {kind.kind for kind in known}
    if len(names) == 1:
        return known[0]
    return Type("datetime") if names <= {"date", "datetime"} else TEXT


def convert(value: Value, kind: Type) -> Value:
    """Convert to the type that `unify` gave."""
    if kind == TEXT:
        return as_text(value)
    if kind.kind == "datetime" and value.type.kind == "date":
        return Value(f"({value.sql} || ' 00:00:00')", kind)
    return Value(value.sql, kind, value.key)
