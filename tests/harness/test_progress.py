import io

from rich.console import Console

from harness.metrics import summarise
from harness.progress import Progress, print_summary
from stepagent_gym.types import Completion, Step, Trajectory

HEADER = {
    "config": {"model": "m"},
    "versions": {"stepagent-gym": "1", "gymnasium": "1", "python": "3"},
    "git_commit": None,
}
CONDITIONS = {"data": "d", "data_hash": "h", "split": "test", "max_turns": 3}


def episode(task, status="finished", error=None, kind="a"):
    step = Step("o", Completion("t"), None, "a", 1.0, True, False, {"task_type": kind})
    return Trajectory("e", "test", task, 0, (step,), "end", status, error, 1.0, True, 1.0, {})


def printed(episodes):
    console = Console(file=io.StringIO(), width=110)
    summary = {"e": {**summarise(episodes), "conditions": CONDITIONS}}
    print_summary(summary, HEADER, console)
    return console.file.getvalue()


def test_control_characters_of_foreign_text_do_not_reach_the_terminal():
    text = printed(
        [
            episode("0", kind="\x1b[31m[bold]x"),
            episode("1", "error", "policy: \x1b]0;title\x07 [b]"),
        ]
    )
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "[bold]x" in text
    assert "[b]" in text


def test_no_result_is_no_zero():
    text = printed([episode("0", "error", "environment: gone")])
    assert "no result" in text
    assert "0.000" not in text
    assert "1 x environment: gone" in text


def test_the_live_table_counts_errors_apart():
    console = Console(file=io.StringIO(), width=110, force_terminal=True)
    with Progress(console, live=True) as progress:
        progress.begin("e", 3)
        progress.add(episode("0"))
        progress.add(episode("1", "error", "x"))
    last = console.file.getvalue().rsplit("running", 1)[1]
    assert "2/3" in last
    assert "1.000" in last
