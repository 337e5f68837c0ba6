"""Step pairs of a run as rows for TRL: what they hold, and that TRL's loss on them is ours."""

import pytest

pytest.importorskip("torch", reason="training needs the extra train")
import orjson
import torch
from short_runs import make_args, make_setting

from harness.cli import main
from stepagent_gym.errors import RunError, UsageError
from stepagent_gym.types import Completion, Message
from stepagent_train import implicit
from stepagent_train.commands import train
from stepagent_train.experience import read_experts
from stepagent_train.export import ExportArgs, export_pairs
from stepagent_train.implicit import StepPairs
from stepagent_train.inspection import one_reply, read_practice
from stepagent_train.model import Scorer, Tuning, load_model, load_tokenizer
from stepagent_train.packing import Tree, tree_log_probs, turn_branch
from stepagent_train.step_pairs import read_scored
from stepagent_train.tokens import ChatTokeniser

pytestmark = pytest.mark.filterwarnings("ignore")
BETA = 0.3


def exported(method, walker, out, **more):
    args = make_args(method, walker, out, **more)
    train(method, args, setting=make_setting())
    return export(out)


def export(out):
    file = out.parent / "pairs.jsonl"
    count = export_pairs(ExportArgs(out, file), make_setting())
    rows = [orjson.loads(line) for line in file.read_bytes().splitlines()]
    assert len(rows) == count
    return rows


@pytest.fixture
def rows(walker, tmp_path):
    return exported("implicit", walker, tmp_path / "run", max_new_tokens=2, practices=3, lr=1e-2)


def test_rows_are_practices_that_differ_at_their_states(rows, tmp_path):
    experts = {e.task_id: e for e in read_experts(tmp_path / "run" / "stage-000" / "experts.jsonl")}
    assert {row["stage"] for row in rows} == {0, 1}
    practised = [
        p for s in (0, 1) for p in read_practice(tmp_path / "run" / f"stage-00{s}/practice.jsonl")
    ]
    ended = {
        (p.task_id, p.turn, p.completion.text)
        for p in practised
        if p.completion.finish_reason == "stop"
    }
    for row in rows:
        steps = experts[row["task_id"]].steps
        said = [message["content"] for message in row["prompt"] if message["role"] == "assistant"]
        assert said == ["OK", *(step.completion.text for step in steps[: row["turn"]])]
        assert row["prompt"][-1]["role"] == "user"
        seen = row["prompt"][-1]["content"].removeprefix("see ")
        assert seen == steps[row["turn"]].observation
        assert [m["content"] for m in row["chosen"]] == [steps[row["turn"]].completion.text]
        (rejected,) = row["rejected"]
        assert rejected["content"] != row["chosen"][0]["content"]
        assert (row["task_id"], row["turn"], rejected["content"]) in ended


def test_one_iteration_can_be_chosen(rows, tmp_path):
    file = tmp_path / "second.jsonl"
    count = export_pairs(ExportArgs(tmp_path / "run", file, stage=1), make_setting())
    assert count == sum(row["stage"] == 1 for row in rows) > 0
    with pytest.raises(RunError, match="no step pairs"):
        export_pairs(ExportArgs(tmp_path / "run", file, stage=7), make_setting())


def test_step_pairs_of_ipr_are_single_replies(walker, tmp_path):
    out = tmp_path / "run"
    file = out / "stage-000" / "scored.jsonl"
    margins = {"threshold": -2.0, "outcome_threshold": -2.0}
    with pytest.raises(RunError, match="cut short"):  # the walker's replies never end greedily
        exported("ipr", walker, out, max_new_tokens=2, **margins)
    file.write_text(file.read_text().replace('"length"', '"stop"'))
    rows = export(out)
    scored = {(a.expert.task_id, a.turn): a for a in read_scored(file)}
    for row in rows:
        action = scored[row["task_id"], row["turn"]]
        sides = (action.expert, action.own)
        texts = [side.steps[row["turn"]].completion.text for side in sides]
        assert [row["chosen"], row["rejected"]] == [
            [{"role": "assistant", "content": text}] for text in texts
        ]


def test_other_runs_have_no_step_pairs(walker, tmp_path):
    train("sft", make_args("sft", walker, tmp_path / "run"), setting=make_setting())
    with pytest.raises(UsageError, match="no run of implicit"):
        export_pairs(ExportArgs(tmp_path / "run", tmp_path / "out.jsonl"), make_setting())


def test_the_command_says_what_is_no_run(tmp_path, capsys):
    out = ["--out", str(tmp_path / "pairs.jsonl")]
    assert main(["train", "export-pairs", str(tmp_path / "nowhere"), *out]) == 2
    assert "holds no training run" in capsys.readouterr().err
    assert main(["train", "--help"]) == 0
    assert "export-pairs" in capsys.readouterr().out


def test_trl_trains_on_the_rows_and_its_loss_is_ours(rows, walker, tmp_path):
    pytest.importorskip("trl", reason="needs TRL")
    from datasets import load_dataset
    from trl.trainer.dpo_config import DPOConfig
    from trl.trainer.dpo_trainer import DPOTrainer

    file, cache = str(tmp_path / "pairs.jsonl"), str(tmp_path / "cache")
    data = load_dataset("json", data_files=file, split="train", cache_dir=cache)
    trainer = DPOTrainer(
        model=load_model(tmp_path / "run" / "model", Tuning()),
        ref_model=load_model(walker, Tuning()),
        args=DPOConfig(
            output_dir=str(tmp_path / "dpo"),
            beta=BETA,
            max_length=None,
            max_steps=1,
            per_device_train_batch_size=len(rows),
            learning_rate=1e-3,
            report_to=[],
            use_cpu=True,
            bf16=False,
            gradient_checkpointing=False,
            save_strategy="no",
            disable_tqdm=True,
        ),
        train_dataset=data,
        processing_class=load_tokenizer(walker),
    )
    batch = next(iter(trainer.get_train_dataloader()))
    with torch.no_grad():
        theirs = trainer.compute_loss(trainer.model, batch).item()
    scorer, reference = Scorer(trainer.model), Scorer(load_model(walker, Tuning()))
    chat = ChatTokeniser(load_tokenizer(walker))
    ours = [our_loss(scorer, reference, chat, row) for row in rows]
    assert theirs == pytest.approx(sum(ours) / len(ours), abs=1e-4)
    assert abs(theirs - 0.6931) > 1e-3
    before = {name: p.detach().clone() for name, p in trainer.model.named_parameters()}
    trainer.train()
    assert any(not torch.equal(p, before[name]) for name, p in trainer.model.named_parameters())


def our_loss(scorer, reference, chat, row):
    """The loss of `implicit` on one pair, in a tree of its own."""
    before = [Message.from_json(message) for message in row["prompt"]]
    (chosen,), (rejected,) = row["chosen"], row["rejected"]
    given = Completion(chosen["content"])
    trunk = chat.encode([*before, Message("assistant", given.text)], {len(before): given})
    reply = one_reply(chat, before, Completion(rejected["content"]), 0)
    sample = StepPairs(Tree(trunk, (turn_branch(trunk, 0, reply.ids),)))
    with torch.no_grad():
        ((turns, branches),) = tree_log_probs(reference, [sample.tree])
        sample = sample._replace(
            reference_expert=tuple(turns.tolist()), reference_own=tuple(branches.tolist())
        )
        return implicit.loss(scorer, [sample], beta=BETA)[0].item()
