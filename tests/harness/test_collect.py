"""`stepagent collect`, on the embedded tasks, and on real replies where there are."""

import asyncio
import io
import json
import subprocess
import sys
import tarfile
from collections import defaultdict

import orjson
import pytest
from hostile import FAULTS, KEY, HostileServer, running, shop
from rich.console import Console

from harness.accounts import Account, read_spending
from harness.chat_server import ChatServer
from harness.cli import main
from harness.collect import CollectConfig, collect
from harness.policies import Server
from harness.policies.spending import Meter
from harness.runs import read_trajectories
from stepagent_gym.datasets import load_prompt, prepare
from stepagent_gym.errors import BudgetSpent, ConfigChanged, UsageError
from stepagent_gym.formats import to_sharegpt
from stepagent_gym.react import reply
from stepagent_gym.types import Trajectory

WEBSHOP, ALFWORLD, SQL = (
    f"stepagent/{name}-v0" for name in ("WebShop", "ALFWorld", "InterCodeSQL")
)


def collected(out, *, model="oracle", env=WEBSHOP, complete=True, **options):
    """Collect; gives the trajectories of the file, and the counts."""
    config = CollectConfig(model=model, env=env, out=out, **options)
    assert collect(config, Console(file=io.StringIO())) is complete
    info = orjson.loads(out.with_suffix(".info.json").read_bytes())
    return read(out), info["environments"][env]["counts"]


def read(path):
    return [Trajectory.from_json(orjson.loads(line)) for line in path.read_bytes().splitlines()]


def rows(path):
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


@pytest.fixture(scope="module")
def attempts(tmp_path_factory):
    """Three attempts of the random policy at forty tasks."""
    out = tmp_path_factory.mktemp("collect") / "experts.jsonl"
    options = {"model": "random", "limit": 40, "repeats": 3, "max_turns": "20"}
    experts, counts = collected(
        out, keep="reward>0", formats=("openai", "sharegpt", "preference", "rows"), **options
    )
    return out, options, experts, counts


def test_the_best_kept_attempt_of_each_task_is_written(attempts):
    out, _, experts, counts = attempts
    played = list(read_trajectories(out.with_suffix(".run")))
    assert len(played) == counts["played"] == 120
    by_task = defaultdict(list)
    for trajectory in played:
        by_task[trajectory.task_id].append(trajectory)
    passing = [t for t in played if t.reward > 0]
    assert [t.task_id for t in experts] == sorted({t.task_id for t in passing}, key=int)
    for expert in experts:
        assert expert.reward == max(t.reward for t in by_task[expert.task_id])
        assert expert in played
    assert counts["did not pass the filter"] == 120 - len(passing)
    assert counts["not the best of their task"] == len(passing) - len(experts) > 0
    assert counts["written"] == len(experts) > 5


def test_the_same_command_continues_and_another_filter_plays_nothing_again(attempts):
    out, options, experts, _ = attempts
    file = out.with_suffix(".run") / "trajectories.jsonl"
    before, content = file.read_bytes(), out.read_bytes()
    file.write_bytes(before[: before.rindex(b"\n", 0, -1) + 40])
    again, counts = collected(out.with_name("experts.jsonl"), keep="reward>0", **options)
    assert again == experts
    assert out.read_bytes() == content
    assert sorted(file.read_bytes().splitlines()) == sorted(before.splitlines())
    stamp = file.stat().st_mtime_ns
    every, counts = collected(out, keep="reward>0", select="all", **options)
    assert file.stat().st_mtime_ns == stamp
    assert len(every) == 120 - counts["did not pass the filter"] > len(experts)
    with pytest.raises(ConfigChanged, match="seed"):
        collected(out, seed=5, **options)
    collected(out, keep="reward>0", **options)


def test_every_form_holds_the_same_experts(attempts):
    out, _, experts, _ = attempts
    form = {name: rows(out.with_suffix(f".{name}.jsonl"))
            for name in ("openai", "sharegpt", "preference", "rows")}  # fmt: skip
    for expert, chat, talk, row in zip(
        experts, form["openai"], form["sharegpt"], form["rows"], strict=True
    ):
        texts = [step.completion.text for step in expert.steps]
        assert [m["content"] for m in chat["messages"] if m["role"] == "assistant"][1:] == texts
        assert [t["value"] for t in talk["conversations"] if t["loss"]] == texts
        assert row["messages"] == chat["messages"]
        assert (row["task_id"], row["reward"]) == (expert.task_id, expert.reward)
    assert len({tuple((k, type(v)) for k, v in row.items()) for row in form["rows"]}) == 1
    assert 5 < len(form["preference"]) <= len(experts)
    for pair in form["preference"]:
        assert pair["chosen"][0] != pair["rejected"][0]
        assert pair["prompt"][-1]["role"] == "user"


def test_pairs_are_of_every_kept_attempt_that_is_better(attempts, tmp_path):
    _, options, _, _ = attempts
    out = tmp_path / "experts.jsonl"
    every, _ = collected(out, keep="turns<=20", select="all", formats=("preference",), **options)
    worst = defaultdict(lambda: 1.0)
    for trajectory in every:
        worst[trajectory.task_id] = min(worst[trajectory.task_id], trajectory.reward)
    better = [t for t in every if t.reward > worst[t.task_id]]
    assert len(rows(out.with_suffix(".preference.jsonl"))) == len(better) > 5


def test_what_was_tampered_with_is_dropped(tmp_path):
    out = tmp_path / "experts.jsonl"
    experts, _ = collected(out, limit=6)
    file = tmp_path / "experts.run" / "trajectories.jsonl"
    lines = {line["task_id"]: line for line in rows(file)}
    tasks = [expert.task_id for expert in experts]
    lines[tasks[0]]["steps"][1]["observation"] += " Sale!"
    lines[tasks[1]]["steps"][-1]["reward"] = 0.75
    lines[tasks[2]]["final_observation"] = "You won."
    lines[tasks[3]]["steps"][0]["completion"]["text"] = "Action: click[nothing]"
    lines[tasks[4]]["reward"] = 5.0
    file.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines.values()))
    left, counts = collected(out, limit=6)
    assert left == experts[5:]
    assert (counts["did not reproduce"], counts["written"]) == (5, 1)
    info = orjson.loads(out.with_suffix(".info.json").read_bytes())
    unlike = info["environments"][WEBSHOP]["did_not_reproduce"]
    ends = [len(expert.steps) for expert in experts]
    turns = dict(zip(tasks, [1, ends[1] - 1, ends[2], 0, ends[4]], strict=False))
    assert {row["task_id"]: row["turn"] for row in unlike} == turns


def test_a_replay_is_collected_like_any_run(tmp_path):
    experts, _ = collected(tmp_path / "a.jsonl", limit=8)
    again, _ = collected(tmp_path / "b.jsonl", model=f"replay/{tmp_path / 'a.run'}", limit=8)
    assert again == experts


def test_errors_are_counted_and_the_status_says_so(tmp_path):
    collected(tmp_path / "a.jsonl", limit=4)
    experts, counts = collected(
        tmp_path / "b.jsonl", model=f"replay/{tmp_path / 'a.run'}", limit=6, complete=False
    )
    assert len(experts) == 4
    assert counts["ended in an error"] == 2


def test_several_environments_make_one_file(tmp_path):
    out = tmp_path / "experts.jsonl"
    config = CollectConfig(model="oracle", env=f"{SQL},{WEBSHOP}", out=out, limit=3, keep="ipr")
    assert collect(config, Console(file=io.StringIO()))
    assert [t.env_id for t in read(out)] == [SQL] * 3 + [WEBSHOP] * 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"keep": "reward>>1"}, "comparison"),
        ({"keep": "em==1"}, "no number 'em'"),
        ({"out": "experts.json"}, "jsonl"),
        ({"thoughts": "openai/x", "action_format": "bare"}, "bare action"),
        ({"thoughts": "oracle"}, "only a model"),
        ({"model": "published/x", "repeats": 2}, "played once"),
        ({"model": "nobody"}, "no model"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_played(tmp_path, options, message):
    values = {"model": "oracle", "env": WEBSHOP, "out": "experts.jsonl", **options}
    values["out"] = tmp_path / values["out"]
    with pytest.raises(UsageError, match=message):
        collect(CollectConfig(**values), Console(file=io.StringIO()))
    assert list(tmp_path.iterdir()) == []


def test_the_command(tmp_path, capsys):
    out = tmp_path / "experts.jsonl"
    played = ["--model", "oracle", "--env", WEBSHOP, "--limit", "5", "--attempts", "2"]
    assert main(["collect", *played, "--keep", "reward>=0.7", "--out", str(out)]) == 0
    assert len(read(out)) == 5
    printed = " ".join(capsys.readouterr().out.split())
    assert f"{WEBSHOP}: 10 played, 5 not the best of their task, 5 written" in printed
    assert main(["collect", *played, "--keep", "reward>2", "--out", str(out)]) == 1
    assert read(out) == []


# Thoughts.


def narrator(request):
    """A model that writes a thought, and sometimes none, from the request alone."""
    asked = request["messages"][-1]["content"].partition("It is:\n\n")[2].partition("\n")[0]
    return f"Thought: I must do something.\nAction: {asked[:3]} elsewhere"


@pytest.fixture
def without_thoughts(tmp_path):
    """A published file of replies that have no thoughts."""
    experts, _ = collected(tmp_path / "gold.jsonl", limit=6)
    talks = [
        {"id": f"webshop_{expert.task_id}", "conversations": talk(expert)} for expert in experts
    ]
    path = tmp_path / "bare.json"
    path.write_bytes(orjson.dumps(talks))
    return path, experts


def talk(expert):
    turns = [("human", "Shop."), ("gpt", "OK")]
    for step in expert.steps:
        turns += [("human", step.observation), ("gpt", reply(None, step.action))]
    return [{"from": speaker, "value": value} for speaker, value in turns]


def test_thoughts_are_written_once_and_actions_stay(tmp_path, without_thoughts, monkeypatch):
    path, gold = without_thoughts
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    out = tmp_path / "told.jsonl"
    kinds = tuple(kind for kind in FAULTS if kind != "hang")
    with running(HostileServer(narrator, faults=0.3, kinds=kinds)) as server:
        options = {
            "model": f"published/{path}", "thoughts": "openai/teller",
            "server": Server(base_url=server.url, backoff=0.01, retries=12, timeout=5.0),
        }  # fmt: skip
        told, counts = collected(out, **options)
        replies = server.sent["reply"]
        again, _ = collected(out, **options)
        assert server.sent["reply"] == replies
    actions = [[step.action for step in expert.steps] for expert in gold]
    assert [[step.action for step in expert.steps] for expert in told] == actions
    assert {step.thought for expert in told for step in expert.steps} == {"I must do something."}
    assert counts["thoughts written"] == replies == sum(map(len, actions))
    assert again == told
    for written, expert in zip(told, gold, strict=True):
        assert [s.observation for s in written.steps] == [s.observation for s in expert.steps]
        assert written.reward == expert.reward
    files = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert not any(KEY.encode() in content for content in files)


def test_experts_without_a_usable_thought_fall_out(tmp_path, without_thoughts, monkeypatch):
    path, _ = without_thoughts
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with running(HostileServer(lambda request: "Action: click[x]", faults=0)) as server:
        told, counts = collected(
            tmp_path / "told.jsonl", model=f"published/{path}", thoughts="openai/teller",
            server=Server(base_url=server.url), complete=False,
        )  # fmt: skip
    assert told == []
    assert counts["without a usable thought"] == 6


def test_limits_hold_for_playing_and_thoughts_together_over_all_times(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    prices = tmp_path / "prices.json"
    costs = {"player": {"prompt": 1.0, "completion": 1.0}}
    costs["teller"] = {"prompt": 3.0, "completion": 3.0}
    prices.write_bytes(orjson.dumps({"models": costs}))

    def answer(request):
        return narrator(request) if request["model"] == "teller" else shop(request)

    def told(out, server, **limits):
        return collected(
            out, model="openai/player", thoughts="openai/teller", limit=2, max_turns="4",
            concurrency=1, server=Server(base_url=server.url, prices=prices, **limits),
        )  # fmt: skip

    def spent(out):
        names = ("spending.json", "thoughts-spending.json")
        files = [out.with_suffix(".run") / name for name in names]
        return [read_spending(file).tokens for file in files]

    with running(ChatServer(answer)) as server:
        experts, _ = told(tmp_path / "free.jsonl", server)
        asked, (played, thought) = server.requests, spent(tmp_path / "free.jsonl")
        assert played > 0 < thought
        out, limit = tmp_path / "held.jsonl", played + thought // 2
        for _ in range(2):  # the second time nothing more is asked
            with pytest.raises(BudgetSpent, match=f"--max-tokens-total {limit:,}; raise it"):
                told(out, server, max_tokens_total=limit)
            stopped = server.requests - asked
        assert sum(spent(out)) >= limit
        assert 0 < stopped < asked
        with pytest.raises(BudgetSpent, match="--max-cost"):
            told(out, server, max_cost=(played + 3 * spent(out)[1]) / 1e6)
        assert server.requests == asked + stopped
        again, _ = told(out, server, max_tokens_total=2 * (played + thought))
    assert again == experts
    assert spent(out)[0] == played
    assert spent(out)[1] >= thought  # of the episode that was stopped, thoughts are asked again


def test_playing_counts_what_thoughts_have_cost(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    out = tmp_path / "held.jsonl"
    before = Meter(None)
    account = Account(out.with_suffix(".run") / "thoughts-spending.json", before)

    async def spend():
        async with account.kept():
            before.spending.add({"prompt_tokens": 900, "completion_tokens": 100})

    asyncio.run(spend())
    with running(ChatServer(shop)) as server:
        experts, _ = collected(
            out, model="openai/player", thoughts="openai/teller", limit=2, complete=False,
            server=Server(base_url=server.url, max_tokens_total=1000),
        )  # fmt: skip
    assert experts == []
    assert server.requests == 0


# Published files.


@pytest.mark.parametrize("form", ["eto", "agentgym", "ipr"])
@pytest.mark.parametrize("env", [WEBSHOP, ALFWORLD, SQL])
def test_published_files_are_played_again(tmp_path, form, env):
    out = tmp_path / "gold.jsonl"
    gold, _ = collected(out, env=env, limit=7, formats=("sharegpt",))
    talks = rows(out.with_suffix(".sharegpt.jsonl"))
    for talk_ in talks:
        talk_["conversations"][4]["value"] = "Observation: [from another recording]"
    games = [{"game_file": f"json_2.1.1/{t.task_id}"} if env == ALFWORLD else {} for t in gold]
    if form == "eto":
        value = [{**talk_, "id": f"{n}", **games[n]} for n, talk_ in enumerate(talks)]
    elif form == "agentgym":
        value = [
            {"item_id": f"x_{n}", "conversations": talk_["conversations"], **games[n]}
            for n, talk_ in enumerate(talks)
        ]
    else:
        value = {
            f"{n}_{step}": {"id": n, "iteration": step, "gpt_reward": 1.0, **games[n],
                            "gpt_conversations": talk_["conversations"]}
            for n, talk_ in enumerate(talks) for step in range(2)
        }  # fmt: skip
    broken = {"id": "0", "conversations": None}
    value = {**value, "x": broken} if form == "ipr" else [*value, broken]
    path = tmp_path / "published.json"
    path.write_bytes(orjson.dumps(value))
    again, counts = collected(tmp_path / "again.jsonl", model=f"published/{path}", env=env)
    assert again == gold
    assert (counts["conversations"], counts["malformed"], counts["written"]) == (8, 1, 7)
    assert counts["of no task"] == 0
    fewer, counts = collected(tmp_path / "fewer.jsonl", model=f"published/{path}", env=env, limit=4)
    assert fewer == gold[:4]
    assert counts["beyond the limit of tasks"] == 3


def test_conversations_that_end_early_or_are_of_no_task_fall_out(tmp_path):
    gold, _ = collected(tmp_path / "gold.jsonl", limit=3)
    talks = [to_sharegpt(expert, load_prompt("webshop")) for expert in gold]
    talks[0]["conversations"] = talks[0]["conversations"][:-2]
    talks[1]["id"] = "100000"
    talks[1]["conversations"][2]["value"] = "something else"
    path = tmp_path / "published.json"
    path.write_bytes(orjson.dumps([*talks, talks[2] | {"reward": 0.0}]))
    again, counts = collected(tmp_path / "again.jsonl", model=f"published/{path}")
    assert again == gold[2:]
    assert (counts["ended in an error"], counts["of no task"]) == (1, 1)


def test_real_sql_replies_score_what_they_scored(realdata, tmp_path):
    """GPT-3.5 on the real databases: the kept ones are those that InterCode gave full marks."""
    prepare("intercode_sql", [str(realdata / "sql" / "intercode_spider")])
    file = realdata / "sql" / "logs_intercode" / "gpt-3.5" / "ic_sql_react_10_turns.json"
    log = list(orjson.loads(file.read_bytes()).values())[:120]
    value = []
    for entry in log:
        history = entry["turn_history"]
        turns = ["Solve it.", "OK", entry["query"]]
        for thought, action in zip(history["thoughts"], history["actions"], strict=False):
            statement = action.removeprefix("execute[").partition("]\nObs")[0].removesuffix("]")
            turns += [reply(thought, statement), "Observation: ..."]
        speakers = ["human", "gpt"] * len(turns)
        told = [{"from": s, "value": v} for s, v in zip(speakers, turns[:-1], strict=False)]
        value.append({"id": entry["task_id"], "conversations": told})
    path = tmp_path / "published.json"
    path.write_bytes(orjson.dumps(value))
    experts, counts = collected(
        tmp_path / "experts.jsonl", model=f"published/{path}", env=SQL, split="all",
        data="intercode_sql", keep="reward==1", set=("reward=intercode",),
    )  # fmt: skip
    won = {str(entry["task_id"]) for entry in log
           if entry["turn_history"]["actions"][-1:] == ["submit"]
           and entry["turn_history"]["rewards"][-1] == 1}  # fmt: skip
    assert counts["of no task"] == counts["did not reproduce"] == 0
    assert len(won) > 30
    assert {expert.task_id for expert in experts} == won


def test_real_alfworld_experts_win(realdata, tmp_path):
    """Expert actions published for the train games, in ETO's form, on the games themselves."""
    talks = {}
    with tarfile.open(realdata / "alfworld" / "train_gt_traj.json.tar.xz", "r|*") as archive:
        for number, info in enumerate(info for info in archive if info.isreg()):
            if number % 100 == 0:
                talks[info.name.rpartition("/")[0]] = json.load(archive.extractfile(info))
    games = tmp_path / "games"
    names = {f"{name}/game.tw-pddl" for name in talks}
    archive = realdata / "alfworld" / "train_oldgrammar_game.tw-pddl.tar.xz"
    with tarfile.open(archive, "r|*") as members:
        for info in members:
            if info.name in names:
                (games / info.name).parent.mkdir(parents=True)
                (games / info.name).write_bytes(members.extractfile(info).read())
    prepare("alfworld", [str(games)])
    value = [
        {
            "id": f"{number}", "game_file": f"data/{name}",
            "conversations": [
                {"from": "human", "value": "Act."}, {"from": "gpt", "value": "OK"},
                *({**turn, "value": f"Action: {turn['value']}" if turn["from"] == "gpt"
                   else turn["value"]} for turn in turns),
            ],
        }
        for number, (name, turns) in enumerate(talks.items())
    ]  # fmt: skip
    path = tmp_path / "published.json"
    path.write_bytes(orjson.dumps(value))
    experts, counts = collected(
        tmp_path / "experts.jsonl", model=f"published/{path}", env=ALFWORLD, data="alfworld",
        keep="stepagent", max_turns="200",
    )  # fmt: skip
    assert counts["conversations"] == len(experts) > 20
    for expert in experts:
        assert expert.success
        assert expert.reward == 1.0


def test_the_key_of_a_refused_model_is_one_line(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "harness.cli", "collect", "--model", "oracle", "--env", WEBSHOP,
         "--keep", "import os", "--out", tmp_path / "e.jsonl"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "no comparison" in done.stderr
