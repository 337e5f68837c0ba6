"""Monte-Carlo step rewards: what an action is worth is what comes of it when others play on.

    r_s(s_t, a_t) = mean over N of the outcome of pi_s played on after a_t
    r_s(s_t, a_t) = the episode's own outcome, where a_t is its last

Source: IPR (arXiv 2406.11176), Section 3.2.  Episodes are branched from snapshots that are taken
as they are played, so that no prefix is replayed.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from stepagent_gym.policy import EpisodePolicy, EpisodeView, Policy
from stepagent_gym.rollout import Start
from stepagent_gym.types import Completion, Message, Snapshot, Trajectory


class Branchable(NamedTuple):
    """An episode with a snapshot of the moment before each of its turns."""

    episode: Trajectory
    snapshots: tuple[Snapshot, ...]

    def to_json(self) -> dict[str, Any]:
        """Give a JSON object."""
        return {"episode": self.episode.to_json(), "snapshots": list(self.snapshots)}


class Photographer:
    """Plays as another policy does, and takes a snapshot before every turn."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.taken: dict[tuple[str, int], list[Snapshot]] = {}

    def for_episode(self, view: EpisodeView) -> "_Photographed":
        """Give the policy of one episode."""
        inner = self.policy
        if isinstance(inner, EpisodePolicy):
            inner = inner.for_episode(view)
        taken: list[Snapshot] = []
        self.taken[view.task_id, view.seed] = taken
        return _Photographed(inner, view, taken)

    async def act(self, messages: Sequence[Message]) -> Completion:
        """Answer a chat as the policy would."""
        return await self.policy.act(messages)

    async def close(self) -> None:
        """Close the policy."""
        await self.policy.close()

    def branchable(self, episode: Trajectory) -> Branchable:
        """Give an episode that was played with its snapshots."""
        return Branchable(episode, tuple(self.taken[episode.task_id, episode.seed]))


class _Photographed:
    def __init__(self, policy: Policy, view: EpisodeView, taken: list[Snapshot]) -> None:
        self.policy = policy
        self.view = view
        self.taken = taken

    async def act(self, messages: Sequence[Message]) -> Completion:
        self.taken.append(await self.view.call("snapshot"))
        return await self.policy.act(messages)

    async def close(self) -> None:
        await self.policy.close()


def step_rewards(
    episodes: Sequence[Branchable],
    samples: int,
    play: Callable[[Sequence[Start]], Sequence[Trajectory]],
) -> list[list[float]]:
    """Give r_s of every action of every episode.

    `play` plays the starts with the scorer; a branch that ended in an error enters no mean, and an
    action of which no branch is left has the outcome of its own episode.
    """
    starts: list[Start] = []
    origin: dict[tuple[str, int], tuple[int, int]] = {}
    for place, (episode, snapshots) in enumerate(episodes):
        for turn in range(1, len(episode.steps)):
            for _ in range(samples):
                seed = len(starts)
                origin[episode.task_id, seed] = (place, turn - 1)
                starts.append(Start(episode.task_id, seed, snapshots[turn], episode.steps[:turn]))
    outcomes: dict[tuple[int, int], list[float]] = {}
    for branch in play(starts):
        if branch.status != "error":
            key = origin[branch.task_id, branch.seed]
            outcomes.setdefault(key, []).append(branch.reward)
    rewards = []
    for place, (episode, _) in enumerate(episodes):
        last = len(episode.steps) - 1
        found = [outcomes.get((place, turn), [episode.reward]) for turn in range(last)]
        rewards.append([*(math.fsum(o) / len(o) for o in found), episode.reward])
    return rewards
