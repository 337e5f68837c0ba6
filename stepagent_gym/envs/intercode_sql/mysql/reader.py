"""A statement's tokens, read one by one."""

from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError, syntax_error
from stepagent_gym.envs.intercode_sql.mysql.lexer import Token, tokenise
from stepagent_gym.envs.intercode_sql.mysql.nodes import Expr, Order, Query
from stepagent_gym.envs.intercode_sql.mysql.words import RESERVED

_DEEPEST = 40


class Reader:
    """Looks at tokens and takes them; `fail` is MySQL's error at the token that is looked at."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenise(text)
        self.place = 0
        self._depth = 0

    @property
    def token(self) -> Token:
        """The token that is looked at."""
        return self.tokens[self.place]

    def peek(self, ahead: int = 1) -> Token:
        """Give a later token."""
        return self.tokens[min(self.place + ahead, len(self.tokens) - 1)]

    def fail(self) -> MySQLError:
        """Make the error of the token that is looked at."""
        return syntax_error(self.text, self.token.start)

    def advance(self) -> Token:
        """Take the token that is looked at."""
        token = self.token
        self.place += 1
        return token

    def at(self, *words: str) -> bool:
        """Whether one of these keywords or marks is looked at."""
        token = self.token
        return token.word in words and token.kind in ("name", "mark")

    def accept(self, *words: str) -> bool:
        """Take these keywords or marks if they all come next."""
        for ahead, word in enumerate(words):
            token = self.peek(ahead)
            if token.word != word or token.kind not in ("name", "mark"):
                return False
        self.place += len(words)
        return True

    def expect(self, *words: str) -> None:
        """Take these keywords or marks, or fail at the first that does not come."""
        for word in words:
            if not self.accept(word):
                raise self.fail()

    def at_identifier(self) -> bool:
        """Whether a name that is no reserved word is looked at."""
        token = self.token
        return token.kind == "quoted" or (token.kind == "name" and token.word not in RESERVED)

    def identifier(self) -> str:
        """Take a name that is no reserved word."""
        if not self.at_identifier():
            raise self.fail()
        return self.advance().value

    def deeper(self) -> None:
        """Begin a nested expression; raises `MySQLError` where they are nested too deep."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise MySQLError("Thread stack overrun: the statement is nested too deep")

    def shallower(self) -> None:
        """End a nested expression."""
        self._depth -= 1

    def expressions(self) -> list[Expr]:
        """Read expressions with commas between them."""
        items = [self.expression()]
        while self.accept(","):
            items.append(self.expression())
        return items

    def orders(self) -> list[Order]:
        """Read the items of an `ORDER BY`."""
        items = []
        while True:
            expr = self.expression()
            descending = self.accept("DESC")
            if not descending:
                self.accept("ASC")
            items.append(Order(expr, descending))
            if not self.accept(","):
                return items

    def strings(self) -> str:
        """Take strings that stand side by side, as one."""
        parts = [self.advance().value]
        while self.token.kind == "string":
            parts.append(self.advance().value)
        return "".join(parts)

    # What the parsers of expressions and statements supply.

    def expression(self) -> Expr:
        """Read an expression."""
        raise NotImplementedError

    def at_query(self, ahead: int) -> bool:
        """Tell whether a query begins after so many tokens, parentheses aside."""
        raise NotImplementedError

    def parenthesised_query(self) -> Query:
        """Read a query in parentheses."""
        raise NotImplementedError
