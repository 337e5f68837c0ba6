"""The model in training as a policy: batched, sampled in the process, with the ids it sampled.

Concurrent calls of `act` are gathered and generated together.  Each episode draws from a generator
of its own, seeded by seed, task and episode.  An episode's earlier replies enter its next prompt as
the ids that were sampled, so that training scores just what was generated.
"""

import asyncio
import random
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor
from transformers import DynamicCache

from stepagent_gym.errors import PolicyError
from stepagent_gym.policy import EpisodeView
from stepagent_gym.types import Completion, Message
from stepagent_train.model import CausalModel, context_length
from stepagent_train.tokens import ChatTokeniser, Unusable

_GATHERING_TURNS = 4
"""How often the event loop goes round before those who wait are served together."""


class Reply(NamedTuple):
    """Sampled ids, up to and with a stop id, and their log-probabilities at temperature 1."""

    ids: list[int]
    log_probs: list[float]


class Entering(NamedTuple):
    """What a model reads next: ids and positions (rows, new), mask (rows, cached and new)."""

    ids: Tensor
    mask: Tensor
    position: Tensor


class _Request(NamedTuple):
    ids: tuple[int, ...]
    rng: random.Random
    answer: "asyncio.Future[Completion]"


class ModelPolicy:
    """Answers chats with a model in this process.

    `temperature`: 0 for greedy.  `max_new_tokens`: the longest reply; `finish_reason` is then
    `"length"`.  `batch`: the most replies generated at once.
    """

    def __init__(
        self,
        model: CausalModel,
        chat: ChatTokeniser,
        *,
        temperature: float,
        max_new_tokens: int,
        seed: int,
        batch: int = 64,
    ) -> None:
        self.model = model
        self.chat = chat
        self.temperature = temperature
        self.max_new_tokens = max_new_tokens
        self.seed = seed
        self.batch = batch
        self._waiting: list[_Request] = []

    def for_episode(self, view: EpisodeView) -> "_Episode":
        """Give the policy of an episode, with a generator of its own."""
        return _Episode(self, random.Random(f"{self.seed} {view.seed} {view.task_id}"))

    async def act(self, messages: Sequence[Message]) -> Completion:
        """Answer a chat on its own."""
        return await _Episode(self, random.Random(f"{self.seed}")).act(messages)

    async def close(self) -> None:
        """Nothing is held."""

    async def answer(self, ids: tuple[int, ...], rng: random.Random) -> Completion:
        """Answer a prompt, together with all that are waiting."""
        room = context_length(self.model) - len(ids)
        if room < 1:
            raise PolicyError(
                f"the prompt holds {len(ids)} tokens, the model's context "
                f"{context_length(self.model)}"
            )
        request = _Request(ids, rng, asyncio.get_running_loop().create_future())
        self._waiting.append(request)
        for _ in range(_GATHERING_TURNS):
            await asyncio.sleep(0)
        if not request.answer.done():
            self._serve()
        return request.answer.result()

    def _serve(self) -> None:
        waiting = sorted(self._waiting, key=lambda request: len(request.ids))
        self._waiting = []
        for start in range(0, len(waiting), self.batch):
            group = waiting[start : start + self.batch]
            longest = len(group[-1].ids)
            room = min(self.max_new_tokens, context_length(self.model) - longest)
            replies = generate(
                self.model,
                [request.ids for request in group],
                [request.rng for request in group],
                stop_ids=self.chat.stop_ids,
                temperature=self.temperature,
                max_new_tokens=room,
            )
            for request, (ids, log_probs) in zip(group, replies, strict=True):
                stopped = bool(ids) and ids[-1] in self.chat.stop_ids
                request.answer.set_result(
                    Completion(
                        self.chat.decode_reply(ids),
                        token_ids=tuple(ids),
                        logprobs=tuple(log_probs),
                        finish_reason="stop" if stopped else "length",
                        usage={"prompt_tokens": len(request.ids), "completion_tokens": len(ids)},
                    )
                )


class _Episode:
    """The policy of one episode; it remembers what it answered."""

    def __init__(self, policy: ModelPolicy, rng: random.Random) -> None:
        self.policy = policy
        self.rng = rng
        self.given: dict[int, Completion] = {}

    async def act(self, messages: Sequence[Message]) -> Completion:
        own = {
            place: given
            for place, given in self.given.items()
            if place < len(messages) and messages[place].content == given.text
        }
        try:
            prompt = self.policy.chat.encode(messages, own, for_reply=True)
        except Unusable as error:
            raise PolicyError(str(error)) from error
        completion = await self.policy.answer(prompt.ids, self.rng)
        self.given[len(messages)] = completion
        return completion

    async def close(self) -> None:
        """Nothing is held."""


@torch.no_grad()
def generate(
    model: CausalModel,
    prompts: Sequence[Sequence[int]],
    rngs: Sequence[random.Random],
    *,
    stop_ids: frozenset[int],
    temperature: float,
    max_new_tokens: int,
) -> list[Reply]:
    """Continue every prompt up to and with a stop id: ids, and log-probabilities at temperature 1.

    Prompts are padded on the left; finished rows leave the batch's result, not the batch.
    """
    was_training = model.training
    model.eval()
    device = model.device
    longest = max(len(prompt) for prompt in prompts)
    ids = torch.tensor([[0] * (longest - len(p)) + list(p) for p in prompts], device=device)
    mask = torch.tensor([[0] * (longest - len(p)) + [1] * len(p) for p in prompts], device=device)
    position = (mask.cumsum(1) - 1).clamp(min=0)
    cache: Any = DynamicCache(config=model.config)
    given = go_on(
        model,
        cache,
        Entering(ids, mask, position),
        rngs,
        stop_ids=stop_ids,
        temperature=temperature,
        limit=max_new_tokens,
    )
    model.train(was_training)
    return given


def go_on(
    model: CausalModel,
    cache: Any,
    entering: Entering,
    rngs: Sequence[random.Random],
    *,
    stop_ids: frozenset[int],
    temperature: float,
    limit: int,
) -> list[Reply]:
    """Sample at most `limit` tokens in each row, from what the cache holds and `entering` adds."""
    ids, mask, position = entering
    given = [Reply([], []) for _ in rngs]
    running = set(range(len(rngs)))
    for _ in range(limit):
        logits = model(
            input_ids=ids,
            attention_mask=mask,
            position_ids=position,
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
        ).logits[:, -1]
        log_probs = torch.log_softmax(logits.float(), dim=-1)
        chosen = choose(log_probs, temperature, rngs)
        scores = log_probs.gather(1, chosen[:, None])[:, 0].tolist()
        for row, token in enumerate(chosen.tolist()):
            if row in running:
                given[row].ids.append(token)
                given[row].log_probs.append(scores[row])
                if token in stop_ids:
                    running.remove(row)
        if not running:
            break
        ids = chosen[:, None]
        mask = torch.cat([mask, mask.new_ones(len(rngs), 1)], dim=1)
        position = position[:, -1:] + 1
    return given


def choose(log_probs: Tensor, temperature: float, rngs: Sequence[random.Random]) -> Tensor:
    """Choose a token in each row: greedily, or by the inverse of the cumulated distribution."""
    if temperature == 0:
        return log_probs.argmax(-1)
    weights = torch.softmax(log_probs.double() / temperature, dim=-1).cumsum(-1)
    drawn = torch.tensor([[rng.random()] for rng in rngs], dtype=torch.float64)
    place = torch.searchsorted(weights, drawn.to(weights.device) * weights[:, -1:], right=True)
    return place[:, 0].clamp(max=log_probs.shape[-1] - 1)
