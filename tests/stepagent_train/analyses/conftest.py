"""Runs to analyse: made once, on the embedded WebShop, with a model of a few thousand weights."""

from pathlib import Path
from typing import NamedTuple

import pytest

WEBSHOP = "stepagent/WebShop-v0"


class Runs(NamedTuple):
    model: Path
    implicit: Path
    reward: Path
    oracle: Path
    random: Path


def _model(folder):
    from transformers import LlamaConfig, LlamaForCausalLM

    from stepagent_gym.policy import OraclePolicy
    from stepagent_gym.rollout import Start
    from stepagent_train.experience import Setting, play
    from stepagent_train.init import texts, train_tokenizer
    from stepagent_train.run import RunArgs

    setting = Setting.of(RunArgs(model=folder, env=WEBSHOP, out=folder, limit=8))
    starts = [Start(task) for task in setting.tasks]
    experts = play(setting, starts, OraclePolicy(), examples=0, concurrency=1)
    tokenizer = train_tokenizer(texts(experts, setting), 500)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=4096,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def runs(tmp_path_factory):
    """Give a model, a run of implicit and of reward-model, and two evaluations."""
    pytest.importorskip("torch", reason="training needs the extra train")
    import torch

    from harness.cli import main

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("runs")
    model = _model(folder / "model")
    shared = ["--model", str(model), "--env", WEBSHOP, "--max-new-tokens", "3"]
    shared += ["--rollout-examples", "0", "--limit", "2", "--set", "max_turns=5"]
    again = ["--iterations", "1", "--lr", "1e-3", "--epochs", "1"]

    def train(method, *more):
        out = folder / method
        assert main(["train", method, *shared, "--out", str(out), *more]) == 0
        return out

    def played(name):
        out = folder / name
        rest = ["--limit", "4", "--max-turns", "5", "--quiet", "--out", str(out)]
        assert main(["eval", "--model", name, "--env", WEBSHOP, *rest]) == 0
        return out

    implicit = train("implicit", *again, "--keep-iterations", "--practices", "2")
    ipr = train("ipr", *again, "--samples", "1", "--score-all", "--outcome-threshold", "9")
    held = ["--held-out", "0.5", "--epochs", "1"]
    reward = train("reward-model", "--scored", str(ipr), *held)
    return Runs(model, implicit, reward, played("oracle"), played("random"))


@pytest.fixture
def analyse(runs, tmp_path, capsys):
    """Run an analysis by its command; gives its table as JSON, and the folder."""
    import orjson

    from harness.cli import main

    def run(name, *arguments, out="out"):
        folder = tmp_path / out
        given = [str(argument) for argument in arguments]
        assert main(["train", "analyse", name, *given, "--out", str(folder)]) == 0
        printed = capsys.readouterr().out
        assert (folder / "table.md").read_text() in printed
        assert b"<svg" in (folder / "plot.svg").read_bytes()
        found = orjson.loads((folder / "table.json").read_bytes())
        for conditions in found["conditions"]:
            assert {"data_hash", "split", "max_turns", "seed"} <= conditions.keys()
        return found, folder

    return run


@pytest.fixture
def tables():
    """Give the rows of each table by its title."""
    return lambda found: {table["title"]: table["rows"] for table in found["tables"]}
