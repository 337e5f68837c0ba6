"""The files that questions and paragraphs are read from, in every schema that is in use.

    .json     a list of rows, or an object of paragraphs by title; streamed
    .jsonl    a row a line (a .json file of lines is read as such)
    .csv      columns as the rows' keys, lists written as JSON, Python or numpy prints
    .txt      worked examples: "Wikipedia Title: ...", "Q: ...", "A: ... So the answer is: ..."

each plain or gzipped.  A row is a question with its paragraphs in one of three schemas:

    original      context: [[title, [sentence, ...]], ...], supporting_facts: [[title, index], ...]
    Hugging Face  context: {title: [...], sentences: [[...], ...]}, supporting_facts: {title: [...]}
    MuSiQue       paragraphs: [{title, paragraph_text, is_supporting}, ...], question_decomposition

or without paragraphs; or it is a paragraph alone: {title, text}.  `id_aliases.json` (2Wiki) holds
other names of answers.
"""

import ast
import csv
import gzip
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

import ijson
import orjson

from stepagent_gym.envs.wikiqa.titles import words
from stepagent_gym.errors import DataCorrupt, UsageError

ALIASES = "id_aliases.json"
_ENDINGS = (".json", ".jsonl", ".csv", ".txt")
_LONGEST_FIELD = 1 << 24


class Paragraph(NamedTuple):
    """A paragraph of the corpus."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A question as its file gives it; `id` and `answer` are None where the file has none."""

    id: str | None
    question: str
    answer: str | None
    aliases: tuple[str, ...]
    answer_id: str | None
    kind: str
    level: str
    supporting: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]


def find_files(paths: Sequence[Path]) -> list[Path]:
    """List the files to read, those of folders in the order of their names; `UsageError` if none.

    Files of folders that no schema fits by their ending are left alone; such a file given by name
    is refused.
    """
    files = []
    for given in paths:
        for path in sorted(given.iterdir()) if given.is_dir() else [given]:
            if path.is_file() and path.name.removesuffix(".gz").endswith(_ENDINGS):
                files.append(path)
            elif path is given:
                raise UsageError(f"{path} is none of {', '.join(_ENDINGS)} (or one of them .gz)")
    if not files:
        raise UsageError(f"no {', '.join(_ENDINGS)} files in {', '.join(map(str, paths))}")
    return files


def read_file(path: Path) -> Iterator[Row | Paragraph]:
    """Read the questions and single paragraphs of a file; `DataCorrupt` names file and row."""
    row = 0
    try:
        for value in _values(path):
            row += 1
            yield _record(value)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise DataCorrupt(f"{path}, row {row}: not in a known schema ({error!r})") from error
    except (OSError, EOFError) as error:
        raise DataCorrupt(f"{path} cannot be read: {error}") from error


def read_aliases(path: Path) -> dict[str, tuple[str, ...]]:
    """Read 2Wiki's `id_aliases.json`: other names and demonyms by entity, a line each."""
    try:
        with _open(path) as file:
            rows = [orjson.loads(line) for line in file if line.strip()]
        return {row["Q_id"]: (*row["aliases"], *row.get("demonyms", ())) for row in rows}
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise DataCorrupt(f"{path} is no list of aliases: {error!r}") from error


def _values(path: Path) -> Iterator[Any]:
    name = path.name.removesuffix(".gz")
    with _open(path) as file:
        if name.endswith(".csv"):
            csv.field_size_limit(_LONGEST_FIELD)
            with io.TextIOWrapper(file, "utf-8", newline="") as text:
                yield from csv.DictReader(text)
        elif name.endswith(".txt"):
            yield from _examples(file.read().decode())
        else:
            yield from _json_values(file, path)


def _json_values(file: BinaryIO, path: Path) -> Iterator[Any]:
    head = file.read(256).lstrip()
    file.seek(0)
    try:
        if head.startswith(b"["):
            yield from ijson.items(file, "item", use_float=True)
        elif (
            path.name.removesuffix(".gz").endswith(".jsonl") or b'"_id"' in head or b'"id"' in head
        ):
            yield from (orjson.loads(line) for line in file if line.strip())
        else:
            for title, sentences in ijson.kvitems(file, ""):
                yield {"title": title, "text": sentences}
    except ijson.JSONError as error:
        raise ValueError(f"malformed JSON: {error}") from error


def _open(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _record(value: Mapping[str, Any]) -> Row | Paragraph:
    if "question" not in value:
        return Paragraph(str(value["title"]), _joined(value["text"]))
    identity = value.get("_id", value.get("id"))
    answer = value.get("answer")
    paragraphs, supporting = _context(value)
    kind = value.get("type") or ""
    if "question_decomposition" in value:
        kind = f"{len(_literal(value['question_decomposition']))}hop"
    question = str(value["question"]).strip()
    if not question:
        raise ValueError("the question is empty")
    return Row(
        id=None if identity in (None, "") else str(identity),
        question=question,
        answer=None if answer is None else str(answer),
        aliases=tuple(map(str, _literal(value.get("answer_aliases") or ()))),
        answer_id=value.get("answer_id") or None,
        kind=str(kind),
        level=str(value.get("level") or ""),
        supporting=supporting,
        paragraphs=paragraphs,
    )


def _context(value: Mapping[str, Any]) -> tuple[tuple[Paragraph, ...], tuple[str, ...]]:
    """Read a row's paragraphs, and its supporting titles in reasoning order."""
    if "paragraphs" in value:
        rows = _literal(value["paragraphs"])
        hops = _literal(value.get("question_decomposition") or ())
        own = tuple(Paragraph(row["title"], row["paragraph_text"].strip()) for row in rows)
        places = [hop["paragraph_support_idx"] for hop in hops]
        by_place = {row["idx"]: row["title"] for row in rows}
        titles = [by_place[place] for place in places if place is not None]
        titles += [row["title"] for row in rows if row["is_supporting"]]
        return own, tuple(dict.fromkeys(titles))
    context = _literal(value.get("context") or ())
    if isinstance(context, Mapping):
        context = zip(context["title"], context["sentences"], strict=True)
    own = tuple(Paragraph(title, _joined(sentences)) for title, sentences in context)
    facts = _literal(value.get("supporting_facts") or ())
    titles = facts["title"] if isinstance(facts, Mapping) else [title for title, _ in facts]
    ordered = _reasoning_order(tuple(dict.fromkeys(titles)), own, value)
    return own, ordered


def _reasoning_order(
    titles: tuple[str, ...], paragraphs: Sequence[Paragraph], value: Mapping[str, Any]
) -> tuple[str, ...]:
    """Order supporting titles as one would look them up.

    2Wiki's stand in that order (its rows have `evidences`).  HotpotQA's do not: what the question
    names comes first, then what another supporting paragraph names, and the paragraph that holds
    the answer comes last.
    """
    if "evidences" in value or len(titles) < 2:
        return titles
    texts = dict(paragraphs)
    question = f" {' '.join(words(str(value['question'])))} "
    answer = str(value.get("answer"))

    def rank(title: str) -> tuple[bool, bool, bool]:
        named = f" {' '.join(words(re.sub(r'[(].*?[)]', '', title)))} " in question
        led_to = any(title in texts.get(other, "") for other in titles if other != title)
        return (not named, led_to, answer in texts.get(title, ""))

    return tuple(sorted(titles, key=rank))


def _joined(sentences: Any) -> str:
    """Make a text of sentences, whether or not each begins with a blank."""
    if isinstance(sentences, str):
        return sentences.strip()
    return " ".join(stripped for sentence in sentences if (stripped := sentence.strip()))


def _literal(value: Any) -> Any:
    """Read a list or dict that a CSV cell holds as text: JSON, Python or numpy's print of it."""
    if not isinstance(value, str):
        return value
    try:
        return _evaluate(ast.parse(value.strip(), mode="eval").body)
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError(f"a cell is neither a list nor a dict: {value[:80]!r}") from error


def _evaluate(node: ast.expr) -> Any:
    """Evaluate literals and `array([...], dtype=...)`, and nothing else."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.List | ast.Tuple):
        return [_evaluate(item) for item in node.elts]
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return {_evaluate(key): _evaluate(item) for key, item in pairs if key is not None}
    if isinstance(node, ast.Name) and node.id in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[node.id]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "array":
        return _evaluate(node.args[0])
    raise ValueError(f"a cell holds {ast.unparse(node)[:80]!r}")


def _examples(text: str) -> Iterator[Mapping[str, Any]]:
    """Read worked examples, each headed by "# METADATA: {...}"."""
    for part in re.split(r"^# METADATA: ", text, flags=re.MULTILINE)[1:]:
        header, _, body = part.partition("\n")
        found = re.search(r"^Q: (.*)\n+A: ?(.*)", body, re.MULTILINE)
        if found is None:
            raise ValueError("an example has no 'Q:' with an 'A:' after it")
        pieces = re.split(r"^Wikipedia Title: ", body[: found.start()], flags=re.MULTILINE)[1:]
        context = [
            [title.strip(), [text]] for title, _, text in (p.partition("\n") for p in pieces)
        ]
        answer = found[2].rpartition("So the answer is:")[2].strip().removesuffix(".")
        yield {
            "_id": orjson.loads(header)["qid"],
            "question": found[1],
            "answer": answer,
            "context": context,
        }
