"""A compiled query, in parts.

It keeps its parts apart, since it is written differently as a result, as a table, as a value, and
as a set to search in.  Its rows come in MySQL's order: first by `ORDER BY`, then by the row's place
(see `plan`), which for a group is that of its first row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from stepagent_gym.envs.intercode_sql.mysql.scope import Value


@dataclass(slots=True, eq=False)
class Compiled:
    """A query in SQLite's words, in parts.

    `order` holds what `ORDER BY` compares, with whether it descends; `place` what comes after.
    """

    values: list[Value]
    names: list[str]
    source: str = ""
    where: str = ""
    group: list[str] = field(default_factory=list)
    having: str = ""
    order: list[tuple[str, bool]] = field(default_factory=list)
    place: str = "NULL"
    presort: list[str] = field(default_factory=list)
    limit: str = ""
    wanted: tuple[int, int] | None = None
    single: bool = False
    expected: float = 10.0
    counted: bool = False

    def replace(self, marker: str, place: str) -> None:
        """Put the place of rows, known last, where it was needed before."""
        for value in self.values:
            value.sql = value.sql.replace(marker, place)
            value.key = value.key and value.key.replace(marker, place)
        self.source = self.source.replace(marker, place)
        self.having = self.having.replace(marker, place)
        self.place = self.place.replace(marker, place)
        self.presort = [key.replace(marker, place) for key in self.presort]
        self.order = [(key.replace(marker, place), down) for key, down in self.order]

    def rows(self, columns: Sequence[str], *, ordered: bool = True) -> str:
        """Write a SELECT of some columns over these rows."""
        sql = f"SELECT {', '.join(columns)}{self._rest()}"
        if ordered:
            sql += f" ORDER BY {', '.join(self.ordering())}"
        return sql + self.limit

    def ordering(self) -> list[str]:
        """Write what the rows are ordered by."""
        order = [f"{key} DESC" if down else key for key, down in self.order]
        return [*order, *self.presort, self.place]

    def result(self) -> str:
        """Write the query as a result."""
        return self.rows([value.sql for value in self.values])

    def sortable(self) -> str:
        """Write the query as a result that is not sorted and cut yet, with its sort keys."""
        columns = [value.sql for value in self.values] + [key for key, _ in self.order]
        unsorted = f"SELECT {', '.join(columns)}{self._rest()}"
        return f"{unsorted} ORDER BY {', '.join([*self.presort, self.place])}"

    def table(self) -> str:
        """Write the query as a table: c0, c1, ... with keys k0, k1, ... and places "$s"."""
        columns = [f"{value.sql} AS c{place}" for place, value in enumerate(self.values)]
        columns += [
            f"{value.key} AS k{place}" for place, value in enumerate(self.values) if value.key
        ]
        window = f'row_number() OVER (ORDER BY {", ".join(self.ordering())}) AS "$s"'
        return self.rows([*columns, window], ordered=bool(self.limit))

    def _rest(self) -> str:
        sql = f" FROM {self.source}" if self.source else ""
        if self.where:
            sql += f" WHERE {self.where}"
        if self.group:
            sql += f" GROUP BY {', '.join(self.group)}"
        if self.having:
            sql += f" HAVING {self.having}"
        return sql
