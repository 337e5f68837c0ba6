"""Thoughts that restate the task: on episodes of every environment's own expert."""

import asyncio

import pytest

from harness.evaluate import EvalConfig, make_plan
from harness.restating import restated, task_in
from stepagent_gym import ENVIRONMENTS
from stepagent_gym.errors import NotInstalled, UsageError
from stepagent_gym.policy import OraclePolicy, ReplayPolicy
from stepagent_gym.react import parse
from stepagent_gym.rollout import Start, rollout
from stepagent_gym.sessions import make_env
from stepagent_gym.types import Completion, Step, Trajectory


def play(plan, starts, policy):
    async def gather():
        return [
            t
            async for t in rollout(
                plan.env_id, starts, policy, prompt=plan.prompt, env_options=plan.options
            )
        ]

    return asyncio.run(gather())


@pytest.mark.parametrize("env_id", sorted(ENVIRONMENTS))
def test_every_expert_restates_its_task_and_plays_the_same(env_id):
    config = EvalConfig(model="oracle", env=env_id, split="train", limit=2, quiet=True)
    try:
        plan = make_plan(config, env_id)
    except NotInstalled as error:
        pytest.skip(str(error))
    env = make_env(env_id, plan.options).unwrapped
    syntax, parsing = env.syntax, env.parsing
    env.close()
    starts = [Start(task) for task in plan.tasks]
    for expert in play(plan, starts, OraclePolicy()):
        done = restated(expert, syntax, parsing)
        task = task_in(env_id, expert.steps[0].observation)
        assert task.rstrip(".") in " ".join(expert.steps[0].observation.split())
        for before, step in zip(expert.steps, done.steps, strict=True):
            assert task.rstrip(".") in step.thought
            assert step.thought.endswith(before.thought)
            assert step.action == before.action
            read = parse(step.completion.text, syntax, parsing)
            assert (read.thought, read.action) == (step.thought, step.action)
        (again,) = play(plan, [Start(expert.task_id)], ReplayPolicy([done]))
        assert (again.reward, again.success) == (expert.reward, expert.success)
        assert [s.observation for s in again.steps] == [s.observation for s in expert.steps]


def expert(*steps, env_id="stepagent/ALFWorld-v0"):
    return Trajectory(env_id, "train", "t", 0, steps, "", "finished", None, 1.0, True, 1.0)


def step(observation, action, thought=None, text=None):
    text = text or (f"Thought: {thought}\nAction: {action}" if thought else f"Action: {action}")
    return Step(observation, Completion(text), thought, action, 0.0, False, False)


@pytest.fixture
def syntax():
    return make_env("stepagent/ALFWorld-v0", {}).unwrapped.syntax


def test_a_thought_is_made_where_there_was_none_and_none_is_told_twice(syntax):
    done = restated(
        expert(step("Your task is to: put a mug", "look"),
               step("You see", "inventory", "I must put a mug away."),
               step("A mug", None, text="I say\nnothing\nat all.")),
        syntax, "lenient",
    )  # fmt: skip
    thoughts = [s.thought for s in done.steps]
    assert thoughts == ["My task: put a mug.", "I must put a mug away.", None]
    assert done.steps[0].completion.text == "Thought: My task: put a mug.\nAction: look"
    assert done.steps[2].completion.text == "I say\nnothing\nat all."


def test_what_names_no_task_or_would_be_misread_is_left_out(syntax):
    assert restated(expert(step("A room.", "look")), syntax, "lenient") is None
    assert restated(expert(), syntax, "lenient") is None
    told = step("Your task is to: say\tAction: look", "inventory", "I go on.")
    assert restated(expert(told), syntax, "strict") is None


def test_an_environment_whose_tasks_are_worded_otherwise_is_refused():
    with pytest.raises(UsageError, match="stepagent/Corridor-v0"):
        task_in("stepagent/Corridor-v0", "Walk.")
