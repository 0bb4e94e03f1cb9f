"""A prediction beside the profile on which it was calibrated."""

from dataclasses import replace

import pytest
from predicted.engine import run
from predicted.models import image_model
from predicted.profiles import MS, measured_profile

from flux.simulation.prediction.judgement import verdict
from flux.simulation.prediction.replay import misses, replayed
from flux.simulation.prediction.replications import Effort, Subject, predicted

FAST = Effort(runs=4, flows=2000)


def replay(rate=100, **profile):
    prediction = predicted(Subject(image_model(rate)), run, FAST, by_route=True)
    return replayed(prediction, measured_profile(**profile))


def row(found, about, name):
    return next(each for each in found.rows if (each.about, each.name) == (about, name))


def test_throughput_and_latencies_of_all_flows_are_compared():
    found = replay()
    assert row(found, "all flows", "throughput").measured == pytest.approx(100)
    assert row(found, "all flows", "mean").off == pytest.approx(0, abs=0.05)
    assert {each.name for each in found.rows if each.about == "all flows"} == {
        "throughput",
        "mean",
        "p50",
        "p95",
        "p99",
        "processors in use",
    }


def test_calls_of_nodes_are_compared():
    assert row(replay(), "call of node", "Check").measured == pytest.approx(0.001, rel=0.1)


def test_calls_are_compared_without_what_flows_wait_for_before_the_first():
    found = replay()
    waiting = found.prediction.estimates["node", "Check", "waiting for a processor"].value
    assert waiting > 0
    service = found.prediction.estimates["node", "Check", "service"].value
    assert row(found, "call of node", "Check").predicted.value == pytest.approx(service)
    service = found.prediction.estimates["node", "Compress", "service"].value
    compress = row(found, "call of node", "Compress").predicted.value
    assert compress == pytest.approx(service + waiting)


def test_waiting_is_that_of_all_takings():
    # A tenth of them has waited for a millisecond.
    assert row(replay(), "waiting for constraint", "cache").measured == pytest.approx(
        0.0001, rel=0.1
    )


def test_a_prediction_that_is_far_off_says_so():
    found = replay(mean=20 * MS)
    assert not found.agrees
    assert "mean" in [each.name for each in misses(found)]
    assert verdict(found).startswith("The model doesn't hold: through")
    assert "Don't trust it for other settings" in verdict(found)


def test_a_prediction_that_is_near_says_how_near():
    found = replay(mean=31 * MS)
    (mean,) = (each for each in found.rows if (each.about, each.name) == ("all flows", "mean"))
    assert abs(mean.off) < 0.15
    assert f"mean {100 * mean.off:+.1f}%" in verdict(found)


def test_what_can_not_end_is_no_agreement():
    found = replay(rate=500)
    assert not found.agrees
    assert "faster than they can end" in verdict(found)


def test_an_empty_profile_is_compared_with_nothing_it_lacks():
    found = replay(count=0, elapsed=0)
    assert all(each.off is None for each in found.rows)


def test_a_prediction_that_is_too_unsure_says_so():
    found = replay(mean=20 * MS)
    rows = tuple(replace(each, predicted=unsure(each.predicted)) for each in found.rows)
    assert "too unsure to be compared" in verdict(replace(found, rows=rows))


def unsure(found):
    return replace(found, low=0.0, high=10 * found.value)
