"""Profiles of one server at several loads."""

from math import exp, log

import msgspec
import pytest
from measured.image import SECOND, image_profile

from flux.simulation.calibration.loads import calm, use, warming
from flux.simulation.calibration.starts import variation
from flux.simulation.warming import Warming


def at(part, factor=1.0):
    """A profile with such a part of the processors in use, of flows that need so much more."""
    profile = image_profile()
    cpu = round(17 * SECOND * factor)
    elapsed = round(cpu / (part * profile.server.processors))
    return msgspec.structs.replace(profile, cpu=cpu, elapsed=elapsed)


WARMS = Warming(slope=-0.4, error=0.0, at=0.25, low=0.25, high=0.75)


def test_use_is_the_part_of_all_processors():
    assert use(at(0.25)) == pytest.approx(0.25)
    assert use(image_profile(elapsed=0)) == 0


def test_times_come_from_the_profiles_at_the_lowest_load():
    low, near, high = at(0.2), at(0.3), at(0.6)
    assert calm([low, high, near]) == [low, near]


def test_processor_time_falls_with_load_by_as_much_as_profiles_say():
    warms, differ = warming([at(0.25), at(0.25), at(0.75, 0.8)])
    assert warms.slope == pytest.approx(log(0.8) / 0.5)
    assert (warms.low, warms.high) == pytest.approx((0.25, 0.75))
    assert warms.at == pytest.approx(0.25)
    assert differ == 0
    assert warms.error > 0


def test_what_starts_differ_by_is_beside_the_line():
    profiles = [at(0.25, 0.9), at(0.25, 1.1), at(0.75, 0.72), at(0.75, 0.88)]
    warms, differ = warming(profiles)
    assert warms.slope == pytest.approx(log(0.8) / 0.5)
    assert differ > 0.08


def test_profiles_at_one_load_say_nothing_of_others():
    profiles = [at(0.25, 0.8), at(0.3, 1.0), at(0.28, 1.25)]
    assert warming(profiles) == (None, variation(profiles))


def test_processor_times_are_what_they_were_at_the_lowest_load():
    assert WARMS.factor(0.25) == 1
    assert WARMS.factor(0.5) == pytest.approx(exp(-0.1))


def test_beyond_the_loads_that_were_profiled_nothing_changes():
    assert WARMS.factor(0) == WARMS.factor(0.25)
    assert WARMS.factor(1) == WARMS.factor(0.75)


@pytest.mark.parametrize("needed", [0.1, 0.3, 0.6, 0.9])
def test_what_is_in_use_is_what_flows_need_at_that_use(needed):
    found = WARMS.use(needed)
    assert found == pytest.approx(needed * WARMS.factor(found))


def test_no_more_than_all_processors_are_in_use():
    assert WARMS.use(2.0) == pytest.approx(1.0)
