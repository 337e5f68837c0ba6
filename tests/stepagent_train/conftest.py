"""What the tests of training share; all of them are left out where torch is missing."""

from pathlib import Path

import pytest


@pytest.fixture
def walker(tmp_path):
    """A folder with a tiny random model that knows the words of the small environments."""
    return make_walker(tmp_path / "walker")


def make_walker(folder: Path, width: int = 32) -> Path:
    import tiny_models

    words = ["east", "west", "wait", "place", "see", "walk", "now", "OK", "task"]
    made = tiny_models.words_tokenizer([*words, *map(str, range(10))])
    tiny_models.model("llama", len(made), width=width, layers=1).save_pretrained(folder)
    made.save_pretrained(folder)
    return folder


@pytest.fixture(autouse=True)
def _one_thread():
    torch = pytest.importorskip("torch", reason="training needs the extra train")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def setting():
    """Make the setting of a small environment."""
    import corridor

    from stepagent_train.experience import Setting

    def make(env_id: str, tasks: int = 8) -> Setting:
        return Setting(
            env_id=env_id,
            options={"action_format": "bare", "split": "train"},
            prompt=corridor.PROMPT,
            tasks=tuple(f"walk-{i}" for i in range(tasks)),
            conditions={},
            action_format="bare",
        )

    return make
