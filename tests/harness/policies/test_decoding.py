import random

import pytest

torch = pytest.importorskip("torch", reason="needs the packages of the extra `train`")
pytest.importorskip("transformers")

import tiny_models  # noqa: E402

from harness.policies.decoding import Decoder, Row, draw  # noqa: E402


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    """Tiny matrices are slower on many threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


class Counting:
    """Counts the tokens that go through a model, padding included, and the passes."""

    def __init__(self, model):
        self.tokens = self.passes = 0
        model.register_forward_pre_hook(self, with_kwargs=True)

    def __call__(self, module, arguments, keywords):
        self.tokens += keywords["input_ids"].numel()
        self.passes += 1


def ids(count, seed=0):
    rng = random.Random(seed)
    return [rng.randrange(1, 60) for _ in range(count)]


def rows(prompts, limit=12):
    return [Row(prompt, limit, random.Random(n)) for n, prompt in enumerate(prompts)]


def decoder(model, **options):
    return Decoder(model.eval(), lambda ids: ids[-1] == 0, **options)


def decode(model, prompts, batch=64, limit=12, **options):
    asked = rows(prompts, limit)
    decoder(model, **options).decode(asked, batch)
    return asked


@pytest.mark.parametrize("family", tiny_models.FAMILIES)
def test_greedy_is_transformers_greedy_whatever_the_batch(family):
    model = tiny_models.model(family, 60, seed=3).eval()
    prompts = [ids(n, seed=n) for n in (3, 9, 5, 14, 70)]
    together = decode(model, prompts)
    for row in together:
        theirs = model.generate(
            torch.tensor([row.prompt]),
            attention_mask=torch.ones(1, len(row.prompt), dtype=torch.long),
            max_new_tokens=12,
            do_sample=False,
        )
        assert row.ids == theirs[0, len(row.prompt) :].tolist()
        assert len(row.logprobs) == len(row.ids)
    for batch in (1, 2):
        again = decode(model, prompts, batch, kept_bytes=1 << 20)
        assert [row.ids for row in again] == [row.ids for row in together]


def test_sampling_follows_the_model_and_the_temperature():
    model = tiny_models.model("llama", 12, seed=4)
    with torch.no_grad():
        logits = model(torch.tensor([[5, 6, 7]])).logits[0, -1] * 4
        model.lm_head.weight.mul_(4)
    for temperature in (1.0, 0.25):
        drawn = decode(model, [[5, 6, 7]] * 4000, 4000, limit=1, temperature=temperature)
        counts = torch.bincount(torch.tensor([row.ids[0] for row in drawn]), minlength=12) / 4000
        expected = torch.softmax(logits / temperature, -1)
        assert float((counts - expected).abs().max()) < 0.03


def test_what_is_drawn_does_not_depend_on_the_batch():
    model = tiny_models.model("llama", 60)
    prompts = [ids(n, seed=n) for n in range(2, 40)]
    expected = [row.ids for row in decode(model, prompts, 1, temperature=1.0)]
    assert len(set(map(tuple, expected))) == len(prompts)
    for batch in (5, 64):
        for kept in (0, 1 << 24):
            found = decode(model, prompts, batch, temperature=1.0, kept_bytes=kept)
            assert [row.ids for row in found] == expected


def test_tokens_are_drawn_as_often_as_they_are_likely():
    shares = torch.tensor([0.1, 0.6, 0.05, 0.25])
    rng = random.Random(0)
    drawn = [rng.random() for _ in range(4000)]

    def frequencies(temperature, top_p):
        tokens = draw(shares.log().expand(4000, 4), drawn, temperature, top_p)
        return (torch.bincount(tokens, minlength=4) / 4000).tolist()

    assert frequencies(1.0, 1.0) == pytest.approx(shares.tolist(), abs=0.03)
    sharper = shares**2 / (shares**2).sum()
    assert frequencies(0.5, 1.0) == pytest.approx(sharper.tolist(), abs=0.03)
    assert frequencies(1.0, 0.7) == pytest.approx([0, 0.6 / 0.85, 0, 0.25 / 0.85], abs=0.03)
    assert frequencies(1.0, 1e-6) == [0, 1, 0, 0]
    edge = draw(shares.log()[None], [1 - 2**-53], 1.0, 1.0)
    assert edge.tolist() == [3]


@pytest.mark.parametrize("family", tiny_models.FAMILIES)
def test_long_replies_and_rows_that_come_and_go_move_nothing(family):
    """The table is laid out anew and places are taken over, while others are decoded."""
    model = tiny_models.model(family, 60, seed=3)
    prompts = [ids(1 + 37 * n % 101, seed=n) for n in range(9)]
    asked = [Row(p, 10 + 50 * (n % 4), random.Random(n)) for n, p in enumerate(prompts)]
    alone = [Row(row.prompt, row.limit, random.Random(n)) for n, row in enumerate(asked)]
    together = Decoder(model.eval(), lambda ids: False, temperature=1.0, kept_bytes=1 << 18)
    together.decode(asked, 4)
    for row, other in zip(asked, alone, strict=True):
        Decoder(model, lambda ids: False, temperature=1.0).decode([other], 1)
        assert row.ids == other.ids
        assert row.logprobs == pytest.approx(other.logprobs, abs=1e-4)


def test_what_the_weights_were_is_forgotten_when_they_change():
    model = tiny_models.model("llama", 60)
    kept = decoder(model, temperature=1.0, kept_bytes=1 << 24)
    kept.decode(rows([ids(40)]), 1)
    count = Counting(model)
    kept.decode(rows([ids(40)], limit=1), 1)
    assert count.tokens == 1
    with torch.no_grad():
        model.lm_head.weight.mul_(2)
    asked = rows([ids(40)])
    kept.decode(asked, 1)
    assert count.tokens == 1 + 40 + len(asked[0].ids) - 1
    assert asked[0].ids == decode(model, [ids(40)], temperature=1.0)[0].ids


def test_rows_with_much_to_compute_do_not_burden_the_others():
    model = tiny_models.model("llama", 60)
    long, short = ids(400), [ids(20, seed=n) for n in range(1, 8)]
    counting = decoder(model)
    counting.decode(rows([ids(3)], limit=1), 1)
    count = Counting(model)
    counting.decode(rows([*short, long], limit=1), 64)
    assert (count.tokens, count.passes) == (7 * 20 + 400, 2)


def test_what_is_read_is_computed_once():
    model = tiny_models.model("llama", 60)
    chats = [ids(300), ids(200, seed=1)]
    reading = decoder(model, temperature=1.0)
    places = [(0, 9), (1, 150), (0, 300), (1, 200)]
    asked = [Row(chats[chat][:length], 5, random.Random(length)) for chat, length in places]
    count = Counting(model)
    reading.read([chats[0][:-1], chats[1][:-1]])
    reading.decode(asked, 64)
    assert count.tokens <= 1 + 2 * 299 + 4 * 5
    for row in asked:
        alone = [Row(row.prompt, 5, random.Random(len(row.prompt)))]
        decoder(model, temperature=1.0).decode(alone, 1)
        assert alone[0].ids == row.ids
