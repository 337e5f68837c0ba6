import shutil

import pytest

pytest.importorskip("torch", reason="training needs the extra train")
import orjson

from stepagent_gym.errors import RunError, UsageError
from stepagent_train.analyses.folders import read_evaluated, read_trained


def test_runs_stand_side_by_side_on_the_episodes_that_all_have(runs, tmp_path):
    fewer = shutil.copytree(runs.random, tmp_path / "fewer")
    lines = (fewer / "trajectories.jsonl").read_bytes().splitlines(keepends=True)
    failed = orjson.loads(lines[0])
    failed.update(status="error", error="environment: broke")
    kept = [orjson.dumps(failed) + b"\n", *lines[2:]]
    (fewer / "trajectories.jsonl").write_bytes(b"".join(kept))
    one, other = read_evaluated([runs.oracle, fewer], None)
    assert [t.key for t in one.episodes] == [t.key for t in other.episodes]
    assert (len(one.episodes), one.left_out, other.left_out) == (2, 2, 1)
    assert (one.label, other.label) == ("oracle", "fewer")


def test_runs_under_other_conditions_do_not_stand_side_by_side(runs, tmp_path):
    other = shutil.copytree(runs.random, tmp_path / "other")
    header = orjson.loads((other / "run.json").read_bytes())
    header["conditions"]["stepagent/WebShop-v0"]["max_turns"] = 9
    (other / "run.json").write_bytes(orjson.dumps(header))
    with pytest.raises(UsageError, match=r"played with max_turns 5, .* with 9"):
        read_evaluated([runs.oracle, other], None)
    with pytest.raises(UsageError, match="has no episodes of stepagent/ALFWorld-v0"):
        read_evaluated([runs.oracle], "stepagent/ALFWorld-v0")
    with pytest.raises(UsageError, match="several different ones"):
        read_evaluated([runs.oracle, runs.oracle], None)


def test_models_of_iterations_are_those_that_were_kept(runs, tmp_path):
    trained = read_trained(runs.implicit)
    assert trained.models() == {0: runs.model, 1: runs.implicit / "iteration-1"}
    assert trained.stages("practice") == {0: runs.implicit / "stage-000" / "practice.jsonl"}
    assert len(trained.experts(trained.setting())) == 2
    with pytest.raises(RunError, match="--keep-iterations"):
        read_trained(runs.reward).models()


def test_a_run_is_not_analysed_on_other_data(runs, tmp_path):
    moved = shutil.copytree(runs.implicit, tmp_path / "moved")
    config = orjson.loads((moved / "config.json").read_bytes())
    config["facts"]["environment"]["data_hash"] = "0"
    (moved / "config.json").write_bytes(orjson.dumps(config))
    with pytest.raises(RunError, match="analyse the run with the data"):
        read_trained(moved).setting()
