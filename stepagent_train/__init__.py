"""Training: the methods of both papers and their baselines, one file each.

    stepagent train sft --model PATH --env stepagent/ALFWorld-v0 --experts FILE --out DIR

Shared are tokens and masks, rollouts, pairs, the optimiser's loop and the run folder; a loss never
is: every method writes its own out.  Importing this package is light; torch is imported by the
methods.
"""

from collections.abc import Mapping

METHODS: Mapping[str, tuple[str, str]] = {
    "sft": ("stepagent_train.sft", "supervised fine-tuning on expert trajectories"),
    "rft": ("stepagent_train.rft", "supervised fine-tuning on experts and own successes"),
    "nat": ("stepagent_train.nat", "supervised fine-tuning on successes and marked failures"),
    "dpo": ("stepagent_train.dpo", "experts preferred to own trajectories"),
    "spin": ("stepagent_train.spin", "self-play: experts preferred to the previous iterate"),
    "eto": (
        "stepagent_train.eto",
        "exploration: the better of expert and own episode preferred",
    ),
    "ppo": ("stepagent_train.ppo", "multi-turn PPO on the outcome"),
    "step-ppo": ("stepagent_train.step_ppo", "multi-turn PPO on Monte-Carlo step rewards"),
    "implicit": (
        "stepagent_train.implicit",
        "StepAgent-Implicit: expert actions preferred to practised ones",
    ),
    "inverse": (
        "stepagent_train.inverse",
        "StepAgent-Inverse: paid for what a discriminator takes for the expert's",
    ),
    "ipr": ("stepagent_train.ipr", "IPR: better actions preferred, by Monte-Carlo step rewards"),
    "reward-model": ("stepagent_train.reward_model", "IPR's step reward model"),
}
"""Every method: the module with its `Args` and `run`, and a line about it."""
