"""Declarations to a checked graph of nodes."""
