"""Every command and example of the README runs, and its figures are the stored ones."""

import asyncio
import os
import re
import shlex
import subprocess
import sys
import threading
from pathlib import Path

import orjson
import pytest

from harness.bench_all import BEGIN, END, to_markdown
from harness.chat_server import ChatServer

BIN = Path(sys.executable).parent
PAGES = (
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "EXPERIMENTS.md"),
    *("tests/benchmarks/papers.md", "tests/benchmarks/budget.md", "tests/benchmarks/analyses.md"),
)


def blocks(root, language):
    text = (root / "README.md").read_text()
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def run(command, folder, **options):
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env=environment, **options
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture
def served(monkeypatch):
    """What `openai/...` finds: a server here, whose model always looks around."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = ChatServer(lambda request: "Thought: Where am I?\nAction: look")

    def wait(coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(30)

    wait(server.__aenter__())
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    yield server
    wait(server.__aexit__(None, None, None))
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_the_commands_of_the_readme_run_in_order(root, tmp_path, served):
    commands = [
        line.partition("#")[0].strip()
        for block in blocks(root, "bash")
        for line in block.splitlines()
        if line.strip()
    ]
    assert len(commands) >= 8
    for command in commands:
        if command.startswith("make "):
            continue
        source = str(root / "data" / "webshop" / "source")
        run(shlex.split(command.replace("PATH_OR_URL", source)), tmp_path)


def test_the_examples_of_the_readme_run(root, tmp_path):
    for block in blocks(root, "python"):
        run([sys.executable, "-c", block], tmp_path)


def test_make_demo_says_where_the_report_is(root, tmp_path):
    printed = run(["make", "-o", ".venv/.runtime", "demo", f"BIN={BIN}", f"RUNS={tmp_path}"], root)
    report = Path(re.search(r"report: (\S+)", printed)[1])
    assert report.is_file()
    assert "stepagent/WebShop-v0" in printed


def test_ci_runs_the_readmes_test_command(root):
    commands = [line.partition("#")[0].strip() for line in blocks(root, "bash")[0].splitlines()]
    assert "make test" in commands
    assert (root / ".ci" / "run").read_text().splitlines()[-1] == "make test"


def test_the_table_of_the_study_is_the_stored_one(root):
    first = (root / "tests" / "benchmarks" / "papers.md").read_text().split("\n## ")[1]
    table = "\n".join(line for line in first.splitlines() if line.startswith("|"))
    text = (root / "README.md").read_text()
    begin = "<!-- stepagent train study papers -->\n"
    assert text.partition(begin)[2].startswith(f"{table}\n<!-- the end of the study -->")
    assert table.count("\n") > 10


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(root, page):
    path = root / page
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text())
    here = [link for link in links if "://" not in link]
    assert [link for link in here if not (path.parent / link).exists()] == []


def test_the_figures_of_the_readme_are_the_stored_ones(root):
    readme = (root / "README.md").read_text()
    stored = orjson.loads((root / "tests" / "benchmarks" / "results.json").read_bytes())
    for figure, of in stored.items():
        script = Path(of["script"])
        row = f"| {figure} | {of['here']} | {of['original']} | [{script.name}]({script}) |"
        assert row in readme, f"the README lacks {row}"


def test_the_tables_of_the_readme_are_what_bench_all_gave(root):
    readme = (root / "README.md").read_text()
    stored = orjson.loads((root / "tests" / "benchmarks" / "bench_all.json").read_bytes())
    assert f"{BEGIN}{to_markdown(stored)}{END}" in readme
