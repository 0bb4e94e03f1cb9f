"""Throughput and latency over clients, like the paper's Figure 1: a row for each language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from measuring.load import Sample

from flux.drawing.model import Rect
from flux.drawing.scales import Scale, fitting
from flux.drawing.svg import Svg
from flux.simulation.prediction.reports.plot_style import series, style
from hosting.rates import Rates

WIDTH, HEIGHT = 940.0, 400.0  # HEIGHT is a row's
LEFT, RIGHT, GAP = 66.0, 190.0, 76.0
TOP, BOTTOM = 96.0, 56.0
ROW, DASH, DOT, SAMPLE = 22.0, "5 4", 3.0, 24.0

TITLE = "Web servers: throughput and latency over clients"


@dataclass(frozen=True, slots=True)
class Panel:
    """What is drawn of a sample, and how its axis is called."""

    name: str
    of: Callable[[Sample], float]


PANELS = (
    Panel("requests a second", lambda sample: sample.rate),
    Panel("mean latency in ms", lambda sample: sample.mean / 1000),
)

Line = Mapping[int, float]
"""A value by the number of clients."""

Rows = Mapping[str, Sequence[str]]
"""The servers of each row, by its title."""


def picture(measured: Sequence[Rates], rows: Rows, peers: Sequence[str]) -> str:
    """The medians as SVG; lines of peers are dashed."""
    height = HEIGHT * len(rows)
    svg = Svg(WIDTH, height, TITLE, _description(measured), style())
    svg.rect(Rect(0, 0, WIDTH, height), "paper")
    svg.text(LEFT, 32, TITLE, "title")
    for place, (title, names) in enumerate(rows.items()):
        dashes = {name: DASH if name in peers else None for name in names}
        _row(svg, measured, title, dashes, TOP + place * HEIGHT)
    return str(svg)


def line(measured: Sequence[Rates], name: str, of: Callable[[Sample], float]) -> Line:
    """The medians of one server."""
    return {each.clients: median(map(of, each.servers[name])) for each in measured}


def _description(measured: Sequence[Rates]) -> str:
    """The picture for those who can't see it."""
    most = measured[-1].clients
    rates = {name: line(measured, name, PANELS[0].of)[most] for name in measured[0].servers}
    told = ", ".join(f"{name} {rate:,.0f}" for name, rate in rates.items())
    return f"Requests a second with {most} clients: {told}"


def _row(
    svg: Svg, measured: Sequence[Rates], title: str, dashes: Mapping[str, str | None], top: float
) -> None:
    width = (WIDTH - LEFT - GAP - RIGHT) / len(PANELS)
    for place, panel in enumerate(PANELS):
        left = LEFT + place * (width + GAP)
        lines = {name: line(measured, name, panel.of) for name in dashes}
        area = Rect(left, top, width, HEIGHT - TOP - BOTTOM)
        _Drawing(svg, lines, dashes, area).draw(f"{title}: {panel.name}")
    _legend(svg, top, dashes)


class _Drawing:
    """A panel under construction."""

    def __init__(
        self, svg: Svg, lines: Mapping[str, Line], dashes: Mapping[str, str | None], area: Rect
    ) -> None:
        self.svg, self.lines, self.dashes, self.area = svg, lines, dashes, area
        self.right, self.bottom = area.x + area.width, area.y + area.height
        values = [value for each in lines.values() for value in each.values()]
        clients = tuple(map(float, next(iter(lines.values()))))
        self.x = Scale(clients[0], clients[-1], area.x + 8, self.right - 8, clients, is_log=True)
        self.y = fitting(values, self.bottom, area.y)

    def draw(self, title: str) -> None:
        """All of it."""
        self.svg.text(self.area.x, self.area.y - 16, title, "quiet")
        self._axes()
        for number, (name, values) in enumerate(self.lines.items()):
            with self.svg.element("g", tooltip=name):
                self._line(values, series(number), self.dashes[name])

    def _axes(self) -> None:
        left, right, bottom = self.area.x, self.right, self.bottom
        for value in self.y.ticks:
            y = self.y.place(value)
            self.svg.shape("line", "grid", x1=left, x2=right, y1=y, y2=y)
            self.svg.text(left - 8, y + 4, f"{value:,g}", "right")
        for value in self.x.ticks:
            x = self.x.place(value)
            self.svg.shape("line", "axis", x1=x, x2=x, y1=bottom, y2=bottom + 5)
            self.svg.text(x, bottom + 20, f"{value:g}", "middle")
        self.svg.shape("line", "axis", x1=left, x2=right, y1=bottom, y2=bottom)
        self.svg.text((left + right) / 2, bottom + 40, "clients", "quiet middle")

    def _line(self, values: Line, kind: str, dash: str | None) -> None:
        places = [(self.x.place(x), self.y.place(y)) for x, y in values.items()]
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        self.svg.shape("path", f"line {kind}", d=path, stroke_dasharray=dash)
        for x, y in places:
            self.svg.shape("circle", f"dot {kind}", cx=x, cy=y, r=DOT)


def _legend(svg: Svg, top: float, dashes: Mapping[str, str | None]) -> None:
    left = WIDTH - RIGHT + ROW
    for number, (name, dash) in enumerate(dashes.items()):
        y = top + number * ROW
        path = f"M{left:g} {y:g}H{left + SAMPLE:g}"
        svg.shape("path", f"line {series(number)}", d=path, stroke_dasharray=dash)
        svg.text(left + SAMPLE + 8, y + 4, name)
