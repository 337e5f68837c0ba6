"""How a step is asked, answered and scored: Mind2Web's elimination, as pure functions.

The candidates are shuffled.  Five at a time are taken from the front and asked about; an answer
that names one puts it back at the end, "A. None of the above" puts back none of them.  At the end
the candidate that was named last is the step's choice, with the operation it was named with; if no
candidate is left, or none was named, nothing was chosen.  The protocols differ in two places:

`official` (Mind2Web's evaluation of language models): it ends as soon as at most one candidate is
left, even one that was never asked about; a letter beyond the choices takes back what was named
last, so that a step fails in which nothing is named after it.  (With five choices such a letter is
possible only where the whole queue is asked about, and then nothing is left in either case.)

`agentbench`: a letter beyond the choices leaves what was named before; otherwise as `official`.
(AgentBench's own runs also set `top_k=10`.)

`clean`: as `agentbench`, and a last candidate that was never asked about is asked about too.

In all of them a step without a positive among its candidates is not asked, and scores 0.
"""

import random
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal, NamedTuple

Protocol = Literal["official", "agentbench", "clean"]
Reward = Literal["element", "mixed"]

GROUP = 5
LETTERS = "ABCDEF"
NONE_OF_THEM = "A"
OPERATIONS = ("CLICK", "SELECT", "TYPE")

_PUBLISHED_ANSWER = re.compile(r"Answer: (A|B|C|D|E|F)")
_PUBLISHED_OP = re.compile(r"Action: (CLICK|SELECT|TYPE)")
_PUBLISHED_VALUE = re.compile(r"Value: (.*)$", re.MULTILINE)
_ANSWER = re.compile(r"Answer[ \t]*:[ \t(\"'*]*(?:([A-Z])(?![A-Za-z])|(None)\b)", re.IGNORECASE)
_OP = re.compile(r"Action[ \t]*:[ \t(\"'*]*(CLICK|SELECT|TYPE)\b", re.IGNORECASE)
_VALUE = re.compile(r"Value[ \t]*:[ \t]*(.*)$", re.MULTILINE | re.IGNORECASE)


class Answer(NamedTuple):
    """An answer: its letter, the operation as one text, and whether there was a letter at all."""

    letter: str
    operation: str
    readable: bool


class Elimination(NamedTuple):
    """Where a step stands.

    `queue`: the candidates still in play.  `last`: candidate and operation of the last that was
    named, or None.  `round`: how many questions were answered.
    """

    queue: tuple[int, ...]
    last: tuple[int, str] | None
    round: int

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Elimination":
        """Read what `_asdict` gave, with lists for tuples."""
        last = value["last"]
        return cls(
            queue=tuple(map(int, value["queue"])),
            last=None if last is None else (int(last[0]), str(last[1])),
            round=int(value["round"]),
        )


class Verdict(NamedTuple):
    """The scores of a step, each 0 to 1."""

    element_acc: float
    op_f1: float
    step_success: float


FAILED = Verdict(0.0, 0.0, 0.0)


def begin(candidates: Sequence[int], sample: str) -> Elimination:
    """Begin a step: its candidates in an order that the id of the sample alone decides."""
    queue = list(candidates)
    random.Random(sample).shuffle(queue)
    return Elimination(tuple(queue), None, 0)


def group_of(state: Elimination) -> tuple[int, ...]:
    """Give the candidates of the next question."""
    return state.queue[:GROUP]


def is_over(state: Elimination, protocol: Protocol) -> bool:
    """Whether there is no further question."""
    if len(state.queue) == 1 and protocol == "clean":
        return was_named(state, state.queue[0])
    return len(state.queue) <= 1


def was_named(state: Elimination, candidate: int) -> bool:
    """Whether a candidate is the one that was named last."""
    return state.last is not None and state.last[0] == candidate


def most_rounds(candidates: int) -> int:
    """Give the number of questions that no answers can exceed: each takes four from the queue."""
    return max(1, -(-(candidates - 1) // (GROUP - 1)) + 1)


def answer(
    state: Elimination, choices: Sequence[int], given: Answer, protocol: Protocol
) -> tuple[Elimination, bool]:
    """Answer a question with these choices, as shown; also say whether the letter was one of them.

    `choices` are the group of the state in the order in which they were shown.
    """
    left = state.queue[GROUP:]
    place = LETTERS.index(given.letter) - 1
    within = place < len(choices)
    last = state.last
    if given.letter != NONE_OF_THEM and within:
        last = choices[place], given.operation
        left += last[:1]
    elif not within and protocol == "official":
        last = None
    return Elimination(left, last, state.round + 1), within


def selected(state: Elimination) -> tuple[int, str] | None:
    """Give the candidate that a finished step chose, and its operation."""
    return state.last if state.queue else None


def judge(choice: tuple[int, str] | None, positives: Collection[int], wanted: str) -> Verdict:
    """Score a finished step; the operation counts even where the element is wrong."""
    if choice is None:
        return FAILED
    candidate, operation = choice
    element = float(candidate in positives)
    f1 = operation_f1(operation, wanted)
    return Verdict(element, f1, float(element == 1.0 and f1 == 1.0))


def operation_f1(operation: str, wanted: str) -> float:
    """Give the F1 of two sets of words: 1 if both are empty, 0 if one is."""
    given, right = set(operation.split()), set(wanted.split())
    if not given or not right:
        return float(given == right)
    common = len(given & right)
    if not common:
        return 0.0
    precision, recall = common / len(given), common / len(right)
    return 2 * precision * recall / (precision + recall)


def wanted_operation(op: str, value: str) -> str:
    """Give the operation that counts as right: a click has no value, others its first line."""
    return op if op == "CLICK" else f"{op} {value.partition(chr(10))[0]}".strip()


def read_answer(text: str) -> Answer:
    """Read an answer from its fields, on one line or three; without a letter it is A."""
    letter = _ANSWER.search(text)
    op, value = _OP.search(text), _VALUE.search(text)
    operation = f"{op[1].upper() if op else ''} {value[1].strip() if value else ''}".strip()
    if letter is None:
        return Answer(NONE_OF_THEM, operation, readable=False)
    name = (letter[1] or NONE_OF_THEM).upper()
    if name not in LETTERS:
        return Answer(NONE_OF_THEM, operation, readable=False)
    return Answer(name, operation, readable=True)


def read_published(text: str) -> str:
    """Read a reply by the published rule, as fields; what it does not find is left out."""
    found = (
        ("Answer", _PUBLISHED_ANSWER.search(text)),
        ("Action", _PUBLISHED_OP.search(text)),
        ("Value", _PUBLISHED_VALUE.search(text)),
    )
    return "\n".join(f"{name}: {match[1].strip()}" for name, match in found if match)
