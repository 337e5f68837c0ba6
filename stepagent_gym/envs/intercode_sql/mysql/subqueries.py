"""Compiling queries that stand where a value is wanted."""

from stepagent_gym.envs.intercode_sql.mysql.compiled import Compiled
from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError
from stepagent_gym.envs.intercode_sql.mysql.nodes import In, Quantified, Query, Row, Subquery
from stepagent_gym.envs.intercode_sql.mysql.operators import comparables
from stepagent_gym.envs.intercode_sql.mysql.scope import Value
from stepagent_gym.envs.intercode_sql.mysql.sources import SourceCompiler
from stepagent_gym.envs.intercode_sql.mysql.types import INT


class SubqueryCompiler(SourceCompiler):
    """Compiles a query as a value, and comparisons with one."""

    def _inner(self, query: Query) -> Compiled:
        block, place = self.block, self.place
        try:
            return self.compile_query(query, block)
        finally:
            self.block, self.place = block, place

    def _subquery(self, node: Subquery) -> Value:
        compiled = self._inner(node.query)
        if node.exists:
            return Value(f"EXISTS ({compiled.rows(['1'], ordered=False)})", INT)
        if len(compiled.values) != 1:
            raise MySQLError("Operand should contain 1 column(s)")
        value = compiled.values[0]
        key = f"({compiled.rows([value.key])})" if value.key else None
        if compiled.single:
            return Value(f"({compiled.result()})", value.type, key)
        sql = f"(SELECT my_one(c0) FROM ({compiled.rows([f'{value.sql} AS c0'])}))"
        return Value(sql, value.type, f"my_key({sql})" if key else None)

    def _in_query(self, node: In, query: Query) -> Value:
        arg = node.arg
        self.block.clause = "IN/ALL/ANY subquery"
        left = [self.compile(item) for item in (arg.items if isinstance(arg, Row) else [arg])]
        compiled = self._inner(query)
        if len(compiled.values) != len(left):
            raise MySQLError(f"Operand should contain {len(left)} column(s)")
        ours, theirs = [], []
        for a, b in zip(left, compiled.values, strict=True):
            first, second = comparables([a, b])
            ours.append(first)
            theirs.append(second)
        wanted = f"({', '.join(ours)})" if len(ours) > 1 else ours[0]
        searched = compiled.rows(theirs, ordered=False)
        return Value(f"({wanted} {'NOT IN' if node.negated else 'IN'} ({searched}))", INT)

    def _quantified(self, node: Quantified) -> Value:
        self.block.clause = "IN/ALL/ANY subquery"
        left = self.compile(node.arg)
        compiled = self._inner(node.query)
        if len(compiled.values) != 1:
            raise MySQLError("Operand should contain 1 column(s)")
        a, b = comparables([left, compiled.values[0]])
        test = f"({a} {node.op} q)"
        inner = compiled.rows([f"{b} AS q"], ordered=False)
        whole, decides = ("MIN", 0) if node.every else ("MAX", 1)
        verdict = (
            f"CASE WHEN {whole}({test}) = {decides} THEN {decides} "
            f"WHEN COUNT(*) > COUNT({test}) THEN NULL ELSE {1 - decides} END"
        )
        return Value(f"(SELECT {verdict} FROM ({inner}))", INT)
