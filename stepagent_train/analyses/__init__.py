"""Analyses of finished runs: each one file, that gives tables and a plot.

    stepagent train analyse practice runs/implicit --out analyses/practice

Importing this package is light; torch and matplotlib are imported by the analyses.
"""

from collections.abc import Mapping

ANALYSES: Mapping[str, tuple[str, str]] = {
    "iterations": (
        "stepagent_train.analyses.iterations",
        "score, practice and drift of every iteration; one is chosen on dev and scored on test",
    ),
    "practice": (
        "stepagent_train.analyses.practice",
        "how much of what was practised is the expert's, by iteration and turn",
    ),
    "drift": (
        "stepagent_train.analyses.drift",
        "divergence from the starting model, entropy and length of replies, by iteration",
    ),
    "step-reward": (
        "stepagent_train.analyses.step_reward",
        "average Monte-Carlo reward of the actions of evaluated runs",
    ),
    "step-accuracy": (
        "stepagent_train.analyses.step_accuracy",
        "whether step rewards order actions as WebShop's page score does",
    ),
    "reward-model": (
        "stepagent_train.analyses.reward_model",
        "a step reward model beside Monte Carlo: error, order, calibration, cost",
    ),
    "steps-to-success": (
        "stepagent_train.analyses.steps_to_success",
        "success and reward against a budget of turns",
    ),
}
"""Every analysis: the module with its `Args` and `run`, and a line about it."""
