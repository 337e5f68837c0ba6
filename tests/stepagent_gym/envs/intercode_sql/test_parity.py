"""Recorded runs on MySQL come out the same."""

import recorded_sql

from stepagent_gym.datasets import prepare
from stepagent_gym.envs.intercode_sql.hardness import hardness
from stepagent_gym.envs.intercode_sql.library import Library
from stepagent_gym.envs.intercode_sql.mysql.failures import MySQLError
from stepagent_gym.envs.intercode_sql.mysql.nodes import Query
from stepagent_gym.envs.intercode_sql.mysql.parser import parse_statement


def test_recorded_turns_and_gold_queries(realdata):
    prepare("intercode_sql", [str(realdata / "sql" / "intercode_spider")])
    tally = recorded_sql.replay(realdata / "sql", "intercode_sql")
    assert tally.turns == 39_100
    assert tally.same / tally.turns >= 0.969
    assert tally.same_unleaked / (tally.turns - tally.leaked) >= 0.99
    assert tally.right / tally.scored >= 0.999
    assert tally.right_nonzero / tally.nonzero >= 0.996
    library = Library.open("intercode_sql")
    agreed = known = 0
    for task in library.tasks("all").ids:
        record = library.task(task)
        try:
            parsed = parse_statement(record.gold)
        except MySQLError:
            continue
        assert isinstance(parsed, Query)
        known += 1
        agreed += hardness(parsed) == record.hardness
    assert known >= 1020
    assert agreed / known >= 0.97


def test_every_gold_query_scores_1_against_itself(realdata):
    import gymnasium

    prepare("intercode_sql", [str(realdata / "sql" / "intercode_spider")])
    for reward in ("iou", "intercode"):
        env = gymnasium.make(
            "stepagent/InterCodeSQL-v0", data="intercode_sql", split="all", reward=reward,
            action_format="bare",
        )  # fmt: skip
        assert len(env.unwrapped.task_ids) == 1034
        for task in env.unwrapped.task_ids:
            env.reset(options={"task": task})
            assert env.step(env.unwrapped._task.gold)[4]["score"] == 1.0, task
