"""Chats to token ids, and which of them were the agent's own: the only place that decides it.

The chat template is the model's, used as it is; it needs no `{% generation %}`.  An own turn
begins where the template's prompt for it ends (`add_generation_prompt`) and ends with the first
special token after it, the end of the turn, which is trained too.  What a template puts after that
token (ChatML's newline) is not.  The acknowledgement, the instruction, examples, the task and
observations are never trained.

Where a record holds the ids that the policy sampled, and they spell the same text, they are taken
instead of a new tokenisation: the probability of what was sampled is that of its own ids.  A turn
that was cut at the length limit, or that another control token ended, has no end of its own, so
there the end is not trained.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from stepagent_gym.errors import UsageError
from stepagent_gym.react import ActionFormat, Prompt, render
from stepagent_gym.types import Completion, Message, Step

NOT_OWN = -1


class Unusable(ValueError):
    """A chat that cannot become a sample (too long, or a message holds a control token)."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A chat as ids; `turns` says for each id to which own turn it belongs (`NOT_OWN`: none)."""

    ids: tuple[int, ...]
    turns: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.ids) != len(self.turns):
            raise ValueError(f"{len(self.ids)} ids, {len(self.turns)} turns")

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def mask(self) -> tuple[bool, ...]:
        """Which ids are trained."""
        return tuple(turn != NOT_OWN for turn in self.turns)

    @property
    def trained(self) -> int:
        """How many ids are trained."""
        return sum(turn != NOT_OWN for turn in self.turns)


class Batch(NamedTuple):
    """Chats padded on the right: ids, attention mask and turns, each (chats, length)."""

    ids: Tensor
    attention: Tensor
    turns: Tensor


class Reading(NamedTuple):
    """A chat up to where the agent is to answer: as the template writes it, and as ids."""

    text: str
    ids: tuple[int, ...]


class _Span(NamedTuple):
    start: int
    end: int  # the index of the end-of-turn token


class ChatTokeniser:
    """A tokenizer with its chat template, which must close assistant turns with a special token."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        if not tokenizer.is_fast:
            raise UsageError("training needs a fast tokenizer (a tokenizer.json beside the model)")
        if not tokenizer.chat_template:
            raise UsageError("the tokenizer has no chat template; put one into chat_template.jinja")
        self.tokenizer = tokenizer
        added = tokenizer.added_tokens_decoder
        special = {i: str(token) for i, token in added.items() if token.special}
        for i in tokenizer.all_special_ids:
            special.setdefault(i, str(tokenizer.convert_ids_to_tokens(i)))
        self._special = frozenset(special)
        self._special_texts = tuple(sorted(special.values()))

    @property
    def stop_ids(self) -> frozenset[int]:
        """The ids that end a reply: every special token, as no reply may hold one."""
        return self._special

    def trajectory(
        self,
        prompt: Prompt,
        steps: Sequence[Step],
        *,
        examples: int = 0,
        action_format: ActionFormat = "react",
    ) -> Tokens:
        """Give an episode; own turn `t` is the reply of `steps[t]`."""
        chat = render(prompt, steps, None, examples=examples, action_format=action_format)
        places = range(len(chat) - 2 * len(steps) + 1, len(chat), 2)
        return self.encode(
            chat, {place: step.completion for place, step in zip(places, steps, strict=True)}
        )

    def encode(
        self,
        messages: Sequence[Message],
        own: Mapping[int, Completion],
        *,
        for_reply: bool = False,
    ) -> Tokens:
        """Give the ids of a chat.

        `own`: the positions of the agent's turns, with what it answered there.  `for_reply`: the
        chat ends with a user's turn, and the ids end where the agent is to answer.
        Raises `Unusable` where a message holds the text of a control token, and `UsageError` where
        the template does not build a chat up turn by turn.
        """
        self._check_contents(messages)
        text = self._render(messages, for_reply)
        encoded: Any = self.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        ids: list[int] = encoded["input_ids"]
        offsets: list[tuple[int, int]] = encoded["offset_mapping"]
        out: list[int] = []
        turns: list[int] = []
        done = 0
        for turn, place in enumerate(sorted(own)):
            if messages[place].role != "assistant":
                raise ValueError(f"message {place} is no assistant's turn")
            span = self._span(messages[: place + 1], text, ids, offsets)
            reply, ended = self._reply(own[place], ids[span.start : span.end], ids[span.end])
            out += [*ids[done : span.start], *reply, ids[span.end]]
            turns += [NOT_OWN] * (span.start - done) + [turn] * len(reply)
            turns.append(turn if ended else NOT_OWN)
            done = span.end + 1
        out += ids[done:]
        turns += [NOT_OWN] * (len(ids) - done)
        return Tokens(tuple(out), tuple(turns))

    def read(
        self,
        messages: Sequence[Message],
        own: Mapping[int, Completion],
        last: Reading | None = None,
    ) -> Reading:
        """Give a chat up to where the agent is to answer, its ids as `encode` gives them.

        `last`: the chat before the agent's last reply, so that only what follows is tokenised.
        """
        longer = None if last is None else self._go_on(last, messages, own)
        if longer is not None:
            return longer
        ids = self.encode(messages, own, for_reply=True).ids
        return Reading(self._render(messages, for_reply=True), ids)

    def _go_on(
        self, last: Reading, messages: Sequence[Message], own: Mapping[int, Completion]
    ) -> Reading | None:
        """Add the last reply and what follows; None where the template does more than add them.

        What follows begins with a control token, where every tokenizer begins afresh.
        """
        reply = own.get(len(messages) - 2)
        if reply is None or reply.token_ids is None or reply.text != reply.text.rstrip():
            return None
        self._check_contents(messages[-2:])
        text = self._render(messages, for_reply=True)
        if not text.startswith(last.text + reply.text):
            return None
        rest = text[len(last.text) + len(reply.text) :]
        more: list[int] = self.tokenizer(rest, add_special_tokens=False)["input_ids"]
        if not more or more[0] not in self._special:
            return None
        sampled = (i for i in reply.token_ids if i not in self._special)
        return Reading(text, (*last.ids, *sampled, *more))

    def _render(self, messages: Sequence[Message], for_reply: bool) -> str:
        rendered = self.tokenizer.apply_chat_template(
            [message.to_json() for message in messages],
            tokenize=False,
            add_generation_prompt=for_reply,
        )
        assert isinstance(rendered, str)
        return rendered

    def _span(
        self,
        messages: Sequence[Message],
        text: str,
        ids: Sequence[int],
        offsets: Sequence[tuple[int, int]],
    ) -> _Span:
        """Find the turn of the last message; a token counts where its last character is."""
        head = self._render(messages[:-1], for_reply=True)
        if not text.startswith(head):
            raise UsageError(
                "the chat template rewrites earlier turns once later ones follow (or its "
                f"generation prompt differs from what it writes); the turn after {head[-40:]!r} "
                "cannot be found in the whole chat"
            )
        start = bisect_right(offsets, len(head), key=lambda offset: offset[1])
        end = next((i for i in range(start, len(ids)) if ids[i] in self._special), None)
        written = text[len(head) : None if end is None else offsets[end][0]].rstrip()
        if end is None or not written.endswith(messages[-1].content.strip()):
            raise UsageError(
                "the chat template ends an assistant's turn with no special token, so that a model "
                "would not learn to stop; add the end-of-sequence token after the turn"
            )
        return _Span(start, end)

    def _reply(
        self, completion: Completion, written: list[int], end: int
    ) -> tuple[list[int], bool]:
        """Choose the ids of a reply without its end; whether the agent sampled that end."""
        ended = completion.finish_reason != "length"
        if completion.token_ids is not None:
            sampled = list(completion.token_ids)
            while sampled and sampled[-1] in self._special:
                ended = sampled.pop() == end
            if sampled == written or self._decode(sampled) == self._decode(written):
                return sampled, ended
        return written, ended

    def _decode(self, ids: Sequence[int]) -> str:
        text = self.tokenizer.decode(list(ids), clean_up_tokenization_spaces=False)
        assert isinstance(text, str)
        return text

    def decode_reply(self, ids: Sequence[int]) -> str:
        """Give the text of a reply, without control tokens."""
        return self._decode([i for i in ids if i not in self._special])

    def _check_contents(self, messages: Sequence[Message]) -> None:
        """Refuse text that would become control tokens: a chat's frame is the template's alone."""
        for message in messages:
            for control in self._special_texts:
                if control in message.content:
                    raise Unusable(f"a message holds the text of the control token {control!r}")


def collate(samples: Sequence[Tokens]) -> Batch:
    """Pad chats on the right to the length of the longest, with id 0, which is never seen."""
    length = max(len(sample) for sample in samples)
    ids = torch.zeros((len(samples), length), dtype=torch.long)
    turns = torch.full((len(samples), length), NOT_OWN, dtype=torch.long)
    attention = torch.zeros((len(samples), length), dtype=torch.long)
    for row, sample in enumerate(samples):
        ids[row, : len(sample)] = torch.tensor(sample.ids)
        turns[row, : len(sample)] = torch.tensor(sample.turns)
        attention[row, : len(sample)] = 1
    return Batch(ids, attention, turns)
