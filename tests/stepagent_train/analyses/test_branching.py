from dataclasses import replace

import pytest

pytest.importorskip("torch", reason="training needs the extra train")

from stepagent_gym.errors import RunError, UsageError
from stepagent_train.analyses.branching import (
    BranchArgs,
    MeetArgs,
    draws,
    find_experts,
    kept,
    meet,
    playing,
    reward_of_first,
    scorer_of,
)
from stepagent_train.monte_carlo import Cost
from stepagent_train.run import RunArgs


def test_outcomes_of_fewer_samples_are_the_first_of_those_of_more(walker, setting, tmp_path):
    here = setting("test/Corridor-v0", 4)
    args = MeetArgs(
        scorer=walker, model=walker, out=tmp_path, examples=0, max_new_tokens=1, concurrency=8
    )
    play_all = playing(here, args)
    given = RunArgs(model=walker, env=here.env_id, out=tmp_path)
    experts = find_experts(given, here, play_all)
    met, cost = meet(experts, args, play_all)
    assert [(m.turn, m.own) for m in met] == [(t, own) for t in (0, 1) for own in (False, True)] * 4
    assert all(one.step.action == "east" for one in met if not one.own)
    assert cost.environment_steps > 0
    actions = [one.after for one in met]
    scorer = scorer_of(args)
    more, fewer = draws(actions, 4, scorer, play_all), draws(actions, 2, scorer, play_all)
    assert more[:2] == fewer
    # an expert's last action has ended its episode, and has that outcome in every draw
    ended = [i for i, one in enumerate(met) if one.turn == 1 and not one.own]
    assert all(one.outcomes[i] == 1.0 for one in more for i in ended)
    assert more[0].cost.branches == sum(action.snapshot is not None for action in actions)
    assert sum((one.cost for one in more), Cost()).branches == 4 * more[0].cost.branches
    cold = scorer_of(replace(args, scorer_temperature=1e-4))
    first, *rest = [one.outcomes for one in draws(actions, 4, cold, play_all)]
    assert all(outcomes == first for outcomes in rest)
    assert [one.outcomes for one in more] != [more[0].outcomes] * 4
    with pytest.raises(UsageError, match="at least one is needed"):
        BranchArgs(scorer=walker, out=tmp_path, samples=0)


def test_failed_branches_enter_no_mean():
    assert reward_of_first([1.0, None, 0.0], 1) == 1.0
    assert reward_of_first([1.0, None, 0.0], 3) == 0.5
    assert reward_of_first([None, 1.0], 1) is None


def test_rows_are_kept_for_the_same_facts_alone(tmp_path):
    path = tmp_path / "deep" / "rows.jsonl"
    assert kept(path, {"n": 1}, lambda: [{"a": None}, [2]]) == [{"a": None}, [2]]
    assert kept(path, {"n": 1}, lambda: pytest.fail("made again")) == [{"a": None}, [2]]
    with pytest.raises(RunError, match="drawn with another n; choose another --out"):
        kept(path, {"n": 2}, list)
