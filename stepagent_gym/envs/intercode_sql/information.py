"""`information_schema` as a database: what MySQL says of schemas, tables and columns."""

import re
from collections.abc import Mapping

from stepagent_gym.envs.intercode_sql.dump import TableData, Value
from stepagent_gym.envs.intercode_sql.schema import ColumnSchema, Index, TableSchema

NAME = "information_schema"

_TABLES = (
    "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_TYPE ENGINE VERSION:int ROW_FORMAT TABLE_ROWS:int "
    "AVG_ROW_LENGTH:int DATA_LENGTH:int MAX_DATA_LENGTH:int INDEX_LENGTH:int DATA_FREE:int "
    "AUTO_INCREMENT:int CREATE_TIME:datetime UPDATE_TIME:datetime CHECK_TIME:datetime "
    "TABLE_COLLATION CHECKSUM:int CREATE_OPTIONS TABLE_COMMENT"
)
_COLUMNS = (
    "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME ORDINAL_POSITION:int COLUMN_DEFAULT "
    "IS_NULLABLE DATA_TYPE CHARACTER_MAXIMUM_LENGTH:int CHARACTER_OCTET_LENGTH:int "
    "NUMERIC_PRECISION:int NUMERIC_SCALE:int DATETIME_PRECISION:int CHARACTER_SET_NAME "
    "COLLATION_NAME COLUMN_TYPE COLUMN_KEY EXTRA PRIVILEGES COLUMN_COMMENT GENERATION_EXPRESSION "
    "SRS_ID:int"
)
_SCHEMATA = (
    "CATALOG_NAME SCHEMA_NAME DEFAULT_CHARACTER_SET_NAME DEFAULT_COLLATION_NAME SQL_PATH "
    "DEFAULT_ENCRYPTION"
)
_BY_PLACE = (Index("place", ("TABLE_SCHEMA", "TABLE_NAME", "ORDINAL_POSITION", "COLUMN_NAME")),)
_CREATED = "2023-05-15 05:53:43"
_COLLATION = "utf8mb4_general_ci"
_PAGE = 16_384
_LONGEST_TEXT = 65_535


def describe(databases: Mapping[str, Mapping[str, TableData]]) -> dict[str, TableData]:
    """Make the tables `tables`, `columns` and `schemata` of some databases."""
    tables = TableData(_schema("tables", _TABLES, ("TABLE_SCHEMA", "TABLE_NAME")))
    columns = TableData(
        _schema("columns", _COLUMNS, ("TABLE_SCHEMA", "TABLE_NAME", "COLUMN_NAME"), _BY_PLACE)
    )
    schemata = TableData(_schema("schemata", _SCHEMATA, ("SCHEMA_NAME",)))
    for name, own in sorted(databases.items()):
        database = name.lower()
        schemata.rows.append(("def", database, "utf8mb4", _COLLATION, None, "NO"))
        for table in own.values():
            tables.rows.append(_table(database, table))
            for place, column in enumerate(table.schema.columns, start=1):
                columns.rows.append(_column(database, table.schema, place, column))
    return {"columns": columns, "schemata": schemata, "tables": tables}


def _schema(
    name: str, columns: str, primary: tuple[str, ...], indexes: tuple[Index, ...] = ()
) -> TableSchema:
    split = [column.partition(":") for column in columns.split()]
    return TableSchema(
        name,
        tuple(ColumnSchema(column, kind or "varchar(64)") for column, _, kind in split),
        primary,
        indexes,
    )


def _table(database: str, table: TableData) -> tuple[Value, ...]:
    schema = table.schema
    rows = schema.estimate if schema.estimate == len(table.rows) else 0
    length = _PAGE * max(1, schema.pages)
    numbered = [
        place for place, column in enumerate(schema.columns) if column.extra == "auto_increment"
    ]
    following = None
    if numbered:
        following = max((int(row[numbered[0]] or 0) for row in table.rows), default=0) + 1
    return ("def", database, schema.name, "BASE TABLE", "InnoDB", 10, "Dynamic", rows,
            length // rows if rows else 0, length, 0, _PAGE * len(schema.indexes), 0, following,
            _CREATED, None, None, _COLLATION, None, "", "")  # fmt: skip


def _column(
    database: str, table: TableSchema, place: int, column: ColumnSchema
) -> tuple[Value, ...]:
    name = column.type.split("(")[0].split()[0]
    sizes = [int(digits) for digits in re.findall(r"\d+", column.type)]
    letters = precision = scale = fraction = None
    if column.kind.kind == "text":
        letters = sizes[0] if sizes else _LONGEST_TEXT
    elif name in ("int", "bigint"):
        precision, scale = (10 if name == "int" else 19), 0
    elif name in ("double", "float", "decimal"):
        precision = sizes[0] if sizes else {"double": 22, "float": 12, "decimal": 10}[name]
        scale = sizes[1] if len(sizes) > 1 else (0 if name == "decimal" else None)
    elif name in ("datetime", "timestamp", "time"):
        fraction = 0
    text = letters is not None
    octets = letters if letters in (None, _LONGEST_TEXT) else 4 * letters
    return ("def", database, table.name, column.name, place, column.default,
            "YES" if column.nullable else "NO", name, letters, octets, precision, scale, fraction,
            "utf8mb4" if text else None, _COLLATION if text else None, column.type,
            table.key_of(column.name), column.extra, "select,insert,update,references", "", "",
            None)  # fmt: skip
