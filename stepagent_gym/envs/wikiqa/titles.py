"""When two titles are the same, and which titles resemble a text."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """Split into words without case, accents and marks: "Ésme_Tarrow (film)" is esme tarrow film.

    Numbers and letters of every script are words; "don't" is two.
    """
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _WORD.findall(text.casefold())


def key(title: str) -> str:
    """Give what titles have in common that differ in case, accents, blanks and marks alone.

    A title without any letter or digit ("!!!") is its own key.
    """
    return " ".join(words(title)) or " ".join(title.split())
