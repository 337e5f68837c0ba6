import orjson
import pytest
from openai.types.chat import ChatCompletionMessageParam
from pydantic import TypeAdapter

from stepagent_gym.formats import (
    from_sharegpt,
    to_openai,
    to_preference,
    to_sharegpt,
    write_rows,
)
from stepagent_gym.react import Demonstration, Prompt
from stepagent_gym.types import Completion, Step, Trajectory

PROMPT = Prompt(
    "Do it.", {"react": "", "bare": ""}, "OK", "Observation: {observation}",
    (Demonstration("task 0", (("t", "a", "o"),)),), "",
)  # fmt: skip


def trajectory(*turns, task="7"):
    steps = tuple(
        Step(seen, Completion(text), None, text, 0.0, False, False) for seen, text in turns
    )
    return Trajectory("e", "test", task, 0, steps, "end", "finished", None, 0.5, False, 0.5)


GOOD = trajectory(("task", "r1"), ("o1", "r2"), ("o2", "r3"))
BAD = trajectory(("task", "r1"), ("o1", "x2"), ("o9", "x3"), ("o8", "x4"))


def test_the_openai_form_is_what_the_client_takes():
    messages = to_openai(GOOD, PROMPT, examples=1)["messages"]
    TypeAdapter(list[ChatCompletionMessageParam]).validate_python(messages)
    assert [m["content"] for m in messages if m["role"] == "assistant"] == [
        "OK", "Thought: t\nAction: a", "r1", "r2", "r3",
    ]  # fmt: skip


@pytest.mark.parametrize("examples", [0, 1])
def test_only_own_replies_are_trained(examples):
    row = to_sharegpt(GOOD, PROMPT, examples=examples)
    trained = [turn["value"] for turn in row["conversations"] if turn["loss"]]
    assert trained == ["r1", "r2", "r3"]


def test_sharegpt_is_read_again():
    recorded = from_sharegpt(to_sharegpt(GOOD, PROMPT))
    assert (recorded.id, recorded.task, recorded.reward) == ("7", "task", 0.5)
    assert recorded.replies == ("r1", "r2", "r3")


@pytest.mark.parametrize(
    "row",
    [{}, {"conversations": None}, {"conversations": [{"from": "human"}]},
     {"conversations": [{"from": "gpt", "value": "x"}] * 6}],
)  # fmt: skip
def test_other_rows_are_no_conversations(row):
    with pytest.raises(ValueError, match="conversation"):
        from_sharegpt(row)


def test_a_pair_shares_its_prompt():
    row = to_preference(GOOD, BAD, PROMPT)
    assert [m["content"] for m in row["prompt"]][2:] == ["task", "r1", "Observation: o1"]
    assert [m["content"] for m in row["chosen"]] == ["r2", "Observation: o2", "r3"]
    assert [m["content"] for m in row["rejected"]] == [
        "x2", "Observation: o9", "x3", "Observation: o8", "x4",
    ]  # fmt: skip


@pytest.mark.parametrize("other", [GOOD, trajectory(("task", "r1")), trajectory(task="8")])
def test_what_does_not_part_is_no_pair(other):
    with pytest.raises(ValueError, match=r"pair|part"):
        to_preference(GOOD, other, PROMPT)


def test_files_of_trajectories(tmp_path):
    file = tmp_path / "t.jsonl"
    assert write_rows(file, [GOOD.to_json(), BAD.to_json()]) == 2
    lines = file.read_bytes().splitlines()
    assert [Trajectory.from_json(orjson.loads(line)) for line in lines] == [GOOD, BAD]
