"""Uploads: who may, how large, what becomes of them, and the refusal that is read afterwards."""

import io
import re
import threading
import zipfile

import pytest
from bs4 import BeautifulSoup

from leaderboard.app import Board, create_app
from leaderboard.serve import Verifier, serve
from leaderboard.store import Store
from leaderboard.verify import verify
from stepagent_gym.errors import SubmissionError, UsageError

TOKEN = "a token of some length"


@pytest.fixture
def taking(tmp_path):
    """A board that takes submissions, and the ids that it was told of."""
    told = []
    board = Board(Store(tmp_path / "store"), TOKEN, 300 << 10, told.append)
    return create_app(board).test_client(), board.store, told


def send(client, archive, token=TOKEN, address="/submissions", **options):
    content = archive if isinstance(archive, bytes) else archive.read_bytes()
    data = {"token": token, "file": (io.BytesIO(content), "../../evil name.zip")}
    return client.post(address, data=data, content_type="multipart/form-data", **options)


def test_an_upload_is_kept_under_a_name_made_here(taking, archive):
    client, store, told = taking
    response = send(client, archive)
    assert response.status_code == 303
    (entry,) = store.entries()
    assert response.headers["Location"] == f"submissions/{entry.id}/index.html"
    assert told == [entry.id]
    assert re.fullmatch("[0-9a-f]{16}", entry.id)
    assert [path.name for path in store.folder.iterdir()] == [entry.id]
    page = client.get(f"/{response.headers['Location']}").get_data(as_text=True)
    assert "not verified yet" in page
    assert 'http-equiv="refresh"' in page
    assert send(client, archive).headers["Location"].split("/")[1] == entry.id
    assert len(store.entries()) == 1


def test_a_program_uploads_with_a_header(taking, archive):
    client, store, _ = taking
    headers = {"Authorization": f"Bearer {TOKEN}"}
    response = send(client, archive, token="", address="/api/submissions", headers=headers)
    assert response.status_code == 201
    assert response.get_json() == {"id": store.entries()[0].id, "status": "waiting"}
    wrong = send(client, b"no archive", token="", address="/api/submissions", headers=headers)
    assert wrong.status_code == 422
    assert "no sound ZIP archive" in wrong.get_json()["error"]


@pytest.mark.parametrize("token", ["", "wrong", TOKEN + " ", "tökén"])
def test_nothing_is_taken_without_the_token(taking, archive, token):
    client, store, told = taking
    assert send(client, archive, token=token).status_code == 403
    assert send(client, archive, token=token, address="/api/submissions").status_code == 403
    assert not store.entries()
    assert not told


def test_a_board_without_a_token_takes_nothing(archive, tmp_path):
    client = create_app(Board(Store(tmp_path / "store"))).test_client()
    assert send(client, archive).status_code in (404, 405)
    assert "takes no uploads" in client.get("/about.html").get_data(as_text=True)


def test_too_large_an_upload_is_not_taken(taking):
    client, store, _ = taking
    assert send(client, bytes(400 << 10)).status_code == 413
    headers = {"Authorization": f"Bearer {TOKEN}"}
    response = send(client, bytes(400 << 10), address="/api/submissions", headers=headers)
    assert response.status_code == 413
    assert "exceeds the capacity limit" in response.get_json()["error"]
    assert not store.folder.exists() or not list(store.folder.iterdir())


def test_a_form_without_a_file_is_named(taking):
    client, _, _ = taking
    response = client.post("/submissions", data={"token": TOKEN})
    assert response.status_code == 400
    assert "There is no file in the form" in response.get_data(as_text=True)


def test_a_faulty_archive_is_refused_with_the_reason(taking, run, tmp_path):
    client, store, told = taking
    run.episodes.append(run.episodes[0])
    response = send(client, run.archive(tmp_path / "twice.zip"))
    assert response.status_code == 422
    assert "recorded twice, in the lines 1 and 61" in response.get_data(as_text=True)
    assert not list(store.folder.iterdir())
    assert not told


def test_a_tampered_archive_shows_its_refusal(run, tmp_path):
    episode = run.episode(lambda e: e["status"] == "finished" and e["reward"] < 1)
    episode["steps"][-1]["reward"] = episode["reward"] = 1.0
    run.summarise()
    done = threading.Event()

    class Watched(Store):
        def verify(self, entry_id, *, workers=None):
            entry = super().verify(entry_id, workers=0)
            done.set()
            return entry

    store = Watched(tmp_path / "store")
    verifier = Verifier(store)
    client = create_app(Board(store, TOKEN, 1 << 20, verifier.add)).test_client()
    location = send(client, run.archive(tmp_path / "t.zip")).headers["Location"]
    assert done.wait(60)
    page = client.get(f"/{location}").get_data(as_text=True)
    assert f"task {episode['task_id']}, seed {episode['seed']}, turn" in page
    assert "reward is 1.0; the environment gives" in page
    for address, hidden in (("/?status=refused", False), ("/", True)):
        board = BeautifulSoup(client.get(address).get_data(as_text=True), "html.parser")
        assert board.find("tr", {"data-status": "refused"}).has_attr("hidden") == hidden


def test_what_cannot_be_replayed_here_waits_and_says_why(archive, tmp_path, monkeypatch):
    store = Store(tmp_path / "store")
    entry_id = store.add(archive)
    side = tmp_path / "stepagent-data" / "verifications" / f"{store.entry(entry_id).sha256}.jsonl"

    def second(episodes):
        entry = store.verify(entry_id, workers=0)
        assert entry.status == "waiting"
        assert "another process is verifying" in entry.problem

    assert verify(store.archive(entry_id), workers=0, side_file=side, tell=second).verified
    assert store.verify(entry_id, workers=0).problem is None


def test_a_store_takes_no_archive_that_is_none(tmp_path):
    path = tmp_path / "no.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("x", "y")
    store = Store(tmp_path / "store")
    with pytest.raises(SubmissionError):
        store.add(path)
    assert store.entries() == []


def test_a_short_token_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("STEPAGENT_BOARD_TOKEN", "short")
    with pytest.raises(UsageError, match="fewer than 16 characters"):
        serve(tmp_path / "store", "127.0.0.1", 0, 1 << 20)
