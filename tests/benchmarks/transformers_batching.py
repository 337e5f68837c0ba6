"""Tokens a second of `hf/<path>`, batched against one chat at a time, on chats of WebShop.

    python tests/benchmarks/transformers_batching.py [--model FOLDER] [--chats 32] [--turns 3]

Without --model a Llama with random weights is made (`--width`, `--layers`).  The chats grow from
turn to turn, as in episodes; every setting answers the same ones.  Prints a line for each setting:
seconds, seconds of the processor (which other work on the machine does not lengthen), reply tokens
a second, replies that differ from those of the first setting.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "examples"))

from tiny_models import chat, save_talkative  # noqa: E402

from harness.policies import Local, Sampling, Server, make_policy  # noqa: E402
from stepagent_gym.types import Message  # noqa: E402


@dataclass(frozen=True)
class Setting:
    name: str
    batch_size: int
    prefix_cache: float


SETTINGS = (
    Setting("one at a time, nothing kept", 1, 0.0),
    Setting("one at a time", 1, 4.0),
    Setting("batched, nothing kept", 64, 0.0),
    Setting("batched", 64, 4.0),
)


async def play(policy, number, turns):
    """Ask for the replies of one episode; what is seen is invented, and always the same."""
    messages, replies = chat(f"WebShop [SEP] Instruction: find item {number}", examples=1), []
    for turn in range(turns):
        reply = await policy.act(messages)
        replies.append(reply)
        seen = f"Page {turn} [SEP] " + f"Item B{number:04} [SEP] $1{turn}.99 [SEP] " * 6
        messages = [*messages, Message("assistant", reply.text), Message("user", seen)]
    return replies


async def measure(folder, setting, options):
    """Play all episodes at once; gives the replies and the seconds."""
    sampling = Sampling(max_tokens=options.tokens, stop=())
    local = Local(
        device=options.device, batch_size=setting.batch_size, prefix_cache=setting.prefix_cache
    )
    policy = make_policy(f"hf/{folder}", sampling, Server(), 0, local)
    began = time.monotonic()
    try:
        episodes = [play(policy, number, options.turns) for number in range(options.chats)]
        replies = [reply for episode in await asyncio.gather(*episodes) for reply in episode]
    finally:
        await policy.close()
    return replies, time.monotonic() - began


def main() -> None:
    """Measure every setting."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", type=Path)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--width", type=int, default=512)
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--chats", type=int, default=32)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--tokens", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = options.model or save_talkative(
            Path(made),
            context=8192,
            width=options.width,
            intermediate_size=3 * options.width,
            layers=options.layers,
            num_attention_heads=options.width // 64,
            num_key_value_heads=options.width // 64,
        )
        first: list[str] = []
        slowest = 0.0
        for setting in SETTINGS:
            before = time.process_time()
            replies, seconds = asyncio.run(measure(folder, setting, options))
            busy = time.process_time() - before
            texts = [reply.text for reply in replies]
            first, slowest = first or texts, slowest or seconds
            tokens = sum(reply.usage["completion_tokens"] for reply in replies)
            prompts = sum(reply.usage["prompt_tokens"] for reply in replies)
            different = sum(a != b for a, b in zip(texts, first, strict=True))
            print(
                f"{setting.name:<28} {seconds:6.1f} s {busy:6.1f} s CPU "
                f"{tokens / seconds:8.1f} tokens/s {slowest / seconds:6.1f}x  "
                f"{different} of {len(texts)} differ (prompts of {prompts / len(texts):.0f} tokens)"
            )


if __name__ == "__main__":
    main()
