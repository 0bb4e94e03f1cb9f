"""Implementations in Python: one file of functions, read but never run."""
