"""The engine in Python: a loop that is generated for the model, and the tables that it walks."""

from flux.simulation.engines.python.engine import simulate

__all__ = ["simulate"]
