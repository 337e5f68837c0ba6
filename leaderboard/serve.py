"""Serving the board, and one thread that re-executes what comes in.

STEPAGENT_BOARD_TOKEN=... stepagent board serve
"""

import os
import queue
import threading
import traceback
from pathlib import Path

from werkzeug.serving import make_server

from leaderboard.app import Board, create_app
from leaderboard.store import Store
from stepagent_gym.errors import UsageError

TOKEN = "STEPAGENT_BOARD_TOKEN"
_SHORTEST = 16


class Verifier:
    """Re-executes submissions one after the other, in a thread of its own."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._ids: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._run, daemon=True).start()

    def add(self, entry_id: str) -> None:
        """Put a submission in the queue."""
        self._ids.put(entry_id)

    def _run(self) -> None:
        while True:
            entry_id = self._ids.get()
            try:
                self.store.verify(entry_id)
            except Exception:  # the next submission must not suffer; this one stays unverified
                traceback.print_exc()


def serve(store_folder: Path, host: str, port: int, max_upload: int) -> None:
    """Serve until interrupted; first in the queue is what has no verdict yet."""
    token = os.environ.get(TOKEN) or None
    if token is not None and len(token) < _SHORTEST:
        raise UsageError(f"{TOKEN} has fewer than {_SHORTEST} characters; choose a longer one")
    store = Store(store_folder)
    verifier = Verifier(store)
    for entry in store.entries():
        if entry.status == "waiting":
            verifier.add(entry.id)
    app = create_app(Board(store, token, max_upload, verifier.add))
    try:
        server = make_server(host, port, app, threaded=True)
    except OSError as error:
        raise UsageError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    print(f"board: http://{host}:{server.server_port}/", flush=True)
    if token is None:
        print(f"submissions are not taken; set {TOKEN} to take them", flush=True)
    with server:
        server.serve_forever()
