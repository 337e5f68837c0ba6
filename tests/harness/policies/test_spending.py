import pytest

from harness.policies.spending import PRICES, Meter, Price, read_price, usage_of
from stepagent_gym.errors import BudgetSpent, UsageError
from stepagent_gym.types import Completion

USAGE = {"prompt_tokens": 1000, "completion_tokens": 100, "cached_tokens": 400}


def test_the_cost_is_of_fresh_cached_and_generated_tokens():
    assert Price(2.0, 10.0, 1.0).cost(USAGE) == pytest.approx((600 * 2 + 400 * 1 + 100 * 10) / 1e6)
    assert Price(2.0, 10.0).cost(USAGE) == pytest.approx((1000 * 2 + 100 * 10) / 1e6)
    assert Price(2.0, 10.0, 1.0).cost({**USAGE, "cached_tokens": 9999}) > 0


def test_the_shipped_table_is_whole_and_names_are_exact(tmp_path):
    assert read_price("gpt-4o-mini") == Price(prompt=0.15, completion=0.6, cached=0.075)
    assert read_price("gpt-4o-mini-of-somebody") is None
    assert PRICES.is_file()
    own = tmp_path / "prices.json"
    own.write_text('{"models": {"m": {"prompt": 1, "completion": 2}}}')
    assert read_price("m", own) == Price(1, 2)
    assert read_price("gpt-4o", own) is None


@pytest.mark.parametrize("content", ["", "{}", '{"models": {"m": {"promt": 1}}}', '{"models": 3}'])
def test_a_malformed_table_is_named(tmp_path, content):
    own = tmp_path / "prices.json"
    own.write_text(content)
    with pytest.raises(UsageError, match=r"prices.json is no table"):
        read_price("m", own)


def test_limits_stop_where_they_are_reached():
    meter = Meter(Price(1.0, 10.0), max_cost=0.004, max_tokens=2300)
    meter.check()
    meter.spending.add(USAGE)
    assert meter.cost == pytest.approx(0.002)
    meter.check()
    meter.spending.add(USAGE)
    with pytest.raises(BudgetSpent, match=r"\$0.0040 are spent of --max-cost 0.004"):
        meter.check()
    limited = Meter(None, max_tokens=2200)
    limited.spending = meter.spending
    with pytest.raises(BudgetSpent, match="2,200 tokens are spent of --max-tokens-total 2,200"):
        limited.check()


def test_a_limit_is_not_pretended_where_replies_state_no_usage():
    meter = Meter(None)
    meter.spending.add(None)
    meter.check()
    meter.max_tokens = 10
    with pytest.raises(BudgetSpent, match="does not say how many tokens"):
        meter.check()


def test_an_unknown_price_is_no_zero():
    meter = Meter(None)
    meter.spending.add(USAGE)
    assert meter.cost is None
    assert usage_of([Completion("a", usage=USAGE)], None)["cost"] is None


def test_the_usage_of_replies_is_added_up():
    replies = [
        Completion("a", usage=USAGE),
        Completion("b", usage=USAGE, finish_reason="length"),
        Completion("c"),
    ]
    total = usage_of(replies[:2], Price(1.0, 1.0, 0.0))
    assert total == {
        "replies": 2, "cut": 1, "prompt_tokens": 2000, "cached_tokens": 800,
        "completion_tokens": 200, "without_usage": 0, "cost": pytest.approx(1400 / 1e6),
    }  # fmt: skip
    assert usage_of(replies, Price(1.0, 1.0))["cost"] is None
    assert usage_of(replies[2:], Price(1.0, 1.0)) is None
