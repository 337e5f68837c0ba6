"""Archives: what a run becomes, and what strangers may send instead."""

import io
import shutil
import stat
import subprocess
import sys
import zipfile

import orjson
import pytest
from hostile import KEY, running, shop
from hypothesis import given
from hypothesis import strategies as st

from harness.chat_server import ChatServer
from harness.policies import Sampling, Server
from leaderboard.archive import MAX_LINE
from leaderboard.submission import check_submission, read_episode, read_submission, submit
from leaderboard.verify import verify
from stepagent_gym.errors import SubmissionError

MEMBERS = ["manifest.json", "run.json", "summary.json", "trajectories.jsonl"]


@pytest.fixture
def contents(run):
    return run.contents()


def append(path, name, content=b"", **attributes):
    """Add a member as no friendly tool would."""
    info = zipfile.ZipInfo("x")
    info.filename = name
    for key, value in attributes.items():
        setattr(info, key, value)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr(info, content)


def refused(path):
    """Give what is said of an archive, which must be the same wherever it is read."""
    with pytest.raises(SubmissionError) as caught:
        check_submission(read_submission(path))
    assert verify(path, workers=0).findings == (str(caught.value),)
    return str(caught.value)


def test_a_run_becomes_an_archive_of_four_files(run_folder, archive):
    with zipfile.ZipFile(archive) as file:
        assert file.namelist() == MEMBERS
        for name in MEMBERS[2:]:
            assert file.read(name) == (run_folder / name).read_bytes()
        told, stored = (
            orjson.loads(content)
            for content in (file.read("run.json"), (run_folder / "run.json").read_bytes())
        )
        manifest = orjson.loads(file.read("manifest.json"))
    stored["config"]["out"] = None
    assert told == stored
    assert manifest["model"] == "Random"
    assert manifest["method"] == "none"
    submission = read_submission(archive)
    assert len(check_submission(submission)) == 60


def test_the_same_run_gives_the_same_bytes(run_folder, archive, tmp_path):
    again = submit(run_folder, tmp_path / "again.zip", model="Random", method="none")
    assert again.read_bytes() == archive.read_bytes()


def test_the_command_writes_it_and_does_not_write_over(run_folder, tmp_path):
    out = tmp_path / "new" / "out.zip"
    command = [sys.executable, "-m", "harness.cli", "board", "submit", run_folder, "--out", out]
    first = subprocess.run(command, capture_output=True, text=True, check=False)
    assert first.returncode == 0, first.stderr
    assert read_submission(out).model == "random"
    second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert second.returncode == 2
    assert "exists already" in second.stderr


def test_what_is_private_stays_at_home(tmp_path, evaluated, monkeypatch):
    monkeypatch.setenv("MY_PRIVATE_KEY", KEY)
    prices = tmp_path / "private-prices.json"
    prices.write_text('{"models": {"org/shopper": {"prompt": 1.0, "completion": 2.0}}}')
    with running(ChatServer(shop)) as server:
        folder = evaluated(
            tmp_path / "private-run", model="openai/org/shopper", limit=3,
            sampling=Sampling(temperature=0.5, max_tokens=99),
            server=Server(
                base_url=server.url, api_key_env="MY_PRIVATE_KEY", prices=prices, max_cost=7.25,
                cache=str(tmp_path / "private-cache.sqlite"),
            ),
        )  # fmt: skip
        address = server.url
    stored = (folder / "run.json").read_text()
    private = [address, "MY_PRIVATE_KEY", "private", str(tmp_path), "7.25"]
    assert all(secret in stored for secret in private)
    archive = submit(folder, tmp_path / "out.zip")
    with zipfile.ZipFile(archive) as file:
        published = b"".join(file.read(name) for name in file.namelist()).decode()
    assert not [secret for secret in (*private, KEY) if secret in published]
    submission = read_submission(archive)
    assert submission.config.model == submission.model == "openai/org/shopper"
    assert submission.config.sampling == Sampling(temperature=0.5, max_tokens=99)
    assert verify(archive, workers=0).findings == ()


def test_of_a_path_the_last_name_is_published(tmp_path, evaluated):
    model = tmp_path / "home" / "shopper-7b"
    evaluated(model, limit=3)
    folder = evaluated(tmp_path / "replayed", model=f"replay/{model}", limit=3)
    archive = submit(folder, tmp_path / "out.zip")
    submission = read_submission(archive)
    assert submission.config.model == "replay/shopper-7b"
    assert {part["conditions"]["model"] for part in submission.summary.values()} == {
        "replay/shopper-7b"
    }
    with zipfile.ZipFile(archive) as file:
        assert str(tmp_path).encode() not in b"".join(map(file.read, file.namelist()))
    assert verify(archive, workers=0).findings == ()


def edited(folder, copy, name, edit):
    shutil.copytree(folder, copy)
    lines = (copy / name).read_bytes().splitlines(keepends=True)
    (copy / name).write_bytes(b"".join(edit(lines)))
    return copy


@pytest.mark.parametrize(
    ("name", "edit", "said"),
    [
        ("trajectories.jsonl", lambda lines: lines[:-1], "59 episodes of 60 (30 tasks, 2 repeats)"),
        ("trajectories.jsonl", lambda lines: [*lines, lines[0]], "in the lines 1 and 61"),
        (
            "trajectories.jsonl",
            lambda lines: [*lines[:-1], lines[-1][:-20]],
            "line 60, is cut off: it has no newline",
        ),
        ("trajectories.jsonl", lambda lines: [b"\n", *lines], "line 1 is no JSON"),
        (
            "trajectories.jsonl",
            lambda lines: [lines[0].replace(b'"error":null', b'"error":"x"'), *lines[1:]],
            "and yet with the error",
        ),
        ("summary.json", lambda lines: [b"{}"], "summary.json of none"),
        ("run.json", lambda lines: [b"[]"], "run.json must be an object"),
    ],
)
def test_an_incomplete_or_faulty_run_is_not_submitted(run_folder, tmp_path, name, edit, said):
    folder = edited(run_folder, tmp_path / "copy", name, edit)
    out = tmp_path / "out.zip"
    with pytest.raises(SubmissionError) as caught:
        submit(folder, out)
    assert said in str(caught.value)
    assert sorted(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("name", MEMBERS[1:])
def test_a_missing_file_of_a_run_is_named(run_folder, tmp_path, name):
    folder = shutil.copytree(run_folder, tmp_path / "copy")
    (folder / name).unlink()
    with pytest.raises(SubmissionError, match=f"{name} is missing; finish the run"):
        submit(folder, tmp_path / "out.zip")


@pytest.mark.parametrize(
    "name",
    ["../run.json", "/etc/passwd", "a/../../b", "..\\run.json", "C:\\run.json", "sub/run.json",
     "run.json/", "RUN.JSON", "run.json\0.txt", "extra.json"],
)  # fmt: skip
def test_other_names_are_refused(contents, write, tmp_path, name):
    path = write(tmp_path / "hostile.zip", contents)
    append(path, name, b"evil")
    said = refused(path)
    assert "and nothing else" in said
    assert repr(name) in said


def test_nothing_is_ever_extracted(contents, write, tmp_path, monkeypatch):
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    path = write(tmp_path / "hostile.zip", contents)
    append(path, "../escaped", b"evil")
    refused(path)
    assert not (tmp_path / "escaped").exists()
    assert not list(folder.iterdir())


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(contents, write, tmp_path, kind):
    link = contents.pop("run.json")
    path = tmp_path / "hostile.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("manifest.json", b"{}")
        for name, content in contents.items():
            file.writestr(name, content)
    append(path, "run.json", link, external_attr=(kind | 0o777) << 16, create_system=3)
    assert refused(path) == "run.json in the archive is no plain file (a link or device)"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_is_there_twice_is_refused(contents, write, tmp_path):
    path = write(tmp_path / "hostile.zip", contents)
    append(path, "run.json", contents["run.json"])
    assert refused(path) == "the archive holds 'run.json' twice"


@pytest.mark.parametrize("name", MEMBERS)
def test_a_member_that_is_not_there_is_named(contents, write, tmp_path, name):
    whole = write(tmp_path / "whole.zip", contents)
    path = tmp_path / "hostile.zip"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for kept in MEMBERS:
            if kept != name:
                target.writestr(kept, source.read(kept))
    assert refused(path) == f"the archive lacks {name}"


def test_a_bomb_is_refused_before_it_is_read(contents, write, tmp_path):
    contents["trajectories.jsonl"] = b"\n" * (300 << 20)
    said = refused(write(tmp_path / "bomb.zip", contents))
    assert "this looks like a bomb" in said


def test_a_member_over_its_size_is_refused(contents, write, tmp_path):
    contents["run.json"] = orjson.dumps([hash(str(i)) for i in range(80_000)])
    said = refused(write(tmp_path / "large.zip", contents))
    assert said.startswith("run.json has 1,")
    assert said.endswith("bytes, more than the 1,048,576 allowed")


def test_a_bomb_that_lies_about_its_size_is_refused(contents, write, tmp_path):
    """The declared size is what is read; the rest fails the checksum."""
    contents["trajectories.jsonl"] = b"\n" * (4 << 20)
    path = write(tmp_path / "bomb.zip", contents)
    size = (4 << 20).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (1 << 10).to_bytes(4, "little")))
    assert "no sound ZIP archive" in refused(path)


def test_a_huge_line_is_refused(contents, write, tmp_path):
    noise = b"".join(b"%d" % hash(str(i)) for i in range(1 << 16))
    contents["trajectories.jsonl"] += noise * (MAX_LINE // len(noise) + 1) + b"\n"
    said = refused(write(tmp_path / "long.zip", contents))
    assert said == "trajectories.jsonl, line 61, is longer than the 16,777,216 bytes allowed"


def test_a_changed_file_is_refused(contents, write, tmp_path):
    files = {**contents, "run.json": contents["run.json"].replace(b'"random"', b'"gpt-9!"')}
    path = write(tmp_path / "changed.zip", contents)
    with zipfile.ZipFile(path) as source:
        manifest = source.read("manifest.json")
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("manifest.json", manifest)
        for name, content in files.items():
            target.writestr(name, content)
    assert "run.json was changed: its SHA-256 is" in refused(path)


def test_an_encrypted_member_is_refused(contents, write, tmp_path):
    path = write(tmp_path / "hostile.zip", contents)
    content = bytearray(path.read_bytes())
    place = content.rindex(b"PK\x01\x02")
    content[place + 8] |= 1
    path.write_bytes(content)
    assert "is encrypted" in refused(path)


def test_another_compression_is_refused(contents, write, tmp_path):
    path = write(tmp_path / "hostile.zip", contents)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as target:
        for name in MEMBERS:
            target.writestr(name, b"{}")
    assert "another method than deflate" in refused(path)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 2}, "manifest.json.format must be 1, the format of this version"),
        ({"format": True}, "manifest.json.format must be 1"),
        ({"kind": "other"}, "manifest.json.kind must be one of stepagent-submission"),
        ({"model": ""}, "manifest.json.model must be a text of 1 to 200 characters"),
        ({"method": "m" * 201}, "manifest.json.method must be a text of 1 to 200"),
        ({"files": {}}, "manifest.json.files lacks 'run.json'"),
        ({"homepage": "https://x"}, "manifest.json has the unknown key 'homepage'"),
    ],
)
def test_a_manifest_has_one_shape(contents, write, tmp_path, changes, said):
    assert said in refused(write(tmp_path / "hostile.zip", contents, **changes))


def deep(levels):
    return b"[" * levels + b"]" * levels


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'"seed":0', b'"seed":-1', "line 1.seed must be a whole number"),
        (b'"seed":0', b'"seed":false', "line 1.seed must be a whole number"),
        (b'"seed":0', b'"seed":0.5', "line 1.seed must be a whole number"),
        (b'"seed":0', b'"seed":NaN', "line 1 is no JSON"),
        (b'"reward":', b'"reward":"1", "x":', "line 1.steps[0].reward must be a finite number"),
        (b'"terminated":false', b'"terminated":0', "steps[0].terminated must be true or false"),
        (b'"status":"', b'"status":"very ', "status must be one of finished, truncated, error"),
        (b'"observation":', b'"observation":7,"y":', "steps[0].observation must be a text"),
        (b'"thought":', b'"html":"<b>","thought":', "steps[0] has the unknown key 'html'"),
        (b'"thought":', b'"thouhgt":', "steps[0] lacks 'thought'"),
        (b'"info":{', b'"info":{"a":' + deep(20) + b",", "nested more than 12 levels"),
        (b'"info":{', b'"info":{"a":' + deep(2000) + b",", "line 1 is no JSON"),
        (b'{"env_id"', b'["env_id"', "line 1 is no JSON"),
        (b'"finish_reason":"stop"', b'"finish_reason":"stop","token_ids":[1,"a"]', "token_ids[1]"),
        (b'"finish_reason"', b'"text":"\\ud800","finish_reason"', "line 1 is no JSON"),
    ],
)
def test_an_episode_has_one_shape(contents, write, tmp_path, old, new, said):
    lines = contents["trajectories.jsonl"]
    assert old in lines.partition(b"\n")[0]
    contents["trajectories.jsonl"] = lines.replace(old, new, 1)
    assert said in refused(write(tmp_path / "hostile.zip", contents))


@pytest.mark.parametrize(
    ("keys", "value", "said"),
    [
        (("started",), "yesterday", "run.json.started must be a time in ISO 8601"),
        (("versions",), {}, "run.json.versions lacks 'stepagent-gym'"),
        (("config", "set"), "all", "run.json.config.set must be an array"),
        (("config", "colour"), "red", "run.json was written by another version of the harness"),
        (("config", "limit"), -3, "run.json.config.limit must be a whole number"),
    ],
)
def test_a_header_has_one_shape(run, tmp_path, keys, value, said):
    target = run.header
    for key in keys[:-1]:
        target = target[key]
    target[keys[-1]] = value
    assert said in refused(run.archive(tmp_path / "hostile.zip"))


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_read(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "any.zip"
    path.write_bytes(content)
    with pytest.raises(SubmissionError):
        read_submission(path)


@given(place=st.floats(0, 1, exclude_max=True), value=st.integers(0, 255))
def test_a_damaged_archive_is_refused_or_the_same(archive, tmp_path_factory, place, value):
    content = bytearray(archive.read_bytes())
    content[int(place * len(content))] = value
    path = tmp_path_factory.mktemp("damaged") / "damaged.zip"
    path.write_bytes(content)
    try:
        episodes = check_submission(read_submission(path))
    except SubmissionError:
        return
    assert len(episodes) == 60


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_line_is_refused(line):
    with pytest.raises(SubmissionError):
        read_episode(line, 1)


def test_a_file_that_is_no_archive_is_refused(tmp_path):
    path = tmp_path / "no.zip"
    path.write_bytes(io.BytesIO(b"PK\x03\x04 nothing").getvalue())
    assert "no.zip is no sound ZIP archive" in refused(path)
