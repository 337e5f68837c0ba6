import orjson
import pytest


@pytest.fixture(scope="session")
def real_tasks(realdata):
    """100 real tasks of one step each."""
    return orjson.loads((realdata / "mind2web" / "train_steps.json").read_bytes())


@pytest.fixture(scope="session")
def real_steps(real_tasks):
    """The steps of those tasks."""
    return [task["actions"][0] for task in real_tasks]
