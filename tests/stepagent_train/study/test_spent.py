import orjson
import pytest

from stepagent_gym.errors import RunError
from stepagent_train.study.spent import (
    Spent,
    read_spent,
    steps_for,
    steps_to_match,
    tokens_of_epoch,
)


def write_run(folder, rows, **config):
    folder.mkdir()
    (folder / "log.jsonl").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    (folder / "config.json").write_bytes(orjson.dumps({"config": config}))
    return folder


def steps(*tokens):
    return [{"stage": 0, "step": i, "tokens": n} for i, n in enumerate(tokens, start=1)]


def test_what_a_run_took_is_the_sum_of_its_log(tmp_path):
    rows = [
        {"stage": 0, "step": 0, "environment_steps": 7, "prompt_tokens": 50},
        # of a stage, `tokens` is the mean length of practised replies
        {"stage": 0, "step": 0, "tokens": 3.5, "completion_tokens": 11},
        {"stage": 0, "step": 0, "discriminator_tokens": 1000},
        *steps(20, 30),
        {"stage": 1, "step": 0, "environment_steps": 2},
    ]
    assert read_spent(write_run(tmp_path / "run", rows)) == Spent(2, 1050, 50, 11, 9)
    with pytest.raises(RunError, match="has no log"):
        read_spent(tmp_path)


def test_an_epoch_is_counted_whole():
    # 5 samples in batches of 2: 3 steps an epoch, of which the log has two and a part
    assert tokens_of_epoch([40, 40, 20, 38, 42, 20, 39], 5, 2) == 100
    assert tokens_of_epoch([40, 44], 5, 2) == 84 / 4 * 5


@pytest.mark.parametrize(
    ("tokens", "expected"), [(0, 0), (100, 3), (200, 6), (240, 7), (261, 8), (299, 9)]
)
def test_steps_take_the_tokens_that_are_asked(tokens, expected):
    # an epoch takes 100 tokens in batches of 40, 40 and 20
    assert steps_for(tokens, 100.0, 5, 2) == expected


def test_another_batch_takes_as_many_tokens(tmp_path):
    first = {"stage": 0, "step": 0, "experts": 6, "left_out": 1}
    like = write_run(tmp_path / "like", [first, *steps(40, 40, 20)], batch=2)
    budget = write_run(tmp_path / "budget", steps(300))
    assert steps_to_match(budget, like, None) == 9
    assert steps_to_match(budget, like, 5) == 3
    assert steps_to_match(budget, like, 1) == 15
