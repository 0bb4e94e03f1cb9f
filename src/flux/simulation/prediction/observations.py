"""What a real server did, from CSV: to be drawn beside what was predicted.

    cpus,rate,mean,p95
    1,50,0.0121,0.034
    2,50,0.0109,0.031

`rate` and at least one latency in seconds are needed. What `flux simulate --format csv` writes has
this form, too.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.measures import LATENCIES

MOST = 10_000
MOST_DIGITS = 40


class ObservationError(Exception):
    """A text that holds no observations; the message names the line, and says what helps."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen at a rate, with so many processors, if that is told."""

    cpus: int | None
    rate: float
    latencies: Mapping[str, Estimate]


def observations(text: str, name: str) -> tuple[Observation, ...]:
    """The observations in a text; `name` says in messages where that came from.

    Raises:
        ObservationError: There are none, or something in it can't be read.
    """
    rows = csv.DictReader(text.splitlines())
    columns = [column.strip() for column in rows.fieldnames or ()]
    rows.fieldnames = columns
    _check_columns(columns, name)
    found: list[Observation] = []
    try:
        for row in rows:
            if len(found) == MOST:
                raise ObservationError(f"{name} has more than {MOST:,} lines")
            found.extend(_observation(row, f"{name}, line {rows.line_num}"))
    except csv.Error as error:
        raise ObservationError(f"{name}, line {rows.line_num}: {error}") from None
    if not found:
        raise ObservationError(f"{name} has no line with a latency below that of the columns")
    return tuple(found)


def _check_columns(columns: list[str], name: str) -> None:
    if "rate" not in columns:
        raise ObservationError(
            f"{name}, line 1: there is no column `rate`; it names the columns, such as"
            " cpus,rate,mean,p95"
        )
    if not set(columns) & set(LATENCIES):
        raise ObservationError(
            f"{name}, line 1: there is no latency; name one column {', '.join(LATENCIES[:-1])}"
            f" or {LATENCIES[-1]}"
        )


def _observation(row: Mapping[str, str], place: str) -> Iterator[Observation]:
    """A line's, unless it has no latency, as those of saturated settings."""
    latencies = {name: found for name in LATENCIES if (found := _latency(row, name, place))}
    if latencies:
        rate = _number(row, "rate", place)
        if rate is None:
            raise ObservationError(f"{place}: the rate is missing")
        cpus = _number(row, "cpus", place)
        yield Observation(None if cpus is None else int(cpus), rate, latencies)


def _latency(row: Mapping[str, str], name: str, place: str) -> Estimate | None:
    value = _number(row, name, place)
    if value is None:
        return None
    low, high = (_number(row, f"{name}_{end}", place) for end in ("low", "high"))
    return Estimate(value, value if low is None else low, value if high is None else high)


def _number(row: Mapping[str, str], column: str, place: str) -> float | None:
    """A field, if there is anything in it."""
    word = (row.get(column) or "").strip()
    if not word:
        return None
    try:
        value = float(word)
    except ValueError:
        value = -1.0
    if not isfinite(value) or value < 0 or len(word) > MOST_DIGITS:
        raise ObservationError(f"{place}: {column} is {word[:MOST_DIGITS]!r}, and no number from 0")
    return value
