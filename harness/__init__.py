"""The harness: policies from model strings, evaluation, run folders, reports, the command line."""
