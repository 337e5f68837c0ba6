"""The commands `eval`, `collect`, `data` and `report`: their arguments, and what they print."""

import sys
from dataclasses import field, make_dataclass
from pathlib import Path
from typing import Annotated, Any

import tyro
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from harness.collect import CollectConfig, collect
from harness.evaluate import EvalConfig, evaluate
from harness.report import write_report
from harness.runs import read_header
from stepagent_gym import datasets
from stepagent_gym.errors import UsageError

_FROM = "Files, folders or URLs of the benchmark's own data."


def run_eval(arguments: list[str]) -> int:
    """Evaluate; status 0 only when every episode asked for has a result, 1 with errors."""
    folder = _option(arguments, "--resume")
    if folder is None:
        config = tyro.cli(EvalConfig, args=arguments, prog="stepagent eval")
    else:
        stored = EvalConfig.from_stored(read_header(Path(folder))["config"])
        config = tyro.cli(EvalConfig, args=arguments, prog="stepagent eval", default=stored)
    return 0 if evaluate(config, _console()) else 1


def run_collect(arguments: list[str]) -> int:
    """Collect experts; status 0 only when every episode has a result and some are kept."""
    config = tyro.cli(CollectConfig, args=arguments, prog="stepagent collect")
    return 0 if collect(config, _console()) else 1


def run_data(arguments: list[str]) -> int:
    """List, prepare or verify data."""
    commands = {"list": _list, "prepare": _prepare, "verify": _verify}
    if not arguments or arguments[0] not in commands:
        raise UsageError(
            "stepagent data list | prepare BENCH --from PATH|URL... [--name NAME] | "
            f"verify BENCH [NAME]   (BENCH: {', '.join(datasets.PREPARERS)})"
        )
    commands[arguments[0]](arguments[1:])
    return 0


def run_report(arguments: list[str]) -> int:
    """Write the page of a run, or of several beside the first."""

    def report(
        runs: Annotated[tuple[Path, ...], tyro.conf.Positional],
        /,
        out: Path | None = None,
        include_test_data: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False,
    ) -> None:
        """Write a run as one HTML page, or compare several with the first.

        Args:
            runs: The run folders.
            out: The page; by default report.html in the run folder, or comparison.html in the
                first of several.
            include_test_data: Also copy observations that are not to be redistributed.

        """
        if not runs:
            raise UsageError("stepagent report RUN [RUN ...]")
        name = "report.html" if len(runs) == 1 else "comparison.html"
        page = write_report(runs, out or runs[0] / name, include_test_data=include_test_data)
        print(f"report: {page}")

    tyro.cli(report, args=arguments, prog="stepagent report")
    return 0


def _console() -> Console:
    """Give a console as wide as the terminal, and wide enough for a table in a pipe."""
    return Console(width=None if sys.stdout.isatty() else 110)


def _list(arguments: list[str]) -> None:
    if arguments:
        raise UsageError("stepagent data list takes no arguments")
    table = Table(title=f"prepared data in {datasets.cache_root()}, and what ships embedded")
    for heading in ("benchmark", "name", "counts", "rules", "MB", "hash"):
        table.add_column(heading, overflow="fold")
    for dataset in datasets.list_datasets():
        counts = ", ".join(f"{name} {count:,}" for name, count in dataset.counts.items())
        size = f"{dataset.size / 1e6:.1f}"
        row = (dataset.benchmark, dataset.name, counts, _rules(dataset), size, dataset.data_hash)
        table.add_row(*row)
    _console().print(table)


def _rules(dataset: datasets.Dataset) -> str:
    return ", ".join(f"{k}: {v}" for k, v in dataset.info.items() if isinstance(v, str))


def _prepare(arguments: list[str]) -> None:
    benchmark, rest = _benchmark(arguments)
    default = datasets.load_preparer(benchmark).Options()
    options_type = type(default)
    config = make_dataclass(
        "Prepare",
        [
            (
                "sources",
                Annotated[tuple[str, ...], tyro.conf.arg(name="from", help="Paths, URLs.")],
            ),
            ("name", str, field(default=benchmark)),
            ("options", Annotated[Any, tyro.conf.arg(name="")], field(default=options_type())),
        ],
        frozen=True,
    )
    chosen: Any = tyro.cli(config, args=rest, prog=f"stepagent data prepare {benchmark}")
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(f"preparing {benchmark}", total=None)

        def report(line: str, share: float | None = None) -> None:
            total = None if share is None else 1.0
            progress.update(
                task, description=f"{benchmark}: {line}", completed=share or 0, total=total
            )

        dataset = datasets.prepare(
            benchmark, chosen.sources, name=chosen.name, options=chosen.options, report=report
        )
    counts = ", ".join(f"{name} {count:,}" for name, count in dataset.counts.items())
    print(f"prepared {benchmark} as {dataset.name!r}: {counts}; hash {dataset.data_hash}")
    print(_rules(dataset))
    print(f"{dataset.path}  ({dataset.size / 1e6:.1f} MB)")


def _verify(arguments: list[str]) -> None:
    benchmark, rest = _benchmark(arguments)
    if len(rest) > 1:
        raise UsageError("stepagent data verify BENCH [NAME or PATH]")
    if rest:
        chosen = [datasets.open_dataset(benchmark, rest[0])]
    else:
        chosen = [found for found in datasets.list_datasets() if found.benchmark == benchmark]
    for dataset in chosen:
        datasets.verify(datasets.open_dataset(benchmark, dataset.path))
        print(f"{benchmark} {dataset.name}: {len(dataset.files)} files as they were prepared")


def _benchmark(arguments: list[str]) -> tuple[str, list[str]]:
    if not arguments or arguments[0].startswith("-"):
        raise UsageError(f"name a benchmark: {', '.join(datasets.PREPARERS)}")
    datasets.load_preparer(arguments[0])
    return arguments[0], arguments[1:]


def _option(arguments: list[str], name: str) -> str | None:
    """Give the value of an option before the arguments are parsed."""
    for index, argument in enumerate(arguments):
        if argument == name and index + 1 < len(arguments):
            return arguments[index + 1]
        if argument.startswith(f"{name}="):
            return argument.removeprefix(f"{name}=")
    return None
