"""`stepagent train init`: a small Llama to start from, with a tokenizer of the experts' text.

Weights are random; with the tokenizer and a chat template it is a model folder like any other, so
every method runs end to end with no download.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import torch
import tyro
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from harness.runs import write_json
from stepagent_gym.errors import RunError
from stepagent_gym.policy import OraclePolicy
from stepagent_gym.react import render
from stepagent_gym.rollout import Start
from stepagent_gym.types import Trajectory
from stepagent_train.copying import HEAD_WIDTH, ROPE, set_copying_heads
from stepagent_train.experience import Setting, expert_file, play, read_experts
from stepagent_train.model import save_model
from stepagent_train.run import RunArgs

TEMPLATE = (
    "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
CONTROLS = ("<|end|>", "<|system|>", "<|user|>", "<|assistant|>")

Size = Literal["0.5M", "2M", "10M", "30M", "100M"]

SHAPES: dict[Size, tuple[int, int, int]] = {
    "0.5M": (128, 2, 4),
    "2M": (192, 4, 6),
    "10M": (320, 8, 8),
    "30M": (512, 9, 8),
    "100M": (768, 14, 12),
}
"""Width, layers and heads; with a vocabulary of 800 the name is about the number of weights."""


@dataclass(frozen=True)
class InitArgs:
    """Make a small Llama with random weights and a tokenizer of the experts' text."""

    env: str
    """Id of the environment."""
    out: Path
    """Folder of the model."""
    experts: str = "oracle"
    """Expert trajectories: a JSON Lines file, a run folder, or oracle to let the oracle play."""
    size: Size = "0.5M"
    vocabulary: int = 800
    """Tokens of the byte-level BPE, control tokens and the 256 bytes among them."""
    context: int = 1024
    copying: bool = False
    """Set two heads so that the model repeats what it has read from the first step on."""
    split: str = "train"
    limit: int | None = 300
    """Of so many tasks the tokenizer reads the experts."""
    data: str | None = None
    set: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """A keyword of the environment, as NAME=VALUE; may be given several times."""
    seed: int = 0


def run_init(arguments: list[str]) -> int:
    """Run `stepagent train init`."""
    init(tyro.cli(InitArgs, args=arguments, prog="stepagent train init"))
    return 0


def init(args: InitArgs) -> None:
    """Write the model; `RunError` where the folder holds one."""
    if (args.out / "config.json").exists():
        raise RunError(f"{args.out} already holds a model; choose another --out")
    setting = Setting.of(
        RunArgs(
            model=args.out,
            env=args.env,
            out=args.out,
            split=args.split,
            limit=args.limit,
            data=args.data,
            set=args.set,
        )
    )
    if args.experts == "oracle":
        starts = [Start(task, args.seed) for task in setting.tasks]
        experts = play(setting, starts, OraclePolicy(), examples=0, concurrency=1)
    else:
        experts = read_experts(expert_file(args.experts))
    tokenizer = train_tokenizer(texts(experts, setting), args.vocabulary)
    model = make_model(
        args.size, len(tokenizer), args.context, tokenizer, args.seed, copying=args.copying
    )
    args.out.mkdir(parents=True, exist_ok=True)
    save_model(model, tokenizer, args.out)
    count = sum(p.numel() for p in model.parameters())
    write_json(
        args.out / "init.json",
        {"parameters": count, "seed": args.seed, "size": args.size, "copying": args.copying},
    )
    print(f"{args.out}: {count:,} weights, {len(tokenizer)} tokens, context {args.context}")


def texts(experts: Iterable[Trajectory], setting: Setting) -> Iterator[str]:
    """Give the messages of the experts' chats, the instruction once."""
    known: set[str] = set()
    for expert in experts:
        for message in render(setting.prompt, expert.steps, None, examples=0):
            if message.content not in known:
                known.add(message.content)
                yield message.content


def train_tokenizer(lines: Iterable[str], vocabulary: int) -> PreTrainedTokenizerFast:
    """Train a byte-level BPE with the template's control tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=list(CONTROLS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(lines, trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token=CONTROLS[0],
        pad_token=CONTROLS[0],
        additional_special_tokens=list(CONTROLS[1:]),
        clean_up_tokenization_spaces=False,
    )
    fast.chat_template = TEMPLATE
    return fast


def make_model(
    size: Size,
    vocabulary: int,
    context: int,
    tokenizer: PreTrainedTokenizerFast,
    seed: int,
    *,
    copying: bool = False,
) -> LlamaForCausalLM:
    """Make a Llama with random weights and tied embeddings; one that copies has wider heads.

    Weights deviate by 1/sqrt(width): with the 0.02 that is usual in wide models, a narrow one
    takes almost twice the steps until it copies what it has read.
    """
    width, layers, heads = SHAPES[size]
    config = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=width,
        intermediate_size=8 * width // 3 // 32 * 32,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=heads,
        max_position_embeddings=context,
        tie_word_embeddings=True,
        initializer_range=width**-0.5,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        head_dim=HEAD_WIDTH if copying else None,
        rope_parameters=ROPE if copying else None,
    )
    torch.manual_seed(seed)
    model = LlamaForCausalLM(config)
    if copying:
        set_copying_heads(model)
    return model
