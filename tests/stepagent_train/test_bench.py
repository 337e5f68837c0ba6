import pytest

pytest.importorskip("torch", reason="training needs the extra train")
pytest.importorskip("trl", reason="the comparison needs TRL")
from harness.cli import main
from stepagent_train.bench import BenchConfig, measure, random_trees


@pytest.mark.filterwarnings("ignore")
def test_every_way_computes_the_same_loss():
    config = BenchConfig(
        width=32, layers=1, vocabulary=300, episodes=2, turns=(2, 3), seen=6, reply=6, rounds=1
    )
    packed, apart, trl = measure(config, 2)
    assert [row["way"] for row in (packed, apart, trl)] == ["packed", "sorted", "trl"]
    assert packed["pairs"] == apart["pairs"] == trl["pairs"]
    assert packed["tokens"] < apart["tokens"] == trl["tokens"]
    assert apart["loss"] == pytest.approx(packed["loss"], rel=1e-5)
    assert trl["loss"] == pytest.approx(packed["loss"], rel=1e-5)
    assert packed["ratio"] == 1.0


def test_trees_are_as_asked_for():
    config = BenchConfig(episodes=3, turns=(2, 4))
    trees = random_trees(config, 3, 100)
    assert len(trees) == 3
    for tree in trees:
        turns = max(tree.trunk.turns) + 1
        assert 2 <= turns <= 4
        assert len(tree.branches) == 3 * turns


def test_the_command_says_what_can_be_measured(capsys):
    assert main(["bench", "nothing"]) == 2
    assert "env|rollout|train" in capsys.readouterr().err
