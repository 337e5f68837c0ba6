import multiprocessing as mp
import shutil
import subprocess
import sys

import orjson
import pytest

from harness.bench_all import BEGIN, END, claims, environment_figures, put, shown, to_markdown
from harness.bench_references import measure_reference, resident
from harness.cli import main
from stepagent_gym.datasets import prepare
from stepagent_gym.errors import UsageError

WEBSHOP = "stepagent/WebShop-v0"
SCIENCEWORLD = "stepagent/ScienceWorld-v0"


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Figures of a small run, and a page with marks into which it wrote its tables."""
    folder = tmp_path_factory.mktemp("bench")
    out, page = folder / "all.json", folder / "page.md"
    page.write_text(f"before\n{BEGIN}old\n{END}after\n")
    small = ["--episodes", "2", "--rounds", "1", "--seconds", "0.5", "--verified", "3"]
    where = ["--env", WEBSHOP, "--rollout-env", WEBSHOP, "--no-train"]
    assert main(["bench", "all", *where, *small, "--out", str(out), "--markdown", str(page)]) == 0
    return orjson.loads(out.read_bytes()), page.read_text(), out


@pytest.fixture
def prepared_shop(root):
    """The embedded catalogue, prepared once more under a name."""
    prepare("webshop", [str(root / "data" / "webshop" / "source")], name="mine")


def test_it_measures_environments_the_harness_and_verification(measured):
    results, _, _ = measured
    assert results["environments"][WEBSHOP]["figures"]["turns a second, first pass"] > 0
    assert all(0 < row["share"] <= 1 for row in results["rollout"][WEBSHOP]["figures"].values())
    assert results["verification"]["episodes"] == 3
    assert results["practice"] == {}
    assert results["packing"] == []
    assert results["commit"]


def test_a_page_gets_the_tables_between_its_marks_alone(measured):
    results, page, _ = measured
    assert page == f"before\n{BEGIN}{to_markdown(results)}{END}after\n"
    ((heads, rows),) = environment_figures(results)
    assert heads == ["", "WebShop"]
    for what, figure in rows:
        assert f"| {what} | {figure} |" in page
    for claim in claims(results):
        assert f"| {claim.what} | {claim.ours} | {claim.reference} | {claim.ratio} |" in page


def test_stored_figures_are_shown_without_measuring(measured, capsys, monkeypatch):
    results, _, stored = measured
    monkeypatch.setattr("harness.bench_all.bench_all", None)
    assert main(["bench", "all", "--stored", str(stored)]) == 0
    printed = capsys.readouterr().out
    assert results["measured"][:10] in printed
    assert "executed again" in printed


def test_a_page_without_marks_is_refused_before_anything_is_measured(tmp_path, monkeypatch):
    page = tmp_path / "page.md"
    page.write_text("nothing\n")
    with pytest.raises(UsageError, match="lacks the lines"):
        put(page, "tables")
    monkeypatch.setattr("harness.bench_all.bench_all", None)
    assert main(["bench", "all", "--markdown", str(page)]) == 2
    assert page.read_text() == "nothing\n"


def test_the_package_of_scienceworld_is_measured_where_it_runs(monkeypatch, capsys):
    pytest.importorskip("scienceworld", reason="needs the extra scienceworld")
    task = [("boil/21", ["Thought: I look.\nAction: look around"])]
    monkeypatch.setenv("PATH", "")
    assert measure_reference(SCIENCEWORLD, {}, task) == {}
    assert "java" in capsys.readouterr().out
    monkeypatch.undo()
    if shutil.which("java") is not None:
        with mp.get_context("spawn").Pool(
            1
        ) as pool:  # as the bench does: the package leaves things
            figures = pool.apply(measure_reference, (SCIENCEWORLD, {}, task))
        assert list(figures) == [
            *("turns a second, first pass", "turn, us", "reset to a new task, us"),
            *("restore, us", "memory of the process, MB", "import to first observation, s"),
        ]
        assert all(value > 0 for value in figures.values())
        assert figures["memory of the process, MB"] > 200  # that of Java, which it starts


def test_memory_is_that_of_a_process_and_of_all_below_it():
    code = (
        "import subprocess, sys\n"
        "held = b'x' * 60_000_000\n"
        "if sys.argv[1:]: subprocess.run([sys.executable, '-c', sys.argv[1]])\n"
        "else: print('ready', flush=True); input()"
    )
    before = resident()
    with_a_child = [sys.executable, "-c", code, code]
    with subprocess.Popen(with_a_child, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"ready\n"
        assert resident() - before > 120_000_000
        process.communicate(b"\n")
    assert resident() - before < 60_000_000


@pytest.mark.usefixtures("prepared_shop")
def test_prepared_data_have_columns_of_their_own(tmp_path):
    out, few = tmp_path / "all.json", ["--episodes", "1", "--rounds", "1"]
    harness = ["--rollout-env", WEBSHOP, "--seconds", "0.1", "--verified", "1", "--no-train"]
    where = ["--env", WEBSHOP, "--data", "webshop=mine", "--out", str(out)]
    assert main(["bench", "all", *few, *harness, *where]) == 0
    results = orjson.loads(out.read_bytes())
    embedded, prepared = environment_figures(results)
    assert (embedded.heads, prepared.heads) == (["", "WebShop"], ["", "WebShop, mine"])
    assert [row[0] for row in embedded.rows] == [row[0] for row in prepared.rows]
    assert results["environments"][f"{WEBSHOP}, mine"]["conditions"]["data"] == "mine"
    assert any(claim.what.startswith("WebShop, mine: turns a second") for claim in claims(results))


@pytest.mark.parametrize(
    ("data", "why"),
    [("webshop", "BENCH=NAME"), ("shop=mine", "BENCH=NAME"), ("webshop=nowhere", "nowhere")],
)
def test_data_that_are_not_there_are_refused_before_anything_is_measured(
    monkeypatch, capsys, data, why
):
    monkeypatch.setattr("harness.bench_all.bench_env", None)
    assert main(["bench", "all", "--env", WEBSHOP, "--data", data]) == 2
    assert why in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("turn, us", 3.14, "3.1 µs"),
        ("turn, us", 41.2, "41 µs"),
        ("reset to a new task, us", 677_000, "677 ms"),
        ("restore, us", 5_894.0, "5.9 ms"),
        ("restore, us", 999.6, "1,000 µs"),
        ("memory of a further environment, MB", 0.003, "under 0.1 MB"),
        ("memory of the process, MB", 65.4, "65 MB"),
        ("import to first observation, s", 0.151, "0.15 s"),
        ("turns a second, first pass", 16_719.4, "16,719"),
    ],
)
def test_figures_are_shown_with_their_units(name, value, text):
    assert shown(name, value) == text


def test_a_reference_gives_a_ratio_that_says_how_much_better():
    packing = [
        {"way": way, "k": 3, "rate": rate}
        for way, rate in (("packed", 180.0), ("sorted", 25.0), ("trl", 6.0))
    ]
    one = {
        "figures": {"turn, us": 41.0, "turns a second, first pass": 8_000.0},
        "original": {"turn, us": 54_000.0, "turns a second, first pass": 4.0},
        "published": False,
    }
    results = {
        "environments": {"stepagent/ALFWorld-v0": one},
        "rollout": {},
        "practice": {},
        "packing": packing,
        "verification": {"episodes": 5, "turns": 40, "seconds": 0.5},
    }
    assert [claim.ratio for claim in claims(results)] == ["1,317x", "2,000x", "7.2x", "30.0x", ""]
