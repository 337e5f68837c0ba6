"""Reading what a chat-completions server sent, without trusting it.

A reply is used only where it holds a text that the model gave.  Everything else is a fault: either
`BadReply`, which another try may mend, or a plain `PolicyError`, which it will not.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from stepagent_gym.errors import PolicyError
from stepagent_gym.types import Completion

_SHOWN = 300  # characters of foreign text in an error message
_OVERFLOW = re.compile(
    r"context[ _-]?(?:length|size|window)|(?:prompt|input|messages?) (?:is|are) too long"
    r"|maximum (?:model|sequence|input|prompt) length",
    re.IGNORECASE,
)
_REASON = re.compile(r"[a-z_]{1,40}")
_OVERFLOW_CODES = frozenset({"context_length_exceeded", "exceed_context_size_error"})
_TOO_LARGE = 413


class BadReply(PolicyError):
    """The server answered with something that is no reply, as servers do now and then."""


def read_reply(body: bytes) -> Completion:
    """Read the body of a chat completion that came with status 200.

    A refusal is the model's own reply and comes back as its text, with `finish_reason`
    `"refusal"`.  A text that was cut (`"length"`) is kept; no text at all is a fault.
    Raises `BadReply` for what is no completion, and `PolicyError` for a completion without text.
    """
    value = _read_object(body)
    choices = value.get("choices")
    if not isinstance(choices, list) or not choices:
        raise BadReply("the reply has no choices")
    choice = choices[0]
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(message, dict):
        raise BadReply("the reply's choice holds no message")
    reason = choice.get("finish_reason")
    reason = reason if isinstance(reason, str) and _REASON.fullmatch(reason) else "unknown"
    if reason == "error":
        raise BadReply("the server broke off its reply (finish_reason 'error')")
    reasoning = _reasoning(message)
    text = _text(message)
    if not text and isinstance(refusal := message.get("refusal"), str) and refusal:
        text, reason = refusal, "refusal"
    if text is None or (not text and reason in ("length", "content_filter")):
        raise _no_text(message, reason, reasoning)
    token_ids, logprobs = _token_ids(choice), _logprobs(choice)
    if token_ids is not None and logprobs is not None and len(token_ids) != len(logprobs):
        raise PolicyError(
            f"the server gave {len(token_ids)} token ids and {len(logprobs)} log-probabilities"
        )
    return Completion(
        text,
        token_ids=token_ids,
        logprobs=logprobs,
        finish_reason=reason,
        usage=_usage(value.get("usage")),
        reasoning=reasoning,
    )


def read_usage(body: bytes) -> dict[str, int] | None:
    """Read the token counts of a reply that may be anything; None where it states none."""
    value = _parse(body)
    return _usage(value.get("usage")) if isinstance(value, dict) else None


def stated_error(body: bytes) -> Mapping[str, Any] | None:
    """Give the error that a body states, as some gateways do with status 200; None without one."""
    value = _parse(body)
    return read_error(value) if isinstance(value, dict) and value.get("error") else None


def read_error(body: object) -> Mapping[str, Any]:
    """Give the error object of a body: servers nest it under `error`, or send it bare."""
    if isinstance(body, dict):
        inner = body.get("error", body)
        return inner if isinstance(inner, dict) else {"message": inner}
    return {"message": body}


def is_overflow(status: int, error: Mapping[str, Any]) -> bool:
    """Whether an error says that the chat does not fit the model's context."""
    named = {str(error.get("code")), str(error.get("type"))}
    if status == _TOO_LARGE or named & _OVERFLOW_CODES:
        return True
    return status in (200, 400, 422, 500) and bool(_OVERFLOW.search(str(error.get("message"))))


def shown(text: object) -> str:
    """Shorten foreign text to one line that fits an error message."""
    line = " ".join(str(text).split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}..."


def _read_object(body: bytes) -> dict[str, Any]:
    if not body.strip():
        raise BadReply("the server sent an empty body")
    value = _parse(body)
    if not isinstance(value, dict):
        beginning = shown(body[:80].decode(errors="replace"))
        raise BadReply(f"the server sent no completion but {beginning!r}")
    return value


def _parse(body: bytes) -> Any:
    """Parse JSON; None for what is none.  Half a surrogate pair, a cut emoji, is let through."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _text(message: Mapping[str, Any]) -> str | None:
    """Give the content: a text, or a list of parts of which the texts count."""
    content = message.get("content")
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        content = "".join(part for part in parts if isinstance(part, str)) if parts else None
    if content is not None and not isinstance(content, str):
        raise BadReply(f"the reply's content is no text but {type(content).__name__}")
    return content


def _reasoning(message: Mapping[str, Any]) -> str | None:
    for name in ("reasoning_content", "reasoning"):
        if isinstance(value := message.get(name), str) and value:
            return value
    return None


def _no_text(message: Mapping[str, Any], reason: str, reasoning: str | None) -> PolicyError:
    """Say why a completion without text is none."""
    if reason == "length":
        spent = "on reasoning " if reasoning else ""
        return PolicyError(
            f"the reply's tokens were spent {spent}before it had any text; raise --max-tokens"
        )
    if reason == "content_filter":
        return PolicyError("the server's content filter held the reply back")
    if message.get("tool_calls"):
        return PolicyError("the model called a tool instead of answering")
    return BadReply(f"the reply has no content (finish_reason {shown(reason)!r})")


def _token_ids(choice: Mapping[str, Any]) -> tuple[int, ...] | None:
    """Read `token_ids`, which vLLM sends where `return_token_ids` was asked for."""
    value = choice.get("token_ids")
    if value is None:
        return None
    if not isinstance(value, list) or not all(type(item) is int for item in value):
        raise BadReply("the reply's token_ids are no list of numbers")
    return tuple(value)


def _logprobs(choice: Mapping[str, Any]) -> tuple[float, ...] | None:
    value = choice.get("logprobs")
    tokens = value.get("content") if isinstance(value, dict) else None
    if tokens is None:
        return None
    found = []
    for token in tokens:
        logprob = token.get("logprob") if isinstance(token, dict) else None
        if not isinstance(logprob, int | float) or not math.isfinite(logprob):
            raise BadReply("the reply's log-probabilities are no list of numbers")
        found.append(float(logprob))
    return tuple(found)


def _usage(value: object) -> dict[str, int] | None:
    """Flatten the counts of tokens; None where the two that matter are missing."""
    if not isinstance(value, dict):
        return None
    usage = {}
    for name in ("prompt_tokens", "completion_tokens"):
        count = _count(value.get(name))
        if count is None:
            return None
        usage[name] = count
    for details, name in (("prompt", "cached_tokens"), ("completion", "reasoning_tokens")):
        inner = value.get(f"{details}_tokens_details")
        if isinstance(inner, dict) and (count := _count(inner.get(name))):
            usage[name] = count
    return usage


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None
