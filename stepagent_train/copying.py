"""Heads that copy, set by hand: a small random model that can repeat what it has read.

A head of the first layer looks at the token before (Elhage et al. 2021, "A Mathematical Framework
for Transformer Circuits"); a head of the last looks for places where that is the present token, and
says what stands there (Olsson et al. 2022, "In-context Learning and Induction Heads").  Pretrained
models have both.  From random weights half a million of them take more tokens to grow than a study
on a laptop has, and without them no name that is new can be searched for.  All weights are trained
further, these too.

The stream of the embeddings is divided: codes of tokens, one coordinate that is always 1, and room
for a code of the token before.
"""

from dataclasses import dataclass
from typing import Any

import torch
from transformers import LlamaForCausalLM
from transformers.models.llama.modeling_llama import LlamaAttention

HEAD_WIDTH = 64
_BASE = 1e6
"""Of the rotations: the slow ones hardly turn within 1,500 tokens."""
ROPE: dict[str, Any] = {"rope_type": "default", "rope_theta": _BASE}
_PAIRS = HEAD_WIDTH // 2
_FAST = range(12)
"""Rotations that tell one place from the next."""
_SLOW = range(18, _PAIRS)
"""Rotations that leave a code as it is, far away too."""
_CODE = 2 * len(_SLOW)
_BEFORE = 1.3
"""How sharply the first head looks at the token before."""
_SAME = 3.5
"""How sharply the second looks for the present token."""
_LOUD = 0.65
"""How loudly it says what it has found, beside the stream's own token."""
_OTHERS = 0.03
"""What every other part adds to the stream at first, as a share of its random weights."""


@dataclass(frozen=True)
class _Codes:
    """Directions: `token` (28, tokens) compares, `value` (64, tokens) repeats."""

    token: torch.Tensor
    value: torch.Tensor


def set_copying_heads(model: LlamaForCausalLM) -> None:
    """Set the embeddings, and the first head of the first and of the last layer.

    Random directions are drawn from PyTorch's generator.  Raises `ValueError` for a model of one
    layer, or of heads that are not 64 wide.
    """
    config = model.config
    layers = model.model.layers
    if len(layers) < 2 or config.head_dim != HEAD_WIDTH:
        raise ValueError(
            f"copying takes two layers and heads {HEAD_WIDTH} wide; "
            f"this model has {len(layers)} and {config.head_dim}"
        )
    tokens = config.hidden_size - 1 - _CODE
    codes = _Codes(_directions(_CODE, tokens), _directions(HEAD_WIDTH, tokens))
    with torch.no_grad():
        embeddings = model.model.embed_tokens.weight
        embeddings.zero_()
        embeddings[:, :tokens].normal_(std=tokens**-0.5)
        embeddings[:, tokens] = 1.0
        for layer in layers:
            layer.self_attn.o_proj.weight *= _OTHERS
            layer.mlp.down_proj.weight *= _OTHERS
        for layer in layers[:-1]:
            layer.self_attn.o_proj.weight[tokens:] = 0
            layer.mlp.down_proj.weight[tokens:] = 0
        _look_before(layers[0].self_attn, codes, tokens)
        _look_for_same(layers[-1].self_attn, codes, tokens)


def _directions(count: int, width: int) -> torch.Tensor:
    """Draw so many orthonormal directions."""
    directions: torch.Tensor = torch.linalg.qr(torch.randn(width, width))[0]
    return directions[:count]


def _look_before(attention: LlamaAttention, codes: _Codes, tokens: int) -> None:
    """Attend where the rotations agree, which is one place back; write down that token's code."""
    query, key, value, out = _clear_head(attention)
    fast = torch.tensor(_FAST)
    angles = _BASE ** (-fast / _PAIRS)
    query[fast, tokens] = _BEFORE * torch.cos(angles)
    query[fast + _PAIRS, tokens] = -_BEFORE * torch.sin(angles)
    key[fast, tokens] = _BEFORE
    value[:_CODE, :tokens] = codes.token
    # the stream's norm is about sqrt(2) here and becomes sqrt(width); a code is to have norm 1
    scale = (query.shape[1] / 2) ** 0.5 * (_CODE / tokens) ** 0.5
    out[tokens + 1 :, :_CODE] = torch.eye(_CODE) / scale


def _look_for_same(attention: LlamaAttention, codes: _Codes, tokens: int) -> None:
    """Attend where the code of the token before is the present token's; say the token there."""
    query, key, value, out = _clear_head(attention)
    slow = torch.tensor(_SLOW)
    slow = torch.cat([slow, slow + _PAIRS])
    query[slow, :tokens] = _SAME * codes.token
    key[slow, tokens + 1 :] = _SAME * (_CODE / tokens) ** 0.5 * torch.eye(_CODE)
    value[:, :tokens] = codes.value
    out[:tokens] = _LOUD * tokens / HEAD_WIDTH * codes.value.T


def _clear_head(attention: LlamaAttention) -> tuple[torch.Tensor, ...]:
    """Give the first head's part of the four weights, all zero."""
    head = slice(0, HEAD_WIDTH)
    parts = (
        attention.q_proj.weight[head],
        attention.k_proj.weight[head],
        attention.v_proj.weight[head],
        attention.o_proj.weight[:, head],
    )
    for part in parts:
        part.zero_()
    return parts
