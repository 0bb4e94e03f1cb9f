"""The engine in C++: generated for the model, compiled once, run as a process."""

from flux.simulation.engines.cpp.engine import simulate

__all__ = ["simulate"]
