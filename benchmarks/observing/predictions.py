"""What `flux simulate` says of a point: the same API, runs and intervals as on the command line."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from math import ceil

from flux.driver import compile_program
from flux.plan.model import Plan
from flux.profile.model import Profile
from flux.simulation.arrivals import with_clients
from flux.simulation.model import Model, Recorded
from flux.simulation.prediction import wiring
from flux.simulation.prediction.demands import bounds
from flux.simulation.prediction.replications import Effort, Prediction, Subject, predicted
from flux.simulation.prediction.running import Runner
from flux.simulation.prediction.settings import Setting
from flux.simulation.prediction.sweeps import under
from flux.simulation.times import NOTHING
from flux.source import SourceFile
from observing.schedules import gaps
from observing.studies import Study


def subject_of(study: Study, profiles: Sequence[Profile]) -> Subject:
    """The model of a profiled server, and those that its profiles allow as well."""
    found = wiring.measured(profiles, plan_of(study), [study.name] * len(profiles), None)
    return found.changed(study.adapted)


def plan_of(study: Study) -> Plan:
    """The plan of a study's program."""
    name, text = study.program.name, study.program.read_text()
    plan = compile_program(SourceFile(name, text)).plan
    assert plan
    return plan


def most(subject: Subject, cpus: int) -> float:
    """How many flows a second so many processors carry at most."""
    always = partial(with_clients, clients=1, think=NOTHING)
    return bounds(under(subject, Setting(cpus=cpus)).changed(always).middle)[0].rate


def demanded(found: Prediction, cpus: int) -> float:
    """The processor time of a flow in seconds, without that in which processors wake up."""
    (rate,) = [each.rate for each in bounds(found.model) if each.resource.kind == "processors"]
    return cpus / rate


def predict(
    subject: Subject, cpus: int, schedules: Sequence[Sequence[float]], run: Runner, runs: int
) -> Prediction:
    """The prediction for flows that are due as in these schedules, one after the other.

    A run is as long as usual, so what its interval says is what isn't known of the server; that
    schedules are short is none of it, for what their flows need is typical.
    """
    recorded = Recorded(gaps(schedules))
    effort = Effort(runs, flows=_whole(len(recorded.between)))
    here = under(subject, Setting(cpus=cpus)).changed(_arriving(recorded))
    return predicted(here, run, effort)


def _whole(flows: int) -> int:
    """As many flows as usual, but all schedules as often."""
    return flows * ceil(Effort().flows / flows)


def _arriving(recorded: Recorded) -> Callable[[Model], Model]:
    """Servers here have one source."""

    def change(model: Model) -> Model:
        (source,) = model.sources
        return replace(model, sources=(replace(source, arrivals=recorded),))

    return change
