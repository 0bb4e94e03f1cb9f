"""Latency over rate, like the paper's Figure 3: predicted dotted, observed solid.

It is what `flux simulate --plot FILE --observed FILE` draws: flows that come by chance at so many a
second are predicted, not just those that came.
"""

from collections.abc import Sequence

from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.observations import Observation
from flux.simulation.prediction.replications import Effort, Subject
from flux.simulation.prediction.reports.contents import Sweep
from flux.simulation.prediction.reports.plot import as_svg
from flux.simulation.prediction.running import Runner
from flux.simulation.prediction.settings import Setting
from flux.simulation.prediction.sweeps import swept
from observing.points import Compared

LATENCY = "mean"


def picture(compared: Sequence[Compared], subject: Subject, run: Runner, effort: Effort) -> str:
    """The points of one server as SVG."""
    chosen = [Setting(cpus=each.point.cpus, rate=each.point.rate) for each in compared]
    sweep = Sweep(tuple(swept(subject, run, effort, chosen)), len(chosen))
    return as_svg(sweep, LATENCY, [_seen(each) for each in compared if each.observed])


def _seen(compared: Compared) -> Observation:
    assert compared.observed
    mean = compared.observed.mean
    point = compared.point
    return Observation(point.cpus, point.rate, {LATENCY: Estimate(mean, mean, mean)})
