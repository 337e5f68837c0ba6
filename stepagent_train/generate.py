"""The model in training as a policy: batched, sampled in the process, with the ids it sampled.

Concurrent calls of `act` are gathered, and decoded together between the turns of the event loop, so
that who shares a batch with whom is the same each time.  Each episode draws from a generator of its
own, seeded by seed, task and episode.  An episode's earlier replies enter its next prompt as the
ids that were sampled, so that training scores just what was generated.
"""

import asyncio
import random
from collections.abc import Sequence

from harness.policies.decoding import Decoder, Row
from stepagent_gym.errors import PolicyError
from stepagent_gym.policy import EpisodeView
from stepagent_gym.types import Completion, Message
from stepagent_train.model import CausalModel, context_length
from stepagent_train.tokens import ChatTokeniser, Reading, Unusable

_GATHERING_TURNS = 4
"""How often the event loop goes round before those who wait are taken in."""


class ModelPolicy:
    """Answers chats with a model in this process, which it puts into evaluation mode.

    `temperature`: 0 for greedy.  `max_new_tokens`: the longest reply; `finish_reason` is then
    `"length"`.  `batch`: the most replies generated at once.  `prefix_cache`: GiB of keys and
    values that are kept for the next turns, until `close`, after which it may be asked again.
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
        prefix_cache: float = 1.0,
    ) -> None:
        self.model = model.eval()
        self.chat = chat
        self.max_new_tokens = max_new_tokens
        self.seed = seed
        self.batch = batch
        self._decoder = Decoder(
            model,
            lambda ids: ids[-1] in chat.stop_ids,
            temperature=temperature,
            kept_bytes=int(prefix_cache * 2**30),
        )
        self._waiting: list[Row] = []
        self._asked: dict[Row, asyncio.Future[None]] = {}
        self._decoding: asyncio.Task[None] | None = None

    def for_episode(self, view: EpisodeView) -> "_Episode":
        """Give the policy of an episode, with a generator of its own."""
        return _Episode(self, random.Random(f"{self.seed} {view.seed} {view.task_id}"))

    async def act(self, messages: Sequence[Message]) -> Completion:
        """Answer a chat on its own."""
        return await _Episode(self, random.Random(f"{self.seed}")).act(messages)

    async def close(self) -> None:
        """Forget what was computed."""
        self._forget()

    async def answer(self, ids: tuple[int, ...], rng: random.Random) -> Completion:
        """Answer a prompt, together with all that are waiting."""
        room = context_length(self.model) - len(ids)
        if room < 1:
            raise PolicyError(
                f"the prompt holds {len(ids)} tokens, the model's context "
                f"{context_length(self.model)}"
            )
        row = Row(ids, min(self.max_new_tokens, room), rng)
        self._waiting.append(row)
        done = self._asked[row] = asyncio.get_running_loop().create_future()
        if self._decoding is None:
            self._decoding = asyncio.create_task(self._decode())
        await done
        return completion(row, self.chat)

    async def _decode(self) -> None:
        """Decode until nobody waits; after each token others have their turn."""
        self.model.eval()
        try:
            turns = _GATHERING_TURNS
            while self._asked:
                for _ in range(turns):
                    await asyncio.sleep(0)
                over = self._decoder.go_on(self._waiting, self.batch)
                for row in over:
                    if not (done := self._asked.pop(row)).done():
                        done.set_result(None)
                turns = _GATHERING_TURNS if over else 1
        except Exception as error:
            for done in self._asked.values():
                done.set_exception(PolicyError(f"the model failed: {error!r}"))
            self._forget()
        finally:
            self._decoding = None

    def _forget(self) -> None:
        self._decoder.drop()
        self._waiting.clear()
        self._asked.clear()


class _Episode:
    """The policy of one episode; it remembers what it was asked and what it answered."""

    def __init__(self, policy: ModelPolicy, rng: random.Random) -> None:
        self.policy = policy
        self.rng = rng
        self.given: dict[int, Completion] = {}
        self.asked: Reading | None = None

    async def act(self, messages: Sequence[Message]) -> Completion:
        own = {
            place: given
            for place, given in self.given.items()
            if place < len(messages) and messages[place].content == given.text
        }
        try:
            self.asked = self.policy.chat.read(messages, own, self.asked)
        except Unusable as error:
            raise PolicyError(str(error)) from error
        completion = await self.policy.answer(self.asked.ids, self.rng)
        self.given[len(messages)] = completion
        return completion

    async def close(self) -> None:
        """Nothing is held."""


def completion(row: Row, chat: ChatTokeniser) -> Completion:
    """Give the reply that was sampled; where its last id is no stop id, the limit cut it."""
    return Completion(
        chat.decode_reply(row.ids),
        token_ids=tuple(row.ids),
        logprobs=tuple(row.logprobs),
        finish_reason="stop" if row.ids[-1] in chat.stop_ids else "length",
        usage={"prompt_tokens": len(row.prompt), "completion_tokens": len(row.ids)},
    )
