"""The environment: episodes, scores against the published metrics, snapshots, hostile replies."""

import json
import random
import time
from statistics import mean

import pytest
import websites
from hypothesis import given, settings
from hypothesis import strategies as st
from mind2web_metrics import published_steps

from stepagent_gym.envs.mind2web.env import Mind2WebEnv
from stepagent_gym.envs.mind2web.store import Store
from stepagent_gym.errors import UsageError

PROTOCOLS = ["official", "agentbench", "clean"]


def make(data, **keywords):
    return Mind2WebEnv(data=data, **{"split": "all", "action_format": "bare", **keywords})


def play(env, task, answer):
    """Play a task: every turn's result."""
    turns = [(*env.reset(options={"task": task}),)]
    over = False
    while not over:
        turns.append(env.step(answer(env)))
        over = turns[-1][2] or turns[-1][3]
    return turns


def oracle(env):
    return env.expert()[1]


def random_policy(seed):
    rng = random.Random(seed)
    return lambda env: env.explore(rng.getrandbits(30))


def assert_found_averages(metrics, info):
    """Averages over the steps with a positive, from the verdicts that `info` lists."""
    found = [verdict for verdict in info["verdicts"] if verdict["positive_in_top_k"]]
    assert metrics.get("steps_found", 0) == info["steps"] - info["steps_without_positive"]
    for name in ("element_acc", "op_f1", "step_success"):
        if found and info["step"] == info["steps"] - 1:
            expected = sum(verdict[name] for verdict in found) / metrics["steps_found"]
            assert metrics[f"{name}_found"] == pytest.approx(expected)


def test_a_question_is_written_as_published(tmp_path):
    html = (
        '<html backend_node_id="1"> <button backend_node_id="2" title="Go"> </button> '
        '<select backend_node_id="3"> <option backend_node_id="4" value="pickup"> </option> '
        "</select> </html>"
    )
    task = websites.task("a", 2)
    for action in task["actions"]:
        action["cleaned_html"] = html
        action["operation"] = {"op": "SELECT", "value": "Pick up."}
        action["pos_candidates"] = [{"backend_node_id": "3"}]
        action["neg_candidates"] = [{"backend_node_id": "2"}]
    source = tmp_path / "train.json"
    source.write_text(json.dumps([task]))
    env = make(websites.prepared(source, tmp_path / "data"))
    first, info = env.reset(options={"task": "a"})
    assert first == (
        "'''\n"
        "<html> <button id=0 go> </button> "
        "<select id=1> <option pickup> </option> </select> </html>\n"
        "'''\n\n"
        "Based on the HTML webpage above, try to complete the following task:\n"
        "Task: Book a table of a\n"
        "Previous actions:\nNone\n"
        "What should be the next action? Please select from the following choices (If the correct "
        "action is not in the page above, please select A. 'None of the above'):\n\n"
        "A. None of the above\n"
        "B. <button id=0 go> </button>\n"
        "C. <select id=1> <option pickup> </option> </select>"
    )
    assert info["available_actions"] == ["Answer: A", "Answer: B", "Answer: C"]
    second, reward, *_ = env.step("Answer: C.\nAction: SELECT\nValue: Pick up.")
    assert "Previous actions:\n[button]  a 0 -> CLICK\nWhat should" in second
    assert reward == 0.5
    *_, terminated, _, info = env.step("Answer: C. Action: SELECT, Value: Pick up.")
    assert terminated
    assert info["success"]
    assert info["score"] == 1.0


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("top_k", [1, 2, 6, 11, 50])
def test_verdicts_are_the_published_ones(tmp_path, protocol, top_k):
    rng = random.Random(f"{protocol} {top_k}")
    tasks = [websites.task(f"t{number}", 4) for number in range(30)]
    ranks = {}
    for task in tasks:
        task["actions"] = [
            websites.action(rng, f"{place}", candidates=12, positives=rng.choice([0, 1, 8]))
            for place in range(4)
        ]
        for action in task["actions"]:
            records = action["pos_candidates"] + action["neg_candidates"]
            order = rng.sample(range(len(records)), len(records))
            names = (record["backend_node_id"] for record in records)
            sample = f"{task['annotation_id']}_{action['action_uid']}"
            ranks[sample] = dict(zip(names, order, strict=True))
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "train.json").write_text(json.dumps(tasks))
    (tmp_path / "sources" / "ranks.json").write_text(json.dumps(ranks))
    env = make(
        websites.prepared(tmp_path / "sources", tmp_path / "data"), protocol=protocol, top_k=top_k
    )
    elements = 0
    for task in tasks:
        replies = [
            (rng.choice("ABCDEF"), rng.choice(["CLICK", "TYPE 5", "SELECT 5 p.m."]))
            for _ in range(99)
        ]
        texts = iter([written(*reply) for reply in replies])
        info = play(env, task["annotation_id"], scripted(texts))[-1][4]
        expected = list(published_steps(task, ranks, top_k, protocol, iter(replies)))
        found = [tuple(verdict.values())[:3] for verdict in info["verdicts"]]
        assert found == expected
        elements += sum(step[0] for step in expected)
        assert info["success"] == all(step[2] for step in expected)
        for key, values in zip(
            ("element_acc", "op_f1", "step_success"), zip(*expected, strict=True), strict=True
        ):
            assert info[key] == pytest.approx(mean(values))
    assert elements or (top_k == 1 and protocol != "clean")


def scripted(texts):
    return lambda env: next(texts)


def written(letter, operation):
    op, _, value = operation.partition(" ")
    return f"Answer: {letter}.\nAction: {op}\nValue: {value}"


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("top_k", [1, 3, 8, 50])
@pytest.mark.parametrize("policy", [oracle, random_policy(1), lambda env: "Answer: A"])
def test_an_episode_adds_up(small_data, protocol, top_k, policy):
    env, store = make(small_data, protocol=protocol, top_k=top_k), Store.open(small_data)
    found = possible = 0
    for task in env.task_ids:
        turns = play(env, task, policy)
        info, ranks = turns[-1][4], store.task(task).best_ranks
        assert len(info["verdicts"]) == info["steps"]
        assert info["score"] == pytest.approx(sum(turn[1] for turn in turns[1:]))
        assert info["score"] == info["element_acc"]
        for verdict, rank in zip(info["verdicts"], ranks, strict=True):
            assert verdict["positive_in_top_k"] == (rank < top_k)
            assert verdict["positive_in_top_k"] or verdict["element_acc"] == verdict["op_f1"] == 0
        assert info["steps_without_positive"] == sum(rank >= top_k for rank in ranks)
        metrics = env.metrics()
        assert {key: metrics[key] for key in env.metric_keys} == {
            key: info[key] for key in env.metric_keys
        }
        assert_found_averages(metrics, info)
        found += sum(verdict["element_acc"] for verdict in info["verdicts"])
        possible += sum(rank < top_k for rank in ranks)
    if policy is oracle and (protocol == "clean" or top_k > 1):
        assert found == possible


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_oracle_is_right_on_every_real_step(real_data, protocol):
    env = make(real_data, protocol=protocol)
    for task in env.task_ids:
        assert play(env, task, oracle)[-1][4]["success"]


def test_a_mixed_reward_is_half_element_half_operation(small_data):
    env = make(small_data, reward="mixed")
    for task in env.task_ids[:5]:
        turns = play(env, task, lambda env: env.expert()[1].partition("\nAction")[0])
        info = turns[-1][4]
        assert info["element_acc"] == 1
        assert info["op_f1"] == 0
        assert info["score"] == pytest.approx(0.5)
        assert sum(turn[1] for turn in turns[1:]) == pytest.approx(0.5)
        assert not info["success"]


def test_the_order_of_questions_belongs_to_the_task(small_data):
    first = [play(make(small_data), task, oracle) for task in ("domain-0", "domain-1")]
    env = make(small_data, split="test")
    env.reset(seed=5)
    assert [play(env, task, oracle) for task in ("domain-0", "domain-1")] == first


def test_a_step_without_a_positive_is_passed_over(small_data):
    store, env = Store.open(small_data), make(small_data, top_k=6)
    task = next(
        task
        for task in map(store.task, env.task_ids)
        if task.best_ranks[0] >= 6 and min(task.best_ranks) < 6
    )
    _, info = env.reset(options={"task": task.id})
    assert info["step"] == next(i for i, rank in enumerate(task.best_ranks) if rank < 6)
    assert info["verdicts"][0] == {
        "element_acc": 0,
        "op_f1": 0,
        "step_success": 0,
        "positive_in_top_k": False,
    }


def test_a_task_without_positives_is_one_question_without_choices(small_data):
    store, env = Store.open(small_data), make(small_data, top_k=1)
    task = next(task for task in env.task_ids if min(store.task(task).best_ranks) > 0)
    observation, info = env.reset(options={"task": task})
    assert info["available_actions"] == ["Answer: A"]
    assert observation.endswith("\n\nA. None of the above")
    _, reward, terminated, _, info = env.step(oracle(env))
    assert terminated
    assert reward == info["score"] == 0
    assert len(info["verdicts"]) == info["steps"]


@pytest.mark.parametrize("parsing", ["strict", "lenient"])
@pytest.mark.parametrize("action_format", ["react", "bare"])
def test_a_reply_without_a_letter(small_data, parsing, action_format):
    env = make(small_data, action_format=action_format, parsing=parsing)
    first, _ = env.reset(options={"task": 0})
    second, reward, terminated, _, info = env.step("I do not know.")
    assert not info["valid"]
    assert (reward, terminated, info["turn"]) == (0, False, 1)
    if (action_format, parsing) == ("react", "lenient"):
        assert info["round"] == 0
        assert second.startswith("No action was found")
    else:
        other = make(small_data)
        other.reset(options={"task": 0})
        assert second == other.step("Answer: A")[0]
        assert info["round"] == 1


def test_a_letter_beyond_the_choices_is_not_valid(small_data):
    env = make(small_data, top_k=3)
    env.reset(options={"task": "domain-3"})
    *_, info = env.step("Answer: F")
    assert not info["valid"]
    assert info["verdicts"][-1]["element_acc"] == 0


def test_the_default_turn_limit_cuts_no_task(small_data):
    for protocol in PROTOCOLS:
        env = make(small_data, protocol=protocol)
        for task in env.task_ids:
            for policy in (random_policy(task), lambda env: "", lambda env: "Answer: B"):
                assert play(env, task, policy)[-1][2]


def test_the_operation_of_a_labelled_reply_is_read(small_data):
    env = make(small_data, action_format="react")
    for task in env.task_ids[:6]:
        info = play(env, task, lambda env: "Thought: {}\nAction: {}".format(*env.expert()))[-1][4]
        assert info["success"]


def test_wrong_keywords_are_refused(small_data):
    for keywords in (
        {"protocol": "fair"},
        {"reward": "f1"},
        {"top_k": 0},
        {"top_k": True},
        {"top_k": 51},
        {"split": "test_everything"},
    ):
        with pytest.raises(UsageError):
            make(small_data, **keywords)


REPLIES = st.one_of(
    st.text(max_size=80),
    st.sampled_from(["Answer: A", "Answer: B\nAction: CLICK", "Answer: F", "Answer: G", ""]),
    st.builds("Answer: {}\nAction: {}\nValue: {}".format, st.text(), st.text(), st.text()),
    st.just("Answer: " * 100_000),
    st.just("Value: " + "x " * 100_000),
)
FORMS = st.fixed_dictionaries(
    {
        "protocol": st.sampled_from(PROTOCOLS),
        "action_format": st.sampled_from(["react", "bare"]),
        "parsing": st.sampled_from(["lenient", "strict"]),
        "top_k": st.sampled_from([1, 2, 6, 50]),
    }
)


@settings(max_examples=50)
@given(st.lists(REPLIES, max_size=30), FORMS, st.integers(0, 25))
def test_any_reply_is_answered(small_data, replies, keywords, task):
    env = make(small_data, **keywords)
    env.reset(options={"task": task})
    for turn, reply in enumerate(replies, start=1):
        observation, reward, terminated, truncated, info = env.step(reply)
        assert isinstance(observation, str)
        assert 0 <= reward <= 1
        assert info["turn"] == turn
        if terminated or truncated:
            break


@settings(max_examples=50)
@given(FORMS, st.integers(0, 25), st.integers(0, 1000), st.integers(0, 40))
def test_restoring_equals_continuing(small_data, keywords, task, seed, moment):
    env, rng = make(small_data, **keywords), random.Random(seed)
    env.reset(options={"task": task})
    saved, rest, over = env.snapshot(), [], False
    for turn in range(200):
        if over:
            break
        if turn == moment:
            saved, rest = json.loads(json.dumps(env.snapshot())), []
        reply = rng.choice([oracle, random_policy(rng.random()), lambda env: "hm"])(env)
        rest.append((reply, env.step(reply)))
        over = rest[-1][1][2]
    other = make(small_data, **keywords)
    other.reset(options={"snapshot": saved})
    assert [other.step(reply) for reply, _ in rest] == [result for _, result in rest]


def test_a_turn_takes_less_than_a_millisecond(tmp_path):
    rng = random.Random(0)
    task = websites.task("large", 2)
    task["actions"] = [
        websites.action(rng, f"large-{step}", candidates=400, elements=2000) for step in range(2)
    ]
    source = tmp_path / "train.json"
    source.write_text(json.dumps([task]))
    env = make(websites.prepared(source, tmp_path / "data"))
    best = []
    for _ in range(5):
        env.reset(options={"task": 0})
        started, turns, over = time.perf_counter(), 0, False
        while not over:
            turns += 1
            over = env.step("Answer: B")[2]
        best.append((time.perf_counter() - started) / turns)
    assert min(best) < 0.001
