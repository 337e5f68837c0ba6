"""Iterations: what each round of a run has brought, and what it has cost in drift.

Every model that the run kept, the one that it began with included (iteration 0), plays the dev
split greedily, through `stepagent eval`.  The one with the highest mean reward there is chosen (the
earliest of equals), and it alone plays the test split: papers that choose on test report the luck
of it too.  Beside the scores: the share of practised actions that are the expert's (`practice.py`)
and the divergence and length of replies (`drift.py`).

Source: StepAgent (arXiv 2411.03817), Fig. 4a; IPR (arXiv 2406.11176), Table 4.  Their choice was
made on test.

    stepagent train analyse iterations runs/implicit --out analyses/iterations
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import orjson
import tyro
from rich.console import Console

from harness.evaluate import EvalConfig, evaluate
from harness.policies import Sampling
from harness.runs import RUN, SUMMARY
from stepagent_gym.errors import RunError
from stepagent_train.analyses import drift, practice
from stepagent_train.analyses.folders import Trained, read_trained, shown
from stepagent_train.analyses.output import Estimate, Findings, Panel, Row, Series, Table, points


@dataclass(frozen=True)
class Args:
    """What each iteration of a run has brought."""

    run: Annotated[Path, tyro.conf.Positional]
    """Folder of a run that kept its iterations."""
    out: Path
    """Folder of the tables and the plot, and of the evaluations."""
    dev: str = "dev"
    """The split on which an iteration is chosen."""
    test: str = "test"
    """The split that the chosen one alone plays."""
    limit: int | None = None
    """Play the first so many tasks of a split; by default all."""
    max_new_tokens: int | None = None
    """Longest reply; by default the run's."""
    concurrency: int = 64
    samples: int = 1
    """Replies at each expert state, to measure drift."""
    drift_limit: int | None = 100
    """Measure drift at the states of the first so many experts; None: of all."""
    seed: int = 0


def run(args: Args) -> Findings:
    """Evaluate every iteration on dev and the chosen one on test, and measure all of them."""
    trained = read_trained(args.run)
    models = trained.models()
    scores = {
        number: score(trained, number, path, args.dev, args) for number, path in models.items()
    }
    chosen = choose(scores)
    final = score(trained, chosen, models[chosen], args.test, args)
    measured = measure(trained, args)
    rows: list[Row] = [
        {
            "iteration": number,
            **_scores(part),
            **measured[number],
            "chosen": "chosen" if number == chosen else "",
        }
        for number, part in scores.items()
    ]
    tested: list[Row] = [{"iteration": chosen, **_scores(final)}]
    drawn = {"drift_samples": args.samples, "drift_seed": args.seed}
    played = ((args.dev, scores[chosen]), (args.test, final))
    return Findings(
        "Iterations",
        [
            trained.conditions(**practice.how(trained), **drawn),
            *({"scores on": split, **_told(part)} for split, part in played),
        ],
        [Table(f"on {args.dev}", rows), Table(f"on {args.test}, the chosen one", tested)],
        _panels(rows, tested, args),
        [
            f"The iteration with the highest mean reward on {args.dev} is chosen, the earliest of "
            f"equals; {args.test} is played by it alone. Iteration 0 is the starting model.",
            "Scores: observations are tasks, greedy decoding. Same action and drift: expert "
            f"trajectories of the split {trained.args.split}. The last model has not practised.",
        ],
    )


def measure(trained: Trained, args: Args) -> dict[int, dict[str, Estimate | None]]:
    """Give the practice and the drift of every iteration."""
    practised = practice.read(trained)
    away = drift.measure(
        trained,
        drift.Args(
            args.run,
            args.out,
            samples=args.samples,
            limit=args.drift_limit,
            max_new_tokens=args.max_new_tokens,
            seed=args.seed,
        ),
    )
    found: dict[int, dict[str, Estimate | None]] = {}
    for number, replies in away.items():
        own = practised.get(number)
        drifted = drift.estimates(replies)
        found[number] = {
            "same action": practice.shares(own)["same action"] if own else None,
            **{name: drifted[name] for name in _DRIFT},
        }
    return found


_DRIFT = ("own KL a reply", "own KL a token", "expert KL a token", "tokens a reply")


def score(trained: Trained, number: int, model: Path, split: str, args: Args) -> dict[str, Any]:
    """Evaluate a model in a folder of its own, or read what it scored; the summary's part."""
    given = trained.args
    out = args.out / "evaluations" / f"{split}-{number}"
    known = out if (out / RUN).exists() else None
    config = EvalConfig(
        model=f"hf/{model}",
        env=given.env,
        split=split,
        limit=args.limit,
        data=given.data,
        set=given.set,
        seed=args.seed,
        examples=given.rollout_examples,
        sampling=Sampling(max_tokens=args.max_new_tokens or given.max_new_tokens),
        concurrency=args.concurrency,
        out=out,
        resume=known,
        quiet=True,
    )
    evaluate(config, Console(quiet=True))
    summary: dict[str, Any] = orjson.loads((out / SUMMARY).read_bytes())
    part: dict[str, Any] = summary[given.env]
    if not part["metrics"]:
        message = next(iter(part["error_messages"]), "no episode was played")
        raise RunError(f"iteration {number} has no score on {split}: {message}")
    return part


def choose(scores: Mapping[int, Mapping[str, Any]]) -> int:
    """Give the iteration with the highest mean reward, the earliest of equals."""
    return max(scores, key=lambda number: (scores[number]["metrics"]["reward"]["mean"], -number))


def _scores(part: Mapping[str, Any]) -> dict[str, Estimate | int]:
    found: dict[str, Estimate | int] = {}
    for name in ("reward", "success"):
        value = part["metrics"][name]
        found[name] = Estimate(value["mean"], value["ci_low"], value["ci_high"], value["n"])
    return {**found, "errors": part["errors"]}


def _told(part: Mapping[str, Any]) -> dict[str, Any]:
    conditions = part["conditions"]
    return {**shown(conditions), "temperature": conditions["temperature"]}


def _panels(rows: list[Row], tested: list[Row], args: Args) -> list[Panel]:
    practised = [row for row in rows if row["same action"] is not None]

    def of(label: str, name: str, part: list[Row]) -> Series:
        return Series(label, points(part, "iteration", name), line=part is not tested)

    drawn = {
        "score": [
            of(f"{args.dev}, reward", "reward", rows),
            of(f"{args.test}, the chosen one", "reward", tested),
        ],
        "practice": [of("same action, share of practices", "same action", practised)],
        "from the start": [of("own KL, nats a reply", "own KL a reply", rows)],
        "length": [of("own replies, tokens", "tokens a reply", rows)],
    }
    return [Panel(title, "iteration", "", series) for title, series in drawn.items()]
