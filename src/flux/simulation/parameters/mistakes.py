"""What is wrong with a file of parameters: all of it at once, each with its line and its key."""

import re
from collections.abc import Collection, Iterator, Mapping
from math import isnan

from flux.graph.nearest import did_you_mean
from flux.simulation.errors import SimulationError
from flux.simulation.parameters.durations import listed, quoted, shortened

Key = tuple[str, ...]

LARGEST = 1e18
_MOST_TOLD = 50
_PART = r'(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|\'[^\']*\')'
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*\[\s*({_DOTTED})\s*\]")
_ENTRY = re.compile(rf"\s*({_DOTTED})\s*=")


class Mistakes:
    """Gathers mistakes while a file is read; `name` is what the file is called."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._lines = dict(_lines(text))
        self._found: list[tuple[int, str]] = []

    def add(self, key: Key, message: str) -> None:
        """Something is wrong at a key."""
        line = self._line(key)
        place = f"{self._name}:{line}" if line else self._name
        where = f" {dotted(key)}:" if key else ""
        self._found.append((line, f"{place}:{where} {message}"))

    def check(self) -> None:
        """Raise a SimulationError that tells all mistakes, in the order of the lines."""
        if self._found:
            told = [message for _, message in sorted(self._found)]
            more = len(told) - _MOST_TOLD
            rest = [f"and {more} more mistakes"] if more > 0 else []
            raise SimulationError("\n".join([*told[:_MOST_TOLD], *rest]))

    def table(self, key: Key, value: object) -> Mapping[str, object]:
        """A value that has to be a table; an empty one where it isn't."""
        if isinstance(value, dict):
            return value
        self.add(key, f"{shown(value)} is no table")
        return {}

    def known(self, key: Key, table: Mapping[str, object], names: Collection[str]) -> None:
        """Complain of keys that aren't among the known names."""
        for name in table:
            if name not in names:
                known = listed(map(_quoted, names)) or "none"
                remedy = did_you_mean(name, names) or f"known are {known}"
                self.add((*key, name), f"`{name}` is unknown: {remedy}")

    def number(self, key: Key, value: object, least: float = 0.0, most: float = LARGEST) -> float:
        """A number within bounds; the least one where it isn't."""
        if isinstance(value, bool) or not isinstance(value, int | float) or _is_nan(value):
            self.add(key, f"{shown(value)} is no number: write one such as 0.5")
        elif not least <= value <= most:
            bound = f"between {least:g} and {most:g}" if most < LARGEST else f"{least:g} or more"
            self.add(key, f"{shown(value)} is out of bounds: it has to be {bound}")
        else:
            return float(value)
        return least

    def count(self, key: Key, value: object, least: int, most: int) -> int:
        """A whole number within bounds; the least one where it isn't."""
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.add(key, f"{shown(value)} is no whole number from {least:,} to {most:,}")
            return least
        return value

    def truth(self, key: Key, value: object) -> bool:
        """`true` or `false`."""
        if not isinstance(value, bool):
            self.add(key, f"{shown(value)} is neither true nor false")
        return value is True

    def part(self, key: Key, value: object) -> float:
        """`true` for all, `false` for nothing, or a number from 0 to 1."""
        if isinstance(value, bool):
            return float(value)
        if not isinstance(value, int | float) or not 0 <= value <= 1:
            self.add(key, f"{shown(value)} is neither true nor false, nor a part such as 0.25")
            return 0.0
        return float(value)

    def choice(self, key: Key, value: object, names: Collection[str]) -> str:
        """One of some words; the first where it isn't."""
        if value in names:
            return str(value)
        remedy = did_you_mean(value, names) if isinstance(value, str) else ""
        known = ", ".join(f'"{name}"' for name in names)
        self.add(key, f"{shown(value)} is unknown: {remedy or f'known are {known}'}")
        return next(iter(names))

    def _line(self, key: Key) -> int:
        """Where a key stands, or the nearest one around it; 0 if that isn't known."""
        prefixes = (key[:length] for length in range(len(key), 0, -1))
        return next((self._lines[p] for p in prefixes if p in self._lines), 0)


def _is_nan(value: object) -> bool:
    """A whole number may be too large to be asked."""
    return isinstance(value, float) and isnan(value)


def dotted(key: Key) -> str:
    """A key as TOML writes it: `cases.Handler."[_, hit]"`."""
    return ".".join(_quoted_part(part) for part in key)


def shown(value: object) -> str:
    """A value in a message, if need be in part."""
    match value:
        case bool():
            text = str(value).lower()
        case str():
            return quoted(value)
        case dict():
            text = "a table"
        case list():
            text = "a list"
        case _:
            text = str(value)
    return shortened(text)


def _quoted(name: str) -> str:
    return f"`{name}`"


def _quoted_part(part: str) -> str:
    return part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else f'"{part}"'


def _lines(text: str) -> Iterator[tuple[Key, int]]:
    """The keys of a text, as far as they can be found without reading all of TOML."""
    table: Key = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _parts(header[1])
            yield table, number
        elif entry := _ENTRY.match(line):
            key = (*table, *_parts(entry[1]))
            for length in range(len(table) + 1, len(key) + 1):
                yield key[:length], number


def _parts(dotted: str) -> Key:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))
