"""The records that travel between environments, policies, run folders and training.

All are frozen, and JSON both ways through `to_json` and `from_json`.  Prompts are not among them:
they are derived from a trajectory by `stepagent_gym.react.render`, so that what a model is trained
on and what it is evaluated on cannot disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Self, TypedDict

Role = Literal["system", "user", "assistant"]
Status = Literal["finished", "truncated", "error"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat."""

    role: Role
    content: str

    def to_json(self) -> dict[str, str]:
        """Give the OpenAI form, `{"role": ..., "content": ...}`."""
        return {"role": self.role, "content": self.content}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read the OpenAI form."""
        return cls(value["role"], value["content"])


@dataclass(frozen=True, slots=True)
class Completion:
    """What a policy answered.

    `text`: the reply (lone surrogates, which no UTF-8 file can hold, become U+FFFD, here and in
    `reasoning`).
    `token_ids`, `logprobs`: the ids the model generated and their natural-log probabilities, of
    equal length, or None where the policy has none.
    `finish_reason`: `"stop"`, `"length"`, ... as the server said.
    `usage`: counts such as `prompt_tokens` and `completion_tokens`, or None.
    `reasoning`: what a reasoning model thought first, where its server tells; no part of `text`.
    """

    text: str
    token_ids: tuple[int, ...] | None = None
    logprobs: tuple[float, ...] | None = None
    finish_reason: str = "stop"
    usage: Mapping[str, Any] | None = None
    reasoning: str | None = None

    def __post_init__(self) -> None:
        for name in ("text", "reasoning"):
            value = getattr(self, name)
            if value is not None and not value.isascii():
                clean = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
                object.__setattr__(self, name, clean)

    def to_json(self) -> dict[str, Any]:
        """Give a JSON object; fields that are None are left out."""
        return {f.name: v for f in fields(self) if (v := getattr(self, f.name)) is not None}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave."""
        ids, logprobs = value.get("token_ids"), value.get("logprobs")
        return cls(
            text=value["text"],
            token_ids=None if ids is None else tuple(ids),
            logprobs=None if logprobs is None else tuple(logprobs),
            finish_reason=value.get("finish_reason", "stop"),
            usage=value.get("usage"),
            reasoning=value.get("reasoning"),
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One turn: what was seen, what was answered, what came of it.

    `observation` is the text before the action; `reward`, `terminated`, `truncated` and `info` are
    what the environment returned after it.  `info` is the environment's, without
    `available_actions` (long, and recovered by replay) and without `thought` and `action`, which
    are fields here.  `action` is None where no action was found in the reply.
    `dropped`: what the chat had to leave out to fit the model's context, as counts of `examples`
    (the last ones) and `turns` (the first ones); empty where it was whole.
    """

    observation: str
    completion: Completion
    thought: str | None
    action: str | None
    reward: float
    terminated: bool
    truncated: bool
    info: Mapping[str, Any] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Give a JSON object with a key for each field; `dropped` only where something was."""
        value = {f.name: getattr(self, f.name) for f in fields(self)}
        value["completion"] = self.completion.to_json()
        if not self.dropped:
            del value["dropped"]
        return value

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave."""
        return cls(**{**value, "completion": Completion.from_json(value["completion"])})


@dataclass(frozen=True, slots=True)
class Trajectory:
    """One episode.

    `reward` is the sum of the step rewards, which every environment shapes so that it is the
    benchmark's own episode reward; `success` and `score` are the last `info`'s.  `metrics` are the
    numbers that are averaged beside them.  `status` is `"truncated"` where the turn limit ended
    the episode and `"error"` where a fault did; then `error` says which, and reward, success and
    score are those so far and enter no average.
    """

    env_id: str
    split: str
    task_id: str
    seed: int
    steps: tuple[Step, ...]
    final_observation: str
    status: Status
    error: str | None
    reward: float
    success: bool
    score: float
    metrics: Mapping[str, float] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What makes an episode of a run unique: environment, split, task and seed."""
        return (self.env_id, self.split, self.task_id, self.seed)

    def to_json(self) -> dict[str, Any]:
        """Give a JSON object with a key for each field."""
        value = {f.name: getattr(self, f.name) for f in fields(self)}
        value["steps"] = [step.to_json() for step in self.steps]
        return value

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave."""
        return cls(**{**value, "steps": tuple(Step.from_json(step) for step in value["steps"])})


class Snapshot(TypedDict):
    """A moment of an episode, as plain JSON, from `TextEnv.snapshot`.

    It restores through `reset(options={"snapshot": s})` in any environment of the same id, data
    and settings, in any process.  `state` is the environment's own copy of its state, or None;
    then `actions` (as executed, None for a reply without one) are replayed, and `digest`, a hash
    of all observations so far, must come out the same.
    """

    env_id: str
    data_hash: str
    settings: dict[str, Any]
    task_id: str
    seed: int
    turn: int
    max_turns: int
    done: bool
    observation: str
    info: dict[str, Any]
    state: Any | None
    actions: list[str | None] | None
    digest: str | None
