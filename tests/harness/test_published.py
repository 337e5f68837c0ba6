"""Published expert files: small ones in each form, made here, and real replies where there are."""

import gymnasium
import orjson
import pytest

import stepagent_gym  # noqa: F401 - registers the ids
from harness.published import (
    SCIENCEWORLD_NUMBERS,
    Conversation,
    TaskFinder,
    read_game_ids,
    read_published,
)
from stepagent_gym.envs.scienceworld.tasks import TASKS
from stepagent_gym.errors import DataCorrupt, DataNotFound
from stepagent_gym.formats import Recorded

REPLIES = ("Thought: I look.\nAction: search[shoes]", "Thought: I buy.\nAction: click[buy now]")


def conversation(task="the task", replies=REPLIES):
    turns = ["Be good.", "OK", task]
    for reply in replies:
        turns += [reply, "Observation: more"]
    speakers = ["human", "gpt"] * len(turns)
    return [{"from": s, "value": v} for s, v in zip(speakers, turns[:-1], strict=False)]


def written(path, value, *, lines=False):
    content = b"\n".join(map(orjson.dumps, value)) if lines else orjson.dumps(value)
    path.write_bytes(content)
    return path


def recorded(id, reward=None):
    return Recorded(id, "the task", REPLIES, reward)


TALK = conversation()
FORMS = {
    "eto": ([{"id": "5", "conversations": TALK, "reward": 0.75, "source": "gpt4"}], "5", 0.75),
    "agentgym": (
        [{"item_id": "webshop_5", "conversations": [{**turn, "loss": None} for turn in TALK]}],
        "webshop_5",
        None,
    ),
    "ipr": (
        {
            f"5_{step}": {"id": 5, "iteration": step, "gpt_conversations": TALK, "gpt_reward": 1.0}
            for step in range(3)
        },
        "5",
        1.0,
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_published_form_is_read(tmp_path, form):
    value, name, reward = FORMS[form]
    conversations, malformed = read_published(written(tmp_path / "f.json", value))
    assert conversations == [Conversation(recorded(name, reward), None)]
    assert malformed == 0


def test_json_lines_and_games_are_read(tmp_path):
    game = "data/json_2.1.1/train/look/trial_1"
    rows = [{"id": 0, "conversations": TALK, "game_file": game}, {"id": 1, "conversations": TALK}]
    conversations, _ = read_published(written(tmp_path / "f.jsonl", rows, lines=True))
    assert [(c.recorded.id, c.game) for c in conversations] == [("0", game), ("1", None)]


def test_rows_that_are_no_conversations_are_counted(tmp_path):
    rows = [
        {"item_id": "webshop_1", "conversations": None}, {}, 3, None, {"conversations": TALK[1:]},
        {"id": "2", "conversations": TALK},
    ]  # fmt: skip
    conversations, malformed = read_published(written(tmp_path / "f.json", rows))
    assert (len(conversations), malformed) == (1, 5)


def test_files_that_hold_nothing_are_refused(tmp_path):
    with pytest.raises(DataNotFound, match="cannot be read"):
        read_published(tmp_path / "none.json")
    for content in (b"3", b'"x"'):
        (tmp_path / "f").write_bytes(content)
        with pytest.raises(DataCorrupt, match="no list of conversations"):
            read_published(tmp_path / "f")
    (tmp_path / "f").write_bytes(b'{"id": 1}\n{"id": ')
    with pytest.raises(DataCorrupt, match="line 2, is no JSON"):
        read_published(tmp_path / "f")
    with pytest.raises(DataCorrupt, match="item_id"):
        read_game_ids(written(tmp_path / "g", [{"task_id": 1}]))


@pytest.fixture
def make():
    environments = []

    def open_one(name, **options):
        env = gymnasium.make(f"stepagent/{name}-v0", disable_env_checker=True, **options)
        environments.append(env)
        return env.unwrapped

    yield open_one
    for env in environments:
        env.close()


def begins(env, task, seed=7):
    return env.reset(seed=seed, options={"task": task})[0]


def find(env, name, text, game=None, games=()):
    finder = TaskFinder(env, dict(games), seed=0)
    return finder.find(Conversation(Recorded(name, text, REPLIES, None), game))


@pytest.mark.parametrize("name", ["300", "webshop_300", "300_2", "", "no idea", "webshop_299"])
def test_webshop_tasks_are_found_by_number_or_text(make, name):
    env = make("WebShop", split="all")
    text = begins(env, "300").replace("price lower than", "price lower than 1")
    assert find(env, name, text) == "300"


def test_a_wrong_number_and_an_unknown_text_are_no_task(make):
    env = make("WebShop", split="train")
    assert find(env, "300", "WebShop [SEP] Instruction: [SEP] a moon [SEP] Search") is None
    other = make("WebShop", split="test")
    assert find(env, "0", begins(other, other.task_ids[0])) is None


def test_alfworld_tasks_are_found_by_game_number_or_text(make):
    env = make("ALFWorld", split="train")
    task = env.task_ids[5]
    text = f"Here is your task. {begins(env, task)}"
    game = f"data/json_2.1.1/{task}"
    assert find(env, "17", text, game=game) == task
    assert find(env, "17", text, game=f"{game}/game.tw-pddl") == task
    assert find(env, "alfworld_17", text, games={"17": task}) == task
    alike = [other for other in env.task_ids if begins(env, other) == begins(env, task)]
    assert find(env, "", text) == (task if alike == [task] else None)
    assert find(env, "17", text, game=f"data/json_2.1.1/{env.task_ids[60]}") == find(env, "", text)


def test_sql_and_question_tasks_are_found(make):
    sql = make("InterCodeSQL", split="train")
    task = sql.task_ids[9]
    assert find(sql, f"intercode_sql_{task}", f"Question: {begins(sql, task)}") == task
    questions = make("HotpotQA", split="train")
    task = questions.task_ids[3]
    assert find(questions, task, begins(questions, task)) == task


def test_scienceworld_tasks_are_found_by_etos_numbers(make):
    env = make("ScienceWorld", split="all")
    task = "find-plant/8"
    text = begins(env, task)
    assert find(env, "14_8", text) == task
    assert find(env, task, text) == task
    assert find(env, "13_8", text) is None
    assert find(env, "99_8", text) is None
    assert find(env, "", text) is None


def test_scienceworlds_numbers_are_etos(realdata):
    numbers = orjson.loads((realdata / "scienceworld" / "eto_taskname2id.json").read_bytes())
    assert sorted(SCIENCEWORLD_NUMBERS) == sorted(TASKS)
    for name, number in numbers.items():
        plain = name.replace("(", "").replace(")", "").replace("mendellian", "mendelian")
        assert plain.split("-", 2)[2] == SCIENCEWORLD_NUMBERS[number]


def test_agentgyms_numbers_of_games(realdata):
    games = read_game_ids(realdata / "alfworld" / "splits" / "AgentGym_mappings_train.json")
    assert len(games) == 2420
    first = "train/look_at_obj_in_light-AlarmClock-None-DeskLamp-301/trial_T20190907_174127_043461"
    assert games["0"] == first
