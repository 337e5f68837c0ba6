"""Episodes to compare between processes: what an environment gave, as one JSON value.

python episodes.py play ID KIND        plays episodes of KIND (oracle or random)
python episodes.py restore ID FILE     continues from the snapshots of a file
"""

import json
import random
import sys
from pathlib import Path

import gymnasium

import stepagent_gym  # noqa: F401 - registers the ids


def texts(env, kind, seed, turns=12):
    """Yield replies for the present state, a malformed one now and then when random."""
    rng = random.Random(f"{kind} {seed}")
    unwrapped = env.unwrapped
    for _ in range(turns):
        if kind == "oracle":
            thought, action = unwrapped.expert()
            yield f"Thought: {thought}\nAction: {action}"
        elif rng.random() < 0.15:
            yield rng.choice(
                ["", "hm", "Action: xyzzy", "Thought: only", "Action: [", "Action: ]["]
            )
        else:
            yield f"Action: {unwrapped.explore(rng.getrandbits(53))}"


def play(env, kind, seed, task):
    """Play an episode: everything it gave, and a snapshot before each turn."""
    first = env.reset(seed=seed, options={"task": task})
    moments, snapshots, replies = [first], [], []
    for text in texts(env, kind, seed):
        snapshots.append(env.unwrapped.snapshot())
        replies.append(text)
        moments.append(env.step(text))
        if moments[-1][2] or moments[-1][3]:
            break
    return json.loads(json.dumps({"moments": moments, "snapshots": snapshots, "replies": replies}))


def restore(env, snapshot, replies):
    """Continue from a snapshot: everything it gave, the restored moment first."""
    moments = [env.reset(options={"snapshot": snapshot})]
    moments += [env.step(text) for text in replies]
    return json.loads(json.dumps(moments))


def episodes(env_id, kind):
    """Play a few tasks, spread over the split."""
    env = gymnasium.make(env_id)
    ids = env.unwrapped.task_ids
    tasks = [ids[i * (len(ids) - 1) // 3] for i in range(4)]
    return [play(env, kind, seed, task) for seed, task in enumerate(tasks)]


if __name__ == "__main__":
    command, env_id, argument = sys.argv[1:]
    if command == "play":
        print(json.dumps(episodes(env_id, argument)))
    else:
        env = gymnasium.make(env_id)
        cases = json.loads(Path(argument).read_text())
        print(json.dumps([restore(env, snapshot, replies) for snapshot, replies in cases]))
