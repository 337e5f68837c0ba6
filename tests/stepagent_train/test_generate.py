import random

import pytest

pytest.importorskip("torch", reason="training needs the extra train")
import tiny_models
import torch

from stepagent_gym.react import render
from stepagent_gym.rollout import Start
from stepagent_train.experience import play
from stepagent_train.generate import ModelPolicy, generate
from stepagent_train.model import Scorer, Tuning, load_model, load_tokenizer
from stepagent_train.pairs import sum_log_probs
from stepagent_train.tokens import NOT_OWN, ChatTokeniser

CORRIDOR = "test/Corridor-v0"


def policy(folder, temperature=1.0, max_new_tokens=3, seed=0, batch=64):
    return ModelPolicy(
        load_model(folder, Tuning()),
        ChatTokeniser(load_tokenizer(folder)),
        temperature=temperature,
        max_new_tokens=max_new_tokens,
        seed=seed,
        batch=batch,
    )


@pytest.mark.parametrize("examples", [0, 1])
def test_training_scores_what_was_sampled(walker, setting, examples):
    corridor, player = setting(CORRIDOR), policy(walker)
    starts = [Start(task, seed) for seed in (0, 1) for task in corridor.tasks]
    episodes = play(corridor, starts, player, examples=examples, concurrency=8)
    assert len({step.completion.text for e in episodes for step in e.steps}) > 3
    for episode in episodes:
        tokens = player.chat.trajectory(
            corridor.prompt, episode.steps, examples=examples, action_format="bare"
        )
        sampled = 0.0
        for turn, step in enumerate(episode.steps):
            own = tuple(i for i, t in zip(tokens.ids, tokens.turns, strict=True) if t == turn)
            given = step.completion.token_ids
            assert own == (given[:-1] if given[-1] in (1, 2, 3) else given)  # a foreign end
            sampled += sum(step.completion.logprobs[: len(own)])
        (scored,) = sum_log_probs(Scorer(player.model), [tokens]).tolist()
        assert scored == pytest.approx(sampled, rel=1e-4)


def test_the_ids_of_a_prompt_begin_the_ids_of_the_episode(walker, setting):
    corridor, player = setting(CORRIDOR), policy(walker)
    (episode,) = play(corridor, [Start("walk-0")], player, examples=0, concurrency=1)
    whole = player.chat.trajectory(corridor.prompt, episode.steps, action_format="bare")
    for turn, step in enumerate(episode.steps):
        chat = render(
            corridor.prompt,
            episode.steps[:turn],
            step.observation,
            examples=0,
            action_format="bare",
        )
        own = {3 + 2 * t: episode.steps[t].completion for t in range(turn)}
        prompt = player.chat.encode(chat, own, for_reply=True)
        assert whole.ids[: len(prompt)] == prompt.ids
        assert len(prompt) == step.completion.usage["prompt_tokens"]
        assert whole.turns[len(prompt)] == (turn if len(step.completion.text) else NOT_OWN)


def test_greedy_is_transformers_greedy_whatever_the_batch():
    model = tiny_models.model("llama", 60, seed=3).eval()
    rng = random.Random(0)
    prompts = [[rng.randrange(1, 60) for _ in range(n)] for n in (3, 9, 5, 14)]
    options = {"stop_ids": frozenset({0}), "temperature": 0.0, "max_new_tokens": 12}
    together = generate(model, prompts, [rng] * 4, **options)
    for prompt, (ids, log_probs) in zip(prompts, together, strict=True):
        theirs = model.generate(
            torch.tensor([prompt]),
            attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
            max_new_tokens=12,
            do_sample=False,
        )
        assert ids == theirs[0, len(prompt) :].tolist()
        assert len(log_probs) == len(ids)
        assert generate(model, [prompt], [rng], **options)[0][0] == ids


def test_sampling_follows_the_model_and_the_temperature():
    model = tiny_models.model("llama", 12, seed=4)
    with torch.no_grad():
        logits = model(torch.tensor([[5, 6, 7]])).logits[0, -1] * 4
        model.lm_head.weight.mul_(4)
    options = {"stop_ids": frozenset(), "max_new_tokens": 1}
    rngs = [random.Random(i) for i in range(4000)]
    for temperature in (1.0, 0.25):
        drawn = generate(model, [[5, 6, 7]] * 4000, rngs, temperature=temperature, **options)
        counts = torch.bincount(torch.tensor([ids[0] for ids, _ in drawn]), minlength=12) / 4000
        expected = torch.softmax(logits / temperature, -1)
        assert float((counts - expected).abs().max()) < 0.03


def test_a_seed_fixes_the_episodes(walker, setting):
    corridor = setting(CORRIDOR)
    starts = [Start(task, 3) for task in corridor.tasks]

    def replies(seed, batch=64):
        player = policy(walker, seed=seed, batch=batch)
        played = play(corridor, starts, player, examples=0, concurrency=8)
        return [[step.completion.text for step in episode.steps] for episode in played]

    first = replies(0)
    assert first == replies(0) == replies(0, batch=3)
    assert first != replies(1)


def test_a_full_context_is_an_error_of_the_episode(tmp_path, setting):
    made = tiny_models.words_tokenizer(["east", "walk", "place"])
    tiny_models.model("llama", len(made), context=24).save_pretrained(tmp_path)
    made.save_pretrained(tmp_path)
    (episode,) = play(
        setting(CORRIDOR), [Start("walk-0")], policy(tmp_path), examples=0, concurrency=1
    )
    assert episode.status == "error"
    assert "the model's context 24" in episode.error
