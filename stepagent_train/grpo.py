"""Our environments under TRL's `GRPOTrainer`: an episode is a completion.

    play = rollout_func("stepagent/WebShop-v0", limit=32)
    trainer = GRPOTrainer(
        model="runs/sft/model",
        args=GRPOConfig(output_dir="runs/grpo"),
        train_dataset=Dataset.from_list(play.rows()),
        rollout_func=play,
        reward_funcs=episode_reward,
    )

The prompt of a row is the id of a task.  For every row that it is handed (a task comes as often as
it has generations), `play` has the trainer's model, as it is, play a whole episode through the one
rollout loop, and gives

    prompt_ids       the chat up to where the first reply begins
    completion_ids   every reply and what was seen between them, to the end of the last reply
    logprobs         of the sampled tokens; 0 at all others
    env_mask         1 at own tokens, 0 at all others, on which TRL then trains nothing
    reward, success  for reward functions

An episode that ended in an error has the reward None, which TRL leaves out of the mean of its
group.  TRL calls `rollout_func` experimental: this is checked with TRL 1.16.0 and transformers
5.23.0.  `python -m stepagent_train.examples.webshop_grpo` is a whole run.
"""

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from trl.models.utils import unwrap_model_for_generation

from stepagent_gym.errors import RunError, UsageError
from stepagent_gym.rollout import Start
from stepagent_gym.types import Step, Trajectory
from stepagent_train.experience import Setting, play
from stepagent_train.generate import ModelPolicy
from stepagent_train.run import RunArgs
from stepagent_train.tokens import ChatTokeniser, Tokens, Unusable

_SAMPLING: Mapping[str, Any] = {
    "temperature": 1.0,
    "top_p": 1.0,
    "top_k": 0,
    "min_p": None,
    "repetition_penalty": 1.0,
    "use_vllm": False,
}
"""What a trainer may ask of sampling: log-probabilities are those of the model as it is."""


class Sample(NamedTuple):
    """An episode as TRL takes it; a log-probability is None where the sampled ids are not kept."""

    prompt_ids: list[int]
    completion_ids: list[int]
    logprobs: list[float | None]
    env_mask: list[int]


@dataclass(frozen=True)
class EpisodeRollouts:
    """Plays the tasks that a `GRPOTrainer` asks for; its `rollout_func`."""

    setting: Setting
    examples: int
    max_new_tokens: int
    concurrency: int
    seed: int
    _calls: Iterator[int] = field(default_factory=itertools.count, repr=False)

    def rows(self) -> list[dict[str, str]]:
        """Give the rows of a dataset: the tasks."""
        return [{"prompt": task} for task in self.setting.tasks]

    def __call__(self, prompts: Sequence[str], trainer: Any) -> dict[str, list[Any]]:
        """Play an episode for every prompt.

        Raises `UsageError` where the trainer asks for another way of sampling, and `RunError` where
        more than half of the episodes end in an error.
        """
        _check(trainer)
        chat = ChatTokeniser(trainer.processing_class)
        episodes = self._play(prompts, trainer, chat)
        failed = [episode for episode in episodes if episode.status == "error"]
        if 2 * len(failed) > len(episodes):
            raise RunError(
                f"{len(failed)} of {len(episodes)} episodes failed, as in: {failed[0].error}"
            )
        samples = [self._sample(episode, chat) for episode in episodes]
        return {
            **{name: [getattr(sample, name) for sample in samples] for name in Sample._fields},
            "reward": [None if e.status == "error" else e.reward for e in episodes],
            "success": [e.success for e in episodes],
        }

    def _play(self, prompts: Sequence[str], trainer: Any, chat: ChatTokeniser) -> list[Trajectory]:
        rank = trainer.accelerator.process_index
        name = f"{self.seed} {trainer.state.global_step} {next(self._calls)} {rank}"
        drawn = random.Random(name)
        starts = [Start(task, drawn.getrandbits(53)) for task in prompts]
        with unwrap_model_for_generation(
            trainer.model_wrapped,
            trainer.accelerator,
            gather_deepspeed3_params=trainer.args.ds3_gather_for_generation,
            gradient_checkpointing_kwargs=trainer.args.gradient_checkpointing_kwargs,
        ) as model:
            training = model.training  # which TRL asks; the policy puts it into evaluation
            policy = ModelPolicy(
                model,
                chat,
                temperature=1.0,
                max_new_tokens=self.max_new_tokens,
                seed=self.seed,
                batch=self.concurrency,
            )
            episodes = play(
                self.setting,
                starts,
                policy,
                examples=self.examples,
                concurrency=self.concurrency,
            )
            model.train(training)
            return episodes

    def _sample(self, episode: Trajectory, chat: ChatTokeniser) -> Sample:
        end = chat.tokenizer.eos_token_id
        nothing = Sample([end], [end], [0.0], [0])
        if not episode.steps:
            return nothing
        try:
            tokens = chat.trajectory(
                self.setting.prompt,
                episode.steps,
                examples=self.examples,
                action_format=self.setting.action_format,
            )
        except Unusable:
            return nothing
        return as_sample(tokens, episode.steps) if tokens.trained else nothing


def rollout_func(
    env_id: str,
    *,
    split: str = "train",
    limit: int | None = None,
    data: str | None = None,
    set: Sequence[str] = (),
    examples: int = 0,
    max_new_tokens: int = 256,
    concurrency: int = 64,
    seed: int = 0,
) -> EpisodeRollouts:
    """Make the `rollout_func` of an environment.

    `split`, `limit`, `data`, `set`: as `stepagent train` takes them.  `examples`: worked examples
    in the prompt.  `max_new_tokens`: the longest reply of a turn, as the trainer's
    `max_completion_length` is not asked.  `concurrency`: episodes at once.
    Raises `UsageError` where every turn is a chat of its own, which is no single completion.
    """
    nowhere = Path()
    args = RunArgs(
        model=nowhere,
        env=env_id,
        out=nowhere,
        split=split,
        limit=limit,
        data=data,
        set=tuple(set),
        rollout_examples=examples,
    )
    setting = Setting.of(args)
    return EpisodeRollouts(setting, examples, max_new_tokens, concurrency, seed)


def episode_reward(reward: Sequence[float | None], **_: object) -> list[float | None]:
    """Give the environment's reward; for `reward_funcs`, which TRL calls with much more."""
    return list(reward)


def as_sample(tokens: Tokens, steps: Sequence[Step]) -> Sample:
    """Cut an episode in two where its first reply begins; its tokens must hold own ones."""
    first = tokens.mask.index(True)
    end = len(tokens) - tokens.mask[::-1].index(True)
    known: list[float | None] = [0.0] * len(tokens)
    for turn, step in enumerate(steps):
        places = [place for place, owner in enumerate(tokens.turns) if owner == turn]
        own = tuple(tokens.ids[place] for place in places)
        sampled, logprobs = step.completion.token_ids or (), step.completion.logprobs or ()
        values: Sequence[float | None] = logprobs
        if sampled[: len(own)] != own:
            values = [None] * len(own)
        for place, value in zip(places, values, strict=False):
            known[place] = value
    return Sample(
        list(tokens.ids[:first]),
        list(tokens.ids[first:end]),
        known[first:end],
        [int(mine) for mine in tokens.mask[first:end]],
    )


def _check(trainer: Any) -> None:
    """Refuse what would be ignored."""
    asked = {name: getattr(trainer.args, name) for name in _SAMPLING}
    other = [f"{name}={asked[name]}" for name in _SAMPLING if asked[name] != _SAMPLING[name]]
    if other:
        raise UsageError(
            f"{', '.join(other)}: episodes are sampled from the model as it is, in this process; "
            "leave these settings of the trainer as they are by default"
        )
