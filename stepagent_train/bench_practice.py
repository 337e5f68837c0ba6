"""Practice in `stepagent bench rollout`: replies a second at the states of experts.

A small model made on the spot answers greedily at every state of the oracle's episodes:

    shared       the chat of an episode is read once for all its states (`shared_prefix.py`)
    batched      every state is a prompt of its own, many at once, sorted by length
    sequential   every state is a prompt of its own, one after the other

All three give the same replies, rounding aside.  They take turns, as others may use the machine;
the figures are medians over the rounds.
"""

import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.policies.decoding import Decoder, Row
from stepagent_gym.policy import OraclePolicy
from stepagent_gym.rollout import Start
from stepagent_train.experience import Setting, play, tokenise
from stepagent_train.init import Size, make_model, texts, train_tokenizer
from stepagent_train.model import CausalModel
from stepagent_train.run import RunArgs
from stepagent_train.shared_prefix import Place, replies
from stepagent_train.tokens import NOT_OWN, ChatTokeniser, Tokens

_VOCABULARY = 800
_CONTEXT = 8192


@dataclass(frozen=True)
class Practising:
    """A model, the chats of experts, and how they are answered."""

    model: CausalModel
    chats: Sequence[Tokens]
    stop_ids: frozenset[int]
    practices: int
    new_tokens: int
    batch: int

    @property
    def places(self) -> list[tuple[int, int]]:
        """Where replies are asked for: chat, and tokens before the reply."""
        return [
            (number, chat.turns.index(turn))
            for number, chat in enumerate(self.chats)
            for turn in sorted(set(chat.turns) - {NOT_OWN})
            for _ in range(self.practices)
        ]

    def shared(self) -> list[Row]:
        """Read every chat once."""
        rng = random.Random(0)
        return replies(
            self.model,
            [chat.ids for chat in self.chats],
            [Place(chat, length, rng) for chat, length in self.places],
            stop_ids=self.stop_ids,
            temperature=0.0,
            max_new_tokens=self.new_tokens,
            batch=self.batch,
        )

    def separate(self, batch: int) -> list[Row]:
        """Read the chat of every state anew, so many states at once."""
        rows = [
            Row(self.chats[chat].ids[:length], self.new_tokens, random.Random(0))
            for chat, length in self.places
        ]
        decoder = Decoder(self.model, lambda ids: ids[-1] in self.stop_ids)
        decoder.decode(sorted(rows, key=lambda row: len(row.prompt)), batch)
        return rows


def prepare(
    env_id: str,
    split: str,
    data: str | None,
    episodes: int,
    practices: int,
    *,
    new_tokens: int = 32,
    batch: int = 64,
    size: Size = "0.5M",
) -> Practising:
    """Let the oracle play, and make a tokenizer of its text and a model with random weights."""
    nowhere = Path()
    setting = Setting.of(
        RunArgs(model=nowhere, env=env_id, out=nowhere, split=split, data=data, limit=episodes)
    )
    starts = [Start(task) for task in setting.tasks]
    experts = play(setting, starts, OraclePolicy(), examples=0, concurrency=1)
    tokenizer = train_tokenizer(texts(experts, setting), _VOCABULARY)
    chat = ChatTokeniser(tokenizer)
    found = tokenise(chat, experts, setting, examples=0, max_length=_CONTEXT - new_tokens)
    model = make_model(size, len(tokenizer), _CONTEXT, tokenizer, seed=0)
    chats = [tokens for tokens in found if tokens is not None]
    return Practising(model, chats, chat.stop_ids, practices, new_tokens, batch)


def measure(practising: Practising, rounds: int = 3) -> dict[str, dict[str, float]]:
    """Measure every way: replies a second, and how many times as many `shared` gives."""
    ways: Mapping[str, Callable[[], list[Row]]] = {
        "shared": practising.shared,
        "batched": lambda: practising.separate(practising.batch),
        "sequential": lambda: practising.separate(1),
    }
    times: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, answer in ways.items():
            began = time.perf_counter()
            answer()
            times[way].append(time.perf_counter() - began)
    seconds = {way: statistics.median(taken) for way, taken in times.items()}
    asked = len(practising.places)
    return {
        way: {
            "states": asked,
            "seconds": seconds[way],
            "states a second": asked / seconds[way],
            "ratio": seconds[way] / seconds["shared"],
        }
        for way in ways
    }


def bench_practice(
    env_id: str, split: str, data: str | None, episodes: int, practices: int
) -> dict[str, dict[str, float]]:
    """Measure the states of so many episodes of an environment."""
    return measure(prepare(env_id, split, data, episodes, practices))
