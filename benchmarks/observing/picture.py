"""Latency over rate, like the paper's Figure 3: predicted dotted, observed solid.

It is what `flux simulate --plot FILE --observed FILE` draws: flows that come by chance at so many a
second are predicted, not just those that came.
"""

from collections.abc import Sequence
from itertools import chain

from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.observations import Observation
from flux.simulation.prediction.replications import Effort
from flux.simulation.prediction.reports.contents import Sweep
from flux.simulation.prediction.reports.plot import as_svg
from flux.simulation.prediction.running import Runner
from flux.simulation.prediction.settings import Setting
from flux.simulation.prediction.sweeps import swept
from observing.points import Compared
from observing.predictions import Known

LATENCY = "mean"


def picture(compared: Sequence[Compared], server: Known, run: Runner, effort: Effort) -> str:
    """The points of one server as SVG."""
    points = [each.point for each in compared]
    found = chain.from_iterable(
        swept(server.on(point.cpus), run, effort, [Setting(cpus=point.cpus, rate=point.rate)])
        for point in points
    )
    sweep = Sweep(tuple(found), len(points))
    return as_svg(sweep, LATENCY, [_seen(each) for each in compared if each.observed])


def _seen(compared: Compared) -> Observation:
    assert compared.observed
    mean = compared.observed.mean
    point = compared.point
    return Observation(point.cpus, point.rate, {LATENCY: Estimate(mean, mean, mean)})
