"""The site in a real browser; skipped where Playwright or Chromium is absent."""

import shutil
import threading

import pytest
from werkzeug.serving import make_server

from leaderboard.app import Board, create_app
from leaderboard.build import build
from leaderboard.serve import Verifier
from leaderboard.store import Store

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")

TOKEN = "a token of some length"
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202e\x1b[2J javascript:alert(3)"


@pytest.fixture(scope="module")
def store(archive, load_run, run_folder, tmp_path_factory):
    """A verified submission, and a refused one that is hostile wherever it can be."""
    folder = tmp_path_factory.mktemp("board")
    store = Store(folder / "store")
    store.verify(store.add(archive), workers=0)
    run = load_run(run_folder)
    for step in run.episodes[0]["steps"]:
        step.update(observation=HOSTILE, thought=HOSTILE, action=HOSTILE)
        step["completion"]["text"] = HOSTILE
        step["info"]["task_type"] = HOSTILE
    run.episodes[0].update(final_observation=HOSTILE, task_id=HOSTILE)
    run.header["config"]["model"] = HOSTILE
    run.summarise()
    hostile = run.archive(folder / "hostile.zip", model=HOSTILE, method=HOSTILE)
    store.verify(store.add(hostile), workers=0)
    return store


@pytest.fixture(scope="module")
def browser(store):
    """Chromium; begun after the store, since Playwright keeps an event loop running here."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(store):
    """The address of a board that takes submissions."""
    board = Board(store, TOKEN, 1 << 20, Verifier(store).add)
    server = make_server("127.0.0.1", 0, create_app(board), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser):
    """A page on which nothing may run that is not ours, nor come from elsewhere."""
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    wrong = []
    page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text))
    page.on(
        "request",
        lambda request: (
            request.url.startswith(("http://127.0.0.1", "file://")) or wrong.append(request.url)
        ),
    )
    yield page
    context.close()
    assert not wrong


def models(page):
    return page.locator("table.board tbody tr:visible th").all_inner_texts()


def test_the_board_is_filtered_and_sorted_in_place(page, address):
    page.goto(address)
    everything = len(models(page))
    page.get_by_label("Model or method").fill("gpt-4-0125")
    assert set(models(page)) == {"GPT-4-0125-preview"}
    assert page.locator(".count").inner_text().startswith("1 of ")
    assert "text=gpt-4-0125" in page.url
    page.get_by_label("Model or method").fill("")
    assert len(models(page)) == everything
    page.get_by_label("Status").select_option("refused")
    assert len(models(page)) == 1
    page.get_by_label("Status").select_option("reported")
    page.get_by_role("columnheader", name="HotpotQA").get_by_role("link").click()
    place = page.locator("thead th").all_inner_texts().index("HotpotQA")
    cells = page.locator(f"table.board tbody tr:visible > :nth-child({place + 1})")
    values = [float(cell.split()[0]) for cell in cells.all_inner_texts() if cell.strip()]
    assert values == sorted(values, reverse=True)
    assert len(values) > 10
    page.reload()
    assert page.get_by_label("Status").input_value() == "reported"
    assert page.locator("th[aria-sort=descending]").inner_text() == "HotpotQA"


def test_the_board_works_without_scripts(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Model or method").fill("gpt-4-0125")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url("**/?text=gpt-4-0125*")
    assert models(page) == ["GPT-4-0125-preview"]
    page.get_by_role("columnheader", name="WebShop").get_by_role("link").click()
    page.wait_for_url("**/?sort=webshop*")
    assert models(page) == ["GPT-4-0125-preview"]
    context.close()


def test_the_keyboard_suffices(page, address):
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("random")
    page.keyboard.press("Enter")
    assert models(page) == ["Random"]
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.locator(":focus").inner_text() == "Random":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/submissions/**")
    assert page.locator("h1").inner_text() == "Random"


def test_a_trajectory_is_read(page, address, store):
    page.goto(address)
    page.get_by_role("link", name="Random", exact=True).click()
    page.get_by_role("link", name="Read its 60 episodes").click()
    page.locator("tbody th a").nth(2).click()
    page.wait_for_url("**/episode-3.html")
    entry = next(entry for entry in store.entries() if entry.status == "verified")
    trajectory = store.trajectory(entry.id, 3)
    assert page.locator("li.turn").count() == len(trajectory.steps)
    assert page.locator("li.turn .reply").first.inner_text() == trajectory.steps[0].completion.text
    page.get_by_role("link", name="Next episode").click()
    page.wait_for_url("**/episode-4.html")


def test_a_tampered_submission_is_uploaded_and_its_refusal_read(page, address, run, tmp_path):
    episode = run.episode(lambda e: e["status"] == "finished" and e["reward"] < 1)
    episode["steps"][-1]["reward"] = episode["reward"] = 1.0
    run.summarise()
    page.goto(address)
    page.get_by_role("link", name="Submit").click()
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_label("Archive").set_input_files(run.archive(tmp_path / "tampered.zip"))
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/submissions/*/index.html")
    finding = page.locator(".findings li").first
    finding.wait_for(timeout=60_000)
    assert f"task {episode['task_id']}, seed {episode['seed']}" in finding.inner_text()
    assert "reward is 1.0; the environment gives" in finding.inner_text()


def test_hostile_text_is_read_and_does_nothing(page, address, store):
    entry = next(entry for entry in store.entries() if "<script>" in entry.model)
    for name in ("?status=refused", "benchmarks/webshop.html?status=refused",
                 f"submissions/{entry.id}/index.html", f"submissions/{entry.id}/episodes-1.html",
                 f"submissions/{entry.id}/episode-1.html"):  # fmt: skip
        page.goto(address + name)
        text = page.locator("main").inner_text()
        assert "<script>alert(1)</script>" in text
        assert "[U+202E]␛[2J" in text
        assert page.locator("main script, main img").count() == 0


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_screen(browser, address, store, size, scheme):
    context = browser.new_context(viewport=size, color_scheme=scheme)
    page = context.new_page()
    names = ["", "benchmarks/alfworld.html", "about.html"]
    for entry in store.entries():
        names += [f"submissions/{entry.id}/{n}.html" for n in ("index", "episodes-1", "episode-1")]
    for name in names:
        page.goto(address + name)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], name
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")
    context.close()


def test_a_build_is_used_from_files(page, store, tmp_path):
    build(store.folder, tmp_path / "out")
    page.goto((tmp_path / "out" / "index.html").as_uri())
    page.get_by_label("Model or method").fill("random")
    assert models(page) == ["Random"]
    page.get_by_role("link", name="Random", exact=True).click()
    page.get_by_role("link", name="Read its 60 episodes").click()
    page.locator("tbody th a").first.click()
    page.wait_for_url("**/episode-1.html")
    assert page.locator("li.turn").count() > 0
