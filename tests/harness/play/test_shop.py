"""WebShop's pages, by requests and in a real browser."""

import re
import subprocess
import sys

import lxml.html
import orjson
import pytest

from harness.play.experts import ExpertFile
from harness.play.shop import BUSY_SECONDS, COOKIE, IDLE_SECONDS, Shop, make_app
from stepagent_gym.sessions import make_env
from stepagent_gym.types import Trajectory

WEBSHOP = "stepagent/WebShop-v0"
OPTIONS = {"split": "test", "data": None, "action_format": "react", "max_turns": None}
HOSTILE = "<script>alert(1)</script>"


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def shop(tmp_path, clock):
    shop = Shop(OPTIONS, None, 0, ExpertFile(tmp_path / "e.jsonl"), places=3, clock=clock)
    yield shop
    shop.close()


class Visitor:
    """A browser without scripts: loads the page, sends one of its forms."""

    def __init__(self, shop):
        self.client = make_app(shop).test_client()
        self.load()

    def load(self, path="/"):
        self.response = self.client.get(path)
        self.page = lxml.html.fromstring(self.response.text)
        return self

    def hidden(self):
        return {f.get("name"): f.get("value") for f in self.page.xpath("//input[@type='hidden']")}

    def send(self, path="/act", **fields):
        self.sent = self.client.post(path, data={**self.hidden(), **fields})
        if self.sent.status_code == 303:
            self.load(self.sent.location)
        return self

    def act(self, action):
        if action.startswith("search["):
            return self.send(keywords=action[len("search[") : -1])
        assert action in self.actions()
        return self.send(action=action)

    def actions(self):
        return {button.get("value") for button in self.page.xpath("//button[@name='action']")}

    @property
    def text(self):
        return " ".join(self.page.text_content().split())

    @property
    def turns(self):
        return len(self.page.xpath("//footer//ol/li"))


def read(shop):
    lines = shop.experts.path.read_bytes().splitlines()
    return [Trajectory.from_json(orjson.loads(line)) for line in lines]


def solution(task=0):
    """The oracle's actions, with what can be clicked before each, and the reward."""
    env = make_env(WEBSHOP, {})
    _, info = env.reset(seed=0, options={"task": task})
    turns, reward, over = [], 0.0, False
    while not over:
        _, action = env.unwrapped.expert()
        clicks = {a for a in info["available_actions"] if a.startswith("click")}
        turns.append((action, clicks))
        _, reward, terminated, truncated, info = env.step(f"Action: {action}")
        over = terminated or truncated
    return turns, reward


def test_a_purchase_by_clicks_is_the_oracles_episode(shop):
    visitor = Visitor(shop)
    turns, reward = solution()
    for action, clicks in turns:
        assert visitor.actions() == clicks
        visitor.act(action)
    assert "Thank you for shopping" in visitor.text
    assert f"= {reward:.3g}" in visitor.text
    (trajectory,) = read(shop)
    assert trajectory.reward == reward
    assert [step.action for step in trajectory.steps] == [action for action, _ in turns]
    env = make_env(WEBSHOP, {})
    seen, _ = env.reset(seed=trajectory.seed, options={"task": trajectory.task_id})
    for step in trajectory.steps:
        assert seen == step.observation
        seen, again, *_ = env.step(step.completion.text)
        assert again == step.reward
    assert seen == trajectory.final_observation
    visitor.send("/undo")
    assert read(shop) == []
    assert "click[buy now]" in visitor.actions()


def test_every_page_offers_what_the_environment_does(shop):
    visitor = Visitor(shop).act("search[shoes]")
    visitor.act("click[next >]")
    visitor.act(next(a for a in sorted(visitor.actions()) if a.startswith("click[b0")))
    for page in ("description", "features", "reviews"):
        visitor.act(f"click[{page}]")
        assert visitor.actions() == {"click[back to search]", "click[< prev]"}
        visitor.act("click[< prev]")
    assert visitor.turns == 9
    assert {"click[description]", "click[buy now]"} <= visitor.actions()


def test_hostile_text_is_inert(shop):
    visitor = Visitor(shop).send(keywords=HOSTILE)
    assert HOSTILE not in visitor.response.text
    assert "&lt;script&gt;" in visitor.response.text
    assert not visitor.page.xpath("//script")
    policy = visitor.response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert visitor.response.headers["Cache-Control"] == "no-store"
    visitor.send(action=f"click[{HOSTILE}]")
    assert HOSTILE not in visitor.response.text
    assert visitor.turns == 2


def test_a_form_needs_its_token(shop):
    visitor = Visitor(shop)
    assert visitor.send(action="search[x]", token="guessed").sent.status_code == 403
    assert visitor.load().turns == 0
    stranger = make_app(shop).test_client()
    answer = stranger.post("/act", data={**visitor.hidden(), "action": "search[x]"})
    assert (answer.status_code, answer.location) == (303, "/")
    assert visitor.load().turns == 0


def test_a_stale_click_does_nothing(shop):
    visitor = Visitor(shop)
    old = visitor.hidden()
    visitor.act("search[shoes]")
    visitor.send(**old, action="click[next >]")
    assert visitor.turns == 1
    assert "nothing was done" in visitor.text
    assert "Page 1" in visitor.text
    assert "nothing was done" not in visitor.load().text


def test_two_browsers_do_not_mix(shop):
    first, second = Visitor(shop), Visitor(shop)
    first.act("search[shoes]")
    assert second.load().turns == 0
    second.act("search[lamp]")
    assert "lamp" not in first.load().text
    cookie = first.client.get_cookie(COOKIE)
    assert cookie.http_only
    assert cookie.same_site == "Strict"
    assert cookie.value != second.client.get_cookie(COOKIE).value


def test_places_are_bounded_and_the_idle_leave(shop, clock):
    visitors = [Visitor(shop) for _ in range(3)]
    assert Visitor(shop).response.status_code == 503
    clock.now = BUSY_SECONDS + 1
    visitors[1].load()
    visitors[2].load()
    assert Visitor(shop).response.status_code == 200
    assert len(shop) == 3
    clock.now += IDLE_SECONDS + 1
    Visitor(shop)
    assert len(shop) == 1


def test_the_tools(shop):
    visitor = Visitor(shop).send("/hint")
    assert "search[" in visitor.text
    visitor.act("search[shoes]").send("/undo").send("/redo").send("/restart")
    assert visitor.turns == 0
    assert "task 1" in visitor.send("/next").text
    assert "no turn to take back" in visitor.send("/undo").text


def test_odd_requests_are_refused(shop):
    visitor = Visitor(shop)
    assert visitor.send(keywords="x" * 3000).sent.status_code == 413
    assert visitor.client.get("/", headers={"Host": "evil.example"}).status_code == 400
    assert visitor.client.get("/nowhere").status_code == 404
    assert visitor.client.get("/act").status_code == 405
    visitor.send(keywords="  [ ] ")
    assert visitor.turns == 0


@pytest.fixture
def address(tmp_path):
    """A shop as the command serves it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "harness.cli", "play", WEBSHOP, "--web", "--port", "0"]
        + ["--out", str(tmp_path / "web.jsonl")],
        stdout=subprocess.PIPE,
        text=True,
    )
    yield re.search(r"http://\S+", process.stdout.readline())[0]
    process.terminate()
    process.wait(timeout=30)
    process.stdout.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_browser_searches_chooses_and_buys(address, tmp_path, width):
    browser_tools = pytest.importorskip("browser")
    with browser_tools.launch() as browser:
        page = browser.new_page(viewport={"width": width, "height": 844})
        complaints = []
        page.on("console", lambda message: complaints.append(message.text))

        def fits():
            return page.evaluate("document.documentElement.scrollWidth") <= width

        page.goto(address)
        page.wait_for_function("document.activeElement?.tagName == 'INPUT'")
        page.keyboard.type("argan oil shampoo")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Results for").wait_for()
        assert fits()
        page.locator(".results button").first.click()
        for group in page.locator("fieldset").all():
            group.locator("button").first.click()
        chosen = page.locator("[aria-pressed=true]")
        assert chosen.count() == page.locator("fieldset").count()
        assert fits()
        page.go_back()
        page.locator(".note").wait_for()
        assert "nothing was done" in page.locator(".note").inner_text()
        page.get_by_role("button", name="Buy now").click()
        page.get_by_text("Thank you for shopping").wait_for()
        assert page.get_by_text("How the reward came about").is_visible()
        assert fits()
        assert complaints == []
    (line,) = (tmp_path / "web.jsonl").read_bytes().splitlines()
    trajectory = Trajectory.from_json(orjson.loads(line))
    assert trajectory.steps[0].action == "search[argan oil shampoo]"
    assert trajectory.steps[-1].action == "click[buy now]"
