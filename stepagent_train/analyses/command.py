"""The command `stepagent train analyse NAME`."""

from importlib import import_module

import tyro

from stepagent_gym.errors import UsageError
from stepagent_train.analyses import ANALYSES


def run_analyse(arguments: list[str]) -> int:
    """Run an analysis, write what it found, and print its tables."""
    if not arguments or arguments[0] in ("-h", "--help"):
        lines = "\n".join(f"  {name:<16} {text}" for name, (_, text) in ANALYSES.items())
        print(f"usage: stepagent train analyse NAME ... --out DIR\n\n{lines}")
        return 0 if arguments else 2
    name, rest = arguments[0], arguments[1:]
    if name not in ANALYSES:
        raise UsageError(f"no analysis {name!r}; there are {', '.join(ANALYSES)}")
    from stepagent_train.analyses.output import write

    module = import_module(ANALYSES[name][0])
    args = tyro.cli(module.Args, args=rest, prog=f"stepagent train analyse {name}")
    print(write(module.run(args), args.out))
    print(f"analysis: {args.out}")
    return 0
