"""WebShop as web pages: `stepagent play stepagent/WebShop-v0 --web`.

Every button is an action of the environment (`click[...]`, `search[...]`), sent through the one
loop; every page is drawn from the environment's own state.  Each browser has a `Game` of its own,
known by a random id in a cookie.  A form carries a token, against requests from elsewhere, and the
moment that it was drawn at: one of an earlier moment (the Back button, a double click) does
nothing but show the present page.
"""

import asyncio
import ipaddress
import secrets
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import waitress
from flask import Flask, Response, abort, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from harness.play.experts import ExpertFile
from harness.play.game import Game, find_task
from harness.play.shop_pages import draw
from stepagent_gym.envs.webshop.env import WebShopEnv
from stepagent_gym.errors import RunError, StepAgentError

COOKIE = "stepagent-shop"
IDLE_SECONDS = 2 * 60 * 60
"""A browser that was not heard of for so long loses its place."""
BUSY_SECONDS = 10 * 60
"""Where all places are taken, one that was idle for so long is given away."""
_PATIENCE = 60.0  # seconds that a turn may take
_LONGEST = 2000  # characters of an action
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_STALE = "That page was an old one, so nothing was done. This is where you are; Undo takes back."

Value = TypeVar("Value")


@dataclass
class Shopper:
    """One browser: its game, the token of its forms, and what it is to be told next."""

    game: Game
    used: float
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    note: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)


class Shop:
    """The games of all browsers, played in one thread; `close` ends them.

    `task` and `seed`: where every browser begins.  `places`: browsers at once.
    Raises `UsageError` and `DataError` for what cannot be played.
    """

    def __init__(
        self,
        options: Mapping[str, Any],
        task: str | None,
        seed: int,
        experts: ExpertFile,
        *,
        places: int = 64,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.options = dict(options)
        self.seed = seed
        self.experts = experts
        self.places = places
        self.clock = clock
        game = self._make_game()
        self.task = find_task(game.env, task)
        game.env.close()
        self._shoppers: dict[str, Shopper] = {}
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def __len__(self) -> int:
        return len(self._shoppers)

    def find(self, identity: str | None) -> Shopper | None:
        """Give the shopper of a browser, None for a browser that is not known (any more)."""
        with self._lock:
            shopper = self._shoppers.get(identity or "")
            if shopper is not None:
                shopper.used = self.clock()
            return shopper

    def welcome(self) -> tuple[str, Shopper] | None:
        """Begin a game for a new browser, known by the id; None where all places are taken."""
        shopper = Shopper(self._make_game(), self.clock())
        self.run(shopper.game.begin(self.task, self.seed))
        identity = secrets.token_urlsafe(24)
        with self._lock:
            leaving = self._make_room()
            full = len(self._shoppers) >= self.places
            if full:
                leaving.append(shopper)
            else:
                self._shoppers[identity] = shopper
        for gone in leaving:
            self.run(gone.game.close())
        return None if full else (identity, shopper)

    def run(self, doing: Coroutine[Any, Any, Value]) -> Value:
        """Do something in the thread of the games, and wait for it."""
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result(_PATIENCE)

    def close(self) -> None:
        """End all games."""
        for shopper in self._shoppers.values():
            self.run(shopper.game.close())
        self._shoppers.clear()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _make_game(self) -> Game:
        return Game(WebShopEnv.env_id, self.options, self.experts)

    def _make_room(self) -> list[Shopper]:
        """Take the idle off the list, and where it is full the one idle longest."""
        now = self.clock()
        idle = [(now - shopper.used, identity) for identity, shopper in self._shoppers.items()]
        gone = [identity for seconds, identity in idle if seconds > IDLE_SECONDS]
        if not gone and len(idle) >= self.places and max(idle)[0] > BUSY_SECONDS:
            gone = [max(idle)[1]]
        return [self._shoppers.pop(identity) for identity in gone]


def make_app(shop: Shop, *, local: bool = True) -> Flask:
    """Make the pages of a shop; `local`: answer only to the names of this machine."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 16 * 1024
    if local:
        app.config["TRUSTED_HOSTS"] = ["127.0.0.1", "localhost", "[::1]"]

    @app.get("/")
    def page() -> AnyResponse:
        shopper = shop.find(request.cookies.get(COOKIE))
        if shopper is not None:
            return _show(shopper)
        welcomed = shop.welcome()
        if welcomed is None:
            abort(503, "The shop is full. Try again in a few minutes.")
        identity, shopper = welcomed
        response = _show(shopper)
        response.set_cookie(COOKIE, identity, httponly=True, samesite="Strict")
        return response

    @app.post("/<any(act, undo, redo, hint, restart, next):deed>")
    def do(deed: str) -> AnyResponse:
        shopper = shop.find(request.cookies.get(COOKIE))
        if shopper is None:
            return redirect("/", 303)
        if not secrets.compare_digest(
            request.form.get("token", "").encode(), shopper.token.encode()
        ):
            abort(403, "This form is not from a page of yours. Load the shop again.")
        with shopper.lock:
            if request.form.get("moment") == str(shopper.game.moment):
                try:
                    shopper.note = shop.run(_do(shopper.game, deed, shop.seed, _action()))
                except StepAgentError as error:
                    shopper.note = str(error)
            else:
                shopper.note = _STALE
            return redirect(f"/?at={shopper.game.moment}", 303)

    @app.errorhandler(HTTPException)
    def fail(error: HTTPException) -> tuple[str, int]:
        return render_template("error.html", error=error), error.code or 500

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(_HEADERS)
        return response

    return app


def _show(shopper: Shopper) -> Response:
    """Draw the present page; the address may be of an earlier one."""
    with shopper.lock:
        note, shopper.note = shopper.note, ""
        drawn = draw(shopper.game)
        moment = shopper.game.moment
        if not note and request.args.get("at", str(moment)) != str(moment):
            note = _STALE
        return Response(
            render_template(
                f"{drawn.template}.html", page=drawn, note=note, token=shopper.token, moment=moment
            )
        )


def _action() -> str:
    """Give the action that a form stands for; a search box has no brackets to give."""
    keywords = request.form.get("keywords")
    if keywords is None:
        action = request.form.get("action", "")
    else:
        words = " ".join(keywords.replace("[", " ").replace("]", " ").split())
        action = f"search[{words}]" if words else ""
    if len(action) > _LONGEST:
        abort(413, "That is too long to search for.")
    return action


async def _do(game: Game, deed: str, seed: int, action: str) -> str:
    """Do what a form asks for; gives what the person is to be told."""
    over = game.trajectory is not None
    if deed == "undo":
        return "" if await game.undo() else "There is no turn to take back."
    if deed == "restart":
        await game.restart()
    elif deed == "next":
        await game.begin(game.next_task(), seed)
    elif over:
        return "The episode is over."
    elif deed == "hint":
        thought, advised = await game.hint()
        return f"Hint, which the record mentions: {thought} {advised}"
    elif deed == "redo":
        return "" if await game.redo() else "There is no turn to take again."
    elif action:
        await game.send(action)
        return _remark(game, action)
    return ""


def _remark(game: Game, action: str) -> str:
    """Say what is odd about the turn just taken."""
    if game.trajectory is not None and game.trajectory.status == "error":
        return f"The episode broke: {game.trajectory.error}"
    step = game.view.steps[-1]
    if step.action != action:
        return f"The shop understood: {step.action}"
    return "" if step.info["valid"] else "That was not possible here, and spent a turn."


def serve_shop(
    options: Mapping[str, Any],
    task: str | None,
    seed: int,
    experts: ExpertFile,
    host: str,
    port: int,
) -> int:
    """Serve the shop until it is interrupted; gives the exit status."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        raise RunError(f"cannot serve at {host}, port {port}: {error.strerror or error}") from error
    address, actual = listening.getsockname()[:2]
    shop = Shop(options, task, seed, experts)
    try:
        app = make_app(shop, local=ipaddress.ip_address(address).is_loopback)
        server = waitress.create_server(app, sockets=[listening], threads=8, ident=None)
        shown = f"[{address}]" if ":" in address else address
        print(
            f"WebShop: http://{shown}:{actual}/   (Ctrl-C ends; saved in {experts.path})",
            flush=True,
        )
        server.run()
    finally:
        shop.close()
        listening.close()
    return 0
