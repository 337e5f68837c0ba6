import pytest

pytest.importorskip("torch", reason="training needs the extra train")
import tiny_models
import torch

from stepagent_train.analyses.branching import Frozen
from stepagent_train.analyses.drift import Away, compare, estimates
from stepagent_train.answers import Answers, Key
from stepagent_train.model import Scorer
from stepagent_train.packing import Branch, Tree
from stepagent_train.tokens import NOT_OWN, Tokens

CHAT = (5, 9, 2, 7, 11, 3)
REPLIES = ((3, (8, 4)), (6, (1, 30, 6)))


def answers():
    trunk = Tokens(CHAT, (NOT_OWN,) * len(CHAT))
    branches = [Branch(at, Tokens(ids, (t,) * len(ids))) for t, (at, ids) in enumerate(REPLIES)]
    return [Answers(Tree(trunk, tuple(branches)), (Key(0, 0, None), Key(0, 1, 0)))]


def log_probs(model, at, ids):
    """Give the next-token distributions at each token of a reply, in a pass of its own."""
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([[*CHAT[:at], *ids]])).logits[0]
    return logits.log_softmax(-1)[at - 1 : -1]


def test_divergence_entropy_and_gain_are_those_of_separate_passes():
    models = [tiny_models.model("llama", 60, seed=seed) for seed in (0, 1)]
    now, then = (Frozen(Scorer(model).eval(), None) for model in models)
    found = compare(now, then, answers(), 4)
    for away, (at, ids) in zip(found, REPLIES, strict=True):
        p, q = (log_probs(model, at, ids) for model in models)
        chosen = torch.tensor(ids)[:, None]
        assert away.tokens == len(ids)
        assert away.divergence == pytest.approx(float((p.exp() * (p - q)).sum()), rel=1e-4)
        assert away.entropy == pytest.approx(float(-(p.exp() * p).sum()), rel=1e-4)
        gain = (p.gather(1, chosen) - q.gather(1, chosen)).sum()
        assert away.gain == pytest.approx(float(gain), rel=1e-3, abs=1e-5)
    same = compare(now, now, answers(), 4)
    assert [away.divergence for away in same] == [0.0, 0.0]


def test_estimates_are_over_all_replies_and_all_tokens():
    found = [
        Away(Key(0, 0, 0), 4, 1.0, 0.0, 8.0),
        Away(Key(0, 1, 0), 2, 0.0, 0.0, 4.0),
        Away(Key(1, 0, 0), 2, 3.0, 0.0, 2.0),
        Away(Key(0, 0, None), 5, 2.0, -1.0, 0.0),
    ]
    given = {name: estimate.mean for name, estimate in estimates(found).items()}
    assert given == {
        "own KL a reply": pytest.approx(4 / 3),
        "own KL a token": pytest.approx(4 / 8),
        "expert KL a reply": 2.0,
        "expert KL a token": pytest.approx(2 / 5),
        "expert gain a reply": -1.0,
        "entropy a token": pytest.approx(14 / 8),
        "tokens a reply": pytest.approx(8 / 3),
    }
