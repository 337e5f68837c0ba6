"""Tiny models with random weights in the formats of Llama, Mistral and Qwen, and chats for them."""

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    AutoModelForCausalLM,
    LlamaConfig,
    MistralConfig,
    PreTrainedTokenizerFast,
    Qwen2Config,
)

from stepagent_gym.datasets import load_prompt
from stepagent_gym.react import render
from stepagent_gym.types import Message

END = "<|end|>"
TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>"
    "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
STRICT = (
    "{% for message in messages %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('roles must alternate') }}{% endif %}"
    "{% if message['role'] == 'user' %}<|user|>{{ message['content'] }}<|assistant|>"
    "{% else %}{{ message['content'] }}<|end|>{% endif %}{% endfor %}"
)
SHAPE = {
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "initializer_range": 0.2,
}
FAMILIES = {
    "llama": (LlamaConfig, {}, TEMPLATE),
    "mistral": (MistralConfig, {"sliding_window": 48}, STRICT),
    "qwen": (
        Qwen2Config,
        {"use_sliding_window": True, "sliding_window": 48, "max_window_layers": 1},
        TEMPLATE,
    ),
}


def make_model(folder, family="llama", *, context=2048, seed=0, **shape):
    """Write a model with a byte-level tokenizer into a folder, and give the folder."""
    import torch

    config_class, more, template = FAMILIES[family]
    tokenizer = make_tokenizer(template)
    torch.manual_seed(seed)
    config = config_class(
        vocab_size=len(tokenizer),
        max_position_embeddings=context,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.eos_token_id,
        **{**SHAPE, **more, **shape},
    )
    AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def make_tokenizer(template):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=512,
        special_tokens=[END, "<|user|>", "<|assistant|>", "<|system|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    lines = [message.content for message in chat(examples=1)]
    tokenizer.train_from_iterator(lines, trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=END, pad_token=END)
    fast.chat_template = template
    return fast


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
