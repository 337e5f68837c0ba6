"""Every schema is read, streamed, and its faults are named."""

import gzip
import json

import pytest

from stepagent_gym.datasets import open_dataset, prepare
from stepagent_gym.envs.wikiqa.library import Library
from stepagent_gym.envs.wikiqa.prepare import Options
from stepagent_gym.envs.wikiqa.sources import Paragraph, read_file
from stepagent_gym.errors import DataCorrupt, UsageError

CONTEXT = [["Ann", ["Ann was born in Rome.", " She sang."]], ["Rome", ["Rome is a city."]]]
ROW = {
    "_id": "a1", "question": "Where is Ann from?", "answer": "Rome", "type": "bridge",
    "supporting_facts": [["Rome", 0], ["Ann", 0]], "context": CONTEXT,
}  # fmt: skip
HF = {
    **ROW, "supporting_facts": {"title": ["Rome", "Ann"], "sent_id": [0, 0]},
    "context": {"title": ["Ann", "Rome"], "sentences": [CONTEXT[0][1], CONTEXT[1][1]]},
}  # fmt: skip
MUSIQUE = {
    "id": "2hop__1_2", "question": "Where was the singer born?", "answer": "Rome",
    "answer_aliases": ["Roma"], "answerable": True,
    "paragraphs": [
        {"idx": 0, "title": "Rome", "paragraph_text": "Rome is a city.", "is_supporting": True},
        {"idx": 1, "title": "Ann", "paragraph_text": "Ann sang.", "is_supporting": True},
    ],
    "question_decomposition": [
        {"id": 1, "question": "who sang", "answer": "Ann", "paragraph_support_idx": 1},
        {"id": 2, "question": "#1 born", "answer": "Rome", "paragraph_support_idx": 0},
    ],
}  # fmt: skip


def numpy_print(row):
    text = "{'title': array(['Ann', 'Rome'],\n      dtype=object), 'sentences': array([array(["
    text += "'Ann was born in Rome.', ' She sang.'],\n dtype=object), array(['Rome is a city.'], "
    return text + "dtype=object)], dtype=object)}"


@pytest.mark.parametrize("row", [ROW, HF])
@pytest.mark.parametrize("form", ["json", "jsonl", "json.gz"])
def test_both_schemas_of_contexts(tmp_path, row, form):
    file = tmp_path / f"dev.{form}"
    text = json.dumps([row]) if form.startswith("json") and form != "jsonl" else json.dumps(row)
    file.write_bytes(gzip.compress(text.encode()) if form.endswith("gz") else text.encode())
    (read,) = read_file(file)
    assert read.paragraphs == (
        Paragraph("Ann", "Ann was born in Rome. She sang."),
        Paragraph("Rome", "Rome is a city."),
    )
    assert read.supporting == ("Ann", "Rome")
    assert (read.id, read.answer, read.kind) == ("a1", "Rome", "bridge")


def test_musiques_hops_give_the_order(tmp_path):
    file = tmp_path / "dev.jsonl"
    file.write_text(json.dumps(MUSIQUE) + "\n")
    (read,) = read_file(file)
    assert read.supporting == ("Ann", "Rome")
    assert (read.kind, read.aliases) == ("2hop", ("Roma",))


def test_csv_cells_hold_numpys_print(tmp_path):
    file = tmp_path / "sample.csv"
    quoted = numpy_print(ROW).replace('"', '""')
    facts = "{'title': array(['Ann'], dtype=object), 'sent_id': array([0], dtype=int32)}"
    file.write_text(
        "id,question,answer,type,level,supporting_facts,context\n"
        f'a1,Where is Ann from?,Rome,bridge,easy,"{facts}","{quoted}"\n'
    )
    (read,) = read_file(file)
    assert [p.title for p in read.paragraphs] == ["Ann", "Rome"]
    assert read.paragraphs[0].text == "Ann was born in Rome. She sang."


def test_cells_are_not_executed(tmp_path):
    file = tmp_path / "evil.csv"
    file.write_text("id,question,answer,context\na,b,c,\"__import__('os').getcwd()\"\n")
    with pytest.raises(DataCorrupt, match=r"evil\.csv, row 1"):
        list(read_file(file))


@pytest.mark.parametrize(
    ("name", "content", "row"),
    [
        ("a.json", '[{"question": "q", "answer": "a", "context": [["T"]]}]', "row 1"),
        ("a.json", "[1, 2]", "row 1"),
        ("a.jsonl", '{"question": "q", "answer": "a"}\n{broken\n', "row 1"),
        ("a.json", '[{"question": ""}]', "row 1"),
        ("a.json", '[{"question": "q"', "row 0"),
        ("a.txt", '# METADATA: {"qid": "x"}\nnothing\n', "row 0"),
    ],
)
def test_a_fault_names_file_and_row(tmp_path, name, content, row):
    file = tmp_path / name
    file.write_text(content)
    with pytest.raises(DataCorrupt, match=rf"{name}, {row}"):
        list(read_file(file))


def test_rows_without_paragraphs_or_answers_are_counted(tmp_path):
    bare = {"question": "What?", "answer": "That", "id": 7}
    (tmp_path / "dev.json").write_text(json.dumps([ROW, bare, {"question": "Unanswered?"}]))
    told = []
    dataset = prepare(
        "hotpotqa", [str(tmp_path)], report=lambda line, share=None: told.append(line)
    )
    assert dataset.counts["without_paragraphs"] == 1
    assert dataset.counts["without_answer"] == 1
    assert any("no paragraphs of their own" in line for line in told)
    library = Library.open("hotpotqa", "hotpotqa")
    assert library.tasks("all").ids == ("a1", "7")


def test_the_same_id_merges_or_is_told_apart(tmp_path):
    bare = {key: ROW[key] for key in ("_id", "question", "answer")}
    other = {**bare, "question": "Another question?"}
    (tmp_path / "a_dev.json").write_text(json.dumps([bare]))
    (tmp_path / "b_dev.json").write_text(json.dumps([ROW, other]))
    dataset = prepare("hotpotqa", [str(tmp_path)])
    library = Library.open("hotpotqa", "hotpotqa")
    assert library.tasks("all").ids == ("a1", "b_dev/a1")
    assert library.question("a1").paragraphs == (0, 1)
    assert dataset.counts["repeated"] == 1


def test_2wikis_aliases(tmp_path):
    (tmp_path / "dev.json").write_text(json.dumps([{**ROW, "answer_id": "Q1", "evidences": []}]))
    alias = {"Q_id": "Q1", "aliases": ["Roma"], "demonyms": ["Roman"]}
    (tmp_path / "id_aliases.json").write_text(json.dumps(alias) + "\n")
    prepare("2wikimultihopqa", [str(tmp_path)])
    question = Library.open("2wikimultihopqa", "2wikimultihopqa").question("a1")
    assert question.aliases == ("Roma", "Roman")
    assert question.supporting == ("Rome", "Ann")


def test_splits_are_drawn_as_react_draws_them(tmp_path):
    import random

    rows = [{"question": f"q{n}", "answer": "a", "id": n} for n in range(1200)]
    train = [{"question": f"t{n}", "answer": "a", "id": f"t{n}"} for n in range(50)]
    (tmp_path / "dev.json").write_text(json.dumps(rows))
    (tmp_path / "train.json").write_text(json.dumps(train))
    prepare("hotpotqa", [str(tmp_path)], options=Options(train=30))
    library = Library.open("hotpotqa", "hotpotqa")
    order = list(range(1200))
    random.Random(233).shuffle(order)
    assert library.tasks("test").ids == tuple(map(str, order[:500]))
    assert library.tasks("dev").ids == tuple(map(str, order[500:1000]))
    assert len(library.tasks("train").ids) == 30
    assert len(library.tasks("train_pool").ids) == 50
    with pytest.raises(UsageError, match="train_pool"):
        library.tasks("validation")


def test_one_pool_is_shared_out(tmp_path):
    rows = [{"question": f"q{n}", "answer": "a", "id": n} for n in range(40)]
    (tmp_path / "some.json").write_text(json.dumps(rows))
    prepare("musique", [str(tmp_path / "some.json")])
    tasks = {name: set(Library.open("musique", "musique").tasks(name).ids)
             for name in ("train", "dev", "test")}  # fmt: skip
    assert {name: len(ids) for name, ids in tasks.items()} == {"train": 20, "dev": 10, "test": 10}
    assert len(set.union(*tasks.values())) == 40


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        ('[{"question": "q"}]', DataCorrupt, "no question with an answer"),
        (None, UsageError, r"none of \.json"),
    ],
)
def test_what_cannot_be_prepared(tmp_path, content, error, said):
    file = tmp_path / ("dev.json" if content else "dev.parquet")
    file.write_text(content or "PAR1")
    with pytest.raises(error, match=said):
        prepare("hotpotqa", [str(file)])


@pytest.mark.parametrize(
    ("benchmark", "questions", "paragraphs"),
    [("hotpotqa", 17_034, 10_816), ("musique", 220, 3_747), ("2wikimultihopqa", 620, 9_250)],
)
def test_every_real_schema(realdata, benchmark, questions, paragraphs):
    dataset = prepare(benchmark, [str(realdata / "qa" / benchmark)])
    assert (dataset.counts["questions"], dataset.counts["paragraphs"]) == (questions, paragraphs)
    library = Library.open(benchmark, benchmark)
    whole = [
        question
        for task in library.tasks("all").ids
        if (question := library.question(task)).paragraphs and question.supporting
    ]
    assert len(whole) >= 200
    for question in whole:
        own = {library.corpus.paragraph(number)[0] for number in question.paragraphs}
        assert len(set(question.supporting) & own) >= len(question.supporting) - 1
    assert open_dataset(benchmark, benchmark).data_hash == dataset.data_hash
