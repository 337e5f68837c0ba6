"""Recorded InterCode-SQL runs on MySQL, played again through the environment."""

import json
import re
from collections import Counter, defaultdict

import gymnasium

import stepagent_gym  # noqa: F401 - registers the environments
from stepagent_gym.envs.intercode_sql.reward import score

EXECUTE = re.compile(r"execute\[(.*)\]\s*(?:\nObs\w*)?", re.DOTALL)
UNREAD = ("No SQL code was found", "Format your SQL command", "Error executing query: Your last")
"""What the recorded harness answered to replies without code; nothing was executed."""

LEAKED = re.compile(
    r"\b(?:singers|players|poker_players|citizens|database_name|votes_received)\b"
    r"|course\.teacher_id|employee\.shop_id|\be\.shop_id|pets\.owner_id"
    r"|'(?:owner_id|Shop_ID|Teacher_ID|Conductor_ID)', b?'int', 'YES', ''",
    re.IGNORECASE,
)
"""Tables and columns that earlier agents had added to the server when later ones were recorded."""

REACT_CUT = 350


def episodes(folder):
    """Give (file, task, [(action, observation, reward)]) of every recorded episode."""
    for path in sorted(folder.glob("logs_intercode/*/*.json")):
        content = json.loads(path.read_text())
        rows = content.get("logs", content) if isinstance(content, dict) else content
        for row in rows.values() if isinstance(rows, dict) else rows:
            if isinstance(row, dict) and "turn_history" in row:
                turns = row["turn_history"]
                columns = (turns["actions"], turns["observations"], turns["rewards"])
                yield path.stem, row["task_id"], list(zip(*columns, strict=False))


class Tally:
    """Counts of turns that were read, and of those that came out as recorded."""

    def __init__(self):
        self.turns = self.same = self.leaked = self.same_unleaked = 0
        self.scored = self.right = self.nonzero = self.right_nonzero = 0
        self.differences = defaultdict(list)
        self.rewards = []
        self.kinds = Counter()


def replay(folder, data):
    """Play all recorded turns, and count."""
    env = gymnasium.make(
        "stepagent/InterCodeSQL-v0", data=data, split="all", action_format="bare",
        max_turns=1000, max_observation_chars=None,
    )  # fmt: skip
    tally = Tally()
    for file, task, turns in episodes(folder):
        database = env.reset(options={"task": task})[1]["database"]
        for action, observation, reward in turns:
            recorded, said = str(observation), str(action)
            if found := EXECUTE.fullmatch(said):
                said = found[1]
            if recorded.startswith(UNREAD):
                continue
            react = "react" in file
            if said == "submit":
                _reward(tally, env, reward, file, said)
                break
            shown, *_ = env.step(said)
            _observation(tally, file, database, said, shown, recorded, react)
            if not react:
                _reward(tally, env, reward, file, said)
    return tally


def _observation(tally, file, database, said, shown, recorded, react):
    same = shown == recorded or shown == re.sub(r"\bb'", "'", recorded)
    if react and not same:
        if recorded.startswith("Error"):
            same = shown[:REACT_CUT] == recorded[:REACT_CUT]
        elif shown.startswith("["):
            same = shown.startswith(recorded.removesuffix("]")) and recorded.count("), (") == 24
    mentioned = LEAKED.search(said) or LEAKED.search(recorded)
    leaked = bool(mentioned) and "doesn't exist" not in recorded and database != "wta_1"
    tally.turns += 1
    tally.same += same
    tally.leaked += leaked
    tally.same_unleaked += same and not leaked
    if not same and not leaked:
        kind = "error" if "Error" in (shown[:5], recorded[:5]) else "rows"
        if "information_schema" in said.lower():
            kind = "information_schema"
        elif kind == "rows" and sorted(shown) == sorted(recorded):
            kind = "order of rows"
        tally.differences[kind].append((file, database, said, recorded, shown))


def _reward(tally, env, recorded, file, said):
    """Compare with both versions of the reward that the logs mix."""
    inner = env.unwrapped
    value = inner._score
    right = value == float(recorded)
    if not right and inner._state["last"] is not None:
        rows = inner._execute(*inner._state["last"])[0]
        other = score(rows, inner._gold(inner._task), "intercode")
        right = other == float(recorded) or round(value, 2) == float(recorded)
    tally.scored += 1
    tally.right += right
    if float(recorded) != 0:
        tally.nonzero += 1
        tally.right_nonzero += right
    if not right:
        tally.rewards.append((file, inner._task.question, said, recorded, value))
