"""What MySQL answers to a statement that it refuses."""


class MySQLError(Exception):
    """A refusal, in MySQL's words."""


def syntax_error(text: str, start: int) -> MySQLError:
    """Say where a statement stops making sense: its next 80 characters, and their line."""
    near = text[start : start + 80]
    line = text.count("\n", 0, start) + 1
    return MySQLError(
        "You have an error in your SQL syntax; check the manual that corresponds to your MySQL "
        f"server version for the right syntax to use near '{near}' at line {line}"
    )
