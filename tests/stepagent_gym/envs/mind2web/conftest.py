import orjson
import pytest
import websites


@pytest.fixture(scope="session")
def real_tasks(realdata):
    """100 real tasks of one step each."""
    return orjson.loads((realdata / "mind2web" / "train_steps.json").read_bytes())


@pytest.fixture(scope="session")
def real_steps(real_tasks):
    """The steps of those tasks."""
    return [task["actions"][0] for task in real_tasks]


@pytest.fixture(scope="session")
def real_data(realdata, tmp_path_factory):
    """The real tasks, prepared."""
    source = realdata / "mind2web" / "train_steps.json"
    return websites.prepared(source, tmp_path_factory.mktemp("real") / "data")


@pytest.fixture(scope="session")
def small_source(tmp_path_factory):
    """A folder of invented tasks in the original's form."""
    folder = tmp_path_factory.mktemp("source") / "data"
    websites.write_folder(folder)
    return folder


@pytest.fixture(scope="session")
def small_data(small_source, tmp_path_factory):
    """The invented tasks, prepared."""
    return websites.prepared(small_source, tmp_path_factory.mktemp("small") / "data")
