"""What `flux simulate` says of a point: the same API, runs and intervals as on the command line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import ceil

from flux.driver import compile_program
from flux.plan.model import Plan
from flux.simulation.arithmetic import mean_time
from flux.simulation.arrivals import with_clients
from flux.simulation.model import Model, Recorded
from flux.simulation.prediction import wiring
from flux.simulation.prediction.demands import bounds
from flux.simulation.prediction.replications import Effort, Prediction, Subject, predicted
from flux.simulation.prediction.running import Runner
from flux.simulation.prediction.settings import Setting
from flux.simulation.prediction.sweeps import under
from flux.simulation.times import NOTHING, Constant
from flux.source import SourceFile
from observing import machine
from observing.schedules import gaps
from observing.studies import Calibration, Study


@dataclass(frozen=True, slots=True)
class Known:
    """What calibrations say of a server, and of the load generator, in seconds of CPU a flow."""

    subject: Subject
    load: float = 0.0

    def on(self, cpus: int) -> Subject:
        """Its models on so many processors."""
        load = self.load_on(cpus)
        here = under(self.subject, Setting(cpus=cpus))
        return here.changed(partial(_beside, load)) if load else here

    def load_on(self, cpus: int) -> float:
        """What the load generator takes of the server's processors, in seconds a flow."""
        return self.load if cpus == machine.processors() else 0.0


def known(study: Study, calibrations: Sequence[Calibration]) -> Known:
    """The model of a profiled server, and those that its profiles allow as well."""
    profiles = [each.profile for each in calibrations]
    found = wiring.measured(profiles, plan_of(study), [study.name] * len(profiles), None)
    flows = sum(len(each.run.latencies) for each in calibrations)
    load = sum(each.run.load for each in calibrations) / flows
    return Known(found.changed(study.adapted), load)


def _beside(load: float, model: Model) -> Model:
    """The model of a server beside the load generator, which takes no lock of Python's."""
    own, here = mean_time(model.machine.overhead), model.machine
    gil = here.overhead_gil * own / (own + load)
    return replace(model, machine=replace(here, overhead=Constant(own + load), overhead_gil=gil))


def plan_of(study: Study) -> Plan:
    """The plan of a study's program."""
    name, text = study.program.name, study.program.read_text()
    plan = compile_program(SourceFile(name, text)).plan
    assert plan
    return plan


def most(server: Known, cpus: int) -> float:
    """How many flows a second so many processors carry at most."""
    always = partial(with_clients, clients=1, think=NOTHING)
    return bounds(server.on(cpus).changed(always).middle)[0].rate


def demanded(found: Prediction, cpus: int) -> float:
    """The processor time of a flow in seconds, without that in which processors wake up."""
    (rate,) = [each.rate for each in bounds(found.model) if each.resource.kind == "processors"]
    return cpus / rate


def predict(
    server: Known, cpus: int, schedules: Sequence[Sequence[float]], run: Runner, runs: int
) -> Prediction:
    """The prediction for flows that are due as in these schedules, one after the other.

    A run is as long as usual, so what its interval says is what isn't known of the server; that
    schedules are short is none of it, for what their flows need is typical.
    """
    recorded = Recorded(gaps(schedules))
    effort = Effort(runs, flows=_whole(len(recorded.between)))
    return predicted(server.on(cpus).changed(_arriving(recorded)), run, effort)


def _whole(flows: int) -> int:
    """As many flows as usual, but all schedules as often."""
    return flows * ceil(Effort().flows / flows)


def _arriving(recorded: Recorded) -> Callable[[Model], Model]:
    """Servers here have one source."""

    def change(model: Model) -> Model:
        (source,) = model.sources
        return replace(model, sources=(replace(source, arrivals=recorded),))

    return change
