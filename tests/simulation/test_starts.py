"""Profiles of several starts of one server, taken together."""

import msgspec
import pytest
from measured.image import image_profile

from flux.simulation.calibration.starts import merged, slowed, variation
from flux.simulation.errors import SimulationError
from flux.simulation.model import Function, Machine, Model
from flux.simulation.times import Constant


def slower(profile, factor):
    return msgspec.structs.replace(profile, cpu=round(profile.cpu * factor))


def names(profiles):
    return [f"{number}.json" for number in range(len(profiles))]


def test_one_profile_stays_as_it_is_and_says_nothing_of_other_starts():
    profile = image_profile()
    assert merged([profile], ["a"]) is profile
    assert variation([profile]) == 0


def test_counts_and_times_of_several_are_added_up():
    one = image_profile()
    both = merged([one, one], ["a", "b"])
    assert both.cpu == 2 * one.cpu
    assert both.elapsed == 2 * one.elapsed
    assert [path.count for path in both.paths] == [2 * path.count for path in one.paths]
    assert [path.wall.mean for path in both.paths] == [path.wall.mean for path in one.paths]
    assert [node.calls for node in both.nodes] == [2 * node.calls for node in one.nodes]
    assert [each.started for each in both.sources] == [2 * each.started for each in one.sources]


def test_flows_that_were_timed_are_added_up():
    one = image_profile()
    flows = sum(path.count for path in one.paths)
    some = msgspec.structs.replace(one, timed=flows // 4)
    assert merged([one, one], ["a", "b"]).timed is None
    assert merged([one, some], ["a", "b"]).timed == flows + flows // 4
    assert merged([one, some], ["a", "b"]).share == 0.625


def test_starts_that_need_as_much_do_not_differ():
    assert variation([image_profile()] * 3) == 0


def test_starts_that_need_more_than_chance_explains_differ_by_that():
    profiles = [slower(image_profile(), factor) for factor in (0.8, 1.0, 1.25)]
    assert 0.2 < variation(profiles) < 0.27


def test_a_model_of_a_slower_start_needs_more_of_processors_only():
    model = Model("", (), (Function("A", Constant(2.0), Constant(3.0)),), (), Machine())
    model = slowed(model, 1.5)
    assert model.functions == (Function("A", Constant(3.0), Constant(3.0)),)


def test_profiles_of_different_servers_are_refused():
    one = image_profile()
    other = msgspec.structs.replace(one, server=msgspec.structs.replace(one.server, threads=77))
    with pytest.raises(SimulationError, match=r"a\.json and b\.json are .* different runtimes"):
        merged([one, other], ["a.json", "b.json"])


def test_profiles_of_different_programs_are_refused():
    one = image_profile()
    other = msgspec.structs.replace(one, fingerprint="sha256:0")
    with pytest.raises(SimulationError, match="different programs"):
        merged([one, other], ["a.json", "b.json"])


def test_profiles_of_several_workers_together_are_refused():
    two = msgspec.structs.replace(image_profile().server, workers=2)
    with pytest.raises(SimulationError, match=r"a\.json is a profile of 2 workers together"):
        merged([image_profile(server=two)], ["a.json"])


def test_how_late_processors_begin_is_the_middle_of_what_starts_say():
    profiles = [
        msgspec.structs.replace(
            image_profile(), server=msgspec.structs.replace(image_profile().server, wakeup=late)
        )
        for late in (50_000, 900_000, 60_000)
    ]
    assert merged(profiles, names(profiles)).server.wakeup == 60_000
