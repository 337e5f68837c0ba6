"""The embedded catalogue: made by its script, worth solving, and solvable."""

import json
import subprocess
import sys

import pytest

from stepagent_gym.datasets import embedded_root, load_prompt, open_dataset, verify
from stepagent_gym.envs.webshop.catalogue import Catalogue
from stepagent_gym.envs.webshop.reward import reward


@pytest.fixture(scope="module")
def catalogue():
    return Catalogue.open(None)


@pytest.fixture(scope="module")
def goals(catalogue):
    return [catalogue.goal(index) for index in range(catalogue.goal_count)]


def test_the_script_makes_the_files_byte_for_byte(tmp_path):
    folder = embedded_root() / "webshop"
    script = folder / "make_catalogue.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True)
    for part in ("source", "prepared"):
        made = {p.relative_to(tmp_path): p.read_bytes() for p in (tmp_path / part).rglob("*.*")}
        kept = {p.relative_to(folder): p.read_bytes() for p in (folder / part).rglob("*.*")}
        assert made.keys() == kept.keys()
        assert [path for path in made if made[path] != kept[path]] == []


def test_the_script_makes_larger_catalogues(tmp_path):
    script = [sys.executable, str(embedded_root() / "webshop" / "make_catalogue.py"), str(tmp_path)]
    subprocess.run([*script, "--products", "60", "--goals", "50", "--name", "large"], check=True)
    made, embedded = Catalogue.open(tmp_path / "prepared"), Catalogue.open(None)
    assert made.dataset.name == "large"
    assert len(made) == 60 * (len(embedded) // 45)
    assert made.goal_count > 1.8 * embedded.goal_count
    assert set(embedded.asins()) < set(made.asins())


def test_numbers_of_products_may_be_two_words(tmp_path):
    script = [sys.executable, str(embedded_root() / "webshop" / "make_catalogue.py"), str(tmp_path)]
    subprocess.run([*script, "--asins", "words"], check=True)
    made = Catalogue.open(tmp_path / "prepared")
    assert len(made) == len(Catalogue.open(None))
    assert {len(asin) for asin in made.asins()} == {10}
    assert len({asin[2:6] for asin in made.asins()}) == 64
    more = [*script[:2], str(tmp_path / "more"), "--asins", "words", "--products", "300"]
    done = subprocess.run(more, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "--products 300: words make 4,096 numbers, for all types\n"
    assert not (tmp_path / "more").exists()


def test_more_goals_than_products_are_refused(tmp_path):
    script = [sys.executable, str(embedded_root() / "webshop" / "make_catalogue.py"), str(tmp_path)]
    done = subprocess.run([*script, "--goals", "46"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "--goals 46: 1 to 45, one for a product\n"


def test_the_files_are_as_their_manifest_says():
    verify(open_dataset("webshop"))


def test_it_is_large_and_varied(catalogue, goals):
    products = [catalogue.product(asin) for asin in catalogue.asins()]
    assert len(products) >= 800
    assert len({product.product_category for product in products}) >= 12
    assert len({product.category for product in products}) == 5
    assert len({product.title for product in products}) > 0.95 * len(products)
    assert len(goals) >= 300
    assert len({goal.instruction for goal in goals}) == len(goals)
    assert all(len(catalogue.split(name)) >= 100 for name in ("train", "dev", "test"))
    for split in ("train", "dev", "test"):
        assert len({goals[i].category for i in catalogue.split(split)}) == 5


def test_every_goal_is_solved_by_its_product(catalogue, goals):
    for goal in goals:
        assert reward(catalogue.product(goal.asin), goal, goal.options).total == 1.0


def test_instructions_name_all_that_is_wanted(goals):
    words = json.loads((embedded_root() / "webshop" / "vocabulary.json").read_text())
    for goal in goals:
        for wanted in (*goal.attributes, *goal.options):
            assert words["said"].get(wanted, wanted).split()[-1].rstrip("s") in goal.instruction


def test_a_shopper_finds_the_product_by_the_instructions_words(catalogue, goals):
    found = [goal.asin in catalogue.search(goal.instruction.lower()) for goal in goals]
    assert sum(found) >= 0.95 * len(goals)


def test_the_first_result_is_seldom_the_answer(catalogue, goals):
    """Near misses: what a hasty shopper buys is worth something, and not everything."""
    first = []
    for goal in goals:
        product = catalogue.product(catalogue.search(goal.instruction.lower())[0])
        first.append(reward(product, goal, ()).total)
    assert sum(score == 1.0 for score in first) < 0.1 * len(goals)
    assert 0.3 < sum(first) / len(first) < 0.8


def test_the_prompt_is_made_by_its_script_from_real_episodes(tmp_path):
    folder = embedded_root() / "prompts"
    out = tmp_path / "webshop.json"
    subprocess.run([sys.executable, str(folder / "make_webshop.py"), str(out)], check=True)
    assert out.read_bytes() == (folder / "webshop.json").read_bytes()
    assert len(load_prompt("webshop").demonstrations) == 3
