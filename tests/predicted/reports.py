"""One report of each kind."""

from functools import cache, partial

from predicted.engine import run
from predicted.models import image_model
from predicted.profiles import measured_profile

from flux.simulation.prediction.alternatives import Alternative, faster, ranking
from flux.simulation.prediction.objectives import objective
from flux.simulation.prediction.replay import replayed
from flux.simulation.prediction.replications import Effort, Subject, predicted
from flux.simulation.prediction.reports.contents import Ranked, Sized, Sweep
from flux.simulation.prediction.settings import Setting, applied
from flux.simulation.prediction.sizing import sized
from flux.simulation.prediction.sweeps import settings, swept

FAST = Effort(runs=5, flows=1000)
SLO = objective("p95=50ms")


def sweep(model=None, slo=None, wanted=None, **ranges):
    chosen = settings(**ranges)
    points = tuple(swept(Subject(model or image_model(100)), run, FAST, chosen))
    return Sweep(points[:wanted], len(points), slo)


@cache
def grid():
    return sweep(slo=SLO, cpus=[1, 2, 4], rates=[50.0, 100.0, 130.0, 200.0, 400.0])


def size(rate=300):
    tried = []
    subject = Subject(image_model(rate, threads=8))
    return Sized(sized(subject, run, FAST, SLO, tried.append), tuple(tried))


def speedup():
    model = image_model(100)
    return Ranked(
        "speedup",
        ranking(Subject(model), run, FAST, faster(model, 0.25)),
        "Each node 25% faster",
    )


def granularity():
    changes = [
        Alternative(
            "cache=reader",
            partial(applied, setting=Setting(cpus=2)),
            "atomic Check: {cache?};   // was {cache}",
        ),
        Alternative("no cache", lambda model: model),
    ]
    found = ranking(Subject(image_model(100)), run, FAST, changes)
    return Ranked("granularity", found, "Changes of constraints")


def what_if():
    change = Alternative("threads=32", partial(applied, setting=Setting(threads=32)))
    found = ranking(Subject(image_model(100, threads=2)), run, FAST, [change])
    return Ranked("what-if", found, "What if")


def check():
    found = predicted(Subject(image_model(100)), run, FAST, by_route=True)
    return replayed(found, measured_profile())


REPORTS = {
    "one": lambda: sweep(image_model(100, threads=8), SLO),
    "busy": lambda: sweep(rates=[130.0]),
    "saturated": lambda: sweep(rates=[230.0]),
    "grid": grid,
    "size": size,
    "no-size": lambda: size(1200),
    "speedup": speedup,
    "granularity": granularity,
    "what-if": what_if,
    "check": check,
    "interrupted": lambda: sweep(wanted=2, rates=[10.0, 20.0, 30.0]),
}
