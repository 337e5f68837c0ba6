"""Elimination and scores, against the published evaluation written down in a few lines."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mind2web_metrics import published_f1

from stepagent_gym.envs.mind2web import protocol as rules
from stepagent_gym.envs.mind2web.protocol import Answer, Elimination, Verdict

PROTOCOLS = ["official", "agentbench", "clean"]
ANSWERS = st.lists(
    st.tuples(st.sampled_from("ABCDEF"), st.sampled_from(["CLICK", "TYPE a b", "SELECT a", ""])),
    min_size=40,
    max_size=40,
)


def published(queue, answers, forgetful):
    """Mind2Web's loop; `forgetful`: a letter beyond the choices takes the selection back."""
    queue, final = list(queue), None
    while len(queue) > 1:
        group, queue = queue[:5], queue[5:]
        letter, operation = answers.pop(0)
        if letter != "A":
            choices = dict(zip("BCDEF", sorted(group), strict=False))
            if letter in choices:
                queue.append(choices[letter])
                final = choices[letter], operation
            elif forgetful:
                final = None
    return final if queue else None


def eliminate(count, answers, protocol, sample="sample"):
    """Play a step whose choices stand in the order of their numbers: (result, groups)."""
    state, groups = rules.begin(range(count), sample), []
    for letter, operation in answers:
        if rules.is_over(state, protocol):
            break
        groups.append(rules.group_of(state))
        given = Answer(letter, operation, readable=True)
        state, _ = rules.answer(state, sorted(groups[-1]), given, protocol)
    assert rules.is_over(state, protocol)
    assert state.round == len(groups)
    return rules.selected(state), groups


@pytest.mark.parametrize("protocol", ["official", "agentbench"])
@given(count=st.integers(0, 50), answers=ANSWERS, sample=st.text())
def test_the_published_protocols_are_the_published_loop(protocol, count, answers, sample):
    selected, _ = eliminate(count, answers, protocol, sample)
    queue = rules.begin(range(count), sample).queue
    assert selected == published(queue, list(answers), forgetful=protocol == "official")


@given(count=st.integers(1, 50), answers=ANSWERS)
def test_the_clean_protocol_asks_about_every_candidate(count, answers):
    selected, groups = eliminate(count, answers, "clean")
    assert set().union(*groups) == set(range(count))
    rejected = set()
    for group, (letter, operation) in zip(groups, answers, strict=False):
        chosen = dict(zip("BCDEF", sorted(group), strict=False)).get(letter)
        rejected |= set(group) - {chosen}
        if selected and chosen == selected[0]:
            assert selected[0] not in rejected
            last = operation
    if selected is None:
        assert rejected == set(range(count))
    else:
        assert rejected == set(range(count)) - {selected[0]}
        assert selected[1] == last


@pytest.mark.parametrize("protocol", PROTOCOLS)
@given(count=st.integers(1, 60), answers=ANSWERS)
def test_no_step_has_more_questions_than_are_counted(protocol, count, answers):
    _, groups = eliminate(count, answers, protocol)
    assert len(groups) <= rules.most_rounds(count)


def play(letters, protocol, queue=range(6)):
    """Answer with letters, the choices in the order of the queue."""
    state = Elimination(tuple(queue), None, 0)
    for letter in letters:
        assert not rules.is_over(state, protocol)
        given = Answer(letter, f"CLICK {state.round}", readable=True)
        state, _ = rules.answer(state, rules.group_of(state), given, protocol)
    return state, rules.is_over(state, protocol)


def test_only_clean_asks_about_a_last_candidate_that_nobody_saw():
    for protocol in ("official", "agentbench"):
        state, over = play("A", protocol)
        assert over
        assert state.queue == (5,)
        assert rules.selected(state) is None
    state, over = play("A", "clean")
    assert not over
    state, over = play("AB", "clean")
    assert over
    assert rules.selected(state) == (5, "CLICK 1")
    state, over = play("AA", "clean")
    assert over
    assert rules.selected(state) is None


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("count", "letters", "chosen"),
    [
        (5, "C", (1, "CLICK 0")),
        (5, "A", None),
        (7, "CA", None),  # 1 is asked about again, with 5 and 6
        (10, "CA", (1, "CLICK 0")),  # 1 is left
        (10, "CCB", (1, "CLICK 2")),
        (10, "CCC", (6, "CLICK 2")),
        (11, "BAA", None),
    ],
)
def test_what_is_chosen(protocol, count, letters, chosen):
    state, over = play(letters, protocol, range(count))
    assert over
    assert rules.selected(state) == chosen


@given(count=st.integers(0, 50), answers=ANSWERS)
def test_the_published_protocols_agree_on_questions_of_five(count, answers):
    assert eliminate(count, answers, "official") == eliminate(count, answers, "agentbench")


def test_a_letter_beyond_the_choices_takes_back_what_was_named_in_official_alone():
    state = Elimination((1, 2, 3, 4, 7), (7, "CLICK"), 3)
    given = Answer("F", "CLICK", readable=True)
    for protocol in PROTOCOLS:
        after, within = rules.answer(state, (1, 2, 3, 4), given, protocol)
        assert not within
        assert after.last == (None if protocol == "official" else (7, "CLICK"))


@given(st.text(), st.integers(0, 50))
def test_the_order_is_the_samples_own(sample, count):
    state = rules.begin(range(count), sample)
    random.seed(7)
    assert rules.begin(range(count), sample) == state
    assert sorted(state.queue) == list(range(count))


def test_the_order_stays_what_it_is():
    assert rules.begin(range(8), "a_1").queue == ORDER_OF_A_1
    assert rules.begin(range(8), "a_2").queue != ORDER_OF_A_1


ORDER_OF_A_1 = (5, 1, 3, 6, 2, 7, 4, 0)


@given(count=st.integers(0, 30), answers=ANSWERS, stop=st.integers(0, 6))
def test_a_state_survives_json(count, answers, stop):
    state = rules.begin(range(count), "x")
    for letter, operation in answers[:stop]:
        given = Answer(letter, operation, readable=True)
        state, _ = rules.answer(state, rules.group_of(state), given, "clean")
    assert Elimination.from_json(json.loads(json.dumps(state._asdict()))) == state


WORDS = st.lists(st.sampled_from(["CLICK", "TYPE", "a", "b", "New", "York"]), max_size=6)


@given(WORDS.map(" ".join), WORDS.map("  ".join))
def test_operation_f1(operation, wanted):
    assert rules.operation_f1(operation, wanted) == published_f1(operation, wanted)


def test_scores_of_a_step():
    assert rules.judge(None, {0}, "CLICK") == Verdict(0, 0, 0)
    assert rules.judge((0, "CLICK"), {0}, "CLICK") == Verdict(1, 1, 1)
    assert rules.judge((1, "CLICK"), {0}, "CLICK") == Verdict(0, 1, 0)
    assert rules.judge((0, "TYPE"), {0}, "CLICK") == Verdict(1, 0, 0)
    assert rules.judge((0, "TYPE New"), {0}, "TYPE New York") == Verdict(1, 0.8, 0)


def test_the_wanted_operation():
    assert rules.wanted_operation("CLICK", "ignored") == "CLICK"
    assert rules.wanted_operation("TYPE", "New York\nsecond line") == "TYPE New York"
    assert rules.wanted_operation("SELECT", "") == "SELECT"


@pytest.mark.parametrize(
    "text",
    [
        "Answer: C.\nAction: SELECT\nValue: Pickup",
        "Answer: C. Action: SELECT, Value: Pickup",
        "answer: (c)\naction: select\nvalue: Pickup",
        "Answer: **C**\nAction: SELECT\nValue:  Pickup ",
        "Thought: it is C\nAnswer: C. <select id=1>\nAction: SELECT the option\nValue: Pickup",
    ],
)
def test_answers_are_read(text):
    assert rules.read_answer(text) == Answer("C", "SELECT Pickup", readable=True)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Answer: A.", Answer("A", "", readable=True)),
        ("Answer: None of the above", Answer("A", "", readable=True)),
        ("Answer: B\nAction: CLICK", Answer("B", "CLICK", readable=True)),
        ("Answer: B\nValue: x", Answer("B", "x", readable=True)),
        ("Answer: G\nAction: CLICK", Answer("A", "CLICK", readable=False)),
        ("Answer: Because\nAction: CLICK", Answer("A", "CLICK", readable=False)),
        ("C", Answer("A", "", readable=False)),
        ("", Answer("A", "", readable=False)),
    ],
)
def test_what_has_no_letter_is_a(text, answer):
    assert rules.read_answer(text) == answer


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (
            "Answer: C.\nAction: SELECT\nValue: Pick up.",
            "Answer: C\nAction: SELECT\nValue: Pick up.",
        ),
        ("Answer: Apple. Action: CLICK", "Answer: A\nAction: CLICK"),
        ("answer: C\naction: CLICK", ""),
        ("Action: HOVER\nValue: x", "Value: x"),
    ],
)
def test_the_published_rule(text, fields):
    assert rules.read_published(text) == fields


@given(
    st.text() | st.lists(st.sampled_from(["Answer", ":", " ", "\n", "Value: ", "C", "Action: "]))
)
def test_any_text_is_an_answer(text):
    answer = rules.read_answer("".join(text))
    assert answer.letter in rules.LETTERS
    rules.read_published("".join(text))
