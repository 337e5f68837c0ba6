"""Runs through a server that misbehaves, killed and resumed, end like runs through a calm one."""

import orjson
import pytest
from hostile import KEY, WEBSHOP, HostileServer, evaluate, kill_at, running, shop_run

from harness.chat_server import completion, http
from harness.runs import read_trajectories


def summary(run):
    return orjson.loads((run / "summary.json").read_bytes())


def test_a_hostile_server_and_sigkill_change_no_result(tmp_path):
    calm_run, run = tmp_path / "calm", tmp_path / "hostile"
    with running(HostileServer(faults=0.0)) as calm:
        done = evaluate(*shop_run(calm_run, calm, tasks=100, repeats=2))
    assert done.returncode == 0, done.stderr
    with running(HostileServer(faults=0.25)) as hostile:
        begin = shop_run(run, hostile, tasks=100, repeats=2)
        kill_at(50, begin, run / "trajectories.jsonl")
        kill_at(110, ["--resume", run], run / "trajectories.jsonl")
        done = evaluate("--resume", run)
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(hostile.sent.values()), hostile.sent
    ours, theirs = list(read_trajectories(run)), list(read_trajectories(calm_run))
    assert len(ours) == len(theirs) == 200
    assert {t.key: t for t in ours} == {t.key: t for t in theirs}
    assert summary(run) == summary(calm_run)
    metrics = summary(run)[WEBSHOP]["metrics"]
    assert 0.05 < metrics["reward"]["mean"] < 1.0
    assert metrics["invalid_turns"]["mean"] > 0.0
    spending = orjson.loads((run / "spending.json").read_bytes())
    assert spending["failures"] > 50
    assert "cost unknown" in done.stdout


@pytest.mark.parametrize("broken", [{"kinds": ("500",)}, {"kinds": ("html",)}])
def test_episodes_through_a_broken_server_are_errors_and_no_zeros(tmp_path, broken):
    run = tmp_path / "run"
    with running(HostileServer(faults=1.0, **broken)) as server:
        done = evaluate(*shop_run(run, server, tasks=5), "--retries", 1)
        assert done.returncode == 1
        part = summary(run)[WEBSHOP]
        assert (part["errors"], part["episodes"], part["metrics"]) == (5, 0, {})
        server.share = 0.0
        assert evaluate("--resume", run).returncode == 0
    assert (summary(run)[WEBSHOP]["errors"], summary(run)[WEBSHOP]["episodes"]) == (0, 5)


def test_a_limit_ends_a_run_that_can_be_resumed(tmp_path):
    run, prices = tmp_path / "run", tmp_path / "prices.json"
    prices.write_text('{"models": {"shopper": {"prompt": 1000, "completion": 1000}}}')
    with running(HostileServer(faults=0.4, kinds=("html", "empty", "500"))) as server:
        begin = [*shop_run(run, server, tasks=40, concurrency=4), "--prices", prices]
        done = evaluate(*begin, "--max-cost", 60)
        assert done.returncode == 1
        assert "are spent of --max-cost 60" in done.stdout
        assert f"--resume {run}" in done.stdout
        spent = orjson.loads((run / "spending.json").read_bytes())
        part = summary(run)[WEBSHOP]
        assert 0 < part["episodes"] < 40
        assert (part["complete"], part["errors"]) == (False, 0)
        again = evaluate("--resume", run)
        assert again.returncode == 1
        assert orjson.loads((run / "spending.json").read_bytes()) == spent
        assert spent["failures"] > 0
        done = evaluate("--resume", run, "--max-cost", "None")
    assert done.returncode == 0, done.stdout + done.stderr
    usage = summary(run)[WEBSHOP]["usage"]
    tokens = usage["prompt_tokens"] + usage["completion_tokens"]
    assert usage["cost"] == pytest.approx(tokens / 1000)
    assert f"cost ${usage['cost']:,.4f}" in done.stdout


class NarrowServer(HostileServer):
    """Refuses chats of more than so many words, as servers refuse what overflows the context."""

    words = 1200

    async def misbehave(self, kind, request, writer):
        words = sum(len(message["content"].split()) for message in request["messages"])
        if words <= self.words:
            return await super().misbehave(kind, request, writer)
        message = f"This model's maximum context length is {self.words} tokens, not {words}."
        body = {"error": {"message": message, "code": "context_length_exceeded"}}
        writer.write(http(400, orjson.dumps(body)))
        return True


@pytest.mark.parametrize("overflow", ["fail", "drop-examples", "drop-oldest"])
def test_an_overflow_is_an_error_or_a_cut_that_the_records_tell(tmp_path, overflow):
    run = tmp_path / "run"
    with running(NarrowServer(faults=0.0)) as server:
        done = evaluate(*shop_run(run, server, tasks=10), "--overflow", overflow)
    trajectories = list(read_trajectories(run))
    header = orjson.loads((run / "run.json").read_bytes())
    assert header["config"]["overflow"] == overflow
    assert summary(run)[WEBSHOP]["conditions"]["overflow"] == overflow
    dropped = [step.dropped for t in trajectories for step in t.steps if step.dropped]
    if overflow == "fail":
        assert done.returncode == 1
        assert not dropped
        assert any("maximum context length" in (t.error or "") for t in trajectories)
    else:
        assert done.returncode == 0, done.stdout
        kind = {"drop-examples": "examples", "drop-oldest": "turns"}[overflow]
        assert dropped
        assert all(cut.keys() == {kind} for cut in dropped)


def test_the_second_run_is_free(tmp_path):
    cached = ["--cache", tmp_path / "cache.sqlite"]
    with running(HostileServer(faults=0.0)) as server:
        assert evaluate(*shop_run(tmp_path / "a", server, tasks=10), *cached).returncode == 0
        paid = server.requests
        done = evaluate(*shop_run(tmp_path / "b", server, tasks=10), *cached)
        assert done.returncode == 0
        assert server.requests == paid
    assert f"0 requests (0 failed), {paid} replies from the cache, 0 tokens" in done.stdout
    assert summary(tmp_path / "a") == summary(tmp_path / "b")


class EchoingServer(HostileServer):
    """Puts the head of the request, and so the key, into everything that it sends."""

    async def respond(self, head, request, writer):
        text = head.decode("latin-1").replace("\r\n", " ")
        status = self.random.choice((200, 200, 200, 400, 503))
        if status == 200:
            body = completion(request, f"Thought: {text}\nAction: search[shoes]")
        else:
            body = orjson.dumps({"error": {"message": text}})
        writer.write(http(status, body))
        return True


def test_the_key_is_written_nowhere(tmp_path):
    cache = ["--cache", tmp_path / "run" / "cache.sqlite"]
    with running(EchoingServer()) as server:
        url = server.url
        done = evaluate(*shop_run(tmp_path / "run", server, tasks=20), "--retries", 1, *cache)
    assert done.returncode == 1
    assert "[key]" in done.stdout
    assert KEY not in done.stdout + done.stderr
    files = {file.name: file.read_bytes() for file in (tmp_path / "run").iterdir()}
    assert files.keys() == {
        "run.json", "spending.json", "summary.json", "trajectories.jsonl", "cache.sqlite",
    }  # fmt: skip
    assert not any(KEY.encode() in content for content in files.values())
    assert b"Bearer [key]" in files["trajectories.jsonl"]
    header = orjson.loads(files["run.json"])
    assert header["config"]["server"]["base_url"] == url
    assert header["config"]["overflow"] == "fail"


class RefusingServer(HostileServer):
    """Knows no key."""

    async def misbehave(self, kind, request, writer):
        body = {
            "error": {"message": f"Incorrect API key provided: {KEY}", "code": "invalid_api_key"}
        }
        writer.write(http(401, orjson.dumps(body)))
        return True


def test_a_refused_key_ends_a_run_with_one_line(tmp_path):
    with running(RefusingServer()) as server:
        done = evaluate(*shop_run(tmp_path / "run", server, tasks=50))
    assert done.returncode == 2
    assert (
        "refuses the key in OPENAI_API_KEY: 401, Incorrect API key provided: [key]" in done.stderr
    )
    assert "Traceback" not in done.stderr
    assert KEY not in done.stderr
    assert not list(read_trajectories(tmp_path / "run"))
