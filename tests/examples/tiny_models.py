"""Tokenizers with the chat templates of three families, tiny random models for them, and chats."""

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen2ForCausalLM,
)

from stepagent_gym.datasets import load_prompt
from stepagent_gym.react import render
from stepagent_gym.types import Message

TEXT = [
    "Thought: I need a mug. I go there.\nAction: go to shelf 1",
    "Observation:\nYou see a mug 1, and a desk 2.",
    "[INST] You are in a household. Your task is to put a mug in desk. [/INST] OK",
    "user assistant system",
] * 3

LLAMA = (
    "<|begin_of_text|>{% for m in messages %}"
    "<|start_header_id|>{{ m.role }}<|end_header_id|>\n\n{{ m.content | trim }}<|eot_id|>"
    "{% endfor %}{% if add_generation_prompt %}"
    "<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}"
)
MISTRAL = (
    "<s>{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('roles must alternate') }}{% endif %}"
    "{% if m.role == 'user' %}[INST] {{ m.content }} [/INST]"
    "{% else %} {{ m.content }}</s>{% endif %}{% endfor %}"
)
QWEN = (
    "{% if messages[0].role != 'system' %}<|im_start|>system\nYou help.<|im_end|>\n{% endif %}"
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
FAMILIES = {
    "llama": (
        LLAMA,
        ["<|eot_id|>", "<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>"],
        "bytes",
    ),
    "mistral": (MISTRAL, ["</s>", "<s>"], "sentencepiece"),
    "qwen": (QWEN, ["<|im_end|>", "<|im_start|>"], "bytes"),
}
_MODELS = {
    "llama": (LlamaConfig, LlamaForCausalLM),
    "mistral": (MistralConfig, MistralForCausalLM),
    "qwen": (Qwen2Config, Qwen2ForCausalLM),
}

WINDOWS = {
    "mistral": {"sliding_window": 48},
    "qwen": {"use_sliding_window": True, "sliding_window": 48, "max_window_layers": 1},
}
"""Attention to the last 48 tokens, in all layers or in all but the first."""


def tokenizer(family, extra=()):
    """Train a tokenizer of a family on a few lines; its first control token ends a turn."""
    template, controls, kind = FAMILIES[family]
    inner = Tokenizer(models.BPE(unk_token=None))
    if kind == "bytes":
        inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        inner.decoder = decoders.ByteLevel()
        alphabet = pre_tokenizers.ByteLevel.alphabet()
    else:
        inner.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
        inner.decoder = decoders.Metaspace(prepend_scheme="first")
        letters = {letter for line in (*TEXT, *extra) for letter in line}
        alphabet = list(letters | set("▁\nabcdefghijklmnopqrstuvwxyz"))
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=list(controls),
        initial_alphabet=alphabet,
        show_progress=False,
    )
    inner.train_from_iterator([*TEXT, *extra], trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=inner,
        eos_token=controls[0],
        pad_token=controls[0],
        additional_special_tokens=controls[1:],
        clean_up_tokenization_spaces=False,
    )
    fast.chat_template = template
    return fast


def words_tokenizer(words):
    """Make a tokenizer with a token for each word and nothing else."""
    controls = ["<end>", "<user>", "<assistant>", "<unknown>"]
    inner = Tokenizer(
        models.WordLevel({w: i for i, w in enumerate([*controls, *words])}, unk_token="<unknown>")
    )
    inner.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=inner,
        eos_token="<end>",
        pad_token="<end>",
        unk_token="<unknown>",
        additional_special_tokens=controls[1:3],
    )
    fast.chat_template = (
        "{% for m in messages %}<{{ m.role }}> {{ m.content }}<end>{% endfor %}"
        "{% if add_generation_prompt %}<assistant>{% endif %}"
    )
    return fast


def model(family="llama", vocabulary=400, width=32, layers=2, seed=0, context=512, **more):
    """Make a random model of a family; `more` goes into its config."""
    import torch

    config_type, model_type = _MODELS[family]
    shape = {
        "hidden_size": width,
        "intermediate_size": 2 * width,
        "num_hidden_layers": layers,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
    }
    config = config_type(
        vocab_size=vocabulary,
        max_position_embeddings=context,
        bos_token_id=None,
        eos_token_id=0,
        pad_token_id=0,
        **{**shape, **more},
    )
    torch.manual_seed(seed)
    return model_type(config)


def save(folder, family="llama", extra=(), **options):
    """Save a random model with its tokenizer as a model folder."""
    made = tokenizer(family, extra)
    model(family, len(made), **options).save_pretrained(folder)
    made.save_pretrained(folder)
    return folder


def save_talkative(folder, family="llama", **options):
    """Save a model that says different things to different chats, in their letters."""
    spread = {"width": 64, "layers": 3, "context": 2048, "initializer_range": 0.2}
    lines = ["ü and 灯", *(message.content for message in chat(examples=1))]
    return save(folder, family, lines, **{**spread, **WINDOWS.get(family, {}), **options})


def chat(observation="Instruction: find a red lamp", examples=0):
    """Give the chat at the beginning of an episode of WebShop."""
    return render(load_prompt("webshop"), (), observation, examples=examples)


def chats(count):
    """Give chats of very different lengths, some of which begin alike."""
    places = ["the hall", "a lamp", "ü and 灯", "kitchen " * 9, "x" * 40]
    return [
        [Message("user", f"{places[n % 5]} {n} " * (1 + n % 7))]
        + [Message("assistant", "Action: look"), Message("user", "There is " + places[n % 4])]
        * (n % 3)
        for n in range(count)
    ]
