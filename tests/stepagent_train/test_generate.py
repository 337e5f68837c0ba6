import pytest

pytest.importorskip("torch", reason="training needs the extra train")
import tiny_models
import torch

from stepagent_gym.react import render
from stepagent_gym.rollout import Start
from stepagent_train.experience import play
from stepagent_train.generate import ModelPolicy
from stepagent_train.model import Scorer, Tuning, load_model, load_tokenizer
from stepagent_train.pairs import sum_log_probs
from stepagent_train.tokens import NOT_OWN, ChatTokeniser

CORRIDOR = "test/Corridor-v0"


def policy(folder, temperature=1.0, max_new_tokens=3, seed=0, batch=64, prefix_cache=1.0):
    return ModelPolicy(
        load_model(folder, Tuning()),
        ChatTokeniser(load_tokenizer(folder)),
        temperature=temperature,
        max_new_tokens=max_new_tokens,
        seed=seed,
        batch=batch,
        prefix_cache=prefix_cache,
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


def test_a_policy_whose_model_was_trained_or_that_was_closed_answers_as_a_new_one(walker, setting):
    corridor, player = setting(CORRIDOR), policy(walker)
    starts = [Start(task, 3) for task in corridor.tasks]

    def completions(player):
        played = play(corridor, starts, player, examples=1, concurrency=4)
        return [step.completion for episode in played for step in episode.steps]

    first = completions(player)
    assert completions(player) == first
    with torch.no_grad():
        for weight in player.model.parameters():
            weight.mul_(1.5)
    other = policy(walker)
    other.model.load_state_dict(player.model.state_dict())
    assert completions(player) == completions(other) != first


def test_replies_are_those_without_kept_prefixes(walker, setting):
    corridor = setting(CORRIDOR)
    starts = [Start(task, 3) for task in corridor.tasks]

    def replies(**options):
        played = play(corridor, starts, policy(walker, **options), examples=1, concurrency=5)
        return [step.completion.token_ids for episode in played for step in episode.steps]

    assert replies() == replies(prefix_cache=0.0)


def test_a_model_that_fails_ends_episodes_and_not_the_policy(walker, setting):
    corridor, player = setting(CORRIDOR), policy(walker)
    hook = player.model.register_forward_pre_hook(lambda module, arguments: 1 / 0)
    (failed,) = play(corridor, [Start("walk-0")], player, examples=0, concurrency=1)
    assert failed.status == "error"
    assert "the model failed: ZeroDivisionError" in failed.error
    hook.remove()
    (played,) = play(corridor, [Start("walk-0")], player, examples=0, concurrency=1)
    assert played.status != "error"


def test_a_full_context_is_an_error_of_the_episode(tmp_path, setting):
    made = tiny_models.words_tokenizer(["east", "walk", "place"])
    tiny_models.model("llama", len(made), context=24).save_pretrained(tmp_path)
    made.save_pretrained(tmp_path)
    (episode,) = play(
        setting(CORRIDOR), [Start("walk-0")], policy(tmp_path), examples=0, concurrency=1
    )
    assert episode.status == "error"
    assert "the model's context 24" in episode.error
