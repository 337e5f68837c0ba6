"""Calls in a text: `search[red shoes]`, with either kind of brackets."""

import re
from collections.abc import Iterator
from functools import cache


def call_heads(text: str, names: tuple[str, ...]) -> Iterator[re.Match[str]]:
    """Find where calls begin: a name and its opening bracket or parenthesis."""
    return _call_pattern(names).finditer(text)


@cache
def _call_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(names)})[ \t]*+([\[(])", re.IGNORECASE)


def read_call(text: str, head: re.Match[str], names: tuple[str, ...]) -> str:
    """Write a call canonically, as `name[argument]`.

    The argument runs to the bracket that closes it, else to the last one of the line, else to the
    end of the line.
    """
    name = head[1] if head[1] in names else next(n for n in names if n.lower() == head[1].lower())
    opening, closing = ("[", "]") if head[2] == "[" else ("(", ")")
    start = head.end()
    end = text.find(closing, start)
    if end >= 0 and text.find(opening, start, end) < 0:
        return f"{name}[{text[start:end].replace(chr(10), ' ')}]"
    rest = text[start:]
    depth = 1
    for bracket in re.finditer(rf"[{re.escape(opening + closing)}]", rest):
        depth += 1 if bracket[0] == opening else -1
        if depth == 0:
            return f"{name}[{rest[: bracket.start()].replace(chr(10), ' ')}]"
    line = rest.partition("\n")[0]
    argument, found, _ = line.rpartition(closing)
    return f"{name}[{(argument if found else line).strip()}]"
