"""Trajectories in the forms that other tools read and write.

    openai       {"messages": [{"role", "content"}]}
    sharegpt     {"conversations": [{"from", "value", "loss"}]}, as ETO, IPR and AgentGym use it
    preference   {"prompt", "chosen", "rejected"}, chats, as TRL's DPOTrainer takes it
    row          {"messages", "env_id", "task_id", "reward", ...}, columns of one type throughout

Every function gives plain JSON rows; a file of them, one a line, is what
`datasets.load_dataset("json", data_files=...)` opens.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from stepagent_gym.react import ActionFormat, Prompt, render
from stepagent_gym.types import Message, Step, Trajectory


@dataclass(frozen=True)
class Recorded:
    """A conversation from elsewhere: what it says of itself, the task text, and the replies.

    Its observations were recorded elsewhere too; replay the replies in the environment before
    believing them.
    """

    id: str
    task: str
    replies: tuple[str, ...]
    reward: float | None


def to_openai(
    trajectory: Trajectory,
    prompt: Prompt,
    *,
    examples: int = 0,
    action_format: ActionFormat = "react",
) -> dict[str, Any]:
    """Give the chat of a trajectory; it ends with the last reply."""
    chat = render(prompt, trajectory.steps, None, examples=examples, action_format=action_format)
    return {"messages": [message.to_json() for message in chat]}


def to_row(
    trajectory: Trajectory,
    prompt: Prompt,
    *,
    examples: int = 0,
    action_format: ActionFormat = "react",
) -> dict[str, Any]:
    """Give the chat beside what it scored: the same columns for every environment."""
    return {
        **to_openai(trajectory, prompt, examples=examples, action_format=action_format),
        "env_id": trajectory.env_id,
        "split": trajectory.split,
        "task_id": trajectory.task_id,
        "seed": trajectory.seed,
        "turns": len(trajectory.steps),
        "reward": float(trajectory.reward),
        "success": trajectory.success,
        "score": float(trajectory.score),
    }


def to_sharegpt(
    trajectory: Trajectory,
    prompt: Prompt,
    *,
    examples: int = 0,
    action_format: ActionFormat = "react",
) -> dict[str, Any]:
    """Give the chat with a `loss` flag for each turn: true for the agent's own replies alone.

    The acknowledgement after the instruction and the replies of examples are not to be trained.
    """
    chat = render(prompt, trajectory.steps, None, examples=examples, action_format=action_format)
    own = len(chat) - 2 * len(trajectory.steps)
    conversations = [
        {
            "from": "gpt" if message.role == "assistant" else "human",
            "value": message.content,
            "loss": message.role == "assistant" and place > own,
        }
        for place, message in enumerate(chat)
    ]
    return {
        "id": trajectory.task_id,
        "conversations": conversations,
        "reward": trajectory.reward,
        "source": trajectory.env_id,
    }


def from_sharegpt(row: Mapping[str, Any]) -> Recorded:
    """Read a conversation: instruction, acknowledgement, task, then replies and observations.

    Raises ValueError where the row has another form.
    """
    try:
        turns = [(turn["from"], turn["value"]) for turn in row["conversations"]]
    except (KeyError, TypeError) as error:
        raise ValueError(f"no ShareGPT conversation: {error!r}") from error
    speakers = [speaker for speaker, _ in turns]
    if len(turns) < 4 or speakers != (["human", "gpt"] * len(turns))[: len(turns)]:
        raise ValueError("a conversation alternates human and gpt: instruction, OK, task, reply")
    reward = row.get("reward")
    return Recorded(
        id=str(row.get("id", "")),
        task=turns[2][1],
        replies=tuple(value for _, value in turns[3::2]),
        reward=None if reward is None else float(reward),
    )


def to_preference(
    chosen: Trajectory,
    rejected: Trajectory,
    prompt: Prompt,
    *,
    examples: int = 0,
    action_format: ActionFormat = "react",
) -> dict[str, Any]:
    """Give a pair of trajectories of one task; the turns that they share belong to the prompt.

    Raises ValueError where they are of different tasks or do not differ.
    """
    if (chosen.env_id, chosen.task_id) != (rejected.env_id, rejected.task_id):
        raise ValueError(f"tasks {chosen.task_id!r} and {rejected.task_id!r} make no pair")
    shared = _shared(chosen.steps, rejected.steps)
    if shared == min(len(chosen.steps), len(rejected.steps)):
        raise ValueError(f"the trajectories of task {chosen.task_id!r} do not part")

    def chat(steps: Sequence[Step], seen: str | None) -> list[Message]:
        return render(prompt, steps, seen, examples=examples, action_format=action_format)

    context = chat(chosen.steps[:shared], chosen.steps[shared].observation)
    return {
        "prompt": [message.to_json() for message in context],
        "chosen": [message.to_json() for message in chat(chosen.steps, None)[len(context) :]],
        "rejected": [message.to_json() for message in chat(rejected.steps, None)[len(context) :]],
    }


def write_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write rows as JSON lines; gives their number."""
    count = 0
    with path.open("wb") as file:
        for row in rows:
            file.write(orjson.dumps(row) + b"\n")
            count += 1
    return count


def _shared(first: Sequence[Step], second: Sequence[Step]) -> int:
    """Count the leading turns in which the same was seen and replied."""
    count = 0
    for a, b in zip(first, second, strict=False):
        if a.observation != b.observation or a.completion.text != b.completion.text:
            break
        count += 1
    return count
