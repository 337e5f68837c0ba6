"""Who answers: the `Policy` protocol, and the policies that need no model.

A policy maps a chat to a completion.  One that works in batches gathers concurrent calls of `act`
itself.  A policy that must look at the environment instead of the chat (oracle, random, replay)
implements `EpisodePolicy`: it is asked for a fresh `Policy` at the beginning of every episode.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from stepagent_gym.errors import PolicyError
from stepagent_gym.react import ActionFormat, reply
from stepagent_gym.types import Completion, Message, Step, Trajectory

if TYPE_CHECKING:
    from stepagent_gym.rollout import Start


class Policy(Protocol):
    """Anything that answers a chat."""

    async def act(self, messages: Sequence[Message]) -> Completion:
        """Answer; raises `PolicyError` where no completion can be had."""
        ...

    async def close(self) -> None:
        """Free what the policy holds; may be called twice."""
        ...


class EpisodeView(Protocol):
    """What an `EpisodePolicy` may see of the episode that it plays."""

    env_id: str
    split: str
    task_id: str
    seed: int
    action_format: ActionFormat

    @property
    def observation(self) -> str:
        """What is seen now."""
        ...

    @property
    def info(self) -> Mapping[str, Any]:
        """What the environment says of the present moment."""
        ...

    @property
    def steps(self) -> Sequence[Step]:
        """The turns taken."""
        ...

    @property
    def turn(self) -> int:
        """How many turns were taken."""
        ...

    async def begin(self, start: Start) -> None:
        """Go on from another start of the same task: its beginning, or an earlier moment."""
        ...

    async def call(self, method: str, *arguments: Any) -> Any:
        """Call a method of the environment, such as `expert` or `explore`."""
        ...


@runtime_checkable
class EpisodePolicy(Protocol):
    """A policy with a state for each episode."""

    def for_episode(self, view: EpisodeView) -> Policy:
        """Give the policy of one episode."""
        ...


class ScriptedPolicy:
    """A policy that answers no chat and holds nothing; a copy of it plays the same anywhere."""

    async def act(self, messages: Sequence[Message]) -> Completion:
        """Raise `PolicyError`."""
        raise PolicyError(f"{type(self).__name__} plays episodes, it does not answer chats")

    async def close(self) -> None:
        """Do nothing."""


class OraclePolicy(ScriptedPolicy):
    """Plays each environment's own solution (`TextEnv.expert`)."""

    def for_episode(self, view: EpisodeView) -> Policy:
        """Give a policy that asks the environment for the next action of its solution."""
        return _OracleEpisode(view)


class _OracleEpisode(ScriptedPolicy):
    def __init__(self, view: EpisodeView) -> None:
        self.view = view

    async def act(self, messages: Sequence[Message]) -> Completion:
        thought, action = await self.view.call("expert")
        return Completion(reply(thought, action, self.view.action_format))


class RandomPolicy(ScriptedPolicy):
    """Draws among the available actions, from the seed and the id of the episode alone."""

    def for_episode(self, view: EpisodeView) -> Policy:
        """Give a policy with a generator of its own."""
        return _RandomEpisode(view)


class _RandomEpisode(ScriptedPolicy):
    def __init__(self, view: EpisodeView) -> None:
        self.view = view
        self.rng = random.Random(f"{view.seed} {view.task_id}")

    async def act(self, messages: Sequence[Message]) -> Completion:
        action = await self.view.call("explore", self.rng.getrandbits(53))
        return Completion(reply("I try something.", action, self.view.action_format))


class ReplayPolicy(ScriptedPolicy):
    """Gives the completions of recorded trajectories again, episode by episode."""

    def __init__(self, trajectories: Iterable[Trajectory]) -> None:
        self.recorded = {trajectory.key: trajectory for trajectory in trajectories}

    def for_episode(self, view: EpisodeView) -> Policy:
        """Give a policy that replays the trajectory of the same task and seed.

        Raises `PolicyError` where none was recorded.
        """
        key = (view.env_id, view.split, view.task_id, view.seed)
        if key not in self.recorded:
            raise PolicyError(
                f"no recorded episode of {view.env_id}, split {view.split}, task {view.task_id}, "
                f"seed {view.seed}"
            )
        return _ReplayEpisode(view, self.recorded[key])


class _ReplayEpisode(ScriptedPolicy):
    def __init__(self, view: EpisodeView, trajectory: Trajectory) -> None:
        self.view = view
        self.trajectory = trajectory

    async def act(self, messages: Sequence[Message]) -> Completion:
        if self.view.turn >= len(self.trajectory.steps):
            raise PolicyError(
                f"the recorded episode of task {self.view.task_id} ends after "
                f"{len(self.trajectory.steps)} turns"
            )
        return self.trajectory.steps[self.view.turn].completion
