"""Why a model can't be simulated, or its simulation can't go on.

Runs are carried out in several processes, and an error goes from one to another as its class with
its `args`; so those are what it is made of, and its text is made of them.
"""


class SimulationError(Exception):
    """There is no result."""


class ModelError(SimulationError):
    """The model makes no sense, and where."""


class SaturatedError(SimulationError):
    """More flows arrive than the machine can carry; `grown` is where most of them wait."""

    def __init__(self, program: str, flows: int, waiting: int, grown: str) -> None:
        super().__init__(program, flows, waiting, grown)
        self.program = program
        self.flows = flows
        self.waiting = waiting
        self.grown = grown

    def __str__(self) -> str:
        return (
            f"{self.program} is saturated: {self.flows} flows are inside, {self.waiting} of them"
            f" {self.grown}; simulate a lower rate or a larger machine"
        )


class StalledError(SimulationError):
    """Nothing will ever happen again: flows wait for each other."""

    def __init__(self, program: str) -> None:
        super().__init__(program)
        self.program = program

    def __str__(self) -> str:
        return f"{self.program} stands still: its flows wait for each other, or none will arrive"


class EngineError(SimulationError):
    """The simulator's own process has failed."""
