"""The command `stepagent train`: the arguments of a method, and the order of a run."""

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import tyro

from stepagent_gym.errors import NotInstalled, UsageError
from stepagent_train import METHODS

if TYPE_CHECKING:
    from stepagent_train.experience import Setting
    from stepagent_train.loop import Learner
    from stepagent_train.run import RunArgs

_PACKAGES = ("torch", "transformers", "accelerate", "peft", "matplotlib")
_PRESETS = Path(__file__).parent / "presets.json"
_TOOLS: Mapping[str, tuple[str, str]] = {
    "init": ("stepagent_train.init:run_init", "make a small model to start from"),
    "study": (
        "stepagent_train.study.command:run_study",
        "a grid of methods, environments and seeds, and its tables",
    ),
    "analyse": (
        "stepagent_train.analyses.command:run_analyse",
        "tables and plots of finished runs",
    ),
    "export-pairs": (
        "stepagent_train.export:run_export",
        "write a run's step pairs as rows for TRL's DPOTrainer",
    ),
}
"""What is no method: a function of its arguments that gives a status, and a line about it."""


def run_train(arguments: list[str]) -> int:
    """Run `stepagent train`."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_usage())
        return 0 if arguments else 2
    name, rest = arguments[0], arguments[1:]
    if name not in _TOOLS and name not in METHODS:
        raise UsageError(f"no method {name!r}; there are {', '.join([*_TOOLS, *METHODS])}")
    check_installed()
    if name in _TOOLS:
        path, _, function = _TOOLS[name][0].partition(":")
        status: int = getattr(import_module(path), function)(rest)
        return status
    resumed, rest = _take(rest, "--resume")
    if resumed is None:
        train(name, parse_args(name, rest))
    elif rest:
        raise UsageError(f"a run is resumed under its own arguments; leave out {' '.join(rest)}")
    else:
        method, args = stored_args(Path(resumed))
        if method != name:
            raise UsageError(f"{resumed} is a run of the method {method}")
        train(name, args, resume=True)
    return 0


def stored_args(path: Path) -> tuple[str, "RunArgs"]:
    """Read a run's method and arguments; `RunError` where there is none, or of another version."""
    from stepagent_train.run import read_config

    stored = read_config(path)
    args: RunArgs = import_module(METHODS[stored["method"]][0]).Args.from_stored(stored["config"])
    return stored["method"], replace(args, out=path)


def run_bench(arguments: list[str]) -> int:
    """Run `stepagent bench train`."""
    check_installed()
    from stepagent_train.bench import BenchConfig, run_bench_train

    run_bench_train(tyro.cli(BenchConfig, args=arguments, prog="stepagent bench train"))
    return 0


def train(
    method: str, args: "RunArgs", *, resume: bool = False, setting: "Setting | None" = None
) -> "Learner":
    """Train from the beginning, or the last checkpoint, to the end.

    `setting`: the environment where it is not the one that `args` name.
    """
    from stepagent_train.experience import Setting, facts
    from stepagent_train.run import Run

    args.check()
    setting = setting or Setting.of(args)
    given = args, facts(args, setting)
    with Run.resume(*given) if resume else Run.create(method, *given) as run:
        learner: Learner = import_module(METHODS[method][0]).run(run, args, setting)
        learner.export()
    print(f"trained model: {args.out / 'model'}")
    return learner


def parse_args(method: str, arguments: list[str]) -> "RunArgs":
    """Read a method's arguments; `--preset NAME` gives defaults, which flags override."""
    args_type = import_module(METHODS[method][0]).Args
    preset, rest = _take(arguments, "--preset")
    known = presets()[method]
    if preset is not None and preset not in known:
        raise UsageError(f"{method} has no preset {preset!r}; there are {', '.join(known)}")
    values = known[preset] if preset is not None else {}
    default = args_type(
        **{"model": tyro.MISSING, "env": tyro.MISSING, "out": tyro.MISSING, **values}
    )
    args: RunArgs = tyro.cli(
        args_type, args=rest, prog=f"stepagent train {method}", default=default
    )
    return args


def presets() -> dict[str, dict[str, dict[str, Any]]]:
    """Give the hyper-parameters that papers and their code used, by method and name."""
    value: dict[str, dict[str, dict[str, Any]]] = orjson.loads(_PRESETS.read_bytes())
    return value


def check_installed() -> None:
    """Raise `NotInstalled` where a package of the extra `train` is missing."""
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise NotInstalled(
            f"training needs {', '.join(missing)}: pip install 'stepagent-gym[train]'"
        )


def _take(arguments: list[str], name: str) -> tuple[str | None, list[str]]:
    """Take an option with its value out of the arguments."""
    for index, argument in enumerate(arguments):
        if argument == name and index + 1 < len(arguments):
            return arguments[index + 1], arguments[:index] + arguments[index + 2 :]
        if argument.startswith(f"{name}="):
            return argument.partition("=")[2], arguments[:index] + arguments[index + 1 :]
    return None, arguments


def _usage() -> str:
    known = {**_TOOLS, **METHODS}
    lines = "\n".join(f"  {name:<12} {about}" for name, (_, about) in known.items())
    return (
        "usage: stepagent train METHOD [--preset NAME] [--help] ...\n"
        f"       stepagent train METHOD --resume DIR\n\n{lines}"
    )
