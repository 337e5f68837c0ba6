import pytest

pytest.importorskip("torch", reason="training needs the extra train")
from stepagent_train.bench_practice import measure, prepare

ALFWORLD = "stepagent/ALFWorld-v0"


def test_every_way_gives_the_same_replies_at_every_state():
    practising = prepare(ALFWORLD, "test", None, 2, 2, new_tokens=3, batch=4)
    states = sum(max(chat.turns) + 1 for chat in practising.chats)
    shared, batched, alone = (
        practising.shared(),
        practising.separate(practising.batch),
        practising.separate(1),
    )
    assert len(shared) == 2 * states
    assert [reply.ids for reply in shared] == [reply.ids for reply in batched]
    assert [reply.ids for reply in shared] == [reply.ids for reply in alone]


def test_rates_are_over_the_time_that_was_taken():
    figures = measure(prepare(ALFWORLD, "test", None, 1, 1, new_tokens=2), rounds=1)
    assert list(figures) == ["shared", "batched", "sequential"]
    assert figures["shared"]["ratio"] == 1.0
    for row in figures.values():
        assert row["states a second"] == pytest.approx(row["states"] / row["seconds"])
        assert row["ratio"] == pytest.approx(row["seconds"] / figures["shared"]["seconds"])
