"""Latency over rate as a picture, like the paper's Figure 3: a line for each number of processors.

What was predicted is dotted, with its intervals as bands; what was observed is solid. A thin line
down to the axis stands where flows would come faster than they can end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

from flux.drawing.model import Point as Place
from flux.drawing.model import Rect
from flux.drawing.scales import fitting, linear
from flux.drawing.svg import Svg
from flux.drawing.text import shortened, text_width
from flux.profile.units import number
from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.observations import Observation
from flux.simulation.prediction.reports.contents import Sweep, setting_of, varied
from flux.simulation.prediction.reports.plot_style import SIZE, series, style
from flux.simulation.prediction.reports.words import counted, time

WIDTH, HEIGHT = 760.0, 460.0
LEFT, TOP, BOTTOM = 76.0, 68.0, 54.0
LEGEND_GAP, LEGEND_ROW, SAMPLE = 22.0, 22.0, 30.0
LONGEST_TITLE = 60
WHISKER = 4.0
WORDS = {"cpus": "processor", "threads": "thread", "max_flows": "flow"}

Values = tuple[tuple[float, Estimate], ...]


class NothingToPlotError(Exception):
    """A report with too few points for a picture; the message says what it needs."""


@dataclass(frozen=True, slots=True)
class Line:
    """What is drawn in one colour: latencies by rate, and up to which rate there are any."""

    name: str
    predicted: Values = ()
    observed: Values = ()
    limit: float | None = None


def as_svg(sweep: Sweep, latency: str, observed: Sequence[Observation] = ()) -> str:
    """The picture of one latency: `mean`, or a quantile as `p95`.

    Raises:
        NothingToPlotError: There is no latency at two rates.
    """
    lines = [*_lines(sweep, latency, observed)]
    rates = {rate for line in lines for rate, _ in (*line.predicted, *line.observed)}
    if len(rates) <= 1:
        raise NothingToPlotError(
            "a picture needs latencies at two rates at least: give a range that the server can"
            " carry, such as --rate 50:500:50"
        )
    return str(_Plot(sweep, latency, lines).painted())


def _lines(sweep: Sweep, latency: str, observed: Sequence[Observation]) -> Iterator[Line]:
    """One for each machine that was predicted or observed."""
    keys = [key for key in varied([each.prediction for each in sweep.points]) if key != "rate"]
    groups: dict[str, list[int]] = {}
    for place, point in enumerate(sweep.points):
        setting = setting_of(point.prediction.model)
        chosen = keys or ["cpus"]
        name = ", ".join(counted(int(setting[key] or 0), WORDS[key]) for key in chosen)
        groups.setdefault(name, []).append(place)
    unused = list(observed)
    for name, places in groups.items():
        cpus = sweep.points[places[0]].prediction.model.machine.processors
        mine = [each for each in unused if each.cpus in {cpus, None}]
        unused = [each for each in unused if each not in mine]
        yield _line(name, sweep, places, latency, mine)
    for cpus in sorted({each.cpus or 0 for each in unused}):
        mine = [each for each in unused if each.cpus == cpus]
        yield Line(counted(cpus, "processor"), observed=_seen(mine, latency))


def _line(
    name: str, sweep: Sweep, places: Sequence[int], latency: str, observed: Sequence[Observation]
) -> Line:
    predictions = [sweep.points[place].prediction for place in places]
    values = tuple(
        (
            setting_of(each.model)["rate"] or each.estimates["throughput",].value,
            each.latency(latency),
        )
        for each in predictions
        if not each.is_saturated
    )
    limit = predictions[0].limit
    return Line(name, values, _seen(observed, latency), limit.rate if limit else None)


def _seen(observed: Sequence[Observation], latency: str) -> Values:
    found = [(each.rate, each.latencies[latency]) for each in observed if latency in each.latencies]
    return tuple(sorted(found, key=lambda pair: pair[0]))


class _Plot:
    """The picture under construction."""

    def __init__(self, sweep: Sweep, latency: str, lines: Sequence[Line]) -> None:
        self.sweep, self.latency, self.lines = sweep, latency, lines
        names = [*(line.name for line in lines), "largest rate"]
        legend = max(text_width(name, SIZE) for name in names) + SAMPLE + LEGEND_GAP
        self.right = WIDTH - legend - LEGEND_GAP
        pairs = [pair for line in lines for pair in (*line.predicted, *line.observed)]
        ends = [end for _, each in pairs for end in (each.low, each.value, each.high)]
        objective = sweep.objective
        limits = [objective.most] if objective and objective.name == latency else []
        shown = [*(end for end in ends if end > 0 and isfinite(end)), *limits]
        self.x = linear(max(rate for rate, _ in pairs), LEFT, self.right)
        self.y = fitting(shown, HEIGHT - BOTTOM, TOP)
        self.svg = Svg(WIDTH, HEIGHT, self._title(), self._description(), style())

    def painted(self) -> Svg:
        """All of it."""
        self.svg.rect(Rect(0, 0, WIDTH, HEIGHT), "paper")
        self.svg.text(LEGEND_GAP, 30, shortened(self._title(), LONGEST_TITLE), "title")
        self.svg.text(LEGEND_GAP, 50, self._subtitle(), "quiet")
        self._axes()
        for place, line in enumerate(self.lines):
            self._line(line, series(place))
        self._objective()
        self._legend()
        return self.svg

    def _title(self) -> str:
        word = "mean latency" if self.latency == "mean" else f"{self.latency} of latency"
        return f"{self.sweep.points[0].prediction.model.program}: {word} over rate"

    def _subtitle(self) -> str:
        effort = self.sweep.points[0].prediction.effort
        return (
            f"{number(effort.runs)} runs of {number(effort.flows)} flows;"
            " bands and bars are 95% intervals"
        )

    def _description(self) -> str:
        """The picture for those who can't see it."""
        return "; ".join(
            f"{line.name}: {_told(line.predicted, 'predicted')}{_told(line.observed, 'observed')}"
            for line in self.lines
        )

    def _axes(self) -> None:
        for value in self.y.ticks:
            y = self.y.place(value)
            self.svg.shape("line", "grid", x1=LEFT, x2=self.right, y1=y, y2=y)
            self.svg.text(LEFT - 8, y + 4, _short(time(value)), "right")
        for value in self.x.ticks:
            x = self.x.place(value)
            self.svg.shape("line", "axis", x1=x, x2=x, y1=self.y.start, y2=self.y.start + 5)
            self.svg.text(x, self.y.start + 20, f"{value:,.6g}", "middle")
        bottom = self.y.start
        self.svg.shape("line", "axis", x1=LEFT, x2=self.right, y1=bottom, y2=bottom)
        middle = (LEFT + self.right) / 2
        self.svg.text(middle, bottom + 42, "flows a second", "quiet middle")

    def _objective(self) -> None:
        objective = self.sweep.objective
        if objective is None or objective.name != self.latency:
            return
        y = self.y.place(objective.most)
        self.svg.shape("line", "limit", x1=LEFT, x2=self.right, y1=y, y2=y)
        name = f"{objective.name} within {_short(time(objective.most))}"
        self.svg.text(LEFT + 8, y - 7, name, "limit-name")

    def _line(self, line: Line, kind: str) -> None:
        with self.svg.element("g", tooltip=line.name):
            self._limit(line, kind)
            if len(line.predicted) > 1:
                self.svg.shape("path", f"band {kind}", d=self._band(line.predicted))
            self._path(line.predicted, f"line predicted {kind}")
            self._path(line.observed, f"line {kind}")
            for rate, seen in line.observed:
                self._mark(rate, seen, kind)

    def _limit(self, line: Line, kind: str) -> None:
        if line.limit is not None and self._has_limit(line):
            x = self.x.place(line.limit)
            self.svg.shape("line", f"end {kind}", x1=x, x2=x, y1=self.y.end, y2=self.y.start)

    def _path(self, values: Values, kind: str) -> None:
        if values:
            self.svg.shape("path", kind, d=_path([self._at(rate, v.value) for rate, v in values]))

    def _band(self, values: Values) -> str:
        above = [self._at(rate, each.high) for rate, each in values]
        below = [self._at(rate, each.low) for rate, each in reversed(values)]
        return f"{_path([*above, *below])}z"

    def _mark(self, rate: float, seen: Estimate, kind: str) -> None:
        """A dot, and the interval if it has one."""
        x, y = self._at(rate, seen.value)
        self.svg.shape("circle", f"dot {kind}", cx=x, cy=y, r=3.2)
        if seen.high > seen.low:
            ends = self.y.place(seen.low), self.y.place(seen.high)
            self.svg.shape("line", f"line {kind}", x1=x, x2=x, y1=ends[0], y2=ends[1])
            for end in ends:
                self.svg.shape(
                    "line", f"line {kind}", x1=x - WHISKER, x2=x + WHISKER, y1=end, y2=end
                )

    def _legend(self) -> None:
        """The lines by name, then what kinds of lines there are."""
        left, y = self.right + LEGEND_GAP, TOP + 8
        for place, line in enumerate(self.lines):
            self._sample(left, y, "line", series(place), line.name)
            y += LEGEND_ROW
        y += LEGEND_ROW / 2
        for kind, name in self._kinds():
            self._sample(left, y, kind, "axis", name)
            y += LEGEND_ROW

    def _kinds(self) -> Iterator[tuple[str, str]]:
        if any(line.predicted for line in self.lines):
            yield "line predicted", "predicted"
        if any(line.observed for line in self.lines):
            yield "line", "observed"
        if any(map(self._has_limit, self.lines)):
            yield "end", "largest rate"

    def _has_limit(self, line: Line) -> bool:
        return line.limit is not None and line.limit < self.x.high

    def _sample(self, x: float, y: float, kind: str, colour: str, name: str) -> None:
        self.svg.shape("path", f"{colour} {kind}", d=_path([(x, y), (x + SAMPLE - 8, y)]))
        self.svg.text(x + SAMPLE, y + 4, name)

    def _at(self, rate: float, latency: float) -> Place:
        return self.x.place(rate), self.y.place(latency)


def _path(points: Sequence[Place]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _told(values: Values, word: str) -> str:
    if not values:
        return ""
    first, last = values[0], values[-1]
    return (
        f"{word} {time(first[1].value)} at {first[0]:,.6g}/s"
        f" to {time(last[1].value)} at {last[0]:,.6g}/s "
    )


def _short(text: str) -> str:
    """`10.0 ms` as `10 ms`: marks are round."""
    value, _, unit = text.partition(" ")
    return f"{value.rstrip('0').rstrip('.') if '.' in value else value} {unit}".strip()
