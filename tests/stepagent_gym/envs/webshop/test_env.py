"""Parity with recordings of the original engine, through `gymnasium.make` as users call it."""

import gzip
import json

import gymnasium
import pytest

import stepagent_gym  # noqa: F401 - registers the ids
from stepagent_gym.datasets import prepare
from stepagent_gym.react import reply

WEBSHOP = "stepagent/WebShop-v0"


@pytest.fixture(scope="module")
def recorded(realdata):
    return realdata / "webshop" / "recorded1k"


@pytest.fixture(scope="module")
def rec1k(recorded, tmp_path_factory):
    """The recorded catalogue, prepared once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STEPAGENT_DATA", str(tmp_path_factory.mktemp("data")))
        return prepare("webshop", [str(recorded)], name="rec1k").path


def read(path):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def bare(rec1k, **options):
    return gymnasium.make(
        WEBSHOP, split="all", data=rec1k, action_format="bare", max_turns=1000, **options
    )


def available(recorded_page):
    """The recorded clickables as the contract lists actions."""
    actions = [f"click[{name}]" for name in recorded_page["clickables"] if name != "search"]
    return actions + ["search[keywords]"] * recorded_page["has_search_bar"]


def test_recorded_episodes_come_back_to_the_byte(recorded, rec1k):
    env = bare(rec1k)
    episodes = read(recorded / "episodes.jsonl.gz")
    steps = 0
    for episode in episodes:
        text, info = env.reset(seed=0, options={"task": episode["goal"]})
        assert (text, info["available_actions"]) == (
            episode["initial"],
            available(episode["available"]),
        )
        for step in episode["steps"]:
            text, reward, terminated, truncated, info = env.step(step["action"])
            assert (reward, terminated, truncated) == (step["reward"], step["done"], False)
            if not terminated:
                assert text == step["observation"]
                assert info["available_actions"] == available(step["available"])
            steps += 1
    assert len(episodes) == 951
    assert steps == 5874


def test_recorded_queries_find_the_same_products_in_order(recorded, rec1k):
    env = bare(rec1k)
    queries = read(recorded / "queries.jsonl.gz")
    same = 0
    for row in queries:
        env.reset(seed=0, options={"task": 0})
        found = []
        env.step(f"search[{row['query']}]")
        for _ in range(5):
            actions = env.unwrapped._available_actions()
            codes = [a[6:-1].upper() for a in actions if a.startswith("click[b0")]
            found += codes
            env.step("click[next >]")
        same += found == row["top"]
    assert len(queries) == 1849
    assert same / len(queries) >= 0.99


def test_the_oracle_buys_what_was_asked_for(rec1k):
    env = gymnasium.make(WEBSHOP, data=rec1k)
    rewards = []
    for task in range(200):
        env.reset(seed=0, options={"task": task})
        over = False
        while not over:
            text = reply(*env.unwrapped.expert())
            _, reward, terminated, truncated, info = env.step(text)
            over = terminated or truncated
        rewards.append(reward)
        assert info["success"] == (reward == 1.0)
    assert sum(reward == 1.0 for reward in rewards) >= 196
