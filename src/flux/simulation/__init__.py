"""Prediction: a program's simulator, generated from its Plan, and what it says of other hardware.

A `Model` is what is simulated (`model`): the ways flows go (`routes`), how long each step takes
(`times`), when flows come, and the machine that carries them. It comes from a profile
(`calibration`) or from a file written by hand (`parameters`), and may be changed (`changes`). Two
engines run it and agree to the last bit (`engines`): one in Python, and one in C++; both are
generated.

What is said of results, and to whom, is a package of its own (`prediction`).
"""
