"""Statements that want to write, to leave, or never to end."""

import random

from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError
from stepagent_gym.envs.intercode_sql.sqlite import SQLiteError

FORBIDDEN = (
    "DROP TABLE {t}",
    "DELETE FROM {t}",
    "INSERT INTO {t} VALUES (1)",
    "UPDATE {t} SET x = 1",
    "CREATE TABLE zz (a int)",
    "CREATE TABLE zz AS SELECT * FROM {t}",
    "CREATE TEMP TABLE zz AS SELECT * FROM {t}",
    "ALTER TABLE {t} ADD COLUMN zz int",
    "REPLACE INTO {t} VALUES (1)",
    "ATTACH DATABASE '/tmp/zz.sqlite' AS zz",
    "DETACH DATABASE main",
    "PRAGMA writable_schema = 1",
    "PRAGMA journal_mode = WAL",
    "PRAGMA table_info({t})",
    "VACUUM INTO '/tmp/zz.sqlite'",
    "REINDEX",
    "ANALYZE",
    "BEGIN; DELETE FROM {t}; COMMIT",
    "SELECT load_extension('/tmp/zz.so')",
    "SELECT writefile('/tmp/zz', 'x')",
    "SELECT readfile('/etc/passwd')",
    "SELECT * FROM pragma_table_info('{t}')",
    "SELECT 1 INTO OUTFILE '/tmp/zz'",
    "SELECT LOAD_FILE('/etc/passwd')",
    "LOAD DATA INFILE '/etc/passwd' INTO TABLE {t}",
    "GRANT ALL ON *.* TO me",
    "WITH x AS (SELECT 1) DELETE FROM {t}",
    "EXPLAIN DELETE FROM {t}",
    "SELECT * FROM {t}; DROP TABLE {t}",
    "CREATE VIEW zz AS SELECT * FROM {t}",
    "CREATE TRIGGER zz AFTER INSERT ON {t} BEGIN DELETE FROM {t}; END",
)
ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n",
    "SELECT COUNT(*) FROM {t} a, {t} b, {t} c, {t} d, {t} e, {t} f, {t} g, {t} h",
    "SELECT * FROM {t} a, {t} b, {t} c, {t} d, {t} e",
    "SELECT a.* FROM {t} a JOIN {t} b JOIN {t} c JOIN {t} d JOIN {t} e ORDER BY 1",
    "SELECT REPEAT('x', 1000000000)",
    "SELECT LPAD('x', 1000000000, 'y')",
    "SELECT printf('%1000000000d', 1)",
    "SELECT 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' REGEXP '^(a|a)*$'",
    "SELECT 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' LIKE '%a%a%a%a%a%a%a%a%a%a%a%b'",
)
WORDS = """
    SELECT FROM WHERE GROUP BY HAVING ORDER LIMIT JOIN ON LEFT AND OR NOT IN ( ) , . * = < > + - /
    COUNT SUM AVG MAX DISTINCT AS 1 0 -1 1e308 'x' "y" `t` NULL BETWEEN LIKE EXISTS CASE WHEN THEN
    END UNION ALL WITH OVER PARTITION {t} {t}.* ; -- /* */ # @x 0x41 CAST INTERVAL DATE DAY IS
""".split()  # noqa: SIM905


def statements(count, seed, table):
    """Give so many (statement, dialect): forbidden ones, mutations of queries, and word salad."""
    rng = random.Random(seed)
    queries = ["SELECT * FROM {t}", "SELECT COUNT(*), SUM(1.5) FROM {t} HAVING COUNT(*) > 1",
               "SELECT a.* FROM {t} a LEFT JOIN {t} b ON 1 = 1 ORDER BY 1 DESC LIMIT 3",
               "SELECT * FROM {t} WHERE 1 IN (SELECT 1 FROM {t})",
               "SELECT * FROM (SELECT COUNT(*) AS n FROM {t}) AS x WHERE n > 0"]  # fmt: skip
    for _ in range(count):
        kind = rng.random()
        if kind < 0.2:
            text = rng.choice(FORBIDDEN)
        elif kind < 0.35:
            text = rng.choice(queries)
        elif kind < 0.65:
            text = _mutated(rng, rng.choice([*FORBIDDEN, *queries]))
        else:
            text = " ".join(rng.choices(WORDS, k=rng.randint(1, 25)))
        yield text.replace("{t}", table), rng.choice(("mysql", "sqlite"))


def _mutated(rng, text):
    chars = list(text)
    for _ in range(rng.randint(1, 6)):
        place = rng.randrange(len(chars) + 1)
        if rng.random() < 0.5 and chars:
            del chars[min(place, len(chars) - 1)]
        else:
            chars.insert(place, rng.choice("();'\"`\\%,.*= \n\0\u202eé0"))
    return "".join(chars)


def outcome(server, statement, database):
    """Tell whether a statement gave rows or was refused; anything else is an error."""
    try:
        server.execute(statement, database)
    except (MySQLError, SQLiteError):
        return "refused"
    return "rows"
