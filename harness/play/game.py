"""A person's episode, played through the one loop.

A `Game` is the policy of a rollout of one episode at a time: the loop asks it for a completion, it
waits for the person's.  While it waits, the person may look (`hint`) and go back (`undo`): the
moments before each turn are kept as starts of branches, and the episode goes on from one of them.
So no second loop steps the environment, and what is recorded is what the rollout records.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from harness.play.experts import ExpertFile, Saved
from stepagent_gym.datasets import load_prompt
from stepagent_gym.errors import UsageError
from stepagent_gym.policy import EpisodeView, Policy
from stepagent_gym.react import reply
from stepagent_gym.rollout import Start, rollout
from stepagent_gym.sessions import make_env
from stepagent_gym.text_env import TextEnv
from stepagent_gym.types import Completion, Message, Trajectory


class Game:
    """Episodes of one environment, one after the other, each turn given from outside.

    After `begin` either `trajectory` is None and a turn is awaited, or the episode is over and
    `trajectory` is its record.  It is saved in `experts` as it ends, unless the environment broke,
    and taken off again by an `undo` of its end.  `metrics` of the record hold `hints` and `undos`:
    how often either was asked for while the task was played, turns that were taken back included;
    the completion of a turn taken after a hint says so in its `usage`.
    Raises what `make_env` and `rollout` raise.
    """

    view: EpisodeView
    """The episode as the loop sees it; what was seen last stays there after the end."""

    def __init__(self, env_id: str, options: Mapping[str, Any], experts: ExpertFile) -> None:
        self.env_id = env_id
        self.options = dict(options)
        self.experts = experts
        env = make_env(env_id, options)
        described = env.unwrapped
        assert isinstance(described, TextEnv)
        self.env = described
        """Tells what there is to play; the episodes have environments of their own."""
        self.prompt = load_prompt(described.benchmark)
        self.trajectory: Trajectory | None = None
        self.saved: Saved | None = None
        """Where the finished episode is; None while there is none, or where it broke."""
        self.moment = 0
        """Counts the moments that the person was shown, those after an undo too."""
        self._starts: list[Start] = []  # the moment before each turn of the present path
        self._undone: list[Completion] = []
        self._hints = self._undos = 0
        self._hinted = False
        self._reply: asyncio.Future[Completion] | None = None
        self._asked = asyncio.Event()
        self._playing: asyncio.Task[None] | None = None

    @property
    def task_id(self) -> str:
        """The task that is played."""
        return self.view.task_id

    @property
    def last(self) -> Start:
        """The moment before the last turn of a finished episode, else the present one."""
        return self._starts[-1]

    async def begin(self, task: str | int, seed: int) -> None:
        """Begin a task; an episode that is not over is left."""
        self._hints = self._undos = 0
        self._undone.clear()
        self.saved = None
        await self._play(Start(self.env.resolve_task(task), seed))

    async def send(self, action: str, thought: str | None = None) -> None:
        """Take a turn with an action, and a thought where the action format has one."""
        await self._take(Completion(reply(thought, action, self.env.action_format)))

    async def send_reply(self, text: str) -> None:
        """Take a turn with a whole reply, in the form that a model gives."""
        await self._take(Completion(text))

    async def undo(self) -> bool:
        """Take the last turn back; whether there was one.  `saved` tells what stays in the file."""
        turn = len(self._starts) - (2 if self.trajectory is None else 1)
        if turn < 0:
            return False
        undone = [step.completion for step in self.view.steps[turn:]]
        self._undone += undone
        self._undos += 1
        if self.saved is not None and self.experts.take_back(self.saved):
            self.saved = None
        await self._return_to(self._starts[turn])
        return True

    async def redo(self) -> bool:
        """Take again the turn that was taken back last; whether there was one."""
        if not self._undone or self.trajectory is not None:
            return False
        undone = self._undone.copy()
        await self._take(undone.pop())
        self._undone = undone
        return True

    async def restart(self) -> None:
        """Begin the same task again; hints and undos asked for so far still count."""
        first = self._starts[0]
        self._undone.clear()
        self.saved = None
        await self._return_to(Start(first.task, first.seed))

    async def hint(self) -> tuple[str, str]:
        """Ask the oracle for thought and action of the next step, which is then on the record."""
        assert self.trajectory is None, "the episode is over"
        thought, action = await self.view.call("expert")
        self._hints += 1
        self._hinted = True
        return str(thought), str(action)

    def next_task(self) -> str:
        """Give the task after this one in the split, the first after the last."""
        ids = self.env.task_ids
        return ids[(ids.index(self.task_id) + 1) % len(ids)]

    async def leave(self) -> None:
        """Leave the episode, over or not."""
        if self._playing is not None:
            self._playing.cancel()
            await asyncio.gather(self._playing, return_exceptions=True)
            self._playing = None

    async def close(self) -> None:
        """Leave, and free the environment."""
        await self.leave()
        self.env.close()

    # What the loop calls.

    def for_episode(self, view: EpisodeView) -> Policy:
        """Take up the view of the episode that begins."""
        self.view = view
        return self

    async def act(self, messages: Sequence[Message]) -> Completion:
        """Wait for the person's turn."""
        await self._note_moment()
        self._reply = asyncio.get_running_loop().create_future()
        self._asked.set()
        return await self._reply

    # How it is done.

    async def _play(self, start: Start) -> None:
        """Begin a rollout of one episode, and wait until it asks or is over."""
        await self.leave()
        self.trajectory, self._reply = None, None
        self._asked.clear()
        self._playing = asyncio.create_task(self._roll(start))
        await self._settle()

    async def _roll(self, start: Start) -> None:
        episodes = rollout(
            self.env_id,
            [start],
            self,
            prompt=self.prompt,
            env_options=self.options,
            examples=0,
            concurrency=1,
            workers=0,
            retries=0,
        )
        async for trajectory in episodes:
            asked = {"hints": float(self._hints), "undos": float(self._undos)}
            self.trajectory = replace(trajectory, metrics={**trajectory.metrics, **asked})
            if trajectory.status != "error":
                self.saved = self.experts.append(self.trajectory)

    async def _settle(self) -> None:
        """Wait until the loop asks for a turn, or the episode is over."""
        assert self._playing is not None
        asked = asyncio.create_task(self._asked.wait())
        try:
            await asyncio.wait({asked, self._playing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            asked.cancel()
        if self._playing.done():
            self.moment += 1
            await self._playing

    async def _take(self, completion: Completion) -> None:
        if self._reply is None or self._reply.done():
            raise UsageError("the episode is over; begin another, or take a turn back")
        if self._hinted:
            completion = replace(completion, usage={**(completion.usage or {}), "hinted": True})
        self._hinted = False
        self._undone.clear()
        self._asked.clear()
        self._reply.set_result(completion)
        await self._settle()

    async def _return_to(self, start: Start) -> None:
        self._hinted = False
        if self.trajectory is not None:
            await self._play(start)
            return
        await self.view.begin(start)
        await self._note_moment()

    async def _note_moment(self) -> None:
        """Keep the present moment as the start of a branch."""
        self.moment += 1
        task, seed = self.view.task_id, self.view.seed
        snapshot = await self.view.call("snapshot")
        del self._starts[self.view.turn :]
        self._starts.append(Start(task, seed, snapshot, tuple(self.view.steps)))


def find_task(env: TextEnv, task: str | None) -> str:
    """Resolve a task that is named by id or, where there is no such id, by index (None: 0)."""
    by_index = task is None or (task not in env.tasks.members and task.isdecimal())
    return env.resolve_task(int(task or 0) if by_index else str(task))
