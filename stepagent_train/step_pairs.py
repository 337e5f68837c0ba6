"""IPR's data: expert and own actions of the same state with their step rewards, and pairs of them.

The rows of a round are kept in `stage-NNN/scored.jsonl`, which `read_scored` reads for any method.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

import orjson
import torch

from stepagent_gym.errors import DataCorrupt
from stepagent_gym.policy import Policy
from stepagent_gym.rollout import Start
from stepagent_gym.types import Trajectory
from stepagent_train import monte_carlo
from stepagent_train.experience import Setting, model_policy, play, tokenise
from stepagent_train.loop import Learner
from stepagent_train.model import Scorer, context_length
from stepagent_train.monte_carlo import After, Cost, Explored
from stepagent_train.pairs import Pair, sum_log_probs
from stepagent_train.reward_head import action_chat, load_reward_model, rate
from stepagent_train.run import RunArgs
from stepagent_train.step_reward import Branchable
from stepagent_train.tokens import NOT_OWN, Tokens

Kind = Literal["outcome", "step"]


@dataclass(frozen=True)
class RoundArgs(RunArgs):
    """What a round of exploring and scoring takes."""

    scorer: Literal["monte-carlo", "reward-model"] = "monte-carlo"
    """What gives step rewards: episodes played on, or a model that learned them."""
    reward_model: Path | None = None
    """Run of `stepagent train reward-model`, for that scorer."""
    samples: int = 5
    """N, episodes played on after an action."""
    scorer_temperature: float = 1.0
    """Of the model that plays on; lower where episodes sampled at 1 never succeed."""
    score_all: bool = False
    """Score every action that was explored, as a reward model wants, not those of pairs alone."""
    direction: Literal["expert", "symmetric"] = "expert"
    """Whether the agent may be preferred too."""


@dataclass(frozen=True, slots=True)
class ScoredAction:
    """What the agent did at a state of an expert, and what both actions are worth.

    `expert` and `own` share their steps before `turn`.  The rewards are step rewards, or None
    where they were not asked, or every branch failed.
    """

    expert: Trajectory
    own: Trajectory
    turn: int
    expert_reward: float | None
    own_reward: float | None

    def to_json(self) -> dict[str, Any]:
        """Give a JSON object with a key for each field."""
        return {
            "expert": self.expert.to_json(),
            "own": self.own.to_json(),
            "turn": self.turn,
            "expert_reward": self.expert_reward,
            "own_reward": self.own_reward,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave."""
        sides = {name: Trajectory.from_json(value[name]) for name in ("expert", "own")}
        return cls(**{**value, **sides})


class Contrast(NamedTuple):
    """A winner and a loser that share their steps before `turn`."""

    kind: Kind
    turn: int
    chosen: Trajectory
    rejected: Trajectory


class Prepared(NamedTuple):
    """A pair with only what follows the common steps trained, and its references."""

    kind: Kind
    tokens: Pair


class Coefficients(NamedTuple):
    """What a pair counts in each of the three losses."""

    outcome: float
    step: float
    sft: float


def read_scored(path: Path) -> list[ScoredAction]:
    """Read a file of scored actions; `DataCorrupt` names a line that is none."""
    found = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            row = orjson.loads(line)
            if "cost" not in row:
                found.append(ScoredAction.from_json(row))
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise DataCorrupt(f"{path}, line {number}, is no scored action: {error!r}") from error
    return found


def scored_round(
    learner: Learner,
    stage: int,
    experts: Sequence[Trajectory],
    setting: Setting,
    args: RoundArgs,
    start: Scorer,
) -> list[ScoredAction]:
    """Explore along the experts with the model as it is, and score what can become a pair.

    `start`: the frozen model that plays on.  Made once in the run's life; logs what it cost.
    """

    def playing(starts: Sequence[Start], policy: Policy) -> list[Trajectory]:
        shown, many = args.rollout_examples, args.concurrency
        return play(setting, starts, policy, examples=shown, concurrency=many)

    def make() -> list[Any]:
        live, reliving = monte_carlo.relive(learner.run.share(experts), playing)
        policy = model_policy(learner, 0.0, args.seed + stage)
        explored, exploring = monte_carlo.explore_along(live, policy, playing)
        wanted = [e for e in explored if _wanted(live[e.expert].episode, e, args)]
        if args.scorer == "monte-carlo":
            seed = args.seed + 7919 * (stage + 1)
            frozen = model_policy(learner, args.scorer_temperature, seed, start)
            known = _expert_rewards(learner, stage)
            rewards, scoring = _by_playing(live, wanted, args.samples, known, frozen, playing)
        else:
            rewards, scoring = _by_model(learner, live, wanted, setting, args), Cost()
        rows: list[Any] = [{"cost": (reliving + exploring + scoring).to_json(), "live": len(live)}]
        for e in explored:
            pair = rewards.get((e.expert, e.turn), (None, None))
            expert = live[e.expert].episode
            rows.append(ScoredAction(expert, e.episode, e.turn, *pair).to_json())
        return rows

    rows = learner.run.once(stage, "scored", make)
    actions = [ScoredAction.from_json(row) for row in rows if "cost" not in row]
    costs = [row for row in rows if "cost" in row]
    total = sum((Cost(**row["cost"]) for row in costs), Cost())
    _log(learner, stage, actions, len(experts) - sum(row["live"] for row in costs), total)
    return actions


def contrast(
    actions: Sequence[ScoredAction],
    *,
    threshold: float,
    outcome_threshold: float,
    symmetric: bool,
    first_step_pairs: bool,
) -> list[Contrast]:
    """Make D_t and D_s of the actions of a round.

    `symmetric`: the agent wins where it is better by both margins.  `first_step_pairs`: whether
    turn 0 makes a step pair beside its outcome pair.
    """
    found = []
    for action in actions:
        by_outcome = _winner(action.expert.reward - action.own.reward, outcome_threshold, symmetric)
        if by_outcome == 0 or _same(action):
            continue
        sides = (action.expert, action.own) if by_outcome > 0 else (action.own, action.expert)
        if action.turn == 0:
            found.append(Contrast("outcome", 0, *sides))
        if action.expert_reward is None or action.own_reward is None:
            continue
        by_step = _winner(action.expert_reward - action.own_reward, threshold, symmetric)
        if by_step == by_outcome and (action.turn > 0 or first_step_pairs):
            found.append(Contrast("step", action.turn, *sides))
    return found


def prepare(
    learner: Learner,
    stage: int,
    pairs: Sequence[Contrast],
    setting: Setting,
    reference: Scorer,
) -> list[Prepared]:
    """Tokenise pairs, train what follows the common steps alone, and score with the reference.

    Pairs with an episode that is too long are left out, and counted in the log.
    """
    examples, length = learner.args.train_examples, learner.max_length
    sides = [
        tokenise(learner.chat, episodes, setting, examples=examples, max_length=length)
        for episodes in ([p.chosen for p in pairs], [p.rejected for p in pairs])
    ]
    kept = []
    for pair, *tokens in zip(pairs, *sides, strict=True):
        cut = [from_turn(one, pair.turn) for one in tokens if one is not None]
        if len(cut) == 2 and all(one.trained for one in cut):
            kept.append((pair.kind, cut[0], cut[1]))
    outcome = sum(kind == "outcome" for kind, *_ in kept)
    learner.run.log(
        stage,
        0,
        outcome_pairs=outcome,
        step_pairs=len(kept) - outcome,
        pairs_left_out=len(pairs) - len(kept),
    )
    flat = [tokens for _, *both in kept for tokens in both]
    scores = learner.run.once(
        stage, "reference", lambda: _score(learner, learner.run.share(flat), reference)
    )
    return [
        Prepared(kind, Pair(chosen, rejected, scores[2 * i], scores[2 * i + 1]))
        for i, (kind, chosen, rejected) in enumerate(kept)
    ]


def from_turn(tokens: Tokens, turn: int) -> Tokens:
    """Give an episode of which only turn `turn` and later ones are own."""
    return Tokens(tokens.ids, tuple(t if t >= turn else NOT_OWN for t in tokens.turns))


def _winner(margin: float, threshold: float, symmetric: bool) -> int:
    """Say who is better by more than a threshold: 1 the expert, -1 the agent, 0 nobody."""
    if margin > threshold:
        return 1
    return -1 if symmetric and -margin > threshold else 0


def _same(action: ScoredAction) -> bool:
    sides = (action.expert.steps[action.turn], action.own.steps[action.turn])
    return sides[0].completion.text == sides[1].completion.text


def _wanted(expert: Trajectory, explored: Explored, args: RoundArgs) -> bool:
    """Whether to score an exploration: all, or what can still become a pair."""
    own = explored.episode
    if len(own.steps) <= explored.turn:
        return False
    same = own.steps[explored.turn].completion.text == expert.steps[explored.turn].completion.text
    worse = own.reward < expert.reward
    other = worse or (args.direction == "symmetric" and own.reward > expert.reward)
    return args.score_all or (other and not same)


def _by_playing(
    live: Sequence[Branchable],
    wanted: Sequence[Explored],
    samples: int,
    known: Mapping[tuple[str, int, int], float],
    frozen: Policy,
    playing: monte_carlo.Play,
) -> tuple[dict[tuple[int, int], tuple[float | None, float | None]], Cost]:
    """Give Monte-Carlo rewards of expert and agent; the expert's are played once in a run."""
    experts = {(e.expert, e.turn): (*_place(live, e), e.turn) for e in wanted}
    asked = [state for state, place in experts.items() if place not in known]
    actions: list[After] = [monte_carlo.after_own(e) for e in wanted]
    actions += [monte_carlo.after_expert(live[expert], turn) for expert, turn in asked]
    outcomes, cost = monte_carlo.outcomes_after(actions, samples, frozen, playing)
    means = [monte_carlo.step_reward(found) for found in outcomes]
    of_experts: dict[tuple[int, int], float | None] = {
        state: known[place] for state, place in experts.items() if place in known
    }
    of_experts.update(zip(asked, means[len(wanted) :], strict=True))
    rewards = {
        (e.expert, e.turn): (of_experts[e.expert, e.turn], mean)
        for e, mean in zip(wanted, means, strict=False)
    }
    return rewards, cost


def _by_model(
    learner: Learner,
    live: Sequence[Branchable],
    wanted: Sequence[Explored],
    setting: Setting,
    args: RoundArgs,
) -> dict[tuple[int, int], tuple[float | None, float | None]]:
    """Give what a reward model, of the tokenizer in training, says of expert and agent."""
    assert args.reward_model is not None
    model = load_reward_model(args.reward_model, learner.run.accelerator.device)
    steps = [live[e.expert].episode.steps[: e.turn + 1] for e in wanted]
    steps += [e.episode.steps[: e.turn + 1] for e in wanted]
    length = min(learner.args.max_length, context_length(model.model))
    shown = args.train_examples
    chats = [
        action_chat(learner.chat, one, setting, examples=shown, max_length=length) for one in steps
    ]
    rated = rate(model, chats, args.micro_batch)
    return {(e.expert, e.turn): (rated[i], rated[len(wanted) + i]) for i, e in enumerate(wanted)}


def _expert_rewards(learner: Learner, stage: int) -> dict[tuple[str, int, int], float]:
    """Give the rewards of expert actions that earlier stages have found."""
    found = {}
    for earlier in range(stage):
        path = learner.run.path / f"stage-{earlier:03}" / "scored.jsonl"
        rows = (orjson.loads(line) for line in path.read_bytes().splitlines())
        for row in rows:
            if "cost" not in row and row["expert_reward"] is not None:
                expert = row["expert"]
                found[expert["task_id"], expert["seed"], row["turn"]] = row["expert_reward"]
    return found


def _place(live: Sequence[Branchable], explored: Explored) -> tuple[str, int]:
    episode = live[explored.expert].episode
    return episode.task_id, episode.seed


@torch.no_grad()
def _score(learner: Learner, samples: Sequence[Tokens], reference: Scorer) -> list[float]:
    """Give the log-probability of the own tokens of each sample, under the reference."""
    order = sorted(range(len(samples)), key=lambda i: len(samples[i]))
    scores = [0.0] * len(samples)
    reference.eval()
    for begin in range(0, len(order), learner.args.micro_batch):
        group = order[begin : begin + learner.args.micro_batch]
        with learner.autocast():
            sums = sum_log_probs(reference, [samples[i] for i in group])
        for i, value in zip(group, sums.tolist(), strict=True):
            scores[i] = value
    return scores


def _log(
    learner: Learner, stage: int, actions: Sequence[ScoredAction], lost: int, cost: Cost
) -> None:
    """Log what a round found, and what it took beside what replaying would have taken."""
    scored = [a for a in actions if a.own_reward is not None and a.expert_reward is not None]
    first = [a.own.reward for a in actions if a.turn == 0]
    learner.run.log(
        stage,
        0,
        experts_not_reproduced=lost,
        explored=len(actions),
        scored=len(scored),
        reward=sum(first) / max(1, len(first)),
        step_reward_expert=sum(a.expert_reward or 0.0 for a in scored) / max(1, len(scored)),
        step_reward_own=sum(a.own_reward or 0.0 for a in scored) / max(1, len(scored)),
        **cost.to_json(),
    )
