"""Preparation: every form of the sources gives the same tasks, and damage is named."""

import base64
import gzip
import json
import pickle
import zipfile

import orjson
import pytest
import websites

from stepagent_gym import datasets
from stepagent_gym.envs.mind2web.dom import parse_page, prune
from stepagent_gym.envs.mind2web.prepare import Options, prepare
from stepagent_gym.envs.mind2web.sources import SPLITS, Sources, read_tasks
from stepagent_gym.envs.mind2web.store import Store
from stepagent_gym.errors import DataCorrupt, UsageError


def run(sources, **options):
    """Prepare as the command does: the dataset, and what was reported."""
    lines = []
    dataset = datasets.prepare(
        "mind2web",
        [str(source) for source in sources],
        options=Options(**options),
        report=lambda line, share=None: lines.append(line),
    )
    datasets.verify(dataset)
    return dataset, lines


def write(path, tasks):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(tasks))
    return path


def content(dataset):
    return {name: (dataset.path / name).read_bytes() for name in dataset.files}


def test_a_folder_is_prepared_in_the_order_of_its_files(small_source):
    dataset, lines = run([small_source])
    store = Store.open("mind2web")
    ids = store.tasks("all").ids
    order = ["domain-0", "domain-1", "domain-2", "domain-3", "task-0", "website-0"]
    assert ids == (*order, *(f"train-{number}" for number in range(20)))
    assert store.splits == ("all", *SPLITS, "dev", "test")
    assert store.tasks("test").ids == store.tasks("test_domain").ids == ids[:4]
    assert store.tasks("test_task").ids == ("task-0",)
    train, dev = store.tasks("train").ids, store.tasks("dev").ids
    assert sorted(train + dev) == sorted(ids[6:])
    assert len(dev) == 2
    assert dataset.counts["tasks"] == 26
    assert dataset.counts["steps"] == 73
    assert dataset.counts["steps without a positive in the top k"] == 0
    assert dataset.info["ranking"] == "bm25"
    assert lines[-1] == f"recall {dataset.info['recall']}"


def test_dev_is_drawn_by_its_seed(small_source):
    def dev(seed):
        dataset, _ = run([small_source], dev_seed=seed)
        return orjson.loads((dataset.path / "splits.json").read_bytes())["dev"]

    assert dev(0) == dev(0)
    assert len({tuple(dev(seed)) for seed in range(4)}) > 1


def test_a_step_is_what_was_recorded(small_source, small_data):
    store = Store.open(small_data)
    for given in json.loads((small_source / "train" / "train_0.json").read_text()):
        task = store.task(given["annotation_id"])
        assert task.instruction == given["confirmed_task"]
        assert (task.website, task.domain) == (given["website"], given["domain"])
        for place, action in enumerate(given["actions"]):
            step = store.step_at(task.first + place)
            tree = parse_page(action["cleaned_html"])
            records = action["pos_candidates"] + action["neg_candidates"]
            nodes = [tree.by_id[record["backend_node_id"]] for record in records]
            assert step.page == prune(tree, nodes)
            assert step.positives == 1
            assert sorted(step.ranks) == list(range(21))
            assert (step.op, step.value) == (
                action["operation"]["op"],
                action["operation"]["value"],
            )
            assert list(step.previous) == given["action_reprs"][:place]


def test_every_form_gives_the_same(tmp_path):
    tasks = [websites.task(f"t{number}") for number in range(4)]
    rows = [row for task in tasks for row in websites.rows(task)]
    strings = [
        {key: json.dumps(v) if isinstance(v, list) else v for key, v in task.items()}
        for task in tasks
    ]
    forms = {
        "train_a.json": json.dumps(tasks),
        "train_b.jsonl": "\n".join(map(json.dumps, tasks)),
        "train_c.json": json.dumps(rows),
        "train_d.jsonl": "\n\n".join(map(json.dumps, rows)) + "\n",
        "train_e.json": json.dumps(strings),
    }
    contents = []
    for name, text in forms.items():
        (tmp_path / name).write_text(text)
        contents.append(content(run([tmp_path / name])[0]))
    packed = tmp_path / "train_f.json.gz"
    packed.write_bytes(gzip.compress(json.dumps(tasks).encode()))
    contents.append(content(run([packed])[0]))
    assert contents[1:] == contents[:-1]


def test_preparing_twice_gives_the_same_bytes(small_source):
    assert content(run([small_source])[0]) == content(run([small_source])[0])


def test_an_archive_is_prepared_like_its_folder(small_source, tmp_path):
    websites.write_zip(tmp_path / "test.zip", small_source)
    archive, _ = run([tmp_path / "test.zip"])
    assert content(archive) == content(run([small_source])[0])


# test_task/test_task_0.json with the task "locked-0", encrypted with the password "open sesame".
LOCKED = base64.b64decode(
    "UEsDBBQACQAIACpCdV1jdYdmyAAAABsBAAAaAAAAdGVzdF90YXNrL3Rlc3RfdGFza18wLmpzb26kYLv/nsqCWFDcg99B"
    "dm7mI5nIALQbJrBcCMKsm/Kbl58QZpDWhhD85U2o/EyznetlECDCNR1CtPvuhC13u5zJgzDVwZAddt7rp7n52qj+gzlY"
    "SUll/Dp6P09TOm0fcKTWCFZIFlhFbIoBOGtIlZVxtZVPHJeyVgu4G+whRGLY9Rm9L6UxIeqs3Khqr/5n1AvsIPQGWysV"
    "XujzLMF47SCGUmvBwTkx9ZMp+pu5Jx75tmmbUm108AWZzHrarPYKIOREVCBYhkK5FFBLBwhjdYdmyAAAABsBAABQSwEC"
    "HgMUAAkACAAqQnVdY3WHZsgAAAAbAQAAGgAAAAAAAAABAAAApIEAAAAAdGVzdF90YXNrL3Rlc3RfdGFza18wLmpzb25Q"
    "SwUGAAAAAAEAAQBIAAAAEAEAAAAA"
)


def test_a_password_opens_an_archive_and_is_kept_nowhere(tmp_path, monkeypatch):
    file = tmp_path / "test.zip"
    file.write_bytes(LOCKED)
    assert [t.id for t in read_tasks(file, "open sesame")] == ["locked-0"]
    for password in (None, "wrong"):
        with pytest.raises((UsageError, DataCorrupt), match="password"):
            list(read_tasks(file, password))
    monkeypatch.setenv("STEPAGENT_MIND2WEB_PASSWORD", "open sesame")
    dataset, lines = run([file])
    monkeypatch.delenv("STEPAGENT_MIND2WEB_PASSWORD")
    assert content(dataset) == content(run([file], password="open sesame")[0])
    everything = b"".join(file.read_bytes() for file in dataset.path.iterdir())
    assert b"sesame" not in everything
    assert "sesame" not in "".join(lines)
    assert "sesame" not in repr(Options(password="open sesame"))


def test_an_archive_cannot_write_outside(tmp_path):
    with zipfile.ZipFile(tmp_path / "test.zip", "w") as archive:
        archive.writestr("../../test_task/test_task_0.json", json.dumps([websites.task("a")]))
    before = sorted(tmp_path.parent.rglob("*.json"))
    assert [task.id for task in read_tasks(tmp_path / "test.zip", None)] == ["a"]
    assert sorted(tmp_path.parent.rglob("*.json")) == before


def test_descriptions_that_outnumber_the_actions_end_with_them(tmp_path):
    task = websites.task("a", 2)
    task["action_reprs"] = [f"[x] {number} -> CLICK" for number in range(9)]
    run([write(tmp_path / "train.json", [task])])
    store = Store.open("mind2web")
    first, second = (store.step_at(place).previous for place in (0, 1))
    assert first == tuple(f"[x] {number} -> CLICK" for number in range(2, 7))
    assert second == tuple(f"[x] {number} -> CLICK" for number in range(3, 8))


def ranks_of(tasks, rank):
    return {
        f"{task['annotation_id']}_{action['action_uid']}": {
            record["backend_node_id"]: rank(place)
            for place, record in enumerate(action["pos_candidates"] + action["neg_candidates"])
        }
        for task in tasks
        for action in task["actions"]
    }


@pytest.mark.parametrize("suffix", ["json", "pkl"])
def test_given_ranks_decide(tmp_path, suffix):
    tasks = [websites.task("a", 2)]
    ranks = ranks_of(tasks, lambda place: 20 - place)  # the positive, the first, is ranked last
    file = tmp_path / f"ranks.{suffix}"
    dump = pickle.dumps if suffix == "pkl" else orjson.dumps
    file.write_bytes(dump({"scores": {}, "ranks": ranks}))
    source = write(tmp_path / "train.json", tasks)
    dataset, _ = run([source, file], top_k=20)
    assert dataset.info["ranking"] == file.name
    assert dataset.counts["steps without a positive in the top k"] == 2
    assert dataset.counts["steps without a positive"] == 0
    assert dataset.info["recall"] == "@1 0.000, @5 0.000, @10 0.000, @20 0.000, @50 1.000"
    step = Store.open("mind2web").step_at(0)
    assert step.positives == 0
    assert sorted(step.ranks) == list(range(20))


def test_ranks_of_other_tasks_are_refused(tmp_path):
    source = write(tmp_path / "train.json", [websites.task("a")])
    write(tmp_path / "ranks.json", ranks_of([websites.task("b")], int))
    with pytest.raises(UsageError, match="no sample a_a-0"):
        run([source, tmp_path / "ranks.json"])


def test_a_candidate_that_is_not_on_the_page_is_counted(tmp_path):
    task = websites.task("a", 1)
    task["actions"][0]["pos_candidates"][0]["backend_node_id"] = "999999"
    dataset, _ = run([write(tmp_path / "train.json", [task])])
    assert dataset.counts["candidates not on their page"] == 1
    assert dataset.counts["steps without a positive"] == 1


def test_the_canary_is_kept(tmp_path):
    task = websites.task("a", 1) | {"Canary": "BENCHMARK DATA 1234"}
    dataset, _ = run([write(tmp_path / "test_domain_0.json", [task])])
    assert b"BENCHMARK DATA 1234" in (dataset.path / "tasks.jsonl").read_bytes()


def test_further_splits_are_lists_of_ids(small_source, tmp_path):
    listed = write(tmp_path / "sample.json", ["domain-2", "domain-0", "domain-2"])
    run([small_source], split=(f"sample={listed}",))
    assert Store.open("mind2web").tasks("sample").ids == ("domain-2", "domain-0")
    write(listed, ["nowhere"])
    with pytest.raises(DataCorrupt, match="nowhere"):
        run([small_source], split=(f"sample={listed}",))


def broken(**changes):
    task = websites.task("a", 1)
    step = changes.pop("step", {})
    task["actions"][0] |= step
    return json.dumps([{key: v for key, v in (task | changes).items() if v is not None}])


@pytest.mark.parametrize(
    "text",
    [
        broken()[:-3000],
        broken(annotation_id=None),
        broken(confirmed_task=7),
        broken(actions=[{}]),
        broken(actions="[{"),
        broken(action_reprs=[]),
        broken(actions=None),
        broken(step={"operation": "CLICK"}),
        broken(step={"pos_candidates": [7]}),
        broken(step={"cleaned_html": None}),
        "[1, 2]",
        '["a"]',
        "{}",
        "[" * 100_000,
        "\x00",
        json.dumps([websites.task("a", 1)] * 2),
    ],
)
def test_damage_names_the_file(tmp_path, text):
    file = tmp_path / "train_7.json"
    file.write_text(text)
    with pytest.raises(DataCorrupt, match=r"train_7\.json|task a comes twice"):
        run([file])
    assert not (datasets.cache_root() / "mind2web" / "mind2web").exists()


@pytest.mark.parametrize("text", ["", "[]", "\n\n"])
def test_files_without_tasks_are_refused(tmp_path, text):
    (tmp_path / "train.json").write_text(text)
    with pytest.raises((UsageError, DataCorrupt)):
        run([tmp_path / "train.json"])


def test_sources_are_sorted_by_name(tmp_path):
    for name in ("train_10.json", "train_2.json", "notes.json", "training.json", "scores.pkl"):
        (tmp_path / name).write_text("[]")
    found = Sources.find([tmp_path])
    assert [path.name for path in found.tasks] == ["train_2.json", "train_10.json"]
    assert found.ranks == tmp_path / "scores.pkl"
    assert Sources.find([tmp_path / "notes.json"]).tasks == (tmp_path / "notes.json",)


@pytest.mark.parametrize("names", [["a.txt"], ["a.pkl"], ["a.json", "a.pkl", "b.pkl"]])
def test_wrong_sources_are_refused(tmp_path, names):
    for name in names:
        (tmp_path / name).write_text("[]")
    with pytest.raises(UsageError):
        Sources.find([tmp_path / name for name in names])


def test_a_top_k_below_one_is_refused(small_source, tmp_path):
    with pytest.raises(UsageError, match="top-k"):
        prepare([small_source], tmp_path, Options(top_k=0))


def test_real_steps_are_prepared(real_data, real_tasks):
    store = Store.open(real_data)
    assert store.tasks("all").ids == tuple(task["annotation_id"] for task in real_tasks)
    assert len(store.tasks("dev").ids) == 10
    for task in real_tasks:
        prepared = store.task(task["annotation_id"])
        step = store.step_at(prepared.first)
        assert step.positives == len(task["actions"][0]["pos_candidates"])
        assert list(step.previous) == task["action_reprs"][:-1][-5:]
        assert len(prepared.best_ranks) == 1
