"""TensorBoard and W&B beside the log of a run; W&B where it is installed, and offline."""

import struct

import pytest

pytest.importorskip("torch", reason="training needs the extra train")
import orjson
from short_runs import make_args, make_setting

from stepagent_gym.errors import NotInstalled
from stepagent_train import sft, trackers
from stepagent_train.commands import train

KEY = "0123456789abcdef0123456789abcdef01234567"
BLOCK = 32768


def log_lines(out):
    return [orjson.loads(line) for line in (out / "log.jsonl").read_bytes().splitlines()]


def broken_and_resumed(args, monkeypatch):
    """Let a run fail in its fourth step, and take it up from its checkpoint after the second."""
    right = sft.loss

    def breaks(scorer, samples):
        if len(log_lines(args.out)) == 5:
            raise RuntimeError("a fault")
        return right(scorer, samples)

    with monkeypatch.context() as patch:
        patch.setattr(sft, "loss", breaks)
        with pytest.raises(RuntimeError, match="a fault"):
            train("sft", args, setting=make_setting())
    train("sft", args, resume=True, setting=make_setting())


def test_tensorboard_has_every_line_once_after_a_fault(walker, tmp_path, monkeypatch):
    events = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    args = make_args("sft", walker, tmp_path / "run")
    broken_and_resumed(args, monkeypatch)
    read = events.EventAccumulator(str(args.out / "tensorboard"))
    read.Reload()
    lines = log_lines(args.out)
    logged = {i: line["loss"] for i, line in enumerate(lines, 1) if "loss" in line}
    told = [(event.step, event.value) for event in read.Scalars("loss")]
    assert len(told) == len(logged) == 4
    assert dict(told) == pytest.approx(logged)


def test_wandb_that_is_missing_is_asked_for_before_a_folder_is_made(walker, tmp_path, monkeypatch):
    monkeypatch.setattr(trackers, "find_spec", lambda name: None)
    args = make_args("sft", walker, tmp_path / "run", wandb=True)
    with pytest.raises(NotInstalled, match="stepagent-gym\\[wandb\\]"):
        train("sft", args, setting=make_setting())
    assert not args.out.exists()


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """W&B offline, with a key and with folders of its own."""
    wandb = pytest.importorskip("wandb", reason="needs the extra wandb")
    for name in ("WANDB_PROJECT", "WANDB_ENTITY", "WANDB_RUN_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_API_KEY", KEY)
    monkeypatch.setenv("WANDB_SILENT", "true")
    for name in ("WANDB_CACHE_DIR", "WANDB_CONFIG_DIR", "WANDB_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    return wandb


def records(file):
    """Read what an offline run would send: a log in LevelDB's format behind 7 bytes."""
    from wandb.proto.wandb_internal_pb2 import Record

    content, at, data, found = file.read_bytes(), 7, b"", []
    while at + 7 <= len(content):
        if BLOCK - at % BLOCK < 7:  # too little is left of the block for a header
            at += BLOCK - at % BLOCK
            continue
        length, kind = struct.unpack("<HB", content[at + 4 : at + 7])
        data += content[at + 7 : at + 7 + length]
        at += 7 + length
        if kind in (1, 4):  # whole, or the last part
            found.append(Record.FromString(data))
            data = b""
    return found


def history(found):
    rows = []
    for record in found:
        if record.WhichOneof("record_type") == "history":
            items = record.history.item
            names = [item.key or ".".join(item.nested_key) for item in items]
            values = [orjson.loads(item.value_json) for item in items]
            rows.append(dict(zip(names, values, strict=True)))
    return rows


@pytest.mark.filterwarnings("ignore")
def test_wandb_gets_config_and_every_line_and_a_resumed_run_goes_on(
    walker, tmp_path, offline, monkeypatch
):
    args = make_args("sft", walker, tmp_path / "run", wandb=True)
    broken_and_resumed(args, monkeypatch)
    offline.teardown()  # only then is all of it on disk
    header = orjson.loads((args.out / "config.json").read_bytes())
    files = sorted(args.out.glob("wandb/offline-run-*/*.wandb"))
    assert [file.name for file in files] == [f"run-{header['wandb_id']}.wandb"] * 2
    first, second = map(records, files)
    begun = next(r.run for r in second if r.WhichOneof("record_type") == "run")
    assert (begun.project, begun.display_name) == ("stepagent", "run")
    config = {item.key: orjson.loads(item.value_json) for item in begun.config.update}
    assert config["config"] == header["config"]
    assert config["facts"] == header["facts"]
    lines = log_lines(args.out)
    told = {row["line"]: row for row in [*history(first), *history(second)]}
    assert sorted(told) == list(range(1, len(lines) + 1))
    for number, line in enumerate(lines, 1):
        assert {**line, "line": number}.items() - {("seconds", line["seconds"])} <= told[
            number
        ].items()
    written = [file for file in args.out.rglob("*") if file.is_file()]
    assert not any(KEY.encode() in file.read_bytes() for file in written)
