"""The site, asked as a browser and as a program would."""

import csv
import io
import re

import pytest
from bs4 import BeautifulSoup

from leaderboard.app import HEADERS, Board, create_app
from leaderboard.build import addresses, build
from leaderboard.rows import View, paper_rows, to_csv
from leaderboard.store import Store
from leaderboard.submission import submit
from leaderboard.text import visible, visible_line
from stepagent_gym.errors import UsageError

TOKEN = "a token of some length"
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "{{ 7 * 7 }}",
    "</title><base href=//evil>",
]


@pytest.fixture(scope="module")
def store(archive, play, tmp_path_factory):
    """A board with a verified submission, and one that waits."""
    folder = tmp_path_factory.mktemp("board")
    store = Store(folder / "store")
    assert store.verify(store.add(archive), workers=0).status == "verified"
    oracle = play(folder / "oracle", model="oracle", limit=12)
    store.add(submit(oracle, folder / "oracle.zip", model="The Oracle", method="=SFT"))
    return store


@pytest.fixture(scope="module")
def client(store):
    return create_app(Board(store)).test_client()


def soup(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def shown(page):
    rows = page.select("table.board tbody tr")
    return [row.th.get_text(strip=True) for row in rows if not row.has_attr("hidden")]


def test_every_answer_has_the_headers(client, store):
    for address in [*addresses(store), "/", "/nothing", "/submissions/../../etc/passwd"]:
        with client.get(address) as response:
            for name, value in HEADERS.items():
                assert response.headers[name] == value, (address, name)
    assert "unsafe" not in HEADERS["Content-Security-Policy"]
    assert HEADERS["X-Frame-Options"] == "DENY"


def test_pages_hold_no_inline_code_and_nothing_from_outside(client, store):
    for address in addresses(store):
        if not address.endswith(".html"):
            continue
        page = soup(client, address)
        assert all(script.get("src") and not script.string for script in page.find_all("script"))
        assert not page.find_all("style")
        for tag in page.find_all(True):
            assert not [name for name in tag.attrs if name.startswith("on") or name == "style"]
            for name in ("src", "href", "action"):
                assert not re.match(r"[a-z]+:|//", tag.get(name, ""), re.IGNORECASE)


def test_every_link_leads_to_a_page(client, store):
    known = {*addresses(store), "/"}
    for address in known:
        if not address.endswith((".html", "/")):
            continue
        folder = address.rpartition("/")[0]
        for tag in soup(client, address).find_all(href=True):
            target = tag["href"].partition("?")[0].partition("#")[0]
            path = "/".join([folder, target]) if target else address
            while re.search(r"[^/]+/\.\./", path):
                path = re.sub(r"[^/]+/\.\./", "", path, count=1)
            assert path in known, (address, tag["href"])


def test_pages_can_be_used_with_a_keyboard_and_a_reader(client, store):
    for address in ("/index.html", "/benchmarks/webshop.html", "/about.html"):
        page = soup(client, address)
        assert page.html["lang"] == "en"
        assert page.find("meta", {"name": "viewport"})
        assert page.select_one("a.skip")["href"] == "#main"
        assert len(page.find_all("h1")) == 1
        for field in page.select("input:not([type=hidden]), select"):
            assert field.find_parent("label"), field
        for heading in page.find_all("th"):
            assert heading["scope"] in ("col", "row")


def test_a_row_says_what_it_is(client):
    row = soup(client, "/").find("tr", {"data-status": "verified"})
    text = " ".join(row.get_text(" ").split())
    for part in ("Random", "none", "30 of", "tasks, test", "embedded, 10 turns", "0.1.0",
                 "verified by re-execution"):  # fmt: skip
        assert part in text
    assert re.search(r"0\.\d{3} 0\.\d{3} to 0\.\d{3}", text)


def test_published_numbers_are_there_and_marked(client):
    page = soup(client, "/benchmarks/webshop.html")
    row = next(
        row
        for row in page.find_all("tr", {"data-status": "reported"})
        if "GPT-4-0125-preview" in row.get_text()
    )
    text = " ".join(row.get_text(" ").split())
    assert "reported, not re-executed" in text
    assert "StepAgent, arXiv:2411.03817" in text
    assert "0.580" in text


def test_every_score_of_the_papers_is_on_the_board(root):
    with (root / "data" / "leaderboard" / "paper_tables.csv").open() as file:
        lines = list(csv.DictReader(file))
    told = [
        round(float(line["value"]) / 100, 6)
        for line in lines
        if line["dataset"] != "Average"
        and line["metric"] not in ("training_hours_8xA100", "step_order_accuracy_max")
    ]
    scores = [s.mean for row in paper_rows() for same in row.scores.values() for s in same]
    assert sorted(told) == pytest.approx(sorted(scores))
    assert len(scores) > 240


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("column", ["webshop", "alfworld", "model", "tasks", "date", "status"])
def test_rows_are_sorted_with_the_empty_ones_last(client, column, order):
    rows = soup(client, f"/?sort={column}&order={order}").select("table.board tbody tr")
    heading = soup(client, "/").find("th", {"data-key": column})
    place = heading.find_parent("tr").find_all("th").index(heading)
    values = [row.find_all(["th", "td"])[place]["data-value"] for row in rows]
    filled = [value for value in values if value != ""]
    assert values == filled + [""] * (len(values) - len(filled))
    key = float if column in ("webshop", "alfworld", "tasks", "status") else str
    assert filled == sorted(filled, key=key, reverse=order == "desc")
    assert len(filled) >= 2


def test_rows_are_filtered(client):
    assert shown(soup(client, "/?text=oracle")) == ["The Oracle"]
    assert shown(soup(client, "/?status=verified")) == ["Random"]
    assert shown(soup(client, "/?status=waiting&text=RANDOM")) == []
    assert len(shown(soup(client, "/?status=reported"))) == len(paper_rows())
    answer = client.get("/api/board.json?status=waiting").get_json()
    assert [row["model"] for row in answer["rows"]] == ["The Oracle"]
    assert answer["rows"][0]["scores"]["webshop"][0]["mean"] == 1.0


@pytest.mark.parametrize(
    ("query", "named"),
    [("sort=x", "sort='x'"), ("order=up", "order='up'"), ("status=maybe", "status='maybe'"),
     ("colour=red", "no argument 'colour'")],
)  # fmt: skip
def test_a_wrong_question_is_named(client, query, named):
    response = client.get(f"/?{query}")
    assert response.status_code == 400
    text = BeautifulSoup(response.get_data(as_text=True), "html.parser").get_text()
    assert named in text


def test_the_csv_holds_no_formulas(client):
    rows = list(csv.DictReader(io.StringIO(client.get("/board.csv").get_data(as_text=True))))
    oracle = next(row for row in rows if row["model"] == "The Oracle")
    assert oracle["method"] == "'=SFT"
    assert (oracle["benchmark"], oracle["mean"], oracle["tasks"]) == ("webshop", "1.0", "12")
    assert not [cell for row in rows for cell in row.values() if cell[:1] in ("=", "+", "@", "\t")]
    assert to_csv([]).count("\n") == 1


def test_the_chart_shows_verified_and_published_rows_alone(client):
    page = soup(client, "/benchmarks/webshop.html")
    named = [item.find(class_="what").get_text() for item in page.select("ol.chart li")]
    assert len(named) == 25
    assert not [name for name in named if "Oracle" in name]
    widths = [float(bar["width"]) for bar in page.select("ol.chart rect.bar")]
    assert widths == sorted(widths, reverse=True)


def test_a_submission_is_read_as_conversations(client, store):
    entry = next(entry for entry in store.entries() if entry.status == "verified")
    page = soup(client, f"/submissions/{entry.id}/index.html")
    assert "60 episodes with" in page.get_text()
    assert "data_hash" in page.get_text()
    listed = soup(client, f"/submissions/{entry.id}/episodes-1.html")
    assert len(listed.select("tbody tr")) == 60
    episode = soup(client, f"/submissions/{entry.id}/episode-2.html")
    trajectory = store.trajectory(entry.id, 2)
    turns = episode.select("li.turn")
    assert len(turns) == len(trajectory.steps)
    for turn, step in zip(turns, trajectory.steps, strict=True):
        assert turn.select_one(".seen").get_text() == step.observation
        assert turn.select_one(".reply").get_text() == step.completion.text
        assert turn.select_one("code").get_text() == step.action


def test_an_archive_is_a_download(client, store, archive):
    entry = store.entries()[0]
    with client.get(f"/submissions/{entry.id}/submission.zip") as response:
        assert response.get_data() == archive.read_bytes()
        assert response.headers["Content-Type"] == "application/zip"
        assert response.headers["Content-Disposition"] == f"attachment; filename={entry.id}.zip"


@pytest.mark.parametrize(
    "address",
    ["/submissions/0123456789abcdef/index.html", "/submissions/..%2f..%2fetc/index.html",
     "/submissions/%2e%2e/submission.zip", "/benchmarks/none.html", "/static/../app.py",
     "/api/submissions/store.json"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("page", ["episode-0", "episode-61", "episodes-0", "episodes-2"])
def test_pages_that_an_entry_lacks_are_not_found(client, store, page):
    assert client.get(f"/submissions/{store.entries()[0].id}/{page}.html").status_code == 404


def test_the_build_is_what_the_site_answers(client, store, tmp_path):
    count = build(store.folder, tmp_path / "out")
    files = sorted(path for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert count == len(files) > 80
    for path in files:
        with client.get("/" + path.relative_to(tmp_path / "out").as_posix()) as response:
            assert path.read_bytes() == response.get_data(), path
    with pytest.raises(UsageError, match="is not empty"):
        build(store.folder, tmp_path / "out")


# Text from strangers.


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_never_markup(run, tmp_path, text):
    run.header["config"]["model"] = text
    run.header["versions"]["stepagent-gym"] = text
    run.conditions["note"] = text
    for step in run.episodes[0]["steps"]:
        step.update(observation=text, thought=text, action=text)
        step["completion"]["text"] = text
        step["info"]["task_type"] = text
    run.episodes[0].update(final_observation=text, task_id=text)
    run.episodes[0]["metrics"][text] = 1.0
    run.summarise()
    store = Store(tmp_path / "store")
    entry_id = store.add(run.archive(tmp_path / "hostile.zip", model=text, method=text))
    waiting = create_app(Board(store)).test_client()
    names = [f"submissions/{entry_id}/{name}-1" for name in ("episodes", "episode")]
    names += ["index", "benchmarks/webshop", f"submissions/{entry_id}/index"]
    pages = [waiting.get(f"/{name}.html").get_data(as_text=True) for name in names]
    assert store.verify(entry_id, workers=0).status == "refused"
    pages += [waiting.get(f"/{name}.html").get_data(as_text=True) for name in names]
    pages.append(waiting.get("/?status=refused").get_data(as_text=True))
    pages.append(waiting.get("/", query_string={"text": text}).get_data(as_text=True))
    pages.append(waiting.get("/", query_string={"sort": text}).get_data(as_text=True))
    assert sum(text in BeautifulSoup(page, "html.parser").get_text() for page in pages) > 5
    for page in pages:
        found = BeautifulSoup(page, "html.parser")
        assert len(found.find_all("script")) == 1
        assert not found.find_all(["img", "base"])
        assert "49" not in found.h1.get_text()
        for tag in found.find_all(True):
            assert not [name for name in tag.attrs if name.startswith("on")]
            assert not str(tag.get("href", "")).startswith("javascript")


def test_characters_that_steer_display_are_shown():
    assert visible("\x1b[31mred\x1b[0m\x07\x7f") == "␛[31mred␛[0m␇␡"
    assert visible("a\u202eb\u2066c\u200bd\ufeff") == "a[U+202E]b[U+2066]c[U+200B]d[U+FEFF]"
    assert visible("two\nlines\tand\r") == "two\nlines\tand␍"
    assert visible("\u2028\x85\ud800") == "[U+2028][U+0085][U+D800]"
    assert visible("Žluťoučký 水 مرحبا") == "Žluťoučký 水 مرحبا"
    assert visible_line("two\nlines") == "two␤lines"


def test_no_page_holds_characters_that_steer_display(run, tmp_path):
    text = "a\u202e\x1b[2J\u2066\u200b"
    run.header["config"]["model"] = text
    for step in run.episodes[0]["steps"]:
        step.update(observation=text, action=text)
        step["completion"]["text"] = text
    run.episodes[0].update(final_observation=text, task_id=text)
    run.summarise()
    store = Store(tmp_path / "store")
    store.verify(store.add(run.archive(tmp_path / "h.zip", model=text, method=text)), workers=0)
    client = create_app(Board(store)).test_client()
    for address in addresses(store):
        if address.endswith((".html", ".csv")):
            page = client.get(address).get_data(as_text=True)
            assert not {"\u202e", "\x1b", "\u2066", "\u200b"} & set(page), address


def test_a_view_is_what_was_asked():
    view = View.asked({"sort": "webshop", "order": "desc"}, View())
    assert (view.sort, view.order, view.status) == ("webshop", "desc", "")
