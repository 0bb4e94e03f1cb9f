"""What stands in a change of a model, and what is wrong with it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flux.graph.nearest import did_you_mean
from flux.simulation.errors import SimulationError
from flux.simulation.parameters.durations import listed

Word = TypeVar("Word", bound=str)


@dataclass(frozen=True, slots=True)
class Words:
    """One change as it is written, to be named in messages."""

    text: str

    def error(self, message: str) -> SimulationError:
        """What is wrong with it."""
        return SimulationError(f"what if '{self.text}': {message}")

    def count(self, value: str, most: int) -> int:
        """A whole number from 1."""
        if not re.fullmatch(r"[0-9]{1,12}", value) or not 1 <= int(value) <= most:
            raise self.error(f"`{value}` is no whole number from 1 to {most:,}")
        return int(value)

    def number(self, value: str, most: float, least: float = 0.0) -> float:
        """A number above 0, and from `least`."""
        try:
            found = float(value)
        except ValueError:
            found = 0.0
        if not 0 < found <= most or found < least:
            above = f"from {least:g}" if least else "above 0"
            raise self.error(f"`{value}` is no number {above}, and up to {most:g}")
        return found

    def part(self, value: str) -> float:
        """A number from 0 to 1."""
        try:
            found = float(value)
        except ValueError:
            found = -1.0
        if not 0 <= found <= 1:
            raise self.error(f"`{value}` is no part of a whole: write a number from 0 to 1")
        return found

    def choice(self, value: str, words: Sequence[Word]) -> Word:
        """One of some words."""
        for word in words:
            if word == value:
                return word
        remedy = did_you_mean(value, words) or f"known are {', '.join(words)}"
        raise self.error(f"`{value}` is unknown: {remedy}")

    def known(self, kind: str, name: str, names: Iterable[str]) -> int:
        """The place of a name among those that there are."""
        all_names = list(names)
        if name not in all_names:
            known = f"there are {listed(all_names)}" if all_names else "there is none"
            raise self.error(f"`{name}` is no {kind}: {did_you_mean(name, all_names) or known}")
        return all_names.index(name)
