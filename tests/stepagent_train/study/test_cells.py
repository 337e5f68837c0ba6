import pytest

from harness.cli import main
from stepagent_train.study.cells import Best, Steps, plan_cells
from stepagent_train.study.config import read_study

MORE = """
[methods.eto]
method = "eto"
select = "dev"
iterations = 2

[methods.rft]
method = "rft"
from = "init"
sampler = "sft"

[methods.control]
budget = "eto"
"""


@pytest.fixture
def cells(write):
    return plan_cells(read_study(write(MORE)))


def test_every_cell_comes_after_what_it_needs(cells):
    known = set()
    for cell in cells.values():
        assert set(cell.needs) <= known
        known.add(cell.id)
    assert [id for id in cells if "/eto/" in id] == [
        "sql/seed-0/eto/train",
        "sql/seed-0/eto/dev-1",
        "sql/seed-0/eto/dev-2",
        "sql/seed-0/eto/test",
    ]
    assert {"sql/experts", "sql/oracle/test", "sql/seed-0/init"} <= cells.keys()


def test_cells_need_what_their_commands_name(cells):
    below = "sql/seed-0"
    assert cells[f"{below}/sft/train"].needs == ("sql/experts", f"{below}/init")
    assert set(cells[f"{below}/rft/train"].needs) == {
        "sql/experts",
        f"{below}/init",
        f"{below}/sft/train",
    }
    rft = cells[f"{below}/rft/train"].command
    assert rft[rft.index("--model") + 1] == f"{{out}}/cells/{below}/init/run"
    assert rft[rft.index("--sampler") + 1] == f"{{out}}/cells/{below}/sft/train/run/model"
    control = cells[f"{below}/control/train"]
    assert {f"{below}/eto/train", f"{below}/sft/train"} <= set(control.needs)
    steps = control.command[control.command.index("--steps") + 1]
    assert steps == Steps(f"{below}/eto/train", f"{below}/sft/train", 2)
    test = cells[f"{below}/eto/test"]
    assert test.command[2] == Best((f"{below}/eto/dev-1", f"{below}/eto/dev-2"))
    assert set(test.needs) == {f"{below}/eto/{name}" for name in ("train", "dev-1", "dev-2")}


def test_training_and_evaluation_are_asked_alike(cells):
    train = " ".join(map(str, cells["sql/seed-0/eto/train"].command))
    assert "--set max_turns=4" in train
    assert "--max-new-tokens 4 --train-examples 0 --rollout-examples 0" in train
    assert "--keep-iterations" in train
    dev = cells["sql/seed-0/eto/dev-2"].command
    assert dev[2].endswith("eto/train/run/iteration-2")
    assert dev[5:9] == ("--split", "dev", "--limit", "2")
    test = " ".join(map(str, cells["sql/seed-0/sft/test"].command))
    assert "--split test --limit 2 --max-turns 4 --examples 0 --max-tokens 4" in test


def test_data_are_generated_first(write):
    path = write()
    made = (
        'generate = "python make.py {folder}"\ndata = "{folder}/prepared"\nmax_turns = 4\n'
        'experts = { keep = "reward>=1", attempts = 2, thoughts = "openai/x", limit = 7 }'
    )
    path.write_text(path.read_text().replace("max_turns = 4", made))
    cells = plan_cells(read_study(path))
    folder = "{out}/cells/sql/data/run"
    assert cells["sql/data"].command == ("python", "make.py", folder)
    experts = " ".join(cells["sql/experts"].command)
    assert "--limit 7" in experts
    assert "--keep reward>=1 --thoughts openai/x --attempts 2 --select best" in experts
    for id in ("sql/experts", "sql/oracle/test", "sql/seed-0/init"):
        assert "sql/data" in cells[id].needs
        assert f"{folder}/prepared" in cells[id].command


def test_a_starting_model_may_be_one_that_copies(write, cells):
    assert "--copying" not in cells["sql/seed-0/init"].command
    path = write()
    path.write_text(path.read_text().replace("max_turns = 4", "max_turns = 4\ncopying = true"))
    assert "--copying" in plan_cells(read_study(path))["sql/seed-0/init"].command


def test_a_plan_lists_cells_and_commands(write, capsys):
    assert main(["train", "study", str(write(MORE)), "--plan"]) == 0
    shown = capsys.readouterr().out
    assert "sql/seed-0/control/train\n    train sft --model" in shown
    assert "--steps '<steps, to the tokens of sql/seed-0/eto/train>'" in shown
    assert "<model that is best in sql/seed-0/eto/dev-*>" in shown
    assert "13 cells" in shown
