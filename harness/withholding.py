"""What a page leaves out of episodes on data that is not to be redistributed.

Observations go, and with them whatever quotes them: a model's thought that copies a stretch of the
page would carry it out just the same.  Actions, rewards and verdicts stay.
"""

from collections.abc import Mapping, Sequence
from typing import Any

_STRETCH = 24
"""Characters.  A text is left out where one of its aligned pieces of this length was seen, so none
that shares a stretch of twice the length stays; runs of white space count as one blank."""

_MODEL_TEXTS = ("thought", "reply", "reasoning")
_POLICY = "policy: "


def withhold(episode: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what the environment showed: None in its place, its name under `withheld`.

    Of an error, only a policy's own is kept, where it quotes nothing: an environment may say in
    its error what it would not show.
    """
    seen = "\n".join(
        _plain(text) for text in (*(turn["seen"] for turn in episode["turns"]), episode["final"])
    )
    error = episode["error"]
    if error and (not error.startswith(_POLICY) or _quotes(error, seen)):
        error = f"{error.partition(':')[0]} (the message is left out with the test data)"
    turns = [_without(turn, ["seen", *_quoting(turn, seen)]) for turn in episode["turns"]]
    return _without({**episode, "error": error, "turns": turns}, ["final"])


def _without(record: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {**record, **dict.fromkeys(names), "withheld": names}


def _quoting(turn: Mapping[str, Any], seen: str) -> list[str]:
    return [name for name in _MODEL_TEXTS if turn[name] and _quotes(turn[name], seen)]


def _quotes(text: str, seen: str) -> bool:
    plain = _plain(text)
    ends = range(_STRETCH, len(plain) + 1, _STRETCH)
    return any(plain[end - _STRETCH : end] in seen for end in ends)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
