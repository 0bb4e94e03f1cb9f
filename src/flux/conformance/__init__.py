"""The conformance suite: one list of behaviours that every target and runtime must show.

A behaviour is a Flux program, a table of what its nodes do, and what must come of it: data, so
that any target can act it out. A `Carrier` runs behaviours on one target and runtime. That a
program means the same everywhere is thereby a test and not a claim.

    python -m flux.conformance --target python --runtime pool
"""

from flux.conformance.behaviour import Behaviour, Counts, Run, differences
from flux.conformance.behaviours import BEHAVIOURS, behaviours_on
from flux.conformance.carrier import Carrier, PythonCarrier

__all__ = [
    "BEHAVIOURS",
    "Behaviour",
    "Carrier",
    "Counts",
    "PythonCarrier",
    "Run",
    "behaviours_on",
    "differences",
]
