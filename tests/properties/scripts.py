"""What the functions of a program do in one turn or flow, decided beforehand by its name.

A script is asked once for each thing that happens, in order, so that whoever follows the same
way through the program, the model, the Plan or a real run, hears the same.
"""

from dataclasses import dataclass
from random import Random

from hypothesis import strategies as st

SESSIONS = 2


class Stop(Exception):  # noqa: N818 - no error: the source has no more to give
    """The source ends here."""


class Script:
    """The decisions of one turn or flow."""

    def __init__(self, name: str, *, ends: bool = False) -> None:
        self.name = name
        self.happened = 0
        self._random = Random(name)
        self._failures = self._random.choice((0.0, 0.05, 0.3))
        self._ends = ends

    def node(self, gives: int) -> tuple[str, ...] | None:
        """What a node gives; None if it fails. Raises Stop if it ends its source."""
        self.happened += 1
        if self._ends:
            raise Stop
        if self._fails():
            return None
        return tuple(f"{self.name}: {self.happened}.{n}" for n in range(gives))

    def predicate(self) -> bool | None:
        """Whether a value belongs to a type; None if that can't be told."""
        self.happened += 1
        return None if self._fails() else self._random.random() < 0.5

    def session(self) -> int | None:
        """A session; None if the session function fails."""
        self.happened += 1
        return None if self._fails() else self._random.randrange(SESSIONS)

    def _fails(self) -> bool:
        return self._random.random() < self._failures


@dataclass(frozen=True, slots=True)
class Casting:
    """Which scripts a run follows: so many turns of each source, under one seed."""

    seed: int
    turns: int

    def turn(self, source: str, number: int) -> Script:
        """The script of a source's turn; the one after the last ends the source."""
        return Script(f"{self.seed} turn {source} {number}", ends=number == self.turns)

    def flow(self, source: str, number: int) -> Script:
        """The script of the flow that a turn started."""
        return Script(f"{self.seed} flow {source} {number}")


castings = st.builds(Casting, seed=st.integers(0, 2**32), turns=st.integers(0, 10))
