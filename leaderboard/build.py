"""The pages of the board as files: what the site answers, byte for byte.

stepagent board build --out FOLDER
"""

from collections.abc import Iterator
from pathlib import Path

from leaderboard.app import PAGE, Board, create_app
from leaderboard.benchmarks import BENCHMARKS
from leaderboard.store import Store
from stepagent_gym.errors import UsageError

STATIC = ("board.css", "board.js", "icon.svg")


def addresses(store: Store) -> Iterator[str]:
    """List every page of a board."""
    yield "/index.html"
    yield "/about.html"
    yield "/api/board.json"
    yield "/board.csv"
    for name in STATIC:
        yield f"/static/{name}"
    for benchmark in BENCHMARKS:
        yield f"/benchmarks/{benchmark.slug}.html"
    for entry in store.entries():
        count = len(store.episodes(entry.id))
        yield f"/api/submissions/{entry.id}.json"
        for name in ("index.html", "submission.zip"):
            yield f"/submissions/{entry.id}/{name}"
        for number in range(1, -(-count // PAGE) + 1):
            yield f"/submissions/{entry.id}/episodes-{number}.html"
        for number in range(1, count + 1):
            yield f"/submissions/{entry.id}/episode-{number}.html"


def build(store: Path, out: Path) -> int:
    """Write all pages into an empty folder; gives how many."""
    if out.exists() and any(out.iterdir()):
        raise UsageError(f"{out} is not empty; choose another --out or remove it")
    board = Board(Store(store))
    client = create_app(board).test_client()
    count = 0
    for address in addresses(board.store):
        with client.get(address) as response:
            assert response.status_code == 200, (address, response.status)
            path = out / address.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(response.get_data())
        count += 1
    return count
