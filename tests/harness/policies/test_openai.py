import asyncio
import time

import orjson
import pytest

from harness.chat_server import ChatServer, completion, http
from harness.policies import Sampling, Server, make_policy
from harness.policies.openai import resolve_base_url
from stepagent_gym.errors import BudgetSpent, ContextOverflow, PolicyError, UsageError
from stepagent_gym.types import Message

KEY = "sk-very-secret-key"
CHAT = [Message("user", "Where am I?")]


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)


class ScriptedServer(ChatServer):
    """Sends the given responses in turn, then plain replies; keeps what it was asked.

    A response is a function of the request that gives bytes to send, a list of bytes to send with
    pauses, seconds to hang, or None to drop the connection.
    """

    def __init__(self, *responses, delay=0.0):
        super().__init__(lambda request: "Action: look", delay)
        self.responses = list(responses)
        self.asked = []
        self.heads = []
        self.at_once = self.peak = 0

    async def respond(self, head, request, writer):
        self.asked.append((time.monotonic(), request))
        self.heads.append(head)
        if self.responses:
            response = self.responses.pop(0)(request)
            if isinstance(response, float):
                await asyncio.sleep(response)
            for part in response if isinstance(response, list) else []:
                writer.write(part)
                await asyncio.sleep(0.05)
            if not isinstance(response, bytes):
                return False
            writer.write(response)
            return True
        self.at_once += 1
        self.peak = max(self.peak, self.at_once)
        try:
            return await super().respond(head, request, writer)
        finally:
            self.at_once -= 1


def error(status, message, *, headers=None, **more):
    body = orjson.dumps({"error": {"message": message, **more}})
    return lambda request: http(status, body, headers=headers)


def ask(responses=(), chats=(CHAT,), *, sampling=None, delay=0.0, **server):
    """Ask for a reply to each chat at once; gives the replies (or errors), server and policy."""

    async def scenario():
        async with ScriptedServer(*responses, delay=delay) as scripted:
            options = {"backoff": 0.01, "timeout": 5.0, **server}
            where = Server(base_url=scripted.url, **options)
            policy = make_policy("openai/m", sampling or Sampling(), where)
            try:
                replies = await asyncio.gather(
                    *(policy.act(chat) for chat in chats), return_exceptions=True
                )
            finally:
                await policy.close()
            return replies, scripted, policy

    return asyncio.run(scenario())


def test_a_chat_is_answered_and_counted():
    (reply,), scripted, policy = ask()
    assert (reply.text, reply.finish_reason) == ("Action: look", "stop")
    assert reply.usage == {"prompt_tokens": 2, "completion_tokens": 3}
    assert policy.meter.spending.tokens == 5
    assert policy.meter.cost is None
    assert scripted.asked[0][1] == {
        "model": "m",
        "messages": [{"role": "user", "content": "Where am I?"}],
        "temperature": 0.0,
        "max_tokens": 1024,
        "stop": ["\nObservation:"],
    }
    assert f"Bearer {KEY}".encode() in scripted.heads[0]


def test_what_is_asked_for_is_sent_and_kept():
    def respond(request):
        token = {"token": "a", "logprob": -0.25}
        choice = {
            "message": {"content": "a", "reasoning_content": "r"},
            "finish_reason": "length",
            "logprobs": {"content": [token]},
            "token_ids": [17],
        }
        return http(200, completion(request, "", choices=[choice]))

    sampling = Sampling(
        temperature=None,
        top_p=0.5,
        max_tokens=9,
        max_tokens_field="max_completion_tokens",
        stop=(),
        logprobs=True,
        token_ids=True,
    )
    (reply,), scripted, _ = ask([respond], sampling=sampling)
    request = scripted.asked[0][1]
    assert {name: request[name] for name in request.keys() - {"model", "messages"}} == {
        "top_p": 0.5, "max_completion_tokens": 9, "logprobs": True, "return_token_ids": True,
    }  # fmt: skip
    assert (reply.logprobs, reply.token_ids) == ((-0.25,), (17,))
    assert (reply.reasoning, reply.finish_reason) == ("r", "length")


@pytest.mark.parametrize(
    "response",
    [
        error(429, "slow down"),
        error(500, "oops"),
        error(503, "gone"),
        error(408, "late"),
        error(200, "no model is loaded"),
        lambda request: http(200, b"<!doctype html>hello", kind="text/html"),
        lambda request: http(200, completion(request, "Action: look")[:-20]),
        lambda request: http(200, b""),
        lambda request: http(200, completion(request, "", choices=[])),
        lambda request: http(200, completion(request, "", choices=[{"message": {}}])),
        lambda request: b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{}",
        lambda request: None,
        lambda request: 1.0,
    ],
)
def test_a_passing_fault_is_tried_again(response):
    (reply,), scripted, policy = ask([response, response], timeout=0.3)
    assert reply.text == "Action: look"
    assert len(scripted.asked) == 3
    assert (policy.meter.spending.requests, policy.meter.spending.failures) == (3, 2)


def test_a_fault_that_stays_is_a_policy_error_with_the_number_of_tries():
    (reply,), scripted, _ = ask([error(503, "gone fishing")] * 9, retries=2)
    assert isinstance(reply, PolicyError)
    assert str(reply) == "the server answered 503: gone fishing (after 3 tries)"
    assert len(scripted.asked) == 3


def trickle(request):
    whole = http(200, completion(request, "Action: look"))
    return [whole[i : i + 1] for i in range(len(whole))]


@pytest.mark.parametrize("response", [lambda request: 30.0, trickle])
def test_a_reply_has_to_be_whole_within_the_timeout(response):
    (reply,), _, _ = ask([response], timeout=0.2, retries=0)
    assert "no reply within 0.2 s" in str(reply)


def test_retry_after_is_honoured():
    slow = error(429, "slow down", headers={"Retry-After": "0.4"})
    (reply,), scripted, _ = ask([slow])
    assert reply.text == "Action: look"
    assert scripted.asked[1][0] - scripted.asked[0][0] >= 0.4


def test_a_server_that_is_away_for_long_is_not_waited_for():
    (reply,), scripted, _ = ask([error(429, "x", headers={"Retry-After": "86400"})])
    assert "asks to wait for 86400 s" in str(reply)
    assert len(scripted.asked) == 1


def test_a_wrong_request_is_not_repeated():
    (reply,), scripted, _ = ask([error(400, "unknown field 'stopp'")])
    assert isinstance(reply, PolicyError)
    assert "400: unknown field" in str(reply)
    assert len(scripted.asked) == 1


@pytest.mark.parametrize(
    ("response", "kind", "named"),
    [
        (error(401, "bad key"), UsageError, "refuses the key in OPENAI_API_KEY"),
        (error(404, "no such model"), UsageError, "knows no model 'm'"),
        (error(429, "pay", code="insufficient_quota"), BudgetSpent, "no quota left"),
        (error(400, "too long", code="context_length_exceeded"), ContextOverflow, "too long"),
        (error(200, "maximum context length is 8 tokens"), ContextOverflow, "context length"),
    ],
)
def test_what_every_request_would_meet_ends_the_run(response, kind, named):
    (reply,), scripted, _ = ask([response])
    assert type(reply) is kind
    assert named in str(reply)
    assert len(scripted.asked) == 1


@pytest.mark.parametrize(
    "response",
    [
        error(400, f"Incorrect API key provided: {KEY}"),
        error(401, f"Incorrect API key provided: {KEY}"),
        error(503, f"Authorization: Bearer {KEY}"),
        error(200, f"Bearer {KEY}"),
        lambda request: http(200, f"<html>{KEY}</html>".encode(), kind="text/html"),
        lambda request: http(500, f"<html>{KEY}</html>".encode(), kind="text/html"),
        lambda request: f"HTTP/1.1 200 OK\r\n{KEY}\r\n\r\n".encode(),
    ],
)
def test_the_key_is_in_no_error(response):
    (reply,), _, _ = ask([response], retries=0)
    assert isinstance(reply, PolicyError | UsageError)
    assert KEY not in str(reply)
    seen, chain = reply, []
    while seen is not None:
        chain.append(repr(seen))
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    assert KEY not in "".join(chain)


def test_stop_strings_may_be_written_as_in_a_shell():
    assert Sampling(stop=("\\nObservation:", "a")).stop == ("\nObservation:", "a")


def test_requests_at_once_are_bounded():
    replies, scripted, _ = ask(chats=[CHAT] * 20, delay=0.02, requests=3)
    assert all(reply.text == "Action: look" for reply in replies)
    assert scripted.peak == 3


def test_a_limit_of_tokens_stops_before_the_next_request():
    replies, scripted, _ = ask(chats=[CHAT] * 6, requests=1, max_tokens_total=14)
    assert [type(reply) for reply in replies].count(BudgetSpent) == 3
    assert len(scripted.asked) == 3


def test_replies_at_temperature_zero_come_from_the_cache_the_second_time(tmp_path):
    cache = str(tmp_path / "cache.sqlite")

    async def scenario():
        async with ScriptedServer(error(500, "first")) as scripted:
            where = Server(base_url=scripted.url, backoff=0.01, cache=cache)
            replies = []
            for sampling in (Sampling(), Sampling(), Sampling(max_tokens=5), Sampling(0.7)):
                policy = make_policy("openai/m", sampling, where)
                replies.append(await policy.act(CHAT))
                replies.append(policy.meter.spending.from_cache)
                await policy.close()
            return replies, len(scripted.asked)

    replies, asked = asyncio.run(scenario())
    assert replies[1::2] == [0, 1, 0, 0]
    assert asked == 4
    assert replies[0] == replies[2]


def test_sampled_replies_are_cached_apart_by_episode_and_turn(tmp_path):
    class View:
        env_id, split, task_id, action_format = "e", "test", "0", "react"

        def __init__(self, seed, turn):
            self.seed, self.turn = seed, turn

    async def scenario():
        async with ScriptedServer() as scripted:
            where = Server(
                base_url=scripted.url, cache=str(tmp_path / "cache.sqlite"), cache_sampled=True
            )
            policy = make_policy("openai/m", Sampling(0.7), where)
            for view in (View(0, 0), View(1, 0), View(1, 1), View(0, 0)):
                await policy.for_episode(view).act(CHAT)
            await policy.close()
            return len(scripted.asked), policy.meter.spending.from_cache

    assert asyncio.run(scenario()) == (3, 1)


@pytest.mark.parametrize(
    ("model", "options", "environment", "named"),
    [
        ("openai/", {}, {}, "name the model"),
        ("openai/m", {}, {"OPENAI_API_KEY": ""}, "set OPENAI_API_KEY"),
        ("openai/m", {}, {"OPENAI_API_KEY": "sk-\u00e9"}, "OPENAI_API_KEY holds characters"),
        ("openai/m", {"base_url": "localhost:8000"}, {}, "no http or https address"),
        ("openai/m", {"base_url": "http://[::1/v1"}, {}, "no address of a server"),
        ("openai/m", {"base_url": "http://host:port/v1"}, {}, "no address of a server"),
        ("openai/m", {"base_url": "http://user:sk@host/v1"}, {}, "credentials"),
        ("openai/m", {"base_url": "https://host/v1?key=sk"}, {}, "credentials"),
        ("openai/m", {"max_cost": 1.0}, {}, "the price of 'm' is unknown"),
    ],
)
def test_wrong_settings_are_said_before_anything_is_sent(
    monkeypatch, model, options, environment, named
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=named) as caught:
        make_policy(model, Sampling(), Server(**options))
    assert "sk" not in str(caught.value).replace("--", "")


def test_the_address_is_the_flag_then_the_environment_then_openai(monkeypatch):
    assert resolve_base_url(None) == "https://api.openai.com/v1"
    monkeypatch.setenv("OPENAI_BASE_URL", "http://one:1/v1/")
    assert resolve_base_url(None) == "http://one:1/v1"
    assert resolve_base_url("http://two:2/v1") == "http://two:2/v1"


def test_a_local_server_needs_no_key(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    (reply,), scripted, _ = ask([error(503, "none of it")])
    assert reply.text == "Action: look"
    assert KEY.encode() not in scripted.heads[0]
