"""What one prediction says, as tables."""

from collections.abc import Iterator

from flux.profile.table import Cell, Row, Table
from flux.profile.units import digits, percent
from flux.render.paint import Style
from flux.simulation.prediction.bottleneck import bottleneck, uses
from flux.simulation.prediction.caveats import BUSY
from flux.simulation.prediction.demands import bounds
from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.measures import LATENCIES, PARTS
from flux.simulation.prediction.replications import Prediction
from flux.simulation.prediction.reports.words import (
    part,
    part_within,
    rate,
    rate_within,
    time,
    time_within,
)


def views(prediction: Prediction) -> Iterator[Table]:
    """All tables that have rows; of what is saturated, only what each resource carries."""
    if prediction.is_saturated:
        yield limits(prediction)
        return
    tables = (flows, resources, spent, nodes, constraints)
    for made in (each(prediction) for each in tables):
        if made.rows:
            yield made


def flows(prediction: Prediction) -> Table:
    """Throughput and latencies."""
    found = prediction.estimates
    rows = [_row("throughput", rate_within(found["throughput",]))]
    rows += [_row(name, time_within(prediction.latency(name))) for name in LATENCIES]
    if found["dropped",].value:
        rows.append(_row("dropped", part_within(found["dropped",])))
    return Table("All flows", ("predicted", ""), tuple(rows))


def resources(prediction: Prediction) -> Table:
    """How busy each resource is, and what it could carry; the bottleneck in bold."""
    most = {each.resource: rate(each.rate) for each in bounds(prediction.model)}
    worst = bottleneck(prediction)
    rows = []
    shared = (use for use in uses(prediction) if use.part.value or use.resource in most)
    for use in sorted(shared, key=lambda use: -use.part.value):
        style = Style.WARNING if use.part.value > BUSY else Style.PLAIN
        texts = (str(use.resource.count), most.get(use.resource, "-"))
        cells = (Cell(part_within(use.part), style), *map(Cell, texts))
        name = Cell(use.resource.name, Style.BOLD if use == worst else Style.PLAIN)
        rows.append(Row(cells, name))
    return Table("Resources", ("in use", "of", "carries at most", "resource"), tuple(rows))


def limits(prediction: Prediction) -> Table:
    """What each resource can carry, the tightest first."""
    rows = (_row(each.resource.name, rate(each.rate)) for each in bounds(prediction.model))
    return Table("Resources", ("carries at most", "resource"), tuple(rows))


def spent(prediction: Prediction) -> Table:
    """What a flow's time consists of."""
    estimates = {name: prediction.estimates["flow", name] for name in PARTS}
    whole = sum(each.value for each in estimates.values())
    rows = (
        _row(name, percent(each.value, whole), time_within(each))
        for name, each in estimates.items()
        if each.value > 0
    )
    return Table("A flow's time", ("share", "time", "spent"), tuple(rows))


def nodes(prediction: Prediction) -> Table:
    """What a call of each node takes and waits for, those with the most time first."""
    kinds = ("service", "waiting for a processor", "waiting for constraints", "I/O")
    rows = []
    for function in prediction.model.functions:
        found = [prediction.estimates["node", function.name, kind].value for kind in kinds]
        calls = prediction.estimates["node", function.name, "calls"].value
        if calls:
            row = _row(function.name, digits(calls), *map(time, found))
            rows.append((calls * sum(found), row))
    rows.sort(key=lambda pair: -pair[0])
    headings = ("calls/flow", "service", "cpu wait", "constraint wait", "i/o", "node")
    return Table("Nodes, means of a call", headings, tuple(row for _, row in rows))


def constraints(prediction: Prediction) -> Table:
    """How long constraints are waited for and held."""
    rows = []
    for constraint in prediction.model.constraints:
        found = _of_constraint(prediction, constraint.name)
        if found["taken"].value:
            texts = (
                digits(found["taken"].value),
                part(found["contended"].value),
                time_within(found["waiting"]),
                time(found["holding"].value),
            )
            rows.append(_row(constraint.name, *texts))
    headings = ("takings/flow", "contended", "wait", "held", "constraint")
    return Table("Constraints, means of a taking", headings, tuple(rows))


def _of_constraint(prediction: Prediction, name: str) -> dict[str, Estimate]:
    kinds = ("taken", "contended", "waiting", "holding")
    return {kind: prediction.estimates["constraint", name, kind] for kind in kinds}


def _row(name: str, *texts: str) -> Row:
    return Row(tuple(map(Cell, texts)), Cell(name))
