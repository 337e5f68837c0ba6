"""`stepagent bench all`: every speed claim of the README that one command can measure again.

Environments one by one, on their embedded tasks and on prepared data, the harness beside what a
model's delay allows, practice beside a sequential loop, tree packing beside separate passes and
beside TRL, and the verification of a submission; then all of it as tables, which `--markdown FILE`
puts between the marks of that file.  What needs gigabytes made first, or logs of other agents, is
measured by scripts of `tests/benchmarks/` and not repeated here.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import tyro
from rich.console import Console
from rich.table import Table

from harness.bench import BenchConfig, bench_env, times_better
from harness.bench_rollout import RolloutBenchConfig, bench_practice, bench_rollout
from harness.evaluate import EvalConfig, chosen_environments, environment_class, evaluate
from harness.runs import git_commit, versions, write_json
from stepagent_gym import ENVIRONMENTS
from stepagent_gym.datasets import PREPARERS, open_dataset
from stepagent_gym.errors import UsageError

BEGIN, END = "<!-- stepagent bench all -->\n", "<!-- the end of what it wrote -->\n"
"""The marks between which a file holds the tables."""

# Of packages that import this one.
_TRAIN_BENCH = "stepagent_train.bench"
_SUBMISSION, _VERIFY = "leaderboard.submission", "leaderboard.verify"

_SAME_ENGINE = ("stepagent/2WikiMultihopQA-v0", "stepagent/MuSiQue-v0")  # as HotpotQA
_SLOW = "stepagent/ScienceWorld-v0"
_WEBSHOP = "stepagent/WebShop-v0"
_COMMA = ", "  # between an environment and the name of prepared data
_RESTORE = "restore, us"
_ROLLOUT = f"{_WEBSHOP},stepagent/ALFWorld-v0"


@dataclass(frozen=True)
class AllConfig:
    """Measure every speed claim of the README again, and print them beside their references."""

    env: str | None = None
    """Environments by id, separated by commas, or all; by default one of each engine installed."""
    data: tuple[str, ...] = ()
    """Prepared data to measure too, each as BENCH=NAME, such as webshop=mine; all its tasks."""
    rollout_env: str = _ROLLOUT
    """Environments of the harness's figures and of practice."""
    episodes: int = 300
    """Oracle episodes in a pass; ScienceWorld, which is slow, plays a fiftieth of them."""
    reference_episodes: int = 30
    """Of these, at most how many the original engines play."""
    rounds: int = 5
    """Processes (or passes); figures are medians over them."""
    seconds: float = 20.0
    """About how long each measurement of the harness takes."""
    practised: int = 8
    """Episodes at whose states a small model practises."""
    verified: int = 500
    """WebShop episodes of the submission that is verified."""
    train: bool = True
    """Also measure practice and packing, which need the extra train."""
    out: Path | None = None
    """Also write the figures as JSON."""
    markdown: Path | None = None
    """Also put the tables into this file, between its marks."""
    stored: Path | None = None
    """Measure nothing: print the tables of this JSON."""


class Claim(NamedTuple):
    """A figure beside its reference's, both as they are shown; `ratio` says how much better."""

    what: str
    ours: str
    reference: str
    ratio: str


def run_bench_all(arguments: list[str]) -> int:
    """Run `stepagent bench all`."""
    config = tyro.cli(AllConfig, args=arguments, prog="stepagent bench all")
    if config.markdown is not None:
        _parts(config.markdown)  # before anything is measured
    if config.stored is not None:
        results = orjson.loads(config.stored.read_bytes())
    else:
        results = bench_all(config)
    _print(results)
    if config.out is not None:
        write_json(config.out, results)
    if config.markdown is not None:
        put(config.markdown, to_markdown(results))
    return 0


def bench_all(config: AllConfig) -> dict[str, Any]:
    """Measure everything, and say where and when; prints what is being measured."""
    train = config.train and find_spec("torch") is not None
    environments = chosen_environments(config.env or "all")
    if config.env is None:
        environments = [id for id in environments if id not in _SAME_ENGINE]
    prepared = [_prepared(text) for text in config.data]
    played = chosen_environments(config.rollout_env)
    rollout = RolloutBenchConfig(
        seconds=config.seconds, straggler=config.seconds, practised=config.practised
    )
    results: dict[str, Any] = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": git_commit(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "versions": versions(),
        "rounds": config.rounds,
        "environments": {},
        "rollout": {},
        "practice": {},
        "packing": [],
    }
    for id, data in [*((id, None) for id in environments), *prepared]:
        name = id if data is None else f"{id}{_COMMA}{data}"
        print(f"measuring {name}", flush=True)
        results["environments"][name] = bench_env(id, _of_environment(id, data, config))
    for id in played:
        print(f"measuring the harness with {id}", flush=True)
        results["rollout"][id] = bench_rollout(id, rollout)
        if train:
            results["practice"][id] = bench_practice(id, rollout)
    if train:
        print("measuring tree packing", flush=True)
        results["packing"] = _bench_packing(config.rounds)
    print("measuring the verification of a submission", flush=True)
    results["verification"] = _bench_verification(config.verified, config.rounds)
    return results


def _prepared(text: str) -> tuple[str, str]:
    """Read BENCH=NAME: an environment, and data that are there."""
    benchmark, _, name = text.partition("=")
    ids = [id for id in ENVIRONMENTS if environment_class(id).benchmark == benchmark]
    if not ids or not name:
        raise UsageError(
            f"--data {text}: BENCH=NAME is wanted, with BENCH one of {', '.join(sorted(PREPARERS))}"
        )
    open_dataset(benchmark, name)
    return ids[0], name


def _of_environment(env_id: str, data: str | None, config: AllConfig) -> BenchConfig:
    episodes = max(1, config.episodes // 50) if env_id == _SLOW else config.episodes
    return BenchConfig(
        split="test" if data is None else "all",
        data=data,
        episodes=episodes,
        rounds=config.rounds,
        reference_episodes=min(episodes, config.reference_episodes),
    )


def _bench_packing(rounds: int) -> list[dict[str, Any]]:
    bench = import_module(_TRAIN_BENCH)
    config = bench.BenchConfig(rounds=rounds)
    return [row for k in config.branches for row in bench.measure(config, k)]


def _bench_verification(episodes: int, rounds: int) -> dict[str, float]:
    """Play at random, submit, and time the verification; the best of the rounds."""
    submit: Callable[[Path, Path], Any] = import_module(_SUBMISSION).submit
    verify: Callable[[Path], Any] = import_module(_VERIFY).verify
    with tempfile.TemporaryDirectory() as folder:
        run, archive = Path(folder) / "run", Path(folder) / "run.zip"
        evaluate(
            EvalConfig("random", _WEBSHOP, "all", limit=episodes, out=run, quiet=True),
            Console(quiet=True),
        )
        submit(run, archive)
        seconds = []
        for _ in range(rounds):
            began = time.perf_counter()
            verdict = verify(archive)
            seconds.append(time.perf_counter() - began)
            if not verdict.verified:
                raise RuntimeError("an honest submission was refused")
    return {"episodes": verdict.episodes, "turns": verdict.turns, "seconds": min(seconds)}


class Figures(NamedTuple):
    """A table of environments: its headings, and a row for each figure."""

    heads: list[str]
    rows: list[list[str]]


def environment_figures(results: Mapping[str, Any]) -> list[Figures]:
    """Give the table of embedded tasks, and that of prepared data where some were measured."""
    measured: Mapping[str, Any] = results["environments"]
    tables = []
    for prepared in (False, True):
        columns = {name: one for name, one in measured.items() if (_COMMA in name) == prepared}
        figures = dict.fromkeys(name for one in columns.values() for name in one["figures"])
        rows = [
            [_split(name)[0], *(shown(name, one["figures"][name]) for one in columns.values())]
            for name in figures
        ]
        tables.append(Figures(["", *map(_name, columns)], rows))
    return [table for table in tables if table.rows]


def claims(results: Mapping[str, Any]) -> Iterator[Claim]:
    """Give every figure that has a reference."""
    for env_id, one in results["environments"].items():
        source = "published" if one["published"] else "measured beside it"
        for name, theirs in one["original"].items():
            ours = one["figures"][name]
            times = times_better(name, ours, theirs)
            whose = "original's replay from the start" if name == _RESTORE else "original's"
            yield Claim(
                f"{_name(env_id)}: {_split(name)[0]}; the {whose}, {source}",
                shown(name, ours),
                shown(name, theirs),
                f"{times:,.0f}x" if times >= 10 else f"{times:.1f}x",
            )
    for env_id, one in results["rollout"].items():
        for way, figures in one["figures"].items():
            yield Claim(
                f"{_name(env_id)}: turns a second, {way}, {figures['at once']} at once; "
                f"what a model of {1000 * one['delay']:.0f} ms a turn allows",
                f"{figures['turns a second']:,.0f}",
                f"{figures['ideal']:,.0f}",
                f"{figures['share']:.0%}",
            )
    for env_id, ways in results["practice"].items():
        yield _rate(
            f"{_name(env_id)}: experts' states practised at a second; one after the other",
            ways["shared"]["states a second"],
            ways["sequential"]["states a second"],
        )
    for k in dict.fromkeys(row["k"] for row in results["packing"]):
        rates = {row["way"]: row["rate"] for row in results["packing"] if row["k"] == k}
        practices = f"{k} practice{'s' if k > 1 else ''} a turn"
        names = {"sorted": "separate passes sorted by length", "trl": "TRL's DPOTrainer"}
        for way, name in names.items():
            yield _rate(f"pairs trained a second, {practices}; {name}", rates["packed"], rates[way])
    verified = results["verification"]
    yield Claim(
        f"a submission of {verified['episodes']:,} WebShop episodes ({verified['turns']:,} turns) "
        "executed again",
        f"{verified['seconds']:.2f} s",
        "",
        "",
    )


def _rate(what: str, ours: float, theirs: float) -> Claim:
    return Claim(what, f"{ours:,.1f}", f"{theirs:,.1f}", f"{ours / theirs:.1f}x")


def to_markdown(results: Mapping[str, Any]) -> str:
    """Write the tables, and where they were measured."""
    lines = [f"{_where(results)}\n"]
    for table in environment_figures(results):
        lines += [*_markdown(*table), ""]
    lines += _markdown(["", "here", "reference", "ratio"], list(claims(results)))
    return "\n".join(lines) + "\n"


def put(path: Path, tables: str) -> None:
    """Replace what stands between the marks of a file; `UsageError` where it has no marks."""
    before, after = _parts(path)
    path.write_text(before + BEGIN + tables + END + after, encoding="utf-8")


def _parts(path: Path) -> tuple[str, str]:
    """Give what stands before and after the marks of a file."""
    before, begun, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not begun or not ended:
        raise UsageError(f"{path} lacks the lines {BEGIN.strip()!r} and {END.strip()!r}")
    return before, after


def shown(name: str, value: float) -> str:
    """Show a figure with the unit that its name ends in."""
    unit = _split(name)[1]
    if unit == "us" and value >= 1000:
        value, unit = value / 1000, "ms"
    if unit == "MB" and value < 0.1:
        return "under 0.1 MB"
    if unit == "s":
        return f"{value:.2f} s"
    number = f"{value:,.1f}" if value < 10 else f"{value:,.0f}"
    return f"{number} {unit}".replace("us", "µs").rstrip()


def _split(name: str) -> tuple[str, str]:
    """Part a figure's name from its unit, if it ends in one."""
    head, _, unit = name.rpartition(", ")
    return (head, unit) if unit in ("us", "MB", "s") else (name, "")


def _name(measured: str) -> str:
    """Shorten the id of an environment; the name of its data stays."""
    env_id, comma, data = measured.partition(_COMMA)
    return env_id.partition("/")[2].rpartition("-")[0] + comma + data


def _where(results: Mapping[str, Any]) -> str:
    version = results["versions"]
    return (
        f"Measured {results['measured'][:10]} on {results['cores']} cores (load "
        f"{results['load']:.1f}), Python {version['python']}, by `stepagent bench all`; embedded "
        f"tasks, and prepared data by name; medians of {results['rounds']} rounds (packing and "
        "verification: the best)."
    )


def _markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]


def _print(results: Mapping[str, Any]) -> None:
    console = Console(width=None if os.isatty(1) else 160)
    for heads, rows in (
        *environment_figures(results),
        (["", "here", "reference", "ratio"], [list(claim) for claim in claims(results)]),
    ):
        table = Table()
        for place, head in enumerate(heads):
            table.add_column(head, justify="right" if place else "left")
        for row in rows:
            table.add_row(*row)
        console.print(table)
    console.print(_where(results))
