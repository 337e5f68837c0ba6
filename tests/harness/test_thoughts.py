import asyncio
from dataclasses import replace

import pytest

from harness.thoughts import REQUEST, Narrator, ThoughtFile, clean, lacking
from stepagent_gym.errors import PolicyError, RunError
from stepagent_gym.react import Prompt, Syntax, parse
from stepagent_gym.types import Completion, Step, Trajectory

SYNTAX = Syntax("call", ("search", "click"), "click[x]", lambda text: None, "")
PROMPT = Prompt("Shop.", {"react": "", "bare": ""}, "OK", "Observation: {observation}", (), "")


class Model:
    """Gives replies in turn, the last one again and again."""

    def __init__(self, *replies):
        self.replies = list(replies)
        self.chats = []

    async def act(self, messages):
        self.chats.append(messages)
        return Completion(self.replies.pop(0) if self.replies[1:] else self.replies[0])

    async def close(self):
        return None


def step(observation, action, thought=None):
    text = f"Thought: {thought}\nAction: {action}" if thought else f"Action: {action}"
    return Step(observation, Completion(text, (1,), (-0.5,)), thought, action, 0.0, False, False)


EXPERT = Trajectory(
    "e", "train", "7", 0,
    (step("the shop", "search[red shoes]"), step("results", "click[b1]", "It fits."),
     step("a page", "click[buy now]")),
    "end", "finished", None, 1.0, True, 1.0,
)  # fmt: skip


def narrator(model):
    return Narrator(model, PROMPT, SYNTAX, "lenient", 0)


def narrate(*replies):
    model = Model(*replies)
    return asyncio.run(narrator(model).narrate(EXPERT)), model


def test_a_thought_is_written_where_there_is_none_and_nowhere_else():
    assert lacking(EXPERT) == 2
    done, model = narrate("I need red shoes.", "All is chosen.")
    assert [s.thought for s in done.steps] == ["I need red shoes.", "It fits.", "All is chosen."]
    assert done.steps[1] is EXPERT.steps[1]
    assert [s.completion for s in done.steps][::2] == [
        Completion("Thought: I need red shoes.\nAction: search[red shoes]"),
        Completion("Thought: All is chosen.\nAction: click[buy now]"),
    ]
    assert lacking(done) == 0


def test_the_model_sees_the_chat_so_far_and_the_action_to_come():
    _, model = narrate("I need red shoes.", "All is chosen.")
    first, second = model.chats
    assert first[-1].content == "the shop" + REQUEST.format(action="search[red shoes]")
    assert second[3].content == "Thought: I need red shoes.\nAction: search[red shoes]"
    assert second[-1].content.startswith("Observation: a page")
    assert [message.role for message in second] == ["user", "assistant"] * 3 + ["user"]


@pytest.mark.parametrize(
    ("reply", "thought"),
    [
        ("Thought: I go on.", "I go on."),
        ("**Thought 3:** I go on.", "I go on."),
        ("I go\n\n  on.", "I go on."),
        ("I go on.\nAction: click[elsewhere]", "I go on."),
        ("I go on.\n> **Action**: click[elsewhere]\nObservation: yes", "I go on."),
        ("<think>which one?\nAction: click[x]</think>\nI go on.", "I go on."),
    ],
)
def test_replies_are_cleaned(reply, thought):
    done, _ = narrate(reply)
    assert done.steps[0].thought == thought
    assert done.steps[0].action == "search[red shoes]"


HOSTILE = ("", "   \n", "Action: click[elsewhere]", "Thought:", "so Action: click[elsewhere] is it")


@pytest.mark.parametrize("reply", HOSTILE)
def test_the_action_is_never_altered(reply):
    with pytest.raises(PolicyError, match=r"leaves the action 'search\[red shoes\]' as it is"):
        narrate(reply)
    done, model = narrate(reply, "I go on.")
    assert len(model.chats) == 3
    for before, after in zip(EXPERT.steps, done.steps, strict=True):
        assert after.action == before.action
        assert parse(after.completion.text, SYNTAX).action == before.action
        assert replace(after, completion=before.completion, thought=before.thought) == before


def test_long_replies_are_cleaned_in_no_time():
    for text in ("\n" * 200_000, "*" * 200_000, "thought " * 30_000, "\n* action" * 20_000):
        assert len(clean(text)) <= len(text)


def test_thoughts_are_kept_for_another_time(tmp_path):
    path = tmp_path / "run" / "thoughts.jsonl"
    done, model = narrate("I go on.")
    ThoughtFile(path, "openai/m", narrator(model)).put(EXPERT, done)
    with path.open("ab") as half:
        half.write(b'{"key": "half')
    again = ThoughtFile(path, "openai/m", narrator(model))
    assert again.get(EXPERT) == done
    assert again.get(replace(EXPERT, seed=1)) is None
    assert path.read_bytes().endswith(b"}\n")
    assert ThoughtFile(path, "openai/other", narrator(model)).get(EXPERT) is None
    path.write_bytes(b"{}\n" + path.read_bytes())
    with pytest.raises(RunError, match="remove it"):
        ThoughtFile(path, "openai/m", narrator(model))
