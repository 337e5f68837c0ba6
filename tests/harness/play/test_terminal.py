"""Playing in the terminal, through a pipe and through a real one."""

import signal
import subprocess
import sys
import time

import orjson
import pexpect
import pytest

from harness.play.experts import ExpertFile
from harness.play.inert import inert
from stepagent_gym import ENVIRONMENTS
from stepagent_gym.errors import RunError
from stepagent_gym.sessions import make_env
from stepagent_gym.types import Trajectory

WEBSHOP = "stepagent/WebShop-v0"
TASKS = {"stepagent/ScienceWorld-v0": "find-living-thing/225"}  # a short one; elsewhere the first
COMMAND = [sys.executable, "-m", "harness.cli", "play"]


def play(env_id, lines, out, *arguments):
    return subprocess.run(
        [*COMMAND, env_id, "--out", str(out), *arguments],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=False,
    )


def read(path):
    return [Trajectory.from_json(orjson.loads(line)) for line in path.read_bytes().splitlines()]


def solution(env_id, task=0):
    """The oracle's (thought, action) pairs, and the reward that they earn."""
    env = make_env(env_id, {})
    env.reset(seed=0, options={"task": task})
    turns, rewards, over = [], [], False
    while not over:
        turns.append(env.unwrapped.expert())
        _, reward, terminated, truncated, info = env.step(
            f"Thought: {turns[-1][0]}\n"
            + ("" if turns[-1][1].startswith("Answer:") else "Action: ")
            + turns[-1][1]
        )
        rewards.append(reward)
        over = terminated or truncated
    env.close()
    return turns, sum(rewards), info["success"]


def replay(trajectory):
    """Take the recorded replies again; everything must come back byte for byte."""
    env = make_env(trajectory.env_id, {"split": trajectory.split})
    seen, _ = env.reset(seed=trajectory.seed, options={"task": trajectory.task_id})
    for step in trajectory.steps:
        assert seen == step.observation
        seen, reward, terminated, truncated, info = env.step(step.completion.text)
        assert (reward, terminated, truncated) == (step.reward, step.terminated, step.truncated)
        assert (info["thought"], info["action"]) == (step.thought, step.action)
    assert seen == trajectory.final_observation
    assert terminated or truncated
    env.close()


def as_lines(turns):
    for thought, action in turns:
        yield "/think " + " ".join(thought.split())
        yield action.replace("\n", "\\\n")


@pytest.mark.parametrize("env_id", ENVIRONMENTS)
def test_the_oracles_actions_earn_what_the_oracle_earns(env_id, tmp_path):
    task = TASKS.get(env_id)
    turns, reward, success = solution(env_id, task or 0)
    out = tmp_path / "experts.jsonl"
    done = play(env_id, as_lines(turns), out, *(["--task", task] if task else []))
    assert done.returncode == 0, done.stderr
    (trajectory,) = read(out)
    assert (trajectory.reward, trajectory.success) == (pytest.approx(reward), success)
    assert len(trajectory.steps) == len(turns)
    assert trajectory.steps[0].thought == " ".join(turns[0][0].split())
    assert trajectory.metrics["hints"] == trajectory.metrics["undos"] == 0
    replay(trajectory)
    assert f"saved in {out}" in done.stdout
    assert "\x1b" not in done.stdout


def test_the_record_holds_only_the_path_that_was_taken(tmp_path):
    turns, reward, _ = solution(WEBSHOP)
    actions = [action for _, action in turns]
    lines = ["search[wrong]", "click[next >]", "/undo", "/undo", "/undo", actions[0], "/undo"]
    lines += ["/redo", "click[back to search]", "/undo", *actions[1:-1], "/hint", actions[-1]]
    done = play(WEBSHOP, lines, tmp_path / "e.jsonl")
    assert done.returncode == 0, done.stderr
    (trajectory,) = read(tmp_path / "e.jsonl")
    assert [step.action for step in trajectory.steps] == actions
    assert trajectory.reward == pytest.approx(reward)
    assert trajectory.metrics["undos"] == 4
    assert trajectory.metrics["hints"] == 1
    hinted = [bool((step.completion.usage or {}).get("hinted")) for step in trajectory.steps]
    assert hinted == [False] * (len(actions) - 1) + [True]
    assert "no turn is taken yet" in done.stdout
    replay(trajectory)


def test_an_end_that_is_taken_back_leaves_the_file(tmp_path):
    actions = [action for _, action in solution(WEBSHOP)[0]]
    out = tmp_path / "e.jsonl"
    done = play(WEBSHOP, [*actions, "/undo", "click[features]", "/quit"], out)
    assert done.returncode == 0, done.stderr
    assert out.read_bytes() == b""
    again = play(WEBSHOP, [*actions, "/undo", "click[features]", "click[< prev]", actions[-1]], out)
    assert again.returncode == 0, again.stderr
    (trajectory,) = read(out)
    assert [s.action for s in trajectory.steps][-3:] == [
        "click[features]", "click[< prev]", actions[-1],
    ]  # fmt: skip
    replay(trajectory)


def test_tasks_follow_one_another(tmp_path):
    first = [action for _, action in solution(WEBSHOP, 0)[0]]
    second = [action for _, action in solution(WEBSHOP, 1)[0]]
    out, copy = tmp_path / "e.jsonl", tmp_path / "copy.jsonl"
    lines = [*first, f"/save {copy}", "/next", "search[x]", "/restart", *second, "/nonsense"]
    done = play(WEBSHOP, lines, out)
    assert done.returncode == 0, done.stderr
    assert [t.task_id for t in read(out)] == ["0", "1"]
    assert [t.task_id for t in read(copy)] == ["0"]
    assert [s.action for s in read(out)[1].steps] == second
    assert "there is no /nonsense" in done.stdout


def test_bare_actions_have_no_thoughts(tmp_path):
    out = tmp_path / "e.jsonl"
    done = play(WEBSHOP, ["/think hm", "search[a]b]"], out, "--action-format", "bare")
    assert "without thoughts" in done.stdout
    assert "understood as" not in done.stdout


def test_an_interrupt_loses_no_finished_episode(tmp_path):
    out = tmp_path / "e.jsonl"
    process = subprocess.Popen(
        [*COMMAND, WEBSHOP, "--out", str(out)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    lines = [action for _, action in solution(WEBSHOP)[0]]
    process.stdin.write("".join(f"{line}\n" for line in [*lines, "/next"]).encode())
    process.stdin.flush()
    while not (shown := process.stdout.readline()).startswith(b"over> /next"):
        assert shown
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    process.stdin.close()
    assert process.wait(timeout=30) == 0
    process.stdout.close()
    assert len(read(out)) == 1


def test_a_terminal_completes_what_can_be_done(tmp_path):
    child = pexpect.spawn(
        COMMAND[0],
        [*COMMAND[1:], WEBSHOP, "--out", str(tmp_path / "e.jsonl")],
        env={
            "TERM": "xterm",
            "PROMPT_TOOLKIT_NO_CPR": "1",
            "XDG_STATE_HOME": str(tmp_path),
            "HOME": str(tmp_path),
            "PATH": "",
        },
        dimensions=(40, 120),
        timeout=30,
        encoding="utf-8",
    )
    child.expect("1>")
    child.send("sea\t")
    child.expect(r"rch\[")  # what was typed may be drawn apart
    child.send("shoes]\r")
    child.expect("Total results")
    child.expect("2>")
    child.send("back\t")
    child.expect("to search")
    child.send("\x03")  # drops the line
    child.expect("2>")
    child.send("/un\t")
    child.expect("do")
    child.send("\r")
    child.expect("back before turn 1")
    child.expect("1>")
    child.send("\x04")
    child.expect("not saved")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert "search[shoes]" in (tmp_path / "stepagent" / "play-history").read_text()


def test_foreign_text_is_inert():
    assert inert("a\x1b[2J\tb\r\n[bold]c\u202e") == "a\ufffd[2J b \n[bold]c\ufffd"


@pytest.fixture
def trajectory(tmp_path):
    actions = [action for _, action in solution(WEBSHOP)[0]]
    play(WEBSHOP, actions, tmp_path / "one.jsonl")
    return read(tmp_path / "one.jsonl")[0]


def test_the_file_is_mended_and_never_half_written(tmp_path, trajectory):
    path = tmp_path / "e.jsonl"
    path.write_bytes(b'{"a": 1}\n{"half')
    file = ExpertFile(path)
    first = file.append(trajectory)
    assert path.read_bytes() == b'{"a": 1}\n' + first.line
    second = file.append(trajectory)
    assert not file.take_back(first)
    assert file.take_back(second)
    assert path.read_bytes() == b'{"a": 1}\n' + first.line
    path.write_bytes(b'{"a": 1}')
    file.append(trajectory)
    assert path.read_bytes() == b'{"a": 1}\n' + first.line
    with pytest.raises(RunError, match="--out"):
        ExpertFile(tmp_path)


def test_what_does_not_exist_is_said_at_once(tmp_path):
    for arguments, message in [
        (["no/Such-v0"], "no environment"),
        ([WEBSHOP, "--task", "nobody"], "no task"),
        (["stepagent/ALFWorld-v0", "--web"], "--web"),
    ]:
        done = play(*[arguments[0], [], tmp_path / "e.jsonl"], *arguments[1:])
        assert done.returncode == 2
        assert message in done.stderr
        assert "Traceback" not in done.stderr
