"""Chats as the token ids of a model in a folder, and ids as replies: what local models share."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.policies.sampling import Sampling
from stepagent_gym.errors import ContextOverflow, PolicyError, UsageError
from stepagent_gym.policy import EpisodeView, Policy
from stepagent_gym.types import Completion, Message

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_MARGIN = 4
"""Tokens before a stop text that are decoded with it: a decoder may drop the blank in front."""


class ChatModel(ABC):
    """A policy whose replies are drawn from the episode's own: task, seed and turn."""

    def __init__(self) -> None:
        self._calls = count()

    async def act(self, messages: Sequence[Message]) -> Completion:
        """Answer a chat that belongs to no episode; equal chats are answered independently."""
        return await self.answer(messages, f"call {next(self._calls)}")

    def for_episode(self, view: EpisodeView) -> Policy:
        """Give the policy of one episode."""
        return _Episode(self, view)

    @abstractmethod
    async def answer(self, messages: Sequence[Message], draw: str) -> Completion:
        """Answer a chat; `draw` seeds what is drawn."""

    @abstractmethod
    async def close(self) -> None:
        """Free the model."""


@dataclass(frozen=True)
class _Episode:
    """The policy of one episode."""

    model: ChatModel
    view: EpisodeView

    async def act(self, messages: Sequence[Message]) -> Completion:
        view = self.view
        draw = f"{view.env_id} {view.split} {view.task_id} {view.seed} {view.turn}"
        return await self.model.answer(messages, draw)

    async def close(self) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Generated:
    """What a model generated, up to and with the token that ended it."""

    ids: Sequence[int]
    logprobs: Sequence[float]
    prompt_tokens: int


class ChatCodec:
    """The tokenizer of a model with its chat template.

    `context`: tokens of a chat and the reply to it at most.  `stop_ids`: the tokens that end a
    reply.
    """

    def __init__(
        self,
        tokenizer: "PreTrainedTokenizerBase",
        sampling: Sampling,
        context: int,
        stop_ids: frozenset[int],
    ) -> None:
        if not tokenizer.chat_template:
            raise UsageError(
                f"{tokenizer.name_or_path}: the tokenizer has no chat template; put one into "
                "chat_template.jinja beside it"
            )
        self.tokenizer = tokenizer
        self.sampling = sampling
        self.context = context
        self.stop_ids = stop_ids
        self._stop_tokens = max((len(stop.encode()) for stop in sampling.stop), default=0)

    def encode(self, messages: Sequence[Message]) -> list[int]:
        """Give the ids of a chat up to where the reply begins.

        Raises `ContextOverflow` where they leave no room for one, and `PolicyError` for a chat that
        the template refuses.
        """
        from jinja2 import TemplateError

        chat = [message.to_json() for message in messages]
        try:
            text: Any = self.tokenizer.apply_chat_template(
                chat, tokenize=False, add_generation_prompt=True
            )
        except TemplateError as error:
            raise PolicyError(f"the model's chat template refuses the chat: {error}") from error
        ids: list[int] = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        if len(ids) >= self.context:
            raise ContextOverflow(
                f"the chat holds {len(ids)} tokens, the model's context {self.context}"
            )
        return ids

    def room(self, prompt_tokens: int) -> int:
        """Give how many tokens a reply may have."""
        room = self.context - prompt_tokens
        asked = self.sampling.max_tokens
        return room if asked is None else min(asked, room)

    def is_over(self, ids: Sequence[int]) -> bool:
        """Whether the last of the ids ends a reply."""
        if ids[-1] in self.stop_ids:
            return True
        if not self._stop_tokens:
            return False
        tail = self._decode(ids[-self._stop_tokens - _MARGIN :])
        return any(stop in tail for stop in self.sampling.stop)

    def read(self, generated: Generated) -> Completion:
        """Make a completion: the text ends before a stop text, the ids with the token before it.

        Where the text ends within a token, that token is the last; the ids then say a little more
        than the text.  The token that ends a reply of itself is among the ids.
        Raises `ContextOverflow` for a reply that the end of the context cut.
        """
        ids, logprobs = generated.ids, generated.logprobs
        text = self._decode(ids)
        ends = [place for stop in self.sampling.stop if (place := text.find(stop)) >= 0]
        stopped = bool(ends) or (len(ids) > 0 and ids[-1] in self.stop_ids)
        cut = not stopped and len(ids) == self.room(generated.prompt_tokens)
        if cut and len(ids) != self.sampling.max_tokens:
            raise ContextOverflow(
                f"the reply does not fit: the chat holds {generated.prompt_tokens} tokens, "
                f"the model's context {self.context}"
            )
        count = len(ids)
        if ends:
            text = text[: min(ends)]
            while count and self._decode(ids[: count - 1]).startswith(text):
                count -= 1
        return Completion(
            text,
            token_ids=tuple(ids[:count]),
            logprobs=tuple(logprobs[:count]),
            finish_reason="length" if cut else "stop",
            usage={"prompt_tokens": generated.prompt_tokens, "completion_tokens": len(ids)},
        )

    def _decode(self, ids: Sequence[int]) -> str:
        text: Any = self.tokenizer.decode(
            list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return str(text)


def find_model(path: str) -> Path:
    """Give the folder of a model; raises `UsageError` where there is none."""
    folder = Path(path).expanduser()
    names = ("config.json", "adapter_config.json")
    if not path or not any((folder / name).is_file() for name in names):
        raise UsageError(
            f"{path or 'an empty path'!s} is no folder of a model (it has no config.json); name "
            "one, as in hf/models/my-model; models are not downloaded"
        )
    return folder


def read_context(config: Any, asked: int | None) -> int:
    """Give how many tokens a chat and its reply may have; `config`: transformers' of the model."""
    own: int | None = getattr(config.get_text_config(), "max_position_embeddings", None)
    length = asked or own
    if length is None:
        raise UsageError("the model does not say how long its context is; say so with --context")
    if own is not None and length > own:
        raise UsageError(f"--context {length}: the model was made for {own} tokens")
    return length


def read_stop_ids(tokenizer: "PreTrainedTokenizerBase", generation: Any) -> frozenset[int]:
    """Give the tokens that end a reply; `generation`: the model's generation config, or None."""
    stated = getattr(generation, "eos_token_id", None)
    more = stated if isinstance(stated, list) else [stated]
    return frozenset(id for id in (*more, tokenizer.eos_token_id) if isinstance(id, int))
