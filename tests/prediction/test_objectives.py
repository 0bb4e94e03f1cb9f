"""What a server has to hold."""

from dataclasses import replace

import pytest
from predicted.engine import run
from predicted.models import single

from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.objectives import Objective, ObjectiveError, objective
from flux.simulation.prediction.replications import Effort, Subject, predicted

FAST = Effort(runs=4, flows=1000)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("p95=50ms", Objective("p95", 0.05)),
        ("mean = 1.5 s", Objective("mean", 1.5)),
        ("p99=250us", Objective("p99", 0.00025)),
    ],
)
def test_objectives_are_read(text, found):
    assert objective(text) == found


@pytest.mark.parametrize(
    "text", ["", "p95", "p95=50", "p90=50ms", "p95<50ms", "p95=fast", "p95=-1s"]
)
def test_what_is_no_objective_is_refused(text):
    with pytest.raises(ObjectiveError, match="such as p95=50ms"):
        objective(text)


def test_nothing_takes_no_time():
    with pytest.raises(ObjectiveError, match="no flow takes no time"):
        objective("p95=0ms")


@pytest.mark.parametrize(
    ("low", "high", "held"), [(0.03, 0.05, "yes"), (0.04, 0.06, "perhaps"), (0.051, 0.06, "no")]
)
def test_the_interval_decides(low, high, held):
    prediction = predicted(Subject(single()), run, FAST)
    estimates = {("latency", "p95"): Estimate(0.045, low, high)}
    assert objective("p95=50ms").holds(replace(prediction, estimates=estimates)) == held


def test_what_is_saturated_holds_nothing():
    assert objective("p95=50s").holds(predicted(Subject(single(200)), run, FAST)) == "no"
