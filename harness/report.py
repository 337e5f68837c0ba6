"""A run as one self-contained HTML page: scores with their conditions, and every trajectory.

The page needs no network and no server.  Text of models and environments is data in it: it is
embedded as escaped JSON and only ever set as text, never as markup.
"""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import orjson

from harness.runs import SUMMARY, read_header, read_trajectories
from stepagent_gym.errors import RunError
from stepagent_gym.types import Trajectory

_WITHHELD = "(test data is not copied into reports; --include-test-data shows it here)"
_TEMPLATE = Path(__file__).with_name("report.html")


def write_report(run: Path, out: Path, *, include_test_data: bool = False) -> Path:
    """Write the page of a run; gives its path.  Raises `RunError` where the run is unfinished.

    Observations of data that its authors ask not to redistribute (a condition of the scores,
    `redistributable`) are left out, unless `include_test_data`.
    """
    header = read_header(run)
    try:
        summary = orjson.loads((run / SUMMARY).read_bytes())
    except FileNotFoundError:
        raise RunError(
            f"{run} has no {SUMMARY} yet; finish it with `stepagent eval --resume {run}`"
        ) from None
    withheld = {
        env_id
        for env_id, part in summary.items()
        if not part["conditions"].get("redistributable", True) and not include_test_data
    }
    episodes = [
        _withhold(_episode(trajectory)) if trajectory.env_id in withheld else _episode(trajectory)
        for trajectory in read_trajectories(run)
    ]
    title = f"{header['config']['model']} — {', '.join(summary)}"
    page = _TEMPLATE.read_text(encoding="utf-8")
    for marker, content in (
        ("<!--TITLE-->", escape(title)),
        ("/*DATA*/", _embed({"header": header, "summary": summary, "episodes": episodes})),
    ):
        before, _, after = page.partition(marker)
        page = before + content + after
    out.write_text(page, encoding="utf-8")
    return out


def _withhold(episode: dict[str, Any]) -> dict[str, Any]:
    """Leave out what the environment showed."""
    turns = [{**turn, "seen": _WITHHELD} for turn in episode["turns"]]
    return {**episode, "final": _WITHHELD, "turns": turns}


def _embed(value: Mapping[str, Any]) -> str:
    """Write JSON that may stand inside a script element: no "<" can end or begin one."""
    return orjson.dumps(value).decode().replace("<", "\\u003c").replace("\u2028", "\\u2028")


def _episode(trajectory: Trajectory) -> dict[str, Any]:
    return {
        "env": trajectory.env_id,
        "task": trajectory.task_id,
        "seed": trajectory.seed,
        "status": trajectory.status,
        "error": trajectory.error,
        "reward": trajectory.reward,
        "success": trajectory.success,
        "type": trajectory.steps[-1].info.get("task_type") if trajectory.steps else None,
        "final": trajectory.final_observation,
        "turns": [
            {
                "seen": step.observation,
                "text": step.completion.text,
                "thought": step.thought,
                "action": step.action,
                "reward": step.reward,
                "valid": step.info.get("valid"),
                "rule": step.info.get("parse_rule"),
            }
            for step in trajectory.steps
        ],
    }
