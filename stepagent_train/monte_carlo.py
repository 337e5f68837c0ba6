"""Exploration along experts and Monte-Carlo step rewards, branched from snapshots.

An expert's actions are played once more, live, and a snapshot is taken before each.  From there

- the agent explores: at every state of the expert it answers, and plays on to the end;
- what an action is worth, r_s, is the mean outcome of N episodes that a frozen scorer plays on
  after it, at temperature 1 unless asked otherwise; an action that ends its episode is worth its
  own outcome.

Source: IPR (arXiv 2406.11176), Section 3.1 and 3.2.  Its code plays every prefix from the start
for each branch, n(n-1)/2 steps for n expert actions and N times as many for the scorer; it also
takes the outcome as the step reward where episodes of the scorer are missing, and takes another
step after an action that has ended the episode.  Here no prefix is played twice, an action of which
no branch is left is worth nothing known (None), and `Cost` counts what each way takes.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from stepagent_gym.errors import RunError, UsageError
from stepagent_gym.policy import EpisodePolicy, EpisodeView, Policy
from stepagent_gym.rollout import Start
from stepagent_gym.types import Completion, Message, Snapshot, Trajectory
from stepagent_train.step_reward import Branchable, Photographer

Play = Callable[[Sequence[Start], Policy], Sequence[Trajectory]]
"""From starts and who answers to episodes, in any order."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Steps of environments and tokens of models, and what replaying prefixes would have taken.

    Models are asked the same either way: a replay steps environments alone.
    """

    branches: int = 0
    environment_steps: int = 0
    """Steps taken after the branching points, and those of the experts, once."""
    restoring_steps: int = 0
    """Steps that environments without a copy of their state replay when they are restored."""
    replay_steps: int = 0
    """Steps there would be if every branch were played from the start of its episode."""
    reaching_steps: int = 0
    """Of the steps, those that only reach a state: each expert once, and the restoring ones."""
    replay_reaching_steps: int = 0
    """Of the steps of replay, those that only reach a state."""
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        """Add up."""
        return Cost(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def to_json(self) -> dict[str, int]:
        """Give a JSON object with a key for each field."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


class After(NamedTuple):
    """An action whose worth is asked: the episode up to and with it, and the moment after it.

    `snapshot` is None where the action ended its episode, with `outcome`.
    """

    task_id: str
    steps: tuple[Any, ...]
    snapshot: Snapshot | None
    outcome: float


class Explored(NamedTuple):
    """What the agent did from a state of an expert on, with the moment after its first action.

    `expert` is the place of the expert, `turn` the state; `episode` begins at the task.
    """

    expert: int
    turn: int
    episode: Trajectory
    after: Snapshot | None

    def to_json(self) -> dict[str, Any]:
        """Give a JSON object."""
        return {**self._asdict(), "episode": self.episode.to_json()}


class _Following:
    """Gives the replies of an expert again, in an episode of its own environment."""

    def __init__(self, experts: Sequence[Trajectory]) -> None:
        self.experts = {(expert.task_id, expert.seed): expert for expert in experts}

    def for_episode(self, view: EpisodeView) -> "_Follower":
        return _Follower(view, self.experts[view.task_id, view.seed])

    async def act(self, messages: Sequence[Message]) -> Completion:
        raise TypeError("experts are followed by episode")

    async def close(self) -> None:
        """Nothing is held."""


class _Follower:
    def __init__(self, view: EpisodeView, expert: Trajectory) -> None:
        self.view = view
        self.expert = expert

    async def act(self, messages: Sequence[Message]) -> Completion:
        return self.expert.steps[self.view.turn].completion

    async def close(self) -> None:
        """Nothing is held."""


class OneLater:
    """Plays as another policy does, and takes a snapshot after the first action of each episode."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.taken: dict[tuple[str, int], Snapshot] = {}

    def for_episode(self, view: EpisodeView) -> "_OneLaterEpisode":
        """Give the policy of one episode."""
        inner = self.policy
        if isinstance(inner, EpisodePolicy):
            inner = inner.for_episode(view)
        return _OneLaterEpisode(inner, view, self.taken)

    async def act(self, messages: Sequence[Message]) -> Completion:
        """Answer a chat as the policy would."""
        return await self.policy.act(messages)

    async def close(self) -> None:
        """Close the policy."""
        await self.policy.close()


class _OneLaterEpisode:
    def __init__(
        self, policy: Policy, view: EpisodeView, taken: dict[tuple[str, int], Snapshot]
    ) -> None:
        self.policy = policy
        self.view = view
        self.taken = taken
        self.begun = view.turn

    async def act(self, messages: Sequence[Message]) -> Completion:
        if self.view.turn == self.begun + 1:
            self.taken[self.view.task_id, self.view.seed] = await self.view.call("snapshot")
        return await self.policy.act(messages)

    async def close(self) -> None:
        await self.policy.close()


def relive(experts: Sequence[Trajectory], play: Play) -> tuple[list[Branchable], Cost]:
    """Play episodes live with a snapshot before each action; those that come out otherwise go.

    One counts where it ends with its last action, as it did, and has the reward it had.  Of
    several with the same task and seed the first is taken.
    """
    first = {(e.task_id, e.seed): e for e in reversed(experts)}
    camera = Photographer(_Following(list(first.values())))
    starts = [Start(task, seed) for task, seed in sorted(first)]
    found = []
    for episode in play(starts, camera):
        expert = first[episode.task_id, episode.seed]
        same = len(episode.steps) == len(expert.steps) and math.isclose(
            episode.reward, expert.reward, abs_tol=1e-6
        )
        if same and episode.status == expert.status != "error":
            found.append(camera.branchable(episode))
    found.sort(key=lambda branchable: branchable.episode.key)
    steps = sum(len(branchable.episode.steps) for branchable in found)
    return found, Cost(environment_steps=steps, reaching_steps=steps)


def explore_along(
    experts: Sequence[Branchable], policy: Policy, play: Play
) -> tuple[list[Explored], Cost]:
    """Let a policy play on from every state of every expert; errors are left out.

    Raises `RunError` where more than half of the episodes failed.
    """
    camera = OneLater(policy)
    starts: list[Start] = []
    origin: list[tuple[int, int]] = []
    for place, (episode, snapshots) in enumerate(experts):
        for turn, snapshot in enumerate(snapshots):
            starts.append(Start(episode.task_id, len(starts), snapshot, episode.steps[:turn]))
            origin.append((place, turn))
    played = play(starts, camera)
    found = [
        Explored(*origin[episode.seed], episode, camera.taken.get((episode.task_id, episode.seed)))
        for episode in played
        if episode.status != "error"
    ]
    if 2 * len(found) < len(played):
        first = next(episode.error for episode in played if episode.status == "error")
        raise RunError(
            f"{len(played) - len(found)} of {len(played)} explorations failed, as in: {first}"
        )
    found.sort(key=lambda explored: (explored.expert, explored.turn))
    return found, cost_of(starts, played)


def after_expert(expert: Branchable, turn: int) -> After:
    """Ask what an action of an expert, or of another episode played live, is worth."""
    episode, snapshots = expert
    last = turn + 1 == len(episode.steps)
    later = None if last else snapshots[turn + 1]
    return After(episode.task_id, episode.steps[: turn + 1], later, episode.reward)


def after_own(explored: Explored) -> After:
    """Ask what the first action of an exploration is worth."""
    episode = explored.episode
    steps = episode.steps[: explored.turn + 1]
    return After(episode.task_id, steps, explored.after, episode.reward)


def outcomes_after(
    actions: Sequence[After], samples: int, scorer: Policy, play: Play, seed: int = 0
) -> tuple[list[list[float]], Cost]:
    """Give the outcomes of what the scorer plays on after each action.

    An action that ended its episode has its own outcome alone.  Branches that ended in an error
    are left out.  `seed`: of the first branch; the others count on from it.
    """
    starts: list[Start] = []
    origin: list[int] = []
    for place, action in enumerate(actions):
        for _ in range(samples if action.snapshot is not None else 0):
            number = seed + len(starts)
            starts.append(Start(action.task_id, number, action.snapshot, action.steps))
            origin.append(place)
    outcomes: list[list[float]] = [
        [action.outcome] if action.snapshot is None else [] for action in actions
    ]
    played = sorted(play(starts, scorer), key=lambda branch: branch.seed) if starts else []
    for branch in played:
        if branch.status != "error":
            outcomes[origin[branch.seed - seed]].append(branch.reward)
    return outcomes, cost_of(starts, played, seed)


def check_scorer(temperature: float, samples: int) -> None:
    """Raise `UsageError` where a scorer's episodes could not differ, or not be sampled."""
    if temperature < 0 or not math.isfinite(temperature):
        raise UsageError(f"scorer_temperature={temperature}: a number from 0 up is wanted")
    if temperature == 0 and samples > 1:
        raise UsageError("a greedy scorer plays on in one way only; ask for one sample")


def step_reward(outcomes: Sequence[float]) -> float | None:
    """Give the mean of outcomes, or None where there are none."""
    return math.fsum(outcomes) / len(outcomes) if outcomes else None


def cost_of(starts: Sequence[Start], played: Sequence[Trajectory], seed: int = 0) -> Cost:
    """Count what branches took; those of `starts` have the seeds from `seed` on."""
    cost = Cost()
    for branch in played:
        start = starts[branch.seed - seed]
        before, new = len(start.steps), branch.steps[len(start.steps) :]
        usages = [step.completion.usage or {} for step in new]
        copied = start.snapshot is None or start.snapshot["state"] is not None
        restored = 0 if copied else before
        cost = cost + Cost(
            branches=1,
            environment_steps=len(new) + restored,
            restoring_steps=restored,
            replay_steps=before + len(new),
            reaching_steps=restored,
            replay_reaching_steps=before,
            prompt_tokens=sum(usage.get("prompt_tokens", 0) for usage in usages),
            completion_tokens=sum(usage.get("completion_tokens", 0) for usage in usages),
        )
    return cost
