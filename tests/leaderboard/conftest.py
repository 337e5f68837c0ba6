"""A finished run, and archives made from altered copies of it."""

import hashlib
import zipfile
from pathlib import Path

import orjson
import pytest
from rich.console import Console

from harness.evaluate import EvalConfig, evaluate, summarise_environment
from leaderboard.submission import FILES, FORMAT, submit
from stepagent_gym import ENVIRONMENTS
from stepagent_gym.types import Trajectory

WEBSHOP = "stepagent/WebShop-v0"


def evaluated(out, **config):
    """Evaluate in this process; gives the run folder."""
    chosen = {"model": "random", "env": WEBSHOP, "limit": 30, "quiet": True, **config}
    assert evaluate(EvalConfig(out=out, **chosen), Console(quiet=True))
    return out


@pytest.fixture(name="evaluated")
def _evaluated():
    """Evaluate in this process."""
    return evaluated


class Run:
    """A run folder in memory, to be altered and written as an archive."""

    def __init__(self, folder: Path):
        self.header = orjson.loads((folder / "run.json").read_bytes())
        self.summary = orjson.loads((folder / "summary.json").read_bytes())
        lines = (folder / "trajectories.jsonl").read_bytes().splitlines()
        self.episodes = [orjson.loads(line) for line in lines]
        self.conditions = self.header["conditions"][next(iter(self.header["conditions"]))]

    def episode(self, wanted):
        """Give the first episode that has what is wanted."""
        return next(episode for episode in self.episodes if wanted(episode))

    def summarise(self):
        """Make the summary follow from the episodes, as a careful cheat would."""
        self.summary = {
            env_id: summarise_environment(
                env_id if env_id in ENVIRONMENTS else WEBSHOP,
                [Trajectory.from_json(e) for e in self.episodes if e["env_id"] == env_id],
                conditions,
                EvalConfig.from_stored(self.header["config"]),
            )
            | {"usage": None}
            for env_id, conditions in self.header["conditions"].items()
        }

    def contents(self):
        lines = b"".join(orjson.dumps(episode) + b"\n" for episode in self.episodes)
        return {
            "run.json": orjson.dumps(self.header),
            "summary.json": orjson.dumps(self.summary),
            "trajectories.jsonl": lines,
        }

    def archive(self, out, **manifest):
        return write_archive(out, self.contents(), **manifest)


def manifest_of(contents, **changes):
    return {
        "kind": "stepagent-submission",
        "format": FORMAT,
        "model": "model",
        "method": "method",
        "files": {name: hashlib.sha256(contents[name]).hexdigest() for name in FILES},
        **changes,
    }


def write_archive(out, contents, **manifest):
    """Write an archive whose hashes are right, whatever its contents are."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("manifest.json", orjson.dumps(manifest_of(contents, **manifest)))
        for name, content in contents.items():
            file.writestr(name, content)
    return out


@pytest.fixture(scope="session")
def play():
    """Evaluate into a folder: `play(out, **config)`."""
    return evaluated


@pytest.fixture(scope="session")
def load_run():
    """Read a run folder, to be altered: `load_run(folder)`."""
    return Run


@pytest.fixture(scope="session")
def write():
    """Write an archive of any contents: `write(out, contents, **manifest)`."""
    return write_archive


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory):
    """Random play of thirty tasks, twice each; some episodes reach the turn limit."""
    return evaluated(tmp_path_factory.mktemp("runs") / "random", repeats=2)


@pytest.fixture(scope="session")
def archive(run_folder, tmp_path_factory):
    """The submission of that run."""
    out = tmp_path_factory.mktemp("archives") / "random.zip"
    return submit(run_folder, out, model="Random", method="none")


@pytest.fixture
def run(run_folder):
    """That run, to be altered."""
    return Run(run_folder)
