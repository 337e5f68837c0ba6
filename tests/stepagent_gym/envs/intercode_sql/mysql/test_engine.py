"""What MySQL answers, where SQLite would answer something else."""

import datetime as dt
from decimal import Decimal

import pytest

from stepagent_gym.datasets import prepare
from stepagent_gym.envs.intercode_sql.library import Library
from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError

DUMP = """
CREATE DATABASE IF NOT EXISTS `shop`;
USE `shop`;
CREATE TABLE `Item` (
  `Id` int NOT NULL AUTO_INCREMENT,
  `Name` varchar(20) COLLATE utf8mb4_general_ci DEFAULT NULL,
  `Price` decimal(8,2) DEFAULT NULL,
  `Weight` double DEFAULT NULL,
  `Rating` float DEFAULT NULL,
  `Size` text COLLATE utf8mb4_general_ci,
  `Made` date DEFAULT NULL,
  `Sold` datetime DEFAULT NULL,
  `Maker_id` int DEFAULT NULL,
  PRIMARY KEY (`Id`),
  KEY `maker` (`Maker_id`)
) ENGINE=InnoDB;
INSERT INTO `Item` VALUES (1,'Lamp',19.90,1.5,4.1,'10','2020-02-29','2020-03-01 10:00:00',2),(2,'lamp ',5.00,0.1,3.3,'9','2019-01-01',NULL,1),(3,'Lámp',7.50,0.2,NULL,'x1',NULL,NULL,2),(4,'Chair',NULL,12,4.1,NULL,'2021-12-31','2021-12-31 23:59:59',NULL);
CREATE TABLE `Maker` (
  `Id` int NOT NULL,
  `Name` text COLLATE utf8mb4_general_ci NOT NULL,
  PRIMARY KEY (`Id`)
) ENGINE=InnoDB;
INSERT INTO `Maker` VALUES (1,'Ann'),(2,'Bo''b'),(3,'Cy');
"""  # noqa: E501


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    (folder / "shop.sql").write_text(DUMP)
    (folder / "tasks.json").write_text(
        '[{"db": "shop", "gold": "SELECT 1", "query": "One?", "hardness": "easy"}]'
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STEPAGENT_DATA", str(folder / "data"))
        dataset = prepare("intercode_sql", [str(folder)])
    server = Library.open(dataset.path).mysql

    def answer(statement):
        try:
            return server.execute(statement, "shop")[0]
        except MySQLError as error:
            return str(error)

    return answer


@pytest.mark.parametrize(
    ("statement", "rows"),
    [
        ("SELECT COUNT(*) FROM item WHERE Name = 'LAMP'", [(3,)]),
        ("SELECT DISTINCT Name FROM item", [("Lamp",), ("Chair",)]),
        ("SELECT Name, COUNT(*) FROM item GROUP BY Name", [("Lamp", 3), ("Chair", 1)]),
        ("SELECT Name FROM item WHERE Name LIKE 'la%' ORDER BY Id",
         [("Lamp",), ("lamp ",), ("Lámp",)]),
        ("SELECT Name FROM item WHERE Name LIKE '%p' ORDER BY Id", [("Lamp",), ("Lámp",)]),
        ("SELECT MAX(Name), MIN(Name) FROM item WHERE Id < 2", [("Lamp", "Lamp")]),
        ("SELECT MAX(Size), MIN(Size) FROM item", [("x1", "10")]),
        ("SELECT Id FROM item WHERE Size > 9", [(1,)]),
        ("SELECT Id FROM item WHERE Size = 0", [(3,)]),
        ("SELECT SUM(Size), AVG(Size) FROM item WHERE Id < 3", [(19.0, 9.5)]),
        ("SELECT SUM(Price), AVG(Price) FROM item", [(Decimal("32.40"), Decimal("10.800000"))]),
        ("SELECT AVG(Id), SUM(Id), COUNT(Price) FROM item", [(Decimal("2.5000"), Decimal(10), 3)]),
        ("SELECT 7 / 2, 7 DIV 2, 7 % 2, -7 DIV 2, 1 / 0", [(Decimal("3.5000"), 3, 1, -3, None)]),
        ("SELECT 0.1 + 0.2 = 0.3, 1.5 * 1.50", [(1, Decimal("2.250"))]),
        ("SELECT Weight * 3 FROM item WHERE Id = 2", [(0.30000000000000004,)]),
        ("SELECT Rating FROM item WHERE Rating = 4.1", []),
        ("SELECT Rating FROM item WHERE Id = 1", [(4.1,)]),
        ("SELECT Made, Sold FROM item WHERE Id = 1",
         [(dt.date(2020, 2, 29), dt.datetime(2020, 3, 1, 10, 0))]),
        ("SELECT Id FROM item WHERE Made > '2020-1-1' ORDER BY Id", [(1,), (4,)]),
        ("SELECT YEAR(Made), MONTHNAME(Sold) FROM item WHERE Id = 4", [(2021, "December")]),
        ("SELECT DATE_ADD(Made, INTERVAL 1 YEAR) FROM item WHERE Id = 1",
         [(dt.date(2021, 2, 28),)]),
        ("SELECT DATEDIFF(Sold, Made), TIMESTAMPDIFF(MONTH, Made, '2020-04-28') FROM item "
         "WHERE Id = 1", [(1, 1)]),
        ("SELECT CONCAT(Name, 1, NULL), CONCAT_WS('-', 'a', NULL, 'b') FROM item LIMIT 1",
         [(None, "a-b")]),
        ("SELECT 'a' 'b', \"c\", 'it''s', 'x\\ny'", [("ab", "c", "it's", "x\ny")]),
        ("SELECT NULL = NULL, NULL <=> NULL, NOT NULL, 1 IN (2, NULL)", [(None, 1, None, None)]),
        ("SELECT ROUND(2.5), ROUND(-2.5), ROUND(1.255, 2), TRUNCATE(1.999, 2)",
         [(Decimal(3), Decimal(-3), Decimal("1.26"), Decimal("1.99"))]),
        ("SELECT 'a' = 'A ', BINARY 'a' = 'A', 'a' LIKE 'A '", [(1, 0, 0)]),
        ("SELECT IF(1 > 2, 'x', 5), IFNULL(NULL, 1.5), COALESCE(NULL, NULL)",
         [("5", Decimal("1.5"), None)]),
        ("SELECT SUBSTRING('hello', -3, 2), LEFT('abc', 2), LOCATE('B', 'abc')", [("ll", "ab", 2)]),
        ("SELECT Id FROM item WHERE Id NOT IN (SELECT Maker_id FROM item)", []),
        ("SELECT i.Name, m.Name FROM item i LEFT JOIN maker m ON i.Maker_id = m.Id "
         "WHERE m.Id IS NULL", [("Chair", None)]),
        ("SELECT m.Name, COUNT(i.Id) AS n FROM item i RIGHT JOIN maker m ON i.Maker_id = m.Id "
         "GROUP BY m.Id ORDER BY n DESC, m.Name", [("Bo'b", 2), ("Ann", 1), ("Cy", 0)]),
        ("SELECT * FROM maker JOIN (SELECT Id, COUNT(*) AS n FROM item GROUP BY Id) x USING (Id)",
         [(1, "Ann", 1), (2, "Bo'b", 1), (3, "Cy", 1)]),
        ("SELECT Name FROM maker UNION SELECT 'ann' UNION ALL SELECT 'Ann'",
         [("Ann",), ("Bo'b",), ("Cy",), ("Ann",)]),
        ("SELECT Id FROM maker INTERSECT SELECT Maker_id FROM item", [(1,), (2,)]),
        ("SELECT Id FROM maker EXCEPT SELECT Maker_id FROM item", [(3,)]),
        ("SELECT Id, RANK() OVER (ORDER BY Maker_id DESC) FROM item WHERE Maker_id IS NOT NULL "
         "ORDER BY Id", [(1, 1), (2, 3), (3, 1)]),
        ("SELECT GROUP_CONCAT(DISTINCT Maker_id SEPARATOR '|') FROM item", [("1|2",)]),
        ("SELECT Id FROM item WHERE Price > ALL (SELECT Price FROM item WHERE Id = 2)",
         [(1,), (3,)]),
        ("SELECT Name AS n FROM maker HAVING n > 'b' ORDER BY 1 DESC", [("Cy",), ("Bo'b",)]),
        ("SELECT DATABASE(), VERSION()", [("shop", "8.0.33")]),
        ("SELECT NOW() = NOW(), RAND() = RAND()", [(1, 0)]),
        ("SHOW TABLES", [("item",), ("maker",)]),
        ("SHOW COLUMNS FROM Maker LIKE 'n%'", [("Name", "text", "NO", "", None, "")]),
        ("DESCRIBE item Maker_id", [("Maker_id", "int", "YES", "MUL", None, "")]),
        ("SELECT column_name FROM information_schema.columns WHERE table_name = 'maker'",
         [("Id",), ("Name",)]),
        ("SELECT `shop`.`maker`.`Name` FROM shop.maker WHERE maker.id = 1", [("Ann",)]),
        ("SET sql_mode = ''", None),
    ],
)  # fmt: skip
def test_rows(ask, statement, rows):
    assert ask(statement) == rows


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("SELECT x FROM nothing", "Table 'shop.nothing' doesn't exist"),
        ("SELECT x FROM item JOIN nothing ON y = z", "Table 'shop.nothing' doesn't exist"),
        ("SELECT 1 FROM nowhere.t", "Unknown database 'nowhere'"),
        ("USE nowhere", "Unknown database 'nowhere'"),
        ("SELECT x FROM item WHERE y = 1", "Unknown column 'x' in 'field list'"),
        ("SELECT Id FROM item WHERE item.y = 1", "Unknown column 'item.y' in 'where clause'"),
        ("SELECT Id FROM item GROUP BY y", "Unknown column 'y' in 'group statement'"),
        ("SELECT Id FROM item HAVING Price > 1", "Unknown column 'Price' in 'having clause'"),
        ("SELECT Id FROM item ORDER BY y", "Unknown column 'y' in 'order clause'"),
        ("SELECT i.Id FROM item i JOIN maker m ON i.y = m.Id",
         "Unknown column 'i.y' in 'on clause'"),
        ("SELECT Id FROM item WHERE Id IN (SELECT Id FROM maker) AND y = 1",
         "Unknown column 'y' in 'IN/ALL/ANY subquery'"),
        ("SELECT Id FROM item, maker", "Column 'Id' in field list is ambiguous"),
        ("SELECT 1 FROM item, item", "Not unique table/alias: 'item'"),
        ("SELECT z.* FROM item", "Unknown table 'z'"),
        ("SELECT Id FROM item WHERE COUNT(*) > 1", "Invalid use of group function"),
        ("SELECT MAX(COUNT(*)) FROM item", "Invalid use of group function"),
        ("SELECT Name, COUNT(*) FROM item",
         "In aggregated query without GROUP BY, expression #1 of SELECT list contains "
         "nonaggregated column 'shop.item.Name'; this is incompatible with "
         "sql_mode=only_full_group_by"),
        ("SELECT i.Id, Name FROM item i GROUP BY Name",
         "Expression #1 of SELECT list is not in GROUP BY clause and contains nonaggregated column "
         "'shop.i.Id' which is not functionally dependent on columns in GROUP BY clause; this is "
         "incompatible with sql_mode=only_full_group_by"),
        ("SELECT DISTINCT Name FROM item ORDER BY Price",
         "Expression #1 of ORDER BY clause is not in SELECT list, references column "
         "'shop.item.Price' which is not in SELECT list; this is incompatible with DISTINCT"),
        ("SELECT Name FROM item ORDER BY COUNT(*)",
         "Expression #1 of ORDER BY contains aggregate function and applies to the result of a "
         "non-aggregated query"),
        ("SELECT (SELECT Id FROM maker)", "Subquery returns more than 1 row"),
        ("SELECT Id FROM item WHERE (SELECT 1, 2)", "Operand should contain 1 column(s)"),
        ("SELECT Id FROM item WHERE Id IN (SELECT Id FROM maker LIMIT 1)",
         "This version of MySQL doesn't yet support 'LIMIT & IN/ALL/ANY/SOME subquery'"),
        ("SELECT 1 UNION SELECT 1, 2",
         "The used SELECT statements have a different number of columns"),
        ("SELECT FOO(1)", "FUNCTION shop.FOO does not exist"),
        ("SELECT LEFT('a')", "Incorrect parameter count in the call to native function 'LEFT'"),
        ("SELECT Id FROM item WHERE Made = 'soon'", "Incorrect DATE value: 'soon'"),
        ("DELETE FROM item", "The MySQL server is running with the --read-only option so it cannot "
         "execute this statement"),
    ],
)  # fmt: skip
def test_refusals(ask, statement, said):
    assert ask(statement) == said


def test_a_primary_key_determines_its_row(ask):
    assert ask("SELECT Name, COUNT(*) FROM maker GROUP BY Id") == [
        ("Ann", 1),
        ("Bo'b", 1),
        ("Cy", 1),
    ]
    assert ask("SELECT m.Name, COUNT(*) FROM item i JOIN maker m ON m.Id = i.Maker_id "
               "GROUP BY i.Maker_id") == [("Ann", 1), ("Bo'b", 2)]  # fmt: skip


def test_a_covering_index_gives_its_order(ask):
    assert ask("SELECT Id FROM item") == [(4,), (2,), (1,), (3,)]
    assert ask("SELECT Id, Name FROM item")[0] == (1, "Lamp")


def test_an_error_is_the_same_each_time(ask):
    assert ask("SELECT x FROM item") == ask("SELECT x FROM item")
    with pytest.raises(MySQLError) as first:
        raise MySQLError("x")
    assert first.value.args == ("x",)
