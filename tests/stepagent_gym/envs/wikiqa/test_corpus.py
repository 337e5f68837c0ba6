"""Finding titles, exactly and by likeness, beside rank-bm25."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from stepagent_gym.envs.wikiqa import corpus
from stepagent_gym.envs.wikiqa.corpus import QuestionCorpus, UnionCorpus, by_fitness
from stepagent_gym.envs.wikiqa.titles import key, words
from stepagent_gym.errors import DataCorrupt
from stepagent_gym.jsonlines import write_json_lines

PARAGRAPHS = [
    ("Ed Wood (film)", "A film about a director."),
    ("Ed Wood", "A director of films."),
    ("Ésme Tarrow", "A singer."),
    ("Southampton", "A city on the south coast of England with a large port."),
    ("Southampton", "A university with research in oceanography."),
    ("The Copper Tide", "A novel."),
    ("The Copper Tide (film)", "A film after the novel."),
    ("!!!", "A band."),
    ("Wood", "What trees are made of."),
    ("Copper", "A metal."),
]


def make(folder, pairs):
    lines = [orjson.dumps({"title": title, "text": text}) + b"\n" for title, text in pairs]
    write_json_lines(folder / corpus.PARAGRAPHS, lines)
    corpus.build_index(folder, [title for title, _ in pairs])
    return UnionCorpus(folder)


@pytest.fixture(scope="module")
def union(tmp_path_factory):
    return make(tmp_path_factory.mktemp("corpus"), PARAGRAPHS)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Ed Wood", [1]),
        ("ed wood", [1]),
        ("Ed_Wood", [1]),
        ("ed wood film", [0]),
        ("Ed Wood (film)", [0]),
        ("esme tarrow", [2]),
        ("E\u0301SME TARROW", [2]),
        ("Southampton", [3, 4]),
        ("!!!", [7]),
        ("Edward Wood", []),
        ("", []),
    ],
)
def test_exact_titles(union, asked, found):
    assert union.find(asked) == found
    assert QuestionCorpus(union, range(len(PARAGRAPHS))).find(asked) == found


def test_a_question_sees_its_own_paragraphs_only(union):
    own = QuestionCorpus(union, [1, 3])
    assert own.find("Southampton") == [3]
    assert own.find("Copper") == []
    assert own.similar("a wood of copper") == ["Ed Wood"]


def test_similar_titles_are_ranked_as_rank_bm25_ranks_them(union):
    titles = list(dict.fromkeys(title for title, _ in PARAGRAPHS))
    exact = BM25Okapi([words(title) for title in titles], k1=corpus.K1, b=corpus.B)
    for asked in ("copper film", "wood", "the tide of copper", "tarrow", "Esme Wood"):
        scores = exact.get_scores(list(dict.fromkeys(words(asked))))
        holders = [n for n, title in enumerate(titles) if set(words(title)) & set(words(asked))]
        order = sorted(holders, key=lambda n: (-round(scores[n], 4), n))[:5]
        assert union.similar(asked) == [titles[n] for n in order]


def test_at_most_five_titles_and_none_without_a_shared_word(union, tmp_path):
    many = make(tmp_path, [(f"River {number}", "x") for number in range(50)])
    assert many.similar("river") == [f"River {number}" for number in range(5)]
    assert many.similar("river 7 8")[:2] == ["River 7", "River 8"]
    assert union.similar("zebra") == []
    assert union.similar("?!") == []


def test_the_paragraph_that_fits_a_query_comes_first(union):
    assert by_fitness(union, [3, 4], "research of the university") == [4, 3]
    assert by_fitness(union, [3, 4], "the port city") == [3, 4]


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), min_size=1, max_size=20))
def test_every_title_is_found(pairs):
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        union = make(Path(folder), pairs)
        for number, (title, _) in enumerate(pairs):
            found = union.find(title)
            if key(title):
                assert number in found
            assert all(key(pairs[other][0]) == key(title) for other in found)
            union.similar(title)


@given(st.text())
def test_keys_forget_case_and_marks(title):
    assert key(title.replace(" ", "_")) == key(title) or not words(title)
    assert key(key(title)) == key(title)


def test_damage_is_said(tmp_path):
    make(tmp_path, PARAGRAPHS)
    (tmp_path / "title_hashes.npy").write_bytes(b"no array")
    with pytest.raises(DataCorrupt, match="prepare the data again"):
        UnionCorpus(tmp_path)
