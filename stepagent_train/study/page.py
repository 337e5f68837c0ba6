"""A study's results as files: `results.json`, `study.md` with `study.svg`, and `study.html`."""

from collections.abc import Mapping
from html import escape
from pathlib import Path

from harness.metrics import LEVEL
from harness.runs import replace_file, write_json
from stepagent_train.study.cells import Cell
from stepagent_train.study.config import Study
from stepagent_train.study.plots import gains, plots
from stepagent_train.study.results import METHOD, Results, read_results, to_json
from stepagent_train.study.table import Table, failures, tables

PICTURE = "study.svg"
_CAPTION = (
    "What every method gains over SFT, and over fine-tuning for as long: "
    f"paired differences of reward, {LEVEL:.0%} intervals"
)

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem;
       color: #1b1b1b; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .7rem .25rem 0; border-bottom: 1px solid #ddd;
         vertical-align: top; }
td { white-space: nowrap; } td.long { white-space: normal; min-width: 16rem; }
.note { color: #555; font-size: 13px; max-width: 60rem; }
pre { background: #f5f5f5; padding: .6rem; overflow-x: auto; font-size: 12px; }
svg { max-width: 100%; height: auto; } figure { margin: 1rem 0; } figcaption { color: #555; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def write_results(study: Study, cells: Mapping[str, Cell], root: Path) -> None:
    """Write the files into the study's folder; the page stands alone."""
    results = read_results(study, cells, root)
    picture = gains(results)
    if picture is not None:
        replace_file(root / PICTURE, picture.encode())
    write_json(root / "results.json", to_json(results, root))
    replace_file(root / "study.md", markdown(results, picture).encode())
    replace_file(root / "study.html", html(results, picture).encode())


def markdown(results: Results, picture: str | None) -> str:
    """Write the page as Markdown; `picture`: the overview, which lies beside it."""
    study = results.study
    parts = [f"# {_md(study.name)}", _md(study.question), _md(_progress(results)), METHOD]
    if picture is not None:
        parts.append(f"![{_CAPTION}]({PICTURE})")
    for table in tables(results):
        parts += [f"## {_md(table.title)}", _md_table(table), _md(table.note)]
    failed = list(failures(results))
    if failed:
        parts.append("## Cells without a result")
    for title, why in failed:
        lines = "\n".join(f"    {line}" for line in why.splitlines())
        parts += [f"{_md(title)}", lines]
    return "\n\n".join(parts) + "\n"


def html(results: Results, picture: str | None) -> str:
    """Write the page as HTML; every text is escaped.  `picture`: the overview."""
    study = results.study
    parts = [
        f"<h1>{escape(study.name)}</h1>",
        f"<p>{escape(study.question)}</p>",
        f"<p>{escape(_progress(results))}</p>",
        f'<p class="note">{escape(METHOD)}</p>',
    ]
    if picture is not None:
        parts.append(f"<figure>{picture}<figcaption>{_CAPTION}</figcaption></figure>")
    for table in tables(results):
        parts += [f"<h2>{escape(table.title)}</h2>", _html_table(table)]
    for title, svg in plots(results):
        parts += [f"<h2>{escape(title)}</h2>", svg]
    failed = list(failures(results))
    if failed:
        parts.append("<h2>Cells without a result</h2>")
    for title, why in failed:
        parts.append(f"<p>{escape(title)}</p><pre>{escape(why)}</pre>")
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f'<meta name="viewport" content="width=device-width">'
        f"<title>{escape(study.name)}</title><style>{_STYLE}</style>"
    )
    body = "\n".join(parts)
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'


def _progress(results: Results) -> str:
    """Say how many cells there are, and how they stand."""
    counts: dict[str, int] = {}
    for state in results.states.values():
        counts[state.status] = counts.get(state.status, 0) + 1
    stand = ", ".join(f"{count} {status}" for status, count in counts.items())
    seeds = ", ".join(map(str, results.study.seeds))
    return f"{len(results.cells)} cells: {stand}. Training seeds: {seeds}."


def _html_table(table: Table) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in table.head)
    rows = "".join(
        "<tr>" + "".join(f"<td{_long(text)}>{escape(text)}</td>" for text in row) + "</tr>\n"
        for row in table.rows
    )
    note = f'<p class="note">{escape(table.note)}</p>'
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{rows}</tbody></table></div>\n{note}"
    )


def _long(text: str) -> str:
    return ' class="long"' if len(text) > 60 else ""


def _md_table(table: Table) -> str:
    lines = [table.head, ["---"] * len(table.head), *table.rows]
    return "\n".join("| " + " | ".join(_md(text) for text in line) + " |" for line in lines)


def _md(text: str) -> str:
    """Escape what would be markup, a link, or the end of a cell."""
    for mark in "\\`|":
        text = text.replace(mark, f"\\{mark}")
    return escape(text, quote=False).replace("](", "]\\(").replace("\n", " ")
