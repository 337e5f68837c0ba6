"""MySQL's tokens.

What is particular to MySQL: double quotes make strings, backticks make names; names may begin with
digits; a word after "a." is a name even if it is reserved; "--" begins a comment only before a
blank; text in quotes that never end is an error where it begins.
"""

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
      (?P<blank>\s+ | \#[^\n]* | --(?=[\s]|\Z)[^\n]* | /\*(?!!).*?\*/ | /\*!\d* | \*/(?=\s|\Z))
    | (?P<hex>0x[0-9a-fA-F]+\b | [xX]'[0-9a-fA-F]*' | 0b[01]+\b)
    | (?P<number>(?:\d+\.\d*|(?<![\w$`])\.\d+|\d+)[eE][+-]?\d+(?![\w$])
                | \d+\.\d* | (?<![\w$`])\.\d+ | \d+(?![\w$]))
    | (?P<name>[\w$]+)
    | (?P<quoted>`(?:[^`]|``)+`)
    | (?P<string>'(?:[^'\\]|''|\\.)*' | "(?:[^"\\]|""|\\.)*")
    | (?P<variable>@@?[\w$.]+)
    | (?P<mark><=>|<=|>=|<>|!=|<<|>>|\|\||&&|:=|->>|->|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "Z": "\x1a"}


class Token(NamedTuple):
    """A token: `kind` is name, quoted, string, number, hex, variable, mark, or end.

    `word` is the upper-case text of a name or mark ("" for others, and for names after a dot,
    which are never keywords); `value` is what a name, string or number says.
    """

    kind: str
    word: str
    value: str
    start: int
    end: int


def tokenise(text: str) -> list[Token]:
    """Split a statement into tokens, of which the last has kind "end"."""
    tokens: list[Token] = []
    dotted = False
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "blank":
            dotted = False
            continue
        raw, start, end = match[0], match.start(), match.end()
        word, value = "", raw
        if kind == "name":
            word = "" if dotted else raw.upper()
        elif kind == "quoted":
            value = raw[1:-1].replace("``", "`")
        elif kind == "string":
            value = _unquote(raw)
        elif kind == "number" and dotted:
            kind = "name"
        elif kind == "mark":
            word = raw
            if raw == "." and tokens and tokens[-1].end == start:
                dotted = tokens[-1].kind in ("name", "quoted")
                tokens.append(Token(kind, word, value, start, end))
                continue
        tokens.append(Token(kind, word, value, start, end))
        dotted = False
    tokens.append(Token("end", "", "", len(text), len(text)))
    return tokens


def _unquote(raw: str) -> str:
    quote, body = raw[0], raw[1:-1]
    if "\\" in body:
        parts = re.split(r"(\\.)", body, flags=re.DOTALL)
        return "".join(
            _escaped(part[1]) if part.startswith("\\") and len(part) == 2
            else part.replace(quote * 2, quote)
            for part in parts
        )  # fmt: skip
    return body.replace(quote * 2, quote)


def _escaped(char: str) -> str:
    """Read what follows a backslash; "%" and "_" keep it, for LIKE."""
    if char in "%_":
        return "\\" + char
    return _ESCAPES.get(char, char)
