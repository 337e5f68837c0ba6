"""A command of `stepagent` that does not outlive the study that began it.

    python -m stepagent_train.study.child eval --model oracle ...

Its standard input is a pipe that the study holds open.  When the study is killed the pipe ends, and
the command with it; so a study that is begun again finds no cell still running.
"""

import os
import signal
import sys
import threading


def _die_with_parent() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    threading.Thread(target=_die_with_parent, daemon=True).start()
    from harness.cli import main

    sys.exit(main(sys.argv[1:]))
