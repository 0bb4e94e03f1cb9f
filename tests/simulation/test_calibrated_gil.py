"""How much of what functions compute needs Python's lock, by samples of it."""

from random import Random

import msgspec
import pytest
from measured.image import MS, SECOND, WAYS, image_profile, spread
from simulation.calibrated import CALM, SERVED, calibrated, function

from flux.profile.model import Gil
from flux.simulation.arithmetic import mean_time
from flux.simulation.calibration.bootstrap import resampled
from flux.simulation.calibration.lock import busiest, sample_time


def test_nodes_in_python_need_its_lock():
    assert function(calibrated().model, "Compress").gil
    assert not function(calibrated(server=SERVED).model, "Compress").gil


SAMPLED = {
    "cpu": 100 * SECOND,
    "nodes": tuple(
        msgspec.structs.replace(each, released=4_000 * (each.node == "Compress"))
        for each in image_profile().nodes
    ),
}


def test_what_samples_find_computing_without_pythons_lock_does_not_need_it():
    compress = function(calibrated(**SAMPLED, gil=Gil(100_000, 6_000, 4_000)).model, "Compress")
    used = mean_time(compress.cpu) * 1_280
    assert used * (1 - compress.gil) == pytest.approx(100 * 4_000 / 10_000)


def test_samples_of_calls_that_only_wait_for_processors_count_for_none_else():
    """Those of the second function could stand for 75 s, but it needed 10."""
    assert sample_time(100.0, 50, [(30, 1000.0), (80, 10.0)]) == pytest.approx(90 / 80)
    assert sample_time(100.0, 50, [(30, 1000.0), (20, 1000.0)]) == pytest.approx(1)
    assert sample_time(100.0, 0, []) == 100


def test_no_more_than_all_of_the_processor_time_does_without_pythons_lock():
    compress = function(calibrated(**SAMPLED, gil=Gil(100_000, 1_000, 6_000)).model, "Compress")
    assert compress.gil == 0


@pytest.mark.parametrize(
    "gil", [None, Gil(0, 0, 0), Gil(400, 20, 20), Gil(1_000_000, 6_000, 4_000)]
)
def test_samples_that_saw_too_little_of_pythons_lock_leave_it_held(gil):
    """None were taken, hardly any, or the sampler got no processor while others computed."""
    calibration = calibrated(**SAMPLED, gil=gil)
    assert function(calibration.model, "Compress").gil == 1
    assert any("all are taken to need it" in each for each in calibration.warnings)


def test_what_the_first_nodes_of_turns_release_is_no_more_than_they_use():
    """Half of all samples found it waiting for a processor."""
    nodes = tuple(
        msgspec.structs.replace(each, released=5_000 * (each.kind == "opening"))
        for each in image_profile().nodes
    )
    sampled = SAMPLED | {"nodes": nodes, "gil": Gil(100_000, 5_000, 5_000)}
    machine = calibrated(**sampled).model.machine
    left = mean_time(machine.overhead) * sum(way.count for way in WAYS)
    opening = spread(131, MS // 50).mean / 1e9 * 8_384
    assert left * (1 - machine.overhead_gil) == pytest.approx(opening)


def test_samples_of_pythons_lock_are_drawn_anew():
    profile = image_profile(**CALM, **SAMPLED, gil=Gil(100_000, 6_000, 4_000))
    found = [
        sum(each.released for each in resampled(profile, Random(seed)).nodes) for seed in range(50)
    ]
    assert len(set(found)) > 10
    assert all(3_700 < each < 4_300 for each in found)


def test_a_server_is_as_busy_as_what_is_used_most():
    """A processor of two is in use for 0.4 of the time, Python's lock for a tenth."""
    profile = image_profile(elapsed=25 * SECOND, cpu=10 * SECOND, gil=Gil(10_000, 1_000, 3_000))
    assert busiest(profile) == ("the processors were", 2, pytest.approx(0.2))
