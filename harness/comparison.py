"""Two runs over the same tasks: the paired difference, its interval, and an exact test.

Pairs are episodes of the same environment, data, split, task and seed.  An episode that only one
run has, or that ended in an error in either, is counted and left out; it is never a zero.
Differences are the second run less the first, averaged within a task first, so that the repeats of
one task count as one observation, as in `harness.metrics`.  Two methods that were trained from
several seeds are compared run by run, seed with seed.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from harness.metrics import LEVEL, RESAMPLES, mean_over

SEED = 0
"""Of the bootstrap; the same two runs always give the same interval."""

METHOD = (
    f"Paired by task and seed, the second run less the first. {LEVEL:.0%} intervals: percentile "
    f"bootstrap of the mean difference over tasks, {RESAMPLES:,} resamples, seed {SEED}. p: exact "
    "two-sided sign test over the tasks whose success differs (with one episode a task this is "
    "McNemar's exact test). Episodes that only one run has, and errors, are left out."
)


class PairKey(NamedTuple):
    """What makes two episodes the same question: `data` is the hash of the environment's data."""

    env_id: str
    data: str
    split: str
    task_id: str
    seed: int


class Result(Protocol):
    """What is compared of an episode."""

    @property
    def failed(self) -> bool:
        """Whether it ended in an error, and so has no result."""

    @property
    def reward(self) -> float:
        """The reward of the episode."""

    @property
    def success(self) -> bool:
        """The benchmark's verdict."""


def compare(first: Mapping[PairKey, Result], second: Mapping[PairKey, Result]) -> dict[str, Any]:
    """Compare the episodes of one environment in two runs.

    Gives `pairs`, `tasks`, and what was left out: `errors` (pairs of which either ended in one),
    `only_first`, `only_second`; `reward` and `success`, each with `mean`, `ci_low`, `ci_high` of
    the difference (None without pairs; no interval for fewer than two tasks); and of success
    `gained` and `lost` (tasks on which the second run did better, and worse) and `p_value`.
    """
    shared = [key for key in first if key in second]
    rewards, successes = _by_task(first, second)
    pairs = sum(map(len, rewards.values()))
    gained = sum(sum(signs) > 0 for signs in successes.values())
    lost = sum(sum(signs) < 0 for signs in successes.values())
    return {
        "pairs": pairs,
        "tasks": len(rewards),
        "errors": len(shared) - pairs,
        "only_first": len(first) - len(shared),
        "only_second": len(second) - len(shared),
        "reward": mean_over([rewards], seed=SEED),
        "success": mean_over([successes], seed=SEED),
        "gained": gained,
        "lost": lost,
        "p_value": sign_test(gained, lost),
    }


def compare_seeds(
    runs: Sequence[tuple[Mapping[PairKey, Result], Mapping[PairKey, Result]]],
) -> dict[str, Any]:
    """Compare two methods by their runs in one environment: a pair of them for each training seed.

    Gives `seeds`, `tasks` that have a pair in every seed, `left_out` that have one in some alone;
    `reward` and `success`, each with `mean`, `ci_low`, `ci_high` (by draws of seeds and of tasks,
    see `harness.metrics.interval`) and `by_seed`, the mean of each.
    """
    found = [_by_task(first, second) for first, second in runs]
    known = [set(rewards) for rewards, _ in found]
    return {
        "seeds": len(runs),
        "tasks": len(set.intersection(*known)) if known else 0,
        "left_out": len(set.union(*known) - set.intersection(*known)) if known else 0,
        "reward": mean_over([rewards for rewards, _ in found], seed=SEED),
        "success": mean_over([successes for _, successes in found], seed=SEED),
    }


def sign_test(gained: int, lost: int) -> float:
    """Give the exact two-sided p-value of so many gains and losses under even odds.

    1.0 where there are neither.
    """
    trials = gained + lost
    term = tail = 1
    for index in range(min(gained, lost)):
        term = term * (trials - index) // (index + 1)
        tail += term
    return min(1.0, 2 * tail / (1 << trials))


def _by_task(
    first: Mapping[PairKey, Result], second: Mapping[PairKey, Result]
) -> tuple[dict[Hashable, list[float]], dict[Hashable, list[float]]]:
    """Give the differences of reward, and of success, by task; errors are left out."""
    rewards: dict[Hashable, list[float]] = defaultdict(list)
    successes: dict[Hashable, list[float]] = defaultdict(list)
    for key, one in first.items():
        other = second.get(key)
        if other is not None and not (one.failed or other.failed):
            task = key[:-1]
            rewards[task].append(other.reward - one.reward)
            successes[task].append(int(other.success) - int(one.success))
    return rewards, successes
