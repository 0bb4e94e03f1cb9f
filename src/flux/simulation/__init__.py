"""Prediction: a program's simulator, generated from its Plan, and what it says of other hardware.

A `Model` is what is simulated (`model`): the ways flows go (`routes`), how long each step takes
(`times`), when flows come, and the machine that carries them. Parameters come from a profile or
from a file written by hand (`parameters`). Two engines run a model and agree to the last bit:
one in Python, and one in C++ that is generated and compiled.

What is said of results, and to whom, is a package of its own (`prediction`).
"""
