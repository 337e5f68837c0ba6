"""The example runs from nothing to its table; whether it gets better is not for a test."""

import pytest

pytest.importorskip("torch", reason="training needs the extra train")
pytest.importorskip("trl", reason="needs TRL")
import orjson

from stepagent_train.examples.webshop_grpo import Args, main


@pytest.mark.filterwarnings("ignore")
def test_it_runs_from_nothing_to_its_table(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TRL_EXPERIMENTAL_SILENCE", "1")
    args = Args(
        out=tmp_path / "run",
        tasks=2,
        held_out=2,
        max_turns=5,
        vocabulary=400,
        context=8192,
        sft_epochs=1,
        steps=1,
        group=4,
        batch=8,
        max_new_tokens=2,
        repeats=1,
    )
    results = main(args)
    assert orjson.loads((args.out / "results.json").read_bytes()) == results
    assert (args.out / "grpo" / "model" / "model.safetensors").exists()
    printed = capsys.readouterr().out
    for name, result in results.items():
        assert name in printed
        assert result["difference"]["pairs"] == 2
        assert result["difference"]["errors"] == 0
