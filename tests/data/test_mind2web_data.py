"""The embedded websites: made by their script, varied, and solvable from what is shown."""

import subprocess
import sys
from collections import Counter

import gymnasium
import pytest

import stepagent_gym  # noqa: F401 - registers the environments
from stepagent_gym.datasets import embedded_root, load_prompt, open_dataset, verify

SPLITS = ("train", "dev", "test_task", "test_website", "test_domain")


@pytest.fixture(scope="module")
def played():
    """For each split, what `info` said at the end of every task, and the oracle's letters."""
    ends, letters = {}, Counter()
    for split in SPLITS:
        env = gymnasium.make("stepagent/Mind2Web-v0", split=split, action_format="bare")
        ends[split] = []
        for task in env.unwrapped.task_ids:
            env.reset(options={"task": task})
            over = False
            while not over:
                action = env.unwrapped.expert()[1]
                letters[action[8]] += 1
                *_, terminated, truncated, info = env.step(action)
                over = terminated or truncated
            ends[split].append(info)
    return ends, letters


def test_the_script_makes_the_files_byte_for_byte(tmp_path):
    folder = embedded_root() / "mind2web"
    subprocess.run([sys.executable, str(folder / "make_websites.py"), str(tmp_path)], check=True)
    made = {p.name: p.read_bytes() for p in (tmp_path / "prepared").iterdir()}
    kept = {p.name: p.read_bytes() for p in (folder / "prepared").iterdir()}
    assert made.keys() == kept.keys()
    assert [name for name in made if made[name] != kept[name]] == []


def test_the_prompt_is_made_byte_for_byte(tmp_path):
    prompts = embedded_root() / "prompts"
    out = tmp_path / "prompt.json"
    subprocess.run([sys.executable, str(prompts / "make_mind2web.py"), str(out)], check=True)
    assert out.read_bytes() == (prompts / "mind2web.json").read_bytes()
    assert len(load_prompt("mind2web").demonstrations) == 3


def test_files_are_as_their_manifest_says():
    verify(open_dataset("mind2web"))


def test_they_are_many_and_varied(played):
    ends = [info for infos in played[0].values() for info in infos]
    assert len(ends) >= 120
    assert len({info["website"] for info in ends}) >= 20
    assert len({info["domain"] for info in ends}) >= 5
    assert {3, 10} <= {info["steps"] for info in ends}
    assert all(3 <= info["steps"] <= 10 for info in ends)


def test_splits_are_what_their_names_say(played):
    ends = played[0]
    websites = {split: {info["website"] for info in infos} for split, infos in ends.items()}
    domains = {split: {info["domain"] for info in infos} for split, infos in ends.items()}
    assert websites["test_task"] <= websites["train"]
    assert not websites["test_website"] & websites["train"]
    assert domains["test_website"] <= domains["train"]
    assert not domains["test_domain"] & domains["train"]


def test_the_oracle_is_right_everywhere_and_no_letter_is(played):
    ends, letters = played
    for infos in ends.values():
        assert all(info["success"] and info["score"] == 1.0 for info in infos)
    assert set(letters) == set("ABCDEF")
    assert max(letters[letter] for letter in "BCDEF") < 0.5 * sum(letters[x] for x in "BCDEF")
