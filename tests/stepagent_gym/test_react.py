import time
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stepagent_gym.react import (
    Demonstration,
    Prompt,
    Syntax,
    after_label,
    parse,
    render,
    render_error,
    reply,
)
from stepagent_gym.types import Completion, Step

CALL = Syntax("call", ("search", "click"), "search[keywords]", after_label("Action: "), "Invalid.")
LINE = Syntax("line", (), "go to desk 1", after_label("Action:"), "Error.")
BLOCK = Syntax("block", ("select", "show", "submit"), "SELECT 1", after_label("Action:"), "?")
FIELDS = Syntax("fields", ("Answer", "Action", "Value"), "Answer: C", after_label("Answer:"), "?")
ALL = (CALL, LINE, BLOCK, FIELDS)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Thought: x\nAction: click[b0]", "click[b0]"),
        ("Thought: x\nAction: click[a]\nAction: click[b]", "click[a]\nAction: click[b]"),
        ("Action: click[a] click[b]", "click[a] click[b]"),
        ("Action: click[a].", "click[a]."),
        ("Action:  click[a]", " click[a]"),
        ("Action: Click[a]", "Click[a]"),
        ("I say Action: search[x] or so.\nAction: click[a]", "search[x] or so.\nAction: click[a]"),
        ("Action: \nclick[a]", "\nclick[a]"),
        ("Action:click[x]", None),
        ("Action:\nclick[x]", None),
        ("action: click[x]", None),
        ("Thought: nothing to do\nAction: ", None),
        ("", None),
    ],
)
def test_strict_is_the_published_rule(text, action):
    parsed = parse(text, CALL, "strict")
    assert parsed.action == action
    assert parsed.rule == (None if action is None else "published")


@pytest.mark.parametrize(
    ("text", "thought", "action", "rule"),
    [
        ("Thought: t\nAction: click[a]", "t", "click[a]", "label"),
        ("Thought: t\nAction:click[a]", "t", "click[a]", "label"),
        ("Thought: t\nAction:\n  click[a]", "t", "click[a]", "label"),
        ("Thought 3: t\nAction 3: click[a]", "t", "click[a]", "label"),
        ("thought: t\naction: click[a]", "t", "click[a]", "label"),
        ("**Thought:** t\n\n**Action:** click[a]", "t", "click[a]", "label"),
        ("### Thought: t\n### Action: click[a]", "t", "click[a]", "label"),
        ("Action: `click[a]`", None, "click[a]", "label"),
        ("Action:\n```\nclick[a]\n```\nThat is it.", None, "click[a]", "label"),
        ("Action: Click[Buy Now]", None, "click[Buy Now]", "label"),
        ("Action: click (Buy Now)", None, "click[Buy Now]", "label"),
        ("Action: click[a", None, "click[a]", "label"),
        ("Action: search[a [b] c]", None, "search[a [b] c]", "label"),
        ("Action: search[a\nb]", None, "search[a b]", "label"),
        ("Action: I will click[a] now.", None, "click[a]", "label"),
        ("Action: click[a] click[b]", None, "click[a]", "label"),
        ("Action: click[a]\nAction: click[b]", None, "click[a]", "label"),
        ("Action: click[a]\nThought: u\nAction: click[b]", None, "click[a]", "label"),
        ("Action: click[a]\nObservation: o\nAction: click[b]", None, "click[a]", "label"),
        ("Action: buy now", None, "buy now", "label"),
        ("Thought: t. Action: click[a]", "t.", "click[a]", "inline"),
        ("Thought: the Action: line\nAction: click[a]", "the Action: line", "click[a]", "label"),
        ("Action: Search\nAction Input: red shoes", None, "search[red shoes]", "input"),
        ("click[a]", None, "click[a]", "bare"),
        ("Thought: t\nclick[a]\nI hope so.", "t", "click[a]", "bare"),
        ("```\nsearch[a b]\n```", None, "search[a b]", "bare"),
        ("I would click[a].", "I would click[a].", "click[a]", "mention"),
        ("<think>Action: click[b]</think>Action: click[a]", None, "click[a]", "label"),
        ("Observation: o\nAction: click[a]", None, None, None),
        ("My reaction: none. I click[a].", "My reaction: none. I click[a].", "click[a]", "mention"),
        ("Thought: I am lost", "I am lost", None, None),
        ("Action:", None, None, None),
        ("", None, None, None),
    ],
)
def test_lenient_reads_calls_as_a_reader_would(text, thought, action, rule):
    assert parse(text, CALL) == (thought, action, rule)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Thought: t\nAction: go to desk 1", "go to desk 1"),
        ("Action: put mug 1 in/on desk 1.", "put mug 1 in/on desk 1"),
        ("> go to desk 1", "go to desk 1"),
        ("go to desk 1", "go to desk 1"),
        ("Thought: t\ngo to desk 1", "go to desk 1"),
        ("Action:\n```text\ngo to desk 1\n```", "go to desk 1"),
        ('Action: "go to desk 1"', "go to desk 1"),
        ("Action: go to desk 1\nObservation: You arrive.\nAction: look", "go to desk 1"),
        ("I think that I should\ngo somewhere\nperhaps", None),
        ("Thought: I do not know", None),
        ("Action: ", None),
    ],
)
def test_lenient_reads_lines(text, action):
    assert parse(text, LINE).action == action


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Action: SELECT 1;", "SELECT 1;"),
        ("Action: ```sql\nSELECT a\nFROM b;\n```\nDone.", "SELECT a\nFROM b;"),
        ("Thought: t\n```sql\nSELECT a\n```", "SELECT a"),
        ("Action: SELECT a\nFROM b\nObservation: [(1,)]", "SELECT a\nFROM b"),
        ("SELECT a\nFROM b", "SELECT a\nFROM b"),
        ("Thought: it holds\nsubmit", "submit"),
        ("Thought: I should select something", None),
    ],
)
def test_lenient_reads_blocks(text, action):
    assert parse(text, BLOCK).action == action


@pytest.mark.parametrize(
    "text",
    [
        "Answer: C.\nAction: SELECT\nValue: Pickup",
        "Answer: C. Action: SELECT, Value: Pickup",
        "Thought: t\n**Answer:** C\n**Action:** SELECT\n**Value:** Pickup",
        "answer: C.\naction: SELECT\nvalue: Pickup\nAnswer: D.",
    ],
)
def test_fields_are_written_canonically(text):
    parsed = parse(text, FIELDS)
    assert parsed.action == "Answer: C\nAction: SELECT\nValue: Pickup"
    assert parsed.rule == "fields"


def test_fields_may_stand_behind_a_label():
    parsed = parse("Thought: t\nAction: Answer: C\nAction: SELECT\nValue: Pickup", FIELDS)
    assert parsed == ("t", "Answer: C\nAction: SELECT\nValue: Pickup", "fields")


def test_fields_bring_their_own_labels():
    action = "Answer: C\nAction: CLICK"
    assert reply("t", action) == f"Thought: t\n{action}"
    assert reply(None, action) == reply(None, action, "bare") == action
    assert parse(reply("t", action), FIELDS) == ("t", action, "fields")
    assert render_error(FIELDS, "lenient").endswith("Thought: what you think\nAnswer: C")


def test_the_last_field_keeps_its_punctuation():
    assert parse("Answer: C.\nValue: Washington, D.C.", FIELDS).action == (
        "Answer: C\nValue: Washington, D.C."
    )


def test_a_missing_first_field_is_no_action():
    assert parse("Action: CLICK", FIELDS).action is None


@given(st.text(), st.sampled_from(ALL), st.sampled_from(["lenient", "strict"]))
@example("\xa0", LINE, "lenient")  # a blank that is no mark
def test_any_text_parses(text, syntax, mode):
    parsed = parse(text, syntax, mode)
    assert (parsed.action is None) == (parsed.rule is None)


@given(
    st.lists(
        st.sampled_from(
            [
                "Action",
                ":",
                " ",
                "\n",
                "```",
                "[",
                "]",
                "(",
                "search",
                "click",
                "Thought",
                "**",
                "3",
            ]
            + ["Observation", "Answer", "select", "`", "'", ".", "<think>", "</think>", "Value"]
        ),
        max_size=30,
    ),
    st.sampled_from(ALL),
)
def test_any_arrangement_of_labels_parses(pieces, syntax):
    parsed = parse("".join(pieces), syntax)
    assert parsed.action is None or parsed.action.strip() or syntax.kind == "fields"


@pytest.mark.parametrize("syntax", ALL, ids=lambda syntax: syntax.kind)
@pytest.mark.parametrize(
    "unit",
    ["Action: search[", "[", "\n", " ", "```", "'", "search[", "a\n", "**", "\nAction:", "Action ",
     "Answer:", "Thought", "\r", "(", "Action: Search\nAction Input", "Observation ", "<think>"],
)  # fmt: skip
def test_time_is_linear(syntax, unit):
    def work(size):
        text = unit * (size // len(unit))
        began = time.process_time()
        for mode in ("lenient", "strict"):
            parse(text, syntax, mode)
        return time.process_time() - began

    work(1 << 12)
    small, large = min(work(1 << 13) for _ in range(3)), min(work(1 << 17) for _ in range(3))
    assert large < 64 * small + 0.05, (
        "sixteen times the text took far more than sixteen times as long"
    )


@given(st.text(min_size=1), st.sampled_from(["call", "line"]))
def test_what_is_written_is_read_again(thought, kind):
    syntax, action = {"call": (CALL, "search[red shoes]"), "line": (LINE, "go to desk 1")}[kind]
    hostile = {"action", "observation", "search", "click", "</think>"}
    if not any(word in thought.lower() for word in hostile):
        assert parse(reply(thought, action), syntax).action == action
    assert parse(reply(None, action), syntax).action == action
    assert reply(thought, action, "bare") == action


def test_an_error_says_what_was_expected():
    assert "search[keywords]" in render_error(CALL, "lenient")
    assert render_error(CALL, "strict") == "Invalid."


PROMPT = Prompt(
    instruction="Do it.",
    formats={"react": "Think, then act.", "bare": "Act."},
    acknowledgement="OK",
    observation="Observation: {observation}",
    demonstrations=(Demonstration("task 0", (("t0", "a0", "o0"), ("t1", "a1", "end"))),),
    sha256="",
)


def _step(observation, text):
    return Step(observation, Completion(text), None, text, 0.0, False, False)


def test_render_is_etos_layout():
    steps = [_step("the {observation} task", "reply 1"), _step("seen", "reply 2")]
    chat = [(m.role, m.content) for m in render(PROMPT, steps, "now", examples=1)]
    assert chat == [
        ("user", "Do it.\n\nThink, then act."),
        ("assistant", "OK"),
        ("user", "task 0"),
        ("assistant", "Thought: t0\nAction: a0"),
        ("user", "Observation: o0"),
        ("assistant", "Thought: t1\nAction: a1"),
        ("user", "the {observation} task"),
        ("assistant", "reply 1"),
        ("user", "Observation: seen"),
        ("assistant", "reply 2"),
        ("user", "Observation: now"),
    ]


def test_render_for_training_ends_with_the_last_reply():
    chat = render(PROMPT, [_step("task", "reply")], None, examples=0)
    assert [message.role for message in chat] == ["user", "assistant", "user", "assistant"]
    assert chat[-1].content == "reply"


def test_render_refuses_examples_that_do_not_exist():
    with pytest.raises(ValueError, match="2 examples asked for"):
        render(PROMPT, [], "task", examples=2)


def test_render_leaves_out_the_first_turns_but_never_the_task():
    steps = [_step("task", "reply 1"), _step("seen 1", "reply 2"), _step("seen 2", "reply 3")]
    chats = [render(PROMPT, steps, "now", examples=0, dropped=n)[2:] for n in (0, 2, 3)]
    assert [len(chat) for chat in chats] == [7, 3, 1]
    assert [m.content for m in chats[1]] == [
        "task\n\nObservation: seen 2",
        "reply 3",
        "Observation: now",
    ]
    assert chats[2][0].content == "task\n\nObservation: now"
    for n in (1, 2, 3):
        chat = render(PROMPT, steps, "now", examples=1, dropped=n)
        assert [m.role for m in chat] == ["user", "assistant"] * (len(chat) // 2) + ["user"]
    with pytest.raises(ValueError, match="4 of 3 turns"):
        render(PROMPT, steps, "now", dropped=4)


def test_bare_demonstrations_hold_no_thoughts():
    chat = render(PROMPT, [], "task", action_format="bare")
    assert chat[0].content.endswith("Act.")
    assert chat[3].content == "a0"


def test_a_prompt_without_history_shows_the_last_turn_alone():
    prompt = replace(PROMPT, history=False)
    steps = [
        Step(f"seen {n}", Completion(f"said {n}"), None, "a", 0.0, False, False, {})
        for n in range(3)
    ]
    assert [m.content for m in render(prompt, steps, "now", examples=0)][2:] == ["now"]
    training = [m.content for m in render(prompt, steps, None, examples=0)][2:]
    assert training == ["seen 2", "said 2"]
