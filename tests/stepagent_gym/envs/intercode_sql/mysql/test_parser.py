"""Where MySQL says that a statement is wrong."""

import contextlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError
from stepagent_gym.envs.intercode_sql.mysql.lexer import tokenise
from stepagent_gym.envs.intercode_sql.mysql.nodes import Query, Show, Use
from stepagent_gym.envs.intercode_sql.mysql.parser import parse_statement


@pytest.mark.parametrize(
    ("statement", "near"),
    [
        ("SELECT name, rank FROM t", "FROM t"),
        ("SELECT AVG(rank) FROM t", ") FROM t"),
        ("SELECT MIN(a), * FROM t", "* FROM t"),
        ("SELECT * FROM <table>", "<table>"),
        ("SELECT a FROM show", "show"),
        ("SELECT a FROM t ORDER BY a DESCENDING", "DESCENDING"),
        ("SELECT a FROM t WHERE a IS NOT 'x'", "'x'"),
        ("SELECT a FROM (SELECT b FROM t", ""),
        ("SELECT a FROM t) SELECT b", ") SELECT b"),
        ("I'm sorry", "I'm sorry"),
        ("SELECT * FROM a.b.c", ".c"),
        ("SELECT 'it", "'it"),
        ("SELECT COUNT (*) FROM t", "*) FROM t"),
        ("SELECT a FROM t LEFT JOIN u WHERE b = 1", "WHERE b = 1"),
        ("SELECT a\nFROM t\nWHERE", ""),
        ("DESC t u v", "v"),
        ("SELECT a FROM t LIMIT (SELECT 1)", "(SELECT 1)"),
        ("SHOW TABLES` command", "` command"),
    ],
)
def test_near(statement, near):
    with pytest.raises(MySQLError) as caught:
        parse_statement(statement)
    assert f"right syntax to use near '{near[:80]}' at line" in str(caught.value)


def test_the_line_is_counted_and_the_text_cut_after_80_characters():
    with pytest.raises(MySQLError, match=r"near 'x{80}' at line 3"):
        parse_statement("SELECT a\nFROM t\n" + "WHERE a = 1 " + "x" * 200)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("", "Query was empty"),
        (" ; ", "Query was empty"),
        ("SELECT * FROM (SELECT 1)", "Every derived table must have its own alias"),
        ("SELECT 1; SELECT 2", "Use multi=True when executing multiple statements"),
        ("SELECT a FROM t LIMIT x", "Undeclared variable: x"),
        ("SELECT " + "(" * 3000 + "1" + ")" * 3000, "nested too deep"),
        ("SELECT " + "-" * 3000 + "1", "nested too deep"),
        ("SELECT " + "- " * 3000 + "1", "nested too deep"),
    ],
)
def test_other_refusals(statement, said):
    with pytest.raises(MySQLError, match=said.replace("(", r"\(")):
        parse_statement(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT t.rank, t.`group` FROM t AS t",
        "SELECT a b, c AS 'd e' FROM t u JOIN v ON u.x = v.x, w",
        "SELECT * FROM a JOIN b JOIN c ON b.x = c.x ON a.x = b.x",
        "SELECT COUNT(DISTINCT a, b), GROUP_CONCAT(a ORDER BY b SEPARATOR '; ') FROM t",
        "SELECT CASE a WHEN 1 THEN 2 ELSE 3 END, CAST(a AS DECIMAL(10, 2)) FROM t",
        "SELECT a FROM t WHERE (a, b) IN (SELECT c, d FROM u) AND NOT a <=> NULL OR b XOR c",
        "(SELECT a FROM t LIMIT 1) UNION ALL (SELECT b FROM u) ORDER BY 1 LIMIT 2, 3",
        "WITH x AS (SELECT 1), y (n) AS (SELECT 2) SELECT * FROM x, y",
        "SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY b DESC) FROM t -- comment",
        "SELECT a # comment\nFROM t /* more */ WHERE a LIKE '%x' ESCAPE '!'",
        "SELECT DATE_ADD(a, INTERVAL 1 DAY), a + INTERVAL 2 MONTH, DATE '2020-01-01' FROM t",
        "SELECT 18_49_share, t.18_49_share, .5, 1e3, 0x41 FROM t;",
        "SELECT * FROM t FORCE INDEX (i) WHERE a > ALL (SELECT b FROM u)",
    ],
)
def test_what_is_right(statement):
    assert isinstance(parse_statement(statement), Query)


def test_statements_about_the_schema():
    show = parse_statement("SHOW FULL COLUMNS FROM t IN d")
    assert isinstance(show, Show)
    assert (show.what, show.table, show.database, show.full) == ("columns", "t", "d", True)
    assert isinstance(parse_statement("USE x;"), Use)


@given(st.text())
def test_tokens_cover_the_text_in_order(text):
    tokens = tokenise(text)
    assert tokens[-1].kind == "end"
    assert all(a.end <= b.start for a, b in pairwise(tokens))
    with contextlib.suppress(MySQLError):
        parse_statement(text)
