"""Whether an episode came out the same when its replies were executed again."""

from dataclasses import replace

from stepagent_gym.types import Step, Trajectory


def difference(stored: Trajectory, live: Trajectory) -> int | None:
    """Give the first turn in which two executions differ (their number: the end does), or None.

    How an action was found in a reply may differ, for a thought may have come before it.
    """
    for turn, (a, b) in enumerate(zip(stored.steps, live.steps, strict=False)):
        if _told(a) != _told(b):
            return turn
    ends = [replace(trajectory, steps=()) for trajectory in (stored, live)]
    if ends[0] != ends[1] or len(stored.steps) != len(live.steps):
        return min(len(stored.steps), len(live.steps))
    return None


def _told(step: Step) -> Step:
    info = {key: value for key, value in step.info.items() if key != "parse_rule"}
    return replace(step, info=info)
