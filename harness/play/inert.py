"""Foreign text for a terminal: nothing in it can move the cursor, colour, or hide."""


def inert(text: str) -> str:
    """Replace what is not printable, but keep lines; other white space becomes a blank."""
    return "\n".join(map(inert_line, text.split("\n")))


def inert_line(text: str) -> str:
    """Replace what is not printable, line breaks too."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)
