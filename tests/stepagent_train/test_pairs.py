from dataclasses import replace

import pytest

pytest.importorskip("torch", reason="training needs the extra train")
import orjson

from stepagent_gym.types import Completion, Step, Trajectory
from stepagent_train import nat
from stepagent_train.commands import train
from stepagent_train.eto import Args as EtoArgs
from stepagent_train.pairs import EpisodePair, against_experts, by_reward
from stepagent_train.rft import new_successes
from stepagent_train.spin import Args as SpinArgs


def episode(task, reward, *actions, seed=0):
    steps = tuple(
        Step(f"seen {i}", Completion(f"Thought: {reward}\nAction: {a}"), "t", a, 0.0, False, False)
        for i, a in enumerate(actions)
    )
    return Trajectory(
        "test/Corridor-v0",
        "train",
        task,
        seed,
        steps,
        "end",
        "finished",
        None,
        reward,
        reward == 1,
        reward,
    )


A = episode("a", 1.0, "east", "east")
B = episode("b", 0.5, "east")
C = episode("c", 1.0, "east")
FAILED = episode("a", 0.0, "west", "west", "west", "west")
BETTER = episode("b", 0.75, "wait", "east")
TIED = replace(episode("c", 1.0, "wait"), seed=3)


def test_etos_pairs_are_those_made_by_hand():
    pairs = by_reward([A, B, C], [BETTER, TIED, FAILED])
    assert pairs == [EpisodePair(A, FAILED), EpisodePair(BETTER, B)]


def test_etos_cut_counts_from_the_expert():
    (pair,) = by_reward([A], [FAILED], more_turns=1)
    assert pair.rejected == replace(FAILED, steps=FAILED.steps[:3])
    assert pair.chosen == A


def test_spins_pairs_prefer_the_expert_whatever_the_reward():
    same = replace(A, seed=9)
    pairs = against_experts([A, B, C], [FAILED, same, BETTER, TIED])
    assert pairs == [EpisodePair(A, FAILED), EpisodePair(B, BETTER), EpisodePair(C, TIED)]
    worse = against_experts([A, B, C], [FAILED, same, BETTER, TIED], require_worse=True)
    assert worse == [EpisodePair(A, FAILED)]


def test_rft_keeps_new_successes_once():
    new = episode("a", 1.0, "wait", "east", "east")
    other_thought = replace(new, seed=4, reward=1.5)
    known = episode("a", 1.0, "east", "east", seed=5)
    assert new_successes([A], [FAILED, new, other_thought, known], 1.0) == [new]
    assert new_successes([A], [FAILED], 0.0) == [FAILED]


def test_nat_marks_failures_alone():
    args = nat.Args(model=None, env="", out=None, negatives=1.0)
    marked = nat.marked([A], [FAILED, replace(FAILED, seed=1)], args)
    assert marked[0] == A
    assert len(marked) == 2
    assert marked[1].steps[0].observation == f"seen 0\n\n{args.negative_suffix}"
    assert marked[1].steps[1:] == FAILED.steps[1:]
    args = replace(args, positive_suffix="Well.")
    assert nat.marked([A], [], args)[0].steps[0].observation == "seen 0\n\nWell."


def expert_file(path, setting):
    from stepagent_gym.policy import OraclePolicy
    from stepagent_gym.rollout import Start
    from stepagent_train.experience import play

    starts = [Start(task) for task in setting.tasks]
    played = play(setting, starts, OraclePolicy(), examples=0, concurrency=1)
    path.write_bytes(b"".join(orjson.dumps(e.to_json()) + b"\n" for e in played))
    return str(path)


@pytest.mark.parametrize(("method", "args_type"), [("eto", EtoArgs), ("spin", SpinArgs)])
def test_a_run_trains_on_the_pairs_of_its_own_recorded_episodes(
    walker, setting, tmp_path, method, args_type
):
    corridor = setting("test/Corridor-v0", tasks=6)
    experts = expert_file(tmp_path / "experts.jsonl", corridor)
    args = args_type(
        model=walker,
        env=corridor.env_id,
        out=tmp_path / "run",
        experts=experts,
        iterations=2,
        epochs=1,
        batch=4,
        max_new_tokens=1,
        rollout_examples=0,
    )
    learner = train(method, args, setting=corridor)
    rows = [
        (args.out / f"stage-{stage:03}" / "episodes.jsonl").read_bytes().splitlines()
        for stage in (0, 1)
    ]
    own = [[Trajectory.from_json(orjson.loads(row)) for row in stage] for stage in rows]
    assert [len(stage) for stage in own] == [6, 6]
    log = [orjson.loads(line) for line in (args.out / "log.jsonl").read_bytes().splitlines()]
    trained = [line["pairs"] for line in log if "pairs" in line]
    lost = [sum(e.reward == 0 for e in stage) for stage in own]
    assert trained == ([6, 12] if method == "spin" else lost)
    assert learner.stage == 2
