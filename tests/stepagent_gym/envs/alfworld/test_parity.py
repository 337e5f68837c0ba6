"""Against what the original engine did (real data); `tests/benchmarks` counts over all games."""

import gzip
import json
import sys
import tarfile
from pathlib import Path

import pytest

from stepagent_gym.envs.alfworld.engine import Engine
from stepagent_gym.envs.alfworld.prepare import Options, prepare
from stepagent_gym.envs.alfworld.sources import GAME, Sources

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))
import alfworld_parity as parity

ARCHIVES = "{}_{}grammar_game.tw-pddl.tar.xz"


@pytest.fixture(scope="module")
def engines(realdata, tmp_path_factory):
    """Compile games of real archives by id and grammar, once."""
    content = {}

    def get(wanted, grammar):
        missing = {name for name in wanted if (name, grammar) not in content}
        for part in {name.partition("/")[0].partition("_")[0] for name in missing}:
            archive = realdata / "alfworld" / ARCHIVES.format(part, grammar)
            for member in Sources([archive]).members([GAME]):
                if member.game in missing:
                    content[member.game, grammar] = compiled(member, tmp_path_factory)
        return {name: Engine(content[name, grammar], grammar) for name in wanted}

    return get


def compiled(member, tmp_path_factory):
    from stepagent_gym.envs.alfworld.game import Game

    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("out")
    folder = source / member.game
    folder.mkdir(parents=True)
    (folder / GAME).write_bytes(member.content)
    prepare([source], out, Options(workers=1))
    return Game.from_json(json.loads((out / "games.jsonl").read_text()))


@pytest.mark.parametrize("grammar", ["new", "old"])
@pytest.mark.parametrize("name", ["episodes", "probes"])
def test_every_recorded_episode_comes_back_identical(realdata, engines, name, grammar):
    file = realdata / "alfworld" / "recorded" / f"{name}.jsonl.gz"
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        episodes = [json.loads(line) for line in lines]
    episodes = [episode for episode in episodes if episode["grammar"] == grammar]
    ids = {episode["game"].partition("/")[2] for episode in episodes}
    games = engines(ids, grammar)
    assert len(episodes) >= 20
    for episode in episodes:
        assert parity.identical(games[episode["game"].partition("/")[2]], episode), episode["game"]


def test_expert_trajectories_come_back_identical(realdata, engines):
    talks = {}
    with tarfile.open(realdata / "alfworld" / "train_gt_traj.json.tar.xz", "r|*") as file:
        for number, info in enumerate(info for info in file if info.isreg()):
            if number % 40 == 0:
                game = "/".join(info.name.split("/")[1:4])
                talks[game] = [turn["value"] for turn in json.load(file.extractfile(info))]
    assert len(talks) > 50
    for game, engine in engines(set(talks), "old").items():
        said, won = parity.follow(engine, talks[game][1::2])
        expected = talks[game][2::2]
        assert [parity.stripped(text) for text in said][: len(expected)] == expected
        assert won


@pytest.mark.parametrize("grammar", ["new", "old"])
def test_walkthroughs_of_valid_games_win_in_both_grammars(realdata, engines, grammar):
    archive = realdata / "alfworld" / ARCHIVES.format("valid", "new")
    ids = {member.game for member in Sources([archive]).members([GAME])}
    assert len(ids) == 274
    for engine in engines(set(sorted(ids)[::4]), "new").values():
        spoken = Engine(engine.game, grammar)
        commands = [spoken.translated(command) for command in engine.game.walkthrough]
        assert parity.follow(spoken, commands)[1]
