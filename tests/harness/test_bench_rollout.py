import asyncio

import orjson
import pytest

from harness.bench_rollout import Answers, SleepingPolicy, ideal_ends, run_bench_rollout
from harness.cli import main
from stepagent_gym.types import Message

WEBSHOP = "stepagent/WebShop-v0"


@pytest.mark.parametrize(
    ("durations", "slots", "ends"),
    [
        ([3, 1, 2], 1, [3, 4, 6]),
        ([3, 1, 2], 2, [3, 1, 3]),
        ([3, 1, 2, 5], 2, [3, 1, 3, 8]),
        ([3, 1, 2], 9, [3, 1, 2]),
    ],
)
def test_the_ideal_takes_episodes_in_order_as_slots_get_free(durations, slots, ends):
    assert ideal_ends(durations, slots) == ends


def test_answers_follow_the_task_and_the_turn():
    answers = Answers({"task a": ["a1", "a2"], "task b": ["b1"]}, place=2)
    assert answers(["do it", "OK", "task a"]) == "a1"
    assert answers(["do it", "OK", "task a", "a1", "seen"]) == "a2"
    assert answers(["do it", "OK", "task b", "b1", "seen"]) == "b1"
    contents = [{"content": text} for text in ("do it", "OK", "task b")]
    assert answers.of_request({"messages": contents}) == "b1"


def test_only_one_turn_of_one_episode_is_late():
    class View:
        def __init__(self, task_id, seed):
            self.task_id, self.seed = task_id, seed

    async def seconds(policy):
        loop = asyncio.get_running_loop()
        began = loop.time()
        await policy.act([Message("user", "t")])
        return loop.time() - began

    async def scenario():
        policy = SleepingPolicy(Answers({"t": ["x"]}, place=0), 0.0, late="t", wait=0.5)
        late = policy.for_episode(View("t", 0))
        others = [policy.for_episode(View(*key)) for key in (("t", 1), ("u", 0))]
        return [await seconds(p) >= 0.5 for p in (late, late, *others)]

    assert asyncio.run(scenario()) == [True, False, False, False]


def test_the_bench_measures_every_way_to_play(tmp_path, capsys):
    out = tmp_path / "figures.json"
    options = ["--delay", "0.05", "--in-flight", "16", "--served", "4", "--practised", "0"]
    status = run_bench_rollout(
        ["--env", WEBSHOP, *options, "--seconds", "1", "--straggler", "2", "--out", str(out)]
    )
    assert status == 0
    printed = capsys.readouterr().out
    result = orjson.loads(out.read_bytes())[WEBSHOP]
    assert "practice" not in result
    figures = result["figures"]
    assert [row["at once"] for row in figures.values()] == [1, 16, 16, 4]
    for name, row in figures.items():
        assert name in printed
        assert 0 < row["share"] <= 1.0, name
        assert row["turns a second"] == pytest.approx(row["turns"] / row["seconds"])
        assert row["ideal"] <= row["at once"] / 0.05
    others = figures["others than one that waits 2 s"]
    assert others["turns"] < figures["in the process"]["turns"]


QUICK = ["--delay", "0.01", "--in-flight", "2", "--served", "2", "--seconds", "0.1"]


def test_practice_is_measured_where_training_is_installed(tmp_path, capsys):
    pytest.importorskip("torch", reason="training needs the extra train")
    out = tmp_path / "figures.json"
    options = [*QUICK, "--straggler", "0.1", "--practised", "1", "--out", str(out)]
    assert run_bench_rollout(["--env", WEBSHOP, *options]) == 0
    practice = orjson.loads(out.read_bytes())[WEBSHOP]["practice"]
    printed = capsys.readouterr().out
    assert list(practice) == ["shared", "batched", "sequential"]
    for way, row in practice.items():
        assert way in printed
        assert row["states"] >= 3


def test_the_base_install_measures_the_rest(tmp_path, monkeypatch):
    monkeypatch.setattr("harness.bench_rollout.find_spec", lambda name: None)
    out = tmp_path / "figures.json"
    options = [*QUICK, "--straggler", "0.1", "--out", str(out)]
    assert run_bench_rollout(["--env", WEBSHOP, *options]) == 0
    assert "practice" not in orjson.loads(out.read_bytes())[WEBSHOP]


def test_bench_names_what_it_measures(capsys):
    assert main(["bench", "rollouts"]) == 2
    assert "bench env|rollout" in capsys.readouterr().err
