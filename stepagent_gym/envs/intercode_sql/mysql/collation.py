"""How utf8mb4_general_ci compares: without case, accents and trailing blanks."""

import unicodedata
from functools import lru_cache

_SPECIAL = {"ß": "S", "ẞ": "S", "Ł": "Ł", "ł": "Ł", "Ø": "Ø", "ø": "Ø", "Đ": "Đ", "đ": "Đ",
            "ı": "I", "Æ": "Æ", "æ": "Æ"}  # fmt: skip


def sort_key(text: str) -> str:
    """Give a text that compares, code point by code point, as the collation compares."""
    text = text.rstrip(" ")
    return text.upper() if text.isascii() else "".join(map(_weight, text))


@lru_cache(maxsize=1 << 14)
def _weight(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    base = unicodedata.normalize("NFD", char)[0]
    upper = base.upper()
    return upper if len(upper) == 1 else base
