"""`stepagent play`: a person plays, in the terminal or, WebShop, in the browser."""
