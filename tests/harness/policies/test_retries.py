import pytest

from harness.policies.retries import Backoff, retry_after


def test_waits_double_up_to_the_longest_and_repeat_for_a_seed():
    waits = [Backoff(1.0, longest=8.0, seed=3).wait(n, None) for n in range(1, 7)]
    for wait, whole in zip(waits, (1, 2, 4, 8, 8, 8), strict=True):
        assert whole / 2 <= wait <= whole
    one, other = Backoff(1.0, seed=5), Backoff(1.0, seed=5)
    assert [one.wait(1, None) for _ in range(9)] == [other.wait(1, None) for _ in range(9)]
    assert len({one.wait(1, None) for _ in range(9)}) == 9


def test_the_server_is_never_asked_before_it_wants_to_be():
    backoff = Backoff(0.5)
    assert all(7.0 <= backoff.wait(1, 7.0) <= 7.25 for _ in range(50))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "Thu, 01 Jan 1970 00:16:50 GMT"}, 10.0),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-4"}, None),
        ({"retry-after": "nan"}, None),
    ],
)
def test_retry_after_is_read_as_servers_write_it(headers, seconds):
    assert retry_after(headers, now=1000.0) == seconds
