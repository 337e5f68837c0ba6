"""ALFWorld: household tasks of the ALFRED domain, played in text."""
