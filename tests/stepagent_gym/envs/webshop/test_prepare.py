import gzip
import json
import resource
import signal
import subprocess
import sys
import threading

import numpy as np
import orjson
import pytest
from flask import Flask, Response
from werkzeug.serving import make_server

from stepagent_gym import datasets
from stepagent_gym.datasets import list_datasets, open_dataset, prepare, verify
from stepagent_gym.envs.webshop.catalogue import Catalogue
from stepagent_gym.envs.webshop.goals import draw_limit, shuffled, split_ranges
from stepagent_gym.envs.webshop.nouns import choose_rule, spacy_nouns, words
from stepagent_gym.envs.webshop.prepare import Options
from stepagent_gym.errors import DataCorrupt, DataError, DataNotFound, UsageError


def product(number, **changes):
    return {
        "asin": f"B0000000{number:02}",
        "name": f"Acme Lamp {number}, Brass",
        "full_description": "A lamp.",
        "small_description": ["Bright", "Warm"],
        "pricing": "$12.50",
        "category": "garden",
        "query": " Lamps ",
        "product_category": "Home › Lighting › Lamps",
        "customization_options": {
            "Color": [{"value": " Red/Gold ", "image": None}, {"value": "Blue"}],
            "Size": None,
        },
        "images": ["x.jpg"],
        **changes,
    }


ATTRIBUTES = {
    f"B0000000{n:02}": {
        "attributes": ["easy clean"],
        "instruction": "Find me lamps",
        "instruction_attributes": ["easy clean"],
    }
    for n in range(30)
}
HUMAN = {
    f"B0000000{n:02}": [
        {
            "instruction": f"i need lamp {n}.",
            "instruction_attributes": ["easy clean"],
            "instruction_options": ["blue"],
        },
        {"instruction": "left out", "instruction_attributes": [], "instruction_options": []},
    ]
    for n in range(30)
}


@pytest.fixture
def source(tmp_path):
    """A folder with the original's files, which `write` fills."""
    folder = tmp_path / "source"
    folder.mkdir()

    def write(products=None, attributes=ATTRIBUTES, human=HUMAN):
        products = [product(n) for n in range(30)] if products is None else products
        files = {
            "items_shuffle.json": products,
            "items_ins_v2.json": attributes,
            "items_human_ins.json": human,
        }
        for name, content in files.items():
            if content is not None:
                (folder / name).write_bytes(orjson.dumps(content))
        return folder

    return write


def test_the_originals_files_are_read_by_its_rules(source):
    folder = source(
        [
            product(1, pricing="$10.00$20.00"),
            product(0),
            product(2, pricing=""),
            product(0, name="a repeat"),
            product(3, asin="nan"),
            product(4, asin="B0TOOLONG0000"),
            product(5, small_description="one text", customization_options=""),
        ]
    )
    catalogue = Catalogue.open(prepare("webshop", [str(folder)]).path)
    assert list(catalogue.asins()) == ["B000000000", "B000000001", "B000000002", "B000000005"]
    lamp = catalogue.product("B000000000")
    assert (lamp.price, lamp.price_text, lamp.query) == (12.5, "$12.5", "lamps")
    assert lamp.options == {"color": ("red | gold", "blue")}
    assert lamp.attributes == ("easy clean",)
    assert lamp.nouns == {"acme", "lamp", "brass"}
    ranged = catalogue.product("B000000001")
    assert ranged.price_text == "$10.0 to $20.0"
    assert 10 <= ranged.price <= 20
    assert catalogue.product("B000000002").price_text == "$100.0"
    assert catalogue.product("B000000005").bullets == ("one text",)
    with pytest.raises(KeyError):
        catalogue.product("B000000009")


def test_human_goals_follow_the_originals_wording_and_shuffle(source):
    catalogue = Catalogue.open(prepare("webshop", [str(source())]).path)
    assert catalogue.goal_count == 30
    order = shuffled(30)
    for index in range(30):
        goal = catalogue.goal(index)
        assert goal.asin == f"B0000000{order[index]:02}"
        assert goal.instruction == (
            f"i need lamp {order[index]}, and price lower than {goal.price_upper:.2f} dollars"
        )
        assert goal.price_upper in (30.0, 40.0, 50.0)
        assert (goal.options, goal.weight) == (("blue",), 1.0)


def test_synthetic_goals_take_every_combination_of_options(source):
    folder = source([product(n) for n in range(3)])
    catalogue = Catalogue.open(
        prepare("webshop", [str(folder)], options=Options(goals="synthetic")).path
    )
    goals = [catalogue.goal(index) for index in range(catalogue.goal_count)]
    assert len(goals) == 6
    assert {goal.options for goal in goals} == {("red | gold",), ("blue",)}
    assert all("Find me lamps with color: " in goal.instruction for goal in goals)
    assert {goal.weight for goal in goals} == {1 / 6}


def test_the_recorded_goals_are_what_the_original_would_draw(realdata, tmp_path):
    recorded = realdata / "webshop" / "recorded1k"
    catalogue = Catalogue.open(
        prepare("webshop", [str(recorded / "products.jsonl")], options=Options(nouns="words")).path
    )
    lines = (recorded / "goals.jsonl").read_bytes().splitlines()
    assert catalogue.goal_count == len(lines) == 6910
    for index, line in enumerate(lines):
        theirs, ours = orjson.loads(line), catalogue.goal(index)
        assert ours.asin == theirs["asin"]
        assert list(ours.options) == theirs["goal_options"]
        assert ours.weight == theirs["weight"]
        assert (
            ours.instruction.partition(", and price")[0]
            == theirs["instruction_text"].partition(", and price")[0]
        )


def test_the_indexers_form_is_the_same_catalogue(realdata):
    folder = realdata / "webshop"
    sources = [str(folder / "documents_1k.jsonl"), str(folder / "items_ins_v2_1000.json")]
    one = Catalogue.open(prepare("webshop", sources, name="documents").path)
    other = Catalogue.open(prepare("webshop", [str(folder / "recorded1k")], name="rec1k").path)
    assert list(one.asins()) == list(other.asins())
    for asin in one.asins():
        ours, theirs = one.product(asin), other.product(asin)
        assert (ours.title, ours.options, ours.bullets) == (
            theirs.title,
            theirs.options,
            theirs.bullets,
        )
    index = [np.load(path) for path in sorted((one.dataset.path / "index").glob("*.npy"))]
    same = [np.load(path) for path in sorted((other.dataset.path / "index").glob("*.npy"))]
    assert all(np.array_equal(a, b) for a, b in zip(index, same, strict=True))


def test_human_instructions_within_products_are_goals_too(realdata):
    source = str(realdata / "webshop" / "documents_1k.jsonl")
    catalogue = Catalogue.open(prepare("webshop", [source], options=Options(goals="human")).path)
    goals = [catalogue.goal(index) for index in range(catalogue.goal_count)]
    assert len({goal.asin for goal in goals}) == 13
    mask = next(goal for goal in goals if goal.asin == "B09R4RJSFP")
    assert mask.instruction.startswith("i need a 120 ml hair mask treatment, and price lower than")
    assert (mask.attributes, mask.options) == (("hair treatment",), ("120ml",))


def test_two_processes_agree_and_seeds_differ(source):
    folder = source([product(n, pricing="$10.00$90.00") for n in range(30)])
    code = (
        "import sys; from stepagent_gym.datasets import prepare\n"
        "from stepagent_gym.envs.webshop.prepare import Options\n"
        "print(prepare('webshop', [sys.argv[1]], options=Options(seed=int(sys.argv[2]))).data_hash)"
    )

    def child(seed):
        command = [sys.executable, "-c", code, str(folder), str(seed)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    ours = prepare("webshop", [str(folder)], name="ours").data_hash
    assert child(0) == ours
    assert child(1) != ours


def test_prices_do_not_depend_on_order_or_company(source):
    many = [product(n, pricing="$10.00$90.00") for n in range(20)]
    first = Catalogue.open(prepare("webshop", [str(source(many))], name="a").path)
    second = Catalogue.open(prepare("webshop", [str(source(many[::-2]))], name="b").path)
    for asin in second.asins():
        assert first.product(asin).price == second.product(asin).price


def test_gzip_is_read(source):
    folder = source()
    plain = prepare("webshop", [str(folder)], name="plain").data_hash
    for path in list(folder.iterdir()):
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert prepare("webshop", [str(folder)], name="gzipped").data_hash == plain


def test_splits_by_rule_by_file_and_without_leaks(source, tmp_path):
    folder = source()
    (folder / "eto_train_indices.json").write_text("[4, 5, 5, 6]")
    (folder / "eto_test_indices.json").write_text("[9, 5, 1]")
    (tmp_path / "mine.json").write_text("[0]")
    dataset = prepare(
        "webshop", [str(folder)], options=Options(split=(f"mine={tmp_path / 'mine.json'}",))
    )
    catalogue = Catalogue.open(dataset.path)
    assert list(catalogue.split("all")) == list(range(30))
    assert catalogue.split("test") == list(range(7))
    assert catalogue.split("train") == list(range(14, 30))
    assert catalogue.split("eto_train") == [4, 5, 6]
    assert catalogue.split("eto_test") == [9, 5, 1]
    assert catalogue.split("eto_test_clean") == [9, 1]
    assert catalogue.split("mine") == [0]
    with pytest.raises(UsageError, match="eto_test_clean"):
        catalogue.split("nope")


def test_the_published_index_files_give_the_published_numbers(realdata, source):
    numbers = [f"{n:08}" for n in range(12087)]
    folder = source(
        [product(0, asin=f"B0{n}") for n in numbers],
        attributes={},
        human={f"B0{n}": HUMAN["B000000000"] for n in numbers},
    )
    sources = [folder, *sorted((realdata / "webshop").glob("eto_*_indices*.json"))]
    catalogue = Catalogue.open(prepare("webshop", [str(path) for path in sources]).path)
    sizes = {name: len(catalogue.split(name)) for name in catalogue.splits}
    assert sizes == {
        "all": 12087, "test": 500, "dev": 1000, "train": 10587,
        "eto_train": 1823, "eto_test": 200, "eto_test_clean": 179, "eto_test_500": 500,
    }  # fmt: skip


def test_official_splits():
    assert split_ranges(12087) == {"test": (0, 500), "dev": (500, 1500), "train": (1500, 12087)}


def test_price_limits_follow_the_original():
    import random

    rng = random.Random(0)
    drawn = {draw_limit(12.5, rng)[0] for _ in range(200)}
    assert drawn == {30.0, 40.0, 50.0}
    assert draw_limit(985.0, rng) == (1_000_000.0, "")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"name": None}, "None is no text"),
        ({"pricing": "12.50"}, "no dollar sign"),
        ({"pricing": "$1.2.3"}, "malformed"),
        ({"customization_options": {"Size": [{"image": 1}]}}, "no field 'value'"),
        ({"small_description": [3]}, "3 is no text"),
        ({"asin": None}, "asin"),
    ],
)
def test_a_malformed_product_is_named(source, change, named):
    folder = source([product(0), product(1, **change)])
    with pytest.raises(DataCorrupt, match=r"items_shuffle\.json: product 2") as caught:
        prepare("webshop", [str(folder)])
    assert named in str(caught.value)
    assert list_names() == ["embedded"]


def list_names():
    return [dataset.name for dataset in list_datasets() if dataset.benchmark == "webshop"]


def test_a_field_that_is_missing_is_named(source):
    lamp = product(1)
    del lamp["product_category"]
    with pytest.raises(DataCorrupt, match="no field 'product_category'"):
        prepare("webshop", [str(source([lamp]))])


@pytest.mark.parametrize(
    "name", ["items_shuffle.json", "items_ins_v2.json", "items_human_ins.json"]
)
@pytest.mark.parametrize("damage", ["cut", "empty", "text"])
def test_a_damaged_file_is_named(source, name, damage):
    path = source() / name
    content = path.read_bytes()
    path.write_bytes({"cut": content[: len(content) // 2], "empty": b"", "text": b"<html>"}[damage])
    with pytest.raises(DataCorrupt, match=name):
        prepare("webshop", [str(path.parent)])


def test_a_cut_gzip_is_named(source):
    path = source() / "items_shuffle.json"
    path.with_name("items_shuffle.json.gz").write_bytes(gzip.compress(path.read_bytes())[:-20])
    path.unlink()
    with pytest.raises(DataCorrupt, match=r"items_shuffle\.json\.gz"):
        prepare("webshop", [str(path.parent)])


def test_a_goal_outside_the_catalogue_is_named(source):
    folder = source()
    (folder / "eto_test_indices.json").write_text("[3, 11896]")
    with pytest.raises(DataCorrupt, match="goal 11896, the catalogue has 30"):
        prepare("webshop", [str(folder)])


def test_what_cannot_be_prepared_is_said(source, tmp_path):
    folder = source()
    (tmp_path / "other.txt").write_text("x")
    (tmp_path / "empty").mkdir()
    for sources, named in (
        ([tmp_path / "other.txt"], r"other\.txt is none of"),
        ([tmp_path / "empty"], "no products"),
        ([folder, folder / "items_ins_v2.json"], "both"),
        ([], "nothing to prepare"),
    ):
        with pytest.raises(UsageError, match=named):
            prepare("webshop", [str(source) for source in sources])
    with pytest.raises(DataNotFound, match="does not exist"):
        prepare("webshop", [str(tmp_path / "nowhere")])
    with pytest.raises(UsageError, match="no benchmark 'webshp'"):
        prepare("webshp", [str(folder)])
    with pytest.raises(UsageError, match=r"\.\./up"):
        prepare("webshop", [str(folder)], name="../up")
    with pytest.raises(UsageError, match=r"goals\.jsonl"):
        prepare("webshop", [str(folder)], options=Options(goals="given"))
    with pytest.raises(UsageError, match="no product has an instruction"):
        prepare("webshop", [str(source(human={}))])


def test_a_failure_keeps_the_dataset_that_was_there(source):
    before = prepare("webshop", [str(source())]).data_hash
    with pytest.raises(DataCorrupt):
        prepare("webshop", [str(source([product(0, name=3)]))])
    assert open_dataset("webshop", "webshop").data_hash == before
    assert [p.name for p in (datasets.cache_root() / "webshop").iterdir()] == ["webshop"]


def test_changed_missing_and_cut_files_are_noticed(source):
    dataset = prepare("webshop", [str(source())])
    verify(dataset)
    file = dataset.path / "products.jsonl"
    content = file.read_bytes()
    file.write_bytes(content.replace(b"Brass", b"Steel"))
    open_dataset("webshop", dataset.path)
    with pytest.raises(DataCorrupt, match=r"products\.jsonl changed; prepare it again"):
        verify(dataset)
    file.write_bytes(content[:-5])
    with pytest.raises(DataCorrupt, match=r"products\.jsonl has .* instead of"):
        open_dataset("webshop", dataset.path)
    file.unlink()
    with pytest.raises(DataCorrupt, match=r"products\.jsonl is missing"):
        open_dataset("webshop", dataset.path)
    (dataset.path / "manifest.json").write_text("{}")
    with pytest.raises(DataCorrupt, match=r"manifest\.json"):
        open_dataset("webshop", dataset.path)


def test_data_that_is_not_there_is_said_with_what_is(source):
    prepare("webshop", [str(source())], name="mine")
    with pytest.raises(DataNotFound, match=r"'theirs'.*there are: embedded, mine"):
        open_dataset("webshop", "theirs")


@pytest.fixture
def server(source):
    """The source files behind HTTP, with a missing one and one that ends too early."""
    folder = source()
    app = Flask("files")

    @app.get("/files/<name>")
    def send(name):
        return Response((folder / name).read_bytes(), mimetype="application/json")

    @app.get("/cut/<name>")
    def cut(name):
        content = (folder / name).read_bytes()
        headers = {"Content-Length": str(len(content))}
        return Response(iter([content[:100]]), headers=headers)

    http = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}", folder
    http.shutdown()
    thread.join()
    http.server_close()


def test_urls_are_downloaded(server):
    url, folder = server
    names = ["items_shuffle.json", "items_ins_v2.json", "items_human_ins.json"]
    dataset = prepare("webshop", [f"{url}/files/{name}" for name in names], name="remote")
    assert dataset.data_hash == prepare("webshop", [str(folder)], name="local").data_hash


def test_a_download_that_fails_is_named(server):
    url, _ = server
    with pytest.raises(DataNotFound, match=r"cannot download .*nothing\.json.*404"):
        prepare("webshop", [f"{url}/else/nothing.json"])
    with pytest.raises(DataCorrupt, match=r"ended after 100 of"):
        prepare("webshop", [f"{url}/cut/items_shuffle.json"])
    assert list_names() == ["embedded"]


def test_a_full_disk_is_one_clear_message(source, tmp_path):
    folder = source([product(n, full_description="x" * 3000) for n in range(30)])

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))

    done = subprocess.run(
        [sys.executable, "-m", "harness.cli", "data", "prepare", "webshop", "--from", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
    )
    assert done.returncode == 2
    assert "cannot write" in done.stderr
    assert "free space" in done.stderr
    assert "Traceback" not in done.stderr
    assert list((datasets.cache_root() / "webshop").iterdir()) == []


def test_a_disk_error_is_a_data_error(source, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("STEPAGENT_DATA", str(tmp_path / "file"))
    with pytest.raises(DataError, match="STEPAGENT_DATA"):
        prepare("webshop", [str(source())])


def test_the_rule_of_words():
    assert words("The 3-in-1 Lamp for Desks, USB2 & décor lamp") == [
        "lamp",
        "desks",
        "décor",
        "lamp",
    ]
    assert choose_rule("words")[0] == "words"
    with pytest.raises(UsageError, match="en_core_web_xx"):
        choose_rule("en_core_web_xx")


def test_the_rule_of_a_tagger_keeps_nouns_in_lower_case():
    class Token:
        def __init__(self, text, pos):
            self.text, self.pos_ = text, pos

    tags = [Token("Red", "ADJ"), Token("Lamp", "NOUN"), Token("Acme", "PROPN"), Token("of", "ADP")]
    assert spacy_nouns(lambda title: tags)("Red Lamp of Acme") == ["lamp", "acme"]


def test_manifests_say_which_rules_were_followed(source):
    info = prepare("webshop", [str(source())], options=Options(seed=3)).info
    assert info["goals"] == "human"
    assert info["prices"] == "drawn with seed 3"
    assert info["nouns"] in ("words",) or info["nouns"].startswith("spacy:")
    assert set(info["sources"]) == {
        "items_shuffle.json", "items_ins_v2.json", "items_human_ins.json",
    }  # fmt: skip
    assert json.dumps(info)
