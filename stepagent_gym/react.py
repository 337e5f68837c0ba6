"""ReAct, both ways: `parse` reads a reply into a thought and an action, `render` makes the chat.

This is the only parser and the only renderer.  What differs between benchmarks is data: a `Syntax`
(how an action looks, and the benchmark's published rule) and a `Prompt` (instruction and examples,
a file of `data/prompts/`).

`parse` has two modes.  `strict` applies the published rule and nothing else.  `lenient` accepts
what a reader would accept, and says by which rule:

    label        a line that begins with "Action:" ("Action 3:", "**action:**", "> ACTION :")
    inline       "Action:" inside a line ("Thought: I see. Action: click[x]")
    input        "Action: search" followed by "Action Input: red shoes"
    bare         no label, but a line (or fenced block) that is an action
    mention      no label, the first action that the text mentions
    fields       Mind2Web's "Answer: C. Action: SELECT Value: Pickup", on one line or several

Only the first action of a reply counts; what follows a hallucinated "Observation:" is ignored;
code fences, quotes, bold marks and a `<think>...</think>` block are taken off.  Any text at all
gives an action or None, in time linear in its length (the first 131,072 characters are read).
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Literal, NamedTuple, Self

from stepagent_gym.calls import call_heads, read_call
from stepagent_gym.types import Message, Step

ActionFormat = Literal["react", "bare"]
Parsing = Literal["lenient", "strict"]

_READ_CHARS = 1 << 17
_MARKS = 16
_LABEL = re.compile(
    r"([OoTtAa](?:bservation|BSERVATION|hought|HOUGHT|ction|CTION))"
    r"[ \t]*+\d*+[ \t]*+\**+[ \t]*+[:：]\**+"
)
_LABELS = frozenset({"observation", "thought", "action"})
_INPUT = re.compile(r"\s*+[Aa]ction [Ii]nput[ \t]*+:[ \t]*+([^\n]*+)")
_FENCE = re.compile(r"```[ \t]*+([\w+-]*+)[ \t]*+\n?(.*?)(?:```|\Z)", re.DOTALL)
_DECORATION = " \t>*_#`-"
_MARGIN = " \t\n*#`>"
_FIRST_FIELD = "Answer: "
_QUOTES = "`'\"*_ \t"


@dataclass(frozen=True, slots=True)
class Syntax:
    """How the actions of a benchmark are written.

    `kind`: `"call"` (`search[red shoes]`), `"line"` (`go to shelf 1`), `"block"` (SQL, possibly
    fenced and over several lines) or `"fields"` (`Answer: C` / `Action: SELECT` / ...).
    `names`: the calls, the first words of a block, or the fields, as canonically written.
    `expected`: the form of an action as told to a model whose reply held none.
    `published`: the benchmark's own rule, from a reply to its action, or None.
    `published_error`: what the benchmark answers where that rule finds nothing.
    """

    kind: Literal["call", "line", "block", "fields"]
    names: tuple[str, ...]
    expected: str
    published: Callable[[str], str | None]
    published_error: str

    def __post_init__(self) -> None:
        if self.kind != "line" and not self.names:
            raise ValueError(f"a syntax of kind {self.kind!r} needs names")


class Parsed(NamedTuple):
    """A reply, read: its thought, its action (None: there is none) and the rule that found it."""

    thought: str | None
    action: str | None
    rule: str | None


class _Label(NamedTuple):
    start: int
    end: int
    heads_line: bool


def after_label(label: str) -> Callable[[str], str | None]:
    """Make the published rule "everything after the first `label`" (ETO, IPR: DOTALL `(.*)`)."""

    def rule(text: str) -> str | None:
        _, found, rest = text.strip().partition(label)
        return rest if found else None

    return rule


def parse(text: str, syntax: Syntax, mode: Parsing = "lenient") -> Parsed:
    """Read a reply.

    In `strict` mode the action is whatever the published rule gives, and the thought is what
    stands before the first "Action:".  Never raises, whatever the text.
    """
    if mode == "strict":
        action = syntax.published(text)
        before = text.partition("Action:")[0] if action is not None else text
        return Parsed(_thought(before), action, None if action is None else "published")
    body = text[text.rfind("</think>") + 8 :] if "</think>" in text else text
    body = body[:_READ_CHARS]
    action_label, following, end = _find_labels(body)
    body = body[:end]
    if syntax.kind == "fields":
        return _parse_fields(body, syntax)
    if action_label is not None:
        region = body[action_label.end : following]
        action, rule = _labelled(region, body[action_label.end :], syntax)
        if action is not None:
            rule = rule or ("label" if action_label.heads_line else "inline")
        return Parsed(_thought(body[: action_label.start]), action, rule)
    return _unlabelled(body, syntax)


def render_error(syntax: Syntax, mode: Parsing) -> str:
    """Give the observation that answers a reply without an action."""
    if mode == "strict":
        return syntax.published_error
    return "No action was found in the reply. Expected:\n" + reply(
        "what you think", syntax.expected
    )


def _find_labels(body: str) -> tuple[_Label | None, int, int]:
    """Find the action label that counts, where its region ends, and where the reply ends.

    A label at the head of a line beats an earlier one within a line.
    """
    chosen: _Label | None = None
    following = end = len(body)
    for match in _LABEL.finditer(body):
        start, kind = match.start(), match[1].lower()
        if kind not in _LABELS or body[start - 1 : start].isalpha():
            continue
        heads_line = _heads_line(body, start)
        if kind == "observation" and heads_line:
            end = start
            break
        if chosen is not None and chosen.heads_line:
            if heads_line:
                following = start
                break
        elif kind == "action" and (heads_line or chosen is None):
            chosen = _Label(start, match.end(), heads_line)
    return chosen, min(following, end), end


def _heads_line(body: str, start: int) -> bool:
    """Whether at most a few marks stand between the beginning of the line and `start`."""
    line_start = body.rfind("\n", max(0, start - _MARKS), start) + 1
    near = line_start > 0 or start <= _MARKS
    return near and not body[line_start:start].strip(_DECORATION)


def _labelled(region: str, rest: str, syntax: Syntax) -> tuple[str | None, str | None]:
    """Take the action from the text after its label: (action, rule or None for the label's)."""
    if syntax.kind == "call":
        head = next(call_heads(region, syntax.names), None)
        if head is not None:
            return read_call(region, head, syntax.names), None
        line = _first_line(region)
        name = next((n for n in syntax.names if line and n.lower() == line.lower()), None)
        if name and (given := _INPUT.match(rest, rest.lower().find(name.lower()) + len(name))):
            return f"{name}[{_undress(given[1])}]", "input"
        return line, None
    if syntax.kind == "block":
        return _block(region), None
    return _first_line(region), None


def _unlabelled(body: str, syntax: Syntax) -> Parsed:
    """Find an action in a reply that has no usable action label."""
    if syntax.kind == "call":
        calls = list(call_heads(body, syntax.names))
        leading = next((head for head in calls if _heads_line(body, head.start())), None)
        head = leading or next(iter(calls), None)
        if head is None:
            return Parsed(_thought(body), None, None)
        thought = _thought(body[: head.start()] if leading else body)
        rule = "bare" if leading else "mention"
        return Parsed(thought, read_call(body, head, syntax.names), rule)
    fence = _FENCE.search(body)
    if fence is not None:
        inside = _block(fence[0]) if syntax.kind == "block" else _first_line(fence[2])
        return Parsed(_thought(body[: fence.start()]), inside, "bare" if inside else None)
    lines = _lines(body)
    if syntax.kind == "block":
        openings = tuple(name.lower() for name in syntax.names)
        for start, line in lines:
            if line.lstrip()[:32].lower().startswith(openings):
                return Parsed(_thought(body[:start]), body[start:].strip(), "bare")
        return Parsed(_thought(body), None, None)
    if lines and (len(lines) == 1) != (_label_of(lines[0][1]) == "thought") and len(lines) <= 2:
        start, line = lines[-1]
        if (action := _first_line(line)) is not None:
            return Parsed(_thought(body[:start]), action, "bare")
    return Parsed(_thought(body), None, None)


def _parse_fields(body: str, syntax: Syntax) -> Parsed:
    """Collect `Name: value` pairs in the syntax's order; the first name is required.

    The last field is free text, so its punctuation stays.  A field without a value is not yet
    found: "Action: Answer: C. Action: CLICK" is a labelled answer.
    """
    pattern = re.compile(rf"\b({'|'.join(syntax.names)})[ \t]*+:[ \t*]*+", re.IGNORECASE)
    canonical = {name.lower(): name for name in syntax.names}
    found: dict[str, str] = {}
    matches = list(pattern.finditer(body))
    for match, successor in zip_longest(matches, matches[1:]):
        name = canonical[match[1].lower()]
        if found.get(name):
            break
        text = body[match.end() : successor.start() if successor else len(body)]
        value = _undress((text.lstrip().splitlines() or [""])[0])
        found[name] = value if name == syntax.names[-1] else value.rstrip(".,;) \t")
    if syntax.names[0] not in found:
        return Parsed(_thought(body), None, None)
    action = "\n".join(f"{name}: {found[name]}" for name in syntax.names if name in found)
    return Parsed(_thought(body[: matches[0].start()]), action, "fields")


def _block(region: str) -> str | None:
    """Give the content of the first fenced block, else the whole region."""
    fence = _FENCE.search(region)
    text = (fence[2] if fence else region).strip()
    if len(text) > 1 and text[0] == text[-1] == "`":
        text = text.strip("`").strip()
    return text or None


def _first_line(region: str) -> str | None:
    """Give the first line that says something, without fences, quotes and a final full stop."""
    for line in region.splitlines():
        if line.lstrip().startswith("```") and " " not in line.strip():
            continue
        text = _undress(line.lstrip("> \t"))
        if text:
            return text.removesuffix(".") or None
    return None


def _lines(body: str) -> list[tuple[int, str]]:
    """List the lines that say something, with where each begins."""
    lines, start = [], 0
    for line in body.split("\n"):
        if line.strip(_DECORATION):
            lines.append((start, line))
        start += len(line) + 1
    return lines


def _label_of(line: str) -> str | None:
    match = _LABEL.match(line.lstrip(_DECORATION))
    return match[1].lower() if match else None


def _undress(text: str) -> str:
    """Take off surrounding blanks, and quotes or marks where they surround the whole."""
    text = text.strip()
    for _ in range(_MARKS):
        if len(text) < 2 or text[0] != text[-1] or text[0] not in _QUOTES:
            break
        text = text[1:-1].strip()
    return text.strip("`")


def _thought(text: str) -> str | None:
    """Take the label off a thought."""
    text = text.rstrip(_MARGIN).lstrip("` \t\n")
    match = _LABEL.match(text.lstrip(_DECORATION))
    if match is not None and match[1].lower() == "thought":
        text = text.lstrip(_DECORATION)[match.end() :]
    return text.strip() or None


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A worked example: the first observation, then thought, action and what was seen after it."""

    task: str
    turns: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Prompt:
    """The text around an episode; a file of `data/prompts/`.

    `instruction`: the first user turn.  `formats`: what is appended to it, by action format.
    `acknowledgement`: the constant assistant turn that follows (never trained).
    `observation`: the frame of every observation but the first, with `{observation}` in it.
    `demonstrations`: worked examples, of which `render` shows as many as it is told.
    `history`: whether turns see the turns before them; where not, each is a chat of its own.
    """

    instruction: str
    formats: Mapping[str, str]
    acknowledgement: str
    observation: str
    demonstrations: tuple[Demonstration, ...]
    sha256: str
    history: bool = True

    @classmethod
    def from_json(cls, value: Mapping[str, Any], content: bytes) -> Self:
        """Read a prompt file: its JSON, and its bytes for the hash."""
        return cls(
            instruction=value["instruction"],
            formats=value["formats"],
            acknowledgement=value["acknowledgement"],
            observation=value["observation"],
            demonstrations=tuple(
                Demonstration(
                    example["task"],
                    tuple((t["thought"], t["action"], t["observation"]) for t in example["turns"]),
                )
                for example in value["demonstrations"]
            ),
            sha256=hashlib.sha256(content).hexdigest(),
            history=value.get("history", True),
        )


def reply(thought: str | None, action: str, action_format: ActionFormat = "react") -> str:
    """Write a thought and an action as a model is asked to write them.

    An action of fields brings labels of its own.
    """
    if action_format == "bare":
        return action
    labelled = action if action.startswith(_FIRST_FIELD) else f"Action: {action}"
    return f"Thought: {thought}\n{labelled}" if thought else labelled


def render(
    prompt: Prompt,
    steps: Sequence[Step],
    observation: str | None,
    *,
    examples: int = 1,
    action_format: ActionFormat = "react",
    dropped: int = 0,
) -> list[Message]:
    """Make the chat of an episode so far.

    `steps` are the turns taken, `observation` is what is seen now (None: the chat ends with the
    last reply, as training wants it).  The layout is ETO's: instruction, "OK", examples, then
    the task and the turns.  The first `dropped` turns are left out, never the task before them.
    Raises ValueError if there are fewer demonstrations than `examples`, or turns than `dropped`.
    """
    if examples > len(prompt.demonstrations):
        raise ValueError(
            f"{examples} examples asked for; the prompt holds {len(prompt.demonstrations)}"
        )
    if not prompt.history:
        steps, dropped = (steps[-1:] if observation is None else ()), 0
    messages = [
        Message("user", f"{prompt.instruction}\n\n{prompt.formats[action_format]}"),
        Message("assistant", prompt.acknowledgement),
    ]
    before, after = prompt.observation.split("{observation}")
    for example in prompt.demonstrations[:examples]:
        messages.append(Message("user", example.task))
        for turn, (thought, action, seen) in enumerate(example.turns, start=1):
            messages.append(Message("assistant", reply(thought, action, action_format)))
            if turn < len(example.turns):
                messages.append(Message("user", f"{before}{seen}{after}"))
    seen_texts = [step.observation for step in steps]
    if observation is not None:
        seen_texts.append(observation)
    if dropped and dropped >= len(seen_texts):
        raise ValueError(f"{dropped} of {len(steps)} turns cannot be left out")
    for turn, text in enumerate(seen_texts[dropped:], start=dropped):
        task = f"{seen_texts[0]}\n\n" if 0 < turn == dropped else ""
        messages.append(Message("user", f"{task}{before}{text}{after}" if turn else text))
        if turn < len(steps):
            messages.append(Message("assistant", steps[turn].completion.text))
    return messages
