"""vLLM for real, offline and behind its server; `make test-vllm` makes the environment for it."""

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

pytest.importorskip("vllm", reason="vLLM is not installed; `make test-vllm` makes a place for it")

from tiny_models import chats, save_talkative

from harness.policies import Local, Sampling, Server, make_policy
from harness.runs import read_trajectories
from stepagent_gym.errors import ContextOverflow, PolicyError, UsageError
from stepagent_gym.types import Message

pytestmark = [
    pytest.mark.vllm,
    pytest.mark.filterwarnings("ignore"),  # vLLM's own, and those of its dependencies
]
CHATS = chats(12)
STARTING = 300.0  # seconds
GREEDY = Sampling(
    max_tokens=16, stop=(" the", "\nObservation:"), dtype="float32", logprobs=True, token_ids=True
)
LOCAL = Local(gpu_memory=0.1, eager=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Give the folder of a tiny Llama; vLLM wants heads of 32."""
    folder = tmp_path_factory.mktemp("model")
    return save_talkative(folder, width=128, num_key_value_heads=4, context=512)


def ask(policy, asked, more=()):
    """Ask for a reply to each chat at once, then to more of them; errors come back as values."""

    async def scenario():
        try:
            replies = []
            for some in (asked, more):
                calls = (policy.act(chat) for chat in some)
                replies += await asyncio.gather(*calls, return_exceptions=True)
            return replies
        finally:
            await policy.close()

    return asyncio.run(scenario())


@pytest.fixture(scope="module")
def expected(folder):
    """Give the replies of transformers to `CHATS`."""
    return ask(make_policy(f"hf/{folder}", GREEDY, Server(), 0, LOCAL), CHATS)


def assert_same(replies, expected):
    for reply, wanted in zip(replies, expected, strict=True):
        # A character that was cut in its middle is left out by vLLM's server, and U+FFFD here.
        assert reply.text.rstrip("\ufffd") == wanted.text.rstrip("\ufffd")
        assert reply.finish_reason == wanted.finish_reason
        shared = len(wanted.token_ids)
        assert reply.token_ids[:shared] == wanted.token_ids
        assert reply.logprobs[:shared] == pytest.approx(wanted.logprobs, abs=1e-3)
        assert reply.usage["prompt_tokens"] == wanted.usage["prompt_tokens"]


def test_the_engine_answers_as_transformers_does(folder, expected):
    policy = make_policy(f"vllm/{folder}", GREEDY, Server(), 0, LOCAL)
    too_long, nearly = [Message("user", "x" * 600)], [Message("user", "x" * 490)]
    *replies, overflow, cut = ask(policy, CHATS, [too_long, nearly])
    assert_same(replies, expected)
    assert [reply.token_ids for reply in replies] == [reply.token_ids for reply in expected]
    assert {reply.finish_reason for reply in replies} == {"stop", "length"}
    for error in (overflow, cut):
        assert isinstance(error, ContextOverflow)
    with pytest.raises(PolicyError, match="closed"):
        asyncio.run(policy.act(CHATS[0]))


def test_a_sampled_reply_depends_on_its_episode_alone(folder):
    class View:
        env_id, split, seed, turn = "env", "test", 0, 0

        def __init__(self, task_id):
            self.task_id = task_id

    async def scenario():
        sampling = Sampling(1.0, max_tokens=8, stop=(), dtype="float32")
        policy = make_policy(f"vllm/{folder}", sampling, Server(), 0, LOCAL)
        try:
            acting = [policy.for_episode(View(str(n))) for n in range(6)]
            first = await asyncio.gather(*(episode.act(CHATS[0]) for episode in acting))
            again = [await episode.act(CHATS[0]) for episode in acting[:3]]
            return first, again
        finally:
            await policy.close()

    first, again = asyncio.run(scenario())
    assert len({reply.text for reply in first}) == 6
    assert [reply.token_ids for reply in again] == [reply.token_ids for reply in first[:3]]


def test_an_evaluation_runs_through_the_engine(folder, tmp_path):
    run = tmp_path / "run"
    done = subprocess.run(
        [
            sys.executable, "-m", "harness.cli", "eval", "--env", "stepagent/WebShop-v0",
            "--model", f"vllm/{save_talkative(tmp_path / 'model', width=128, context=4096)}",
            "--limit", "4", "--examples", "0", "--max-turns", "3", "--max-tokens", "8",
            "--gpu-memory", "0.1", "--eager", "--out", str(run),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    trajectories = list(read_trajectories(run))
    assert len(trajectories) == 4
    for step in (step for trajectory in trajectories for step in trajectory.steps):
        assert len(step.completion.token_ids) == len(step.completion.logprobs) > 0


def test_what_vllm_does_not_take_is_named(folder, tmp_path):
    with pytest.raises(UsageError, match="CUDA_VISIBLE_DEVICES"):
        make_policy(f"vllm/{folder}", Sampling(), Server(), 0, Local(device="cpu"))
    (tmp_path / "adapter_config.json").write_text("{}")
    with pytest.raises(UsageError, match="adapters"):
        make_policy(f"vllm/{tmp_path}", Sampling(), Server())


@pytest.fixture(scope="module")
def server(folder, tmp_path_factory):
    """Serve the model with vLLM's OpenAI-compatible server; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                sys.executable, "-m", "vllm.entrypoints.openai.api_server", "--model", str(folder),
                "--served-model-name", "tiny", "--host", "127.0.0.1", "--port", str(port),
                "--dtype", "float32", "--enforce-eager", "--gpu-memory-utilization", "0.1",
            ],
            stdout=output, stderr=subprocess.STDOUT, env={**os.environ, "VLLM_API_KEY": ""},
        )  # fmt: skip
        try:
            until = time.monotonic() + STARTING
            while not answers(f"http://127.0.0.1:{port}/health"):
                if process.poll() is not None or time.monotonic() > until:
                    pytest.fail(f"the server did not start: {log.read_text()[-3000:]}")
                time.sleep(0.5)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            process.wait()


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def test_the_server_answers_as_transformers_does(server, expected, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    policy = make_policy("openai/tiny", GREEDY, Server(base_url=server, backoff=0.01))
    *replies, overflow = ask(policy, CHATS, [[Message("user", "x" * 600)]])
    assert_same(replies, expected)
    assert isinstance(overflow, ContextOverflow)
