"""What the nodes of a behaviour do, as data: any target's harness can act it out.

A script is a sequence of actions, the last of which is its result. The first input of every
node is the number of its flow, so a script may depend on it:

    "Listen": [Gives(1), Gives(2)]                # one script a call, then the source ends
    "Work": {1: Fails(), 2: Gives(2)}             # one script a flow
    "Write": (Opens("written"), Waits("read"))    # several actions, then what is usual

What is usual, also for nodes without a script: a node gives its inputs on, as many as it has
outputs; a predicate says no; a session function gives the first input.

Gates let flows wait for each other. Each opens once, for all. The server itself opens the gate
`STOPPING` when it has begun to stop. With a script for `finish` the sources offer to finish.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

STOPPING = "stopping"


@dataclass(frozen=True, slots=True)
class Gives:
    """Succeed with these outputs; a predicate says yes with 1."""

    values: tuple[int, ...]

    def __init__(self, *values: int) -> None:
        object.__setattr__(self, "values", values)


@dataclass(frozen=True, slots=True)
class Fails:
    """Fail with an error of this text."""

    text: str = "broken"


@dataclass(frozen=True, slots=True)
class Ends:
    """Say that the source has ended: StopIteration, or FLUX_END."""


@dataclass(frozen=True, slots=True)
class Opens:
    """Open a gate."""

    gate: str


@dataclass(frozen=True, slots=True)
class Waits:
    """Wait until a gate is open. If it stays shut for a long time, fail."""

    gate: str


@dataclass(frozen=True, slots=True)
class Never:
    """Give a wrong runtime a moment to open a gate that must stay shut meanwhile."""

    gate: str


@dataclass(frozen=True, slots=True)
class Yields:
    """Let other flows run first."""


@dataclass(frozen=True, slots=True)
class Signals:
    """Send a signal to the process of the server: `TERM` or `INT`."""

    name: str


Result = Gives | Fails | Ends
Action = Result | Opens | Waits | Never | Yields | Signals
Actions = Action | tuple[Action, ...]
Script = Actions | Sequence[Actions] | Mapping[int, Actions]
Scripts = Mapping[str, Script]
"""What each node does, by its name."""
