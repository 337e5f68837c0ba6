import io
import json
import tarfile
import zipfile

import gymnasium
import pytest
from kitchen import GOALS, ROOM

from stepagent_gym.datasets import prepare, verify
from stepagent_gym.envs.alfworld.library import Library
from stepagent_gym.envs.alfworld.prepare import Options
from stepagent_gym.envs.alfworld.sources import GAME, PROBLEM, TRAJECTORY, read_list
from stepagent_gym.errors import DataCorrupt, UsageError

PUT = "pick_and_place_simple"


def trajectory(kind=PUT, sliced=False):
    return json.dumps(
        {
            "task_type": kind,
            "pddl_params": {
                "object_target": "Mug",
                "parent_target": "Desk",
                "toggle_target": "DeskLamp",
                "mrecep_target": "",
                "object_sliced": sliced,
            },
        }
    )


def problem(kind=PUT):
    return ROOM.replace("{goal}", GOALS[kind])


def name(split="train", kind=PUT, trial="T1"):
    return f"{split}/{kind}-Mug-None-Desk-1/trial_{trial}_{split}_{kind}"


@pytest.fixture
def files():
    """The files of six games over three splits, without `game.tw-pddl`."""
    content = {}
    for split in ("train", "valid_seen", "valid_unseen"):
        for kind in (PUT, "pick_heat_then_place_in_recep"):
            content[f"{name(split, kind)}/{PROBLEM}"] = problem(kind)
            content[f"{name(split, kind)}/{TRAJECTORY}"] = trajectory(kind)
    return content


def write_folder(path, files):
    for relative, text in files.items():
        (path / relative).parent.mkdir(parents=True, exist_ok=True)
        (path / relative).write_text(text)
    return path


def write_zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for relative, text in files.items():
            archive.writestr(relative, text)
    return path


def write_tar(path, files):
    with tarfile.open(path, "w:xz") as archive:
        for relative, text in files.items():
            info = tarfile.TarInfo(relative)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


def test_folders_zips_and_tars_give_the_same_data(files, tmp_path):
    inside = {f"json_2.1.1/{path}": text for path, text in files.items()}
    (tmp_path / "folder").mkdir()
    hashes = {
        prepare("alfworld", [str(source)], name=f"data-{number}").data_hash
        for number, source in enumerate(
            (
                write_folder(tmp_path / "folder", inside),
                write_zip(tmp_path / "games.zip", inside),
                write_tar(tmp_path / "games.tar.xz", inside),
            )
        )
    }
    assert len(hashes) == 1


def test_a_game_is_joined_from_two_archives(files, tmp_path):
    for part in (PROBLEM, TRAJECTORY):
        own = {path: text for path, text in files.items() if path.endswith(part)}
        write_tar(tmp_path / f"{part}.tar.xz", own)
    dataset = prepare("alfworld", [str(tmp_path)])
    verify(dataset)
    assert dataset.counts["games"] == 6
    assert dataset.counts["split test"] == dataset.counts["split dev"] == 2
    library = Library(dataset)
    game = library.game(name())
    assert game.task in ("put a mug in desk.", "put some mug on desk.")
    assert game.walkthrough is not None
    assert library.problem(name()).to_json()


def test_prepared_games_are_played_by_name(files, tmp_path):
    prepare("alfworld", [str(write_zip(tmp_path / "a.zip", files))], name="mine")
    env = gymnasium.make("stepagent/ALFWorld-v0", data="mine", split="valid_seen").unwrapped
    assert env.task_ids == (name("valid_seen", "pick_and_place_simple"),
                            name("valid_seen", "pick_heat_then_place_in_recep"))  # fmt: skip


@pytest.mark.parametrize("workers", [1, 2])
def test_processes_change_nothing(files, tmp_path, workers):
    source = write_zip(tmp_path / "a.zip", files)
    one = prepare("alfworld", [str(source)], name="one", options=Options(workers=1))
    same = prepare("alfworld", [str(source)], name="two", options=Options(workers=workers))
    assert one.data_hash == same.data_hash


def test_what_cannot_be_won_is_left_out_and_counted(files, tmp_path):
    unplayable = {
        name(trial="T2"): (problem().replace("(canContain DeskType MugType)", ""), trajectory()),
        name(trial="T3"): (problem(), trajectory(sliced=True)),
        name(kind="pick_and_place_with_movable_recep", trial="T4"): (
            problem(),
            trajectory("pick_and_place_with_movable_recep"),
        ),
    }
    for game, (text, task) in unplayable.items():
        files[f"{game}/{PROBLEM}"], files[f"{game}/{TRAJECTORY}"] = text, task
    files[f"{name(trial='T5')}/{GAME}"] = json.dumps({"solvable": False, "pddl_problem": ""})
    dataset = prepare("alfworld", [str(write_zip(tmp_path / "a.zip", files))])
    assert dataset.counts["games"] == 6
    assert dataset.info["left_out"] == {"sliced or movable": 2, "unsolvable": 2}


def test_own_lists_of_games_become_splits(files, tmp_path):
    train, seen = name(), name("valid_seen")
    source = write_zip(tmp_path / "games.zip", files)
    paths = [f"data/alfworld/json_2.1.1/{game}/{GAME}" for game in (seen, train)]
    (tmp_path / "both.json").write_text(json.dumps(paths))
    gym = [{"item_id": 0, "task_type": train.split("/")[1], "task_id": train.split("/")[2]},
           {"item_id": 1, "task_type": "gone-Mug-None-Desk-1", "task_id": "trial_T9"}]  # fmt: skip
    (tmp_path / "gym.json").write_text(json.dumps(gym))
    (tmp_path / "own.txt").write_text(f"{seen}\n{seen}\n")
    options = Options(
        split=tuple(f"{n}={tmp_path / n}.{e}" for n, e in
                    (("both", "json"), ("gym", "json"), ("own", "txt")))
    )  # fmt: skip
    library = Library(prepare("alfworld", [str(source)], options=options))
    assert library.tasks("own").ids == library.tasks("both_valid_seen").ids == (seen,)
    assert library.tasks("gym").ids == library.tasks("both_train").ids == (train,)
    assert library.tasks("both").ids == (seen, train)
    assert library.dataset.info["missing"] == {"gym": 1}
    assert "eto" not in library.splits


def test_a_list_keeps_its_order_and_names_each_game_once(tmp_path):
    (tmp_path / "list").write_text("x/b-1/trial_2 b-1/trial_2\n a-1/trial_1")
    assert read_list(tmp_path / "list") == ["2", "1"]
    (tmp_path / "list").write_text("nothing here")
    with pytest.raises(DataCorrupt, match="names no game"):
        read_list(tmp_path / "list")
    with pytest.raises(DataCorrupt, match="cannot be read"):
        read_list(tmp_path / "gone")


@pytest.mark.parametrize("path", ["../evil", "/etc/passwd", "a/../../evil", "..\\evil"])
@pytest.mark.parametrize("write", [write_zip, write_tar])
def test_an_archive_that_points_outside_is_refused(files, tmp_path, path, write):
    files[path] = "x"
    source = write(tmp_path / ("a.zip" if write is write_zip else "a.tar.xz"), files)
    with pytest.raises(DataCorrupt, match="outside itself"):
        prepare("alfworld", [str(source)])
    assert not (tmp_path.parent / "evil").exists()


@pytest.mark.parametrize("suffix", ["zip", "tar.xz"])
def test_a_damaged_archive_is_refused(files, tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    (write_zip if suffix == "zip" else write_tar)(path, files)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(DataCorrupt, match="fetch it again"):
        prepare("alfworld", [str(path)])


@pytest.mark.parametrize(
    ("part", "content", "message"),
    [
        (PROBLEM, "(define (problem p)", "cut off"),
        (PROBLEM, problem().replace("(atLocation agent1 loc_bar_0)", ""), "0 places"),
        (PROBLEM, problem().replace("(holds", "(x"), None),
        (TRAJECTORY, "{}", "malformed"),
        (TRAJECTORY, "[" * 100_000, "malformed"),
        (GAME, "{}", None),
        (GAME, "{", "malformed"),
        (GAME, json.dumps({"solvable": True, "pddl_problem": "", "pddl_domain": "",
                           "grammar": '"Your task is to: x"'}), "domain is not one"),
        (GAME, json.dumps({"solvable": True, "pddl_problem": "", "pddl_domain": "",
                           "grammar": ""}), "Your task is to"),
    ],
)  # fmt: skip
def test_a_broken_game_is_named(files, tmp_path, part, content, message):
    files[f"{name()}/{part}"] = content
    source = write_zip(tmp_path / "a.zip", files)
    if message is None:
        prepare("alfworld", [str(source)])
        return
    with pytest.raises(DataCorrupt, match=f"{name()}.*{message}"):
        prepare("alfworld", [str(source)])


def test_useless_sources_are_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(UsageError, match="no folder or archive"):
        prepare("alfworld", [str(tmp_path / "notes.txt")])
    with pytest.raises(UsageError, match="no solvable game"):
        prepare("alfworld", [str(tmp_path)])


def test_a_huge_member_is_refused(files, tmp_path, monkeypatch):
    monkeypatch.setattr("stepagent_gym.envs.alfworld.sources._MOST_BYTES", 10)
    for source in (write_zip(tmp_path / "a.zip", files), write_tar(tmp_path / "b.tar.xz", files)):
        with pytest.raises(DataCorrupt, match="bytes"):
            prepare("alfworld", [str(source)])


def test_official_archives_are_prepared_in_their_grammar(realdata, tmp_path):
    for grammar in ("old", "new"):
        archive = realdata / "alfworld" / f"valid_{grammar}grammar_game.tw-pddl.tar.xz"
        dataset = prepare("alfworld", [str(archive)], name=grammar)
        assert dataset.counts["games"] == 274
        assert dataset.counts["split valid_seen"] == 140
        assert dataset.counts["split eto"] == dataset.counts["split expel"] == 134
        assert dataset.counts["split agentbench_standard"] == 50
        assert dataset.info["missing"]["agentbench_new_std"] == 16
        assert dataset.info["grammars"] == {grammar: 274}
        assert dataset.info["left_out"] == ({"unsolvable": 108} if grammar == "old" else {})
        game = Library(dataset).game(Library(dataset).ids[0])
        assert (game.walkthrough is None) == (grammar == "old")
