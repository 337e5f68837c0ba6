import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepagent_gym.envs.alfworld.pddl import (
    Problem,
    normalised,
    parse_expression,
    typed_names,
    write_expression,
)
from stepagent_gym.errors import DataCorrupt, StepAgentError

TEXT = """
(define (problem p) ; a comment (with parentheses)
 (:domain alfred)
 (:objects Agent1 - agent
   Mug_bar_1 Mug_bar_2 - object
   ; nothing
   Desk_bar_1 - receptacle loc_bar_1 - location)
 (:init (= (total-cost) 0) (atLocation agent1 loc_bar_1)
   (inReceptacle mug_bar_1 desk_bar_1)(inReceptacle mug_bar_2 desk_bar_1))
 (:goal (and (exists (?o - object) (holds agent1 ?o)))))
"""


def test_a_problem_is_read_in_lower_case_without_comments_and_costs():
    problem = Problem.parse(TEXT)
    assert problem.objects == {
        "agent": ["agent1"],
        "object": ["mug_bar_1", "mug_bar_2"],
        "receptacle": ["desk_bar_1"],
        "location": ["loc_bar_1"],
    }
    assert problem.facts == {
        "atlocation": [("agent1", "loc_bar_1")],
        "inreceptacle": [("mug_bar_1", "desk_bar_1"), ("mug_bar_2", "desk_bar_1")],
    }
    assert write_expression(problem.goal) == "(and (exists (?o - object) (holds agent1 ?o)))"


def test_text_and_json_give_the_problem_back():
    problem = Problem.parse(TEXT)
    assert Problem.parse(problem.to_text()) == problem
    assert Problem.from_json(problem.to_json()) == problem


expressions = st.recursive(
    st.text("abc?-_=:1", min_size=1, max_size=5), lambda inner: st.lists(inner, max_size=4)
).filter(lambda value: isinstance(value, list))


@given(expressions)
def test_expressions_are_written_as_they_are_read(expression):
    assert parse_expression(write_expression(expression)) == expression


@given(st.text("()ab ;\n-:", max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        parse_expression(text)
        Problem.parse(text)
    except DataCorrupt:
        pass


def test_deep_nesting_is_read_without_recursion():
    depth = 100_000
    value = parse_expression("(" * depth + ")" * depth)
    for _ in range(depth - 1):
        (value,) = value
    assert value == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "cut off"),
        ("(define (problem p)", "cut off"),
        ("(define) (define)", "more than one"),
        ("a)", "never opened"),
        ("(problem)", "begins with"),
        ("(define (:init) (:goal (a)))", "no :objects"),
        (TEXT.replace("(:goal (and", "(:goal (b) (and"), "no single goal"),
        (TEXT.replace("- location", ""), "has no type"),
        (TEXT.replace("- location", "-"), "without a type"),
        (TEXT.replace("- location", "- (either a b)"), "without a type"),
        (TEXT.replace("(atLocation agent1", "(atLocation (x)"), "holds an expression"),
        (TEXT.replace("(:init", "(:init fact"), "no list of names"),
    ],
)
def test_a_broken_problem_says_what_is_wrong(text, message):
    with pytest.raises(DataCorrupt, match=message):
        Problem.parse(text)


@pytest.mark.parametrize("value", [{}, {"objects": {}, "facts": {"a": [[1]]}, "goal": "(a)"}, []])
def test_a_broken_json_is_refused(value):
    with pytest.raises(StepAgentError):
        Problem.from_json(value)


def test_typed_names_share_a_type():
    assert list(typed_names(["a", "b", "-", "t", "c", "-", "u"])) == [
        ("a", "t"),
        ("b", "t"),
        ("c", "u"),
    ]


def test_layout_case_and_comments_do_not_count():
    assert normalised("(A  b ; c\n d)") == normalised("( a b\nd )")
