import orjson
from hypothesis import given
from hypothesis import strategies as st

from stepagent_gym.types import Completion, Message, Step, Trajectory

texts = st.text()
completions = st.builds(
    Completion,
    text=texts,
    token_ids=st.none() | st.lists(st.integers(0, 1 << 31), max_size=4).map(tuple),
    logprobs=st.none() | st.lists(st.floats(-50, 0), max_size=4).map(tuple),
    finish_reason=st.sampled_from(["stop", "length"]),
    usage=st.none() | st.dictionaries(texts, st.integers(0, 1000), max_size=2),
    reasoning=st.none() | texts,
)
steps = st.builds(
    Step,
    observation=texts,
    completion=completions,
    thought=st.none() | texts,
    action=st.none() | texts,
    reward=st.floats(-1, 1),
    terminated=st.booleans(),
    truncated=st.booleans(),
    info=st.dictionaries(texts, st.booleans() | st.integers(0, 9) | texts, max_size=3),
    dropped=st.dictionaries(st.sampled_from(["examples", "turns"]), st.integers(1, 9)),
)
trajectories = st.builds(
    Trajectory,
    env_id=texts,
    split=texts,
    task_id=texts,
    seed=st.integers(0, 1 << 53),
    steps=st.lists(steps, max_size=3).map(tuple),
    final_observation=texts,
    status=st.sampled_from(["finished", "truncated", "error"]),
    error=st.none() | texts,
    reward=st.floats(-1, 1),
    success=st.booleans(),
    score=st.floats(0, 1),
    metrics=st.dictionaries(texts, st.floats(-1, 1), max_size=3),
)


@given(trajectories)
def test_trajectories_survive_json(trajectory):
    assert Trajectory.from_json(orjson.loads(orjson.dumps(trajectory.to_json()))) == trajectory


@given(st.sampled_from(["system", "user", "assistant"]), texts)
def test_messages_have_the_openai_form(role, content):
    message = Message(role, content)
    assert message.to_json() == {"role": role, "content": content}
    assert Message.from_json(message.to_json()) == message


@given(st.text(st.characters()))
def test_completions_hold_only_text_that_utf8_can_hold(text):
    kept = Completion(text).text
    kept.encode()
    assert Completion("", reasoning=text).reasoning == kept
    if not any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        assert kept == text


def test_lone_surrogates_are_replaced():
    assert Completion("a\ud800b").text == "a\ufffdb"
    assert Completion("\ud83d\ude00").text == "\U0001f600"
