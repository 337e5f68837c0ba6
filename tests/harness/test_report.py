"""The page of a run: what is in it, and what is left out."""

import json

import pytest
import websites

from harness.cli import main
from stepagent_gym.datasets import prepare


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


def test_test_data_is_not_copied_into_reports_unless_asked(run):
    seen = json.loads((run / "trajectories.jsonl").read_text().splitlines()[0])["steps"][0]
    start = seen["observation"][:60].replace("<", "\\u003c").replace("\n", "\\n")
    assert main(["report", str(run)]) == 0
    page = (run / "report.html").read_text()
    assert start not in page
    assert "test data is not copied" in page
    assert main(["report", str(run), "--include-test-data"]) == 0
    assert start in (run / "report.html").read_text()


def test_micro_averages_and_domains_are_in_the_summary(run):
    part = json.loads((run / "summary.json").read_text())["stepagent/Mind2Web-v0"]
    assert part["metrics"]["element_acc_micro"]["mean"] == 1.0
    assert part["metrics"]["element_acc_found_micro"]["mean"] == 1.0
    assert part["by_domain"]
    assert part["by_type"]
    assert part["conditions"]["redistributable"] is False
