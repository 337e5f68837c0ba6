import asyncio

import orjson
import pytest

from harness.accounts import Account, read_spending
from harness.policies.spending import Meter, Spending
from stepagent_gym.errors import RunError

USAGE = {"prompt_tokens": 1000, "completion_tokens": 100}


def spend(path, times, meter=None):
    meter = meter or Meter(None)
    account = Account(path, meter)

    async def scenario():
        async with account.kept():
            for _ in range(times):
                meter.spending.requests += 1
                meter.spending.add(USAGE)

    asyncio.run(scenario())
    return meter.spending


def test_what_was_spent_before_is_counted_on(tmp_path):
    path = tmp_path / "new folder" / "spending.json"
    assert spend(path, 2).tokens == 2200
    assert spend(path, 3).tokens == 5500
    assert read_spending(path) == Spending(requests=5, prompt_tokens=5000, completion_tokens=500)


def test_it_is_on_disk_while_it_goes_on(tmp_path):
    meter = Meter(None)
    account = Account(tmp_path / "spending.json", meter)

    async def scenario():
        async with account.kept():
            meter.spending.add(USAGE)
            while not account.path.exists():
                await asyncio.sleep(0.05)
            return orjson.loads(account.path.read_bytes())

    assert asyncio.run(scenario())["prompt_tokens"] == 1000


def test_nothing_spent_is_nothing_written(tmp_path):
    spend(tmp_path / "spending.json", 0)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", ["{", '{"requets": 1}', "[]"])
def test_a_malformed_file_is_named(tmp_path, content):
    path = tmp_path / "spending.json"
    path.write_text(content)
    with pytest.raises(RunError, match=r"spending.json is malformed"):
        Account(path, Meter(None))
