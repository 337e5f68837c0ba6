"""Losses against TRL's on one-turn data, where both must agree, and against sums by hand."""

import pytest

pytest.importorskip("torch", reason="training needs the extra train")
import tiny_models
import torch

from stepagent_gym.types import Completion, Message
from stepagent_train import dpo, eto, nat, rft, sft, spin
from stepagent_train.model import Scorer
from stepagent_train.pairs import Pair, sum_log_probs
from stepagent_train.tokens import ChatTokeniser, Tokens, collate

CHATS = (
    ("put a mug in desk", "Thought: I need a mug.\nAction: go to shelf 1", "Action: go to desk 2"),
    ("You see a desk", "Action: go to desk 2", "Thought: I go there, and I wait in the household"),
    ("a mug", "go", "go to"),
)


@pytest.fixture(scope="module")
def tokenizer():
    made = tiny_models.tokenizer("qwen")
    # TRL trains what a template puts after the end of a turn too; this one puts nothing there
    made.chat_template = made.chat_template.replace("<|im_end|>\n", "<|im_end|>")
    return made


@pytest.fixture(scope="module")
def models(tokenizer):
    return [tiny_models.model("qwen", len(tokenizer), seed=seed) for seed in (0, 1)]


def tokens(chat, task, reply):
    messages = [Message("user", task), Message("assistant", reply)]
    return chat.encode(messages, {1: Completion(reply)})


@pytest.fixture(scope="module")
def pairs(tokenizer, models):
    chat = ChatTokeniser(tokenizer)
    made = []
    for task, chosen, rejected in CHATS:
        sides = [tokens(chat, task, reply) for reply in (chosen, rejected)]
        with torch.no_grad():
            reference = sum_log_probs(Scorer(models[1]), sides).tolist()
        made.append(Pair(*sides, *reference))
    return made


@pytest.mark.filterwarnings("ignore")
def test_sft_is_trls(tokenizer, models, tmp_path):
    trl = pytest.importorskip("trl", reason="the comparison needs TRL")
    datasets = pytest.importorskip("datasets", reason="the comparison needs datasets")
    rows = [
        {
            "prompt": [{"role": "user", "content": task}],
            "completion": [{"role": "assistant", "content": reply}],
        }
        for task, reply, _ in CHATS
    ]
    trainer = trl.SFTTrainer(
        model=models[0],
        args=trl.SFTConfig(
            output_dir=str(tmp_path),
            per_device_train_batch_size=3,
            report_to=[],
            use_cpu=True,
            bf16=False,
            completion_only_loss=True,
            max_length=None,
            gradient_checkpointing=False,
        ),
        train_dataset=datasets.Dataset.from_list(rows),
        processing_class=tokenizer,
    )
    batch = next(iter(trainer.get_train_dataloader()))
    theirs = trainer.compute_loss(models[0], batch)
    chat = ChatTokeniser(tokenizer)
    samples = [tokens(chat, task, reply) for task, reply, _ in CHATS]
    assert int((batch["labels"] != -100).sum()) == sum(sample.trained for sample in samples)
    summed, _ = sft.loss(Scorer(models[0]), samples)
    mean = summed / sum(sample.trained for sample in samples)
    assert mean.item() == pytest.approx(theirs.item(), rel=1e-5)


@pytest.mark.filterwarnings("ignore")
def test_dpo_is_trls(tokenizer, models, pairs, tmp_path):
    trl = pytest.importorskip("trl", reason="the comparison needs TRL")
    datasets = pytest.importorskip("datasets", reason="the comparison needs datasets")
    rows = [
        {
            "prompt": [{"role": "user", "content": task}],
            "chosen": [{"role": "assistant", "content": chosen}],
            "rejected": [{"role": "assistant", "content": rejected}],
        }
        for task, chosen, rejected in CHATS
    ]
    trainer = trl.DPOTrainer(
        model=models[0],
        ref_model=models[1],
        args=trl.DPOConfig(
            output_dir=str(tmp_path),
            per_device_train_batch_size=3,
            report_to=[],
            use_cpu=True,
            bf16=False,
            beta=0.3,
            max_length=None,
            gradient_checkpointing=False,
        ),
        train_dataset=datasets.Dataset.from_list(rows),
        processing_class=tokenizer,
    )
    batch = next(iter(trainer.get_train_dataloader()))
    theirs = trainer.compute_loss(models[0], batch)
    for method in (dpo, eto, spin):
        summed, _ = method.loss(Scorer(models[0]), pairs, beta=0.3)
        assert summed.item() / 3 == pytest.approx(theirs.item(), rel=1e-5)


def test_the_loss_counts_own_tokens_alone(models):
    sample = Tokens((5, 6, 7, 8, 9, 10), (-1, 0, 0, -1, -1, 1))
    logits = models[0](input_ids=torch.tensor([sample.ids])).logits[0].log_softmax(-1)
    by_hand = -(logits[0, 6] + logits[1, 7] + logits[4, 10])
    for method in (sft, rft, nat):
        summed, _ = method.loss(Scorer(models[0]), [sample, sample])
        assert summed.item() == pytest.approx(2 * by_hand.item(), rel=1e-5)


def test_padding_and_order_do_not_bear_on_log_probabilities(models, pairs):
    scorer = Scorer(models[0])
    samples = [pair.chosen for pair in pairs]
    together = sum_log_probs(scorer, samples)
    for place, sample in enumerate(samples):
        alone = sum_log_probs(scorer, [sample])
        torch.testing.assert_close(alone[0], together[place], rtol=1e-5, atol=1e-5)
    assert len(collate(samples).ids[0]) == max(map(len, samples))


def test_dpo_at_the_reference_is_log_two_and_pulls_apart(models, pairs):
    at_reference = [
        Pair(p.chosen, p.rejected, *sum_log_probs(Scorer(models[0]), p[:2]).tolist()) for p in pairs
    ]
    summed, logged = dpo.loss(Scorer(models[0]), at_reference, beta=0.1)
    assert summed.item() / 3 == pytest.approx(0.693147, abs=1e-4)
    assert logged["reward_chosen"].item() == pytest.approx(0, abs=1e-4)
