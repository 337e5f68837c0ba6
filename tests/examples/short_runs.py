"""Short runs of every method on the corridor, in this process or in a script of their own."""

from importlib import import_module
from pathlib import Path

from stepagent_train import METHODS

HERE = Path(__file__).parent
CORRIDOR = "test/Corridor-v0"
SMALL = {
    "epochs": 2,
    "batch": 4,
    "micro_batch": 2,
    "lr": 1e-3,
    "max_new_tokens": 1,
    "rollout_examples": 0,
    "save_every": 2,
}
OWN = {
    "sft": {},
    "rft": {"samples": 2, "keep_reward": 0.0},
    "nat": {"samples": 1},
    "dpo": {},
    "spin": {"iterations": 2},
    "eto": {"iterations": 2, "lr": 1e-5},
    "ppo": {"iterations": 2, "episodes": 8, "entropy_weight": 0.1},
    "step-ppo": {"iterations": 2, "episodes": 4, "scorer_samples": 1, "entropy_weight": 0.1},
    "implicit": {"iterations": 2, "practices": 2},
    "inverse": {"iterations": 2, "practices": 2, "min_accuracy": 0.0},
    "ipr": {"iterations": 1, "samples": 1},
}
SCRIPT = """
import os, signal, sys
sys.path[:0] = [{here!r}]
import torch
torch.set_num_threads(1)
import corridor
from pathlib import Path
from stepagent_train import run
from stepagent_train.commands import train
from short_runs import make_args, make_setting
lines = 0
log = run.Run.log
def counted(self, stage, step, **values):
    global lines
    log(self, stage, step, **values)
    lines += step > 0
    if lines == {kill_at} and step > 0:
        os.kill(os.getpid(), signal.SIGKILL)
run.Run.log = counted
args = make_args({method!r}, Path({model!r}), Path({out!r}), **{more!r})
learner = train({method!r}, args, setting=make_setting())
"""
KEEP = """
rank = learner.run.accelerator.process_index
torch.save(learner.scorer.state_dict(), learner.run.path / f"rank-{rank}.pt")
"""


def make_args(method, model, out, **more):
    args_type = import_module(METHODS[method][0]).Args
    return args_type(model=model, env=CORRIDOR, out=out, **{**SMALL, **OWN[method], **more})


def make_setting():
    import corridor

    from stepagent_train.experience import Setting

    return Setting(
        env_id=corridor.CorridorEnv.env_id,
        options={"action_format": "bare", "split": "train"},
        prompt=corridor.PROMPT,
        tasks=tuple(f"walk-{i}" for i in range(8)),
        conditions={},
        action_format="bare",
    )


def script(method, model, out, kill_at, **more):
    """Give a script that trains, and kills itself after so many optimiser steps (0: never)."""
    return SCRIPT.format(
        here=str(HERE),
        method=method,
        model=str(model),
        out=str(out),
        kill_at=kill_at,
        more=more,
    )
