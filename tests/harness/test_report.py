"""The page of a run: what is in it, what is left out, and how it behaves in a browser."""

import base64
import json
import re
import zlib

import orjson
import pytest
import websites
from browser import launch

from harness.cli import main
from stepagent_gym.datasets import prepare

ENVIRONMENTS = "stepagent/WebShop-v0,stepagent/ALFWorld-v0"
HOSTILE = (
    "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    "<a href=\"javascript:document.title='owned'\">go</a></script>\x1b[31mred\u202etxt {{SCRIPT}}"
)


@pytest.fixture
def run(tmp_path):
    """A run on prepared Mind2Web test data."""
    (tmp_path / "test_task.json").write_text(json.dumps([websites.task(f"t{n}") for n in range(3)]))
    prepare("mind2web", [str(tmp_path / "test_task.json")], name="real")
    out = tmp_path / "run"
    code = main(["eval", "--model", "oracle", "--env", "stepagent/Mind2Web-v0", "--data", "real",
                 "--split", "test_task", "--limit", "2", "--out", str(out), "--quiet"])  # fmt: skip
    assert code == 0
    return out


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Runs of the oracle and of chance on the same tasks of WebShop and ALFWorld."""
    folder = tmp_path_factory.mktemp("played")
    for model in ("oracle", "random"):
        assert main(["eval", "--model", model, "--env", ENVIRONMENTS, "--limit", "10",
                     "--out", str(folder / model), "--quiet"]) == 0  # fmt: skip
    return folder


def packed(page):
    """Read all that is deflated in a page, as JSON texts."""
    found = re.findall(r'<script type="text/plain" id="[a-z0-9-]+">([^<]*)</script>', page)
    return [zlib.decompress(base64.b64decode(part)).decode() for part in found]


def test_test_data_is_not_copied_into_reports_unless_asked(run):
    seen = json.loads((run / "trajectories.jsonl").read_text().splitlines()[0])["steps"][0]
    start = json.dumps(seen["observation"][:60])[1:-1]
    for more in ([], [str(run.parent / "again")]):
        if more:
            again = ["--env", "stepagent/Mind2Web-v0", "--data", "real", "--split", "test_task"]
            assert main(["eval", "--model", "random", *again, "--limit", "2",
                         "--out", more[0], "--quiet"]) == 0  # fmt: skip
        page = run.parent / "page.html"
        assert main(["report", str(run), *more, "--out", str(page)]) == 0
        assert not [part for part in packed(page.read_text()) if start in part]
        assert main(["report", str(run), *more, "--out", str(page), "--include-test-data"]) == 0
        assert [part for part in packed(page.read_text()) if start in part]


def test_an_episode_is_found_and_read(played, tmp_path):
    out = tmp_path / "page.html"
    assert main(["report", str(played / "random"), "--out", str(out)]) == 0
    with launch() as browser, open_page(browser, out) as page:
        assert "20 of 20 episodes" in page.get_by_role("status").inner_text()
        for condition in ("max turns", "data hash", "prompt sha256"):
            assert page.get_by_text(condition, exact=True).count()
        page.get_by_label("outcome").select_option("failure")
        page.locator(".line").nth(1).click()
        dialog = page.locator("dialog")
        assert dialog.get_by_text("observation").count()
        assert dialog.get_by_text("reward +0.000").count()
        before = dialog.locator("h2").inner_text()
        page.keyboard.press("j")
        page.wait_for_function("before => document.querySelector('dialog h2').innerText != before",
                               arg=before)  # fmt: skip
        page.keyboard.press("Escape")
        assert not dialog.is_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_two_runs_stand_side_by_side(played, tmp_path, width):
    out = tmp_path / "page.html"
    runs = [str(played / name) for name in ("oracle", "random")]
    assert main(["report", *runs, "--out", str(out)]) == 0
    with launch() as browser, open_page(browser, out, width) as page:
        assert "2 runs compared" in page.locator("h1").inner_text()
        assert page.locator("#comparison ~ *").first.inner_text().count("10 (10 tasks)") == 2
        page.get_by_label("outcome").select_option("only run 1 succeeds")
        page.locator(".line").first.click()
        assert "They part here, at turn 1" in page.locator("#parted").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_hostile_text_is_read_and_does_nothing(played, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    for name in ("run.json", "summary.json"):
        (folder / name).write_bytes((played / "random" / name).read_bytes())
    header = orjson.loads((folder / "run.json").read_bytes())
    header["config"]["model"] = HOSTILE
    (folder / "run.json").write_bytes(orjson.dumps(header))
    episodes = []
    for line in (played / "random" / "trajectories.jsonl").read_bytes().splitlines():
        episode = orjson.loads(line)
        for step in episode["steps"]:
            step.update(observation=HOSTILE, thought=HOSTILE, action=HOSTILE)
            step["info"]["task_type"] = HOSTILE
        episodes.append(orjson.dumps({**episode, "final_observation": HOSTILE}))
    (folder / "trajectories.jsonl").write_bytes(b"\n".join(episodes) + b"\n")
    out = tmp_path / "page.html"
    assert main(["report", str(folder), "--out", str(out)]) == 0
    with launch() as browser, open_page(browser, out) as page:
        page.locator(".line").first.click()
        shown = page.locator("dialog").inner_text()
        assert "<script>document.title='owned'</script>" in shown
        assert "\\x1b[31mred\\u202etxt {{SCRIPT}}" in shown
        assert page.locator("img, a[href^='javascript']").count() == 0
        assert "owned'" in page.title()
        assert page.title() != "owned"


def open_page(browser, path, width=1280):
    """Open a page that may not complain; gives a context manager."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready]", state="attached")
    return page


def test_micro_averages_and_domains_are_in_the_summary(run):
    part = json.loads((run / "summary.json").read_text())["stepagent/Mind2Web-v0"]
    assert part["metrics"]["element_acc_micro"]["mean"] == 1.0
    assert part["metrics"]["element_acc_found_micro"]["mean"] == 1.0
    assert part["by_domain"]
    assert part["by_type"]
    assert part["conditions"]["redistributable"] is False
