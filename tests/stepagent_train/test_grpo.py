"""Our environments under TRL's trainer: what it is given, and that it learns from that."""

from dataclasses import replace

import pytest

pytest.importorskip("torch", reason="training needs the extra train")
pytest.importorskip("trl", reason="needs TRL")
import torch
from datasets import Dataset
from trl.trainer.grpo_config import GRPOConfig
from trl.trainer.grpo_trainer import GRPOTrainer

from stepagent_gym.errors import RunError, UsageError
from stepagent_gym.types import Completion, Step
from stepagent_train.grpo import EpisodeRollouts, as_sample, episode_reward, rollout_func
from stepagent_train.model import Scorer, Tuning, load_model, load_tokenizer, own_places
from stepagent_train.tokens import NOT_OWN, ChatTokeniser, Tokens, collate

CORRIDOR = "test/Corridor-v0"
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def make_trainer(walker, setting, tmp_path, monkeypatch):
    monkeypatch.setenv("TRL_EXPERIMENTAL_SILENCE", "1")

    def make(max_new_tokens=1, context=None, **more):
        play = EpisodeRollouts(setting(CORRIDOR, 2), 0, max_new_tokens, 64, 0)
        options = {
            "num_generations": 4,
            "per_device_train_batch_size": 8,
            "max_steps": 1,
            "learning_rate": 1e-2,
            "lr_scheduler_type": "constant",
            **more,
        }
        args = GRPOConfig(
            output_dir=str(tmp_path / "grpo"),
            report_to=[],
            use_cpu=True,
            bf16=False,
            gradient_checkpointing=False,
            save_strategy="no",
            disable_tqdm=True,
            logging_steps=1,
            **options,
        )
        model = load_model(walker, Tuning())
        if context is not None:
            model.config.max_position_embeddings = context
        return GRPOTrainer(
            model=model,
            args=args,
            train_dataset=Dataset.from_list(play.rows()),
            processing_class=load_tokenizer(walker),
            rollout_func=play,
            reward_funcs=episode_reward,
        )

    return make


def step(token_ids, logprobs):
    return Step("", Completion("", token_ids, logprobs), None, "", 0.0, False, False)


def test_an_episode_is_cut_where_its_first_reply_begins():
    tokens = Tokens((9, 9, 5, 0, 8, 8, 6, 7, 0, 4), (-1, -1, 0, 0, -1, -1, 1, 1, 1, -1))
    steps = [step((5, 0), (-0.1, -0.2)), step((6, 7, 0), (-0.3, -0.4, -0.5))]
    sample = as_sample(tokens, steps)
    assert sample.prompt_ids == [9, 9]
    assert sample.completion_ids == [5, 0, 8, 8, 6, 7, 0]
    assert sample.env_mask == [1, 1, 0, 0, 1, 1, 1]
    assert sample.logprobs == [-0.1, -0.2, 0.0, 0.0, -0.3, -0.4, -0.5]


def test_probabilities_of_other_ids_than_those_trained_are_unknown():
    tokens = Tokens((9, 5, 0, 8, 6), (-1, 0, 0, -1, 1))
    foreign_end = step((6, 2), (-0.3, -0.4))
    sample = as_sample(tokens, [step((4, 0), (-0.1, -0.2)), foreign_end])
    assert sample.logprobs == [None, None, 0.0, -0.3]


def test_every_row_is_an_episode_of_its_task_as_the_model_sampled_it(make_trainer):
    trainer = make_trainer()
    prompts = ["walk-1"] * 6 + ["walk-0"] * 2
    given = trainer.rollout_func(prompts, trainer)
    assert {len(values) for values in given.values()} == {8}
    scorer = Scorer(trainer.model)
    for row in range(8):
        prompt, completion, mask, logprobs = (
            given[name][row] for name in ("prompt_ids", "completion_ids", "env_mask", "logprobs")
        )
        assert len(completion) == len(mask) == len(logprobs)
        assert mask[0] == mask[-1] == 1
        turns = [0 if mine else NOT_OWN for mine in [0] * len(prompt) + mask]
        batch = collate([Tokens((*prompt, *completion), tuple(turns))])
        with torch.no_grad():
            scored = scorer(batch.ids, batch.attention, own_places(batch)).log_probs
        sampled = [value for value, mine in zip(logprobs, mask, strict=True) if mine]
        assert scored.tolist() == pytest.approx(sampled, abs=1e-4)
    assert len({tuple(ids) for ids in given["completion_ids"]}) > 1
    again = trainer.rollout_func(prompts, trainer)
    assert again["completion_ids"] != given["completion_ids"]


def test_the_gradient_is_that_of_own_tokens_alone(make_trainer):
    trainer = make_trainer()
    rows = [{"prompt": task} for task in ("walk-0", "walk-1") for _ in range(4)]
    trainer.model.train()
    inputs = trainer._generate_and_score_completions(rows)
    inputs["advantages"] = torch.linspace(-1, 1, 8)
    trainer.model.zero_grad()
    trainer.current_gradient_accumulation_steps = 1
    trainer.compute_loss(trainer.model, inputs).backward()
    theirs = {name: p.grad.clone() for name, p in trainer.model.named_parameters()}
    trainer.model.zero_grad()
    ids = torch.cat([inputs["prompt_ids"], inputs["completion_ids"]], 1)
    attention = torch.cat([inputs["prompt_mask"], inputs["completion_mask"]], 1)
    own = inputs["tool_mask"] * inputs["completion_mask"]
    logits = trainer.model(
        ids, attention_mask=attention, position_ids=(attention.cumsum(1) - 1).clamp(min=0)
    ).logits
    taken = torch.log_softmax(logits[:, :-1], -1).gather(2, ids[:, 1:, None])[:, :, 0]
    taken = taken[:, -own.shape[1] :]
    (-(inputs["advantages"][:, None] * taken * own).sum() / own.sum()).backward()
    for name, p in trainer.model.named_parameters():
        torch.testing.assert_close(p.grad, theirs[name], rtol=1e-3, atol=1e-6)


def test_it_learns_to_walk_the_corridor(make_trainer):
    trainer = make_trainer(max_steps=40, per_device_train_batch_size=16, num_generations=8)
    trainer.train()
    rewards = [line["reward"] for line in trainer.state.log_history if "reward" in line]
    assert sum(rewards[-5:]) / 5 > 0.9
    assert sum(rewards[:3]) / 3 < 0.7


def test_many_errors_end_the_run(make_trainer):
    trainer = make_trainer(context=12)
    with pytest.raises(RunError, match="episodes failed, as in: policy: the prompt holds"):
        trainer.rollout_func(["walk-0"] * 4, trainer)


def test_an_error_before_the_first_reply_trains_nothing(make_trainer):
    trainer = make_trainer()
    play, chat = trainer.rollout_func, ChatTokeniser(trainer.processing_class)
    (episode,) = play._play(["walk-0"], trainer, chat)
    nothing = play._sample(replace(episode, steps=(), status="error"), chat)
    assert (nothing.completion_ids, nothing.env_mask) == ([0], [0])


@pytest.mark.parametrize("asked", [{"temperature": 0.7}, {"top_p": 0.9}, {"top_k": 5}])
def test_sampling_that_would_be_ignored_is_refused(make_trainer, asked):
    trainer = make_trainer(**asked)
    (name,) = asked
    with pytest.raises(UsageError, match=name):
        trainer.rollout_func(["walk-0"], trainer)


def test_an_environment_gives_its_tasks_as_rows():
    play = rollout_func("stepagent/WebShop-v0", limit=3, set=["action_format=bare"])
    assert play.rows() == [{"prompt": task} for task in play.setting.tasks]
    assert len(play.rows()) == 3
    assert play.setting.action_format == "bare"
    with pytest.raises(UsageError, match="do not see those before them"):
        rollout_func("stepagent/Mind2Web-v0")
