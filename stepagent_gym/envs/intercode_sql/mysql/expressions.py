"""The grammar of MySQL's expressions, by recursive descent.

Each method reads what its production would, and fails at the first token that no production takes,
which is where MySQL says that the statement is wrong.
"""

from stepagent_gym.envs.intercode_sql.mysql.calls import CallParser
from stepagent_gym.envs.intercode_sql.mysql.nodes import (
    Call,
    Column,
    Expr,
    In,
    Like,
    Literal,
    Quantified,
    Row,
    Star,
    Subquery,
)
from stepagent_gym.envs.intercode_sql.mysql.words import (
    RESERVED,
    TIGHT_FUNCTIONS,
    WINDOW_ONLY,
)

_COMPARISONS = frozenset({"=", "<=>", "<", "<=", ">", ">=", "<>", "!="})
_KEYWORD_FUNCTIONS = frozenset(
    """
    CHAR CONVERT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DATABASE DEFAULT GROUPING
    IF INSERT LEFT LOCALTIME LOCALTIMESTAMP MOD REPEAT REPLACE RIGHT SCHEMA UTC_DATE UTC_TIME
    UTC_TIMESTAMP VALUES
    """.split()  # noqa: SIM905
)
_BARE_FUNCTIONS = frozenset(
    """
    CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER LOCALTIME LOCALTIMESTAMP UTC_DATE
    UTC_TIME UTC_TIMESTAMP
    """.split()  # noqa: SIM905
)


class ExpressionParser(CallParser):
    """Reads expressions; the statement's parser adds queries."""

    # Expressions, from the loosest operator to the tightest.

    def expression(self) -> Expr:
        """Read an expression."""
        self.deeper()
        parts = [self._exclusive()]
        while self.at("OR", "||"):
            self.advance()
            parts.append(self._exclusive())
        self.shallower()
        return Call("OR", parts) if len(parts) > 1 else parts[0]

    def _exclusive(self) -> Expr:
        left = self._conjunction()
        while self.accept("XOR"):
            left = Call("XOR", [left, self._conjunction()])
        return left

    def _conjunction(self) -> Expr:
        parts = [self._negation()]
        while self.at("AND", "&&"):
            self.advance()
            parts.append(self._negation())
        return Call("AND", parts) if len(parts) > 1 else parts[0]

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
        left = self.operand()
        negated = self.at("NOT") and self.peek().word in (
            "IN",
            "BETWEEN",
            "LIKE",
            "REGEXP",
            "RLIKE",
        )
        if negated:
            self.advance()
        if self.accept("IN"):
            return self._membership(left, negated)
        if self.accept("BETWEEN"):
            low = self.operand()
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
            test = Call("REGEXP", [left, self.operand()])
            return Call("NOT", [test]) if negated else test
        if self.accept("SOUNDS", "LIKE"):
            return Call("=", [Call("SOUNDEX", [left]), Call("SOUNDEX", [self.operand()])])
        return left

    def _membership(self, left: Expr, negated: bool) -> Expr:
        if self.token.word == "(" and self.at_query(1):
            return In(left, [], self.parenthesised_query(), negated)
        self.expect("(")
        items = self.expressions()
        self.expect(")")
        return In(left, items, None, negated)

    def operand(self) -> Expr:
        """Read what stands on one side of a comparison."""
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
            if self.at("INTERVAL"):
                name = "DATE_ADD" if op == "+" else "DATE_SUB"
                left = Call(name, [left, self.interval()])
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
            return Literal(self.strings(), "string")
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
            self.deeper()
            inner = self._simple()
            self.shallower()
            if token.word == "+":
                return inner
            if token.word == "-" and isinstance(inner, Literal) and inner.value[:1].isdigit():
                return Literal("-" + inner.value, inner.kind)
            return Call({"-": "NEG", "~": "~", "!": "NOT"}[token.word], [inner])
        raise self.fail()

    def _worded(self) -> Expr:
        """Read what begins with a word."""
        word, following = self.token.word, self.peek()
        if word in ("NULL", "TRUE", "FALSE"):
            self.advance()
            return Literal(
                {"TRUE": "1", "FALSE": "0"}.get(word, ""), "null" if word == "NULL" else "int"
            )
        if word in ("DATE", "TIME", "TIMESTAMP") and following.kind == "string":
            self.advance()
            kind = "datetime" if word == "TIMESTAMP" else word.lower()
            return Literal(self.advance().value, kind)
        if word == "CASE":
            return self.case()
        if word == "EXISTS":
            self.advance()
            return Subquery(self.parenthesised_query(), exists=True)
        if word == "INTERVAL":
            interval = self.interval()
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
            return self.convert()
        if word in _KEYWORD_FUNCTIONS or word in WINDOW_ONLY:
            return self.function()
        if word in RESERVED:
            raise self.fail()
        if opens and word and (tight or word not in TIGHT_FUNCTIONS):
            return self.function()
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


def _hexadecimal(raw: str) -> Literal:
    if raw[0] == "0" and raw[1] in "bB":
        return Literal(str(int(raw[2:], 2)), "int")
    digits = raw[2:-1] if raw[0] in "xX" else raw[2:]
    return Literal(
        bytes.fromhex(digits.zfill(len(digits) + len(digits) % 2)).decode("latin-1"), "string"
    )
