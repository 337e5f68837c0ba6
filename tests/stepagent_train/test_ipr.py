from dataclasses import replace
from math import exp, log

import pytest

pytest.importorskip("torch", reason="training needs the extra train")
import orjson
import ten
import tiny_models
import torch

from stepagent_gym.errors import DataCorrupt, UsageError
from stepagent_gym.policy import OraclePolicy, RandomPolicy
from stepagent_gym.rollout import Start
from stepagent_train import dpo, ipr, reward_model, step_pairs, step_ppo
from stepagent_train.commands import parse_args, train
from stepagent_train.experience import play
from stepagent_train.ipr import Weighted
from stepagent_train.model import Scorer
from stepagent_train.monte_carlo import check_scorer
from stepagent_train.pairs import Pair, sum_log_probs
from stepagent_train.reward_head import left_cut, load_reward_model, predict, up_to_last_turn
from stepagent_train.step_pairs import Prepared, ScoredAction, contrast, from_turn, read_scored
from stepagent_train.tokens import NOT_OWN, Tokens

CORRIDOR = "test/Corridor-v0"


@pytest.fixture(scope="module")
def episodes():
    """Give an expert of ten turns, and an episode that leaves it."""
    here = ten.setting("test/Ten-v0", 1)
    return [
        play(here, [Start("walk-0")], policy, examples=0, concurrency=1)[0]
        for policy in (OraclePolicy(), RandomPolicy())
    ]


def actions(episodes, *rows):
    """Make scored actions of (turn, own outcome, expert's step reward, own step reward)."""
    expert, own = episodes
    return [
        ScoredAction(
            expert,
            replace(own, reward=outcome, steps=(*expert.steps[:turn], *own.steps[turn:])),
            turn,
            *rewards,
        )
        for turn, outcome, *rewards in rows
    ]


def kinds(found):
    return [(pair.kind, pair.turn, pair.chosen.reward) for pair in found]


def test_pairs_need_both_margins(episodes):
    turn = next(t for t in range(1, 10) if episodes[1].steps[t].action != "east")
    given = actions(
        episodes,
        (turn, 0.0, 0.8, 0.7),  # just what tau asks is not more
        (turn, 0.0, 0.81, 0.7),
        (turn, 1.0, 0.9, 0.1),  # the outcome is no worse
        (turn, 0.0, None, 0.1),
        (turn, 0.0, 0.1, 0.9),
    )
    options = {"outcome_threshold": 0.0, "symmetric": False, "first_step_pairs": True}
    found = contrast(given, threshold=0.8 - 0.7, **options)
    assert kinds(found) == [("step", turn, 1.0)]
    assert found[0].rejected is given[1].own
    assert len(contrast(given, threshold=0.01, **options)) == 2
    assert contrast(given, threshold=0.9, **options) == []


def test_the_first_state_gives_an_outcome_pair_and_maybe_a_step_pair(episodes):
    expert, own = episodes
    own = replace(own, steps=tuple(step for step in own.steps if step.action != "east"))
    given = actions((expert, own), (0, 0.0, 0.8, 0.2))
    options = {"threshold": 0.1, "outcome_threshold": 0.0, "symmetric": False}
    both = contrast(given, first_step_pairs=True, **options)
    assert kinds(both) == [("outcome", 0, 1.0), ("step", 0, 1.0)]
    assert kinds(contrast(given, first_step_pairs=False, **options)) == [("outcome", 0, 1.0)]
    close = actions((expert, own), (0, 0.4, None, None))
    assert kinds(contrast(close, first_step_pairs=True, **options)) == [("outcome", 0, 1.0)]
    far = {**options, "outcome_threshold": 0.7}
    assert contrast(close, first_step_pairs=True, **far) == []


def test_the_agent_is_preferred_where_it_may_be(episodes):
    expert, own = episodes
    turn = next(t for t in range(1, 10) if own.steps[t].action != "east")
    given = actions(
        (replace(expert, reward=0.3), own), (turn, 0.9, 0.2, 0.6), (turn, 0.9, 0.6, 0.2)
    )
    options = {"threshold": 0.1, "outcome_threshold": 0.0, "first_step_pairs": True}
    found = contrast(given, symmetric=True, **options)
    assert kinds(found) == [("step", turn, 0.9)]
    assert found[0].rejected.reward == 0.3
    assert contrast(given, symmetric=False, **options) == []


def test_the_same_reply_makes_no_pair(episodes):
    expert, _ = episodes
    given = actions((expert, expert), (0, 0.0, 0.9, 0.1), (4, 0.0, 0.9, 0.1))
    options = {"threshold": 0.1, "outcome_threshold": 0.0, "first_step_pairs": True}
    assert contrast(given, symmetric=False, **options) == []


def test_only_what_follows_the_common_steps_is_trained():
    tokens = Tokens((1, 2, 3, 4, 5, 6), (-1, 0, -1, 1, -1, 2))
    assert from_turn(tokens, 1).turns == (-1, -1, -1, 1, -1, 2)
    assert from_turn(tokens, 0) == tokens


def prepared(scorer, kind, seed=0):
    first = 10 * seed
    chosen = Tokens(tuple(range(first + 1, first + 7)), (-1, -1, 0, 0, -1, 1))
    rejected = Tokens(tuple(range(first + 11, first + 16)), (-1, -1, 0, 0, 0))
    with torch.no_grad():
        scores = sum_log_probs(scorer, [chosen, rejected]).tolist()
    return Prepared(kind, Pair(chosen, rejected, *scores))


def arguments(**more):
    return ipr.Args(model="", env="", out="", **more)


@pytest.mark.filterwarnings("ignore:Converting a tensor")
def test_the_three_losses_are_averaged_apart_and_weighted():
    reference = Scorer(tiny_models.model("llama", 60, seed=1))
    scorer = Scorer(tiny_models.model("llama", 60, seed=0))
    pairs = [prepared(reference, "outcome"), *(prepared(reference, "step", i) for i in (1, 2, 3))]
    args = arguments(outcome_weight=0.5, step_weight=2.0, sft_weight=0.25)
    samples = ipr.weighted(pairs, args)
    summed, _ = ipr.loss(scorer, samples, beta=0.3, sft_norm="token")
    outcome, _ = dpo.loss(scorer, [pairs[0].tokens], beta=0.3)
    steps, _ = dpo.loss(scorer, [pair.tokens for pair in pairs[1:]], beta=0.3)
    likelihood = -sum_log_probs(scorer, [pairs[0].tokens.chosen])[0] / 3
    by_hand = 0.5 * outcome + 2.0 * steps / 3 + 0.25 * likelihood
    assert summed.item() / len(samples) == pytest.approx(by_hand.item(), rel=1e-5)


def test_the_published_code_takes_one_mean_and_sums_the_likelihood_of_every_winner():
    scorer = Scorer(tiny_models.model("llama", 60, seed=0))
    pairs = [prepared(scorer, "outcome"), *(prepared(scorer, "step", i) for i in (1, 2))]
    code = parse_args("ipr", ["--preset", "code", "--model", "m", "--env", "e", "--out", "o"])
    samples = ipr.weighted(pairs, code)
    summed, _ = ipr.loss(scorer, samples, beta=code.beta, sft_norm=code.sft_norm)
    likelihood = -sum_log_probs(scorer, [pair.tokens.chosen for pair in pairs]).sum()
    assert summed.item() == pytest.approx(3 * log(2) + likelihood.item(), rel=1e-5)
    assert (code.direction, code.first_step_pairs, code.reference) == ("symmetric", False, "start")


def test_a_loss_without_weight_leaves_its_pairs_out():
    scorer = Scorer(tiny_models.model("llama", 60))
    pairs = [prepared(scorer, "outcome"), prepared(scorer, "step", 1)]
    kinds_of = lambda **more: [s.pair.kind for s in ipr.weighted(pairs, arguments(**more))]  # noqa: E731
    assert kinds_of(step_weight=0.0) == ["outcome"]
    assert kinds_of(outcome_weight=0.0, sft_weight=0.0) == ["step"]
    assert kinds_of(outcome_weight=0.0) == ["outcome", "step"]
    assert ipr.weighted(pairs, arguments(step_weight=0.0))[0] == Weighted(pairs[0], 2.0, 2.0)


def test_thresholds_are_the_papers():
    args = arguments()
    assert args.resolved_threshold("stepagent/WebShop-v0") == 0.01
    assert args.resolved_threshold("stepagent/ALFWorld-v0") == 0.5
    assert args.resolved_threshold("stepagent/InterCodeSQL-v0") == 0.1
    assert arguments(threshold=0.3).resolved_threshold("stepagent/WebShop-v0") == 0.3


def run_args(method, walker, out, **more):
    given = {"epochs": 2, "lr": 3e-3, "max_new_tokens": 2, "rollout_examples": 0, **more}
    return method.Args(model=walker, env=CORRIDOR, out=out, **given)


def log_lines(out):
    return [orjson.loads(line) for line in (out / "log.jsonl").read_bytes().splitlines()]


@pytest.fixture
def refined(walker, setting, tmp_path):
    more = {"iterations": 2, "samples": 2, "batch": 4, "score_all": True}
    args = run_args(ipr, walker, tmp_path / "ipr", **more)
    train("ipr", args, setting=setting(CORRIDOR, 4))
    return args


@pytest.mark.filterwarnings("ignore:Converting a tensor")
def test_a_run_scores_with_the_frozen_start_and_learns_and_its_rewards_are_learned_too(
    refined, walker, setting, tmp_path
):
    lines = log_lines(refined.out)
    costs = [line for line in lines if "replay_steps" in line]
    assert [line["stage"] for line in costs] == [0, 1]
    assert all(line["explored"] == line["scored"] == 8 for line in costs)
    assert all(line["experts_not_reproduced"] == 0 for line in costs)
    # the expert's actions are scored once: in the second round the agent's alone
    assert costs[1]["branches"] < costs[0]["branches"]
    files = [refined.out / f"stage-00{i}" / "scored.jsonl" for i in (0, 1)]
    rounds = [read_scored(file) for file in files]
    for first, second in zip(*rounds, strict=True):
        assert first.expert_reward == second.expert_reward
        assert first.turn == second.turn
    assert all(action.expert_reward == 1.0 for action in rounds[0] if action.turn == 1)
    first = next(line for line in lines if line["step"] == 1)
    sft = sum(1 for line in lines if "outcome_pairs" in line)
    assert sft == 2
    assert exp(-first["preference"]) == pytest.approx(0.5, abs=1e-4)
    files[0].write_bytes(b"{}\n")
    with pytest.raises(DataCorrupt, match="line 1, is no scored action"):
        read_scored(files[0])


@pytest.mark.parametrize("cold", [True, False])
def test_a_cold_scorer_plays_on_in_one_way(walker, setting, tmp_path, cold):
    more = {"iterations": 1, "samples": 32, "scorer_temperature": 1e-4 if cold else 1.0}
    args = run_args(ipr, walker, tmp_path / "ipr", score_all=True, **more)
    train("ipr", args, setting=setting(CORRIDOR, 4))
    scored = read_scored(args.out / "stage-000" / "scored.jsonl")
    first = {a.expert_reward for a in scored if a.turn == 0}
    assert (first <= {0.0, 1.0}) == cold


@pytest.mark.parametrize("cold", [True, False])
def test_a_cold_scorer_of_step_ppo_plays_on_in_one_way(walker, setting, tmp_path, cold):
    more = {"iterations": 1, "episodes": 16, "scorer_samples": 64, "max_new_tokens": 1}
    more["scorer_temperature"] = 1e-4 if cold else 1.0
    args = run_args(step_ppo, walker, tmp_path / "run", **more)
    train("step-ppo", args, setting=setting(CORRIDOR, 4))
    lines = (args.out / "stage-000" / "scored.jsonl").read_bytes().splitlines()
    rewards = {r for row in map(orjson.loads, lines) for r in row.get("rewards", ())}
    assert (rewards <= {0.0, 1.0}) == cold


def test_a_scorer_that_cannot_sample_is_refused(walker, setting, tmp_path):
    more = {"out": tmp_path / "run", "scorer_temperature": 0.0}
    refined = run_args(ipr, walker, samples=2, **more)
    played = run_args(step_ppo, walker, scorer_samples=2, **more)
    for method, args in (("ipr", refined), ("step-ppo", played)):
        with pytest.raises(UsageError, match="plays on in one way only; ask for one sample"):
            train(method, args, setting=setting(CORRIDOR))
    assert not (tmp_path / "run").exists()
    with pytest.raises(UsageError, match="scorer_temperature=nan: a number from 0 up"):
        check_scorer(float("nan"), 1)
    check_scorer(0.0, 1)


def test_a_reward_model_learns_what_was_scored_and_scores_in_its_stead(
    refined, walker, setting, tmp_path
):
    here = setting(CORRIDOR, 4)
    args = run_args(
        reward_model,
        walker,
        tmp_path / "reward",
        scored=(str(refined.out),),
        held_out=0.25,
        epochs=30,
    )
    learner = train("reward-model", args, setting=here)
    assert reward_model.Args.from_stored(args.stored()) == args
    lines = log_lines(args.out)
    losses = [line["loss"] for line in lines if "loss" in line]
    assert losses[-1] < losses[0] / 2
    (exam,) = [line for line in lines if "rank_correlation" in line]
    assert exam["held_out_actions"] > 0
    loaded = load_reward_model(args.out, torch.device("cpu"))
    samples = reward_model.read(learner, args, here)
    chats = [sample.chat for sample in samples]
    assert predict(loaded, chats, 4) == pytest.approx(predict(learner.scorer, chats, 4), abs=1e-5)
    more = {"scorer": "reward-model", "reward_model": args.out, "iterations": 1}
    again = run_args(ipr, walker, tmp_path / "again", threshold=-9.0, **more)
    train("ipr", again, setting=here)
    (cost,) = [line for line in log_lines(again.out) if "replay_steps" in line]
    assert cost["branches"] == cost["explored"] == 8  # explored, and nothing was played on
    assert cost["scored"] > 0


def test_a_reward_model_is_named_with_its_scorer_only(walker, setting, tmp_path):
    for more in ({"scorer": "reward-model"}, {"reward_model": tmp_path}):
        args = run_args(ipr, walker, tmp_path / "run", **more)
        with pytest.raises(UsageError, match="goes with --reward-model"):
            train("ipr", args, setting=setting(CORRIDOR, 2))
        assert not args.out.exists()
    with pytest.raises(UsageError, match="holds no reward model"):
        load_reward_model(tmp_path, torch.device("cpu"))


def test_the_action_is_never_what_is_cut():
    tokens = Tokens((1, 2, 3, 4, 5, 6), (-1, 0, -1, -1, 1, -1))
    ended = up_to_last_turn(tokens)
    assert ended.ids == (1, 2, 3, 4, 5)
    assert left_cut(ended, 3) == Tokens((3, 4, 5), (-1, -1, 1))
    assert left_cut(ended, 99) == ended
    assert up_to_last_turn(Tokens((1,), (NOT_OWN,))).ids == ()


def test_rank_correlation_is_spearmans():
    assert reward_model.rank_correlation([1, 2, 3, 4], [10, 20, 30, 40]) == pytest.approx(1.0)
    assert reward_model.rank_correlation([1, 2, 3, 4], [4, 3, 2, 1]) == pytest.approx(-1.0)
    assert reward_model.rank_correlation([1, 2, 2, 4], [1, 3, 2, 4]) == pytest.approx(0.9486833)
    assert reward_model.rank_correlation([1, 1], [1, 2]) == 0.0


def test_scored_actions_are_read_again(episodes, tmp_path):
    (action,) = actions(episodes, (3, 0.0, 0.5, None))
    path = tmp_path / "scored.jsonl"
    rows = [{"cost": {}, "live": 1}, action.to_json()]
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    assert read_scored(path) == [action]
    assert step_pairs.ScoredAction.from_json(orjson.loads(orjson.dumps(rows[1]))) == action


def test_a_run_that_was_killed_ends_with_the_same_weights(walker, setting, tmp_path, monkeypatch):
    here, short = setting(CORRIDOR, 4), {"iterations": 2, "samples": 2, "batch": 2}
    short = {**short, "score_all": True, "threshold": -9.0, "reference": "previous"}
    whole = train("ipr", run_args(ipr, walker, tmp_path / "whole", **short), setting=here)
    args = run_args(ipr, walker, tmp_path / "killed", save_every=1, **short)
    steps = sum(line["step"] > 0 for line in log_lines(tmp_path / "whole"))
    right, calls = ipr.loss, []

    def failing(*given, **more):
        calls.append(1)
        if len(calls) == steps - 1:
            raise KeyboardInterrupt
        return right(*given, **more)

    monkeypatch.setattr(ipr, "loss", failing)
    with pytest.raises(KeyboardInterrupt):
        train("ipr", args, setting=here)
    monkeypatch.setattr(ipr, "loss", right)
    resumed = train("ipr", args, resume=True, setting=here)
    for a, b in zip(whole.scorer.parameters(), resumed.scorer.parameters(), strict=True):
        assert torch.equal(a, b)
