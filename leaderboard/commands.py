"""The command `board`: submit, verify, add, serve, build."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import orjson
import tyro
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from leaderboard.store import Store
from leaderboard.submission import read_submission, submit
from leaderboard.text import visible, visible_line
from leaderboard.verify import Verdict, verify
from stepagent_gym.errors import SubmissionError, UsageError

STORE = Path("board")
_USAGE = """stepagent board COMMAND [--help] ...
  submit RUN --out FILE.zip   write a finished run as one archive
  verify FILE.zip             replay every action of it
  add FILE.zip                take a submission into the store of a board, and verify it
  serve                       the site
  build --out FOLDER          the same pages as files"""


def run_board(arguments: list[str]) -> int:
    """Run a command of the leaderboard."""
    commands = {
        "submit": _submit,
        "verify": _verify,
        "add": _add,
        "serve": _serve,
        "build": _build,
    }
    if arguments[:1] in (["-h"], ["--help"]):
        print(f"usage: {_USAGE}")
        return 0
    if not arguments or arguments[0] not in commands:
        raise UsageError(_USAGE)
    return commands[arguments[0]](arguments[1:])


def _submit(arguments: list[str]) -> int:
    def board_submit(
        run: Annotated[Path, tyro.conf.Positional],
        /,
        out: Path,
        model: str | None = None,
        method: str = "prompting",
    ) -> None:
        """Write a finished run as one archive; run.json, with its config, is in it.

        Args:
            run: The run folder.
            out: The archive.
            model: The name of the model to show; by default the model string of the run.
            method: How the model was trained, such as SFT; shown as it is.

        """
        path = submit(run, out, model=model, method=method)
        print(f"submission: {path} ({path.stat().st_size:,} bytes)")

    tyro.cli(board_submit, args=arguments, prog="stepagent board submit")
    return 0


def _verify(arguments: list[str]) -> int:
    """Status 0 where it is verified, 1 where it is refused."""

    def board_verify(
        file: Annotated[Path, tyro.conf.Positional],
        /,
        workers: int | None = None,
        side_file: Path | None = None,
        json: bool = False,
        quiet: bool = False,
    ) -> int:
        """Replay every action of every episode of a submission.

        Args:
            file: The archive.
            workers: Processes that replay; by default one a core, 0 for none.
            side_file: Where progress is kept; by default in the cache folder.
            json: Print the verdict as JSON.
            quiet: No progress bar.

        """
        if not file.is_file():
            raise UsageError(f"there is no file {file}")
        with _progress(file, quiet) as tell:
            verdict = verify(file, workers=workers, side_file=side_file, tell=tell)
        if json:
            print(orjson.dumps(verdict.to_json(), option=orjson.OPT_INDENT_2).decode())
        else:
            _print_verdict(file, verdict)
        return 0 if verdict.verified else 1

    return tyro.cli(board_verify, args=arguments, prog="stepagent board verify")


def _add(arguments: list[str]) -> int:
    """Status 0 where it is verified."""

    def board_add(file: Annotated[Path, tyro.conf.Positional], /, store: Path = STORE) -> int:
        """Take a submission into the store of a board, and verify it there.

        Args:
            file: The archive.
            store: The folder of submissions.

        """
        board = Store(store)
        try:
            entry = board.verify(board.add(file))
        except SubmissionError as error:
            print(f"refused: {file}\n  {visible(str(error))}")
            return 1
        print(f"{entry.status}: {store / entry.id}")
        for line in entry.verdict.findings if entry.verdict else [entry.problem or ""]:
            print(f"  {visible(line)}")
        return 0 if entry.status == "verified" else 1

    return tyro.cli(board_add, args=arguments, prog="stepagent board add")


def _serve(arguments: list[str]) -> int:
    def board_serve(
        store: Path = STORE, host: str = "127.0.0.1", port: int = 8000, max_upload_mb: int = 100
    ) -> None:
        """Serve the leaderboard.

        Submissions are taken where the environment variable STEPAGENT_BOARD_TOKEN is set.

        Args:
            store: The folder of submissions.
            host: The address to listen on.
            port: The port to listen on.
            max_upload_mb: Megabytes that an upload may have.

        """
        from leaderboard.serve import serve

        serve(store, host, port, max_upload_mb << 20)

    tyro.cli(board_serve, args=arguments, prog="stepagent board serve")
    return 0


def _build(arguments: list[str]) -> int:
    def board_build(out: Path, store: Path = STORE) -> None:
        """Write the pages of the leaderboard as files, for any web server.

        Args:
            out: The folder to write; it must not exist or be empty.
            store: The folder of submissions.

        """
        from leaderboard.build import build

        print(f"board: {build(store, out):,} files in {out}")

    tyro.cli(board_build, args=arguments, prog="stepagent board build")
    return 0


@contextmanager
def _progress(file: Path, quiet: bool) -> Iterator[Callable[[int], None]]:
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda episodes: None
        return
    columns = (
        TextColumn("replaying"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("episodes"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("replaying", total=None)
        yield lambda episodes: progress.update(task, completed=episodes)


def _print_verdict(file: Path, verdict: Verdict) -> None:
    if not verdict.verified:
        print(f"refused: {file}")
        for finding in verdict.findings:
            print(f"  {visible(finding)}")
        return
    submission = read_submission(file)
    print(f"verified: {file} ({visible_line(submission.model)}, {visible_line(submission.method)})")
    again = f", {verdict.resumed:,} of them before" if verdict.resumed else ""
    print(
        f"  {verdict.episodes:,} episodes, {verdict.turns:,} turns replayed{again} "
        f"in {verdict.seconds:.1f} s"
    )
    for env_id, part in submission.summary.items():
        conditions, metrics = part["conditions"], part["metrics"]
        scores = ", ".join(f"{name} {metrics[name]['mean']:.3f}" for name in ("reward", "success"))
        print(
            f"  {env_id}: {scores}; {conditions['tasks']} of {conditions['split_tasks']} tasks, "
            f"split {conditions['split']}, data {verdict.data[env_id]}/{conditions['data_hash']}"
        )
    sys.stdout.flush()
