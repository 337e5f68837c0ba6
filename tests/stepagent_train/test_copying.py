"""Heads that are set by hand, so that a small random model repeats what it has read."""

import json

import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from harness.cli import main
from stepagent_train.copying import HEAD_WIDTH, ROPE, set_copying_heads


def make_model(*, layers=2, head=HEAD_WIDTH, width=128):
    torch.manual_seed(0)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=1000,
            hidden_size=width,
            intermediate_size=64,
            num_hidden_layers=layers,
            num_attention_heads=4,
            num_key_value_heads=4,
            head_dim=head,
            max_position_embeddings=2048,
            tie_word_embeddings=True,
            initializer_range=width**-0.5,
            rope_parameters=ROPE,
        )
    ).eval()


def share_repeated(model, length):
    """Give how often the second half of a text is foreseen that is its first half."""
    half = torch.randint(
        model.config.vocab_size, (4, length), generator=torch.Generator().manual_seed(1)
    )
    with torch.no_grad():
        said = model(torch.cat([half, half], 1)).logits.argmax(-1)
    return (said[:, length:-1] == half[:, 1:]).float().mean().item()


@pytest.mark.parametrize("layers", [2, 4])
@pytest.mark.parametrize("length", [40, 600])
def test_a_model_with_them_repeats_what_it_has_read(layers, length):
    model = make_model(layers=layers)
    assert share_repeated(model, length) < 0.02
    set_copying_heads(model)
    assert share_repeated(model, length) > 0.5


def test_they_are_as_the_seed_draws_them():
    one, other = make_model(), make_model()
    for model in (one, other):
        torch.manual_seed(3)
        set_copying_heads(model)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def test_the_command_makes_one(tmp_path):
    args = ["--env", "stepagent/ALFWorld-v0", "--limit", "2", "--context", "2048", "--copying"]
    assert main(["train", "init", *args, "--out", str(tmp_path / "model")]) == 0
    model = LlamaForCausalLM.from_pretrained(tmp_path / "model").eval()
    assert model.config.head_dim == HEAD_WIDTH
    assert share_repeated(model, 300) > 0.5
    assert json.loads((tmp_path / "model" / "init.json").read_text())["copying"] is True


@pytest.mark.parametrize(("shape", "message"), [({"layers": 1}, "has 1 and 64"),
                                                ({"head": 32}, "has 2 and 32")])  # fmt: skip
def test_a_model_without_room_for_them_is_refused(shape, message):
    with pytest.raises(ValueError, match=message):
        set_copying_heads(make_model(**shape))
