from dataclasses import replace

import pytest

pytest.importorskip("torch", reason="training needs the extra train")
import ten

from stepagent_gym.errors import RunError
from stepagent_gym.policy import OraclePolicy, RandomPolicy
from stepagent_gym.rollout import Start
from stepagent_gym.types import Completion
from stepagent_train import monte_carlo
from stepagent_train.experience import play
from stepagent_train.monte_carlo import Cost

TURNS, SAMPLES = 10, 5


class Waiting:
    """Says "wait" and nothing else, at a price in tokens."""

    async def act(self, messages):
        usage = {"prompt_tokens": 7, "completion_tokens": 2}
        return Completion("wait", token_ids=(1, 2), logprobs=(0.0, 0.0), usage=usage)

    async def close(self):
        pass


@pytest.fixture
def game():
    """Make what plays an environment, with its experts."""

    def make(env_id, tasks=2):
        here = ten.setting(env_id, tasks)

        def playing(starts, policy):
            return play(here, starts, policy, examples=0, concurrency=8)

        return playing, playing([Start(task) for task in here.tasks], OraclePolicy())

    return make


def count(experts, playing, agent, scorer):
    """Do all that a first iteration does; gives the rewards, the cost and the steps taken."""
    ten.TenEnv.taken = 0
    live, reliving = monte_carlo.relive(experts, playing)
    explored, exploring = monte_carlo.explore_along(live, agent, playing)
    actions = [monte_carlo.after_own(e) for e in explored]
    actions += [monte_carlo.after_expert(live[e.expert], e.turn) for e in explored]
    outcomes, scoring = monte_carlo.outcomes_after(actions, SAMPLES, scorer, playing)
    return outcomes, explored, reliving + exploring + scoring, ten.TenEnv.taken


def test_the_cost_is_what_the_environments_counted(game):
    playing, experts = game("test/Ten-v0")
    _, explored, cost, taken = count(experts, playing, Waiting(), RandomPolicy())
    assert taken == cost.environment_steps
    assert len(explored) == 2 * TURNS
    assert cost.restoring_steps == 0


def test_reaching_the_states_takes_at_least_five_times_fewer_steps_than_replay(game):
    playing, experts = game("test/Ten-v0", tasks=1)
    _, _, cost, _ = count(experts, playing, Waiting(), RandomPolicy())
    # explored at each of 10 states, and after each action 5 episodes for either side, but for
    # the expert's last action, which ended its episode
    before = range(TURNS)
    replayed = sum(before) + SAMPLES * (
        sum(t + 1 for t in before) + sum(t + 1 for t in before[:-1])
    )
    assert cost.reaching_steps == TURNS
    assert cost.replay_reaching_steps == replayed == 545
    assert 5 * cost.reaching_steps < cost.replay_reaching_steps
    assert cost.replay_steps - cost.replay_reaching_steps == cost.environment_steps - TURNS


def test_a_branch_costs_what_follows_it_alone(game):
    playing, experts = game("test/Ten-v0", tasks=1)
    live, _ = monte_carlo.relive(experts, playing)
    explored, exploring = monte_carlo.explore_along(live, OraclePolicy(), playing)
    last = [monte_carlo.after_own(e) for e in explored if e.turn == TURNS - 2]
    _, scoring = monte_carlo.outcomes_after(last, SAMPLES, OraclePolicy(), playing)
    assert scoring == Cost(
        branches=SAMPLES,
        environment_steps=SAMPLES,
        replay_steps=SAMPLES * TURNS,
        replay_reaching_steps=SAMPLES * (TURNS - 1),
    )
    assert exploring.environment_steps == sum(range(1, TURNS + 1))
    assert exploring.replay_steps == TURNS * TURNS


def test_an_environment_without_a_copy_of_its_state_says_what_restoring_took(game):
    playing, experts = game("test/ReplayedTen-v0", tasks=1)
    _, _, cost, taken = count(experts, playing, Waiting(), RandomPolicy())
    assert taken == cost.environment_steps
    assert cost.restoring_steps == cost.replay_reaching_steps == 545
    assert cost.reaching_steps == 545 + TURNS


def test_step_rewards_are_the_outcomes_of_what_follows(game):
    playing, experts = game("test/Ten-v0", tasks=1)
    live, _ = monte_carlo.relive(experts, playing)
    explored, _ = monte_carlo.explore_along(live, Waiting(), playing)
    assert [(e.expert, e.turn) for e in explored] == [(0, t) for t in range(TURNS)]
    assert all(e.episode.reward == 0 for e in explored)
    # in twelve turns there is time for two waits, and after one of them the oracle still wins
    own = [monte_carlo.after_own(e) for e in explored]
    outcomes, cost = monte_carlo.outcomes_after(own, 2, OraclePolicy(), playing, seed=100)
    assert outcomes == [[1.0, 1.0]] * TURNS
    lost, _ = monte_carlo.outcomes_after(own, 3, Waiting(), playing)
    assert lost == [[0.0] * 3] * TURNS
    assert cost.branches == 2 * TURNS
    ended = monte_carlo.after_expert(live[0], TURNS - 1)
    assert ended.snapshot is None
    assert monte_carlo.outcomes_after([ended], 5, Waiting(), playing) == ([[1.0]], Cost())


def test_the_steps_before_an_action_are_the_experts(game):
    playing, experts = game("test/Ten-v0")
    live, _ = monte_carlo.relive(experts, playing)
    explored, _ = monte_carlo.explore_along(live, Waiting(), playing)
    for e in explored:
        expert = live[e.expert].episode
        assert e.episode.task_id == expert.task_id
        assert e.episode.steps[: e.turn] == expert.steps[: e.turn]
        assert e.episode.steps[e.turn].observation == expert.steps[e.turn].observation
        assert e.episode.steps[e.turn].action == "wait"
        assert e.after["turn"] == e.turn + 1


def test_branches_that_failed_enter_no_mean(game):
    playing, experts = game("test/Ten-v0", tasks=1)
    live, _ = monte_carlo.relive(experts, playing)

    def failing(starts, policy):
        played = playing(starts, policy)
        return [replace(e, status="error") if e.seed % 3 == 0 else e for e in played]

    actions = [monte_carlo.after_expert(live[0], 0), monte_carlo.after_expert(live[0], 1)]
    outcomes, _ = monte_carlo.outcomes_after(actions, 3, OraclePolicy(), failing)
    assert outcomes == [[1.0, 1.0], [1.0, 1.0]]
    outcomes, _ = monte_carlo.outcomes_after(actions, 1, OraclePolicy(), failing)
    assert outcomes == [[], [1.0]]
    assert [monte_carlo.step_reward(found) for found in outcomes] == [None, 1.0]


def test_explorations_that_mostly_fail_stop_the_run(game):
    playing, experts = game("test/Ten-v0", tasks=1)
    live, _ = monte_carlo.relive(experts, playing)

    def failing(starts, policy):
        played = playing(starts, policy)
        return [replace(e, status="error", error="too long") if e.seed else e for e in played]

    with pytest.raises(RunError, match="9 of 10 explorations failed, as in: too long"):
        monte_carlo.explore_along(live, Waiting(), failing)


def test_experts_that_come_out_otherwise_are_left_out(game):
    playing, experts = game("test/Ten-v0", tasks=4)
    short = replace(experts[1], steps=experts[1].steps[:4])
    other = replace(experts[2], reward=0.5)
    wrong = replace(experts[3].steps[2], completion=Completion("west"))
    turned = replace(experts[3], steps=(*experts[3].steps[:2], wrong, *experts[3].steps[3:]))
    live, cost = monte_carlo.relive([experts[0], experts[0], short, other, turned], playing)
    assert [branchable.episode.task_id for branchable in live] == [experts[0].task_id]
    assert cost.environment_steps == TURNS


def test_tokens_are_counted_of_the_new_turns_alone(game):
    playing, experts = game("test/Ten-v0", tasks=1)
    live, _ = monte_carlo.relive(experts, playing)
    _, cost = monte_carlo.explore_along(live, Waiting(), playing)
    turns = sum(12 - t for t in range(TURNS))
    assert cost.environment_steps == turns
    assert (cost.prompt_tokens, cost.completion_tokens) == (7 * turns, 2 * turns)
