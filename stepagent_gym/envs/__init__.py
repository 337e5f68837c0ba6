"""The environments, one room each."""
