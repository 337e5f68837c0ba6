"""Parity with recordings of the original engine, through `gymnasium.make` as users call it."""

import gzip
import json
import re

import gymnasium
import pytest

import stepagent_gym  # noqa: F401 - registers the ids
from stepagent_gym.datasets import prepare
from stepagent_gym.errors import UsageError
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


def test_an_oracle_that_searches_for_the_instructions_words():
    """It names nothing that an agent cannot know, buys as well, and says so in the conditions."""
    env = gymnasium.make(WEBSHOP, oracle="instruction", split="all").unwrapped
    assert env.conditions()["oracle"] == "instruction"
    titles = gymnasium.make(WEBSHOP, split="all").unwrapped
    won = 0
    for task in range(60):
        observation, _ = env.reset(seed=0, options={"task": task})
        titles.reset(seed=0, options={"task": task})
        thought, action = env.expert()
        words = re.findall(r"\w+", action.removeprefix("search["))
        assert set(words) <= set(re.findall(r"\w+", observation)), action
        assert action != titles.expert()[1]
        over = False
        while not over:
            _, reward, terminated, truncated, _ = env.step(reply(thought, action))
            over = terminated or truncated
            thought, action = ("", "") if over else env.expert()
        won += reward == 1.0
    assert won >= 48


def test_an_unknown_oracle_is_refused():
    with pytest.raises(UsageError, match="'words'"):
        gymnasium.make(WEBSHOP, oracle="words")


def test_strict_parsing_answers_as_the_published_harness_does():
    env = gymnasium.make(WEBSHOP, parsing="strict")
    env.reset(seed=0, options={"task": 0})
    text, reward, *_, info = env.step("search[lamp]")
    assert text == "Invalid format. The input must contains 'Action: '"
    assert (reward, info["valid"], info["action"]) == (0, False, None)
    assert env.step("Action: search[lamp]")[-1]["page"] == "results"


@pytest.mark.parametrize("prefix", ["<r>", "<a>", "<c>", "<q>"])
def test_hidden_query_prefixes_are_plain_words(prefix):
    env = gymnasium.make(WEBSHOP, action_format="bare")
    env.reset(seed=0, options={"task": 0})
    hidden, _, _, _, info = env.step(f"search[{prefix} floor lamp]")
    assert info["valid"]
    env.reset(seed=0, options={"task": 0})
    assert env.step(f"search[{prefix[1]} floor lamp]")[0] == hidden


def test_nothing_bought_is_nothing():
    env = gymnasium.make(WEBSHOP, action_format="bare")
    env.reset(seed=0, options={"task": 0})
    steps = [env.step("search[lamp]") for _ in range(10)]
    assert [step[1] for step in steps] == [0] * 10
    assert [step[3] for step in steps] == [False] * 9 + [True]
    assert env.unwrapped.metrics() == {"purchased": 0.0}
    assert steps[-1][4]["success"] is False


def test_the_purchase_tells_the_parts_of_its_reward():
    env = gymnasium.make(WEBSHOP, action_format="bare", max_turns=30)
    env.reset(seed=0, options={"task": 4})
    over = False
    while not over:
        _, reward, over, _, info = env.step(env.unwrapped.expert()[1])
    details = info["reward_details"]
    assert details.keys() == {
        "total", "r_type", "r_att", "r_option", "r_price",
        "query_match", "category_match", "title_score",
    }  # fmt: skip
    assert details["total"] == reward == info["score"] == 1.0
    assert env.unwrapped.metrics()["purchased"] == 1.0


@pytest.mark.parametrize("mode", ["ipr_paper", "ipr_code", "agentboard"])
def test_page_scores_rise_on_the_way_to_the_purchase(mode):
    env = gymnasium.make(WEBSHOP, action_format="bare", page_score=mode)
    _, info = env.reset(seed=0, options={"task": 4})
    assert info["page_score"] == 0
    over = False
    while not over:
        _, reward, over, _, info = env.step(env.unwrapped.expert()[1])
        assert 0 < info["page_score"] <= 1
    assert info["page_score"] == reward == 1.0


def test_page_scores_do_not_touch_the_reward():
    env = gymnasium.make(WEBSHOP, action_format="bare", page_score="ipr_code")
    env.reset(seed=0, options={"task": 4})
    rewards = [env.step("search[lamp]")[1] for _ in range(10)]
    assert rewards == [0] * 10
    env.reset(seed=0, options={"task": 4})
    env.step("search[lamp]")
    assert env.step("click[nowhere]")[-1]["page_score"] == 0


def test_environments_of_a_process_share_the_catalogue():
    first, second = gymnasium.make(WEBSHOP), gymnasium.make(WEBSHOP, split="train")
    assert first.unwrapped._catalogue is second.unwrapped._catalogue
    assert gymnasium.make(WEBSHOP).unwrapped.tasks is first.unwrapped.tasks


def test_the_oracle_finds_back_from_anywhere():
    """After any random detour, the oracle still buys what was asked for."""
    for task in range(30):
        env = gymnasium.make(WEBSHOP, action_format="bare", max_turns=60)
        env.reset(seed=0, options={"task": task})
        over, reward = False, 0.0
        for seed in range(8):
            action = env.unwrapped.explore(seed)
            if action != "click[buy now]":
                env.step(action)
        while not over:
            _, reward, over, truncated, _ = env.step(env.unwrapped.expert()[1])
            over = over or truncated
        assert reward >= 0.6, task


def test_splits_are_parts_of_all():
    everything = gymnasium.make(WEBSHOP, split="all").unwrapped.task_ids
    assert everything == tuple(str(i) for i in range(len(everything)))
    parts = [gymnasium.make(WEBSHOP, split=s).unwrapped.task_ids for s in ("test", "dev", "train")]
    assert sum(parts, ()) == everything
