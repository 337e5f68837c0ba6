import subprocess
import sys

import pytest

from harness.policies.cache import ResponseCache, request_key
from stepagent_gym.errors import RunError

WRITER = """
import sys
from pathlib import Path
from harness.policies.cache import ResponseCache, request_key
with ResponseCache(Path(sys.argv[1])) as cache:
    for number in range(300):
        cache.put(request_key(number), f"{sys.argv[2]} {number}".encode())
"""


def test_the_first_reply_to_a_request_stays(tmp_path):
    path = tmp_path / "deep" / "cache.sqlite"
    with ResponseCache(path) as cache:
        assert cache.get(request_key("a")) is None
        cache.put(request_key("a"), b"one")
        cache.put(request_key("a"), b"two")
    with ResponseCache(path) as cache:
        assert cache.get(request_key("a")) == b"one"


def test_the_key_is_of_everything_but_the_order_of_names():
    request = {"model": "m", "messages": [{"role": "user", "content": "x"}], "temperature": 0.0}
    key = request_key("url", request)
    assert key == request_key("url", dict(reversed(request.items())))
    changed = [{**request, name: "other"} for name in request]
    others = [request_key("url", other) for other in changed] + [request_key("other url", request)]
    assert len({key, *others}) == 5


def test_processes_share_a_file(tmp_path):
    path = tmp_path / "cache.sqlite"
    command = [sys.executable, "-c", WRITER, str(path)]
    writers = [subprocess.Popen([*command, name]) for name in ("a", "b", "c")]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    with ResponseCache(path) as cache:
        bodies = [cache.get(request_key(number)) for number in range(300)]
    assert all(body.split() == [body[:1], b"%d" % n] for n, body in enumerate(bodies))


def test_a_file_that_is_no_cache_is_said_to_be_none(tmp_path):
    path = tmp_path / "cache.sqlite"
    path.write_bytes(b"not a database, surely " * 100)
    with pytest.raises(RunError, match=r"cache\.sqlite cannot be used"):
        ResponseCache(path)
