"""Turns, rewards and parsing of the environment."""

import gymnasium
import pytest

import stepagent_gym  # noqa: F401 - registers the environments
from stepagent_gym.errors import UsageError


def make(**keywords):
    settings = {"split": "all", "action_format": "bare", **keywords}
    env = gymnasium.make("stepagent/InterCodeSQL-v0", **settings)
    env.reset(options={"task": 0})
    return env


def gold(env):
    return env.unwrapped._task.gold


def test_the_score_is_what_submit_would_give():
    env = make()
    info = env.step("SHOW TABLES")[4]
    assert (info["score"], info["success"]) == (0.0, False)
    info = env.step(gold(env))[4]
    assert (info["score"], info["success"]) == (1.0, True)
    _, reward, terminated, _, info = env.step("submit")
    assert (reward, terminated, info["success"]) == (1.0, True, True)


def test_only_the_last_result_counts():
    env = make()
    env.step(gold(env))
    env.step("SELECT 1 FROM nothing")
    assert env.step("submit")[1] == 0.0


def test_submitting_nothing_is_nothing():
    observation, reward, terminated, *_ = make().step("Submit.")
    assert (observation, reward, terminated) == ("no query has been executed yet", 0.0, True)


@pytest.mark.parametrize("text", ["SELECT 'submit'", "SELECT 1 AS submit", "submit please"])
def test_what_contains_submit_is_a_query(text):
    assert not make().step(text)[2]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT\n  1 + 1;",
        "```sql\nSELECT 1 + 1\n```",
        "```\nSELECT 1 + 1;\n```",
        "SELECT 1 + 1; SELECT 3",
        "  SELECT 1 + 1 -- done",
    ],
)
@pytest.mark.parametrize("dialect", ["mysql", "sqlite"])
def test_a_statement_is_understood(text, dialect):
    assert make(dialect=dialect).step(text)[0] == "[(2,)]"


def test_a_semicolon_in_a_text_is_text():
    assert make().step("SELECT 'a;b'")[0] == "[('a;b',)]"


def test_react_replies_may_span_lines():
    env = make(action_format="react")
    reply = "Thought: I try.\nAction: ```sql\nSELECT 1,\n 2\n```\nObservation: [(3,)]"
    assert env.step(reply)[0] == "[(1, 2)]"
    assert env.step("Action: SELECT `x` FROM `y`")[4]["action"] == "SELECT `x` FROM `y`"


def test_published_parsing_takes_the_first_line_and_any_submit():
    env = make(action_format="react", parsing="strict")
    assert env.step("Action: ```sql\nSELECT 1\nFROM x\n```")[0] == "[(1,)]"
    assert "```sql" in env.step("Action: SELECT 1")[0]
    assert env.step("Action: ```sql\nSELECT 'submit'\n```")[2]


def test_long_results_are_cut_and_count_whole():
    env = make()
    table = env.unwrapped._schema_tables()[0]
    short = env.step(f"SELECT * FROM {table}")[0]
    long = make(max_observation_chars=None).step(f"SELECT * FROM {table}")[0]
    assert len(short) == 353
    assert short == long[:350] + "..."
    assert make(max_observation_chars=20).step("SELECT x FROM y")[0] == "Error executing quer..."


def test_use_changes_the_database():
    env = make(action_format="bare")
    names = [name for name in env.unwrapped._library.schemas if name != "information_schema"]
    other = next(name for name in names if name != env.unwrapped._task.database)
    observation, *_, info = env.step(f"USE {other}")
    assert (observation, info["database"]) == ("None", other)
    assert env.step("SELECT DATABASE()")[0] == f"[('{other}',)]"


def test_the_two_rewards():
    rows = "(SELECT 2 AS a) UNION ALL (SELECT 1)"
    for name, expected in (("iou", 1.0), ("intercode", -1.0)):
        env = make(reward=name)
        env.unwrapped._task = env.unwrapped._task._replace(gold="SELECT 1 AS a UNION ALL SELECT 2")
        assert env.step(rows)[4]["score"] == expected


def test_keywords_are_checked():
    for keywords in ({"reward": "tau"}, {"dialect": "oracle"}, {"max_observation_chars": 0}):
        with pytest.raises(UsageError, match=next(iter(keywords))):
            make(**keywords)


@pytest.mark.parametrize("dialect", ["mysql", "sqlite"])
def test_the_oracle_wins_every_embedded_task(dialect):
    env = make(dialect=dialect)
    for task in env.unwrapped.task_ids:
        env.reset(options={"task": task})
        over = False
        while not over:
            *_, terminated, truncated, info = env.step(env.unwrapped.expert()[1])
            over = terminated or truncated
        assert info["success"], task
