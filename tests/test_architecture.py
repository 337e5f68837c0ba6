"""The shape of the project: who imports whom, and what an import costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

MAY_IMPORT = {
    "stepagent_gym": set(),
    "harness": {"stepagent_gym"},
    "stepagent_train": {"stepagent_gym", "harness"},
    "leaderboard": {"stepagent_gym", "harness"},
}
HEAVY = (
    "torch",
    "transformers",
    "peft",
    "accelerate",
    "vllm",
    "jpype",
    "py4j",
    "spacy",
    "textworld",
    "openai",
    "flask",
    "ray",
)


def imported(file: Path) -> set[str]:
    tree = ast.parse(file.read_text())
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively"
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_go_leftwards(root, package):
    for file in sorted((root / package).rglob("*.py")):
        wrong = (imported(file) & MAY_IMPORT.keys()) - MAY_IMPORT[package] - {package}
        assert not wrong, f"{file} imports {wrong}"


STEPPING = {
    "harness/bench_references.py": "measures the bare step, ours and the originals'",
    "stepagent_train/discriminator.py": "steps the optimiser",
    "stepagent_train/loop.py": "steps the optimiser",
    "stepagent_gym/envs/alfworld/reference.py": "steps the engine of others behind our environment",
    "stepagent_gym/envs/scienceworld/host.py": "steps the simulator behind our environment",
}


def test_one_loop_steps_environments(root):
    callers = {
        str(file.relative_to(root))
        for package in (*MAY_IMPORT, "data")
        for file in (root / package).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "step"
    }
    assert callers == STEPPING.keys()


def test_the_import_is_light():
    code = f"import sys, stepagent_gym; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
