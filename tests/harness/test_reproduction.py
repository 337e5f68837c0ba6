"""Where two executions of an episode part."""

from dataclasses import replace

from harness.reproduction import difference
from stepagent_gym.types import Completion, Step, Trajectory


def make(*observations, **info):
    steps = tuple(
        Step(text, Completion("Action: go"), None, "go", 0.0, False, False, info)
        for text in observations
    )
    return Trajectory("e", "test", "1", 0, steps, "end", "finished", None, 1.0, True, 1.0)


def test_the_same_is_the_same_however_its_actions_were_found():
    assert difference(make("a", "b", parse_rule="x"), make("a", "b", parse_rule="y")) is None


def test_the_first_turn_that_differs_is_named():
    assert difference(make("a", "b", "c"), make("a", "x", "y")) == 1


def test_another_end_is_named_by_the_number_of_turns():
    one = make("a", "b")
    assert difference(one, replace(one, reward=0.5)) == 2
    assert difference(one, make("a")) == 1
