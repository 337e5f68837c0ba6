import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import guess  # noqa: F401 - registers the example
import gymnasium
import pytest

from stepagent_gym.errors import ContextOverflow, PolicyError, UsageError
from stepagent_gym.policy import OraclePolicy, RandomPolicy, ReplayPolicy
from stepagent_gym.react import Demonstration, Prompt, render
from stepagent_gym.rollout import Start, rollout
from stepagent_gym.types import Completion

ENV = "guess:test/Guess-v0"


def children():
    """The processes that this one has started and not yet seen the end of."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == os.getpid():
                found.add(int(stat.parent.name))
    return found


PROMPT = Prompt("Guess.", {"react": "", "bare": ""}, "OK", "Observation: {observation}", (), "")


def play(starts, policy, **options):
    options = {"prompt": PROMPT, "examples": 0, **options}

    async def gather():
        return [trajectory async for trajectory in rollout(ENV, starts, policy, **options)]

    return asyncio.run(gather())


class Scripted:
    """Answers by the number of the turn; the last answer is repeated."""

    def __init__(self, *replies, delay=0.0):
        self.replies = replies
        self.delay = delay
        self.at_once = self.peak = 0
        self.chats = []

    async def act(self, messages):
        self.at_once += 1
        self.peak = max(self.peak, self.at_once)
        self.chats.append(list(messages))
        await asyncio.sleep(self.delay)
        self.at_once -= 1
        turn = sum(message.role == "assistant" for message in messages) - 1
        reply = self.replies[min(turn, len(self.replies) - 1)]
        if isinstance(reply, Exception):
            raise reply
        return Completion(reply)

    async def close(self):
        pass


def test_the_oracle_wins_every_episode():
    trajectories = play([Start(i) for i in range(50)], OraclePolicy())
    assert sorted(t.task_id for t in trajectories) == sorted(f"game-{i}" for i in range(50))
    for trajectory in trajectories:
        assert (trajectory.status, trajectory.reward, trajectory.success) == ("finished", 1.0, True)
        assert trajectory.metrics == {"turns": 1.0, "invalid_turns": 0.0, "distance": 0.0}
        assert trajectory.steps[0].action == f"guess {trajectory.steps[0].action.split()[1]}"
        assert "available_actions" not in trajectory.steps[0].info


def test_the_chat_is_the_rendered_episode():
    policy = Scripted("Action: look")
    (trajectory,) = play([Start(0)], policy, env_options={"max_turns": 2})
    assert [message.content for message in policy.chats[1]][2:] == [
        "Guess a number from 1 to 20.",
        "Action: look",
        "Observation: Nothing happens.",
    ]
    assert trajectory.status == "truncated"
    assert trajectory.metrics["invalid_turns"] == 2


def test_random_episodes_depend_on_task_and_seed_alone():
    starts = [Start(i, seed) for i in range(10) for seed in (0, 1)]
    runs = [
        {t.key: t for t in play(starts, RandomPolicy(), concurrency=n, workers=w)}
        for n, w in ((1, 0), (7, 0), (4, 2))
    ]
    assert runs[0] == runs[1] == runs[2]
    assert len(runs[0]) == 20


def test_a_recorded_run_replays_identically():
    starts = [Start(i, 3) for i in range(10)]
    recorded = play(starts, RandomPolicy())
    replayed = play(starts, ReplayPolicy(recorded))
    assert {t.key: t for t in replayed} == {t.key: t for t in recorded}


def test_replaying_what_was_not_recorded_is_an_error_not_a_zero():
    (trajectory,) = play([Start(0, 9)], ReplayPolicy([]))
    assert trajectory.status == "error"
    assert trajectory.error.startswith("policy: no recorded episode of test/Guess-v0")


def test_concurrency_is_used_and_bounded():
    policy = Scripted("Action: look", delay=0.01)
    play([Start(i) for i in range(20)], policy, concurrency=5, env_options={"max_turns": 2})
    assert policy.peak == 5


@pytest.mark.parametrize("workers", [0, 1])
def test_an_environment_fault_is_tried_again_and_then_an_error(workers):
    policy = Scripted("Action: guess 99", "Action: break")
    (trajectory,) = play([Start(0)], policy, workers=workers, retries=2)
    assert trajectory.status == "error"
    assert trajectory.error == "environment: broken on purpose"
    assert len(trajectory.steps) == 1
    assert len(policy.chats) == 6


def test_a_policy_error_ends_one_episode():
    class Moody(Scripted):
        async def act(self, messages):
            if "Lower." in messages[-1].content:
                raise PolicyError("the server said no")
            return await super().act(messages)

    trajectories = play([Start(i) for i in range(12)], Moody("Action: guess 20"))
    statuses = {t.status for t in trajectories}
    assert statuses >= {"error"}
    assert all("the server said no" in t.error for t in trajectories if t.status == "error")
    assert all(t.error is None for t in trajectories if t.status != "error")


class Narrow(Scripted):
    """A model whose context holds so many messages."""

    def __init__(self, holds, *replies):
        super().__init__(*replies)
        self.holds = holds

    async def act(self, messages):
        if len(messages) > self.holds:
            raise ContextOverflow(f"{len(messages)} messages")
        return await super().act(messages)


EXAMPLE = Demonstration("Guess.", (("t", "guess 1", "Higher."), ("t", "guess 2", "Right.")))
THREE_EXAMPLES = replace(PROMPT, demonstrations=(EXAMPLE,) * 3)


@pytest.mark.parametrize(
    ("overflow", "dropped"),
    [
        ("drop-oldest", [{}, {}, {}, {"turns": 1}, {"turns": 2}]),
        ("drop-examples", [{}, {}, {}, {"examples": 1}, {"examples": 1}]),
    ],
)
def test_a_chat_that_overflows_is_cut_on_the_record(overflow, dropped):
    policy = Narrow(19, "Action: look")
    options = {"examples": 3, "overflow": overflow, "env_options": {"max_turns": 5}}
    (trajectory,) = play([Start(0)], policy, prompt=THREE_EXAMPLES, **options)
    assert trajectory.status == "truncated"
    assert [step.dropped for step in trajectory.steps] == dropped
    for turn, (chat, step) in enumerate(zip(policy.chats, trajectory.steps, strict=True)):
        assert chat == render(
            THREE_EXAMPLES,
            trajectory.steps[:turn],
            step.observation,
            examples=3 - step.dropped.get("examples", 0),
            dropped=step.dropped.get("turns", 0),
        )


@pytest.mark.parametrize(
    ("overflow", "holds", "steps", "named"),
    [
        ("fail", 17, 2, "policy: 19 messages"),
        ("drop-examples", 4, 1, r"policy: 5 messages (without 3 examples, all there are)"),
        ("drop-oldest", 2, 0, r"policy: 15 messages (without 0 turns, all there are)"),
    ],
)
def test_a_chat_that_cannot_be_made_to_fit_is_an_error(overflow, holds, steps, named):
    options = {"examples": 3, "overflow": overflow, "env_options": {"max_turns": 5}}
    (trajectory,) = play(
        [Start(0)], Narrow(holds, "Action: look"), prompt=THREE_EXAMPLES, **options
    )
    assert (trajectory.status, trajectory.error) == ("error", named)
    assert len(trajectory.steps) == steps


def test_a_branch_goes_on_without_what_was_dropped_before_it():
    env = gymnasium.make(ENV, max_turns=5)
    env.reset(seed=0, options={"task": 5})
    options = {"overflow": "drop-oldest", "env_options": {"max_turns": 5}}
    (whole,) = play([Start("game-5")], Narrow(5, "Action: look"), **options)
    for step in whole.steps[:4]:
        env.step(step.completion.text)
    start = Start("game-5", snapshot=env.unwrapped.snapshot(), steps=whole.steps[:4])
    (branch,) = play([start], policy := Narrow(5, "Action: look"), **options)
    assert branch.steps == whole.steps
    assert len(policy.chats) == 1


def test_a_bug_in_a_policy_is_recorded_as_unexpected():
    (trajectory,) = play([Start(0)], Scripted(ZeroDivisionError("oops")), retries=0)
    assert trajectory.error == "unexpected: ZeroDivisionError: oops"


def test_a_dying_worker_takes_only_its_own_episodes():
    class Deadly(Scripted):
        async def act(self, messages):
            if "Higher." in messages[-1].content or "Lower." in messages[-1].content:
                return Completion("Action: die")
            return Completion("Action: guess 10")

    trajectories = play([Start(i) for i in range(8)], Deadly(), workers=2, retries=0, concurrency=2)
    assert len(trajectories) == 8
    for trajectory in trajectories:
        if trajectory.status == "error":
            assert "worker process" in trajectory.error
        else:
            assert trajectory.success


def test_a_killed_worker_is_replaced_and_its_episode_played_again():
    async def scenario():
        policy = OraclePolicy()
        killed = False
        results = []
        starts = [Start(i) for i in range(30)]
        before = children()
        async for trajectory in rollout(
            ENV, starts, policy, prompt=PROMPT, examples=0, workers=1, concurrency=1
        ):
            results.append(trajectory)
            if not killed:
                (worker,) = children() - before
                os.kill(worker, signal.SIGKILL)
                killed = True
        return results

    results = asyncio.run(scenario())
    assert sorted(t.task_id for t in results) == sorted(f"game-{i}" for i in range(30))
    assert all(t.status == "finished" and t.reward == 1.0 for t in results)


def test_workers_are_gone_afterwards():
    before = children()
    play([Start(i) for i in range(4)], OraclePolicy(), workers=2)
    assert children() == before


def test_a_script_needs_no_main_guard(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys; sys.path[:0] = {sys.path!r}\n"
        "import asyncio\n"
        "from stepagent_gym.policy import OraclePolicy\n"
        "from stepagent_gym.react import Prompt\n"
        "from stepagent_gym.rollout import Start, rollout\n"
        "prompt = Prompt('', {'react': ''}, 'OK', '{observation}', (), '')\n"
        "async def main():\n"
        f"    starts = [Start(i) for i in range(4)]\n"
        f"    played = rollout('{ENV}', starts, OraclePolicy(), prompt=prompt, examples=0,\n"
        "                     workers=2)\n"
        "    return [t.reward async for t in played]\n"
        "print(asyncio.run(main()))\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert done.stdout == "[1.0, 1.0, 1.0, 1.0]\n", done.stderr


def test_a_branch_continues_from_its_snapshot():
    env = gymnasium.make(ENV, max_turns=4)
    env.reset(seed=0, options={"task": 5})
    (whole,) = play([Start("game-5")], Scripted("Action: look"), env_options={"max_turns": 4})
    env.step("Action: look")
    env.step("Action: look")
    start = Start("game-5", snapshot=env.unwrapped.snapshot(), steps=whole.steps[:2])
    (branch,) = play([start], Scripted("Action: look"))
    assert branch.status == "truncated"
    assert [step.observation for step in branch.steps] == [s.observation for s in whole.steps]


@pytest.mark.parametrize(
    ("starts", "options", "named"),
    [
        ([Start(99)], {}, "no task 99"),
        ([Start(0)], {"env_options": {"split": "nope"}}, "nope"),
        ([Start(0)], {"env_options": {"colour": "red"}}, "colour"),
        ([Start(0)], {"workers": -1}, "workers=-1"),
    ],
)
def test_wrong_requests_fail_at_once(starts, options, named):
    with pytest.raises(UsageError, match=named):
        play(starts, OraclePolicy(), **options)


def test_leaving_the_loop_early_leaves_nothing_running():
    async def scenario():
        async for _ in rollout(
            ENV, [Start(i) for i in range(50)], OraclePolicy(), prompt=PROMPT, examples=0
        ):
            break
        await asyncio.sleep(0.05)
        return [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]

    assert asyncio.run(scenario()) == []
