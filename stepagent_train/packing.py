"""Tree packing: an episode and all its branches in one sequence, their common prefix once.

A branch is what else was answered at some turn of the episode (the trunk).  Written out, every
branch repeats the prefix that it shares; here the row holds the trunk, then each branch, and

- a token of a branch sees the trunk up to where the branch leaves it, and its own branch so far;
- its position is that which it would have in a sequence of its own;
- its first token is predicted by the last token of the trunk that it sees.

So log-probabilities and gradients are those of separate passes.  The mask is dense on a CPU.  It
pays where branches are short beside what they share (one turn); a branch that runs on to the end of
an episode shares little, and separate passes sorted by length serve it as well.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn.attention.flex_attention import BlockMask, create_block_mask

from stepagent_train.model import CausalModel, Places, Scorer, Scores, sum_by_row
from stepagent_train.tokens import NOT_OWN, Tokens


class Branch(NamedTuple):
    """What leaves the trunk after `at` of its tokens; `tokens` has only what follows."""

    at: int
    tokens: Tokens


class Tree(NamedTuple):
    """An episode with its branches."""

    trunk: Tokens
    branches: tuple[Branch, ...]

    @property
    def length(self) -> int:
        """How many tokens the packed row has."""
        return len(self.trunk) + sum(len(branch.tokens) for branch in self.branches)

    @property
    def separate_length(self) -> int:
        """How many tokens the episode and its branches have when each is written out."""
        return len(self.trunk) + sum(b.at + len(b.tokens) for b in self.branches)


class Packed(NamedTuple):
    """Trees as rows, padded on the right.

    `ids`, `positions`, `segments`, `limits`: (trees, length).  A segment is 0 in the trunk, k in
    branch k, -1 in padding; a limit is how much of the trunk a token of a branch may see.
    `places`: the own tokens.  `turns`: for each of them, its place among `turn_counts`, which
    numbers first every trunk turn of a tree and then its branches, tree by tree.
    """

    ids: Tensor
    positions: Tensor
    segments: Tensor
    limits: Tensor
    places: Places
    turns: Tensor
    turn_counts: tuple[tuple[int, int], ...]


def turn_branch(trunk: Tokens, turn: int, reply: Sequence[int]) -> Branch:
    """Make the branch in which a turn of the trunk was answered otherwise; all of it is own.

    Raises ValueError where the trunk has no such turn.
    """
    if turn not in trunk.turns:
        raise ValueError(f"the trunk has no own turn {turn}")
    return Branch(trunk.turns.index(turn), Tokens(tuple(reply), (turn,) * len(reply)))


def pack(trees: Sequence[Tree]) -> Packed:
    """Pack trees, one a row."""
    length = max(tree.length for tree in trees)
    shape = (len(trees), length)
    ids = torch.zeros(shape, dtype=torch.long)
    positions = torch.zeros(shape, dtype=torch.long)
    segments = torch.full(shape, -1, dtype=torch.long)
    limits = torch.zeros(shape, dtype=torch.long)
    rows: list[int] = []
    sources: list[int] = []
    targets: list[int] = []
    turns: list[int] = []
    counts: list[tuple[int, int]] = []
    first = 0
    for row, (trunk, branches) in enumerate(trees):
        trunk_turns = max(trunk.turns) + 1
        parts = [(0, 0, trunk)]
        begin = len(trunk)
        for at, tokens in branches:
            parts.append((begin, at, tokens))
            begin += len(tokens)
        for number, (start, at, tokens) in enumerate(parts):
            span = slice(start, start + len(tokens))
            ids[row, span] = torch.tensor(tokens.ids)
            positions[row, span] = torch.arange(at, at + len(tokens))
            segments[row, span] = number
            limits[row, span] = at
            for place, (target, turn) in enumerate(zip(tokens.ids, tokens.turns, strict=True)):
                if turn == NOT_OWN:
                    continue
                rows.append(row)
                sources.append(start + place - 1 if place or not number else at - 1)
                targets.append(target)
                turns.append(first + (turn if number == 0 else trunk_turns + number - 1))
        counts.append((trunk_turns, len(branches)))
        first += trunk_turns + len(branches)
    places = Places(torch.tensor(rows), torch.tensor(sources), torch.tensor(targets))
    return Packed(ids, positions, segments, limits, places, torch.tensor(turns), tuple(counts))


def dense_mask(packed: Packed) -> Tensor:
    """Give the tree mask: (trees, 1, length, length), True where a token may look.

    Padding looks at itself, so that no row of the softmax is empty.
    """
    index = torch.arange(packed.ids.shape[1], device=packed.ids.device)
    earlier = index[None, :, None] >= index[None, None, :]
    query, key = packed.segments[:, :, None], packed.segments[:, None, :]
    own = (query == key) & earlier
    trunk = (key == 0) & (query > 0) & (index[None, None, :] < packed.limits[:, :, None])
    return (own | trunk)[:, None]


def block_mask(packed: Packed) -> BlockMask:
    """Give the tree mask for flex attention, which skips the blocks where nothing is seen."""
    segments, limits = packed.segments, packed.limits

    def sees(row: Tensor, head: Tensor, query: Tensor, key: Tensor) -> Tensor:
        own = (segments[row, query] == segments[row, key]) & (query >= key)
        trunk = (segments[row, key] == 0) & (segments[row, query] > 0)
        return own | (trunk & (key < limits[row, query]))

    rows, length = packed.ids.shape
    return create_block_mask(sees, rows, None, length, length, device=str(packed.ids.device))


def score_packed(
    scorer: Scorer,
    packed: Packed,
    places: Places,
    states: tuple[Tensor, Tensor] | None = None,
    *,
    with_entropy: bool = False,
    with_distribution: bool = False,
) -> Scores:
    """Score tokens, and value states, of packed trees; the scorer may be wrapped for processes."""
    model: CausalModel = getattr(scorer, "module", scorer).model
    device = model.device
    packed = packed._replace(
        ids=packed.ids.to(device),
        segments=packed.segments.to(device),
        limits=packed.limits.to(device),
    )
    flex = model.config._attn_implementation == "flex_attention"
    make: Callable[[Packed], Any] = block_mask if flex else dense_mask
    scores: Scores = scorer(
        packed.ids,
        make(packed),
        places,
        states,
        packed.positions,
        with_entropy=with_entropy,
        with_distribution=with_distribution,
    )
    return scores


def tree_log_probs(scorer: Scorer, trees: Sequence[Tree]) -> list[tuple[Tensor, Tensor]]:
    """Give for each tree the summed log-probability of every trunk turn, and of every branch."""
    packed = pack(trees)
    scores = score_packed(scorer, packed, packed.places)
    total = sum(sum(count) for count in packed.turn_counts)
    sums = sum_by_row(scores.log_probs, packed.turns.to(scores.log_probs.device), total)
    found = []
    for turns, branches in packed.turn_counts:
        found.append((sums[:turns], sums[turns : turns + branches]))
        sums = sums[turns + branches :]
    return found
