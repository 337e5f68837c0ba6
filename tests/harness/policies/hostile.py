"""A chat-completions server that misbehaves at random, and a shopper that answers through it.

The faults are drawn from a seed; the answers depend on the request alone, so that a run through
the worst server must end like a run through a calm one.
"""

import asyncio
import contextlib
import hashlib
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time

import orjson

from harness.chat_server import ChatServer, completion, http

WEBSHOP = "stepagent/WebShop-v0"
KEY = "sk-do-not-write-this-down"
COMMAND = [sys.executable, "-m", "harness.cli", "eval"]
FAULTS = (
    "429",
    "429 with Retry-After",
    "500",
    "503",
    "html",
    "truncated",
    "empty",
    "no choices",
    "null content",
    "hang",
    "dropped",
    "dropped in the body",
)
GARBAGE = ("", "buy it now!!", "Action: fly[to the moon]", "\x00\ufffd{[(" * 50, "Action:")


def shop(request):
    """Answer a WebShop chat: an action, sometimes garbage, from a hash of the whole chat alone."""
    messages = request["messages"]
    digest = hashlib.sha256(orjson.dumps(messages)).digest()
    seen = messages[-1]["content"].removeprefix("Observation: ")
    if digest[0] < 12:
        return GARBAGE[digest[1] % len(GARBAGE)]
    if seen.endswith("Search"):
        words = seen.split("[SEP]")[-2].split()[3:9]
        return f"Thought: I look for it.\nAction: search[{' '.join(words)}]"
    if seen.endswith("Buy Now"):
        options = seen.partition("< Prev [SEP] ")[2].split(" [SEP] ")
        chosen = ["Buy Now", "Buy Now", *options[1:3]][digest[2] % 4]
        return f"Action: click[{chosen}]"
    products = re.findall(r"\bB[0-9A-Z]{9}\b", seen)
    return f"Action: click[{products[digest[3] % len(products)] if products else '< Prev'}]"


class HostileServer(ChatServer):
    """Answers with a fault in a share of `faults` of the requests; counts each kind in `sent`."""

    def __init__(self, answer=shop, *, faults=0.3, seed=0, hang=60.0, kinds=FAULTS):
        super().__init__(answer)
        self.share = faults
        self.hang = hang
        self.kinds = kinds
        self.random = random.Random(seed)
        self.sent = dict.fromkeys((*kinds, "reply"), 0)
        self.at_once = self.peak = 0

    async def respond(self, head, request, writer):
        self.at_once += 1
        self.peak = max(self.peak, self.at_once)
        try:
            kind = "reply"
            if self.random.random() < self.share:
                kind = self.random.choice(self.kinds)
            self.sent[kind] += 1
            return await self.misbehave(kind, request, writer)
        finally:
            self.at_once -= 1

    async def misbehave(self, kind, request, writer):
        body = completion(request, self.answer(request))
        if kind == "hang":
            await asyncio.sleep(self.hang)
            return False
        if kind == "dropped":
            return False
        if kind == "dropped in the body":
            writer.write(http(200, body)[: -len(body) // 2])
            return False
        writer.write(_response(kind, body, request))
        return True


def _response(kind, body, request):
    error = orjson.dumps({"error": {"message": f"this is a {kind}", "type": "hostile"}})
    page = b"<!doctype html><title>Welcome</title><h1>It works</h1>"
    null = [{"index": 0, "message": {"role": "assistant", "content": None}, "finish_reason": None}]
    return {
        "reply": lambda: http(200, body),
        "429": lambda: http(429, error),
        "429 with Retry-After": lambda: http(429, error, headers={"Retry-After": "0.1"}),
        "500": lambda: http(500, error),
        "503": lambda: http(503, b"upstream is gone", kind="text/plain"),
        "html": lambda: http(200, page, kind="text/html"),
        "truncated": lambda: http(200, body[: len(body) // 2]),
        "empty": lambda: http(200, b""),
        "no choices": lambda: http(200, completion(request, "", choices=[])),
        "null content": lambda: http(200, completion(request, "", choices=null)),
    }[kind]()


@contextlib.contextmanager
def running(server):
    """Run a server in a thread of its own while the block lasts."""
    ready, loop = threading.Event(), asyncio.new_event_loop()
    over = asyncio.Event()

    async def serve():
        async with server:
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


def environment():
    return {**os.environ, "OPENAI_API_KEY": KEY, "OPENAI_LOG": "info"}


def shop_run(out, server, *, tasks, repeats=1, concurrency=32):
    """Give the arguments of an evaluation of the shopper behind a server."""
    return [
        "--model", "openai/shopper", "--env", WEBSHOP, "--base-url", server.url,
        "--limit", tasks, "--repeats", repeats, "--concurrency", concurrency,
        "--timeout", 0.5, "--retries", 12, "--backoff", 0.02, "--out", out,
    ]  # fmt: skip


def evaluate(*arguments):
    """Run `stepagent eval` to its end."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment())


def kill_at(lines, arguments, file):
    """Begin `stepagent eval` and kill it when so many episodes are on disk."""
    command = [*COMMAND, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment())
    while process.poll() is None:
        if file.exists() and file.read_bytes().count(b"\n") >= lines:
            os.kill(process.pid, signal.SIGKILL)
            break
        time.sleep(0.005)
    assert process.wait() == -signal.SIGKILL, "the run ended before it was killed"
