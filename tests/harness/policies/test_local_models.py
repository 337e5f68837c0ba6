"""What holds of local models where no package for them is installed."""

import sys

import pytest

import harness.policies
from harness.policies import Local, Sampling, Server, is_model, make_policy, resolve_model
from stepagent_gym.errors import NotInstalled, UsageError


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    return tmp_path


def test_missing_packages_name_their_extra(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(NotInstalled, match=r"stepagent-gym\[train\]"):
        make_policy(f"hf/{folder}", Sampling(), Server())
    monkeypatch.setattr("harness.policies.vllm.find_spec", lambda name: None)
    with pytest.raises(NotInstalled, match=r"stepagent-gym\[vllm\]"):
        make_policy(f"vllm/{folder}", Sampling(), Server())


@pytest.mark.parametrize("rest", ["", "no/such/folder", "."])
def test_a_folder_without_a_model_is_named(rest, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"config\.json"):
        make_policy(f"hf/{rest}", Sampling(), Server())


def test_a_folder_alone_means_the_fastest_there_is(folder, monkeypatch):
    for fast, kind in ((True, "vllm"), (False, "hf")):
        monkeypatch.setattr(harness.policies, "has_gpu_and_vllm", lambda fast=fast: fast)
        assert resolve_model(str(folder)) == f"{kind}/{folder}"
    assert is_model(str(folder))
    for model in ("oracle", "openai/gpt-4o", "hf/somewhere", "vllm/somewhere", "replay/runs/a"):
        assert resolve_model(model) == model
    for model in ("", "gpt-4o", str(folder / "config.json")):
        with pytest.raises(UsageError, match="no model"):
            resolve_model(model)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Sampling(temperature=-0.1),
        lambda: Sampling(top_p=0.0),
        lambda: Sampling(top_p=1.5),
        lambda: Sampling(context=1),
        lambda: Local(batch_size=0),
        lambda: Local(prefix_cache=-1.0),
        lambda: Local(gpu_memory=0.0),
    ],
)
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(UsageError):
        wrong()
