import random
from dataclasses import replace

import pytest

pytest.importorskip("torch", reason="training needs the extra train")
import orjson
import tiny_models
import torch

from stepagent_gym.errors import RunError, UsageError
from stepagent_gym.policy import OraclePolicy, RandomPolicy
from stepagent_gym.rollout import Start
from stepagent_gym.types import Completion, Message
from stepagent_train import answers, discriminator, inverse
from stepagent_train.branches import ends, reply_scores, rows_of, verdicts
from stepagent_train.commands import train
from stepagent_train.discriminator import Judged, examination, held_out_tasks, reward_of
from stepagent_train.experience import play, tokenise
from stepagent_train.inspection import Inspection, Practice
from stepagent_train.inverse import Paid
from stepagent_train.loop import Learner
from stepagent_train.model import Scorer, own_places
from stepagent_train.packing import Branch, Tree
from stepagent_train.run import Run
from stepagent_train.tokens import NOT_OWN, Tokens, collate

CORRIDOR = "test/Corridor-v0"
FORMS = ("log-d", "gail", "airl", "printed")


def bandit(form, steps=4000):
    """Play the game of two actions with exact gradients; gives pi of the expert's action, 0."""
    policy = torch.zeros(2, requires_grad=True)
    judge = torch.zeros(2, requires_grad=True)
    learn_policy = torch.optim.SGD([policy], lr=0.2)
    learn_judge = torch.optim.SGD([judge], lr=0.5)
    for _ in range(steps):
        chances = policy.softmax(0)
        # the expert always takes action 0; E_expert log D_e + E_policy log(1 - D_e)
        right = torch.nn.functional.logsigmoid(judge[0])
        right = right + (chances.detach() * torch.nn.functional.logsigmoid(-judge)).sum()
        learn_judge.zero_grad()
        (-right).backward()
        learn_judge.step()
        paid = reward_of(judge.detach(), form, 5.0)
        learn_policy.zero_grad()
        (-(chances * paid).sum()).backward()
        learn_policy.step()
    return float(policy.detach().softmax(0)[0])


@pytest.mark.parametrize("form", FORMS)
def test_the_sign_of_the_reward_on_a_bandit(form):
    chance = bandit(form)
    assert chance < 0.01 if form == "printed" else chance > 0.95


def test_rewards_are_those_made_by_hand():
    logits = torch.tensor([0.0, 2.0, -2.0, 90.0, -90.0])
    chance = logits[:3].sigmoid()
    by_hand = {
        "log-d": chance.log(),
        "gail": -(1 - chance).log(),
        "airl": chance.log() - (1 - chance).log(),
        "printed": (1 - chance).log(),
    }
    for form in FORMS:
        found = reward_of(logits, form, 5.0)
        torch.testing.assert_close(found[:3], by_hand[form])
        assert found.abs().max() <= 5.0
    assert reward_of(logits, "log-d", 5.0)[4] == -5.0
    # all but the printed one pay more the surer D is of the expert
    for form in FORMS:
        ordered = reward_of(torch.linspace(-4, 4, 9), form, 5.0).diff()
        assert (ordered < 0).all() if form == "printed" else (ordered > 0).all()


def tree(seed, replies=((0, 3), (0, 1), (1, 4), (1, 2))):
    rng = random.Random(seed)
    trunk = Tokens(tuple(rng.randrange(1, 60) for _ in range(9)), (NOT_OWN,) * 9)
    branches = [
        Branch(5 if turn == 0 else 9, Tokens(tuple(rng.choices(range(1, 60), k=n)), (turn,) * n))
        for turn, n in replies
    ]
    return Tree(trunk, tuple(branches))


def written_out(tree):
    return [
        Tokens(tree.trunk.ids[:at] + reply.ids, (NOT_OWN,) * at + (0,) * len(reply))
        for at, reply in tree.branches
    ]


def test_verdicts_and_scores_are_those_of_separate_passes():
    scorer = Scorer(tiny_models.model("llama", 60), critic=True)
    torch.nn.init.normal_(scorer.critic.weight)
    trees = [tree(0), tree(1, ((1, 2),))]
    found, scores = verdicts(scorer, trees), reply_scores(scorer, trees)
    samples = [sample for one in trees for sample in written_out(one)]
    log_probs, last, states = [], [], []
    for sample in samples:
        batch = collate([sample])
        places = own_places(batch)
        at = torch.tensor([len(sample) - 1, sample.turns.index(0) - 1])
        one = scorer(batch.ids, batch.attention, places, (torch.zeros(2).long(), at))
        log_probs.append(one.log_probs)
        last.append(one.values[0])
        states.append(one.values[1])
    torch.testing.assert_close(found, torch.stack(last), rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(scores.log_probs, torch.cat(log_probs), rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(scores.values, torch.stack(states), rtol=1e-5, atol=1e-6)
    assert ends(trees).rows.tolist() == [0, 0, 0, 0, 1]


def test_rows_hold_all_that_fits_once():
    rows = rows_of([5, 9, 5, 9, 90], [3, 4, 1, 2, 1], 14)
    assert sorted(i for row in rows for i in row) == [0, 1, 2, 3]
    assert rows == [[0, 2], [1], [3]]


def test_the_cross_entropy_is_that_made_by_hand():
    scorer = Scorer(tiny_models.model("llama", 60), critic=True)
    torch.nn.init.normal_(scorer.critic.weight)
    sample = Judged(tree(0), (True, False, True, False), (1.0, 0.5, 1.0, 0.5))
    logits = verdicts(scorer, [sample.tree]).detach()
    summed, logged = discriminator.loss(scorer, [sample], smoothing=0.1)
    by_hand = 0.0
    for logit, expert, weight in zip(logits, sample.expert, sample.weights, strict=True):
        chance, target = torch.sigmoid(logit), 0.9 if expert else 0.1
        by_hand -= weight * (target * chance.log() + (1 - target) * (1 - chance).log())
    assert summed.item() == pytest.approx(by_hand.item(), rel=1e-4)
    right = sum(
        w for x, e, w in zip(logits, sample.expert, sample.weights, strict=True) if (x > 0) == e
    )
    assert logged["right"] == right


def test_held_out_tasks_are_some_and_never_all():
    tasks = [f"t{i}" for i in range(20)]
    assert len(held_out_tasks(tasks, 0.1, 0)) == 2
    assert held_out_tasks(tasks, 0.1, 0) == held_out_tasks(tasks[::-1] * 2, 0.1, 0)
    assert len(held_out_tasks(tasks[:2], 0.01, 0)) == 1
    assert held_out_tasks(tasks[:1], 0.5, 0) == frozenset()
    assert len(held_out_tasks(tasks, 1.0, 0)) == 19


def test_an_examination_counts_ties_half():
    exam = examination({0: [(1.0, 0.0), (0.0, 1.0)], 1: [(1.0, 1.0), (2.0, 1.0)]})
    assert exam == (2.5 / 4, 4, (1 / 2, 3 / 4))
    assert examination({0: [(1.0, 0.0)]}) == (1.0, 1, None)
    nothing = examination({})
    assert (nothing.pairs, nothing.interval) == (0, None)


def test_group_advantages_leave_the_own_reward_out():
    key = answers.Key
    found = inverse.advantages({key(0, 0, 0): 1.0, key(0, 0, 1): 3.0, key(0, 0, 2): 5.0})
    assert list(found.values()) == [-3.0, 0.0, 3.0]
    alone = inverse.advantages({key(0, 0, 0): 1.0, key(0, 1, 0): 3.0})
    assert list(alone.values()) == [0.0, 0.0]


def paid(scorer, advantages, **more):
    one = tree(0)
    with torch.no_grad():
        scores = reply_scores(scorer, [one])
    old = tuple(scores.log_probs.tolist())
    given = {"old": old, "reference": old, "returns": (0.5,) * 4, **more}
    return Paid(one, advantages=tuple(advantages), **given)


def test_the_policy_loss_is_that_made_by_hand(tmp_path):
    args = inverse.Args(
        model=tmp_path, env="", out=tmp_path, entropy_weight=0.2, kl_weight=0.3, baseline="value"
    )
    scorer = Scorer(tiny_models.model("llama", 60), critic=True)
    torch.nn.init.normal_(scorer.critic.weight)
    with torch.no_grad():
        scores = reply_scores(scorer, [tree(0)], with_entropy=True)
    new = scores.log_probs
    shift = torch.linspace(-0.5, 0.5, len(new))
    advantages = (1.0, -2.0, 0.5, 0.0)
    sample = paid(
        scorer, advantages, old=tuple((new - shift).tolist()), reference=tuple((new + 0.1).tolist())
    )
    summed, _ = inverse.loss(scorer, [sample], args=args)
    by_hand, place = 0.0, 0
    for number, (_, reply) in enumerate(sample.tree.branches):
        for _ in reply.ids:
            ratio = float(shift[place].exp())
            a = advantages[number]
            by_hand += max(-a * ratio, -a * min(max(ratio, 0.8), 1.2))
            by_hand += 0.3 * (2.718281828**0.1 - 0.1 - 1) - 0.2 * float(scores.entropy[place])
            by_hand += args.value_weight * float(scores.values[number] - 0.5) ** 2 / 2
            place += 1
    assert summed.item() == pytest.approx(by_hand, rel=1e-4)


def run_args(walker, out, **more):
    given = {
        "iterations": 18,
        "practices": 8,
        "epochs": 2,
        "batch": 8,
        "micro_batch": 8,
        "lr": 1e-2,
        "schedule": "constant",
        "disc_lr": 3e-3,
        "disc_epochs": 8,
        "held_out": 0.25,
        "max_new_tokens": 2,
        "rollout_examples": 0,
        "kl_weight": 0.0,
        "practice_temperature": 1.0,
        **more,
    }
    return inverse.Args(model=walker, env=CORRIDOR, out=out, **given)


def lines(out):
    return [orjson.loads(line) for line in (out / "log.jsonl").read_bytes().splitlines()]


def chance_of_east(learner):
    """Give the model's probability of the expert's action at the first state."""
    messages = [Message("user", "walk\n\nnow"), Message("assistant", "OK")]
    chat = learner.chat.encode([*messages, Message("user", "place 3")], {}, for_reply=True)
    learner.scorer.eval()
    with torch.no_grad():
        logits = learner.scorer.model(input_ids=torch.tensor([chat.ids])).logits[0, -1]
    return float(logits.softmax(-1)[learner.tokenizer.convert_tokens_to_ids("east")])


@pytest.mark.parametrize(
    "more",
    [{"reward": "log-d"}, {"reward": "airl", "baseline": "value"}, {"reward": "printed"}],
    ids=lambda more: more["reward"],
)
def test_a_run_approaches_the_expert_but_for_the_printed_sign(walker, setting, tmp_path, more):
    printed = more["reward"] == "printed"
    args = run_args(walker, tmp_path / "run", **more)
    learner = train("inverse", args, setting=setting(CORRIDOR, 8))
    chance = chance_of_east(learner)
    assert chance < 0.01 if printed else chance >= 0.95, chance
    known = [line for line in lines(args.out) if "discriminator_train_accuracy" in line]
    accuracy = [line["discriminator_train_accuracy"] for line in known]
    assert accuracy[2] > 0.9
    # as the agent answers as the expert does, the discriminator finds nothing to tell them by
    assert accuracy[-1] > 0.9 if printed else accuracy[-1] < 0.6


def test_a_discriminator_without_signal_stops_the_run(walker, setting, tmp_path):
    args = run_args(walker, tmp_path / "run", disc_lr=0.0, iterations=2)
    with pytest.raises(RunError, match=r"held-out pairs whose actions differ .* ranks 0\.50"):
        train("inverse", args, setting=setting(CORRIDOR, 8))
    assert not (args.out / "model").exists()


def guesses(experts, practices):
    """Make practices that are drawn as the random policy draws its actions."""
    rng = random.Random(0)
    made = []
    for number, expert in enumerate(experts):
        for turn, step in enumerate(expert.steps):
            for sample in range(practices):
                word = rng.choice(("east", "west", "wait"))
                where = (number, expert.task_id, expert.seed, turn, sample)
                given = (None, word, step.completion.text, step.action)
                made.append(Practice(*where, Completion(word), *given))
    return made


def test_a_discriminator_between_equals_is_not_paid_out(walker, setting, tmp_path):
    args = run_args(walker, tmp_path / "run", disc_epochs=4)
    here = setting(CORRIDOR, 8)
    starts = [Start(task, seed) for task in here.tasks for seed in range(8)]
    experts = play(here, starts, RandomPolicy(), examples=0, concurrency=8)
    with Run.create("test", args, {}) as run:
        learner = Learner(run, args)
        chats = tokenise(learner.chat, experts, here, examples=0, max_length=512)
        practices = guesses(experts, 3)
        run.once(0, "practice", lambda: [practice.to_json() for practice in practices])
        found = Inspection(experts, practices, chats)
        judge = discriminator.Discriminator(run, args)
        logits = answers.judge(learner, 0, judge, found, here, args)
        exam = answers.examine(found, logits, args)
        assert exam.interval[0] < 0.5 < exam.interval[1]
        with pytest.raises(RunError, match="its rewards would be noise"):
            inverse.examined(learner, 0, found, logits, args)
    assert lines(args.out)[-1]["held_out_accuracy"] == exam.accuracy


def test_a_discriminator_that_loses_the_signal_ends_the_run(
    walker, setting, tmp_path, monkeypatch, capsys
):
    right = answers.examine
    calls = []

    def second_fails(found, logits, args):
        calls.append(1)
        exam = right(found, logits, args)
        return exam._replace(accuracy=0.3, pairs=9) if len(calls) == 2 else exam

    monkeypatch.setattr(answers, "examine", second_fails)
    args = run_args(walker, tmp_path / "run", iterations=4)
    train("inverse", args, setting=setting(CORRIDOR, 8))
    assert len(calls) == 2
    assert "training ends with the model of iteration 1" in capsys.readouterr().out
    assert (args.out / "model" / "config.json").exists()


def test_a_group_of_one_is_refused(walker, setting, tmp_path):
    args = run_args(walker, tmp_path / "run", practices=1)
    with pytest.raises(UsageError, match="--baseline value"):
        train("inverse", args, setting=setting(CORRIDOR, 2))


@pytest.mark.filterwarnings("ignore:Converting a tensor")
@pytest.mark.parametrize("reward_type", ["final", "both"])
def test_whole_episodes_can_be_paid(walker, setting, tmp_path, reward_type):
    args = run_args(
        walker, tmp_path / "run", iterations=2, reward_type=reward_type, episodes=8, practices=2
    )
    train("inverse", args, setting=setting(CORRIDOR, 4))
    judged = args.out / "stage-001" / "judged-episodes.jsonl"
    assert judged.exists() == (reward_type == "both")
    assert any(line["step"] == 1 and line["stage"] == 1 for line in lines(args.out))


def test_turns_are_paid_by_the_discriminator_and_the_last_by_the_outcome_too(
    walker, setting, tmp_path, monkeypatch
):
    here = setting(CORRIDOR, 2)
    starts = [Start(task) for task in here.tasks]
    won = play(here, starts, OraclePolicy(), examples=0, concurrency=2)
    own = [won[0], replace(won[1], reward=0.0)]
    monkeypatch.setattr(answers, "judge_episodes", lambda *given: [[2.0, -2.0], [2.0, -2.0]])
    args = run_args(walker, tmp_path / "run", reward="airl", outcome_weight=0.5)
    rewards = inverse.mixed(None, 0, own, here, args, None)
    assert rewards == [[1.0, -1.0 + 0.5 * 1.0 / 0.5], [1.0, -1.0]]


def test_the_discriminator_can_be_kept_from_the_thoughts(setting, tmp_path):
    model = tiny_models.save(tmp_path / "model", "qwen")
    args = run_args(model, tmp_path / "run", iterations=1, disc_input="action")
    here = replace(setting(CORRIDOR, 4), options={"split": "train"}, action_format="react")
    starts = [Start(task) for task in here.tasks]
    experts = play(here, starts, OraclePolicy(), examples=0, concurrency=2)
    step = experts[0].steps[0]
    practice = Practice(
        *(0, "walk-0", 0, 0, 0),
        Completion("Thought: see now\nAction: wait"),
        *("see now", "wait"),
        *(step.completion.text, step.action),
    )
    with Run.create("test", args, {}) as run:
        learner = Learner(run, args)
        chats = tokenise(learner.chat, experts, here, examples=0, max_length=512)
        found = Inspection(experts, [practice], chats)
        read = {}
        for disc_input in ("full", "action"):
            (one,) = answers.gather(
                learner.chat,
                found,
                here,
                examples=0,
                max_length=512,
                disc_input=disc_input,
                experts=True,
            )
            assert [key.sample for key in one.keys] == [None, 0]
            read[disc_input] = [
                learner.tokenizer.decode(branch.tokens.ids) for branch in one.tree.branches
            ]
    assert read["full"][0] == f"{step.completion.text}<|im_end|>"
    assert read["full"][1] == "Thought: see now\nAction: wait<|im_end|>"
    assert read["action"] == ["Action: east<|im_end|>", "Action: wait<|im_end|>"]


def test_a_run_that_was_killed_ends_with_the_same_weights(walker, setting, tmp_path, monkeypatch):
    here, short = setting(CORRIDOR, 4), {"iterations": 2, "practices": 3, "batch": 2}
    whole = train("inverse", run_args(walker, tmp_path / "whole", **short), setting=here)
    args = run_args(walker, tmp_path / "killed", save_every=1, **short)
    for method, place in ((discriminator, 11), (inverse, 3)):
        right, calls = method.loss, []

        def failing(*given, right=right, calls=calls, place=place, **more):
            calls.append(1)
            if len(calls) == place:
                raise KeyboardInterrupt
            return right(*given, **more)

        monkeypatch.setattr(method, "loss", failing)
        with pytest.raises(KeyboardInterrupt):
            train("inverse", args, resume=(args.out / "config.json").exists(), setting=here)
        monkeypatch.setattr(method, "loss", right)
    resumed = train("inverse", args, resume=True, setting=here)
    for a, b in zip(whole.scorer.parameters(), resumed.scorer.parameters(), strict=True):
        assert torch.equal(a, b)
