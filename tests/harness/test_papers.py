from harness.papers import reported


def test_scores_are_shares_and_averages_are_left_out():
    lines = reported()
    assert all(0 <= line.value <= 1 for line in lines)
    assert "Average" not in {line.dataset for line in lines}
    assert {line.paper for line in lines} == {"StepAgent", "IPR"}
    found = {line[:4]: round(line.value, 9) for line in lines}
    assert found["IPR", "Llama-2-7B", "ETO", "InterCodeSQL"] == 0.572
    assert found["StepAgent", "Mistral-7B-Instruct-v0.1", "SFT", "WebShop"] == 0.601
