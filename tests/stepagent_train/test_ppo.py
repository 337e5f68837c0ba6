from dataclasses import replace

import pytest

pytest.importorskip("torch", reason="training needs the extra train")
import orjson

from stepagent_gym.policy import OraclePolicy, RandomPolicy
from stepagent_gym.rollout import Start
from stepagent_train import ppo, step_ppo
from stepagent_train.commands import train
from stepagent_train.experience import play
from stepagent_train.step_reward import Photographer, step_rewards
from stepagent_train.tokens import Tokens

FIRST_TURN, CORRIDOR = "test/FirstTurn-v0", "test/Corridor-v0"


def arguments(args_type, model, env, out, iterations, **more):
    given = {
        "episodes": 32,
        "epochs": 2,
        "batch": 32,
        "micro_batch": 32,
        "lr": 1e-2,
        "max_new_tokens": 1,
        "rollout_examples": 0,
        "kl_weight": 0.0,
        "value_weight": 0.5,
        **more,
    }
    return args_type(model=model, env=env, out=out, iterations=iterations, **given)


def rewards(out):
    lines = [orjson.loads(line) for line in (out / "log.jsonl").read_bytes().splitlines()]
    return [line["reward"] for line in lines if "reward" in line]


def test_gae_is_that_made_by_hand():
    assert ppo.gae([0.0, 1.0], [0.5, 0.75], 1.0, 0.0) == [0.25, 0.25]
    assert ppo.gae([0.0, 1.0], [0.5, 0.75], 1.0, 1.0) == [0.5, 0.25]
    assert ppo.gae([0.0, 0.0, 1.0], [0.0, 0.0, 0.0], 0.5, 0.5) == [0.0625, 0.25, 1.0]
    assert ppo.gae([0.2, 0.8], [0.5, 0.5], 0.0, 0.95) == pytest.approx([-0.3, 0.3])


def test_observations_do_not_dilute_the_credit():
    seen = 300
    tokens = Tokens(tuple(range(6 + seen)), (-1, 0, 0, *[-1] * seen, 1, 1, 1))
    by_turn = ppo.decisions_of(tokens, "turn")
    assert by_turn == [0, 0, 1, 1, 1]
    turns = [0, 0, 1, 1, 1]
    assert ppo.place_rewards([0.0, 1.0], turns, by_turn) == [0.0, 1.0]
    assert ppo.gae([0.0, 1.0], [0.0, 0.0], 1.0, 0.95) == [0.95, 1.0]
    assert ppo.place_rewards([0.25, 0.5, 1.0], [0, 0, 2], [0, 0, 1]) == [0.75, 1.0]
    by_token = ppo.decisions_of(tokens, "token")
    placed = ppo.place_rewards([0.5, 1.0], turns, by_token)
    assert placed == [0.0, 0.5, 0.0, 0.0, 1.0]
    first = ppo.gae(ppo.place_rewards([0.0, 1.0], turns, by_token), [0.0] * 5, 1.0, 0.95)[0]
    assert first == pytest.approx(0.95**4)


@pytest.mark.parametrize("credit", ["turn", "token"])
def test_credit_reaches_the_first_of_two_turns(walker, setting, tmp_path, credit):
    args = arguments(ppo.Args, walker, FIRST_TURN, tmp_path / "run", 25, credit=credit)
    train("ppo", args, setting=setting(FIRST_TURN))
    found = rewards(args.out)
    assert max(found[:3]) < 0.5
    assert sum(found[-3:]) / 3 > 0.85


def test_ppo_solves_the_corridor(walker, setting, tmp_path):
    args = arguments(ppo.Args, walker, CORRIDOR, tmp_path / "run", 20)
    train("ppo", args, setting=setting(CORRIDOR))
    found = rewards(args.out)
    assert max(found[:3]) < 0.5
    assert sum(found[-3:]) / 3 > 0.85


def negated(given, values, gamma, lam, right=ppo.gae):
    return [-advantage for advantage in right(given, values, gamma, lam)]


@pytest.mark.parametrize("broken", [negated, lambda given, *rest: [0.0] * len(given)])
def test_ppo_fails_with_a_broken_advantage(walker, setting, tmp_path, monkeypatch, broken):
    monkeypatch.setattr(ppo, "gae", broken)
    args = arguments(ppo.Args, walker, CORRIDOR, tmp_path / "run", 20)
    train("ppo", args, setting=setting(CORRIDOR))
    assert max(rewards(args.out)[-3:]) < 0.4


def test_the_penalty_holds_the_model_to_the_reference(walker, setting, tmp_path):
    spread = {}
    for weight in (0.0, 30.0):
        args = arguments(ppo.Args, walker, CORRIDOR, tmp_path / str(weight), 8, kl_weight=weight)
        learner = train("ppo", args, setting=setting(CORRIDOR))
        reference = ppo.frozen_reference(args, learner.run)
        pairs = zip(learner.scorer.model.parameters(), reference.model.parameters(), strict=True)
        spread[weight] = sum((a - b).detach().square().sum().item() for a, b in pairs)
        assert (rewards(args.out)[-1] > 0.5) == (weight == 0.0)
    assert spread[30.0] < spread[0.0]


def test_step_rewards_are_the_mean_of_what_follows(setting):
    corridor = setting(CORRIDOR)
    camera = Photographer(OraclePolicy())
    starts = [Start("walk-0", 0), Start("walk-1", 1)]
    episodes = [
        camera.branchable(episode)
        for episode in play(corridor, starts, camera, examples=0, concurrency=2)
    ]
    assert [len(snapshots) for _, snapshots in episodes] == [2, 2]
    played = []

    def play_on(starts):
        played.extend(starts)
        return play(corridor, starts, RandomPolicy(), examples=0, concurrency=4)

    rewards = step_rewards(episodes, 40, play_on)
    assert len(played) == 80
    assert all(len(start.steps) == 1 for start in played)
    for first, last in rewards:
        assert last == 1.0
        assert 0.3 < first < 0.9  # from place 4: within four turns one step more east than west
    certain = step_rewards(
        episodes, 2, lambda s: play(corridor, s, OraclePolicy(), examples=0, concurrency=4)
    )
    assert certain == [[1.0, 1.0], [1.0, 1.0]]


def test_a_failed_branch_enters_no_mean(setting):
    corridor = setting(CORRIDOR)
    camera = Photographer(OraclePolicy())
    episodes = [
        camera.branchable(episode)
        for episode in play(corridor, [Start("walk-0")], camera, examples=0, concurrency=1)
    ]

    def play_on(starts):
        good = replace(episodes[0].episode, reward=0.25)
        outcomes = [replace(good, seed=start.seed) for start in starts]
        return [replace(outcomes[0], status="error", reward=9.0), *outcomes[1:]]

    assert step_rewards(episodes, 3, play_on) == [[0.25, 1.0]]
    assert step_rewards(episodes, 1, play_on) == [[1.0, 1.0]]


def test_shaping():
    assert step_ppo.shaped([0.25, 0.5, 1.0], "direct") == [0.25, 0.5, 1.0]
    assert step_ppo.shaped([0.25, 0.5, 1.0], "potential") == [0.25, 0.25, 0.5]


@pytest.mark.parametrize("step_reward", ["direct", "potential"])
def test_step_ppo_learns_which_turn_mattered(walker, setting, tmp_path, step_reward):
    args = arguments(
        step_ppo.Args,
        walker,
        FIRST_TURN,
        tmp_path / "run",
        25,
        step_reward=step_reward,
        scorer_samples=2,
    )
    train("step-ppo", args, setting=setting(FIRST_TURN))
    found = rewards(args.out)
    assert max(found[:3]) < 0.5
    assert sum(found[-3:]) / 3 > 0.85
