import pytest

from stepagent_gym.errors import UsageError
from stepagent_train.study.config import SHIPPED, find_config, read_study

ETO = '\n[methods.eto]\nmethod = "eto"\n'


def test_a_study_is_read_with_its_defaults(write):
    study = read_study(write(ETO + 'select = "dev"\nin.sql = { lr = 1e-5 }\n'))
    sql = study.environments["sql"]
    assert (sql.examples, sql.temperature, sql.experts.model) == (0, 0.0, "oracle")
    eto = study.variants["eto"]
    assert (eto.start, eto.select, eto.environments) == ("sft", True, ("sql",))
    assert eto.known["iterations"] == 3
    assert eto.given("sql") == {"lr": 1e-5}
    assert study.variants["sft"].start == "init"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            "\n[methods.eto]\nmethod = 'etoo'\n",
            r"method = 'etoo': one of 'sft', .*'eto'",
        ),
        ("\n[methods.eto]\nlr = 1e-5\n", r"methods.eto: method is missing; there are sft, .*eto"),
        (ETO + "lrr = 1\n", r"tiny.toml: methods.eto: no key 'lrr'; there are .*batch.*lr"),
        (ETO + "seed = 3\n", "no key 'seed'"),
        (ETO + "batch = 0\n", "methods.eto.batch = 0: at least 1"),
        (ETO + "batch = 1.5\n", "methods.eto.batch = 1.5: a whole number"),
        (ETO + "lr = 0\n", "methods.eto.lr = 0: more than 0"),
        (ETO + "lr = true\n", "methods.eto.lr = True: a number"),
        (ETO + "from = 'sfd'\n", r"methods.eto.from: no variant 'sfd'; there are init, sft, eto"),
        (ETO + "preset = 'no'\n", r"methods.eto.preset: eto has none 'no'; there are eto"),
        (ETO + "select = 'test'\n", r"select = 'test': one of 'last', 'dev'"),
        (ETO + "in.web = { lr = 1.0 }\n", "no environment 'web'; there are sql"),
        (ETO + "in.sql = { method = 'sft' }\n", "methods.eto.in.sql: no key 'method'"),
        (ETO + "grid = { beta = 0.1 }\n", "methods.eto.grid: lists"),
        ("\n[methods.dpo]\nmethod='dpo'\nselect='dev'\n", "dpo has no iterations"),
        ("\n[methods.c]\nbudget = 'eto'\n", "methods.c.budget: no variant 'eto'"),
        (
            ETO + "[methods.c]\nbudget = 'eto'\nepochs = 2\n",
            "c.epochs: .* leave epochs out",
        ),
        (ETO + "[methods.c]\nbudget = 'eto'\nmethod = 'rft'\n", "a control is plain sft"),
        (ETO + "from='b'\n[methods.b]\nmethod='eto'\nfrom='eto'\n", "need each other: "),
        ("\n[plots]\nx = 'beta'\n", r"tiny.toml: no key 'plots'; there are .*plot"),
        ("\n[plot]\nx = 'betta'\n", "plot: no variant has a field 'betta'"),
        ("\n[methods.'a/b']\nmethod = 'sft'\n", "a name has letters"),
        ("\n[methods.init]\nmethod = 'sft'\n", "the name is taken"),
        ("\n[methods\n", "cannot be read as TOML"),
    ],
)
def test_what_is_wrong_is_named_with_its_key(write, more, said):
    with pytest.raises(UsageError, match=said):
        read_study(write(more))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("seeds = [0]", "seeds = []", "seeds = .*at least one"),
        ("seeds = [0]", "seeds = [1, 1]", "different numbers"),
        ("seeds = [0]", "", "seeds is missing"),
        (
            "stepagent/InterCodeSQL-v0",
            "sql",
            r"sql.id: no environment 'sql'; there are",
        ),
        ("max_turns = 4", "max_turn = 2", "environments.sql: no key 'max_turn'"),
        ("limit = 2 }", "limit = 0 }", "limit = 0: at least 1"),
        ("context = 1024", 'size = "3M"', r"model.size = '3M': one of '0.5M'"),
        ("context = 1024", 'path = "nowhere"', "model.path: there is no folder nowhere"),
        ("max_turns = 4", 'generate = "python x"', "names no {folder}"),
        ("max_turns = 4", 'data = "{folder}/x"', "generate goes with"),
        ("max_turns = 4", 'generate = "rm {folder}"', "begins with python"),
    ],
)
def test_impossible_values_are_refused(write, old, new, said):
    path = write()
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(UsageError, match=said):
        read_study(path)


def test_a_grid_is_a_variant_for_each_combination(write):
    study = read_study(write(ETO + "grid = { beta = [0.1, 0.5], iterations = [1, 2] }\n"))
    names = [name for name in study.variants if name != "sft"]
    assert names[0] == "eto,beta=0.1,iterations=1"
    assert len(names) == 4
    assert study.variants[names[3]].common == {"beta": 0.5, "iterations": 2}


def test_a_control_has_the_arguments_of_the_tuning_it_continues(write):
    study = read_study(write(ETO + "[methods.c]\nbudget = 'eto'\nlr = 1e-4\n"))
    control = study.variants["c"]
    assert (control.method, control.start, control.like) == ("sft", "sft", "sft")
    assert control.common == {"batch": 2, "lr": 1e-4, "save_every": 1, "max_length": 2048}


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_what_ships_is_well_formed(path):
    study = read_study(find_config(path.stem))
    # what analyses compare are settings of a method, with each other
    assert path.stem == "analyses" or all(
        any(other.budget == variant.name for other in study.variants.values())
        for variant in study.variants.values()
        if variant.method != "sft"
    ), "a control stands beside every method"


def test_the_larger_budget_is_ten_times_that_of_the_methods_and_else_the_same():
    small, large = (read_study(find_config(name)) for name in ("papers", "budget"))
    assert (large.model, large.seeds) == (small.model, small.seeds)
    assert large.variants.keys() == small.variants.keys()
    for name, variant in large.variants.items():
        before, now = small.variants[name].given("hotpotqa"), variant.given("hotpotqa")
        differ = {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
        assert differ <= {"limit", "iterations"}
        assert all(now[key] == 10 * before[key] for key in differ)
        assert differ or variant.method == "sft"


def test_an_unknown_study_is_answered_with_those_that_ship():
    with pytest.raises(
        UsageError, match=r"no study 'x'.*analyses, budget, demo-stepagent, demo-train, papers"
    ):
        find_config("x")
