import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no failure, and CI judges the change, not the luck of a seed.
settings.register_profile("suite", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("suite")

ROOT = Path(__file__).parent.parent
for folder in (".", "examples", "harness/policies"):
    sys.path.insert(0, str(ROOT / "tests" / folder))


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    """Keep prepared data of tests out of the user's cache."""
    monkeypatch.setenv("STEPAGENT_DATA", str(tmp_path / "stepagent-data"))


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of real benchmark files; skips where it is absent."""
    folder = Path(os.environ.get("STEPAGENT_REALDATA") or ROOT.parent / "shared" / "realdata")
    if not folder.is_dir():
        pytest.skip(f"no real data in {folder}")
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT
