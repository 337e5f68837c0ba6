import pytest

from stepagent_gym.calls import call_heads, read_call

NAMES = ("search", "click", "Finish")


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("I search[red shoes] now", ["search[red shoes]"]),
        ("CLICK (Buy Now)", ["click[Buy Now]"]),
        ("finish[a [b] c] and more]", ["Finish[a [b] c]"]),
        ("search[never closed\nnext line", ["search[never closed]"]),
        ("search[two [open] here", ["search[two [open]"]),
        ("click[a] then click[b]", ["click[a]", "click[b]"]),
        ("research[x] searching", []),
    ],
)
def test_calls_are_found_and_written_canonically(text, calls):
    found = [read_call(text, head, NAMES) for head in call_heads(text, NAMES)]
    assert found == calls
