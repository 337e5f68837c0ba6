"""Whole runs: every method, resuming after a kill, adapters, several processes, the command."""

import os
import signal
import subprocess
import sys

import pytest

pytest.importorskip("torch", reason="training needs the extra train")
import orjson
import tiny_models
import torch
from short_runs import KEEP, OWN, make_args, make_setting, script
from transformers import AutoModelForCausalLM

from harness.cli import main
from stepagent_gym.errors import RunError, UsageError
from stepagent_train import METHODS
from stepagent_train.commands import parse_args, presets, train
from stepagent_train.loop import batches
from stepagent_train.model import load_model, trained_state


def weights(out):
    return AutoModelForCausalLM.from_pretrained(out / "model").state_dict()


def log_lines(out):
    return [orjson.loads(line) for line in (out / "log.jsonl").read_bytes().splitlines()]


def assert_equal(a, b):
    assert a.keys() == b.keys()
    for name, value in a.items():
        assert torch.equal(value, b[name]), name


def test_arguments_of_another_version_are_named(walker, tmp_path):
    args = make_args("eto", walker, tmp_path / "run")
    stored = {name: value for name, value in args.stored().items() if name != "beta"}
    with pytest.raises(RunError, match="differ in beta; begin it anew in another folder"):
        type(args).from_stored(stored)


@pytest.mark.parametrize("method", OWN)
def test_every_method_trains_and_gives_a_model(walker, tmp_path, method):
    args = make_args(method, walker, tmp_path / "run")
    train(method, args, setting=make_setting())
    before = AutoModelForCausalLM.from_pretrained(walker).state_dict()
    after = weights(args.out)
    assert any(not torch.equal(value, after[name]) for name, value in before.items())
    config = orjson.loads((args.out / "config.json").read_bytes())
    assert config["config"]["lr"] == args.lr
    assert type(args).from_stored(config["config"]) == args
    assert len(config["facts"]["model_sha256"]) == 64
    assert AutoModelForCausalLM.from_pretrained(args.out / "model").device.type == "cpu"


@pytest.mark.parametrize(("method", "kill_at"), [("sft", 3), ("eto", 7), ("ppo", 5)])
def test_a_killed_run_goes_on_to_the_same_weights(walker, tmp_path, method, kill_at):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    train(method, make_args(method, walker, whole), setting=make_setting())
    done = subprocess.run(
        [sys.executable, "-c", script(method, walker, killed, kill_at)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert (killed / "checkpoint.pt").exists()
    assert not (killed / "model").exists()
    train(method, make_args(method, walker, killed), resume=True, setting=make_setting())
    assert_equal(weights(whole), weights(killed))
    logs = []
    for out in (whole, killed):
        logs.append([{k: v for k, v in line.items() if k != "seconds"} for line in log_lines(out)])
    assert logs[0] == logs[1]


def places(file):
    """Say of which task and turn each row of a stage is; each process adds a row of its cost."""
    rows = [orjson.loads(line) for line in file.read_bytes().splitlines()]
    told = [(row.get("expert") if "own" in row else row, row) for row in rows if "cost" not in row]
    return [(episode["task_id"], row.get("turn")) for episode, row in told]


def in_two_processes(folder, text):
    """Run a script as `accelerate launch` does for two processes."""
    file = folder / "script.py"
    file.write_text(text)
    launch = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu"]
    done = subprocess.run(
        [*launch, "--num_processes", "2", "--main_process_port", "0", str(file)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr


# what is drawn in Monte-Carlo rewards depends on the share; every margin passes this threshold
AS_ONE = {"dpo": {}, "implicit": {}, "inverse": {}, "ipr": {"threshold": -2.0}}


@pytest.mark.parametrize(("method", "more"), AS_ONE.items())
def test_two_processes_train_as_one(walker, tmp_path, method, more):
    alone, both = tmp_path / "alone", tmp_path / "both"
    train(method, make_args(method, walker, alone, **more), setting=make_setting())
    in_two_processes(tmp_path, script(method, walker, both, kill_at=0, **more) + KEEP)
    assert orjson.loads((both / "config.json").read_bytes())["processes"] == 2
    assert_equal(*(torch.load(both / f"rank-{rank}.pt") for rank in (0, 1)))
    one, two = weights(alone), weights(both)
    for name, value in one.items():
        torch.testing.assert_close(value, two[name], rtol=1e-3, atol=1e-5)
    for name in ("experts", "episodes", "practice", "scored"):
        for made in alone.glob(f"stage-*/{name}.jsonl"):
            assert places(made) == places(both / made.relative_to(alone))
    losses = [[line["loss"] for line in log_lines(out) if "loss" in line] for out in (alone, both)]
    assert losses[1] == pytest.approx(losses[0], rel=1e-3, abs=1e-4)


@pytest.mark.parametrize("method", [name for name in OWN if name not in AS_ONE])
def test_two_processes_train_one_model(walker, tmp_path, method):
    out = tmp_path / "both"
    in_two_processes(tmp_path, script(method, walker, out, kill_at=0) + KEEP)
    assert orjson.loads((out / "config.json").read_bytes())["processes"] == 2
    assert_equal(*(torch.load(out / f"rank-{rank}.pt") for rank in (0, 1)))
    before = AutoModelForCausalLM.from_pretrained(walker).state_dict()
    after = weights(out)
    assert any(not torch.equal(value, after[name]) for name, value in before.items())


# PEFT asks transformers by a name that is going to change
@pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")
@pytest.mark.parametrize("family", ["llama", "mistral", "qwen"])
def test_adapters_of_a_saved_model(tmp_path, family):
    base = tiny_models.save(tmp_path / "base", family)
    first = make_args("sft", base, tmp_path / "first", lora_rank=4, gradient_checkpointing=True)
    learner = train("sft", first, setting=make_setting())
    assert all("lora" in name for name in trained_state(learner.scorer))
    assert (first.out / "model" / "adapter_config.json").exists()
    again = load_model(first.out / "model", first.tuning)
    assert_equal(trained_state(again), trained_state(learner.scorer.model))
    frozen = {n: p for n, p in learner.scorer.model.named_parameters() if not p.requires_grad}
    original = AutoModelForCausalLM.from_pretrained(base).state_dict()
    assert frozen
    for name, value in frozen.items():
        plain = name.replace("base_model.model.", "").replace(".base_layer", "")
        assert torch.equal(value, original[plain])
    second = make_args("sft", first.out / "model", tmp_path / "second")
    train("sft", second, setting=make_setting())
    assert (second.out / "model" / "adapter_config.json").exists()


def test_bfloat16_trains_weights_that_stay_float32(walker, tmp_path):
    learner = train(
        "sft",
        make_args("sft", walker, tmp_path / "run", precision="bfloat16"),
        setting=make_setting(),
    )
    assert {p.dtype for p in learner.scorer.parameters()} == {torch.float32}


def test_the_size_of_forward_passes_does_not_bear_on_the_weights(walker, tmp_path):
    made = []
    for micro_batch in (1, 4):
        args = make_args("sft", walker, tmp_path / str(micro_batch), micro_batch=micro_batch)
        made.append(weights_after(args))
    for name, value in made[0].items():
        torch.testing.assert_close(value, made[1][name], rtol=1e-4, atol=1e-6)


def weights_after(args):
    train("sft", args, setting=make_setting())
    return weights(args.out)


@pytest.mark.parametrize("micro_batch", [1, 4])
def test_steps_log_their_tokens(walker, tmp_path, micro_batch):
    args = make_args("sft", walker, tmp_path / "run", micro_batch=micro_batch, epochs=3)
    learner = train("sft", args, setting=make_setting())
    tokens = [line["tokens"] for line in log_lines(args.out) if line["step"] > 0]
    # 8 experts of the same two turns, 4 a step
    chat = learner.chat.trajectory(
        make_setting().prompt, experts(args), examples=0, action_format="bare"
    )
    assert tokens == [4 * len(chat)] * 6


def experts(args):
    from stepagent_gym.types import Trajectory

    rows = (args.out / "stage-000" / "experts.jsonl").read_bytes().splitlines()
    return Trajectory.from_json(orjson.loads(rows[0])).steps


@pytest.mark.parametrize("steps", [1, 5])
def test_steps_take_the_place_of_epochs(walker, tmp_path, steps):
    args = make_args("sft", walker, tmp_path / "run", steps=steps)
    train("sft", args, setting=make_setting())
    done = [line for line in log_lines(args.out) if line["step"] > 0]
    assert [line["step"] for line in done] == list(range(1, steps + 1))
    assert done[-1]["lr"] < done[0]["lr"] or steps == 1


def test_planned_steps_go_on_over_the_epochs():
    whole = batches(5, 2, 3, 0)
    assert [len(batch) for batch in whole] == [2, 2, 1] * 3
    assert batches(5, 2, 1, 0, 7) == whole[:7]
    assert batches(5, 2, 9, 0, 0) == []


@pytest.mark.parametrize("method", ["spin", "eto", "ppo", "step-ppo", "implicit", "inverse", "ipr"])
def test_every_iteration_can_be_kept(walker, tmp_path, method):
    args = make_args(method, walker, tmp_path / "run", keep_iterations=True, iterations=2)
    train(method, args, setting=make_setting())
    kept = [AutoModelForCausalLM.from_pretrained(args.out / f"iteration-{n}") for n in (1, 2)]
    assert_equal(kept[1].state_dict(), weights(args.out))
    spent = [line for line in log_lines(args.out) if "completion_tokens" in line]
    assert sum(line["completion_tokens"] for line in spent) > 0
    if method != "implicit" and method != "inverse":
        assert sum(line["environment_steps"] for line in spent) > 0


def test_a_folder_holds_one_run(walker, tmp_path):
    args = make_args("sft", walker, tmp_path / "run")
    train("sft", args, setting=make_setting())
    with pytest.raises(RunError, match="already holds a run"):
        train("sft", args, setting=make_setting())
    made = AutoModelForCausalLM.from_pretrained(walker)
    made.lm_head.weight.data += 1
    made.save_pretrained(walker)
    with pytest.raises(RunError, match="facts then"):
        train("sft", args, resume=True, setting=make_setting())


def test_experts_that_are_too_long_are_counted(walker, tmp_path):
    args = make_args("sft", walker, tmp_path / "run", max_length=5)
    with pytest.raises(RunError, match="nothing to train on"):
        train("sft", args, setting=make_setting())
    line = orjson.loads((args.out / "log.jsonl").read_bytes().splitlines()[-1])
    assert line["left_out"] == 8


@pytest.mark.parametrize("method", METHODS)
def test_presets_are_arguments_of_their_method(method):
    known = presets()[method]
    if not known:
        assert method == "reward-model"  # no paper states its hyper-parameters
        return
    needed = ["--model", "m", "--env", "e", "--out", "o"]
    for name, values in known.items():
        args = parse_args(method, ["--preset", name, *needed, "--seed", "7"])
        assert {key: getattr(args, key) for key in values} == values
        assert args.seed == 7
    name, values = next(iter(known.items()))
    assert parse_args(method, ["--preset", name, *needed, "--lr", "0.5"]).lr == 0.5
    with pytest.raises(UsageError, match="no preset"):
        parse_args(method, ["--preset", "none", *needed])


def test_the_command_makes_a_model_and_trains_it(tmp_path, capsys):
    env = ["--env", "stepagent/ALFWorld-v0", "--limit", "4"]
    made, out = tmp_path / "model", tmp_path / "run"
    assert main(["train", "init", *env, "--out", str(made), "--context", "4096"]) == 0
    args = ["--model", str(made), "--out", str(out), "--batch", "4", "--epochs", "1"]
    assert main(["train", "sft", *env, *args]) == 0
    assert (out / "model" / "model.safetensors").exists()
    assert main(["train", "sft", "--resume", str(out)]) == 0
    assert main(["train", "eto", "--resume", str(out)]) == 2
    assert main(["train", "alchemy"]) == 2
    assert main(["train", "sft", *env, *args]) == 2
    assert "no method 'alchemy'; there are init, " in capsys.readouterr().err


def test_an_environment_whose_episodes_are_not_one_chat_is_refused(tmp_path, capsys):
    where = [
        "--env",
        "stepagent/Mind2Web-v0",
        "--model",
        str(tmp_path),
        "--out",
        str(tmp_path / "x"),
    ]
    assert main(["train", "sft", *where]) == 2
    assert "do not see those before them" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_training_without_its_packages_says_how_to_get_them(monkeypatch, capsys):
    monkeypatch.setattr("stepagent_train.commands._PACKAGES", ("torch_that_is_missing",))
    assert main(["train", "sft"]) == 2
    assert "stepagent-gym[train]" in capsys.readouterr().err
