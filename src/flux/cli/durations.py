"""Durations as options: `10s`, `500ms`, `2m`."""

import re

import click

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "": 1.0}
_FORM = re.compile(r"(?P<number>\d{1,9}(?:\.\d{1,9})?) ?(?P<unit>ms|s|m|min|h|)")


class Duration(click.ParamType[float]):
    """A duration within bounds, as seconds."""

    name = "duration"

    def __init__(self, least: str, most: str) -> None:
        self._least, self._most = least, most

    def convert(
        self, value: str | float, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The seconds."""
        if not isinstance(value, str):
            return value
        seconds = _seconds(value)
        if seconds is None:
            self.fail(f"{value!r} is no duration such as 10s, 500ms or 2m", param, ctx)
        if not (_seconds(self._least) or 0) <= seconds <= (_seconds(self._most) or 0):
            self.fail(f"{value} isn't between {self._least} and {self._most}", param, ctx)
        return seconds


def _seconds(text: str) -> float | None:
    found = _FORM.fullmatch(text)
    return float(found["number"]) * _UNITS[found["unit"]] if found else None
