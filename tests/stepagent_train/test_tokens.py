import pytest

pytest.importorskip("torch", reason="training needs the extra train")
import tiny_models
from transformers import AutoTokenizer

from stepagent_gym.errors import UsageError
from stepagent_gym.react import Demonstration, Prompt
from stepagent_gym.types import Completion, Message, Step
from stepagent_train.tokens import NOT_OWN, ChatTokeniser, Tokens, Unusable, collate

PROMPT = Prompt(
    instruction="You are in a household.",
    formats={"react": "Thought and Action.", "bare": ""},
    acknowledgement="OK",
    observation="Observation:\n{observation}",
    demonstrations=(Demonstration("put a desk", (("I go.", "go to desk 2", "You see a mug 1"),)),),
    sha256="0" * 64,
)
REPLIES = ("Thought: I need a mug.\nAction: go to shelf 1", "Action: go to desk 2")
END = {"llama": "<|eot_id|>", "mistral": "</s>", "qwen": "<|im_end|>"}
WHOLE = {
    "llama": (
        "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n"
        "You are in a household.\n\nThought and Action.<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\nOK<|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\nput a mug in desk.<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n"
        "Thought: I need a mug.\nAction: go to shelf 1<|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\nObservation:\nYou see a mug 1<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\nAction: go to desk 2<|eot_id|>"
    ),
    "mistral": (
        "<s>[INST] You are in a household.\n\nThought and Action. [/INST] OK</s>"
        "[INST] put a mug in desk. [/INST] Thought: I need a mug.\nAction: go to shelf 1</s>"
        "[INST] Observation:\nYou see a mug 1 [/INST] Action: go to desk 2</s>"
    ),
    "qwen": (
        "<|im_start|>system\nYou help.<|im_end|>\n"
        "<|im_start|>user\nYou are in a household.\n\nThought and Action.<|im_end|>\n"
        "<|im_start|>assistant\nOK<|im_end|>\n"
        "<|im_start|>user\nput a mug in desk.<|im_end|>\n"
        "<|im_start|>assistant\nThought: I need a mug.\nAction: go to shelf 1<|im_end|>\n"
        "<|im_start|>user\nObservation:\nYou see a mug 1<|im_end|>\n"
        "<|im_start|>assistant\nAction: go to desk 2<|im_end|>\n"
    ),
}


def steps(*completions):
    seen = ("put a mug in desk.", "You see a mug 1", "You see a desk 2")
    return [Step(seen[i], c, None, None, 0.0, False, False) for i, c in enumerate(completions)]


def own(chat, tokens, turn):
    return chat.tokenizer.decode(
        [i for i, t in zip(tokens.ids, tokens.turns, strict=True) if t == turn]
    )


@pytest.fixture(scope="module", params=sorted(WHOLE))
def family(request):
    return request.param


@pytest.fixture(scope="module")
def chat(family):
    return ChatTokeniser(tiny_models.tokenizer(family))


def test_the_mask_is_that_made_by_hand(chat, family):
    tokens = chat.trajectory(PROMPT, steps(*map(Completion, REPLIES)))
    assert chat.tokenizer.decode(tokens.ids) == WHOLE[family]
    for turn, reply in enumerate(REPLIES):
        assert own(chat, tokens, turn).lstrip(" ") == reply + END[family]
    others = chat.tokenizer.decode(
        [i for i, m in zip(tokens.ids, tokens.mask, strict=True) if not m]
    )
    hand = WHOLE[family]
    for reply in REPLIES:
        hand = hand.replace(reply + END[family], "")
    assert others.replace(" ", "") == hand.replace(" ", "")


def test_examples_are_in_the_prompt_and_are_not_trained(chat, family):
    plain = chat.trajectory(PROMPT, steps(*map(Completion, REPLIES)))
    shown = chat.trajectory(PROMPT, steps(*map(Completion, REPLIES)), examples=1)
    assert len(shown) > len(plain)
    assert "Thought: I go." in chat.tokenizer.decode(shown.ids)
    assert [own(chat, shown, turn) for turn in (0, 1)] == [own(chat, plain, t) for t in (0, 1)]


def test_the_prompt_of_a_reply_is_what_precedes_it_in_the_whole(chat):
    whole = chat.trajectory(PROMPT, steps(*map(Completion, REPLIES)))
    messages = [
        Message("user", "You are in a household.\n\nThought and Action."),
        Message("assistant", "OK"),
        Message("user", "put a mug in desk."),
    ]
    prompt = chat.encode(messages, {}, for_reply=True)
    assert prompt.ids == whole.ids[: len(prompt)]
    assert whole.turns[len(prompt)] == 0
    assert whole.turns[len(prompt) - 1] == NOT_OWN


@pytest.mark.parametrize(
    "replies",
    [
        REPLIES,
        ["go to", "Thought: I need a mug. "],
        ["", "  desk", "\n", "ü and 灯", "Action: go"],
        ["Thought: I go there.\nAction: go to shelf 1"] * 3,
    ],
)
@pytest.mark.parametrize("letters", [False, True])
def test_a_chat_that_goes_on_is_read_as_one_that_is_read_whole(chat, family, replies, letters):
    messages = [Message("user", "You are in a household.")]
    last, own = None, {}
    quick = 0
    for reply in replies:
        quick += last is not None and chat._go_on(last, messages, own) is not None
        last = chat.read(messages, own, last)
        assert last == chat.read(messages, own)
        spelt = other_ids(chat, reply) if letters and reply.isascii() else []
        ids = spelt if None not in spelt and spelt else chat.tokenizer.encode(reply)
        ids = [i for i in ids if i not in chat.stop_ids]
        own[len(messages)] = given = Completion(chat.decode_reply(ids), token_ids=tuple(ids))
        seen = Message("user", "Observation:\nYou see a mug 1, and a desk 2.")
        messages = [*messages, Message("assistant", given.text), seen]
    if family == "qwen" and replies is REPLIES:
        assert quick == len(replies) - 1


def other_ids(chat, text):
    """Spell a text with other tokens than the tokenizer would choose: letter by letter."""
    return [chat.tokenizer.convert_tokens_to_ids(letter) for letter in text]


def test_sampled_ids_are_taken_where_they_spell_the_text():
    chat = ChatTokeniser(tiny_models.tokenizer("qwen"))
    spelt = other_ids(chat, "gotodesk")
    end = chat.tokenizer.convert_tokens_to_ids("<|im_end|>")
    sampled = Completion("gotodesk", token_ids=(*spelt, end), logprobs=(0.0,) * 9)
    tokens = chat.trajectory(PROMPT, steps(sampled))
    assert [i for i, turn in zip(tokens.ids, tokens.turns, strict=True) if turn == 0] == [
        *spelt,
        end,
    ]
    again = chat.trajectory(PROMPT, steps(Completion("gotodesk")))
    assert len(again) < len(tokens)
    wrong = Completion("gotomug", token_ids=(*spelt, end), logprobs=(0.0,) * 9)
    tokens = chat.trajectory(PROMPT, steps(wrong))
    assert own(chat, tokens, 0) == "gotomug<|im_end|>"


def test_the_end_of_a_reply_that_was_cut_is_not_trained(chat, family):
    cut = Completion("Action: go to", finish_reason="length")
    tokens = chat.trajectory(PROMPT, steps(cut, Completion(REPLIES[1])))
    assert own(chat, tokens, 0).strip() == "Action: go to"
    assert own(chat, tokens, 1).endswith(END[family])


def test_control_tokens_in_a_message_are_refused(chat, family):
    with pytest.raises(Unusable, match="control token"):
        chat.trajectory(PROMPT, steps(Completion(f"Action: {END[family]} go")))


def test_templates_that_hide_the_turns_are_refused():
    tokenizer = tiny_models.tokenizer("qwen")
    tokenizer.chat_template = "{{ messages | length }}"
    with pytest.raises(UsageError, match="rewrites"):
        ChatTokeniser(tokenizer).trajectory(PROMPT, steps(*map(Completion, REPLIES)))
    tokenizer.chat_template = "{% for m in messages %}{{ m.role }}:{{ m.content }}{% endfor %}"
    with pytest.raises(UsageError, match="no special token"):
        ChatTokeniser(tokenizer).trajectory(PROMPT, steps(Completion(REPLIES[0])))
    tokenizer.chat_template = (
        "{% for m in messages %}{% if m.role == 'user' %}<|im_start|>{{ m.content }}\n"
        "{% else %}{{ m.content }}\nEnd of turn {% endif %}{% endfor %}"
    )
    with pytest.raises(UsageError, match="no special token"):
        ChatTokeniser(tokenizer).trajectory(PROMPT, steps(*map(Completion, REPLIES)))
    tokenizer.chat_template = None
    with pytest.raises(UsageError, match="chat template"):
        ChatTokeniser(tokenizer)


def test_a_tokenizer_from_a_folder_gives_the_same(chat, tmp_path):
    chat.tokenizer.save_pretrained(tmp_path)
    loaded = ChatTokeniser(AutoTokenizer.from_pretrained(tmp_path))
    given = steps(*map(Completion, REPLIES))
    assert loaded.trajectory(PROMPT, given) == chat.trajectory(PROMPT, given)


def test_padding_is_on_the_right_and_masked():
    batch = collate([Tokens((5, 6, 7), (-1, 0, 0)), Tokens((8,), (-1,))])
    assert batch.ids.tolist() == [[5, 6, 7], [8, 0, 0]]
    assert batch.attention.tolist() == [[1, 1, 1], [1, 0, 0]]
    assert batch.turns.tolist() == [[-1, 0, 0], [-1, -1, -1]]


def test_a_foreign_end_is_not_trained():
    chat = ChatTokeniser(tiny_models.tokenizer("qwen"))
    foreign = chat.tokenizer.convert_tokens_to_ids("<|im_start|>")
    spelt = other_ids(chat, "gotodesk")
    tokens = chat.trajectory(PROMPT, steps(Completion("gotodesk", token_ids=(*spelt, foreign))))
    assert [i for i, t in zip(tokens.ids, tokens.turns, strict=True) if t == 0] == spelt
    assert "gotodesk<|im_end|>" in chat.tokenizer.decode(tokens.ids)
