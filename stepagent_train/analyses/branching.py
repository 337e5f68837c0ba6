"""Outcomes of what a frozen scorer plays on after actions, drawn one after the other.

A step reward from N branches is the mean of the first N outcomes, so that every smaller N is had
without another episode.  What was drawn is kept beside the tables, and read again where the
analysis is repeated.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import torch

from stepagent_gym.errors import RunError, UsageError
from stepagent_gym.policy import OraclePolicy
from stepagent_gym.rollout import Start
from stepagent_gym.types import Step, Trajectory
from stepagent_train import monte_carlo
from stepagent_train.experience import (
    Setting,
    choose_experts,
    expert_file,
    hash_experts,
    play,
    read_experts,
)
from stepagent_train.generate import ModelPolicy
from stepagent_train.model import Scorer, load_frozen, load_tokenizer
from stepagent_train.monte_carlo import After, Cost, Play
from stepagent_train.run import RunArgs, hash_folder, replace_file
from stepagent_train.tokens import ChatTokeniser

DRAWN_WITH = ("samples", "scorer_temperature", "examples", "max_new_tokens", "seed")
"""Arguments that outcomes depend on, besides whose actions they follow."""


@dataclass(frozen=True, kw_only=True)
class BranchArgs:
    """What drawing outcomes takes."""

    scorer: Path
    """Folder of the frozen model that plays on after each action."""
    out: Path
    """Folder of the tables and the plot."""
    samples: int = 5
    """N, the most episodes that are played on after an action."""
    scorer_temperature: float = 1.0
    """Of the scorer; lower where episodes sampled at 1 never succeed."""
    limit: int | None = None
    """Take the first so many tasks; by default all."""
    examples: int = 1
    """Worked examples in the prompt."""
    max_new_tokens: int = 512
    concurrency: int = 32
    seed: int = 0

    def __post_init__(self) -> None:
        if self.samples < 1:
            raise UsageError(f"--samples {self.samples}: at least one is needed")
        monte_carlo.check_scorer(self.scorer_temperature, self.samples)


@dataclass(frozen=True, kw_only=True)
class MeetArgs(BranchArgs):
    """What it takes besides that an agent acts at the states of experts."""

    model: Path
    """Folder of the agent's model, which answers at the states of the experts."""
    experts: str = "oracle"
    """Expert trajectories: a JSON Lines file, a run folder, or oracle to let the oracle play."""
    agent_temperature: float = 0.0
    """Of the agent's answers; IPR explores greedily."""


class Frozen(NamedTuple):
    """A model that is asked, and never trained."""

    scorer: Scorer
    chat: ChatTokeniser


class Draw(NamedTuple):
    """One outcome of each action (None: its episode failed), and what they took."""

    outcomes: list[float | None]
    cost: Cost


class Met(NamedTuple):
    """An action that was taken at a state of an expert, by the expert or by the agent (`own`)."""

    task_id: str
    turn: int
    own: bool
    step: Step
    after: After


def open_frozen(path: Path) -> Frozen:
    """Load a model with its tokenizer."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return Frozen(load_frozen(path, device), ChatTokeniser(load_tokenizer(path)))


def asked(frozen: Frozen, args: BranchArgs, temperature: float) -> ModelPolicy:
    """Give a frozen model as a policy."""
    return ModelPolicy(
        frozen.scorer.model,
        frozen.chat,
        temperature=temperature,
        max_new_tokens=args.max_new_tokens,
        seed=args.seed,
        batch=args.concurrency,
    )


def scorer_of(args: BranchArgs) -> ModelPolicy:
    """Load the frozen model that plays on after actions."""
    return asked(open_frozen(args.scorer), args, args.scorer_temperature)


def playing(setting: Setting, args: BranchArgs) -> Play:
    """Give what plays the episodes of a setting."""
    return lambda starts, policy: play(
        setting, starts, policy, examples=args.examples, concurrency=args.concurrency
    )


def find_experts(args: RunArgs, setting: Setting, play_all: Play) -> list[Trajectory]:
    """Read the experts of a setting's tasks, or let the oracle play them."""
    if args.experts == "oracle":
        found = list(play_all([Start(task) for task in setting.tasks], OraclePolicy()))
    else:
        found = read_experts(expert_file(args.experts))
    return choose_experts(found, args, setting)


def meet(experts: Sequence[Trajectory], args: MeetArgs, play_all: Play) -> tuple[list[Met], Cost]:
    """Let experts act once more, and an agent at each of their states; what both did."""
    agent = asked(open_frozen(args.model), args, args.agent_temperature)
    live, reliving = monte_carlo.relive(experts, play_all)
    if not live:
        raise RunError("no expert came out as it was recorded; is it data of another version?")
    explored, exploring = monte_carlo.explore_along(live, agent, play_all)
    found = []
    for e in explored:
        expert, task = live[e.expert], live[e.expert].episode.task_id
        theirs = monte_carlo.after_expert(expert, e.turn)
        found.append(Met(task, e.turn, False, expert.episode.steps[e.turn], theirs))
        own = monte_carlo.after_own(e)
        found.append(Met(task, e.turn, True, e.episode.steps[e.turn], own))
    return found, reliving + exploring


def draws(actions: Sequence[After], count: int, policy: ModelPolicy, play_all: Play) -> list[Draw]:
    """Draw so many outcomes of every action, each draw with seeds of its own."""
    found = []
    for number in range(count):
        seed = number * len(actions)
        outcomes, cost = monte_carlo.outcomes_after(actions, 1, policy, play_all, seed)
        found.append(Draw([one[0] if one else None for one in outcomes], cost))
    return found


def reward_of_first(outcomes: Sequence[float | None], count: int) -> float | None:
    """Give the step reward from the first so many outcomes; None where none of them is known."""
    return monte_carlo.step_reward([o for o in outcomes[:count] if o is not None])


def drawn_from(args: MeetArgs, setting: Setting) -> dict[str, Any]:
    """Say what outcomes after the actions of experts and agent depend on."""
    return {
        **{name: getattr(args, name) for name in (*DRAWN_WITH, "agent_temperature")},
        "tasks": list(setting.tasks),
        "data_hash": setting.conditions["data_hash"],
        "model": hash_folder(args.model),
        "scorer": hash_folder(args.scorer),
        "experts": hash_experts(args.experts),
    }


def told(cost: Cost) -> dict[str, int]:
    """Give the columns of a table that say what something took."""
    return {
        "environment steps": cost.environment_steps,
        "tokens read": cost.prompt_tokens,
        "tokens written": cost.completion_tokens,
    }


def kept(path: Path, facts: Mapping[str, Any], make: Callable[[], Sequence[Any]]) -> list[Any]:
    """Make rows of JSON once, and read them ever after; their first line says what of.

    Raises `RunError` where the file was made from other facts.
    """
    stated = orjson.loads(orjson.dumps(dict(facts)))
    if not path.exists():
        rows = make()
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, b"".join(orjson.dumps(row) + b"\n" for row in (stated, *rows)))
    first, *lines = path.read_bytes().splitlines()
    then = orjson.loads(first)
    if then != stated:
        changed = sorted(k for k in {*then, *stated} if then.get(k) != stated.get(k))
        raise RunError(
            f"{path} was drawn with another {', '.join(changed)}; choose another --out, or "
            "remove the file"
        )
    return [orjson.loads(line) for line in lines]
