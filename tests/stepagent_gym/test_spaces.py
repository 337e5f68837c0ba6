from gymnasium.spaces import Space
from hypothesis import given
from hypothesis import strategies as st

from stepagent_gym.spaces import AnyText


@given(st.text(st.characters()))
def test_every_text_is_in_the_space(text):
    assert text in AnyText()


def test_other_things_are_not():
    assert 3 not in AnyText()
    assert None not in AnyText()
    assert b"x" not in AnyText()


def test_samples_follow_the_seed():
    first, second = AnyText(seed=4), AnyText(seed=4)
    samples = [first.sample() for _ in range(20)]
    assert samples == [second.sample() for _ in range(20)]
    assert len(set(samples)) > 10


def test_spaces_are_equal_and_no_box():
    assert AnyText() == AnyText()
    assert isinstance(AnyText(), Space)
    assert not AnyText().is_np_flattenable
