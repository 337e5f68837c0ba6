"""The grammar of MySQL's statements: queries, `SHOW`, `DESCRIBE`, `USE`.

Other statements are known by their first word only, since this engine does none of them.
"""

from stepagent_gym.envs.intercode_sql.mysql.expressions import ExpressionParser
from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError
from stepagent_gym.envs.intercode_sql.mysql.nodes import (
    Body,
    CommonTable,
    Derived,
    Item,
    Join,
    Order,
    Other,
    Query,
    Select,
    SetOperation,
    Show,
    Source,
    Star,
    Statement,
    Table,
    Use,
)

_OTHER = frozenset(
    """
    ALTER ANALYZE BEGIN CALL CHECK COMMIT CREATE DEALLOCATE DELETE DO DROP EXECUTE FLUSH GRANT
    HANDLER INSERT KILL LOAD LOCK OPTIMIZE PREPARE RENAME REPLACE RESET REVOKE ROLLBACK SAVEPOINT
    SET START TRUNCATE UNLOCK UPDATE XA
    """.split()  # noqa: SIM905
)
_UNANSWERED = frozenset(
    """
    CHARACTER COLLATION CREATE ENGINES ERRORS EVENTS FUNCTION GLOBAL GRANTS OPEN PLUGINS PRIVILEGES
    PROCEDURE PROCESSLIST SESSION STATUS TABLE TRIGGERS VARIABLES WARNINGS
    """.split()  # noqa: SIM905
)
_SELECT_OPTIONS = ("HIGH_PRIORITY", "SQL_SMALL_RESULT", "SQL_BIG_RESULT", "SQL_NO_CACHE",
                   "SQL_BUFFER_RESULT", "SQL_CALC_FOUND_ROWS", "STRAIGHT_JOIN")  # fmt: skip
_JOIN_WORDS = ("JOIN", "INNER", "CROSS", "LEFT", "RIGHT", "NATURAL", "STRAIGHT_JOIN")


def parse_statement(text: str) -> Statement:
    """Read a statement; raises `MySQLError` where MySQL would."""
    text = text.strip().rstrip("; \t\r\n\f\v")
    if not text:
        raise MySQLError("Query was empty")
    return _StatementParser(text).statement()


class _StatementParser(ExpressionParser):
    def statement(self) -> Statement:
        word = self.token.word if self.token.kind == "name" else ""
        found: Statement
        if self.at_query(0):
            found = self.query()
        elif word == "SHOW":
            found = self._show()
        elif word in ("DESC", "DESCRIBE", "EXPLAIN"):
            found = self._describe()
        elif word == "USE":
            self.advance()
            found = Use(self.identifier())
        elif word in _OTHER:
            return Other(word)
        else:
            raise self.fail()
        if self.token.kind == "mark" and self.token.word == ";":
            raise MySQLError("Use multi=True when executing multiple statements")
        if self.token.kind != "end":
            raise self.fail()
        return found

    # Queries.

    def at_query(self, ahead: int) -> bool:
        while self.peek(ahead).word == "(" and self.peek(ahead).kind == "mark":
            ahead += 1
        token = self.peek(ahead)
        return (
            token.kind == "name"
            and token.word in ("SELECT", "WITH", "VALUES", "TABLE")
            and (token.word != "VALUES" or self.peek(ahead + 1).word == "ROW")
        )

    def parenthesised_query(self) -> Query:
        self.expect("(")
        query = self.query()
        self.expect(")")
        return query

    def query(self) -> Query:
        """Read a query with its `WITH`, `ORDER BY` and `LIMIT`."""
        self.deeper()
        common: list[CommonTable] = []
        if self.accept("WITH"):
            recursive = self.accept("RECURSIVE")
            common.append(self._common_table(recursive))
            while self.accept(","):
                common.append(self._common_table(recursive))
        query = Query(self._body(), common)
        if self.accept("ORDER"):
            self.expect("BY")
            query.order = self.orders()
        if self.accept("LIMIT"):
            query.limit, query.offset = self._limit()
        if self.accept("FOR"):
            if not (self.accept("UPDATE") or self.accept("SHARE")):
                raise self.fail()
        elif self.accept("LOCK"):
            self.expect("IN", "SHARE", "MODE")
        self.shallower()
        if isinstance(query.body, Query) and not (common or query.order or query.limit is not None):
            return query.body
        return query

    def _common_table(self, recursive: bool) -> CommonTable:
        name = self.identifier()
        columns = self._names() if self.at("(") else []
        self.expect("AS")
        return CommonTable(name, columns, self.parenthesised_query(), recursive)

    def _names(self) -> list[str]:
        self.expect("(")
        names = [self.identifier()]
        while self.accept(","):
            names.append(self.identifier())
        self.expect(")")
        return names

    def _body(self) -> Body:
        left = self._intersections()
        while self.at("UNION", "EXCEPT"):
            op = self.advance().word
            distinct = self._distinct()
            left = SetOperation(op, distinct, left, self._intersections())
        return left

    def _intersections(self) -> Body:
        left = self._block()
        while self.accept("INTERSECT"):
            distinct = self._distinct()
            left = SetOperation("INTERSECT", distinct, left, self._block())
        return left

    def _distinct(self) -> bool:
        if self.accept("ALL"):
            return False
        self.accept("DISTINCT")
        return True

    def _block(self) -> Body:
        if self.at("("):
            return self.parenthesised_query()
        self.expect("SELECT")
        select = Select([])
        while True:
            if self.at("DISTINCT", "DISTINCTROW"):
                self.advance()
                select.distinct = True
            elif self.at(*_SELECT_OPTIONS, "ALL"):
                self.advance()
            else:
                break
        select.items = self._items()
        if self.accept("FROM"):
            select.sources = self._sources()
        if self.accept("WHERE"):
            select.where = self.expression()
        if self.accept("GROUP"):
            self.expect("BY")
            select.group = [Order(expr) for expr in self.expressions()]
            select.rollup = self.accept("WITH", "ROLLUP")
        if self.accept("HAVING"):
            select.having = self.expression()
        if self.accept("WINDOW"):
            while True:
                name = self.identifier()
                self.expect("AS")
                select.windows[name.lower()] = self.window()
                if not self.accept(","):
                    break
        return select

    def _items(self) -> list[Item]:
        items = []
        if self.accept("*"):
            items.append(Item(Star(()), None, "*"))
        else:
            items.append(self._item())
        while self.accept(","):
            items.append(self._item())
        return items

    def _item(self) -> Item:
        start = self.token.start
        expr = self.expression()
        text = self.text[start : self.tokens[self.place - 1].end]
        if isinstance(expr, Star):
            return Item(expr, None, text)
        alias = None
        if self.accept("AS"):
            if self.token.kind != "string" and not self.at_identifier():
                raise self.fail()
            alias = self.advance().value
        elif self.token.kind == "string" or self.at_identifier():
            alias = self.advance().value
        return Item(expr, alias, text)

    def _sources(self) -> list[Source]:
        if self.accept("DUAL"):
            return []
        sources = [self._joined(self._factor())]
        while self.accept(","):
            sources.append(self._joined(self._factor()))
        return sources

    def _joined(self, left: Source) -> Source:
        while self.at(*_JOIN_WORDS):
            natural = self.accept("NATURAL")
            kind, straight = self._join_kind(natural)
            right = self._factor()
            if natural:
                left = Join(kind, left, right, natural=True)
                continue
            if self.at(*_JOIN_WORDS) and not self.at("ON", "USING"):
                right = self._joined(right)
            if self.accept("ON"):
                left = Join(kind, left, right, on=self.expression(), straight=straight)
            elif self.accept("USING"):
                left = Join(kind, left, right, using=self._names(), straight=straight)
            elif kind == "inner":
                left = _cross(left, right, straight)
            else:
                raise self.fail()
        return left

    def _join_kind(self, natural: bool) -> tuple[str, bool]:
        if self.at("LEFT", "RIGHT"):
            kind = self.advance().word.lower()
            self.accept("OUTER")
            self.expect("JOIN")
            return kind, False
        if not natural and self.accept("STRAIGHT_JOIN"):
            return "inner", True
        if self.at("INNER", "CROSS") and not (natural and self.at("CROSS")):
            self.advance()
        self.expect("JOIN")
        return "inner", False

    def _factor(self) -> Source:
        if self.at("("):
            if self.at_query(0):
                mark = self.place
                try:
                    return self._derived()
                except MySQLError:
                    if not self._joins_inside(mark):
                        raise
                    self.place = mark
            self.expect("(")
            source = self._joined(self._factor())
            while self.accept(","):
                source = _cross(source, self._joined(self._factor()), False)
            self.expect(")")
            return source
        if self.accept("LATERAL"):
            return self._derived()
        name = self.identifier()
        database = None
        if self.accept("."):
            if self.token.kind not in ("name", "quoted"):
                raise self.fail()
            database, name = name, self.advance().value
        alias = self._table_alias()
        self._hints()
        return Table(database, name, alias or name)

    def _joins_inside(self, mark: int) -> bool:
        """Whether parentheses hold joined tables, the first of them a derived one."""
        return self.tokens[mark + 1].word == "("

    def _derived(self) -> Derived:
        query = self.parenthesised_query()
        alias = self._table_alias()
        if alias is None:
            raise MySQLError("Every derived table must have its own alias")
        columns = self._names() if self.at("(") else []
        return Derived(query, alias, columns)

    def _table_alias(self) -> str | None:
        if self.accept("AS"):
            return self.identifier()
        return self.identifier() if self.at_identifier() else None

    def _hints(self) -> None:
        while self.at("USE", "FORCE", "IGNORE") and self.peek().word in ("INDEX", "KEY"):
            self.place += 2
            if self.accept("FOR"):
                self.advance()
            self.expect("(")
            while not self.accept(")"):
                self.advance()
                if self.token.kind == "end":
                    raise self.fail()

    def _limit(self) -> tuple[int, int]:
        first = self._count()
        if self.accept(","):
            return self._count(), first
        if self.accept("OFFSET"):
            return first, self._count()
        return first, 0

    def _count(self) -> int:
        if self.at_identifier():
            raise MySQLError(f"Undeclared variable: {self.token.value}")
        if self.token.kind != "number" or not self.token.value.isdigit():
            raise self.fail()
        return int(self.advance().value)

    # Statements about the schema.

    def _show(self) -> Show:
        self.expect("SHOW")
        full = self.accept("FULL") or self.accept("EXTENDED")
        if self.accept("TABLES"):
            show = Show("tables", full=full)
            if self.at("FROM", "IN"):
                self.advance()
                show.database = self.identifier()
            return self._filtered(show)
        if self.accept("DATABASES") or self.accept("SCHEMAS"):
            return self._filtered(Show("databases"))
        if self.at("COLUMNS", "FIELDS"):
            self.advance()
            return self._filtered(self._of_table(Show("columns", full=full)))
        if self.at("INDEX", "INDEXES", "KEYS"):
            self.advance()
            return self._filtered(self._of_table(Show("index")))
        if self.accept("CREATE", "TABLE"):
            return self._table_of(Show("create"))
        if self.token.word in _UNANSWERED:
            raise MySQLError("Access denied; this statement is not answered here")
        raise self.fail()

    def _of_table(self, show: Show) -> Show:
        if not self.at("FROM", "IN"):
            raise self.fail()
        self.advance()
        self._table_of(show)
        if self.at("FROM", "IN"):
            self.advance()
            show.database = self.identifier()
        return show

    def _table_of(self, show: Show) -> Show:
        show.table = self.identifier()
        if self.accept("."):
            show.database, show.table = show.table, self.identifier()
        return show

    def _filtered(self, show: Show) -> Show:
        if self.accept("LIKE"):
            if self.token.kind != "string":
                raise self.fail()
            show.like = self.strings()
        elif self.accept("WHERE"):
            show.where = self.expression()
        return show

    def _describe(self) -> Statement:
        self.advance()
        explained = ("FORMAT", "ANALYZE", "INSERT", "UPDATE", "DELETE")
        if self.at_query(0) or self.token.word in explained:
            raise MySQLError("Access denied; EXPLAIN of a query is not answered here")
        show = self._table_of(Show("columns"))
        if self.token.kind == "string" or self.at_identifier():
            show.like = self.advance().value
        return show


def _cross(left: Source, right: Source, straight: bool) -> Source:
    """Join without a condition; as in MySQL, with the first table of what stands to the right."""
    if isinstance(right, Join):
        right.left = _cross(left, right.left, straight)
        return right
    return Join("inner", left, right, straight=straight)
