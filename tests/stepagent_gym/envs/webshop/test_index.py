import gzip
import json
import math
import pickle
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from stepagent_gym.envs.webshop import index as module
from stepagent_gym.envs.webshop.analysis import analyze
from stepagent_gym.envs.webshop.index import SearchIndex
from stepagent_gym.envs.webshop.index_build import build_index
from stepagent_gym.errors import DataCorrupt

FILES = (
    "buckets",
    "documents",
    "impacts",
    "lengths",
    "peaks",
    "posting_starts",
    "saturations",
    "term_starts",
    "terms",
)


def lucene_scores(texts: list[str], query: str) -> list[float]:
    """Score texts one posting at a time, with the operations of Lucene's BM25Similarity."""
    f = np.float32
    terms = [analyze(text) for text in texts]
    count = sum(map(bool, terms))
    average = f(sum(map(len, terms)) / max(count, 1))
    totals = [0.0] * len(texts)
    for term, repeats in Counter(analyze(query)).items():
        found = sum(term in of for of in terms)
        weight = f(repeats) * f(math.log(1 + (count - found + 0.5) / (found + 0.5)))
        for i, of in enumerate(terms):
            if term in of:
                length = f(stored_length(len(of)))
                inverse = f(1) / (f(0.9) * ((f(1) - f(0.4)) + f(0.4) * length / average))
                totals[i] += float(weight - weight / (f(1) + f(of.count(term)) * inverse))
    return [float(f(total)) for total in totals]


def stored_length(length: int) -> int:
    """Round as SmallFloat.intToByte4 does: 24 exact values, then four significant bits."""
    if length < 24:
        return length
    shift = max((length - 24).bit_length() - 4, 0)
    return 24 + ((length - 24) >> shift << shift)


def ranking(scores: list[float], k: int) -> list[int]:
    return sorted((i for i, s in enumerate(scores) if s > 0), key=lambda i: (-scores[i], i))[:k]


def some_text(rng: random.Random, words: list[str], length: int) -> str:
    return " ".join(words[int(len(words) * rng.random() ** 3)] for _ in range(length))


WORDS = ["red", "blue", "shoes", "women", "size", "color", "t-shirt", "5.5", "★", "cotton", "the"]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join), max_size=60)
QUERIES = st.lists(st.sampled_from([*WORDS, "unknown"]), max_size=12).map(" ".join)


@settings(max_examples=50, deadline=None)
@given(TEXTS, st.lists(QUERIES, min_size=1, max_size=5), st.integers(1, 50), st.integers(1, 20))
def test_both_ways_of_searching_equal_the_plain_computation(texts, queries, k, batch):
    with TemporaryDirectory() as folder:
        build_index(Path(folder), texts, batch_documents=batch)
        index = SearchIndex(Path(folder))
        for query in queries:
            scores = lucene_scores(texts, query)
            assert index.scores(query).tolist() == scores
            assert index.search(query, k) == ranking(scores, k)
        with patch.object(module, "_LONG", 0):
            index = SearchIndex(Path(folder))
            for query in queries:
                assert index.search(query, k) == ranking(lucene_scores(texts, query), k)


@pytest.fixture(scope="module")
def long_index(tmp_path_factory) -> SearchIndex:
    """Enough documents for `search` to leave most of the long lists unread."""
    rng = random.Random(1)
    words = [f"w{i}" for i in range(3000)]
    folder = tmp_path_factory.mktemp("long")
    texts = (some_text(rng, words, rng.randrange(1, 25)) for _ in range(module._LONG + 5000))
    build_index(folder, texts, batch_documents=10_000)
    return SearchIndex(folder)


@pytest.mark.parametrize("seed", range(8))
def test_a_long_index_gives_what_the_scores_give(long_index, seed):
    rng = random.Random(seed)
    words = [f"w{i}" for i in range(3000)]
    for terms in (1, 2, 5, 12, 40):
        query = some_text(rng, words, terms)
        scores = long_index.scores(query)
        for k in (1, 50, 700):
            order = np.argsort(-scores, kind="stable")[:k]
            assert long_index.search(query, k) == [int(i) for i in order if scores[i] > 0]


def test_threads_may_share_an_index(long_index):
    queries = [f"w{i} w{7 * i} w{3 * i + 1}" for i in range(60)]
    expected = [SearchIndex(long_index.directory).search(query) for query in queries]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(long_index.search, queries)) == expected


def test_scores_are_bm25(tmp_path):
    """Texts of fewer than 40 terms have exact lengths, so an independent BM25 must agree."""
    rng = random.Random(0)
    words = [f"word{i}" for i in range(80)]
    texts = [some_text(rng, words, rng.randrange(1, 40)) for _ in range(200)]
    build_index(tmp_path, texts)
    index = SearchIndex(tmp_path)
    corpus = [analyze(text) for text in texts]
    reference = BM25Okapi(corpus, k1=0.9, b=0.4)
    found = Counter(term for terms in corpus for term in set(terms))
    reference.idf = {
        term: math.log(1 + (len(texts) - n + 0.5) / (n + 0.5)) for term, n in found.items()
    }
    for _ in range(50):
        query = some_text(rng, words, rng.randrange(1, 15))
        expected = reference.get_scores(analyze(query)) / (0.9 + 1)
        np.testing.assert_allclose(index.scores(query), expected, rtol=1e-5)


def test_results_recorded_from_webshop(realdata, tmp_path):
    folder = realdata / "webshop" / "recorded1k"
    rows = [json.loads(line) for line in (folder / "contents.jsonl").read_text().splitlines()]
    rows.sort(key=lambda row: row["asin"])
    with gzip.open(folder / "queries.jsonl.gz", "rt") as lines:
        records = [json.loads(line) for line in lines]
    build_index(tmp_path, (row["contents"] for row in rows))
    for long in (module._LONG, 0):
        with patch.object(module, "_LONG", long):
            index = SearchIndex(tmp_path)
            for record in records:
                found = [rows[i]["asin"] for i in index.search(record["query"])]
                assert found == record["top"], record["query"]


def test_ties_go_to_the_smaller_number(tmp_path):
    build_index(tmp_path, ["a b red", "red c d", "x y z", "e f red"])
    assert SearchIndex(tmp_path).search("red") == [0, 1, 3]
    assert SearchIndex(tmp_path).search("red", k=2) == [0, 1]


def test_lengths_are_rounded_to_one_byte(tmp_path):
    texts = ["red " + "word " * (length - 1) for length in (39, 40, 41, 42, 55, 56, 57, 60, 1000)]
    build_index(tmp_path, texts)
    scores = SearchIndex(tmp_path).scores("red").tolist()
    assert scores[0] > scores[1] == scores[2] > scores[3]
    assert scores[3] > scores[4] > scores[5] == scores[6] > scores[7] > scores[8]


def test_documents_without_terms_do_not_count(tmp_path):
    build_index(tmp_path / "with", ["", "red shoe", "the of", "blue"])
    build_index(tmp_path / "without", ["red shoe", "blue"])
    scores = SearchIndex(tmp_path / "with").scores("red blue").tolist()
    assert [scores[1], scores[3]] == SearchIndex(tmp_path / "without").scores("red blue").tolist()
    assert scores[0] == scores[2] == 0


@pytest.mark.parametrize("texts", [[], ["", "the"]], ids=["no texts", "no terms"])
def test_an_empty_index_finds_nothing(tmp_path, texts):
    counts = build_index(tmp_path, texts)
    assert counts == {"documents": len(texts), "terms": 0, "postings": 0, "tokens": 0}
    index = SearchIndex(tmp_path)
    assert len(index) == len(texts)
    assert index.search("red") == []


@pytest.mark.parametrize("query", ["", "  ", "the", "unknown", "!?", "\ud800"])
def test_a_query_without_known_terms_finds_nothing(tmp_path, query):
    build_index(tmp_path, ["red shoe", "blue"])
    index = SearchIndex(tmp_path)
    assert index.search(query) == []
    assert index.scores(query).tolist() == [0, 0]


def test_the_list_returned_is_the_callers(tmp_path):
    build_index(tmp_path, ["red shoe", "blue"])
    index = SearchIndex(tmp_path)
    index.search("red").clear()
    assert index.search("red") == [0]


def test_a_pickled_index_opens_the_same_folder(tmp_path):
    build_index(tmp_path, ["red shoe", "blue"])
    index = pickle.loads(pickle.dumps(SearchIndex(tmp_path)))
    assert index.search("blue") == [1]


def test_counts_and_files(tmp_path):
    counts = build_index(tmp_path, ["red red shoes", "a blue shoe"])
    assert counts == {"documents": 2, "terms": 3, "postings": 4, "tokens": 5}
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{name}.npy" for name in FILES]


def test_files_depend_on_the_texts_alone(tmp_path):
    rng = random.Random(3)
    texts = [some_text(rng, [f"w{i}é" for i in range(200)], 20) for _ in range(300)]
    settings = [{}, {"batch_documents": 7}, {"batch_documents": 50, "workers": 2}]
    for i, options in enumerate(settings):
        build_index(tmp_path / str(i), iter(texts), **options)
    for name in FILES:
        first, *others = ((tmp_path / str(i) / f"{name}.npy").read_bytes() for i in range(3))
        assert others == [first, first]


def test_a_broken_build_leaves_nothing_that_opens(tmp_path):
    def texts():
        yield "red shoe"
        raise OSError("disk")

    build_index(tmp_path, ["blue"])
    with pytest.raises(OSError, match="disk"):
        build_index(tmp_path, texts(), batch_documents=1)
    assert not (tmp_path / "spill").exists()
    with pytest.raises(DataCorrupt):
        SearchIndex(tmp_path)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def garble(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + path.read_bytes()[4:])


def retype(path: Path) -> None:
    np.save(path, np.load(path).astype(np.float16))


def shorten(path: Path) -> None:
    np.save(path, np.load(path)[:-1])


@pytest.mark.parametrize("damage", [cut, empty, garble, retype, shorten, Path.unlink])
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_reported(tmp_path, name, damage):
    build_index(tmp_path, ["red shoe", "blue shoe", "red red"])
    damage(tmp_path / f"{name}.npy")
    if (name, damage) == ("saturations", shorten):  # any length may be right, but not any use
        with pytest.raises(DataCorrupt, match="stepagent data prepare webshop"):
            SearchIndex(tmp_path).search("red red blue shoe")
    else:
        with pytest.raises(DataCorrupt, match=r"\.npy .*stepagent data prepare webshop"):
            SearchIndex(tmp_path)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(FILES), st.integers(0, 127), st.integers(0, 255))
def test_a_damaged_header_never_raises_anything_else(name, place, byte):
    with TemporaryDirectory() as folder:
        build_index(Path(folder), ["red shoe", "blue shoe", "red red"])
        path = Path(folder) / f"{name}.npy"
        content = bytearray(path.read_bytes())
        content[place] = byte
        path.write_bytes(content)
        with suppress(DataCorrupt):
            SearchIndex(Path(folder)).search("red shoe")
