"""`openai/<model>`: any server that speaks OpenAI's chat completions, and survives what it sends.

The server is the one at `--base-url`, else OPENAI_BASE_URL, else OpenAI's own.  The key is
read from the environment and leaves this module in requests alone: replies and errors, which may
end up on disk, are cleared of it.
"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from harness.policies.cache import ResponseCache, request_key
from harness.policies.replies import (
    BadReply,
    is_overflow,
    read_error,
    read_reply,
    read_usage,
    shown,
    stated_error,
)
from harness.policies.retries import LONGEST_RETRY_AFTER, Backoff, Fault, retry_after
from harness.policies.sampling import Sampling, Server
from harness.policies.spending import Meter, read_price
from stepagent_gym.errors import (
    BudgetSpent,
    ContextOverflow,
    NotInstalled,
    PolicyError,
    StepAgentError,
    UsageError,
)
from stepagent_gym.policy import EpisodeView, Policy
from stepagent_gym.types import Completion, Message

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI

OPENAI_URL = "https://api.openai.com/v1"
_TRY_AGAIN = frozenset({408, 409, 425, 429})
_OF_ALL_REQUESTS = {
    401: "refuses the key in {key}",
    404: "knows no model {model!r} (or has no chat completions at this address)",
}
"""Statuses that every request would meet; they end the run instead of every episode."""


class OpenAIPolicy:
    """Answers chats through a server; as many at once as `server.requests` allows.

    A fault that lasts through all retries raises `PolicyError`, a chat that does not fit the model
    `ContextOverflow`; a limit of spending raises `BudgetSpent` and a refused key or an unknown
    model `UsageError`, which end a run.
    """

    def __init__(self, model: str, sampling: Sampling, server: Server, seed: int = 0) -> None:
        try:
            import aiohttp
            import openai
        except ImportError:
            raise NotInstalled(
                "openai/<model> needs a package: pip install 'stepagent-gym[openai]'"
            ) from None
        if not model:
            raise UsageError("openai/<model>: name the model, as in openai/gpt-4o")
        self.model = model
        self.sampling = sampling
        self.server = server
        self.base_url = resolve_base_url(server.base_url)
        self._secret = _read_key(server.api_key_env, self.base_url)
        price = read_price(model, server.prices)
        if server.max_cost is not None and price is None:
            raise UsageError(
                f"--max-cost: the price of {model!r} is unknown; add it to a table and name "
                "it with --prices, or limit --max-tokens-total"
            )
        self.meter = Meter(price, server.max_cost, server.max_tokens_total)
        self._openai = openai
        self._broken = (openai.APIConnectionError, aiohttp.ClientError)
        self._client: AsyncOpenAI | None = None
        self._slots = asyncio.Semaphore(server.requests)
        self._backoff = Backoff(server.backoff, seed=seed)
        self._cache = _open_cache(sampling, server)

    async def act(self, messages: Sequence[Message]) -> Completion:
        """Answer a chat."""
        return await self.answer(messages, ())

    def for_episode(self, view: EpisodeView) -> Policy:
        """Give a policy whose sampled replies the cache keeps apart from other episodes'."""
        return _Episode(self, view)

    async def close(self) -> None:
        """Close the connections and the cache."""
        if self._client is not None:
            await self._client.close()
        if self._cache is not None:
            self._cache.close()

    async def answer(self, messages: Sequence[Message], draw: Sequence[str | int]) -> Completion:
        """Answer a chat; `draw` tells equal requests apart whose replies are drawn at random."""
        request = self._request(messages)
        cache = self._cache
        if cache is None:
            return (await self._ask(request))[1]
        key = request_key(self.base_url, request, () if self.sampling.temperature == 0 else draw)
        body = cache.get(key)
        if body is not None:
            self.meter.spending.from_cache += 1
            return read_reply(body)
        body, completion = await self._ask(request)
        cache.put(key, body)
        return completion

    def _request(self, messages: Sequence[Message]) -> dict[str, Any]:
        sampling = self.sampling
        request: dict[str, Any] = {
            "model": self.model,
            "messages": [message.to_json() for message in messages],
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            sampling.max_tokens_field: sampling.max_tokens,
            "stop": list(sampling.stop) or None,
            "logprobs": True if sampling.logprobs else None,
            "return_token_ids": True if sampling.token_ids else None,
        }
        return {name: value for name, value in request.items() if value is not None}

    async def _ask(self, request: Mapping[str, Any]) -> tuple[bytes, Completion]:
        """Send a request until it has a reply or the tries are used up."""
        failures = 0
        while True:
            try:
                return await self._try(request)
            except (Fault, BadReply) as fault:
                failures += 1
                self.meter.spending.failures += 1
                wait = fault.wait if isinstance(fault, Fault) else None
                if failures > self.server.retries or (wait or 0) > LONGEST_RETRY_AFTER:
                    asked = "" if wait is None else f"; it asks to wait for {wait:.0f} s"
                    raise PolicyError(f"{fault} (after {failures} tries){asked}") from None
                await asyncio.sleep(self._backoff.wait(failures, wait))

    async def _try(self, request: Mapping[str, Any]) -> tuple[bytes, Completion]:
        """Send a request once."""
        async with self._slots:
            self.meter.check()
            self.meter.spending.requests += 1
            body = await self._send(request)
        try:
            completion = read_reply(body)
        except PolicyError as error:
            if (usage := read_usage(body)) is not None:
                self.meter.spending.add(usage)
            raise self._of_bad_body(body, error) from None
        self.meter.spending.add(completion.usage)
        return body, completion

    async def _send(self, request: Mapping[str, Any]) -> bytes:
        """Give the body of a reply with status 200; the deadline holds for the whole of it."""
        openai = self._openai
        try:
            async with asyncio.timeout(self.server.timeout):
                # `chat.completions.create` would check each message against its types first, which
                # takes twice as long as all the rest.
                response = await self._connect().post(
                    "/chat/completions", cast_to=openai.HttpxBinaryResponseContent, body=request
                )
                body: bytes = response.content
                return body.replace(self._secret.encode(), b"[key]") if self._secret else body
        except (TimeoutError, openai.APITimeoutError):
            raise Fault(f"no reply within {self.server.timeout:g} s") from None
        except openai.APIStatusError as error:
            raise self._of_status(error) from None
        except self._broken as error:
            cause = error.__cause__ or error
            kind = type(cause).__name__
            raise Fault(f"the connection failed: {kind}: {self._clean(cause)}") from None

    def _connect(self) -> "AsyncOpenAI":
        """Give the client, made when the first request is sent.

        aiohttp carries it in half the time of the default, whose pool looks through all
        connections at every request.
        """
        if self._client is None:
            self._client = self._openai.AsyncOpenAI(
                api_key=self._secret or "none",
                base_url=self.base_url,
                max_retries=0,
                timeout=self.server.timeout,
                http_client=self._openai.DefaultAioHttpClient(),
            )
        return self._client

    def _of_status(self, error: "APIStatusError") -> StepAgentError:
        """Say what an error status means for the request, the episode or the run."""
        status = error.status_code
        stated = read_error(error.body if error.body is not None else error.response.text)
        message = self._clean(stated.get("message"))
        if status in _OF_ALL_REQUESTS:
            meaning = _OF_ALL_REQUESTS[status].format(key=self.server.api_key_env, model=self.model)
            return UsageError(f"the server at {self.base_url} {meaning}: {status}, {message}")
        if stated.get("code") == "insufficient_quota":
            return BudgetSpent(f"the account of the key has no quota left: {message}")
        if is_overflow(status, stated):
            return ContextOverflow(message)
        if status in _TRY_AGAIN or status >= 500:
            return Fault(
                f"the server answered {status}: {message}", retry_after(error.response.headers)
            )
        return PolicyError(f"the server answered {status}: {message}")

    def _of_bad_body(self, body: bytes, error: PolicyError) -> PolicyError:
        """Say what is wrong with a body that came with status 200."""
        stated = stated_error(body)
        if stated is None:
            return error
        message = self._clean(stated.get("message"))
        if is_overflow(200, stated):
            return ContextOverflow(message)
        return BadReply(f"the server answered 200 with an error: {message}")

    def _clean(self, text: object) -> str:
        """Clear a text of the key, and shorten it."""
        return shown(str(text).replace(self._secret, "[key]") if self._secret else text)


@dataclass(frozen=True)
class _Episode:
    """The policy of one episode."""

    policy: OpenAIPolicy
    view: EpisodeView

    async def act(self, messages: Sequence[Message]) -> Completion:
        view = self.view
        draw = (view.env_id, view.split, view.task_id, view.seed, view.turn)
        return await self.policy.answer(messages, draw)

    async def close(self) -> None:
        return None


def resolve_base_url(flag: str | None) -> str:
    """Give the server's address; one that carries a secret raises `UsageError`."""
    url = (flag or os.environ.get("OPENAI_BASE_URL") or OPENAI_URL).rstrip("/")
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        raise UsageError("the base URL is no address of a server") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError("the base URL is no http or https address of a server")
    if parts.username or parts.password or parts.query:
        raise UsageError(
            "the base URL holds credentials; it is written to run folders, so give it without "
            "them, and the key in the environment"
        )
    return url


def _read_key(name: str, base_url: str) -> str:
    """Read the key from the environment; a server that is not OpenAI's may need none ("")."""
    key = os.environ.get(name, "").strip()
    if not key:
        if base_url == OPENAI_URL:
            raise UsageError(f"set {name} to the key of {base_url}")
        return ""
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise UsageError(f"{name} holds characters that no key has")
    return key


def _open_cache(sampling: Sampling, server: Server) -> ResponseCache | None:
    """Open the cache where the replies may come from one."""
    if server.cache == "off" or (sampling.temperature != 0 and not server.cache_sampled):
        return None
    return ResponseCache(Path(server.cache))
