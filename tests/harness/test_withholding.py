"""What is left out with test data: observations, and all that quotes them."""

from hypothesis import given
from hypothesis import strategies as st

from harness.withholding import withhold

PAGE = "Flights from Boston to Denver on the third of May, nonstop, from $129 with one bag"


def turn(**texts):
    return {"seen": PAGE, "thought": None, "reply": "Action: A", "reasoning": None,
            "action": "A", "reward": 1.0, "valid": True, **texts}  # fmt: skip


def episode(*turns, error=None, final="the last page, which nobody else may see"):
    return {"error": error, "final": final, "turns": list(turns), "score": 1.0}


def test_observations_go_and_verdicts_stay():
    kept = withhold(episode(turn()))
    assert (kept["final"], kept["turns"][0]["seen"]) == (None, None)
    assert (kept["withheld"], kept["turns"][0]["withheld"]) == (["final"], ["seen"])
    assert (kept["turns"][0]["action"], kept["turns"][0]["reward"], kept["score"]) == (
        "A",
        1.0,
        1.0,
    )


def test_what_quotes_a_page_goes_even_where_case_and_blanks_differ():
    quote = "I see FLIGHTS from\nBoston   to Denver on the third of May, nonstop. I take it."
    for name in ("thought", "reply", "reasoning"):
        kept = withhold(episode(turn(**{name: quote})))["turns"][0]
        assert kept[name] is None
        assert kept["withheld"] == ["seen", name]
    late = withhold(episode(turn(), turn(seen="another", thought=quote)))["turns"][1]
    assert late["thought"] is None


def test_a_models_own_words_stay():
    words = "I look for the cheapest nonstop flight and take it, as the task wants."
    assert withhold(episode(turn(thought=words)))["turns"][0]["thought"] == words


def test_only_a_policys_error_that_quotes_nothing_is_kept():
    refused = "policy: the server answers 401: wrong key"
    assert withhold(episode(turn(), error=refused))["error"] == refused
    for error in (f"policy: too long: {PAGE}", f"environment: cannot read {PAGE}",
                  "environment: unheard of page text"):  # fmt: skip
        kept = withhold(episode(turn(), error=error))["error"]
        assert kept.startswith(error.partition(":")[0])
        assert "left out" in kept
        assert "Boston" not in kept
        assert "page text" not in kept


@given(st.text(), st.text(), st.text(min_size=47, max_size=200))
def test_no_stretch_of_47_characters_is_let_through(before, after, stretch):
    plain = " ".join(stretch.split()).casefold()
    if len(plain) < 47:
        return
    thought = f"{before} {stretch} {after}"
    kept = withhold(episode(turn(seen=f"x {stretch} y", thought=thought)))["turns"][0]
    assert kept["thought"] is None
