"""The grammar of MySQL's function calls, with the syntax that some of them have of their own."""

from stepagent_gym.envs.intercode_sql.mysql.nodes import (
    Call,
    Case,
    Cast,
    Expr,
    Interval,
    Literal,
    Over,
    Star,
)
from stepagent_gym.envs.intercode_sql.mysql.reader import Reader
from stepagent_gym.envs.intercode_sql.mysql.words import AGGREGATES, UNITS, WINDOW_ONLY

_CAST_KINDS = {
    "SIGNED": "signed", "UNSIGNED": "unsigned", "CHAR": "char", "DATE": "date",
    "DATETIME": "datetime", "TIME": "time", "YEAR": "year", "DECIMAL": "decimal", "DEC": "decimal",
    "DOUBLE": "double", "FLOAT": "double", "REAL": "double", "BINARY": "char", "NCHAR": "char",
}  # fmt: skip


class CallParser(Reader):
    """Reads calls, `CASE` and `INTERVAL`."""

    def operand(self) -> Expr:
        """Read what stands on one side of a comparison."""
        raise NotImplementedError

    def function(self) -> Expr:
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
        return self.interval() if self.at("INTERVAL") else self.expression()

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
                call.written = self.strings()
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

    def case(self) -> Expr:
        """Read a `CASE`."""
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

    def interval(self) -> Expr:
        """Read an `INTERVAL n unit`."""
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

    def convert(self) -> Expr:
        """Read a `CONVERT`, from its name on."""
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
        needle = self.operand()
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
