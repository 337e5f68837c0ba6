"""The command `stepagent`, and `stepagent-eval` as the short name of `stepagent eval`.

Each command is a function of its arguments that gives an exit status; it is imported when called.
An error of ours ends a command with one line on standard error and status 2.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

from rich.console import Console

from stepagent_gym.errors import StepAgentError

COMMANDS: Mapping[str, tuple[str, str]] = {
    "eval": ("harness.commands:run_eval", "play tasks with a model and score it"),
    "collect": ("harness.commands:run_collect", "gather expert trajectories, filtered and checked"),
    "data": ("harness.commands:run_data", "list, prepare and verify the data of benchmarks"),
    "report": ("harness.commands:run_report", "write a run as one HTML page"),
    "board": ("leaderboard.commands:run_board", "submit, verify and show runs on a leaderboard"),
    "play": ("harness.play.command:run_play", "play yourself, and save what you did"),
    "bench": ("harness.bench:run_bench", "measure speed"),
    "train": ("stepagent_train.commands:run_train", "train a model by a method of the papers"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `stepagent`; gives the exit status."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_usage())
        return 0 if arguments else 2
    name, rest = arguments[0], arguments[1:]
    if name not in COMMANDS:
        print(f"stepagent: no command {name!r}\n\n{_usage()}", file=sys.stderr)
        return 2
    module, _, function = COMMANDS[name][0].partition(":")
    return guarded(getattr(import_module(module), function), rest)


def main_eval() -> int:
    """Run `stepagent-eval`."""
    return main(["eval", *sys.argv[1:]])


def guarded(command: Callable[[list[str]], int], arguments: list[str]) -> int:
    """Run a command; our own errors and an interrupt become a line and a status."""
    try:
        return command(arguments)
    except StepAgentError as error:
        Console(stderr=True).print(
            f"stepagent: {error}", style="bold red", markup=False, soft_wrap=True, highlight=False
        )
        return 2
    except KeyboardInterrupt:
        print("stepagent: interrupted; what was finished is on disk", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 141


def _usage() -> str:
    lines = "\n".join(f"  {name:<8} {text}" for name, (_, text) in COMMANDS.items())
    return f"usage: stepagent COMMAND [--help] ...\n\n{lines}"


if __name__ == "__main__":
    sys.exit(main())
