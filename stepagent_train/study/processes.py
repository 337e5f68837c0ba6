"""Processes for commands, forked from one that has imported what all of them need.

To import PyTorch and transformers takes seconds, which a study of hundreds of cells would pay in
each.  A server process imports them once, and nothing else: no thread and no device is taken up
before the fork.  A command does not outlive the study: where that is killed, so a study that is
begun again finds no cell still running.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

_IMPORTED = (
    "harness.commands",
    "peft",
    "stepagent_train.commands",
    "stepagent_train.init",
    "stepagent_train.inverse",
    "stepagent_train.ipr",
    "stepagent_train.sft",
    "torch.utils.tensorboard",
    "transformers.models.llama.modeling_llama",
)


def start(words: Sequence[str], output: Path, threads: int) -> ForkServerProcess:
    """Start `stepagent WORDS`, or `python WORDS`, with what it prints appended to a file."""
    # so that asking whether there is a GPU takes none up, in the process that is forked
    os.environ["PYTORCH_NVML_BASED_CUDA_CHECK"] = "1"
    os.environ["OMP_NUM_THREADS"] = str(threads)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_IMPORTED))
    process = context.Process(target=_run, args=(tuple(words), output, threads))
    process.start()
    return process


def _run(words: tuple[str, ...], output: Path, threads: int) -> None:
    threading.Thread(target=_die_with_study, daemon=True).start()
    with output.open("ab") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    os.environ["OMP_NUM_THREADS"] = str(threads)
    if words[0] == "python":
        os.execv(sys.executable, [sys.executable, *words[1:]])
    import torch

    from harness.cli import main

    torch.set_num_threads(threads)
    sys.exit(main(words))


def _die_with_study() -> None:
    study = multiprocessing.parent_process()
    assert study is not None
    study.join()
    os.kill(os.getpid(), signal.SIGKILL)
