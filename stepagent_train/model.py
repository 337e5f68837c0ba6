"""Models: load from a local path, score tokens, save.

`Scorer` is what is trained: it gives log-probabilities of chosen tokens, and computes logits at
those places alone, which is most of what a long chat with short replies saves.  With a critic it
gives values of states too, by a linear head on the same hidden states.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from torch import Tensor, nn
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from stepagent_gym.errors import UsageError
from stepagent_train.tokens import NOT_OWN, Batch

Precision = Literal["float32", "bfloat16"]
CausalModel = PreTrainedModel | PeftModel

_RESHAPED_LOGITS = ("final_logit_softcapping", "logit_scale", "logits_scaling")


@dataclass(frozen=True)
class Tuning:
    """Which weights are trained: all, or low-rank adapters of every linear layer."""

    lora_rank: int = 0
    lora_alpha: float = 32.0
    lora_dropout: float = 0.0
    gradient_checkpointing: bool = False


class Scores(NamedTuple):
    """Per chosen token: log-probability, entropy of its distribution; per state: value.

    Entropies and values are empty where they were not asked for.  `distribution`: the
    log-probabilities of all tokens at each place, (places, vocabulary), or None.
    """

    log_probs: Tensor
    entropy: Tensor
    values: Tensor
    distribution: Tensor | None = None


class Places(NamedTuple):
    """Tokens to score: `target` is predicted from the hidden state at (`rows`, `columns`)."""

    rows: Tensor
    columns: Tensor
    target: Tensor


def own_places(batch: Batch) -> Places:
    """Choose every own token of padded chats, row by row, each predicted from the one before."""
    rows, columns = (batch.turns != NOT_OWN).nonzero(as_tuple=True)
    return Places(rows, columns - 1, batch.ids[rows, columns])


def load_tokenizer(path: Path) -> PreTrainedTokenizerBase:
    """Load the tokenizer beside a model; raises `UsageError` where there is none."""
    _check(path)
    tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(path, local_files_only=True)
    return tokenizer


def load_model(path: Path, tuning: Tuning, dtype: Precision = "float32") -> CausalModel:
    """Load a causal language model from a folder, ready to be trained.

    A folder of adapters (`adapter_config.json`) is loaded on its base, and its adapters are
    trained on.  Raises `UsageError` where the folder holds no model, or one whose logits are more
    than a linear map of the last hidden state.
    """
    _check(path)
    adapters = (path / "adapter_config.json").is_file()
    base_path = path
    if adapters:
        base_path = Path(LoraConfig.from_pretrained(str(path)).base_model_name_or_path or "")
        _check(base_path)
    base = AutoModelForCausalLM.from_pretrained(
        base_path, local_files_only=True, dtype=getattr(torch, dtype)
    )
    for name in _RESHAPED_LOGITS:
        if getattr(base.config, name, None) not in (None, 1, 1.0):
            raise UsageError(f"{path}: models with {name} are not supported")
    if tuning.gradient_checkpointing:
        base.activation_checkpointing_enable({"use_reentrant": False})
        base.enable_input_require_grads()
    if adapters:
        return PeftModel.from_pretrained(base, str(path), is_trainable=True)
    if tuning.lora_rank == 0:
        return base
    config = LoraConfig(
        r=tuning.lora_rank,
        lora_alpha=tuning.lora_alpha,  # type: ignore[arg-type]
        lora_dropout=tuning.lora_dropout,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )
    base.config._name_or_path = str(path.resolve())
    return get_peft_model(base, config)


def context_length(model: CausalModel) -> int:
    """Give how many tokens the model was made for."""
    return int(model.config.max_position_embeddings)


class Scorer(nn.Module):
    """A language model that gives log-probabilities of chosen tokens, and values of states.

    `tokens` counts those that it has read, padding left out.
    """

    def __init__(self, model: CausalModel, critic: bool = False) -> None:
        super().__init__()
        self.model = model
        self.tokens = 0
        self.critic = nn.Linear(int(model.config.hidden_size), 1) if critic else None
        if self.critic is not None:
            nn.init.zeros_(self.critic.weight)
            nn.init.zeros_(self.critic.bias)
            self.critic.to(model.device)

    def forward(
        self,
        ids: Tensor,
        attention: Any,
        places: Places,
        states: tuple[Tensor, Tensor] | None = None,
        position_ids: Tensor | None = None,
        with_entropy: bool = False,
        with_distribution: bool = False,
    ) -> Scores:
        """Score tokens; what is given may lie on any device.

        `ids`: (rows, length).  `attention`: (rows, length), or (rows, 1, length, length) with
        True where a token may look, or flex attention's block mask.
        `states`: rows and columns whose values are wanted.
        """
        device = self.model.device
        self.tokens += _count(attention, position_ids)
        ids, attention = ids.to(device), attention.to(device)
        places = Places(*(part.to(device) for part in places))
        if position_ids is not None:
            position_ids = position_ids.to(device)
        base: Any = self.model.get_base_model() if isinstance(self.model, PeftModel) else self.model
        hidden = base.get_decoder()(
            input_ids=ids, attention_mask=attention, position_ids=position_ids, use_cache=False
        ).last_hidden_state
        logits = base.get_output_embeddings()(hidden[places.rows, places.columns]).float()
        log_probs = torch.log_softmax(logits, dim=-1)
        chosen = log_probs.gather(1, places.target[:, None])[:, 0]
        entropy = chosen.new_zeros(0)
        if with_entropy:
            entropy = -(log_probs.exp() * log_probs).sum(1)
        values = hidden.new_zeros(0)
        if self.critic is not None and states is not None:
            at = states[0].to(device), states[1].to(device)
            values = self.critic(hidden[at].float())[:, 0]
        return Scores(chosen, entropy, values, log_probs if with_distribution else None)


def load_frozen(path: Path, device: torch.device, *, critic: bool = False) -> Scorer:
    """Load a model that is never to be trained."""
    scorer = Scorer(load_model(path, Tuning()), critic).to(device)
    return scorer.requires_grad_(False).eval()


def _count(attention: Any, positions: Tensor | None) -> int:
    """Count the tokens that are no padding, which is at position 0 where positions are given."""
    if positions is None:
        return int(attention.sum())
    return len(positions) + int((positions > 0).sum())


def sum_by_row(values: Tensor, rows: Tensor, count: int) -> Tensor:
    """Add the values of each row: (count,)."""
    return values.new_zeros(count).index_add(0, rows, values)


def save_model(model: CausalModel, tokenizer: PreTrainedTokenizerBase, path: Path) -> None:
    """Save weights (adapters alone where those are trained) and tokenizer, as transformers does."""
    model.save_pretrained(str(path))
    tokenizer.save_pretrained(str(path))


def trained_state(module: nn.Module) -> dict[str, Tensor]:
    """Give the weights that are trained, by name."""
    return {name: p.detach().cpu() for name, p in module.named_parameters() if p.requires_grad}


def load_trained_state(module: nn.Module, state: dict[str, Tensor]) -> None:
    """Take up weights that `trained_state` gave; raises ValueError where the names differ."""
    parameters: dict[str, Any] = {n: p for n, p in module.named_parameters() if p.requires_grad}
    if parameters.keys() != state.keys():
        raise ValueError("the checkpoint holds other weights than the model that is trained")
    with torch.no_grad():
        for name, value in state.items():
            parameters[name].copy_(value)


def _check(path: Path) -> None:
    if not (path / "config.json").is_file() and not (path / "adapter_config.json").is_file():
        raise UsageError(
            f"{path} holds no model (no config.json); make a small one with "
            f"`stepagent train init --out {path}`"
        )
