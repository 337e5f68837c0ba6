"""Replies to one episode's states as branches of a bare trunk: per token, and as one number each.

The trunk is the chat alone (nothing in it is scored), each branch a reply that follows one of its
states.  `packing.py` says how such a tree goes through a model in one row.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from stepagent_train.model import Places, Scorer, Scores
from stepagent_train.packing import Branch, Tree, pack, score_packed
from stepagent_train.tokens import NOT_OWN, Tokens


class Ends(NamedTuple):
    """Where branches lie in packed rows, tree by tree: (branches,) each."""

    rows: Tensor
    states: Tensor
    """The last token of the state that a branch follows."""
    last: Tensor
    """The last token of the branch."""


def bare(trunk: Tokens, length: int | None = None) -> Tokens:
    """Give the first `length` tokens of a chat with none of them own."""
    ids = trunk.ids[:length]
    return Tokens(ids, (NOT_OWN,) * len(ids))


def bare_tree(trunk: Tokens, branches: Sequence[Branch]) -> Tree:
    """Make a tree whose trunk goes no further than the last state that is answered."""
    return Tree(bare(trunk, max(branch.at for branch in branches)), tuple(branches))


def rows_of(needs: Sequence[int], lengths: Sequence[int], max_length: int) -> list[list[int]]:
    """Share branches out over rows of at most `max_length`: the branches of each row.

    `needs`: how much of the trunk each branch must have in its row.  `lengths`: of the branches.
    One that does not fit beside what it needs is in no row.
    """
    found: list[list[int]] = []
    held: list[int] = []
    for i in sorted(range(len(needs)), key=lambda i: needs[i]):
        if needs[i] + sum(lengths[j] for j in held) + lengths[i] <= max_length:
            held.append(i)
            continue
        if held:
            found.append(held)
        held = [i] if needs[i] + lengths[i] <= max_length else []
    if held:
        found.append(held)
    return found


def ends(trees: Sequence[Tree]) -> Ends:
    """Find the states and the ends of all branches."""
    rows, states, last = [], [], []
    for row, (trunk, branches) in enumerate(trees):
        begin = len(trunk)
        for at, tokens in branches:
            begin += len(tokens)
            rows.append(row)
            states.append(at - 1)
            last.append(begin - 1)
    return Ends(torch.tensor(rows), torch.tensor(states), torch.tensor(last))


def reply_scores(
    scorer: Scorer,
    trees: Sequence[Tree],
    *,
    with_entropy: bool = False,
    with_distribution: bool = False,
) -> Scores:
    """Score the tokens of all branches, in order, and value the state of each branch."""
    packed, found = pack(trees), ends(trees)
    return score_packed(
        scorer,
        packed,
        packed.places,
        (found.rows, found.states),
        with_entropy=with_entropy,
        with_distribution=with_distribution,
    )


def verdicts(scorer: Scorer, trees: Sequence[Tree]) -> Tensor:
    """Give the value at the last token of every branch, tree by tree: (branches,)."""
    found = ends(trees)
    none = torch.zeros(0, dtype=torch.long)
    where = (found.rows, found.last)
    return score_packed(scorer, pack(trees), Places(none, none, none), where).values


def by_tree(values: Sequence[float], trees: Sequence[Tree]) -> list[list[float]]:
    """Share values of branches out to their trees."""
    found, begin = [], 0
    for tree in trees:
        found.append(list(values[begin : begin + len(tree.branches)]))
        begin += len(tree.branches)
    return found
