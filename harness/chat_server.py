"""A chat-completions server for this machine: no model, only an answer that a function gives.

`stepagent bench rollout` measures the client against it, and tests let it misbehave.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import orjson

Answer = Callable[[Mapping[str, Any]], str]
"""From a request to the text of its reply."""

_REASONS = {200: "OK", 400: "Bad Request", 429: "Too Many Requests"}


class ChatServer:
    """A server on a free port of 127.0.0.1, up while its context lasts.

    `delay`: seconds that every reply takes.
    """

    def __init__(self, answer: Answer, delay: float = 0.0) -> None:
        self.answer = answer
        self.delay = delay
        self.requests = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1024)
        self._connections: set[asyncio.Task[None]] = set()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    @property
    def url(self) -> str:
        """The base URL of its API."""
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    async def respond(
        self, head: bytes, request: Mapping[str, Any], writer: asyncio.StreamWriter
    ) -> bool:
        """Answer one request; whether the connection stays open."""
        if self.delay:
            await asyncio.sleep(self.delay)
        writer.write(http(200, completion(request, self.answer(request))))
        return True

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            # Cancelled means that the server closes, which is no error of this connection.
            with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                open_still = True
                while open_still:
                    head = await reader.readuntil(b"\r\n\r\n")
                    request = orjson.loads(await reader.readexactly(_length(head)))
                    self.requests += 1
                    open_still = await self.respond(head, request, writer)
                    await writer.drain()
        finally:
            writer.close()
            self._connections.discard(task)


def completion(request: Mapping[str, Any], text: str, **changes: Any) -> bytes:
    """Write the body of a completion; its `usage` counts four characters as a token."""
    prompt = sum(len(message["content"]) for message in request["messages"]) // 4
    generated = len(text) // 4
    body = {
        "id": "chatcmpl-local",
        "object": "chat.completion",
        "created": 0,
        "model": request["model"],
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text},
                "finish_reason": "stop",
            }
        ],
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": generated,
            "total_tokens": prompt + generated,
        },
    }
    return orjson.dumps({**body, **changes})


def http(
    status: int,
    body: bytes,
    *,
    kind: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """Write an HTTP response."""
    lines = [
        f"HTTP/1.1 {status} {_REASONS.get(status, 'Error')}",
        f"content-type: {kind}",
        f"content-length: {len(body)}",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0
