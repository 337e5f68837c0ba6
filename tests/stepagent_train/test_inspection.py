import random
from dataclasses import replace

import pytest

pytest.importorskip("torch", reason="training needs the extra train")
import tiny_models
import torch

from harness.policies.decoding import Decoder, Row
from stepagent_gym.errors import DataCorrupt, UsageError
from stepagent_gym.policy import OraclePolicy
from stepagent_gym.rollout import Start
from stepagent_gym.types import Completion
from stepagent_train import inspection
from stepagent_train.experience import play
from stepagent_train.inspection import Practice, differing, read_practice
from stepagent_train.loop import Learner
from stepagent_train.run import Run
from stepagent_train.shared_prefix import Place, replies
from stepagent_train.tokens import NOT_OWN

CORRIDOR = "test/Corridor-v0"


def arguments(walker, out, **more):
    given = {"max_new_tokens": 2, "rollout_examples": 0, "concurrency": 5, **more}
    return inspection.ReflectArgs(model=walker, env=CORRIDOR, out=out, **given)


@pytest.fixture
def inspected(walker, setting, tmp_path):
    """Practise at the states of the oracle's episodes; gives all that is worth looking at."""

    def make(**more):
        args = arguments(walker, tmp_path / f"run-{len(list(tmp_path.iterdir()))}", **more)
        here = setting(CORRIDOR, tasks=3)
        starts = [Start(task) for task in here.tasks]
        experts = play(here, starts, OraclePolicy(), examples=0, concurrency=3)
        with Run.create("test", args, {}) as run:
            learner = Learner(run, args)
            found = inspection.inspect(learner, 0, experts, here, args, examples=0)
        return found, learner, args

    return make


@pytest.mark.parametrize("family", ["llama", "mistral", "qwen"])
@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_replies_are_those_to_each_prefix_on_its_own(family, temperature):
    model = tiny_models.model(family, 60)
    rng = random.Random(0)
    chats = [[rng.randrange(1, 60) for _ in range(length)] for length in (9, 31, 17)]
    places = [
        Place(chat, length, random.Random(f"{chat} {length} {k}"))
        for chat, length in [(1, 31), (0, 1), (0, 4), (2, 17), (1, 12), (2, 3), (1, 2)]
        for k in range(2)
    ]
    options = {"stop_ids": frozenset({0}), "temperature": temperature, "max_new_tokens": 6}
    found = replies(model, chats, places, batch=4, **options)
    for number, reply in enumerate(found):
        chat, length, _ = places[number]
        again = Row(chats[chat][:length], 6, random.Random(f"{chat} {length} {number % 2}"))
        Decoder(model, lambda ids: ids[-1] == 0, temperature=temperature).decode([again], 1)
        assert reply.ids == again.ids
        assert reply.logprobs == pytest.approx(again.logprobs, abs=1e-4)


def test_a_chat_is_read_once_for_all_its_states():
    model = tiny_models.model("llama", 60)
    passes = []
    model.register_forward_pre_hook(
        lambda module, arguments, keywords: passes.append(tuple(keywords["input_ids"].shape)),
        with_kwargs=True,
    )
    places = [Place(0, length, random.Random(0)) for length in range(5, 50, 5)]
    replies(
        model, [[3] * 50], places, stop_ids=frozenset(), temperature=1, max_new_tokens=1, batch=3
    )
    assert passes.count((1, 44)) == 1
    assert sum(rows * tokens for rows, tokens in passes) <= 1 + 44 + len(places)


def test_a_place_outside_its_chat_is_refused():
    for length in (0, 4):
        with pytest.raises(ValueError, match="no reply can follow"):
            replies(
                tiny_models.model("llama", 60),
                [[1, 2, 3]],
                [Place(0, length, random.Random(0))],
                stop_ids=frozenset(),
                temperature=0,
                max_new_tokens=1,
                batch=1,
            )


def test_every_state_is_practised_as_often_as_asked(inspected):
    (experts, practices, chats), learner, args = inspected(practices=3)
    states = [(i, t) for i, e in enumerate(experts) for t in range(len(e.steps))]
    assert [(p.expert, p.turn, p.sample) for p in practices] == [
        (*state, k) for state in states for k in range(3)
    ]
    assert all(p.expert_action == "east" for p in practices)
    assert len(chats) == 3


def test_practices_have_the_probabilities_of_what_was_sampled(inspected):
    (_, practices, chats), learner, _ = inspected(practices=2)
    for practice in practices:
        tokens = chats[practice.expert]
        at = tokens.turns.index(practice.turn)
        ids = [*tokens.ids[:at], *practice.completion.token_ids]
        with torch.no_grad():
            logits = learner.scorer.model(input_ids=torch.tensor([ids])).logits[0]
        log_probs = logits[at - 1 : -1].log_softmax(-1)
        picked = log_probs[range(len(ids) - at), ids[at:]]
        assert picked.tolist() == pytest.approx(practice.completion.logprobs, abs=1e-4)


def test_practices_can_be_read_again(inspected, tmp_path):
    (_, practices, _), learner, _ = inspected(practices=2)
    path = learner.run.path / "stage-000" / "practice.jsonl"
    assert read_practice(path) == practices
    path.write_bytes(path.read_bytes() + b"{}\n")
    with pytest.raises(DataCorrupt, match="line 13, is no practice"):
        read_practice(path)


def test_one_practice_is_greedy_and_several_are_drawn(walker, tmp_path):
    assert arguments(walker, tmp_path).resolved_temperature() == 0
    assert arguments(walker, tmp_path, practices=2).resolved_temperature() == 1
    with pytest.raises(UsageError, match="all the same"):
        arguments(walker, tmp_path, practices=2, practice_temperature=0.0).check()
    with pytest.raises(UsageError, match="at least one"):
        arguments(walker, tmp_path, practices=0).check()


def practice(text, action, turn=0, sample=0):
    return Practice(
        0, "walk-0", 0, turn, sample, Completion(text), None, action, "Thought: a\nAction: x", "x"
    )


def test_what_does_not_differ_is_dropped():
    given = [
        practice("Thought: a\nAction: x", "x"),
        practice("Thought: b\nAction: x", "x"),
        practice("Thought: a\nAction: y", "y"),
        practice("Thought: b\nAction: y", "y"),
        practice("Thought: b\nAction: y", "y"),
        practice("hm", None),
        practice("hm", None),
        practice("well", None),
        practice("Thought: a\nAction: y", "y", turn=1),
    ]
    assert differing(given, "none") == given
    assert differing(given, "text") == [given[i] for i in (1, 2, 3, 5, 7, 8)]
    assert differing(given, "action") == [given[i] for i in (2, 5, 7, 8)]


def test_an_action_that_is_the_text_of_another_reply_is_not_taken_for_it():
    given = [practice("y", None), practice("Action: y", "y")]
    assert differing(given, "action") == given


def test_a_reply_is_what_it_would_be_in_the_whole_chat(inspected, setting):
    (experts, _, _), learner, _ = inspected()
    here, expert = setting(CORRIDOR), experts[0]
    for completion in (Completion("west"), Completion("wait wait", finish_reason="length")):
        answered = replace(practice("", ""), turn=1, completion=completion)
        mine = inspection.reply_tokens(learner.chat, expert, answered, here, 1)
        steps = [expert.steps[0], replace(expert.steps[1], completion=completion)]
        whole = learner.chat.trajectory(here.prompt, steps, examples=1, action_format="bare")
        own = [i for i, turn in zip(whole.ids, whole.turns, strict=True) if turn == 1]
        assert list(mine.ids) == own
        assert set(mine.turns) == {1} != {NOT_OWN}
