"""The actor of the Ray engine, in this process."""

import asyncio
import sys

import pytest

from harness.cli import main
from harness.ray_player import Answer, Job, Player
from stepagent_gym.datasets import load_prompt
from stepagent_gym.errors import UsageError
from stepagent_gym.policy import OraclePolicy
from stepagent_gym.react import reply
from stepagent_gym.rollout import Start
from stepagent_gym.types import Completion

WEBSHOP = "stepagent/WebShop-v0"


def job(policy=None, **changes):
    options = {
        "env_id": WEBSHOP, "env_options": {"split": "train", "max_turns": 2},
        "prompt": load_prompt("webshop"), "examples": 0, "concurrency": 3, "retries": 0,
        "overflow": "drop-oldest", "policy": policy, **changes,
    }  # fmt: skip
    return Job(**options)


def test_starts_may_come_at_any_time():
    async def scenario():
        player = Player(job(OraclePolicy(), env_options={"split": "train"}))
        tasks = []
        for some in (["250", "251"], [], ["252"], ["253", "254", "255", "256"]):
            await player.send([Start(task) for task in some], [])
            while len(tasks) < 1 and some:
                tasks += [t.task_id for t in (await player.receive()).trajectories]
        while len(tasks) < 7:
            tasks += [t.task_id for t in (await player.receive()).trajectories]
        return tasks

    assert sorted(asyncio.run(scenario())) == [str(task) for task in range(250, 257)]


def answered(results):
    """Play one episode whose questions get these results in turn: trajectory and questions."""

    async def scenario():
        player = Player(job())
        await player.send([Start("250", 3)], [])
        questions = []
        while True:
            report = await player.receive()
            if report.trajectories:
                return report.trajectories[0], questions
            for question in report.questions:
                answer = Answer(question.number, results[len(questions)])
                questions.append(question)
                await player.send([], [answer])

    return asyncio.run(scenario())


def test_chats_go_out_and_replies_come_back():
    replies = [reply("t", "search[shoes]"), reply("t", "click[nothing]")]
    trajectory, questions = answered([Completion(text) for text in replies])
    assert [step.completion.text for step in trajectory.steps] == replies
    assert [(q.episode, q.task_id, q.seed, q.turn, q.split) for q in questions] == [
        (0, "250", 3, 0, "train"), (0, "250", 3, 1, "train"),
    ]  # fmt: skip
    assert questions[1].messages[-2].content == replies[0]


def test_errors_of_the_policy_arrive_as_what_they_are():
    good = Completion(reply("t", "search[shoes]"))
    trajectory, _ = answered([("PolicyError", "no reply")])
    assert (trajectory.status, trajectory.error) == ("error", "policy: no reply")
    trajectory, _ = answered([("KeyError", "'x'")])
    assert trajectory.error == "unexpected: KeyError: 'x'"
    trajectory, questions = answered([good, ("ContextOverflow", "too long"), good])
    assert trajectory.status == "truncated"
    assert trajectory.steps[1].dropped == {"turns": 1}
    assert len(questions[2].messages) < len(questions[1].messages)


def test_what_ends_a_rollout_is_raised():
    async def scenario():
        player = Player(job(OraclePolicy(), env_options={"split": "no such"}))
        await player.send([Start("250")], [])
        await player.receive()

    with pytest.raises(UsageError, match="no such"):
        asyncio.run(scenario())


def test_without_ray_the_extra_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ray", None)
    arguments = ["--model", "oracle", "--env", WEBSHOP, "--engine", "ray", "--limit", "2"]
    assert main(["eval", *arguments, "--out", str(tmp_path / "run")]) == 2
    assert "pip install 'stepagent-gym[ray]'" in " ".join(capsys.readouterr().err.split())
