"""Where flows wait, when too many do."""

from collections.abc import Sequence

from flux.simulation.errors import SaturatedError
from flux.simulation.model import Model

PLACES = (
    "wait for a processor", "share the processors", "wait for a thread", "wait for a place",
    "wait for Python's lock", "do I/O",
)  # fmt: skip


def saturated(model: Model, inside: int, waiting: Sequence[int]) -> SaturatedError:
    """What to say: how many flows are in each of these places, and wait for each constraint."""
    names = [*PLACES, *(f"wait for the constraint {each.name}" for each in model.constraints)]
    most, grown = max(zip(waiting, names, strict=True), key=lambda each: each[0])
    return SaturatedError(model.program, inside, most, grown)
