import asyncio
import threading
import time

import orjson
import pytest

from harness.cli import main
from harness.policies import Local, Sampling, Server, make_policy
from harness.runs import read_trajectories
from stepagent_gym.errors import ContextOverflow, PolicyError, UsageError
from stepagent_gym.types import Message

torch = pytest.importorskip("torch", reason="needs the packages of the extra `train`")
transformers = pytest.importorskip("transformers")

from tiny_models import FAMILIES, chats, save_talkative  # noqa: E402

FREE = Sampling(max_tokens=24, stop=())
LONG = [Message("user", "a lamp and a chair " * 4)]


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    """Tiny matrices are slower on many threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Give the folder of a model of each family."""
    root = tmp_path_factory.mktemp("models")
    return {family: save_talkative(root / family, family) for family in FAMILIES}


@pytest.fixture(scope="module")
def llama(folders):
    return folders["llama"]


def ask(folder, chats, sampling=FREE, *, seed=0, together=True, before=None, **local):
    """Ask for a reply to each chat, at once or one by one; errors come back as values."""
    policy = make_policy(f"hf/{folder}", sampling, Server(), seed, Local(**local))
    if before is not None:
        before(policy)

    async def scenario():
        try:
            if together:
                calls = (policy.act(chat) for chat in chats)
                return await asyncio.gather(*calls, return_exceptions=True)
            return [await policy.act(chat) for chat in chats]
        finally:
            await policy.close()

    return asyncio.run(scenario())


def load(folder):
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    return model, transformers.AutoTokenizer.from_pretrained(folder)


def prompt_ids(tokenizer, chat):
    messages = [message.to_json() for message in chat]
    return tokenizer.apply_chat_template(messages, add_generation_prompt=True)["input_ids"]


@torch.inference_mode()
def greedy(model, ids, count, end):
    """Decode the plain way: the whole text through the model for every token, without a cache."""
    ids, given = list(ids), []
    while len(given) < count and end not in given:
        given.append(int(model(torch.tensor([ids + given])).logits[0, -1].argmax()))
    return given


@pytest.mark.parametrize("family", FAMILIES)
def test_a_batch_gives_what_decoding_one_at_a_time_gives(folders, family):
    asked = chats(16)
    sampling = Sampling(max_tokens=16, stop=())
    batched = ask(folders[family], asked, sampling, batch_size=7)
    alone = ask(folders[family], asked, sampling, batch_size=1, together=False, prefix_cache=0)
    model, tokenizer = load(folders[family])
    end = tokenizer.eos_token_id
    plain = [greedy(model, prompt_ids(tokenizer, chat), 16, end) for chat in asked]
    assert [list(reply.token_ids) for reply in batched] == plain
    assert [list(reply.token_ids) for reply in alone] == plain
    assert [reply.text for reply in batched] == [
        tokenizer.decode(ids, skip_special_tokens=True) for ids in plain
    ]
    assert len({reply.text for reply in batched}) > 10
    assert [reply.usage["prompt_tokens"] for reply in batched] == [
        len(prompt_ids(tokenizer, chat)) for chat in asked
    ]


@pytest.mark.parametrize("temperature", [0.0, 0.7])
def test_log_probabilities_are_those_of_a_forward_pass(llama, temperature):
    asked = chats(6)
    sampling = Sampling(temperature, max_tokens=24, stop=())
    model, tokenizer = load(llama)
    for chat, reply in zip(asked, ask(llama, asked, sampling), strict=True):
        prompt = prompt_ids(tokenizer, chat)
        with torch.inference_mode():
            logits = model(torch.tensor([[*prompt, *reply.token_ids]])).logits[0]
        scores = torch.log_softmax(logits[len(prompt) - 1 : -1], -1)
        expected = scores.gather(1, torch.tensor(reply.token_ids)[:, None])[:, 0]
        assert reply.logprobs == pytest.approx(expected.tolist(), abs=1e-4)


def test_a_stop_text_ends_a_reply_before_it(llama):
    (free,) = ask(llama, [LONG])
    stop = free.text[9:12]
    sampling = Sampling(max_tokens=24, stop=("never said", stop))
    (reply,) = ask(llama, [LONG], sampling)
    assert reply.text == free.text[: free.text.find(stop)]
    assert reply.finish_reason == "stop"
    count = len(reply.token_ids)
    assert reply.token_ids == free.token_ids[:count]
    assert reply.logprobs == pytest.approx(free.logprobs[:count], abs=1e-5)
    _, tokenizer = load(llama)
    assert tokenizer.decode(reply.token_ids).startswith(reply.text)
    assert not tokenizer.decode(reply.token_ids[:-1]).startswith(reply.text)
    assert count <= reply.usage["completion_tokens"] < 24


def test_the_token_that_ends_a_reply_is_among_its_ids(llama, tmp_path):
    (free,) = ask(llama, [LONG])
    model, tokenizer = load(llama)
    ending = next(id for n, id in enumerate(free.token_ids) if n > 4)
    place = free.token_ids.index(ending)
    model.generation_config.eos_token_id = [tokenizer.eos_token_id, ending]
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    (reply,) = ask(tmp_path, [LONG])
    assert reply.token_ids == free.token_ids[: place + 1]
    assert (reply.finish_reason, free.finish_reason) == ("stop", "length")
    assert tokenizer.eos_token not in reply.text


def test_what_does_not_fit_the_context_is_an_overflow(tmp_path):
    folder = save_talkative(tmp_path, context=64)
    _, tokenizer = load(folder)
    for words in range(1, 70):
        chat = [Message("user", "x" * words)]
        held = len(prompt_ids(tokenizer, chat))
        if held in (40, 41, 63, 64):
            (reply,) = ask(folder, [chat], Sampling(max_tokens=24, stop=()))
            if held == 40:
                assert len(reply.token_ids) == 24
            else:
                assert isinstance(reply, ContextOverflow), held
                assert str(held) in str(reply)
                assert "64" in str(reply)
    (reply,) = ask(folder, [LONG], Sampling(max_tokens=24, stop=(), context=20))
    assert isinstance(reply, ContextOverflow)


def test_a_reply_that_ends_in_time_fits(llama):
    (free,) = ask(llama, [LONG])
    held = free.usage["prompt_tokens"]
    sampling = Sampling(max_tokens=None, stop=(free.text[9:12],), context=held + 24)
    (reply,) = ask(llama, [LONG], sampling)
    assert reply.text == free.text[: free.text.find(free.text[9:12])]


def test_a_sampled_reply_depends_on_its_episode_alone(llama):
    class View:
        env_id, split, seed, turn = "env", "test", 0, 0

        def __init__(self, task_id):
            self.task_id = task_id

    def sample(tasks, seed=0, **local):
        policy = make_policy(f"hf/{llama}", Sampling(1.0, stop=(), max_tokens=12), Server(), seed,
                             Local(**local))  # fmt: skip

        async def scenario():
            acting = [policy.for_episode(View(task)) for task in tasks]
            replies = await asyncio.gather(*(episode.act(LONG) for episode in acting))
            await policy.close()
            return {task: reply.text for task, reply in zip(tasks, replies, strict=True)}

        return asyncio.run(scenario())

    tasks = [str(n) for n in range(12)]
    all_of_them = sample(tasks)
    assert len(set(all_of_them.values())) == 12
    assert sample(tasks[::-1], batch_size=5) == all_of_them
    assert sample(["7"]) == {"7": all_of_them["7"]}
    assert sample(["7"], seed=1) != {"7": all_of_them["7"]}


def test_equal_chats_outside_of_episodes_are_drawn_apart(llama):
    replies = ask(llama, [LONG] * 8, Sampling(1.0, max_tokens=12, stop=()))
    assert len({reply.text for reply in replies}) == 8


class Counting:
    """Counts the tokens that go through a model, padding included."""

    def __init__(self):
        self.tokens = 0

    def __call__(self, policy):
        model = policy._worker._decoder.model

        def count(module, arguments, keywords):
            self.tokens += keywords["input_ids"].numel()

        model.register_forward_pre_hook(count, with_kwargs=True)


@pytest.mark.parametrize("family", FAMILIES)
def test_what_an_earlier_turn_computed_is_not_computed_again(folders, family):
    first, second = "go to the kitchen " * 8, "there is a lamp and a chair here"
    turns = [Message("user", first), Message("assistant", "Action: look"), Message("user", second)]
    more = [*turns, Message("assistant", "Action: take"), Message("user", "nothing happens")]
    asked = [turns[:1], turns, more, [*turns[:2], Message("user", "a hall")]]
    with_cache, without = Counting(), Counting()
    kept = ask(folders[family], asked, together=False, before=with_cache)
    fresh = ask(folders[family], asked, together=False, before=without, prefix_cache=0)
    assert [reply.token_ids for reply in kept] == [reply.token_ids for reply in fresh]
    generated = sum(len(reply.token_ids) - 1 for reply in kept)
    prompts = [reply.usage["prompt_tokens"] for reply in kept]
    assert without.tokens == sum(prompts) + generated
    assert with_cache.tokens < 0.6 * sum(prompts) + generated


def test_what_prompts_of_a_batch_begin_with_is_computed_once(llama):
    asked = [[Message("user", "a lamp and a chair " * 20 + f"number {n}")] for n in range(8)]
    sampling = Sampling(max_tokens=2, stop=())
    with_cache, without = Counting(), Counting()
    kept = ask(llama, asked, sampling, before=with_cache)
    fresh = ask(llama, asked, sampling, before=without, prefix_cache=0)
    assert [reply.token_ids for reply in kept] == [reply.token_ids for reply in fresh]
    assert with_cache.tokens < without.tokens / 4


def test_little_room_for_earlier_turns_changes_no_reply(llama):
    asked = chats(16) * 2
    small = ask(llama, asked, batch_size=4, prefix_cache=0.0003)
    assert [r.token_ids for r in small] == [r.token_ids for r in ask(llama, asked)]


def test_closing_ends_what_waits(llama):
    async def scenario():
        sampling = Sampling(max_tokens=1500, stop=())
        policy = make_policy(f"hf/{llama}", sampling, Server(), 0, Local(batch_size=2))
        begun = threading.Event()

        def dawdle(module, arguments):
            begun.set()
            time.sleep(0.02)  # so that no reply is complete before the policy is closed

        policy._worker._decoder.model.register_forward_pre_hook(dawdle)
        calls = [asyncio.create_task(policy.act(chat)) for chat in chats(5)]
        await asyncio.to_thread(begun.wait)
        await policy.close()
        await policy.close()
        ended = await asyncio.gather(*calls, return_exceptions=True)
        with pytest.raises(PolicyError, match="closed"):
            await policy.act(LONG)
        return ended

    for error in asyncio.run(scenario()):
        assert isinstance(error, PolicyError)
        assert "closed" in str(error)
    assert "hf-model" not in {thread.name for thread in threading.enumerate()}


def test_a_call_that_is_given_up_disturbs_no_other(llama):
    async def scenario():
        policy = make_policy(f"hf/{llama}", FREE, Server(), 0, Local(batch_size=2))
        calls = [asyncio.create_task(policy.act(chat)) for chat in chats(8)]
        await asyncio.sleep(0.02)
        for call in calls[::2]:
            call.cancel()
        ended = await asyncio.gather(*calls, return_exceptions=True)
        await policy.close()
        return ended[1::2]

    expected = ask(llama, chats(8)[1::2])
    assert [r.token_ids for r in asyncio.run(scenario())] == [r.token_ids for r in expected]


def test_a_fault_of_the_model_ends_the_replies_it_met_and_no_others(llama):
    def break_first(policy):
        model = policy._worker._decoder.model
        calls = iter(range(10**6))

        def fail(module, arguments):
            if next(calls) == 3:
                raise RuntimeError("device-side assert")

        model.register_forward_pre_hook(fail)

    replies = ask(llama, chats(6), batch_size=2, before=break_first)
    faults = [reply for reply in replies if isinstance(reply, Exception)]
    assert 1 <= len(faults) <= 2
    for fault in faults:
        assert isinstance(fault, PolicyError)
        assert "device-side assert" in str(fault)
    expected = ask(llama, chats(6))
    for reply, wanted in zip(replies, expected, strict=True):
        assert reply in faults or reply.token_ids == wanted.token_ids


def test_a_chat_that_the_template_refuses_is_an_error_of_its_episode(folders):
    user = Message("user", "a")
    (error,) = ask(folders["mistral"], [[user, user]])
    assert isinstance(error, PolicyError)
    assert "roles must alternate" in str(error)


def test_models_that_cannot_be_asked_are_named(llama, tmp_path):
    with pytest.raises(UsageError, match="made for 2048"):
        make_policy(f"hf/{llama}", Sampling(context=4096), Server())
    for device in ("tpu", "cuda:x", "cuda:99"):
        with pytest.raises(UsageError, match="--device"):
            make_policy(f"hf/{llama}", Sampling(), Server(), 0, Local(device=device))
    model, tokenizer = load(llama)
    model.save_pretrained(tmp_path / "bare")
    tokenizer.chat_template = None
    tokenizer.save_pretrained(tmp_path / "bare")
    with pytest.raises(UsageError, match="no chat template"):
        make_policy(f"hf/{tmp_path / 'bare'}", Sampling(), Server())
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "config.json").write_text("{")
    with pytest.raises(UsageError, match="cannot be loaded"):
        make_policy(f"hf/{tmp_path / 'broken'}", Sampling(), Server())


def test_models_with_other_caches_are_refused(llama, tmp_path):
    _, tokenizer = load(llama)
    config = transformers.MambaConfig(
        vocab_size=len(tokenizer), hidden_size=16, state_size=4, num_hidden_layers=1
    )
    transformers.AutoModelForCausalLM.from_config(config).save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    with pytest.raises(UsageError, match="mamba"):
        make_policy(f"hf/{tmp_path}", Sampling(context=64), Server())


def test_an_evaluation_resumes_and_finishes(tmp_path, capsys):
    folder = save_talkative(tmp_path / "model", context=8192)
    run = tmp_path / "run"

    def evaluate(*arguments):
        return main(["eval", *map(str, arguments)])

    status = evaluate(
        "--env", "stepagent/WebShop-v0", "--model", folder, "--limit", 4, "--max-turns", 3,
        "--examples", 0, "--max-tokens", 12, "--device", "cpu", "--temperature", 0.5, "--out", run,
    )  # fmt: skip
    assert status == 0
    header = orjson.loads((run / "run.json").read_bytes())
    assert header["config"]["model"] == f"hf/{folder}"
    calm = {trajectory.key: trajectory for trajectory in read_trajectories(run)}
    assert len(calm) == 4
    for trajectory in calm.values():
        assert len(trajectory.steps) == 3
        for step in trajectory.steps:
            assert len(step.completion.token_ids) == len(step.completion.logprobs) > 0
    lines = (run / "trajectories.jsonl").read_bytes().splitlines(keepends=True)
    (run / "trajectories.jsonl").write_bytes(b"".join(lines[:2]) + lines[2][:40])
    assert evaluate("--resume", run, "--batch-size", 1, "--prefix-cache", 0) == 0
    resumed = {trajectory.key: trajectory for trajectory in read_trajectories(run)}
    assert {key: [s.completion.token_ids for s in t.steps] for key, t in resumed.items()} == {
        key: [s.completion.token_ids for s in t.steps] for key, t in calm.items()
    }
    capsys.readouterr()
    assert evaluate("--resume", run, "--dtype", "bfloat16") == 2
    assert "sampling.dtype: 'auto' then, 'bfloat16' now" in capsys.readouterr().err
