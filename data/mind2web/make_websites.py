"""Make the embedded Mind2Web data: invented websites and tasks, in the original's schema.

    python data/mind2web/make_websites.py [FOLDER]

Writes the tasks aside and prepares them into `prepared/` of the folder (default: beside this file),
byte for byte the same on every machine.  Words come from `vocabulary.json`; websites, names and
texts are invented.

What makes it worth solving: the pages of a task follow from the actions before them; lists hold
many items alike, of which a task names one or asks for the cheapest, the nearest or the best
rated; pages hold fields, filters and links which the task does not ask for.
"""

import json
import random
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from errands import Task, make_errand, make_filing
from recorder import make_uid
from sites import SEED, VOCABULARY, Site, make_site

from stepagent_gym.datasets import silent, write_manifest
from stepagent_gym.envs.mind2web.prepare import Options, prepare

HERE = Path(__file__).parent
TASKS = {"train": 62, "test_task": 28, "test_website": 24, "test_domain": 32}
SHORTEST, LONGEST = 3, 10
FORM_EVERY = 3
ATTEMPTS = 20


def make_task(site: Site, number: int, seed: str) -> Task:
    """Make the task of a number on a website: finders and forms in turn."""
    rng = random.Random(f"{SEED} turns {site.title}")
    finders = rng.sample(site.finders, len(site.finders))
    forms = rng.sample(site.forms, len(site.forms))
    turn, place = divmod(number + rng.randrange(FORM_EVERY), FORM_EVERY)
    if place == FORM_EVERY - 1:
        return make_filing(site, forms[turn % len(forms)], seed)
    return make_errand(site, finders[(turn * (FORM_EVERY - 1) + place) % len(finders)], seed)


def make_new_task(site: Site, number: int, texts: set[str]) -> tuple[str, Task]:
    """Make the task of a number with a text that no task has so far; also give its seed."""
    for attempt in range(ATTEMPTS):
        seed = f"{SEED} task {site.title} {number} {attempt}"
        task = make_task(site, number, seed)
        if task.text not in texts:
            return seed, task
    raise AssertionError(f"task {number} of {site.title} has the text of another: {task.text}")


def make_split(split: str, sites: list[Site], first: int, texts: set[str]) -> list[dict[str, Any]]:
    """Make the tasks of a split, the websites in turn; `texts` are those of all tasks so far."""
    tasks = []
    for count in range(TASKS[split]):
        site = sites[count % len(sites)]
        number = first + count // len(sites)
        seed, task = make_new_task(site, number, texts)
        assert SHORTEST <= len(task.actions) <= LONGEST, f"{len(task.actions)} actions"
        texts.add(task.text)
        check_reprs(task)
        tasks.append(
            {
                "annotation_id": make_uid(random.Random(f"{seed} name")),
                "website": site.title.lower().replace(" ", ""),
                "domain": site.domain,
                "subdomain": site.subdomain,
                "confirmed_task": task.text,
                "action_reprs": task.reprs,
                "actions": task.actions,
            }
        )
    return tasks


def check_reprs(task: Task) -> None:
    """Assert that the written actions agree with the operations."""
    assert len(task.reprs) == len(task.actions)
    for written, action in zip(task.reprs, task.actions, strict=True):
        operation = action["operation"]
        value = f": {operation['value']}" if operation["value"] else ""
        assert written.endswith(f" -> {operation['op']}{value}"), written


def make_sources() -> dict[str, list[dict[str, Any]]]:
    """Make the content of the four files."""
    sites = [make_site(*entry) for entry in VOCABULARY["sites"]]
    texts: set[str] = set()
    made = {}
    for split in TASKS:
        own = [site for site in sites if site.split == split]
        seen = [site for site in sites if site.split == "train"]
        first = 0 if own else -(-TASKS["train"] // len(seen))
        made[split] = make_split(split, own or seen, first, texts)
    return made


def main(folder: Path) -> None:
    """Prepare the tasks; their sources are written aside and not kept."""
    prepared = folder / "prepared"
    with TemporaryDirectory() as aside:
        for name, tasks in make_sources().items():
            text = json.dumps(tasks, ensure_ascii=False)
            (Path(aside) / f"{name}_0.json").write_text(text, encoding="utf-8", newline="\n")
        shutil.rmtree(prepared, ignore_errors=True)
        prepared.mkdir(parents=True)
        result = prepare([Path(aside)], prepared, Options(), silent)
    write_manifest(prepared, "mind2web", "embedded", result)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
