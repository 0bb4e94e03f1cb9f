"""Paths of a recorded run beside those of the run that is simulated."""

from dataclasses import replace
from math import log

import pytest
from measured.image import same
from msgspec import structs
from predicted.engine import latencies, run
from predicted.models import image_model
from predicted.profiles import measured_profile

from flux.profile.histogram import together
from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.judgement import paths_by_strain, verdict
from flux.simulation.prediction.replay import replayed
from flux.simulation.prediction.replications import Effort, Subject, predicted

SHORT, LONG = "Listen -> Check -> Send", "Listen -> Check -> Compress -> Send"
MEANS = {SHORT: 0.02, LONG: 0.05}
RATE = 100

PREDICTION = predicted(Subject(image_model(RATE)), run, Effort(runs=4, flows=2000), by_route=True)


def exponential(count, mean):
    """Times as a profile holds them, at evenly spaced quantiles."""
    points = 200
    shares = [count * (n + 1) // points - count * n // points for n in range(points)]
    times = [round(-mean * 1e9 * log(1 - (n + 0.5) / points)) for n in range(points)]
    return together(map(same, shares, times))


def replay(predicted_means=MEANS, counts=(7000, 3000), timed=None):
    """What is compared if flows took so long, and the same was recorded but for these means."""
    routes = {("Listen", name): latencies(1000, mean) for name, mean in predicted_means.items()}
    found = measured_profile(count=sum(counts), elapsed=sum(counts) * 10**9 // RATE)
    paths = tuple(
        structs.replace(path, count=count, wall=exponential(count, MEANS[path.name]))
        for path, count in zip(found.paths, counts, strict=True)
    )
    profile = structs.replace(found, paths=paths, timed=timed)
    estimates = dict(PREDICTION.estimates)
    for row in replayed(PREDICTION, profile).rows:
        if row.about == "all flows" and row.unit == "time":
            estimates["latency", row.name] = Estimate(row.measured, row.measured, row.measured)
    return replayed(replace(PREDICTION, routes=(routes,) * 4, estimates=estimates), profile)


def row(found, about, name):
    return next(each for each in found.rows if (each.about, each.name) == (about, name))


def test_of_each_path_flows_mean_and_quantiles_are_compared():
    found = replay()
    abouts = [each.about for each in found.rows if each.name == LONG]
    assert abouts == [f"{name} of path" for name in ("flows", "mean", "p50", "p95", "p99")]
    assert row(found, "flows of path", LONG).measured == 3000
    assert row(found, "flows of path", LONG).predicted.value == pytest.approx(3000, rel=0.01)
    for name in ("mean", "p50", "p95"):
        assert row(found, f"{name} of path", LONG).off == pytest.approx(0, abs=0.04)


def test_a_model_holds_if_each_path_does():
    found = replay()
    assert found.agrees
    assert verdict(found).startswith("The model holds: throughput")
    assert "Each of the 2 paths with flows enough does so, too" in verdict(found)


def test_a_model_that_is_right_for_all_flows_only_does_not_hold():
    found = replay({SHORT: 0.02, LONG: 0.1})
    assert not found.agrees
    assert "The model holds for all flows together" in verdict(found)
    assert f"Too far off: `{LONG}` (mean +100" in verdict(found)
    assert SHORT + "`" not in verdict(found)


def test_paths_that_are_furthest_off_come_first():
    first, second = paths_by_strain(replay({SHORT: 0.021, LONG: 0.08}))
    assert (first[0].name, second[0].name) == (LONG, SHORT)
    first, second = paths_by_strain(replay({SHORT: 0.04, LONG: 0.051}))
    assert (first[0].name, second[0].name) == (SHORT, LONG)


@pytest.mark.parametrize("counts", [(9_801, 199), (39_700, 300)])
def test_a_path_that_few_flows_took_is_shown_but_not_judged(counts):
    found = replay({SHORT: 0.02, LONG: 0.5}, counts)
    assert found.agrees
    assert row(found, "mean of path", LONG).off > 5


def test_what_so_few_flows_may_take_by_chance_is_not_held_against_the_model():
    # Of 200 exponential latencies the mean is known within 2.6 / sqrt(200), 18 %, at 99 %.
    near, far = ({SHORT: 0.02, LONG: 0.05 * factor} for factor in (1.3, 1.5))
    counts = (9800, 200)
    assert not row(replay(near, counts), "mean of path", LONG).is_miss
    assert row(replay(far, counts), "mean of path", LONG).is_miss
    assert row(replay(near), "mean of path", LONG).is_miss


def test_chance_is_that_of_the_flows_that_were_timed():
    near, far = ({SHORT: 0.02, LONG: 0.05 * factor} for factor in (1.3, 1.5))
    counts = (156_800, 3_200)
    assert not row(replay(near, counts, timed=10_000), "mean of path", LONG).is_miss
    assert row(replay(far, counts, timed=10_000), "mean of path", LONG).is_miss
    assert row(replay(near, counts), "mean of path", LONG).is_miss
    assert row(replay(far, counts, timed=9_800), "mean of path", LONG).allowed is None


def test_a_path_that_no_run_has_taken_has_no_latencies():
    found = replay({SHORT: 0.02})
    assert [each.about for each in found.rows if each.name == LONG] == ["flows of path"]
    assert found.agrees


def test_failed_turns_are_compared_with_nothing():
    found = measured_profile(count=1000)
    turn = structs.replace(found.paths[0], path=7, name="Listen fails", wall=exponential(900, 5))
    rows = replayed(PREDICTION, structs.replace(found, paths=(*found.paths, turn))).rows
    assert rows == replayed(PREDICTION, found).rows
