"""Why a model can't be simulated, or its simulation can't go on."""


class SimulationError(Exception):
    """There is no result."""


class ModelError(SimulationError):
    """The model makes no sense, and where."""


class SaturatedError(SimulationError):
    """More flows arrive than the machine can carry; `grown` is where most of them wait."""

    def __init__(self, program: str, flows: int, waiting: int, grown: str) -> None:
        super().__init__(
            f"{program} is saturated: {flows} flows are inside, {waiting} of them {grown};"
            " simulate a lower rate or a larger machine"
        )
        self.flows = flows
        self.waiting = waiting
        self.grown = grown


class StalledError(SimulationError):
    """Nothing will ever happen again: flows wait for each other."""

    def __init__(self, program: str) -> None:
        super().__init__(
            f"{program} stands still: its flows wait for each other, or none will arrive"
        )


class EngineError(SimulationError):
    """The simulator's own process has failed."""
