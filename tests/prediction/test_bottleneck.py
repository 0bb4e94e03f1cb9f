"""What holds flows up, and what is said of it."""

from dataclasses import replace

import pytest
from predicted.engine import run
from predicted.models import image_model, single

from flux.simulation.model import Run
from flux.simulation.prediction.bottleneck import bottleneck, verdict
from flux.simulation.prediction.caveats import caveats
from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.replications import Effort, Subject, predicted

FAST = Effort(runs=4, flows=2000)
PROCESSORS = ("use", "processors", "processors")
CACHE = ("use", "constraint", "cache")
THREADS = ("use", "threads", "threads of the pool")


def prediction(model=None, **changes):
    return predicted(Subject(model or image_model(100, threads=8)), run, replace(FAST, **changes))


def used(found, **parts):
    """The prediction with other parts of time in use."""
    keys = {"processors": PROCESSORS, "cache": CACHE, "threads": THREADS}
    changed = {keys[name]: Estimate(part, part, part) for name, part in parts.items()}
    return replace(found, estimates=dict(found.estimates) | changed)


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ({"processors": 0.8, "cache": 0.3, "threads": 0.5}, "processors"),
        ({"processors": 0.3, "cache": 0.9, "threads": 0.5}, "cache"),
        ({"processors": 0.3, "cache": 0.2, "threads": 0.9}, "threads of the pool"),
        # Threads that wait for a processor or a constraint aren't what is short.
        ({"processors": 0.97, "cache": 0.3, "threads": 1.0}, "processors"),
        ({"processors": 0.3, "cache": 0.98, "threads": 1.0}, "cache"),
    ],
)
def test_the_busiest_is_the_bottleneck_unless_it_is_so_for_another(parts, name):
    assert bottleneck(used(prediction(), **parts)).resource.name == name


def test_readers_hold_nobody_up():
    model = image_model(100)
    source = model.sources[0]
    routes = tuple(
        replace(
            route,
            steps=tuple(
                step if isinstance(step, Run) else replace(step, mode="reader")
                for step in route.steps
            ),
        )
        for route in source.routes
    )
    found = prediction(replace(model, sources=(replace(source, routes=routes),)))
    assert bottleneck(used(found, cache=1.0)).resource.name == "processors"


def test_the_verdict_names_the_node_that_needs_most():
    text = verdict(used(prediction(), processors=0.8))
    assert text == (
        "The processor is the bottleneck, in use 80% of the time: more of them would help, or less"
        " work in Compress, which has 80% of it."
    )


def test_the_verdict_on_a_constraint_says_that_processors_gain_little():
    text = verdict(used(prediction(), cache=0.9))
    assert "The constraint `cache` is the bottleneck, in use 90% of the time" in text
    assert "more processors gain little" in text


def test_what_is_hardly_used_is_no_bottleneck():
    assert verdict(prediction(single(10))).startswith("Nothing is short: the processor is the")


def test_of_what_is_saturated_the_verdict_names_the_limit():
    text = verdict(prediction(image_model(200)))
    assert "the processor can carry at most 133/s" in text


def test_of_what_piles_up_below_the_limit_the_verdict_says_so():
    found = predicted(Subject(single(95)), lambda jobs: [None] * len(jobs), FAST)
    assert verdict(found).startswith("Flows pile up, though the processor could carry 100/s")


def kinds(found):
    return [caveat.kind for caveat in caveats(found)]


def test_a_calm_steady_prediction_has_no_caveats():
    assert kinds(prediction(single(50))) == []


def test_a_busy_resource_is_warned_of():
    found = used(prediction(), cache=0.95)
    (text,) = (caveat.text for caveat in caveats(found))
    assert text == (
        "the constraint `cache` is in use 95% of the time: there an error of 1% in the parameters"
        " makes one of some 20% in latencies"
    )


def test_what_may_be_saturated_is_warned_of():
    assert kinds(replace(prediction(), saturated=2)) == ["saturated"]


@pytest.mark.parametrize(("trend", "word"), [(0.2, "grow by 20%"), (-0.1, "fall by 10%")])
def test_what_is_not_stationary_is_warned_of(trend, word):
    texts = [caveat.text for caveat in caveats(replace(prediction(), trend=trend))]
    assert word in texts[0]


def test_too_few_flows_are_warned_of():
    assert "few" in kinds(prediction(flows=200))


def test_a_wide_interval_is_warned_of():
    found = prediction()
    estimates = dict(found.estimates) | {("latency", "mean"): Estimate(0.03, 0.02, 0.04)}
    assert kinds(replace(found, estimates=estimates)) == ["few"]


def test_doubts_of_the_measurement_are_told():
    found = predicted(Subject(single(), doubts=("few calls are known",)), run, FAST)
    assert [caveat.text for caveat in caveats(found)] == ["few calls are known"]
