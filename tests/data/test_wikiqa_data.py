"""The embedded encyclopedia: made by its script, and its questions need all their paragraphs."""

import json
import re
import subprocess
import sys
from collections import Counter
from importlib import import_module

import pytest

from stepagent_gym.datasets import embedded_root, load_prompt, open_dataset, verify
from stepagent_gym.envs.wikiqa.library import Library

BENCHMARKS = ("hotpotqa", "2wikimultihopqa", "musique")


@pytest.fixture(scope="module", params=BENCHMARKS)
def library(request):
    return Library.open(request.param, None)


@pytest.fixture(scope="module")
def questions(library):
    return [library.question(task) for task in library.tasks("all").ids]


def test_the_script_makes_the_files_byte_for_byte(tmp_path):
    root = embedded_root()
    subprocess.run(
        [sys.executable, str(root / "wikiqa" / "make_encyclopedia.py"), str(tmp_path)], check=True
    )
    for benchmark in BENCHMARKS:
        made, kept = tmp_path / benchmark / "prepared", root / benchmark / "prepared"
        files = sorted(path.relative_to(made) for path in made.rglob("*.*"))
        assert files == sorted(path.relative_to(kept) for path in kept.rglob("*.*"))
        assert [f for f in files if (made / f).read_bytes() != (kept / f).read_bytes()] == []


def make_more(folder, *options):
    script = embedded_root() / "wikiqa" / "make_encyclopedia.py"
    return subprocess.run(
        [sys.executable, str(script), str(folder), *options],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_script_makes_more_questions_over_the_same_articles(tmp_path):
    made = make_more(tmp_path, "--datasets", "hotpotqa", "--times", "3", "--name", "many")
    assert made.returncode == 0, made.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["hotpotqa"]
    library = Library.open("hotpotqa", tmp_path / "hotpotqa" / "prepared")
    questions = [library.question(task) for task in library.tasks("all").ids]
    assert library.dataset.name == "many"
    assert len({q.question for q in questions}) == len(questions) == 3 * 210
    assert Counter(q.kind for q in questions) == {"bridge": 450, "comparison": 180}


def test_more_questions_than_the_articles_hold_are_refused(monkeypatch):
    """The search ends after so many draws without a new one, and says how far it came."""
    monkeypatch.syspath_prepend(str(embedded_root() / "wikiqa"))
    questions, script = import_module("questions"), import_module("make_encyclopedia")
    monkeypatch.setattr(questions, "TRIES", 60)
    words = json.loads((embedded_root() / "wikiqa" / "vocabulary.json").read_text())
    world = script.make_world(words)
    book = questions.Book(world, script.make_articles(world))
    with pytest.raises(ValueError, match=r"are wanted, and there are no more than \d+; make fewer"):
        script.make_hotpotqa(book, 50)


def test_the_prompts_are_made_byte_for_byte(tmp_path):
    prompts = embedded_root() / "prompts"
    subprocess.run([sys.executable, str(prompts / "make_wikiqa.py"), str(tmp_path)], check=True)
    for benchmark in BENCHMARKS:
        name = f"{benchmark}.json"
        assert (tmp_path / name).read_bytes() == (prompts / name).read_bytes()
        assert len(load_prompt(benchmark).demonstrations) == 3


def test_files_are_as_their_manifest_says(library):
    verify(open_dataset(library.dataset.benchmark))


def test_it_is_large_and_varied(library, questions):
    titles = {library.corpus.paragraph(n)[0] for n in range(len(library.corpus))}
    assert len(titles) >= 400
    assert len(questions) >= 150
    assert len({q.question for q in questions}) == len(questions)
    kinds = {q.kind for q in questions}
    assert (
        kinds
        == {
            "hotpotqa": {"bridge", "comparison"},
            "2wikimultihopqa": {"compositional", "comparison", "bridge_comparison", "inference"},
            "musique": {"2hop", "3hop", "4hop"},
        }[library.dataset.benchmark]
    )
    assert {len(q.supporting) for q in questions} <= {2, 3, 4}


def test_an_answer_needs_more_than_one_paragraph(library, questions):
    """In a chain only the last paragraph holds the answer, and the question names its first alone;
    in a comparison, no paragraph names the other side."""
    for q in questions:
        texts = [
            " ".join(library.corpus.paragraph(n)[1] for n in library.corpus.find(title))
            for title in q.supporting
        ]
        if "comparison" in q.kind:
            first, second = q.supporting[0], q.supporting[1]
            assert bare(second) not in texts[0] or bare(first) not in texts[1]
            continue
        assert q.answer.casefold() not in q.question.casefold(), q.question
        for title in q.supporting[1:]:
            assert bare(title).casefold() not in q.question.casefold(), q.question
        assert q.answer in texts[-1] or any(alias in texts[-1] for alias in q.aliases)
        own = [library.corpus.paragraph(n) for n in q.paragraphs]
        first_texts = [text for title, text in own if title == q.supporting[0]]
        assert not any(q.answer in text for text in first_texts), q.question


def test_splits_are_apart(library):
    splits = {name: set(library.tasks(name).ids) for name in ("train", "dev", "test")}
    assert len(set.union(*splits.values())) == sum(map(len, splits.values()))
    assert all(len(ids) >= 40 for ids in splits.values())


def bare(title):
    return re.sub(r" \(.*\)", "", title)
