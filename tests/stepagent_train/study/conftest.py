"""Small studies: their files, and results of which every number is known."""

import pytest

TINY = """
name = "tiny"
question = "Does it run?"
seeds = [0]

[model]
vocabulary = 800
context = 1024

[environments.sql]
id = "stepagent/InterCodeSQL-v0"
max_turns = 4
max_tokens = 4
train = { split = "train", limit = 2 }
dev = { split = "dev", limit = 2 }
test = { split = "test", limit = 2 }

[methods.sft]
method = "sft"
steps = 4
batch = 2
lr = 3e-3
save_every = 1
max_length = 2048
"""


@pytest.fixture
def write(tmp_path):
    """Write a study's file: the tiny one, with more behind it."""

    def make(more="", text=TINY, name="tiny.toml"):
        path = tmp_path / name
        path.write_text(text + more)
        return path

    return make
