"""The page in a browser, on runs made to measure: search, partings, errors, many episodes."""

import base64
import hashlib
import re

import pytest
from browser import launch

from harness.cli import main
from harness.metrics import summarise
from harness.report import write_report
from harness.runs import RunFolder
from stepagent_gym.errors import RunError, UsageError
from stepagent_gym.types import Completion, Step, Trajectory

ENV = "stepagent/Made-v0"
CONDITIONS = {"data": "made", "data_hash": "1", "split": "test", "tasks": 3, "repeats": 1,
              "max_turns": 9, "prompt_sha256": "0" * 64}  # fmt: skip


def played(task, actions, *, success=True, error=None, kind="sort", answer="done"):
    steps = tuple(
        Step(
            f"room {number}",
            Completion(f"Action: {action}"),
            None,
            action,
            float(success and number == len(actions) - 1),
            number == len(actions) - 1,
            False,
            {"valid": True, "parse_rule": "label", "task_type": kind},
        )
        for number, action in enumerate(actions)
    )
    status = "error" if error else "finished"
    reward = float(success)
    return Trajectory(
        ENV, "test", str(task), 0, steps, answer, status, error, reward, success, reward
    )


def write_run(path, episodes, **conditions):
    conditions = {**CONDITIONS, **conditions}
    with RunFolder.create(path, {"model": path.name}, {ENV: conditions}) as run:
        for episode in episodes:
            run.append(episode)
        part = {**summarise(episodes), "asked": len(episodes), "complete": True}
        run.write_summary({ENV: {**part, "conditions": conditions}})
    return path


@pytest.fixture(scope="module")
def browser():
    with launch() as started:
        yield started


@pytest.fixture
def show(browser, tmp_path):
    """Write the page of runs and open it; a page that complains fails the test."""
    complaints, pages = [], []

    def open_page(*runs, fragment="", width=1280):
        out = write_report(runs, tmp_path / "page.html")
        page = browser.new_page(viewport={"width": width, "height": 900})
        pages.append(page)
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(out.as_uri() + fragment)
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    yield open_page
    for page in pages:
        page.close()
    assert complaints == []


def says(page, text):
    page.wait_for_function(
        "text => document.querySelector('[role=status]').textContent.includes(text)", arg=text
    )


@pytest.fixture
def runs(tmp_path):
    """Two runs that part at the third turn of task 0, nowhere in task 1, at the end of task 2."""
    first = [
        played(0, ["look", "take key", "open door"]),
        played(1, ["look", "wait"], success=False),
        played(2, ["look"], success=False),
        played(3, ["look"], error="policy: the server is gone", success=False),
        played(4, ["look"], kind="heat"),
    ]
    second = [
        played(0, ["look", "take key", "eat key"], success=False),
        played(1, ["look", "wait"], success=False),
        played(2, ["look", "wait"], success=False),
        played(3, ["look"]),
        played(5, ["look"]),
    ]
    return write_run(tmp_path / "first", first), write_run(tmp_path / "second", second)


def test_the_first_difference_is_marked_where_it_is(runs, show):
    page = show(*runs)
    table = page.get_by_role("region", name="paired differences").inner_text()
    for text in ("−0.333", "3 (3 tasks)", "0 gained, 1 lost",
                 "1 error, 1 only in run 1, 1 only in run 2"):  # fmt: skip
        assert text in table
    lines = page.locator(".list .turns").all_inner_texts()
    assert lines == ["part at turn 3", "alike", "part at turn 2", "part at turn 1", "", ""]
    page.locator(".list .line").nth(0).click()
    marked = page.locator("#parted")
    assert marked.inner_text() == "They part here, at turn 3: they act differently"
    following = marked.locator("xpath=following-sibling::*[1]").inner_text()
    assert "open door" in following
    assert "eat key" in following
    page.keyboard.press("j")
    page.get_by_text("Both saw and did the same to the end.").wait_for()
    page.keyboard.press("j")
    page.get_by_text("They part here, at turn 2: one has ended").wait_for()
    page.keyboard.press("j")
    page.get_by_text("They part here, at turn 1: the rewards differ").wait_for()


def test_the_keyboard_is_enough(runs, show):
    page = show(runs[0])
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.locator(".list").focus()
    for key in ("j", "ArrowDown", "k"):
        page.keyboard.press(key)
    selected = page.locator("[aria-selected=true]")
    assert selected.get_attribute("id") == "row-1"
    assert page.locator(".list").get_attribute("aria-activedescendant") == "row-1"
    page.keyboard.press("Enter")
    page.locator("dialog .turn").first.wait_for()
    assert "wait" in page.locator("dialog").inner_text()
    assert page.url.endswith("#episode-1")
    page.keyboard.press("Escape")
    assert not page.locator("dialog").is_visible()
    assert page.evaluate("document.activeElement.className") == "list"


def test_an_address_names_an_episode(runs, show):
    page = show(runs[0], fragment="#episode-4")
    assert "heat" in page.locator("dialog h2").inner_text()


def test_episodes_are_found_by_type_error_and_what_was_said(runs, show):
    page = show(runs[0])
    page.get_by_label("type", exact=True).select_option("heat")
    says(page, "1 of 5")
    page.get_by_label("type", exact=True).select_option("")
    search = page.get_by_label("search", exact=True)
    search.fill("TAKE KEY")
    says(page, "0 of 5")
    page.get_by_label("in trajectories").check()
    says(page, "1 of 5")
    page.get_by_label("in trajectories").uncheck()
    page.get_by_role("button", name="1 episode", exact=True).click()
    says(page, "1 of 5")
    assert search.input_value() == "policy: the server is gone"
    assert "! error" in page.locator(".list .line").inner_text()


def test_further_runs_are_held_against_the_first(runs, show, tmp_path):
    third = write_run(tmp_path / "third", [played(1, ["leave"])])
    page = show(*runs, third)
    table = page.get_by_role("region", name="paired differences").inner_text()
    assert "run 2 − run 1" in table
    assert "run 3 − run 1" in table
    page.get_by_label("compared with run 1").select_option("run 3")
    page.get_by_label("outcome").select_option("only the other succeeds")
    says(page, "1 of 6")
    page.locator(".list .line").click()
    assert "third" in page.locator("dialog .head").nth(1).inner_text()


def test_other_data_makes_no_pairs(runs, show, tmp_path):
    other = write_run(tmp_path / "other", [played(0, ["look"])], data_hash="2")
    page = show(runs[0], other)
    assert "no pairs" in page.get_by_role("region", name="paired differences").inner_text()
    assert "data hash" in page.locator("tr.differs").all_inner_texts()[0]


def test_only_the_lines_in_sight_are_there_of_10_000(show, tmp_path):
    page = show(write_run(tmp_path / "many", [played(n, ["look"]) for n in range(10_000)]))
    says(page, "10,000 of 10,000 episodes")
    page.locator(".list").focus()
    page.keyboard.press("End")
    assert page.locator(".list .line").count() < 60
    assert page.locator("[aria-selected=true] .task").inner_text() == "9999"
    page.keyboard.press("Enter")
    page.locator("dialog .turn").first.wait_for()


def test_nothing_else_may_run_in_the_page(runs, show, tmp_path):
    page = show(runs[0])
    source = (tmp_path / "page.html").read_text()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', source)[1]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        inline = re.search(rf"<{tag}>(.*?)</{tag}>", source, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not re.search(r'(?:src|href)="?(?:https?:)?//', source)
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0


@pytest.mark.parametrize("width", [360, 1280])
def test_long_words_make_nothing_wider_than_the_screen(show, tmp_path, width):
    word = "w" * 3000
    run = write_run(
        tmp_path / word[:60], [played(word[:300], [word], kind=word[:200], answer=word)]
    )
    page = show(run, width=width)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".list .line").click()
    page.locator("dialog .turn").first.wait_for()
    assert page.locator(".body").evaluate("body => body.scrollWidth <= body.clientWidth")


def test_what_cannot_be_reported_is_refused(runs, tmp_path, capsys):
    with pytest.raises(UsageError, match="several different ones"):
        write_report([runs[0], runs[0]], tmp_path / "page.html")
    with pytest.raises(RunError, match="cannot write"):
        write_report([runs[0]], tmp_path / "missing" / "page.html")
    (runs[1] / "summary.json").unlink()
    assert main(["report", *map(str, runs)]) == 2
    assert "--resume" in capsys.readouterr().err
    assert not list(runs[0].glob("*.html*"))
    assert not list(runs[0].glob(".*"))
