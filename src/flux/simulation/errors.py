"""What keeps a program from being simulated."""


class SimulationError(Exception):
    """Parameters, a profile or a change that can't be used; says where, and what helps."""
