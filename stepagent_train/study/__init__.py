"""Studies: a grid of methods, environments and seeds over one small starting model.

    stepagent train study demo-train --out runs/demo-train

`config.py` reads what is compared, `cells.py` lists what is to be run and in which order,
`runner.py` runs it, each cell as an ordinary command in its ordinary run folder; `results.py` reads
the folders, `table.py` and `plots.py` lay the results out, `page.py` writes Markdown and HTML.
"""
