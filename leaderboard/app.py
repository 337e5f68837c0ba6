"""The site of the leaderboard: pages, a JSON API, a CSV, and uploads.

Every address but `/` is a file name and every link is relative, so that a build of the same pages
works from any folder of any web server.  Text of submissions reaches a page through Jinja's
escaping alone, with characters that steer display made visible.
"""

import hmac
import posixpath
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import flask
from werkzeug.exceptions import HTTPException

from leaderboard.benchmarks import BENCHMARKS, BY_SLUG
from leaderboard.charts import bars
from leaderboard.rows import STATUSES, Row, View, paper_rows, row_of, to_csv
from leaderboard.store import Entry, Store
from leaderboard.text import visible, visible_line
from stepagent_gym.errors import SubmissionError, UsageError

PAGE = 100
"""Episodes that a page lists."""
CONTENT_SECURITY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": f"{CONTENT_SECURITY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True)
class Board:
    """What the site shows, and whether it takes submissions.

    `token`: what must be shown to submit (None: nothing is taken).  `added`: is told the id of
    each submission that was taken in.
    """

    store: Store
    token: str | None = None
    max_upload: int = 100 << 20
    added: Callable[[str], None] = lambda entry_id: None

    def rows(self) -> list[Row]:
        """Give all rows: submissions, then what papers reported."""
        return [*map(row_of, self.store.entries()), *paper_rows()]


def create_app(board: Board) -> flask.Flask:
    """Make the site."""
    app = flask.Flask("leaderboard")
    app.config["MAX_CONTENT_LENGTH"] = board.max_upload
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "autoescape": True}
    app.jinja_env.filters.update(
        visible=visible, line=visible_line, score=_score, interval=_interval
    )
    app.jinja_env.globals.update(
        to=_to,
        benchmarks=BENCHMARKS,
        statuses=STATUSES,
        content_security=CONTENT_SECURITY,
        uploads=board.token is not None,
    )
    _add_pages(app, board)
    _add_machine_pages(app, board)
    if board.token is not None:
        _add_uploads(app, board, board.token)

    @app.after_request
    def secure(response: flask.Response) -> flask.Response:
        response.headers.update(HEADERS)
        return response

    @app.errorhandler(HTTPException)
    def wrong(error: HTTPException) -> tuple[str, int]:
        message = flask.render_template(
            "message.html", title=error.name, text=error.description or ""
        )
        return message, error.code or 500

    return app


def _add_pages(app: flask.Flask, board: Board) -> None:
    @app.get("/")
    @app.get("/index.html")
    def index() -> str:
        view = _view(View())
        return flask.render_template("board.html", view=view, rows=view.ordered(board.rows()))

    @app.get("/benchmarks/<slug>.html")
    def benchmark(slug: str) -> str:
        if slug not in BY_SLUG:
            flask.abort(404)
        view = _view(View(sort=slug, order="desc"))
        rows = [row for row in board.rows() if slug in row.scores]
        ranked = View(sort=slug, order="desc").ordered(rows)
        return flask.render_template(
            "benchmark.html",
            view=view,
            benchmark=BY_SLUG[slug],
            rows=view.ordered(rows),
            bars=bars(ranked, slug),
        )

    @app.get("/submissions/<entry_id>/index.html")
    def submission(entry_id: str) -> str:
        with _found():
            entry = board.store.entry(entry_id)
            count = len(board.store.episodes(entry_id))
        return flask.render_template(
            "submission.html", entry=entry, row=row_of(entry), count=count, page=PAGE
        )

    @app.get("/submissions/<entry_id>/episodes-<int:number>.html")
    def episodes(entry_id: str, number: int) -> str:
        with _found():
            entry, listed = board.store.entry(entry_id), board.store.episodes(entry_id)
        pages = -(-len(listed) // PAGE)
        if not 1 <= number <= pages:
            flask.abort(404)
        shown = listed[(number - 1) * PAGE : number * PAGE]
        return flask.render_template(
            "episodes.html", entry=entry, episodes=shown, number=number, pages=pages
        )

    @app.get("/submissions/<entry_id>/episode-<int:number>.html")
    def episode(entry_id: str, number: int) -> str:
        with _found():
            entry = board.store.entry(entry_id)
            trajectory = board.store.trajectory(entry_id, number)
            count = len(board.store.episodes(entry_id))
        return flask.render_template(
            "episode.html",
            entry=entry,
            trajectory=trajectory,
            number=number,
            count=count,
            list_page=(number - 1) // PAGE + 1,
        )

    @app.get("/about.html")
    def about() -> str:
        return flask.render_template("about.html", megabytes=board.max_upload >> 20)

    app.add_url_rule("/submissions/<entry_id>/submission.zip", "archive", _download(board))


def _download(board: Board) -> Callable[[str], flask.Response]:
    def archive(entry_id: str) -> flask.Response:
        with _found():
            path = board.store.archive(entry_id)
        return flask.send_file(
            path, "application/zip", as_attachment=True, download_name=f"{entry_id}.zip"
        )

    return archive


def _add_machine_pages(app: flask.Flask, board: Board) -> None:
    @app.get("/api/board.json")
    def board_json() -> dict[str, Any]:
        view = _view(View())
        rows = [row.to_json() for row in view.ordered(board.rows()) if view.shows(row)]
        columns = {b.slug: {"env_id": b.env_id, "metric": b.metric} for b in BENCHMARKS}
        return {"benchmarks": columns, "rows": rows}

    @app.get("/api/submissions/<entry_id>.json")
    def submission_json(entry_id: str) -> dict[str, Any]:
        with _found():
            entry = board.store.entry(entry_id)
            episodes = board.store.episodes(entry_id)
        return {
            "id": entry.id,
            "status": entry.status,
            "problem": entry.problem,
            "model": entry.model,
            "method": entry.method,
            "started": entry.started,
            "received": entry.received,
            "harness": entry.harness,
            "sha256": entry.sha256,
            "verdict": None if entry.verdict is None else entry.verdict.to_json(),
            "summary": entry.summary,
            "episodes": episodes,
        }

    @app.get("/board.csv")
    def board_csv() -> flask.Response:
        view = _view(View())
        content = to_csv(row for row in view.ordered(board.rows()) if view.shows(row))
        return flask.Response(content, mimetype="text/csv")


def _add_uploads(app: flask.Flask, board: Board, token: str) -> None:
    def take(shown: str) -> Entry:
        if not hmac.compare_digest(shown.encode(), token.encode()):
            flask.abort(403, "The token is not the one of this board.")
        file = flask.request.files.get("file")
        if file is None or not file.filename:
            flask.abort(400, "There is no file in the form; choose the archive to submit.")
        board.store.folder.mkdir(parents=True, exist_ok=True)
        path = board.store.folder / f".{secrets.token_hex(8)}.upload"
        try:
            file.save(path)
            entry_id = board.store.add(path)
        except SubmissionError as error:
            flask.abort(422, f"This archive is not taken: {error}")
        finally:
            path.unlink(missing_ok=True)
        entry = board.store.entry(entry_id)
        if entry.status != "verified":
            board.added(entry_id)
        return entry

    @app.post("/submissions")
    def upload() -> Any:
        entry = take(flask.request.form.get("token", ""))
        return flask.redirect(f"submissions/{entry.id}/index.html", 303)

    @app.post("/api/submissions")
    def upload_json() -> Any:
        header = flask.request.headers.get("Authorization", "")
        try:
            entry = take(header.removeprefix("Bearer "))
        except HTTPException as error:
            return {"error": error.description}, error.code
        return {"id": entry.id, "status": entry.status}, 201


def _view(default: View) -> View:
    try:
        return View.asked(flask.request.args, default)
    except UsageError as error:
        flask.abort(400, str(error))


@contextmanager
def _found() -> Iterator[None]:
    try:
        yield
    except LookupError:
        flask.abort(404, "There is no such page. A submission may have been taken off the board.")


def _to(target: str) -> str:
    """Give the relative address of a page, from the page that is being made."""
    return posixpath.relpath(target, posixpath.dirname(flask.request.path))


def _score(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _interval(metric: Mapping[str, Any]) -> str:
    if metric["ci_low"] is None:
        return ""
    return f"{metric['ci_low']:.3f} to {metric['ci_high']:.3f}"
