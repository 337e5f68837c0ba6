"""The grammar of MySQL's expressions, by recursive descent.

Each method reads what its production would, and fails at the first token that no production takes,
which is where MySQL says that the statement is wrong.
"""

from typing import Any

from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError, syntax_error
from stepagent_gym.envs.intercode_sql.mysql.lexer import Token, tokenise
from stepagent_gym.envs.intercode_sql.mysql.nodes import (
    Call,
    Case,
    Cast,
    Column,
    Expr,
    In,
    Interval,
    Like,
    Literal,
    Order,
    Over,
    Quantified,
    Query,
    Row,
    Star,
    Subquery,
)
from stepagent_gym.envs.intercode_sql.mysql.words import (
    AGGREGATES,
    RESERVED,
    TIGHT_FUNCTIONS,
    UNITS,
    WINDOW_ONLY,
)

_COMPARISONS = frozenset({"=", "<=>", "<", "<=", ">", ">=", "<>", "!="})
_KEYWORD_FUNCTIONS = frozenset(
    "LEFT RIGHT REPLACE IF INSERT REPEAT MOD CHAR DATABASE SCHEMA UTC_DATE UTC_TIME UTC_TIMESTAMP "
    "CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP CURRENT_USER CONVERT VALUES "
    "DEFAULT GROUPING".split()
)
_BARE_FUNCTIONS = frozenset(
    "CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP UTC_DATE UTC_TIME "
    "UTC_TIMESTAMP CURRENT_USER".split()
)
_CAST_KINDS = {
    "SIGNED": "signed", "UNSIGNED": "unsigned", "CHAR": "char", "DATE": "date",
    "DATETIME": "datetime", "TIME": "time", "YEAR": "year", "DECIMAL": "decimal", "DEC": "decimal",
    "DOUBLE": "double", "FLOAT": "double", "REAL": "double", "BINARY": "char", "NCHAR": "char",
}  # fmt: skip
_DEEPEST = 200


class ExpressionParser:
    """Reads expressions; the statement's parser adds queries."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenise(text)
        self.place = 0
        self._depth = 0

    # Tokens.

    @property
    def token(self) -> Token:
        """The token that is looked at."""
        return self.tokens[self.place]

    def peek(self, ahead: int = 1) -> Token:
        """A later token."""
        return self.tokens[min(self.place + ahead, len(self.tokens) - 1)]

    def fail(self) -> MySQLError:
        """The error of the token that is looked at."""
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

    # Expressions, from the loosest operator to the tightest.

    def expression(self) -> Expr:
        """Read an expression."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise MySQLError("Thread stack overrun: the expression is too deep")
        left = self._exclusive()
        while self.at("OR", "||"):
            self.advance()
            left = Call("OR", [left, self._exclusive()])
        self._depth -= 1
        return left

    def _exclusive(self) -> Expr:
        left = self._conjunction()
        while self.accept("XOR"):
            left = Call("XOR", [left, self._conjunction()])
        return left

    def _conjunction(self) -> Expr:
        left = self._negation()
        while self.at("AND", "&&"):
            self.advance()
            left = Call("AND", [left, self._negation()])
        return left

    def _negation(self) -> Expr:
        count = 0
        while self.accept("NOT"):
            count += 1
        inner = self._truth()
        for _ in range(count):
            inner = Call("NOT", [inner])
        return inner

    def _truth(self) -> Expr:
        left = self._comparison()
        while self.accept("IS"):
            negated = self.accept("NOT")
            for word in ("NULL", "TRUE", "FALSE", "UNKNOWN"):
                if self.accept(word):
                    left = Call(f"IS {'NULL' if word == 'UNKNOWN' else word}", [left])
                    break
            else:
                raise self.fail()
            left = Call("NOT", [left]) if negated else left
        return left

    def _comparison(self) -> Expr:
        left = self._predicate()
        while self.token.word in _COMPARISONS:
            op = self.advance().word
            op = "<>" if op == "!=" else op
            if self.at("ALL", "ANY", "SOME") and self.peek().word == "(" and op != "<=>":
                every = self.advance().word == "ALL"
                left = Quantified(op, left, every, self.parenthesised_query())
            else:
                left = Call(op, [left, self._predicate()])
        return left

    def _predicate(self) -> Expr:
        left = self._bits()
        negated = self.at("NOT") and self.peek().word in ("IN", "BETWEEN", "LIKE", "REGEXP", "RLIKE")
        if negated:
            self.advance()
        if self.accept("IN"):
            return self._membership(left, negated)
        if self.accept("BETWEEN"):
            low = self._bits()
            self.expect("AND")
            test: Expr = Call("BETWEEN", [left, low, self._predicate()])
            return Call("NOT", [test]) if negated else test
        if self.accept("LIKE"):
            pattern, escape = self._simple(), "\\"
            if self.accept("ESCAPE"):
                given = self._simple()
                escape = given.value if isinstance(given, Literal) else "\\"
            return Like(left, pattern, escape, negated)
        if self.accept("REGEXP") or self.accept("RLIKE"):
            test = Call("REGEXP", [left, self._bits()])
            return Call("NOT", [test]) if negated else test
        if self.accept("SOUNDS", "LIKE"):
            return Call("=", [Call("SOUNDEX", [left]), Call("SOUNDEX", [self._bits()])])
        return left

    def _membership(self, left: Expr, negated: bool) -> Expr:
        if self.token.word == "(" and self.at_query(1):
            return In(left, [], self.parenthesised_query(), negated)
        self.expect("(")
        items = self.expressions()
        self.expect(")")
        return In(left, items, None, negated)

    def _bits(self) -> Expr:
        left = self._shift()
        while self.at("|"):
            self.advance()
            left = Call("|", [left, self._shift()])
        return left

    def _shift(self) -> Expr:
        left = self._sum()
        while self.at("<<", ">>", "&"):
            op = self.advance().word
            left = Call(op, [left, self._sum()])
        return left

    def _sum(self) -> Expr:
        left = self._product()
        while self.at("+", "-"):
            op = self.advance().word
            right: Expr
            if self.at("INTERVAL") :
                name = "DATE_ADD" if op == "+" else "DATE_SUB"
                left = Call(name, [left, self._interval()])
                continue
            right = self._product()
            left = Call(op, [left, right])
        return left

    def _product(self) -> Expr:
        left = self._power()
        while self.at("*", "/", "%", "DIV", "MOD"):
            op = self.advance().word
            left = Call("%" if op == "MOD" else op, [left, self._power()])
        return left

    def _power(self) -> Expr:
        left = self._simple()
        while self.at("^"):
            self.advance()
            left = Call("^", [left, self._simple()])
        return left

    def _simple(self) -> Expr:
        inner = self._primary()
        while self.accept("COLLATE"):
            self.identifier()
        return inner

    def _primary(self) -> Expr:
        token = self.token
        if token.kind == "mark":
            return self._marked()
        if token.kind == "number":
            self.advance()
            kind = "int" if token.value.isdigit() else "decimal"
            return Literal(token.value, "double" if "e" in token.value.lower() else kind)
        if token.kind == "string":
            return Literal(self._strings(), "string")
        if token.kind == "hex":
            self.advance()
            return _hexadecimal(token.value)
        if token.kind == "variable":
            self.advance()
            return Call("@", [Literal(token.value, "string")])
        if token.kind == "quoted":
            return self._named()
        if token.kind == "name":
            return self._worded()
        raise self.fail()

    def _marked(self) -> Expr:
        token = self.token
        if token.word == "(":
            if self.at_query(1):
                return Subquery(self.parenthesised_query())
            self.advance()
            items = self.expressions()
            self.expect(")")
            return items[0] if len(items) == 1 else Row(items)
        if token.word in ("-", "+", "~", "!"):
            self.advance()
            self._depth += 1
            if self._depth > _DEEPEST:
                raise MySQLError("Thread stack overrun: the expression is too deep")
            inner = self._simple()
            self._depth -= 1
            if token.word == "+":
                return inner
            if token.word == "-" and isinstance(inner, Literal) and inner.value[:1].isdigit():
                return Literal("-" + inner.value, inner.kind)
            return Call({"-": "NEG", "~": "~", "!": "NOT"}[token.word], [inner])
        raise self.fail()

    def _strings(self) -> str:
        parts = [self.advance().value]
        while self.token.kind == "string":
            parts.append(self.advance().value)
        return "".join(parts)

    def _worded(self) -> Expr:
        """Read what begins with a word."""
        word, following = self.token.word, self.peek()
        if word in ("NULL", "TRUE", "FALSE"):
            self.advance()
            return Literal({"TRUE": "1", "FALSE": "0"}.get(word, ""), "null" if word == "NULL" else "int")
        if word in ("DATE", "TIME", "TIMESTAMP") and following.kind == "string":
            self.advance()
            kind = "datetime" if word == "TIMESTAMP" else word.lower()
            return Literal(self.advance().value, kind)
        if word == "CASE":
            return self._case()
        if word == "EXISTS":
            self.advance()
            return Subquery(self.parenthesised_query(), exists=True)
        if word == "INTERVAL":
            interval = self._interval()
            self.expect("+")
            return Call("DATE_ADD", [self.expression(), interval])
        if word == "BINARY":
            self.advance()
            return Call("BINARY", [self._simple()])
        if word in ("ROW",) and following.word == "(":
            self.place += 2
            items = self.expressions()
            self.expect(")")
            return Row(items)
        if word in _BARE_FUNCTIONS and following.word != "(":
            self.advance()
            return Call(word, [], written=word)
        opens = following.word == "(" and following.kind == "mark"
        tight = opens and following.start == self.token.end
        if word == "CONVERT" and opens:
            return self._convert()
        if word in _KEYWORD_FUNCTIONS or word in WINDOW_ONLY:
            return self._function()
        if word in RESERVED:
            raise self.fail()
        if opens and word and (tight or word not in TIGHT_FUNCTIONS):
            return self._function()
        return self._named()

    def _named(self) -> Expr:
        """Read a column, or a function of a database or with a quoted name."""
        path = [self.identifier()]
        while self.at(".") and len(path) < 3:
            self.advance()
            if self.accept("*"):
                return Star(tuple(path))
            if self.token.kind not in ("name", "quoted"):
                raise self.fail()
            path.append(self.advance().value)
        if self.at("(") and len(path) <= 2:
            self.advance()
            args = [] if self.at(")") else self.expressions()
            self.expect(")")
            database = path[0] if len(path) == 2 else None
            return Call("", args, database=database or "", written=path[-1])
        return Column(tuple(path))

    def _function(self) -> Expr:
        """Read a call, from its name on."""
        name = self.advance()
        self.expect("(")
        word = name.word
        special = {
            "CAST": self._cast, "EXTRACT": self._extract, "TRIM": self._trim,
            "POSITION": self._position, "TIMESTAMPDIFF": self._unit_call,
            "TIMESTAMPADD": self._unit_call, "SUBSTRING": self._substring,
            "SUBSTR": self._substring, "MID": self._substring,
        }.get(word)  # fmt: skip
        if special is not None:
            return special(word)
        if word in AGGREGATES:
            return self._aggregate(word)
        args: list[Expr] = []
        if not self.at(")"):
            args.append(self._argument(word))
            while self.accept(","):
                args.append(self._argument(word))
            if word == "CHAR" and self.accept("USING"):
                self.identifier()
        self.expect(")")
        call = Call(word, args, written=name.value)
        if word in WINDOW_ONLY:
            if self.accept("RESPECT", "NULLS"):
                pass
            if not self.at("OVER"):
                raise self.fail()
        if self.at("OVER"):
            call.over = self._over()
        return call

    def _argument(self, word: str) -> Expr:
        return self._interval() if self.at("INTERVAL") else self.expression()

    def _aggregate(self, word: str) -> Expr:
        call = Call(word, [], written=word)
        call.distinct = self.accept("DISTINCT")
        if not call.distinct:
            self.accept("ALL")
        if word == "COUNT" and not call.distinct and self.accept("*"):
            call.args = [Star(())]
        elif word == "GROUP_CONCAT" or call.distinct:
            call.args = self.expressions()
            if len(call.args) > 1 and word not in ("COUNT", "GROUP_CONCAT"):
                raise self.fail()
        else:
            call.args = [self.expression()]
        if word == "GROUP_CONCAT":
            if self.accept("ORDER"):
                self.expect("BY")
                call.order = self.orders()
            if self.accept("SEPARATOR"):
                if self.token.kind != "string":
                    raise self.fail()
                call.written = self._strings()
            else:
                call.written = ","
        self.expect(")")
        if self.at("OVER"):
            call.over = self._over()
        return call

    def _over(self) -> Over:
        self.expect("OVER")
        if self.at_identifier():
            return Over([], [], name=self.identifier())
        return self.window()

    def window(self) -> Over:
        """Read the parenthesised definition of a window."""
        self.expect("(")
        over = Over([], [])
        if self.at_identifier() and not self.at("ROWS", "RANGE", "PARTITION", "ORDER"):
            over.name = self.identifier()
        if self.accept("PARTITION"):
            self.expect("BY")
            over.partition = self.expressions()
        if self.accept("ORDER"):
            self.expect("BY")
            over.order = self.orders()
        if self.at("ROWS", "RANGE"):
            start = self.place
            while not self.at(")"):
                if self.token.kind not in ("name", "number"):
                    raise self.fail()
                self.advance()
            over.frame = " ".join(token.value for token in self.tokens[start : self.place])
        self.expect(")")
        return over

    def _case(self) -> Expr:
        self.expect("CASE")
        operand = None if self.at("WHEN") else self.expression()
        whens = []
        while self.accept("WHEN"):
            condition = self.expression()
            self.expect("THEN")
            whens.append((condition, self.expression()))
        if not whens:
            raise self.fail()
        default = self.expression() if self.accept("ELSE") else None
        self.expect("END")
        return Case(operand, whens, default)

    def _interval(self) -> Expr:
        self.expect("INTERVAL")
        arg = self.expression()
        if self.token.word not in UNITS:
            raise self.fail()
        return Interval(arg, self.advance().word)

    def _cast(self, word: str) -> Expr:
        arg = self.expression()
        self.expect("AS")
        return self._cast_type(arg)

    def _cast_type(self, arg: Expr) -> Expr:
        kind = _CAST_KINDS.get(self.token.word)
        if kind is None:
            raise self.fail()
        self.advance()
        if kind in ("signed", "unsigned") and self.at("INT", "INTEGER"):
            self.advance()
        scale = 0
        if self.accept("("):
            sizes = [self._size()]
            if kind == "decimal" and self.accept(","):
                sizes.append(self._size())
            self.expect(")")
            scale = sizes[1] if len(sizes) > 1 else 0
        if kind == "char" and self.accept("CHARACTER"):
            self.expect("SET")
            self.identifier()
        self.expect(")")
        return Cast(arg, kind, scale)

    def _size(self) -> int:
        if self.token.kind != "number" or not self.token.value.isdigit():
            raise self.fail()
        return int(self.advance().value)

    def _convert(self) -> Expr:
        self.place += 2
        arg = self.expression()
        if self.accept("USING"):
            self.advance()
            self.expect(")")
            return Cast(arg, "char")
        self.expect(",")
        return self._cast_type(arg)

    def _extract(self, word: str) -> Expr:
        if self.token.word not in UNITS:
            raise self.fail()
        unit = self.advance().word
        self.expect("FROM")
        arg = self.expression()
        self.expect(")")
        return Call(unit, [arg], written=unit)

    def _unit_call(self, word: str) -> Expr:
        if self.token.word not in UNITS:
            raise self.fail()
        unit = Literal(self.advance().word, "string")
        self.expect(",")
        args = self.expressions()
        self.expect(")")
        return Call(word, [unit, *args], written=word)

    def _trim(self, word: str) -> Expr:
        side = self.advance().word if self.at("LEADING", "TRAILING", "BOTH") else ""
        remove: Expr = Literal(" ", "string")
        if not (side and self.at("FROM")):
            first = self.expression()
            if not self.at("FROM"):
                self.expect(")")
                return Call("TRIM", [first], written="TRIM")
            remove = first
        self.expect("FROM")
        arg = self.expression()
        self.expect(")")
        return Call("TRIM", [arg, remove, Literal(side or "BOTH", "string")], written="TRIM")

    def _position(self, word: str) -> Expr:
        needle = self._bits()
        self.expect("IN")
        args = [needle, self.expression()]
        self.expect(")")
        return Call("LOCATE", args, written="LOCATE")

    def _substring(self, word: str) -> Expr:
        args = [self.expression()]
        if self.accept("FROM"):
            args.append(self.expression())
            if self.accept("FOR"):
                args.append(self.expression())
        else:
            self.expect(",")
            args.append(self.expression())
            if self.accept(","):
                args.append(self.expression())
        self.expect(")")
        return Call("SUBSTRING", args, written="SUBSTRING")

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

    # What the statement's parser supplies.

    def at_query(self, ahead: int) -> bool:
        """Whether a query begins after so many tokens, parentheses aside."""
        raise NotImplementedError

    def parenthesised_query(self) -> Query:
        """Read a query in parentheses."""
        raise NotImplementedError


def _hexadecimal(raw: str) -> Literal:
    if raw[0] == "0" and raw[1] in "bB":
        return Literal(str(int(raw[2:], 2)), "int")
    digits: Any = raw[2:-1] if raw[0] in "xX" else raw[2:]
    return Literal(bytes.fromhex(digits.zfill(len(digits) + len(digits) % 2)).decode("latin-1"), "string")
