r"""IPR, iterative step-level process refinement: learn where one's actions are worth less.

In an iteration the agent pi plays on from every state of every expert, greedily, and each of its
first actions a, as each of the expert's actions a_e, gets a Monte-Carlo step reward r_s from the
frozen starting model (`monte_carlo.py`).  Then, for expert trajectory e and own e' that share e_<t,

    D_t   (e, e') of t = 1, where r_o(e') < r_o(e)
    D_s   (e_t.., e'_t..), where r_s(a_e) - r_s(a) > tau  and  r_o(e') < r_o(e)

    L = w_o mean_{D_t} l(e, e' | u)  +  w_s mean_{D_s} l(e_t.., e'_t.. | e_<t)
        + w_sft mean_{D_t} [ - log pi(e|u) / |e| ]
    l(w, l | x) = - log sigma( beta [ log pi(w|x) / ref(w|x)  -  log pi(l|x) / ref(l|x) ] )

Source: IPR (arXiv 2406.11176), Eq. 5 to 9 and its code (WeiminXiong/IPR).  The thresholds tau are
the paper's, by benchmark.  On the reference the paper is silent; the code keeps the model of
supervised fine-tuning, here the one that the run begins with (`--reference previous`: the
iteration's).  `--preset code` is the published code, which differs from the paper: the agent is
preferred where it is better by both margins; D_s leaves the first action out; both sets are one,
so that neither is averaged alone; and every winner's likelihood is trained, summed over tokens,
which outweighs the rest.  Simplified: only actions that can still become a pair are scored, and
the last iteration is kept, where the paper takes the one that is best on the test set.

    stepagent train ipr --preset ipr --model runs/sft/model --env stepagent/WebShop-v0 \
        --experts FILE --out DIR
    stepagent train ipr --scorer reward-model --reward-model runs/reward --model ...
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple

from torch import Tensor
from torch.nn.functional import logsigmoid

from stepagent_gym.errors import UsageError
from stepagent_train.experience import Setting, load_experts
from stepagent_train.loop import Learner
from stepagent_train.model import Scorer
from stepagent_train.monte_carlo import check_scorer
from stepagent_train.pairs import pair_log_probs, references
from stepagent_train.ppo import frozen_reference
from stepagent_train.run import Run, Schedule
from stepagent_train.step_pairs import (
    Coefficients,
    Prepared,
    RoundArgs,
    contrast,
    prepare,
    scored_round,
)

THRESHOLDS: Mapping[str, float] = {"WebShop": 0.01, "ALFWorld": 0.5, "InterCodeSQL": 0.1}
"""Tau of the paper, by benchmark."""
DEFAULT_THRESHOLD = 0.1


@dataclass(frozen=True)
class Args(RoundArgs):
    """IPR: from states of experts on, the better actions and episodes preferred."""

    iterations: int = 4
    """Rounds of exploring, scoring and training."""
    epochs: int = 3
    lr: float = 3e-6
    schedule: Schedule = "constant"
    warmup: float = 0.1
    batch: int = 48
    beta: float = 0.1
    """How strongly the model is held to the reference."""
    threshold: float | None = None
    """Tau, by which step rewards must differ; by default the paper's for the benchmark."""
    outcome_threshold: float = 0.0
    """By which outcomes must differ."""
    first_step_pairs: bool = True
    """Whether the first action of an episode can make a step pair."""
    outcome_weight: float = 1.0
    step_weight: float = 1.0
    sft_weight: float = 1.0
    mixed: bool = False
    """Take one mean over all pairs, instead of one for each of the losses."""
    sft_on: Literal["outcome", "all"] = "outcome"
    """Whose winners' likelihood is trained: those of the outcome pairs, or of all."""
    sft_norm: Literal["token", "sum"] = "token"
    """Whether the likelihood of a winner is per token, or summed over its tokens."""
    reference: Literal["start", "previous"] = "start"
    """The model that the run began with, or that with which the iteration began."""

    def check(self) -> None:
        """Refuse a scorer that cannot score."""
        super().check()
        if (self.scorer == "reward-model") != (self.reward_model is not None):
            raise UsageError("--scorer reward-model goes with --reward-model DIR, and only with it")
        if self.scorer == "monte-carlo":
            check_scorer(self.scorer_temperature, self.samples)

    def resolved_threshold(self, env_id: str) -> float:
        """Give tau for an environment."""
        if self.threshold is not None:
            return self.threshold
        benchmark = env_id.rpartition("/")[2].rpartition("-v")[0]
        return THRESHOLDS.get(benchmark, DEFAULT_THRESHOLD)


class Weighted(NamedTuple):
    """A pair with what its preference and its winner's likelihood count."""

    pair: Prepared
    preference: float
    likelihood: float


def run(run: Run, args: Args, setting: Setting) -> Learner:
    """Explore, score and train, iteration after iteration."""
    learner = Learner(run, args)
    experts = load_experts(run, args, setting)
    start = frozen_reference(args, run)
    for stage in range(learner.stage, args.iterations):
        actions = scored_round(learner, stage, experts, setting, args, start)
        pairs = contrast(
            actions,
            threshold=args.resolved_threshold(setting.env_id),
            outcome_threshold=args.outcome_threshold,
            symmetric=args.direction == "symmetric",
            first_step_pairs=args.first_step_pairs,
        )
        reference = start if args.reference == "start" else learner.scorer
        samples = weighted(prepare(learner, stage, pairs, setting, reference), args)
        if samples:
            learner.train(
                stage,
                samples,
                partial(loss, beta=args.beta, sft_norm=args.sft_norm),
                length=lambda sample: sample.pair.tokens.length,
            )
        else:
            print(f"iteration {stage + 1}: no action of the agent is worth less than the expert's")
            learner.save(stage + 1, 0)
    return learner


def coefficients(outcome: int, step: int, args: Args) -> Coefficients:
    """Give what each pair counts, so that the mean over all is the sum of the weighted losses.

    `outcome`, `step`: how many pairs there are of each kind.
    """
    count = outcome + step
    if args.mixed:
        shares = (1.0, 1.0, 1.0)
    else:
        likely = outcome if args.sft_on == "outcome" else count
        shares = (count / max(1, outcome), count / max(1, step), count / max(1, likely))
    return Coefficients(
        shares[0] * args.outcome_weight, shares[1] * args.step_weight, shares[2] * args.sft_weight
    )


def weighted(pairs: Sequence[Prepared], args: Args) -> list[Weighted]:
    """Give every pair what it counts; pairs that count nothing are left out."""
    outcome = sum(pair.kind == "outcome" for pair in pairs)
    counts = coefficients(outcome, len(pairs) - outcome, args)
    found = []
    for pair in pairs:
        is_outcome = pair.kind == "outcome"
        likely = is_outcome or args.sft_on == "all"
        preference = counts.outcome if is_outcome else counts.step
        found.append(Weighted(pair, preference, counts.sft if likely else 0.0))
    return [sample for sample in found if sample.preference or sample.likelihood]


def loss(
    scorer: Scorer, samples: Sequence[Weighted], *, beta: float, sft_norm: str
) -> tuple[Tensor, Mapping[str, Tensor]]:
    """Give the loss, summed over the pairs; the equation is in the module's docstring."""
    pairs = [sample.pair.tokens for sample in samples]
    chosen, rejected = pair_log_probs(scorer, pairs)
    reference_chosen, reference_rejected = references(pairs, chosen)
    margin = beta * ((chosen - reference_chosen) - (rejected - reference_rejected))
    lengths = [pair.chosen.trained if sft_norm == "token" else 1 for pair in pairs]
    likelihood = -chosen / chosen.new_tensor(lengths)
    preference = -logsigmoid(margin)
    total = chosen.new_tensor([sample.preference for sample in samples]) * preference
    total = total + chosen.new_tensor([sample.likelihood for sample in samples]) * likelihood
    step = margin.new_tensor([sample.pair.kind == "step" for sample in samples])
    right = (margin.detach() > 0).float()
    return total.sum(), {
        "accuracy": right.sum(),
        "step_pairs_right": (right * step).sum(),
        "preference": preference.sum(),
        "likelihood": likelihood.sum(),
    }
