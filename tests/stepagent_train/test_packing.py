import pytest

pytest.importorskip("torch", reason="training needs the extra train")
import random

import tiny_models
import torch
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from stepagent_train.model import Scorer
from stepagent_train.packing import (
    Branch,
    Tree,
    block_mask,
    dense_mask,
    pack,
    tree_log_probs,
    turn_branch,
)
from stepagent_train.pairs import sum_log_probs
from stepagent_train.tokens import NOT_OWN, Tokens


def episode(rng, turns, most=9):
    ids, marks = [], []
    for turn in range(turns):
        for own in (False, True):
            count = rng.randint(1 if own else 2, most)
            ids += [rng.randrange(1, 60) for _ in range(count)]
            marks += [turn if own else NOT_OWN] * count
    return Tokens(tuple(ids), tuple(marks))


def tree(seed, turns=4, branches=2):
    rng = random.Random(seed)
    trunk = episode(rng, turns)
    made = [
        turn_branch(trunk, turn, [rng.randrange(1, 60) for _ in range(rng.randint(1, 7))])
        for turn in range(turns)
        for _ in range(branches)
    ]
    return Tree(trunk, tuple(made))


def written_out(tree):
    """The separate sequences: one for each trunk turn, one for each branch."""
    trunk = tree.trunk
    turns = [
        Tokens(trunk.ids, tuple(t if t == turn else NOT_OWN for t in trunk.turns))
        for turn in range(max(trunk.turns) + 1)
    ]
    branches = [
        Tokens(trunk.ids[:at] + tokens.ids, (NOT_OWN,) * at + tokens.turns)
        for at, tokens in tree.branches
    ]
    return turns, branches


def test_tokens_are_counted_once_and_padding_never():
    scorer = Scorer(tiny_models.model("llama", 60))
    trees = [tree(0), tree(1, turns=2), tree(2, turns=5, branches=3)]
    tree_log_probs(scorer, trees)
    packed = sum(one.length for one in trees)
    assert scorer.tokens == packed
    sum_log_probs(scorer, [one.trunk for one in trees])
    assert scorer.tokens == packed + sum(len(one.trunk) for one in trees)


@pytest.mark.parametrize("family", ["llama", "mistral", "qwen"])
@pytest.mark.parametrize("seed", [0, 1])
def test_log_probabilities_and_gradients_are_those_of_separate_passes(family, seed):
    trees = [tree(seed), tree(seed + 10, turns=6, branches=1), tree(seed + 20, 2, 3)]
    gradients = []
    for packed in (True, False):
        scorer = Scorer(tiny_models.model(family, 60, seed=seed))
        if packed:
            found = torch.cat([part for pair in tree_log_probs(scorer, trees) for part in pair])
        else:
            parts = [side for one in trees for side in written_out(one)]
            found = torch.cat([sum_log_probs(scorer, [s]) for side in parts for s in side])
        torch.sin(3 * found).sum().backward()
        gradients.append((found.detach(), [p.grad for p in scorer.parameters()]))
    (mine, my_gradients), (theirs, their_gradients) = gradients
    torch.testing.assert_close(mine, theirs, rtol=1e-5, atol=1e-6)
    for a, b in zip(my_gradients, their_gradients, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5 * float(b.abs().max()))


def test_a_branch_of_several_turns_packs_too():
    trunk = Tokens((1, 2, 3, 4, 5, 6), (-1, 0, 0, -1, 1, 1))
    suffix = Tokens((7, 8, 9, 10), (0, -1, 1, 1))
    one = Tree(trunk, (Branch(1, suffix),))
    scorer = Scorer(tiny_models.model("llama", 60))
    ((_, branches),) = tree_log_probs(scorer, [one])
    alone = sum_log_probs(scorer, [Tokens((1, 7, 8, 9, 10), (-1, 0, -1, 1, 1))])
    torch.testing.assert_close(branches, alone, rtol=1e-5, atol=1e-6)


def test_the_mask_is_that_made_by_hand():
    trunk = Tokens((1, 2, 3), (-1, 0, -1))
    packed = pack([Tree(trunk, (turn_branch(trunk, 0, (7, 8)),))])
    assert packed.positions.tolist() == [[0, 1, 2, 1, 2]]
    assert dense_mask(packed)[0, 0].int().tolist() == [
        [1, 0, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [1, 1, 1, 0, 0],
        [1, 0, 0, 1, 0],
        [1, 0, 0, 1, 1],
    ]
    assert packed.places.columns.tolist() == [0, 0, 3]
    assert packed.places.target.tolist() == [2, 7, 8]


@hypothesis_settings(max_examples=20)
@given(st.integers(0, 1000), st.integers(1, 5), st.integers(0, 3))
def test_no_token_sees_another_branch_or_what_comes_later(seed, turns, branches):
    one = tree(seed, turns, branches)
    packed = pack([one])
    mask = dense_mask(packed)[0, 0]
    assert one.length <= one.separate_length
    for query in range(one.length):
        seen = mask[query].nonzero()[:, 0]
        positions = packed.positions[0, seen].tolist()
        assert positions == list(range(int(packed.positions[0, query]) + 1))
        assert set(packed.segments[0, seen].tolist()) <= {0, int(packed.segments[0, query])}


def test_the_block_mask_is_the_dense_one():
    packed = pack([tree(3), tree(4, 5, 1)])
    mask_mod = block_mask(packed).mask_mod
    rows, length = packed.ids.shape
    index = torch.arange(length)
    for row in range(rows):
        dense = mask_mod(torch.tensor(row), torch.tensor(0), index[:, None], index[None, :])
        assert torch.equal(dense, dense_mask(packed)[row, 0])


def test_an_unknown_turn_is_refused():
    with pytest.raises(ValueError, match="no own turn 2"):
        turn_branch(Tokens((1, 2), (-1, 0)), 2, (3,))
