import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.policies.replies import BadReply, is_overflow, read_error, read_reply, read_usage
from stepagent_gym.errors import PolicyError


def body(message=None, *, finish_reason="stop", usage=None, **choice):
    if message is None:
        message = {"role": "assistant", "content": "Action: look"}
    choices = [{"message": message, "finish_reason": finish_reason, **choice}]
    return orjson.dumps({"choices": choices, "usage": usage})


def test_a_reply_is_read_whole():
    reply = read_reply(
        body(
            {"content": "Action: look", "reasoning_content": "where am I?"},
            usage={
                "prompt_tokens": 7,
                "completion_tokens": 2,
                "prompt_tokens_details": {"cached_tokens": 4, "audio_tokens": 0},
                "completion_tokens_details": None,
            },
            token_ids=[5, 9],
            logprobs={"content": [{"token": "A", "logprob": -0.5}, {"token": "B", "logprob": 0}]},
        )
    )
    assert (reply.text, reply.reasoning) == ("Action: look", "where am I?")
    assert (reply.token_ids, reply.logprobs) == ((5, 9), (-0.5, 0.0))
    assert reply.usage == {"prompt_tokens": 7, "completion_tokens": 2, "cached_tokens": 4}
    assert reply.finish_reason == "stop"


def test_what_the_model_said_is_kept_whatever_the_finish():
    assert read_reply(body(finish_reason="length")).finish_reason == "length"
    assert read_reply(body(finish_reason=None)).finish_reason == "unknown"
    refused = read_reply(body({"content": None, "refusal": "I will not shop."}))
    assert (refused.text, refused.finish_reason) == ("I will not shop.", "refusal")
    parts = [{"type": "text", "text": "Action: "}, {"type": "text", "text": "look"}]
    assert read_reply(body({"content": parts})).text == "Action: look"
    assert read_reply(body({"content": ""})).text == ""


def test_half_a_surrogate_pair_is_no_fault():
    raw = body().replace(b"look", rb"\ud83d")
    assert read_reply(raw).text == "Action: \ufffd"


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        (b"", "empty body"),
        (b" \n", "empty body"),
        (b"<!doctype html><h1>It works</h1>", "'<!doctype html>"),
        (body()[:40], "no completion"),
        (b"[" * 100_000, "no completion"),
        (b"[]", "no completion"),
        (b"{}", "no choices"),
        (b'{"choices": []}', "no choices"),
        (b'{"choices": [null]}', "no message"),
        (b'{"choices": [{"message": "hello"}]}', "no message"),
        (body({"content": None}), "no content"),
        (body({"content": 7}), "no text but int"),
        (body({"content": []}), "no content"),
        (body(finish_reason="error"), "broke off"),
        (body(token_ids=["a"]), "token_ids"),
        (body(logprobs={"content": [{"token": "A"}]}), "log-probabilities"),
        (body(logprobs={"content": [{"logprob": float("nan")}]}), "log-probabilities"),
    ],
)
def test_what_is_no_reply_is_worth_another_try(raw, named):
    with pytest.raises(BadReply, match=named):
        read_reply(raw)


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        (body({"content": None}, finish_reason="length"), "raise --max-tokens"),
        (body({"content": "", "reasoning": "hm"}, finish_reason="length"), "spent on reasoning"),
        (body({"content": None}, finish_reason="content_filter"), "content filter"),
        (body({"content": None, "tool_calls": [{}]}, finish_reason="tool_calls"), "called a tool"),
        (
            body(token_ids=[1, 2], logprobs={"content": [{"logprob": -1}]}),
            "2 token ids and 1 log-probabilities",
        ),
    ],
)
def test_a_reply_without_a_text_is_an_error(raw, named):
    with pytest.raises(PolicyError, match=named) as caught:
        read_reply(raw)
    assert not isinstance(caught.value, BadReply)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "choices",
                        "message",
                        "content",
                        "finish_reason",
                        "usage",
                        "logprobs",
                        "logprob",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_a_reply_or_a_policy_error(value):
    raw = orjson.dumps(value)
    read_usage(raw)
    try:
        reply = read_reply(raw)
    except PolicyError:
        return
    assert isinstance(reply.text, str)


@pytest.mark.parametrize(
    "usage", [None, [], {}, {"prompt_tokens": 1}, {"prompt_tokens": -1, "completion_tokens": 1}]
)
def test_usage_that_states_nothing_is_none(usage):
    assert read_reply(body(usage=usage)).usage is None


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, {"code": "context_length_exceeded", "message": "too long"}),
        (400, {"message": "This model's maximum context length is 4096 tokens. However, ..."}),
        (400, {"message": "the model's context length is only 1024 tokens"}),
        (500, {"type": "exceed_context_size_error", "message": "the request exceeds it"}),
        (400, {"message": "prompt is too long: 210000 tokens > 200000 maximum"}),
        (413, {"message": "Request Entity Too Large"}),
    ],
)
def test_an_overflow_is_told_from_other_errors(status, error):
    assert is_overflow(status, read_error({"error": error}))
    assert is_overflow(status, read_error(error))


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, {"message": "unknown field 'stopp'", "code": None}),
        (503, {"message": "no server has this context length ready"}),
        (400, "bad request"),
        (400, {"code": ["odd"], "type": {}}),
    ],
)
def test_other_errors_are_no_overflow(status, error):
    assert not is_overflow(status, read_error({"error": error}))
