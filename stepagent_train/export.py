"""`stepagent train export-pairs`: the step pairs of a run as rows for TRL's `DPOTrainer`.

    stepagent train export-pairs runs/implicit --out pairs.jsonl

A row is a state of an expert's episode with two replies to it, and where they are from:

    {"prompt": [messages], "chosen": [message], "rejected": [message], "task_id", "turn", "stage"}

Runs of `implicit` and `inverse` give the expert's reply over each practised one that differs by
the run's `--dedupe`.  Runs of `ipr` give the better reply of each step pair (D_s) alone: IPR's own
pairs go on to the end of the episode, and `DPOTrainer` trains everything after the prompt, which
would be observations too.  Replies that the length limit cut are left out, as the trainer would
end them.

TRL's loss on a row is that of `implicit.py` where the chat template puts nothing after the token
that ends a turn; ChatML's newline there is trained by TRL and not by us.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from stepagent_gym.errors import RunError, UsageError
from stepagent_gym.formats import write_rows
from stepagent_gym.types import Completion, Trajectory
from stepagent_train.commands import stored_args
from stepagent_train.experience import Setting, recorded_experts
from stepagent_train.inspection import ReflectArgs, differing, read_practice, state_chat
from stepagent_train.ipr import Args as IprArgs
from stepagent_train.run import RunArgs
from stepagent_train.step_pairs import contrast, read_scored

PRACTICE, SCORED = "practice.jsonl", "scored.jsonl"

Pair = tuple[Trajectory, int, Completion, Completion]
"""An episode, one of its turns, and the better and the worse reply there."""


@dataclass(frozen=True)
class ExportArgs:
    """Write the step pairs of a run as rows for TRL's DPOTrainer."""

    run: Annotated[Path, tyro.conf.Positional]
    """Folder of a run of implicit, inverse or ipr."""
    out: Path
    """The file of rows, JSON Lines."""
    stage: int | None = None
    """Only this iteration, from 0; by default all."""


def run_export(arguments: list[str]) -> int:
    """Run `stepagent train export-pairs`."""
    export_pairs(tyro.cli(ExportArgs, args=arguments, prog="stepagent train export-pairs"))
    return 0


def export_pairs(args: ExportArgs, setting: Setting | None = None) -> int:
    """Write the rows, and give their number; `RunError` where the run holds no step pairs.

    `setting`: the environment where it is not the one that the run names.
    """
    _, run_args = stored_args(args.run)
    setting = setting or Setting.of(run_args)
    rows, cut = [], 0
    for folder in sorted(args.run.glob("stage-*")):
        stage = int(folder.name.removeprefix("stage-"))
        if args.stage not in (None, stage):
            continue
        for episode, turn, chosen, rejected in _pairs(folder, run_args, setting):
            if "length" in (chosen.finish_reason, rejected.finish_reason):
                cut += 1
            elif chosen.text != rejected.text:
                before = state_chat(episode, turn, setting, run_args.train_examples)
                where = {"task_id": episode.task_id, "turn": turn, "stage": stage}
                rows.append(
                    {
                        "prompt": [message.to_json() for message in before],
                        "chosen": [{"role": "assistant", "content": chosen.text}],
                        "rejected": [{"role": "assistant", "content": rejected.text}],
                        **where,
                    }
                )
    if not rows:
        raise RunError(f"{args.run} holds no step pairs to export ({cut} were cut short)")
    write_rows(args.out, rows)
    print(f"{args.out}: {len(rows):,} pairs; {cut:,} left out, cut at the length limit")
    return len(rows)


def _pairs(folder: Path, args: RunArgs, setting: Setting) -> Iterator[Pair]:
    """Give the pairs of a stage; none where it made no step pairs."""
    if isinstance(args, IprArgs):
        yield from _contrasts(folder / SCORED, args, setting)
    elif isinstance(args, ReflectArgs):
        yield from _practised(folder, args, setting)
    else:
        raise UsageError(f"{folder.parent} is no run of implicit, inverse or ipr")


def _practised(folder: Path, args: ReflectArgs, setting: Setting) -> Iterator[Pair]:
    if not (folder / PRACTICE).exists():
        return
    experts = recorded_experts(folder.parent, args, setting)
    for practice in differing(read_practice(folder / PRACTICE), args.dedupe):
        expert = experts[practice.expert]
        yield expert, practice.turn, expert.steps[practice.turn].completion, practice.completion


def _contrasts(file: Path, args: IprArgs, setting: Setting) -> Iterator[Pair]:
    if not file.exists():
        return
    pairs = contrast(
        read_scored(file),
        threshold=args.resolved_threshold(setting.env_id),
        outcome_threshold=args.outcome_threshold,
        symmetric=args.direction == "symmetric",
        first_step_pairs=args.first_step_pairs,
    )
    for pair in pairs:
        if pair.kind == "step":
            better, worse = (side.steps[pair.turn] for side in (pair.chosen, pair.rejected))
            yield pair.chosen, pair.turn, better.completion, worse.completion
