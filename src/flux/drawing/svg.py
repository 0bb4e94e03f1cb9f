"""The pen that writes SVG: elements, text, and curves; whatever a text holds, it is well-formed.

svg = Svg(200, 100, "A picture")
with svg.element("g", kind="node"):
    svg.rect(Rect(0, 0, 80, 30), radius=6)
    svg.text(40, 20, "Compress", kind="name")

A `kind` is a class of the style sheet.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise

from flux.drawing.model import Point, Rect

HEAD = 7.0  # the length of an arrow's head

# What no XML may hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Value = str | float | None


def escaped(text: str) -> str:
    """A text as it may stand in an element or between double quotes."""
    text = _FORBIDDEN.sub("\ufffd", text)
    for mark, entity in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot")):
        text = text.replace(mark, f"&{entity};")
    return text


@dataclass(slots=True)
class Svg:
    """A picture under construction."""

    width: float
    height: float
    title: str
    description: str = ""
    style: str = ""
    lines: list[str] = field(default_factory=list)
    depth: int = 1

    @contextmanager
    def element(
        self, name: str, kind: str = "", tooltip: str = "", **values: Value
    ) -> Iterator[None]:
        """What is inside belongs to one element."""
        self._line(f"<{name}{_written(kind, values)}>")
        self.depth += 1
        if tooltip:
            self._line(f"<title>{escaped(tooltip)}</title>")
        yield
        self.depth -= 1
        self._line(f"</{name}>")

    def shape(self, name: str, kind: str = "", **values: Value) -> None:
        """An element with nothing inside."""
        self._line(f"<{name}{_written(kind, values)}/>")

    def rect(self, place: Rect, kind: str = "", radius: float = 0, **values: Value) -> None:
        """A rectangle, with round corners."""
        size = {"x": place.x, "y": place.y, "width": place.width, "height": place.height}
        self.shape("rect", kind, **size, rx=radius or None, **values)

    def text(self, x: float, y: float, text: str, kind: str = "", **values: Value) -> None:
        """A line of text."""
        self._line(f"<text{_written(kind, {'x': x, 'y': y, **values})}>{escaped(text)}</text>")

    def curve(self, points: tuple[Point, ...], kind: str = "", **values: Value) -> None:
        """A line that is straight between points of one height and swings between others."""
        self.shape("path", kind, d=_path(points), **values)

    def arrow_head(self, tip: Point, kind: str, size: float = HEAD) -> None:
        """The end of an arrow that comes from the left."""
        x, y, half = tip[0] - size, tip[1], size / 2
        corners = [(x, y - half), tip, (x, y + half)]
        path = "L".join(f"{_short(x)} {_short(y)}" for x, y in corners)
        self.shape("path", kind, d=f"M{path}z")

    def __str__(self) -> str:
        width, height = _short(self.width), _short(self.height)
        size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        head = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
            f"  <title>{escaped(self.title)}</title>",
            f"  <desc>{escaped(self.description)}</desc>",
        ]
        style = [f"  <style>\n{self.style}  </style>"] if self.style else []
        return "\n".join([*head, *style, *self.lines, "</svg>", ""])

    def _line(self, text: str) -> None:
        self.lines.append(f"{'  ' * self.depth}{text}")


def _written(kind: str, values: dict[str, Value]) -> str:
    """Attributes, with `class` first; those that are None are left out."""
    named = {"class": kind or None} | values
    return "".join(_attribute(*pair) for pair in named.items() if pair[1] is not None)


def _attribute(name: str, value: Value) -> str:
    text = escaped(value) if isinstance(value, str) else _short(value or 0)
    return f' {name.replace("_", "-")}="{text}"'


def _path(points: tuple[Point, ...]) -> str:
    parts = [f"M{_short(points[0][0])} {_short(points[0][1])}"]
    for (x, y), (to_x, to_y) in pairwise(points):
        if _short(y) == _short(to_y):
            parts.append(f"H{_short(to_x)}")
            continue
        middle = _short((x + to_x) / 2)
        parts.append(f"C{middle} {_short(y)} {middle} {_short(to_y)} {_short(to_x)} {_short(to_y)}")
    return "".join(parts)


def _short(number: float) -> str:
    """A number with at most one decimal place."""
    return f"{round(number, 1) + 0:.10g}"
