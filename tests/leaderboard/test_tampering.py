"""What verification refuses, and what it says of it: a row for each kind of tampering."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leaderboard.verify import verify

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
    return [WEBSHOP, "cannot be played here", "unexpected keyword argument 'colour'"]


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
    assert not any("kwargs" in finding for finding in verdict.findings)
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


def test_a_huge_number_of_repeats_is_refused_at_once(run, tmp_path):
    run.header["config"]["repeats"] = run.conditions["repeats"] = 1 << 26
    run.summarise()
    verdict = verify(run.archive(tmp_path / "huge.zip"), workers=0)
    assert len(verdict.findings) == 101
    assert "task 0, seed 2: this task of the split is missing" in verdict.findings[0]
