import random
from math import log

import pytest

pytest.importorskip("torch", reason="training needs the extra train")
import orjson
import tiny_models
import torch

from stepagent_train import dpo, implicit
from stepagent_train.commands import train
from stepagent_train.implicit import StepPairs, trees
from stepagent_train.model import Scorer
from stepagent_train.packing import Branch, Tree, tree_log_probs, turn_branch
from stepagent_train.pairs import Pair, sum_log_probs
from stepagent_train.tokens import NOT_OWN, Tokens

CORRIDOR = "test/Corridor-v0"


def tree(seed, turns=3):
    rng = random.Random(seed)
    ids, marks = [], []
    for turn in range(turns):
        ids += [rng.randrange(1, 60) for _ in range(7)]
        marks += [NOT_OWN] * 4 + [turn] * 3
    trunk = Tokens(tuple(ids), tuple(marks))
    reply = [rng.randrange(1, 60) for _ in range(5)]
    return Tree(trunk, tuple(turn_branch(trunk, t, reply[: t + 2]) for t in (0, 0, 2)))


def referred(scorer, one):
    with torch.no_grad():
        ((turns, branches),) = tree_log_probs(scorer, [one])
    sample = StepPairs(one)
    return sample._replace(
        reference_expert=tuple(turns[sample.turns].tolist()), reference_own=tuple(branches.tolist())
    )


@pytest.mark.filterwarnings("ignore:Converting a tensor")
def test_the_loss_is_that_of_one_turn_preferences_written_out():
    reference = Scorer(tiny_models.model("llama", 60, seed=1))
    scorer = Scorer(tiny_models.model("llama", 60, seed=0))
    samples = [referred(reference, tree(0)), referred(reference, tree(1))]
    summed, logged = implicit.loss(scorer, samples, beta=0.3)
    pairs = []
    for sample in samples:
        trunk = sample.tree.trunk
        for (at, reply), turn in zip(sample.tree.branches, sample.turns, strict=True):
            end = at + trunk.turns.count(turn)
            chosen = Tokens(trunk.ids[:end], (NOT_OWN,) * at + (0,) * (end - at))
            rejected = Tokens(trunk.ids[:at] + reply.ids, (NOT_OWN,) * at + (0,) * len(reply))
            with torch.no_grad():
                scores = sum_log_probs(reference, [chosen, rejected]).tolist()
            pairs.append(Pair(chosen, rejected, *scores))
    written_out, dpo_logged = dpo.loss(scorer, pairs, beta=0.3)
    assert len(pairs) == sum(sample.pairs for sample in samples) == 6
    assert summed.item() == pytest.approx(written_out.item(), rel=1e-5)
    assert logged["accuracy"] == dpo_logged["accuracy"]


def test_the_loss_at_the_reference_is_log_two_and_its_gradient_prefers_the_expert():
    scorer = Scorer(tiny_models.model("llama", 60))
    sample = referred(scorer, tree(0))
    summed, _ = implicit.loss(scorer, [sample], beta=0.1)
    assert summed.item() == pytest.approx(3 * log(2), rel=1e-4)
    before = gaps(scorer, sample)
    summed.backward()
    with torch.no_grad():
        for weight in scorer.parameters():
            weight -= 1e-2 * weight.grad if weight.grad is not None else 0
    assert (gaps(scorer, sample) > before).all()


def gaps(scorer, sample):
    with torch.no_grad():
        ((turns, branches),) = tree_log_probs(scorer, [sample.tree])
    return turns[sample.turns] - branches


def test_a_reply_that_is_the_experts_has_no_gradient():
    trunk = tree(0).trunk
    same = tuple(i for i, t in zip(trunk.ids, trunk.turns, strict=True) if t == 1)
    scorer = Scorer(tiny_models.model("llama", 60))
    sample = referred(scorer, Tree(trunk, (turn_branch(trunk, 1, same),)))
    implicit.loss(scorer, [sample], beta=1.0)[0].backward()
    worst = max(float(p.grad.abs().max()) for p in scorer.parameters() if p.grad is not None)
    assert worst < 1e-6


def test_the_likelihood_is_per_token_of_the_expert():
    scorer = Scorer(tiny_models.model("llama", 60))
    sample = referred(scorer, tree(0))
    plain, logged = implicit.loss(scorer, [sample], beta=0.1)
    more, _ = implicit.loss(scorer, [sample], beta=0.1, sft_weight=0.5)
    by_hand = -sum(sample.reference_expert) / 3
    assert logged["likelihood"].item() == pytest.approx(by_hand, rel=1e-4)
    assert (more - plain).item() == pytest.approx(0.5 * by_hand, rel=1e-4)


def test_rows_hold_what_fits_and_no_more_of_the_trunk_than_they_need():
    trunk = tree(0, turns=4).trunk
    branches = [turn_branch(trunk, turn, [5] * 4) for turn in (2, 0, 1, 0, 3)]
    (whole,) = trees(trunk, branches, 1000)
    assert sorted(whole.branches) == sorted(branches)
    assert whole.trunk == trunk
    parts = trees(trunk, branches, 25)
    assert [len(part.trunk) for part in parts] == [7, 14, 21]
    assert [[b.tokens.turns[0] for b in part.branches] for part in parts] == [[0, 0], [1], [2]]
    assert trees(trunk, branches, 5) == []
    assert trees(trunk, [Branch(25, Tokens((1,), (3,)))], 28) == []


def log_lines(out):
    return [orjson.loads(line) for line in (out / "log.jsonl").read_bytes().splitlines()]


def run_args(walker, out, **more):
    given = {
        "iterations": 2,
        "practices": 3,
        "epochs": 4,
        "lr": 3e-3,
        "max_new_tokens": 1,
        "rollout_examples": 0,
        "dedupe": "action",
        **more,
    }
    return implicit.Args(model=walker, env=CORRIDOR, out=out, **given)


@pytest.mark.parametrize("reference", ["iteration", "start"])
def test_a_run_practises_again_and_takes_its_reference_where_told(
    walker, setting, tmp_path, reference
):
    args = run_args(walker, tmp_path / "run", reference=reference, keep_iterations=True)
    train("implicit", args, setting=setting(CORRIDOR, 3))
    lines = log_lines(args.out)
    assert [line["stage"] for line in lines if "same_action" in line] == [0, 1]
    first = [line for line in lines if line["step"] == 1]
    assert first[0]["loss"] == pytest.approx(log(2), abs=1e-4)
    # the reference of the second iteration is what it began with, or what the run began with
    assert (abs(first[1]["loss"] - log(2)) < 1e-4) == (reference == "iteration")
    texts = [(args.out / f"stage-00{i}" / "practice.jsonl").read_text() for i in (0, 1)]
    assert texts[0] != texts[1]
    assert (args.out / "iteration-1" / "model.safetensors").exists()
    assert (args.out / "iteration-2" / "model.safetensors").exists()


def test_a_run_that_was_killed_ends_with_the_same_weights(walker, setting, tmp_path, monkeypatch):
    here = setting(CORRIDOR, 3)
    whole = train("implicit", run_args(walker, tmp_path / "whole"), setting=here)
    args = run_args(walker, tmp_path / "killed", save_every=1)
    right, calls = implicit.loss, []

    def failing(*given, **more):
        calls.append(1)
        if len(calls) == 6:
            raise KeyboardInterrupt
        return right(*given, **more)

    monkeypatch.setattr(implicit, "loss", failing)
    with pytest.raises(KeyboardInterrupt):
        train("implicit", args, setting=here)
    monkeypatch.setattr(implicit, "loss", right)
    resumed = train("implicit", args, resume=True, setting=here)
    for a, b in zip(whole.scorer.parameters(), resumed.scorer.parameters(), strict=True):
        assert torch.equal(a, b)
