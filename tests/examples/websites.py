"""Small invented recordings in Mind2Web's schema, for tests."""

import json
import random
import zipfile

from stepagent_gym.datasets import write_manifest
from stepagent_gym.envs.mind2web.prepare import Options, prepare

WORDS = (
    *("book", "table", "hotel", "pick up", "delivery", "search", "map", "5", "stars", "price"),
    *("sort", "next", "close", "menu"),
)


def page(rng, elements):
    """A page of nested elements, each with an id; also the ids of what could be chosen."""
    number, names = 0, []

    def build(level):
        nonlocal number
        number += 1
        name = str(number)
        tag = rng.choice(["div", "a", "button", "li", "select", "input"])
        names.append((name, tag))
        said = f' title="{" ".join(rng.sample(WORDS, 2))}"' if rng.random() < 0.6 else ""
        inside = ""
        if rng.random() < 0.5:
            number += 1
            text = " ".join(rng.sample(WORDS, 4))
            inside = f'<text backend_node_id="{number}">{text}</text> '
        while number < elements and level < 6 and rng.random() < 0.7:
            inside += build(level + 1)
        return f'<{tag} backend_node_id="{name}"{said}> {inside}</{tag}> '

    body = ""
    while number < elements:
        body += build(0)
    return f'<html backend_node_id="0"> {body}</html>', names


def action(rng, uid, candidates=20, positives=1, elements=120):
    """A step in the original schema."""
    html, names = page(rng, elements)
    chosen = rng.sample(names, candidates + positives)
    records = [
        {
            "tag": tag,
            "attributes": json.dumps({"backend_node_id": name, "class": "c"}),
            "backend_node_id": name,
        }
        for name, tag in chosen
    ]
    op = rng.choice(["CLICK", "CLICK", "TYPE", "SELECT"])
    return {
        "action_uid": uid,
        "raw_html": "",
        "cleaned_html": html,
        "operation": {"op": op, "original_op": op, "value": "" if op == "CLICK" else "5 p.m."},
        "pos_candidates": records[:positives],
        "neg_candidates": records[positives:],
    }


def task(name, steps=3, **changes):
    """A task in the original schema; equal names give equal tasks."""
    rng = random.Random(name)
    value = {
        "annotation_id": name,
        "website": rng.choice(["inn", "shop", "library"]),
        "domain": rng.choice(["Travel", "Shopping"]),
        "subdomain": "Any",
        "confirmed_task": f"Book a table of {name}",
        "action_reprs": [f"[button]  {name} {step} -> CLICK" for step in range(steps)],
        "actions": [action(rng, f"{name}-{step}") for step in range(steps)],
    }
    return value | changes


def rows(value):
    """The same task as the Hugging Face copies have it: a step a row, JSON within strings."""
    for place, step in enumerate(value["actions"]):
        yield {
            **{key: value[key] for key in ("annotation_id", "website", "domain", "subdomain")},
            "confirmed_task": value["confirmed_task"],
            "action_reprs": value["action_reprs"],
            "target_action_index": str(place),
            "action_uid": step["action_uid"],
            "cleaned_html": step["cleaned_html"],
            "operation": json.dumps(step["operation"]),
            "pos_candidates": [json.dumps(c) for c in step["pos_candidates"]],
            "neg_candidates": [json.dumps(c) for c in step["neg_candidates"]],
        }


def write_folder(folder):
    """Write the four splits as the original's folders have them; give the tasks by split."""
    tasks = {
        "train": [task(f"train-{number}") for number in range(20)],
        "test_task": [task("task-0", 2)],
        "test_website": [task("website-0", 1)],
        "test_domain": [task(f"domain-{number}", number + 1) for number in range(4)],
    }
    for split, members in tasks.items():
        (folder / split).mkdir(parents=True)
        for part in range(0, len(members), 2):
            file = folder / split / f"{split}_{part // 2}.json"
            file.write_text(json.dumps(members[part : part + 2]))
    return tasks


def write_zip(path, folder):
    """Write a folder as an archive without a password."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*.json")):
            archive.write(file, file.relative_to(folder))


def prepared(source, out):
    """Prepare files into a folder that `data=` takes."""
    out.mkdir()
    write_manifest(out, "mind2web", "test", prepare([source], out, Options()))
    return out
