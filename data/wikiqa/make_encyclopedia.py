"""Make the embedded question sets: three datasets over one invented encyclopedia.

    python data/wikiqa/make_encyclopedia.py [FOLDER] [--datasets hotpotqa ...] [--times N]

Writes the datasets in their original schemas, and prepares them into `hotpotqa/prepared`,
`2wikimultihopqa/prepared` and `musique/prepared` of FOLDER (`data/` unless told), byte for byte the
same on every machine.  Without options these are the embedded questions.  Words come from
`vocabulary.json`; the land, its people and its works are invented.

What makes them worth solving: every question needs all its paragraphs; the others of its context
share names and words with them; titles differ by a parenthesis alone; the wording varies.
"""

import json
import random
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, get_args

import tyro
from articles import make_articles
from makers import make_world
from questions import TRIES, Book, Comparer, Hop, Paragraph, contains
from world import SEED, Entity

from stepagent_gym.datasets import write_manifest
from stepagent_gym.envs.wikiqa.prepare import Options, prepare

HERE = Path(__file__).parent
Record = dict[str, Any]
Dataset = Literal["hotpotqa", "2wikimultihopqa", "musique"]


@dataclass(frozen=True)
class Questions:
    """Make questions over the encyclopedia."""

    folder: tyro.conf.Positional[Path] = HERE.parent
    """They are written to `<dataset>/prepared/` in this folder."""
    datasets: tuple[Dataset, ...] = get_args(Dataset)
    times: int = 1
    """So many times as many questions as are embedded, of the same articles."""
    name: str = "embedded"
    """Name of the set in its manifest."""


def make_context(
    book: Book, question: str, hops: list[Hop], rng: random.Random, gap: str
) -> list[Any]:
    """Give ten paragraphs, with the supporting ones, as titles and sentences."""
    supporting = [book.paragraph(hop) for hop in hops]
    paragraphs = supporting + book.near(question, supporting, 10 - len(supporting), lead=True)
    rng.shuffle(paragraphs)
    return [
        [p.entity.title, [p.sentences[0], *(gap + sentence for sentence in p.sentences[1:])]]
        for p in paragraphs
    ]


def make_hotpotqa(book: Book, times: int) -> list[Record]:
    """Make bridge questions of two hops, and comparisons."""
    rng = random.Random(f"{SEED} hotpotqa")
    made: list[tuple[str, str, str, str, list[Hop]]] = []
    for question, chain in book.chains(rng, 150, 2, lead=True, times=times):
        level = "hard" if isinstance(chain[-1].value, Entity) else "medium"
        made.append(("bridge", level, question, chain[-1].answer, chain))
    for item in Comparer(book, rng).make(book.world.words["comparisons"], 60 * times):
        level = "medium" if item.chosen else "easy"
        made.append(("comparison", level, item.question, item.answer, item.hops))
    rng.shuffle(made)
    return [
        {
            "_id": f"{rng.getrandbits(96):024x}",
            "question": question,
            "answer": answer,
            "type": kind,
            "level": level,
            "supporting_facts": [[hop.subject.title, hop.sentence] for hop in hops],
            "context": make_context(book, question, hops, rng, " "),
        }
        for kind, level, question, answer, hops in made
    ]


def make_kinship(book: Book, rng: random.Random, count: int) -> list[tuple[str, list[Hop]]]:
    """Make questions about relatives that no article names as such."""
    found: dict[str, tuple[str, list[Hop]]] = {}
    failed = 0
    while len(found) < count:
        if (failed := failed + 1) > TRIES:
            raise ValueError(
                f"{count} questions about relatives are wanted, and there are no more than "
                f"{len(found)}; make fewer"
            )
        rule = rng.choice(book.world.words["kinship"])
        person = rng.choice(book.world.kinds["person"])
        chain: list[Hop] = []
        for relation in rule["path"]:
            end = chain[-1].value if chain else person
            if isinstance(end, Entity) and (hop := book.hop(end, relation)):
                chain.append(hop)
        if len(chain) < len(rule["path"]):
            continue
        question = rng.choice(rule["ask"]).format(book.mention(person, rng))
        if book.is_sound(question, chain):
            found[f"{person.number} {rule['path']}"] = question, chain
            failed = 0
    return list(found.values())


def make_2wiki(book: Book, times: int) -> list[Record]:
    """Make the four types of questions, with the facts behind them."""
    rng = random.Random(f"{SEED} 2wikimultihopqa")
    words = book.world.words
    made: list[tuple[str, str, str, Entity | str | None, list[Hop]]] = []
    for kind, chains in (
        ("compositional", book.chains(rng, 80, 2, lead=True, times=times)),
        ("inference", make_kinship(book, rng, 36 * times)),
    ):
        made += [(kind, question, c[-1].answer, c[-1].value, c) for question, c in chains]
    for kind, patterns, count in (
        ("comparison", words["comparisons"], 52),
        ("bridge_comparison", words["bridge_comparisons"], 40),
    ):
        for item in Comparer(book, rng).make(patterns, count * times):
            made.append((kind, item.question, item.answer, item.chosen, item.hops))
    rng.shuffle(made)
    return [
        {
            "_id": f"{rng.getrandbits(128):032x}",
            "type": kind,
            "question": question,
            "answer": answer,
            "answer_id": f"Q{value.number + 1}" if isinstance(value, Entity) else None,
            "supporting_facts": [[hop.subject.title, hop.sentence] for hop in hops],
            "evidences": [
                [hop.subject.name, words["relations"][hop.relation]["label"], hop.answer]
                for hop in hops
            ],
            "context": make_context(book, question, hops, rng, ""),
        }
        for kind, question, answer, value, hops in made
    ]


def make_id_aliases(book: Book, records: list[Record]) -> list[Record]:
    """Give the other names of the answers."""
    answers = {record["answer_id"] for record in records}
    return [
        {"Q_id": number, "aliases": entity.aliases, "demonyms": []}
        for entity in book.world.entities
        if entity.aliases and (number := f"Q{entity.number + 1}") in answers
    ]


def make_musique(book: Book, times: int) -> list[Record]:
    """Make questions of two, three and four hops, with their decompositions."""
    rng = random.Random(f"{SEED} musique")
    made = [
        (prefix, *pair)
        for prefix, length, count in (("2hop", 2, 90), ("3hop1", 3, 60), ("4hop1", 4, 40))
        for pair in book.chains(rng, count, length, lead=False, times=times)
    ]
    rng.shuffle(made)
    facts = [
        (entity, hop.relation) for entity in book.articles for hop in book.hops(entity, lead=False)
    ]
    numbers = {fact: number for number, fact in enumerate(facts, start=1)}
    return [make_musique_record(book, *item, numbers, rng) for item in made]


def make_musique_record(
    book: Book,
    prefix: str,
    question: str,
    chain: list[Hop],
    numbers: dict[tuple[Entity, str], int],
    rng: random.Random,
) -> Record:
    """Write one question of MuSiQue's form; other paragraphs of the same titles come along."""
    supporting = [book.paragraph(hop) for hop in chain]
    others = [
        paragraph
        for hop in chain
        for place in range(3)
        if (paragraph := book.paragraphs.get((hop.subject, place))) and paragraph not in supporting
    ]
    paragraphs: list[Paragraph] = [*supporting, *others]
    paragraphs += book.near(question, paragraphs, 20 - len(paragraphs), lead=False)
    rng.shuffle(paragraphs)
    ids = [numbers[hop.subject, hop.relation] for hop in chain]
    things = [book.mention(chain[0].subject, rng), *(f"#{n}" for n in range(1, len(chain)))]
    return {
        "id": f"{prefix}__{'_'.join(map(str, ids))}",
        "paragraphs": [
            {
                "idx": place,
                "title": paragraph.entity.title,
                "paragraph_text": paragraph.text,
                "is_supporting": paragraph in supporting,
            }
            for place, paragraph in enumerate(paragraphs)
        ],
        "question": question,
        "question_decomposition": [
            {
                "id": number,
                "question": book.ask(hop.relation, thing, rng),
                "answer": hop.answer,
                "paragraph_support_idx": paragraphs.index(book.paragraph(hop)),
            }
            for number, thing, hop in zip(ids, things, chain, strict=True)
        ],
        "answer": chain[-1].answer,
        "answer_aliases": chain[-1].answers()[1:],
        "answerable": True,
    }


def check_chain(question: str, answer: str, supporting: list[tuple[str, str]]) -> None:
    """Assert that a question needs all its paragraphs, given as titles and texts in order."""
    titles = [re.sub(r" \([^()]*\)$", "", title) for title, _ in supporting]
    texts = [text for _, text in supporting]
    assert len(set(supporting)) == len(supporting), question
    for title, earlier in zip(titles[1:], texts, strict=False):
        assert contains(earlier, title), question
        assert not contains(question, title), question
    assert [contains(text, answer) for text in texts] == [False] * (len(texts) - 1) + [True], (
        question
    )
    assert not contains(question, answer), question


def check_comparison(record: Record, supporting: list[tuple[str, str]]) -> None:
    """Assert that a comparison has its facts in paragraphs of two entities, apart."""
    titles = [re.sub(r" \([^()]*\)$", "", title) for title, _ in supporting]
    texts = [text for _, text in supporting]
    question = record["question"]
    assert record["answer"] in ("yes", "no", *titles[:2]), question
    assert len(set(titles)) == len(titles), question
    assert len(titles) in (2, 4), question
    for place, title in enumerate(titles):
        assert contains(question, title) == (place < 2), question
        tellers = [contains(text, title) for text in texts]
        assert sum(tellers) == (1 if place < 2 else 2), question
        assert tellers[place], question


def check(records: list[Record]) -> None:
    """Assert of HotpotQA's and 2WikiMultihopQA's records what makes them multi-hop."""
    assert len({record["_id"] for record in records}) == len(records)
    assert len({record["question"] for record in records}) == len(records)
    for record in records:
        texts = {title: " ".join(sentences) for title, sentences in record["context"]}
        assert len(texts) == len(record["context"]) == 10, record["question"]
        supporting = [(title, texts[title]) for title, _ in record["supporting_facts"]]
        if "comparison" in record["type"]:
            check_comparison(record, supporting)
        else:
            check_chain(record["question"], record["answer"], supporting)


def check_functional(records: list[Record]) -> None:
    """Assert of 2WikiMultihopQA's evidence that a relation of an article has one object only."""
    objects: dict[tuple[str, str], str] = {}
    for record in records:
        for (title, _), (_, relation, value) in zip(
            record["supporting_facts"], record["evidences"], strict=True
        ):
            assert objects.setdefault((title, relation), value) == value, (title, relation)


def check_musique(records: list[Record]) -> None:
    """Assert of MuSiQue's records what makes them multi-hop."""
    assert len({record["id"] for record in records}) == len(records)
    assert len({record["question"] for record in records}) == len(records)
    for record in records:
        paragraphs = record["paragraphs"]
        steps = [step["paragraph_support_idx"] for step in record["question_decomposition"]]
        assert sorted(steps) == [p["idx"] for p in paragraphs if p["is_supporting"]]
        assert len(paragraphs) == 20
        supporting = [(paragraphs[i]["title"], paragraphs[i]["paragraph_text"]) for i in steps]
        check_chain(record["question"], record["answer"], supporting)


def write_hotpotqa(book: Book, times: int, source: Path) -> None:
    """Write HotpotQA's file."""
    records = make_hotpotqa(book, times)
    check(records)
    write(source / "questions.json", json.dumps(records, ensure_ascii=False, indent=0))


def write_2wiki(book: Book, times: int, source: Path) -> None:
    """Write 2WikiMultihopQA's two files."""
    records = make_2wiki(book, times)
    check(records)
    check_functional(records)
    write(source / "questions.json", json.dumps(records, ensure_ascii=False, indent=0))
    write(source / "id_aliases.json", lines(make_id_aliases(book, records)))


def write_musique(book: Book, times: int, source: Path) -> None:
    """Write MuSiQue's file."""
    records = make_musique(book, times)
    check_musique(records)
    write(source / "questions.jsonl", lines(records))


WRITERS: Mapping[Dataset, Callable[[Book, int, Path], None]] = {
    "hotpotqa": write_hotpotqa,
    "2wikimultihopqa": write_2wiki,
    "musique": write_musique,
}


def lines(records: list[Record]) -> str:
    """Write records one to a line."""
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records)


def write(file: Path, text: str) -> None:
    """Write a text that ends with one newline."""
    file.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def main(questions: Questions) -> None:
    """Prepare the datasets; their sources are written aside and not kept."""
    world = make_world(json.loads((HERE / "vocabulary.json").read_text(encoding="utf-8")))
    book = Book(world, make_articles(world))
    for benchmark in questions.datasets:
        with TemporaryDirectory() as source:
            WRITERS[benchmark](book, questions.times, Path(source))
            prepared = questions.folder / benchmark / "prepared"
            shutil.rmtree(prepared, ignore_errors=True)
            prepared.mkdir(parents=True)
            result = prepare([Path(source)], prepared, Options())
            write_manifest(prepared, benchmark, questions.name, result)


if __name__ == "__main__":
    main(tyro.cli(Questions))
