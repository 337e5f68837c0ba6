"""Foreign text made harmless to look at, on a page and in a terminal."""

import unicodedata

_KEPT = frozenset("\n\t")


def visible(text: str) -> str:
    """Show characters that would act instead of being read.

    Control characters become their pictures (U+2400 and on); the other invisible ones that steer
    display (bidirectional controls, zero-width and private characters) become `[U+202E]`.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def visible_line(text: str) -> str:
    """Show text on one line."""
    return visible(text.replace("\n", "\u2424").replace("\t", " "))


def _visible(character: str) -> str:
    if character in _KEPT:
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp"):
        return f"[U+{code:04X}]"
    return character
