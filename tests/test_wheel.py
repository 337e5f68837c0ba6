"""The wheel works outside the checkout: built, installed into a clean environment, played."""

import site
import subprocess
import sys
import venv
import zipfile

import pytest

PLAY = """
import gymnasium, stepagent_gym
from stepagent_gym.datasets import embedded_root
env = gymnasium.make("stepagent/WebShop-v0")
env.reset(seed=0, options={"task": 0})
over = False
while not over:
    *_, terminated, truncated, info = env.step("Action: " + env.unwrapped.expert()[1])
    over = terminated or truncated
print(info["score"], embedded_root(), stepagent_gym.__file__)
"""


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--no-deps"]
    done = subprocess.run(
        [*pip, "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(root)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


def test_it_holds_data_and_no_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "stepagent_gym/data/prompts/webshop.json" in names
    assert "stepagent_gym/data/webshop/prepared/manifest.json" in names
    assert "stepagent_gym/envs/webshop/word_break.txt" in names
    assert "stepagent_gym/envs/alfworld/habits.json" in names
    assert "stepagent_gym/envs/alfworld/lists.json" in names
    assert "stepagent_gym/envs/scienceworld/eto_splits.json" in names
    assert "stepagent_gym/envs/scienceworld/java/Copier.class" in names
    assert "stepagent_gym/data/alfworld/prepared/manifest.json" in names
    for benchmark in ("hotpotqa", "2wikimultihopqa", "musique", "intercode_sql", "mind2web"):
        assert f"stepagent_gym/data/{benchmark}/prepared/manifest.json" in names
        assert f"stepagent_gym/data/prompts/{benchmark}.json" in names
    assert "stepagent_gym/data/intercode_sql/prepared/mysql/information_schema.sqlite" in names
    for name in ("page.html", "style.css", "main.js"):
        assert f"harness/page/{name}" in names
    assert "harness/policies/prices.json" in names
    assert "stepagent_train/presets.json" in names
    for study in ("analyses", "budget", "demo-stepagent", "demo-train", "papers"):
        assert f"stepagent_train/studies/{study}.toml" in names
    assert "leaderboard/templates/board.html" in names
    assert "leaderboard/static/board.js" in names
    assert "stepagent_gym/data/leaderboard/paper_tables.csv" in names
    assert "harness/play/templates/base.html" in names
    assert "harness/play/static/shop.css" in names
    assert not [name for name in names if name.startswith(("tests/", "data/"))]
    assert wheel.stat().st_size < 5_000_000


def test_an_episode_is_played_outside_the_checkout(wheel, tmp_path):
    clean = tmp_path / "clean"
    venv.create(clean, with_pip=False)
    python = clean / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    purelib = next((clean / "lib").glob("python*")) / "site-packages"
    (purelib / "dependencies.pth").write_text("\n".join(site.getsitepackages()))
    done = subprocess.run(
        [str(python), "-c", PLAY], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    score, data, package = done.stdout.split()
    assert float(score) > 0
    assert data.startswith(str(clean))
    assert package.startswith(str(clean))
    listed = subprocess.run(
        [str(clean / "bin" / "stepagent"), "data", "list"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert "embedded" in listed.stdout
