"""Turn text into index terms, exactly as Lucene 8's English analysis does.

The chain is the one behind WebShop's search engine (Anserini 0.14, Lucene 8): StandardTokenizer,
EnglishPossessiveFilter, LowerCaseFilter, Lucene's 33 English stop words, PorterStemFilter.  Its
word rules are those of UAX #29 for Unicode 9.0, with emoji sequences, single ideographs and runs
of South-East Asian script as tokens, and no token longer than 255 UTF-16 units.

Words are cut by regular expressions without backtracking, so the time is linear in the text.
Plain ASCII takes a short pattern over the text itself; anything else is first mapped to one
class letter per code point (`word_break.txt`), on which the full grammar works.
"""

import re
from bisect import bisect_right
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MAX_TOKEN_UNITS = 255
"""Longest token, in UTF-16 units; what is longer is cut (Lucene's default)."""

# fmt: off
_STOP_WORDS = frozenset((
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it",
    "no", "not", "of", "on", "or", "such", "that", "the", "their", "then", "there", "these",
    "they", "this", "to", "was", "will", "with",
))
# fmt: on

_ASCII_TOKEN = re.compile(
    r"\w++(?:(?:(?<=[A-Za-z])[:.'](?=[A-Za-z])|(?<=[0-9])[.,;'](?=[0-9]))\w++)*+", re.ASCII
)


def analyze(text: str) -> list[str]:
    """Return the index terms of `text`, in order and with repetitions."""
    if text.isascii():
        tokens = _ASCII_TOKEN.findall(text)
        if len(text) > MAX_TOKEN_UNITS and max(map(len, tokens), default=0) > MAX_TOKEN_UNITS:
            tokens = _unicode_tokens(text)
    else:
        tokens = _unicode_tokens(text)
    return list(filter(None, map(_term, tokens)))


@lru_cache(maxsize=1 << 16)
def _term(token: str) -> str:
    """Return the term a token is indexed under, or "" for one that is not indexed."""
    if token[-1] in "sS" and token[-2:-1] in ("'", "\u2019", "\uff07"):
        token = token[:-2]
    # Lucene lowers each code point alone: no final sigma, no dot left over from U+0130.
    word = token.replace("\u0130", "i").replace("\u03a3", "\u03c3").lower()
    if word in _STOP_WORDS or not word.strip("_"):
        return ""
    if max(word) > "\uffff":  # Lucene's stemmer counts UTF-16 units
        units = np.frombuffer(word.encode("utf-16-le"), "<u2").tolist()
        return (
            _stem("".join(map(chr, units))).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        )
    return _stem(word)


# --- Words of any script ---

_X = "[xyquFZTt]"  # Extend, Format and ZWJ stay with what they follow (UAX #29, WB4)
_P = "[xyqZTt]"  # the same without the presentation selectors
_NUMBER = f"N {_X}*+ (?: [nms] {_X}*+ N {_X}*+ )*+"
_LETTERS = f"[AiH] {_X}*+ (?: [lms] {_X}*+ [AiH] {_X}*+ )*+"
_HEBREW = f"H {_X}*+ (?: s {_X}*+ | d {_X}*+ H {_X}*+ )"
_CHUNK = f"(?: (?: K {_X}*+ )++ | (?: {_HEBREW} | {_NUMBER} | {_LETTERS} )++ )"
_TONED = f"(?: B {_P}*+ )?+ M {_P}*+"
_SIGN = f"[CBi] {_P}*+"
_JOINED = "(?<=Z) (?=[CBiM])"  # by U+200D, which P has taken already
_JOINT = f"(?: {_JOINED} | F Z (?=M) | F Z++ (?=[CBi]) )"
_EMOJI = f"""(?:
    {_SIGN} F T++ t
  | (?: {_TONED} {_JOINED} | {_SIGN} {_JOINT} )*+ (?: {_TONED} | {_SIGN} F?+ )
)"""
_GRAMMAR = rf"""
    # A letter that is an emoji too opens an emoji sequence only where another emoji is joined on.
    (?= (?: i {_P}*+ {_JOINT} )++ [CBM] ) {_EMOJI}
  | (?: E {_X}*+ )*+ {_CHUNK} (?: (?: E {_X}*+ )++ {_CHUNK} )*+ (?: E {_X}*+ )*+
  | (?: Z*+ (?=[CBi]) | (?=M) ) {_EMOJI}
  | (?: R {_X}*+ ){{2}}
  | \# (?: {_P}*+ F q {_P}*+ | [xyZTt]*+ q {_P}*+ )
  | [hg] {_X}*+
  | [Sy] [SyxquFZTt]*+
    # No token, but taken in one piece lest the same stretch be read again from each of its places.
  | ( (?: E {_X}*+ (?=E) )*+ E [xquFTt]*+ | Z++ )
"""
_CONNECTORS = re.compile(rb"(?:E[xquFZTt]*+)++|Z++")


@cache
def _token_pattern() -> re.Pattern[bytes]:
    """Return the tokenizer's grammar over class letters; group 1 is what yields no token.

    Lucene takes the longest match of several rules; here the alternatives are in such an order
    that the first match is the longest.
    """
    return re.compile(_GRAMMAR.encode(), re.VERBOSE)


@cache
def _class_letters() -> NDArray[np.uint8]:
    """Return the class letter of each code point, a space where there is none; 1.1 MB."""
    letters = np.full(0x110000, ord(" "), np.uint8)
    for line in Path(__file__).with_name("word_break.txt").read_text("ascii").splitlines():
        if not line.startswith("#"):
            span, letter = line.split()
            first, _, last = span.partition("..")
            letters[int(first, 16) : int(last or first, 16) + 1] = ord(letter)
    return letters


def _unicode_tokens(text: str) -> list[str]:
    """Return the tokens of any text, none longer than `MAX_TOKEN_UNITS`."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    classes = _class_letters()[points].tobytes()
    pattern = _token_pattern()
    spans: list[tuple[int, int]] = []
    limits: list[int] = []
    matches = pattern.finditer(classes)
    while (match := next(matches, None)) is not None:
        start, end = match.span()
        is_token = match.lastindex is None
        if is_token and end - start <= MAX_TOKEN_UNITS // 2:  # a code point is two units at most
            spans.append((start, end))
        elif is_token or b"y" in match[0]:
            limits = limits or _limits(points)
            pieces, end = _cut(classes, limits, start, end)
            spans += pieces
            matches = pattern.finditer(classes, end)
    return [text[start:end] for start, end in spans]


def _cut(
    classes: bytes, limits: list[int], position: int, end: int
) -> tuple[list[tuple[int, int]], int]:
    """Cut a stretch into tokens none of which reaches past its start's entry in `limits`.

    Returns their spans and the place to go on from: `end`, or the end of the last token.
    """
    spans = []
    while position < end:
        match = _token_pattern().match(classes, position, limits[position])
        if match is not None and match.lastindex is None:
            spans.append(match.span())
            position = match.end()
        elif run := _CONNECTORS.match(classes, position):
            # Nothing comes of connectors until what follows them is within reach.
            reach = run.end()
            position = max(position + 1, bisect_right(limits, reach, position, reach))
        else:
            position += 1
    return spans, position


def _limits(points: NDArray[np.uint32]) -> list[int]:
    """Return for each code point where a token that starts there must end at the latest."""
    units = np.concatenate(([0], np.cumsum(1 + (points > 0xFFFF))))
    ends = np.searchsorted(units, units[:-1] + MAX_TOKEN_UNITS, side="right") - 1
    return [int(end) for end in ends]


# --- Porter's stemmer ---

_STEP_2 = {
    "ational": "ate",
    "tional": "tion",
    "enci": "ence",
    "anci": "ance",
    "izer": "ize",
    "bli": "ble",
    "alli": "al",
    "entli": "ent",
    "eli": "e",
    "ousli": "ous",
    "ization": "ize",
    "ation": "ate",
    "ator": "ate",
    "alism": "al",
    "iveness": "ive",
    "fulness": "ful",
    "ousness": "ous",
    "aliti": "al",
    "iviti": "ive",
    "biliti": "ble",
    "logi": "log",
}
_STEP_3 = {
    "icate": "ic",
    "ative": "",
    "alize": "al",
    "iciti": "ic",
    "ical": "ic",
    "ful": "",
    "ness": "",
}
# fmt: off
_STEP_4 = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent",
    "sion", "tion", "ou", "ism", "ate", "iti", "ous", "ive", "ize",
)
# fmt: on


def _shape(word: str) -> str:
    """Return `word` with "v" for each vowel and "c" for all else (digits, accented letters too)."""
    shape = ""
    for letter in word:
        vowel = letter in "aeiou" or (letter == "y" and shape[-1:] == "c")
        shape += "v" if vowel else "c"
    return shape


def _measure(stem: str) -> int:
    """Return Porter's m: how often a vowel is followed by a consonant."""
    return _shape(stem).count("vc")


def _ends_double(word: str) -> bool:
    return word[-1] == word[-2:-1] and _shape(word)[-1] == "c"


def _ends_short(word: str) -> bool:
    """Whether `word` ends in consonant, vowel, consonant other than w, x, y (Porter's *o)."""
    return _shape(word)[-3:] == "cvc" and word[-1] not in "wxy"


def _stem(word: str) -> str:
    """Return Porter's stem of a lower-case word; one or two letters stay as they are.

    Lucene follows Porter's own program, which differs from his paper (and from Snowball's
    "porter") in two suffixes of step 2: -bli becomes -ble and -logi becomes -log.
    """
    if len(word) < 3:
        return word
    word = _plural_and_tense(word)
    if word[-1] == "y" and "v" in _shape(word[:-1]):
        word = word[:-1] + "i"
    word = _replace(word, _STEP_2)
    word = _replace(word, _STEP_3)
    word = _strip_suffix(word)
    return _strip_final(word)


def _plural_and_tense(word: str) -> str:
    """Take off -s, then -ed or -ing (steps 1a and 1b)."""
    if word.endswith(("sses", "ies")):
        word = word[:-2]
    elif word[-1] == "s" and word[-2] != "s":
        word = word[:-1]
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    ending = next((e for e in ("ed", "ing") if word.endswith(e)), None)
    if ending is None or "v" not in _shape(word[: -len(ending)]):
        return word
    word = word[: -len(ending)]
    if word.endswith(("at", "bl", "iz")):
        return word + "e"
    if _ends_double(word):
        return word if word[-1] in "lsz" else word[:-1]
    return word + "e" if _measure(word) == 1 and _ends_short(word) else word


def _replace(word: str, suffixes: dict[str, str]) -> str:
    """Replace the first suffix that fits, if what precedes it has m > 0 (steps 2 and 3)."""
    for suffix, replacement in suffixes.items():
        if word.endswith(suffix):
            stem = word[: -len(suffix)]
            return stem + replacement if _measure(stem) > 0 else word
    return word


def _strip_suffix(word: str) -> str:
    """Drop the first suffix that fits, if what precedes it has m > 1 (step 4)."""
    for suffix in _STEP_4:
        if word.endswith(suffix):
            stem = word[: -len(suffix)] + suffix[: suffix.endswith("ion")]
            return stem if _measure(stem) > 1 else word
    return word


def _strip_final(word: str) -> str:
    """Drop a final -e, make a final -ll one l (step 5)."""
    measure = _measure(word)
    if word[-1] == "e" and (measure > 1 or (measure == 1 and not _ends_short(word[:-1]))):
        word = word[:-1]
    if word[-1] == "l" and _ends_double(word) and measure > 1:
        word = word[:-1]
    return word
