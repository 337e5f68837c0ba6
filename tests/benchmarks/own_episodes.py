"""Turns and tokens a second of own episodes in training, sampled from a model in the process.

    stepagent train init --env stepagent/ALFWorld-v0 --context 2048 --out models/tiny
    OMP_NUM_THREADS=1 python tests/benchmarks/own_episodes.py models/tiny

Plays the first tasks of the training split and prints a line for each round: turns, tokens of
replies and of prompts, seconds.  A model with random weights never ends a reply before the limit.
"""

import argparse
import time
from pathlib import Path

from stepagent_gym.rollout import Start
from stepagent_train.experience import Setting, play
from stepagent_train.generate import ModelPolicy
from stepagent_train.model import Tuning, load_model, load_tokenizer
from stepagent_train.run import RunArgs
from stepagent_train.tokens import ChatTokeniser


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--env", default="stepagent/ALFWorld-v0")
    parser.add_argument("--episodes", type=int, default=64)
    parser.add_argument("--concurrency", type=int, default=32)
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--tokens", type=int, default=40, help="of a reply at most")
    parser.add_argument("--examples", type=int, default=0)
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    setting = Setting.of(
        RunArgs(
            model=options.model,
            env=options.env,
            out=Path("unused"),
            limit=options.episodes,
            set=(f"max_turns={options.turns}",),
        )
    )
    model = load_model(options.model, Tuning()).to(options.device)
    chat = ChatTokeniser(load_tokenizer(options.model))
    for number in range(options.rounds):
        policy = ModelPolicy(
            model,
            chat,
            temperature=options.temperature,
            max_new_tokens=options.tokens,
            seed=number,
            batch=options.concurrency,
        )
        starts = [Start(task, number) for task in setting.tasks]
        began, busy = time.monotonic(), time.process_time()
        played = play(
            setting,
            starts,
            policy,
            examples=options.examples,
            concurrency=options.concurrency,
        )
        seconds, busy = time.monotonic() - began, time.process_time() - busy
        usages = [step.completion.usage or {} for episode in played for step in episode.steps]
        replies = sum(usage["completion_tokens"] for usage in usages)
        prompts = sum(usage["prompt_tokens"] for usage in usages)
        failed = sum(episode.status == "error" for episode in played)
        print(
            f"{len(usages)} turns, {replies} tokens of replies after {prompts / len(usages):.0f} "
            f"of prompts, {seconds:.1f} s ({busy:.1f} s CPU): {len(usages) / seconds:.1f} turns/s, "
            f"{replies / seconds:.0f} tokens/s; {failed} episodes failed",
            flush=True,
        )


if __name__ == "__main__":
    main()
