"""What searches, lookups and answers lead to."""

import json

import gymnasium
import pytest

import stepagent_gym  # noqa: F401 - registers the environments
from stepagent_gym.datasets import prepare
from stepagent_gym.errors import UsageError

ROWS = [
    {
        "_id": "bridge",
        "question": "Which port is the city with the old university on?",
        "answer": "Harwick Bay",
        "type": "bridge",
        "supporting_facts": [["Harwick", 0], ["Tolver", 0]],
        "context": [
            ["Tolver", ["Tolver is in Harwick.", "It sings. It sings loudly."]],
            ["Harwick", ["Harwick lies on Harwick Bay."]],
            ["Harwick", ["Harwick has an old university."]],
        ],
    },
    {
        "_id": "yes",
        "question": "Is Tolver in Harwick?",
        "answer": "yes",
        "type": "comparison",
        "supporting_facts": [["Tolver", 0]],
        "context": [["Tolver", ["Tolver is in Harwick.", "It sings. It sings loudly."]]],
    },
]


@pytest.fixture
def make(tmp_path):
    (tmp_path / "dev.json").write_text(json.dumps(ROWS))

    def build(env_id="stepagent/HotpotQA-v0", **keywords):
        name = {"stepagent/HotpotQA-v0": "hotpotqa", "stepagent/MuSiQue-v0": "musique"}[env_id]
        prepare(name, [str(tmp_path / "dev.json")])
        settings = {"split": "all", "data": name, "action_format": "bare", **keywords}
        env = gymnasium.make(env_id, **settings)
        env.reset(options={"task": 0})
        return env

    return build


def test_an_exact_title_gives_its_paragraph(make):
    env = make()
    observation, reward, terminated, _, info = env.step("Search[tolver]")
    assert observation == "Tolver is in Harwick. It sings. It sings loudly."
    assert (reward, terminated, info["valid"]) == (0.0, False, True)
    assert info["supporting_found"] == ["Tolver"]


def test_several_paragraphs_come_best_first_and_then_in_turn(make):
    env = make()
    seen = [env.step("Search[Harwick]")[0] for _ in range(3)]
    assert seen[0] == "Harwick has an old university."
    assert seen[1] == "Harwick lies on Harwick Bay."
    assert seen[2] == seen[0]


def test_other_titles_are_suggested(make):
    env = make()
    assert env.step("Search[the Harwick lighthouse]")[0] == (
        "Could not find the Harwick lighthouse. Similar: ['Harwick']"
    )
    assert env.step("Search[zebra]")[0] == "Could not find zebra. Similar: []"


@pytest.mark.parametrize(
    ("answer", "em", "overlap"), [("the harwick bay.", 1, 1.0), ("Bay", 0, 2 / 3), ("", 0, 0.0)]
)
def test_an_answer_ends_and_is_scored(make, answer, em, overlap):
    env = make()
    observation, reward, terminated, _, info = env.step(f"Finish[{answer}]")
    assert observation == f"Episode finished, reward = {em}"
    assert (reward, terminated) == (float(em), True)
    assert (info["em"], info["success"], info["score"]) == (bool(em), bool(em), float(em))
    assert info["f1"] == pytest.approx(overlap)
    assert info["em_alias"] is bool(em)


def test_f1_follows_the_dataset(make):
    for env_id, expected in (("stepagent/HotpotQA-v0", 0.0), ("stepagent/MuSiQue-v0", 0.5)):
        env = make(env_id)
        env.reset(options={"task": "yes"})
        assert env.step("Finish[yes it is]")[4]["f1"] == pytest.approx(expected)


def test_lookup_is_off_unless_asked_for(make):
    assert not make().step("Lookup[sings]")[4]["valid"]
    env = make(lookup=True)
    assert env.unwrapped.reset(options={"task": 0})[1]["available_actions"][-1] == "Lookup[keyword]"
    assert not env.step("Lookup[sings]")[4]["valid"]
    env.step("Search[Tolver]")
    told = [env.step("Lookup[sings]")[0] for _ in range(3)]
    assert told == [
        "(Result 1 / 2) It sings.",
        "(Result 2 / 2) It sings loudly.",
        "No more results.",
    ]
    assert env.step("Lookup[Harwick]")[0] == "(Result 1 / 1) Tolver is in Harwick."


def test_the_question_corpus_is_its_own(make):
    env = make(corpus="question")
    env.reset(options={"task": "yes"})
    assert env.step("Search[Harwick]")[0] == "Could not find Harwick. Similar: []"
    assert env.step("Search[Tolver]")[0].startswith("Tolver is")


@pytest.mark.parametrize("action", ["", "search Tolver", "Search[]", "Dance[x]", "Search[", "[]"])
def test_what_is_no_action_costs_a_turn(make, action):
    env = make()
    observation, reward, terminated, _, info = env.step(action)
    assert observation.startswith("Invalid action")
    assert (reward, terminated, info["valid"]) == (0.0, False, False)


def test_turn_limits_have_names(make):
    env = make(max_turns="react")
    for turn in range(1, 8):
        *_, truncated, info = env.step("Search[x]")
        assert truncated == (turn == 7)
    assert not info["success"]


def test_keywords_are_checked(make):
    with pytest.raises(UsageError, match="corpus='all'"):
        make(corpus="all")


def test_published_parsing_takes_the_line_to_its_last_bracket(make):
    env = make(action_format="react", parsing="strict")
    env.step("Thought: x\nAction: Search[Tolver [old]]\nObservation: y")
    assert env.unwrapped._episode_now.parsed.action == "Search[Tolver [old]]"


@pytest.mark.parametrize("name", ["HotpotQA", "2WikiMultihopQA", "MuSiQue"])
def test_the_oracle_finishes_every_embedded_question(name):
    env = gymnasium.make(f"stepagent/{name}-v0", split="all", action_format="bare")
    for task in env.unwrapped.task_ids:
        env.reset(options={"task": task})
        over = False
        while not over:
            *_, terminated, truncated, info = env.step(env.unwrapped.expert()[1])
            over = terminated or truncated
        assert info["success"], task
        assert info["supporting_recall"] == 1.0, task
