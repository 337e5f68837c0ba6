"""Whole runs that can be read and changed."""
