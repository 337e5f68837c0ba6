"""What verification refuses, and what it says of it: a row for each kind of tampering."""

import hashlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leaderboard.submission import submit
from leaderboard.verify import CHUNK, verify
from stepagent_gym.datasets import embedded_root
from stepagent_gym.errors import EnvironmentFault, RunLocked

WEBSHOP = "stepagent/WebShop-v0"


def reaches_limit(episode):
    return episode["status"] == "truncated"


def fails(episode):
    return episode["status"] == "finished" and episode["reward"] < 1 and len(episode["steps"]) > 2


def named(episode, turn=None):
    where = f"{episode['env_id']}, task {episode['task_id']}, seed {episode['seed']}"
    return where if turn is None else f"{where}, turn {turn}:"


# Each of these alters a run and gives what the refusal must say.


def raise_a_reward(run):
    episode = run.episode(fails)
    old = episode["steps"][-1]["reward"]
    episode["steps"][-1]["reward"] = episode["reward"] = 1.0
    return [named(episode, len(episode["steps"])), "reward is 1.0", f"gives {old}"]


def raise_a_reward_in_the_middle(run):
    episode = run.episode(reaches_limit)
    episode["steps"][2]["reward"] = episode["reward"] = 0.5
    return [named(episode, 3), "reward is 0.5; the environment gives 0.0"]


def claim_a_success(run):
    episode = run.episode(fails)
    episode["success"] = True
    return [named(episode, len(episode["steps"])), "success is True; by the environment False"]


def claim_a_score(run):
    episode = run.episode(fails)
    episode["score"] = 1.0
    return [named(episode, len(episode["steps"])), "score is 1.0"]


def claim_a_metric(run):
    episode = run.episode(reaches_limit)
    episode["metrics"]["turns"] = 1.0
    return [named(episode), "metrics.turns is 1.0; by the environment 10.0"]


def invent_a_metric(run):
    episode = run.episodes[3]
    episode["metrics"]["brilliance"] = 1.0
    return [named(episode), "metrics.brilliance is 1.0; by the environment None"]


def remove_an_episode(run):
    episode = run.episode(fails)
    run.episodes.remove(episode)
    return [named(episode), "this task of the split is missing", "59 episodes of 60"]


def remove_a_task_and_say_so(run):
    task = run.episode(fails)["task_id"]
    run.episodes = [episode for episode in run.episodes if episode["task_id"] != task]
    run.conditions["tasks"] = run.header["config"]["limit"] = 29
    return [f"task {task}, seed 0: this task of the split is missing", "was not to play this task"]


def swap_a_failure_for_a_success(run):
    good = max(run.episodes, key=lambda episode: episode["reward"])
    bad = run.episode(lambda episode: fails(episode) and episode is not good)
    run.episodes[run.episodes.index(bad)] = good
    return [named(good), "recorded twice", named(bad) + ": this task of the split is missing"]


def repeat_an_episode(run):
    run.episodes.append(run.episodes[4])
    return [named(run.episodes[4]), "recorded twice, in the lines 5 and 61"]


def rename_a_task(run):
    """Play an easy task twice under two names."""
    first, second = run.episodes[0], run.episodes[1]
    run.episodes[1] = {**first, "task_id": second["task_id"], "seed": second["seed"]}
    return [named(run.episodes[1], 1), "the observation differs from character"]


def claim_other_data(run):
    run.conditions["data_hash"] = "0123456789abcdef"
    return [WEBSHOP, "played on other data", "0123456789abcdef", "data prepare webshop"]


def claim_other_tasks(run):
    run.conditions["split_hash"] = "0123456789abcdef"
    return ["split_hash is '0123456789abcdef' in run.json; here it is"]


def claim_another_prompt(run):
    run.conditions["prompt_sha256"] = "0" * 64
    return ["prompt_sha256"]


def claim_another_limit_in_the_conditions(run):
    run.conditions["max_turns"] = 5
    return ["max_turns is 5 in run.json; here it is 10"]


def ask_for_another_limit(run):
    run.header["config"]["max_turns"] = "40"
    run.conditions["max_turns"] = 40
    return [WEBSHOP, "another turn limit, 40; the benchmark's are default: 10"]


def play_on_after_the_limit(run):
    episode = run.episode(reaches_limit)
    last = episode["steps"][-1]
    more = {**last, "observation": episode["final_observation"], "info": {**last["info"]}}
    last["truncated"] = False
    more["info"]["turn"] = 11
    episode["steps"].append(more)
    episode["metrics"]["turns"] = 11.0
    return [named(episode, 10), "truncated is False; the environment gives True"]


def add_a_turn_after_the_end(run):
    episode = run.episode(reaches_limit)
    episode["steps"].append(episode["steps"][-1])
    return [named(episode, 11), "ended the episode at its turn limit after turn 10"]


def stop_before_the_limit(run):
    episode = run.episode(reaches_limit)
    episode["final_observation"] = episode["steps"][6]["observation"]
    del episode["steps"][6:]
    episode["metrics"]["turns"] = 6.0
    return [named(episode, 7), "stops after turn 6 as 'truncated', where the environment goes on"]


def hide_an_error(run):
    """Pass an episode whose model failed after three turns as one with reward 0."""
    episode = run.episode(reaches_limit)
    episode["final_observation"] = episode["steps"][3]["observation"]
    del episode["steps"][3:]
    episode["status"] = "finished"
    return [named(episode, 4), "stops after turn 3 as 'finished'", "an error left out"]


def hide_an_episode_without_turns(run):
    episode = run.episodes[7]
    episode["final_observation"] = episode["steps"][0]["observation"]
    episode.update(steps=[], status="finished", reward=0.0, success=False, score=0.0)
    return [named(episode, 1), "stops after turn 0 as 'finished'"]


def leave_an_error_in(run):
    episode = run.episodes[5]
    episode.update(status="error", error="policy: no reply")
    return [named(episode), "ended in an error and has no result (policy: no reply)"]


def relabel_an_error(run):
    run.episodes[5]["error"] = "policy: no reply"
    return [named(run.episodes[5]), "and yet with the error 'policy: no reply'"]


def edit_an_observation(run):
    step = run.episodes[2]["steps"][1]
    step["observation"] = step["observation"].replace("Instruction", "instruction", 1)
    return [named(run.episodes[2], 2), "the observation differs from character 0 on: 'instruction"]


def edit_the_last_observation(run):
    episode = run.episode(reaches_limit)
    episode["final_observation"] += " Thank you"
    return [named(episode, 10), "the last observation differs", "' Thank you'; the environment"]


def edit_a_reply(run):
    step = run.episodes[2]["steps"][0]
    step["completion"]["text"] = "Thought: hm.\nAction: search[nothing of the kind]"
    return [named(run.episodes[2], 1), "action is 'search[", "gives 'search[nothing of the kind]'"]


def edit_a_parsed_action(run):
    run.episodes[2]["steps"][0]["action"] = "click[buy now]"
    return [named(run.episodes[2], 1), "action is 'click[buy now]'"]


def edit_a_verdict_on_an_action(run):
    episode = run.episodes[6]
    episode["steps"][1]["info"]["valid"] = False
    episode["metrics"]["invalid_turns"] += 1
    return [named(episode, 2), "info.valid is False; the environment gives True"]


def edit_a_type_of_task(run):
    run.episodes[2]["steps"][-1]["info"]["task_type"] = "easy"
    return [named(run.episodes[2]), "info.task_type is 'easy'"]


def change_a_seed(run):
    run.episodes[2]["seed"] = 7
    return [named(run.episodes[2]), "was not to play this task and seed"]


def claim_another_split(run):
    run.episodes[2]["split"] = "train"
    return [named(run.episodes[2]), "of split 'train', not 'test'"]


def name_an_unknown_environment(run):
    for episode in run.episodes:
        episode["env_id"] = "stepagent/WebShip-v0"
    run.header["conditions"] = {"stepagent/WebShip-v0": run.conditions}
    run.header["config"]["env"] = "all"
    return ["there is no environment 'stepagent/WebShip-v0'"]


def leave_an_environment_out(run):
    run.header["config"]["env"] = f"{WEBSHOP},stepagent/ALFWorld-v0"
    return ["the run asked for stepagent/ALFWorld-v0, stepagent/WebShop-v0 and holds"]


def use_an_unknown_setting(run):
    run.header["config"]["set"] = ["colour=red"]
    return [WEBSHOP, "cannot be played here", "colour"]


def change_the_split_by_a_setting(run):
    run.header["config"]["set"] = ["split=train"]
    return ["--set split=train: split is no setting of an environment"]


def use_a_wrong_number(run):
    run.header["config"]["max_turns"] = "²"
    return [WEBSHOP, "cannot be played here"]


def claim_a_setting(run):
    run.conditions["page_score"] = "ipr_paper"
    return ["page_score is 'ipr_paper' in run.json; here it is None"]


TAMPERING = [
    raise_a_reward,
    raise_a_reward_in_the_middle,
    claim_a_success,
    claim_a_score,
    claim_a_metric,
    invent_a_metric,
    remove_an_episode,
    remove_a_task_and_say_so,
    swap_a_failure_for_a_success,
    repeat_an_episode,
    rename_a_task,
    claim_other_data,
    claim_other_tasks,
    claim_another_prompt,
    claim_another_limit_in_the_conditions,
    ask_for_another_limit,
    play_on_after_the_limit,
    add_a_turn_after_the_end,
    stop_before_the_limit,
    hide_an_error,
    hide_an_episode_without_turns,
    leave_an_error_in,
    relabel_an_error,
    edit_an_observation,
    edit_the_last_observation,
    edit_a_reply,
    edit_a_parsed_action,
    edit_a_verdict_on_an_action,
    edit_a_type_of_task,
    change_a_seed,
    claim_another_split,
    name_an_unknown_environment,
    leave_an_environment_out,
    use_an_unknown_setting,
    change_the_split_by_a_setting,
    use_a_wrong_number,
    claim_a_setting,
]


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda tamper: tamper.__name__)
def test_tampering_is_named(run, tmp_path, tamper):
    """The summary is made to fit, so that only re-execution can tell."""
    said = tamper(run)
    run.summarise()
    verdict = verify(run.archive(tmp_path / "tampered.zip"), workers=0)
    assert not verdict.verified
    for text in said:
        assert any(text in finding for finding in verdict.findings), (text, verdict.findings)


def better_mean(part):
    part["metrics"]["reward"]["mean"] = 0.99
    return "summary.json says metrics.reward.mean 0.99; from the episodes follows"


def narrower_interval(part):
    part["metrics"]["success"]["ci_low"] = part["metrics"]["success"]["mean"]
    return "metrics.success.ci_low"


def better_type(part):
    kind = next(iter(part["by_type"]))
    part["by_type"][kind]["reward"]["mean"] = 1.0
    return f"by_type.{kind}.reward.mean"


def more_tasks(part):
    part["metrics"]["reward"]["n"] = 200
    return "metrics.reward.n 200; from the episodes follows 30"


def other_conditions(part):
    part["conditions"]["model"] = "gpt-9"
    return "conditions.model 'gpt-9'"


def hidden_errors(part):
    part["error_messages"] = {"policy: no reply": 3}
    return "error_messages.policy: no reply 3"


@pytest.mark.parametrize(
    "tamper",
    [better_mean, narrower_interval, better_type, more_tasks, other_conditions, hidden_errors],
)
def test_a_changed_summary_is_named(run, tmp_path, tamper):
    said = tamper(run.summary[WEBSHOP])
    verdict = verify(run.archive(tmp_path / "tampered.zip"), workers=0)
    assert any(said in finding and WEBSHOP in finding for finding in verdict.findings)


def leaves(value, path=()):
    """List the paths of all values in JSON, but those that are the model's own word."""
    if isinstance(value, dict | list) and value:
        for key in value if isinstance(value, dict) else range(len(value)):
            if key != "completion":
                yield from leaves(value[key], (*path, key))
    else:
        yield path


def changed(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return "x" if value is None or isinstance(value, dict | list) else f"{value}x"


@pytest.fixture(scope="module")
def small_run(play, tmp_path_factory):
    return play(tmp_path_factory.mktemp("small") / "run", limit=3)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_value_is_refused(small_run, load_run, tmp_path, data):
    run = load_run(small_run)
    parts = {
        "episodes": run.episodes,
        "summary": run.summary,
        "conditions": run.header["conditions"],
    }
    named = data.draw(st.sampled_from(sorted(parts)))
    (*path, last) = data.draw(st.sampled_from(list(leaves(parts[named]))))
    target = parts[named]
    for key in path:
        target = target[key]
    target[last] = changed(target[last])
    verdict = verify(run.archive(tmp_path / "changed.zip"), workers=0)
    assert not verdict.verified


def test_a_run_as_it_was_is_verified(archive):
    verdict = verify(archive, workers=0)
    assert verdict.verified, verdict.findings
    assert verdict.episodes == 60
    assert verdict.turns > 300
    assert verdict.data == {WEBSHOP: "embedded"}
    assert type(verdict).from_json(orjson.loads(orjson.dumps(verdict.to_json()))) == verdict


def test_worker_processes_say_the_same(run, archive, tmp_path):
    assert verify(archive, workers=2).verified
    raise_a_reward(run)
    run.summarise()
    tampered = run.archive(tmp_path / "tampered.zip")
    alone, together = verify(tampered, workers=0), verify(tampered, workers=2)
    assert alone.findings == together.findings != ()


@pytest.fixture(scope="module")
def long_archive(play, tmp_path_factory):
    """A submission that takes some seconds to replay."""
    folder = tmp_path_factory.mktemp("long")
    run = play(folder / "run", split="all", limit=None, repeats=4)
    return submit(run, folder / "long.zip")


def test_a_verification_that_was_killed_goes_on(long_archive, tmp_path):
    side = tmp_path / "side.jsonl"
    command = [sys.executable, "-m", "harness.cli", "board", "verify", str(long_archive)]
    process = subprocess.Popen([*command, "--side-file", str(side)], stdout=subprocess.DEVNULL)
    while process.poll() is None and not (side.exists() and side.read_bytes().count(b"\n") > 12):
        time.sleep(0.002)
    assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    with side.open("ab") as half:
        half.write(b'{"first": 100000, "epi')
    told = []
    verdict = verify(long_archive, workers=0, side_file=side, tell=told.append)
    assert verdict.verified, verdict.findings
    assert verdict.episodes == 2000
    assert 12 * CHUNK <= verdict.resumed < 2000
    assert told[0] == verdict.resumed + CHUNK
    assert not side.exists()


def test_a_process_that_dies_is_no_verdict(long_archive, tmp_path):
    """Kill one of two processes in the middle; what was replayed is kept."""
    side = tmp_path / "side.jsonl"

    def kill(episodes):
        if episodes == 200:
            for child in children_of(os.getpid()):
                os.kill(child, signal.SIGKILL)

    with pytest.raises(EnvironmentFault, match="process that replayed episodes died"):
        verify(long_archive, workers=2, side_file=side, tell=kill)
    again = verify(long_archive, workers=2, side_file=side)
    assert again.verified
    assert again.resumed >= 200


def test_processes_end_with_the_one_that_began_them(long_archive, tmp_path):
    command = [sys.executable, "-m", "harness.cli", "board", "verify", str(long_archive)]
    process = subprocess.Popen([*command, "--workers", "2"], stdout=subprocess.DEVNULL)
    while process.poll() is None and len(children := children_of(process.pid)) < 2:
        time.sleep(0.01)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 60
    while any(map(alive, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not list(filter(alive, children))


def children_of(pid):
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def alive(pid):
    try:
        return "(zombie)" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_the_main_program_does_not_matter(archive):
    code = f"""
from pathlib import Path
from leaderboard.verify import CHUNK, verify
assert verify(Path({str(archive)!r}), workers=2).verified
"""
    subprocess.run([sys.executable], input=code, text=True, check=True)


def interrupted(archive, side):
    """Verify until the first chunk was replayed."""

    def stop(episodes):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify(archive, workers=0, side_file=side, tell=stop)


def test_findings_of_before_are_kept(run, tmp_path):
    raise_a_reward(run)
    run.summarise()
    tampered, side = run.archive(tmp_path / "tampered.zip"), tmp_path / "side.jsonl"
    calm = verify(tampered, workers=0)
    interrupted(tampered, side)
    again = verify(tampered, workers=0, side_file=side)
    assert again.resumed == CHUNK
    assert again.findings == calm.findings != ()


def test_a_side_file_of_another_archive_is_not_believed(run, archive, tmp_path):
    side = tmp_path / "side.jsonl"
    interrupted(archive, side)
    raise_a_reward(run)
    run.summarise()
    verdict = verify(run.archive(tmp_path / "tampered.zip"), workers=0, side_file=side)
    assert not verdict.verified
    assert verdict.resumed == 0


def test_a_side_file_beside_the_archive_is_not_read(archive, tmp_path):
    verify(archive, workers=0)
    assert list(archive.parent.iterdir()) == [archive]
    assert not list((tmp_path / "stepagent-data" / "verifications").iterdir())


def test_two_verifications_of_one_archive_do_not_mix(archive, tmp_path):
    side = tmp_path / "side.jsonl"

    def second(episodes):
        with pytest.raises(RunLocked, match="another process is verifying"):
            verify(archive, workers=0, side_file=side)

    assert verify(archive, workers=0, side_file=side, tell=second).verified


def test_five_hundred_episodes_verify_in_five_seconds(play, tmp_path):
    """Of processor time, so that a busy machine does not fail it."""
    archive = submit(play(tmp_path / "run", split="all", limit=500), tmp_path / "run.zip")
    command = [sys.executable, "-m", "harness.cli", "board", "verify", "--json", str(archive)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 5
    assert orjson.loads(done.stdout)["episodes"] == 500


def test_the_command_prints_a_verdict_and_no_control_characters(run, archive, tmp_path):
    command = [sys.executable, "-m", "harness.cli", "board", "verify"]
    done = subprocess.run([*command, archive], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "60 episodes" in done.stdout
    assert f"{WEBSHOP}: reward" in done.stdout
    run.episodes[0]["steps"][0]["action"] = "\x1b[2Jcleared\u202e"
    run.episodes[0]["split"] = "\x1b[2J\u202e"
    tampered = run.archive(tmp_path / "tampered.zip")
    done = subprocess.run([*command, tampered], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("refused: ")
    assert not {"\x1b", "\u202e"} & set(done.stdout + done.stderr)
    missing = subprocess.run([*command, "no.zip"], capture_output=True, text=True, check=False)
    assert missing.returncode == 2
    assert "there is no file no.zip" in missing.stderr


@pytest.mark.parametrize("limit", ["ipr", "50"])
def test_another_published_limit_and_settings_are_verified(play, tmp_path, limit):
    run = play(
        tmp_path / "run",
        env="stepagent/ALFWorld-v0",
        model="oracle",
        limit=10,
        max_turns=limit,
        set=("prefix=keep",),
        parsing="strict",
    )
    verdict = verify(submit(run, tmp_path / "run.zip"), workers=0)
    assert verdict.verified, verdict.findings


def test_data_is_found_by_its_hash_and_never_by_a_path(play, load_run, tmp_path):
    copy = tmp_path / "stepagent-data" / "webshop" / "mine"
    shutil.copytree(embedded_root() / "webshop" / "prepared", copy)
    listing = copy / "manifest.json"
    manifest = orjson.loads(listing.read_bytes())
    other = copy / "other.txt"
    other.write_text("other data")
    sha256 = hashlib.sha256(other.read_bytes()).hexdigest()
    manifest["files"]["other.txt"] = {"bytes": 10, "sha256": sha256}
    listing.write_bytes(orjson.dumps(manifest))
    archive = submit(play(tmp_path / "run", limit=5, data=str(copy)), tmp_path / "run.zip")
    verdict = verify(archive, workers=0)
    assert verdict.verified, verdict.findings
    copy.rename(tmp_path / "elsewhere")
    assert "played on other data" in verify(archive, workers=0).findings[0]
    altered = load_run(tmp_path / "run")
    altered.header["config"]["data"] = str(tmp_path / "elsewhere")
    altered.summarise()
    again = verify(altered.archive(tmp_path / "again.zip"), workers=0)
    assert "played on other data" in again.findings[0]
