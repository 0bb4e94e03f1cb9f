"""Profiles that models are made of with doubts, and those that are refused."""

import re
from dataclasses import replace
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured.image import MS, SECOND, WAYS, image_profile, spread
from simulation.calibrated import CALM, IMAGE, SERVED, calibrated, function

from flux.profile.histogram import Histogram
from flux.profile.model import Node, Served, Source
from flux.profile.model import Path as ProfiledPath
from flux.simulation.arithmetic import mean_time
from flux.simulation.calibration.bootstrap import resampled
from flux.simulation.calibration.calibrate import calibrate
from flux.simulation.errors import SimulationError


def test_unknown_program_is_taken_on_trust():
    assert "doesn't say which program it is of" in calibrated(fingerprint=None).warnings[0]


def test_functions_with_few_processor_times_fall_back_to_all_of_their_time():
    result = calibrated(cpu=100 * SECOND)
    apologize = function(result.model, "Apologize")
    assert mean_time(apologize.cpu) == pytest.approx(spread(64, MS // 10).mean / 1e9)
    assert mean_time(apologize.io) == pytest.approx(0, abs=1e-12)
    assert any("`Apologize`" in warning for warning in result.warnings)


def test_busy_server_is_doubted():
    assert any("85% of the time" in each for each in calibrated(elapsed=20 * SECOND).warnings)


def test_calm_server_is_not_doubted():
    assert not any("of the time" in each for each in calibrated().warnings)


QUEUED = [replace(WAYS[0], wall=32 * MS, queued=30 * MS), *WAYS[1:]]


@pytest.mark.parametrize(
    "why",
    [
        {"elapsed": 12 * SECOND},
        {"server": msgspec.structs.replace(SERVED, threads=1, queue=64), "elapsed": 100 * SECOND},
        {"server": Served("cpp", "event", 2, 1, cores=2), "elapsed": 10 * SECOND},
        {"paths": tuple(replace(each, waiting=5 * MS).made() for each in QUEUED)},
    ],
    ids=["processors", "pool", "loops", "constraints"],
)
def test_flows_that_were_queued_behind_each_other_are_doubted(why):
    doubted = calibrated(image_profile(QUEUED, **(CALM | why))).warnings
    assert any(re.search("flows were queued .*: take it at a lower", each) for each in doubted)


def test_flows_that_other_programs_kept_from_a_processor_are_doubted():
    doubted = calibrated(image_profile(QUEUED, **CALM)).warnings
    assert any(
        re.search("flows were queued .* bursts, other programs kept", each) for each in doubted
    )


def test_late_beginnings_on_idle_processors_are_doubted():
    late, usual = (msgspec.structs.replace(SERVED, wakeup=wakeup) for wakeup in (3 * MS, MS // 10))
    told = "got a processor 3.00 ms late when image.profile.json was read"
    assert any(told in each for each in calibrated(server=late).warnings)
    assert not any("late" in each for each in calibrated(server=usual).warnings)


def test_profile_of_another_program_is_refused():
    with pytest.raises(SimulationError, match=r"another program: of image.flux with .*4f2a"):
        calibrated(fingerprint="sha256:4f2a")


def test_path_that_no_program_has_is_refused():
    strange = image_profile(**CALM)
    paths = (msgspec.structs.replace(strange.paths[0], path=10**6), *strange.paths[1:])
    with pytest.raises(SimulationError, match="another program, or damaged: the paths of Listen"):
        calibrated(paths=paths)


@pytest.mark.parametrize("field", ["threads", "cores", "max_flows"])
def test_server_that_could_carry_nothing_is_damage(field):
    with pytest.raises(SimulationError, match=f"is damaged: its server has 0 for `{field}`"):
        calibrated(server=msgspec.structs.replace(SERVED, **{field: 0}))


def test_empty_profile_is_refused_with_a_remedy():
    with pytest.raises(SimulationError, match=r"is empty: no flow ended .*; send the server"):
        calibrated(image_profile((), **CALM))


NATURALS = st.integers(0, 2**63 - 1)
HISTOGRAMS = st.builds(
    Histogram,
    NATURALS,
    NATURALS,
    NATURALS,
    st.lists(st.tuples(st.integers(0, 1919), NATURALS), max_size=5).map(tuple),
)
NODES = st.builds(
    Node,
    st.sampled_from(["Compress", "Write", "Listen", "Nobody"]),
    st.sampled_from(["node", "opening", "predicate"]),
    NATURALS,
    NATURALS,
    HISTOGRAMS,
    HISTOGRAMS,
)
PATHS = st.builds(
    ProfiledPath,
    st.sampled_from(["Listen", "Nobody"]),
    st.one_of(st.none(), st.integers(0, 30)),
    st.just("a path"),
    st.just("finished"),
    NATURALS,
    HISTOGRAMS,
    HISTOGRAMS,
    HISTOGRAMS,
    HISTOGRAMS,
)
SERVERS = st.builds(
    Served,
    st.sampled_from(["python", "cpp"]),
    st.sampled_from(["pool", "event", "else"]),
    NATURALS,
    st.just(1),
    *(st.one_of(st.none(), st.integers(-1, 10)) for _ in range(4)),
)
STRANGE = st.fixed_dictionaries(
    {
        "server": SERVERS,
        "elapsed": NATURALS,
        "cpu": NATURALS,
        "paths": st.lists(PATHS, max_size=4).map(tuple),
        "nodes": st.lists(NODES, max_size=4).map(tuple),
        "sources": st.lists(
            st.builds(Source, st.just("Listen"), st.just("Image"), NATURALS, NATURALS, HISTOGRAMS),
            max_size=2,
        ).map(tuple),
    }
)


@settings(max_examples=300, deadline=None)
@given(STRANGE)
def test_strange_profiles_become_models_or_errors(changes):
    profile = image_profile(**(CALM | changes))
    try:
        model = calibrate(resampled(profile, Random(1)), IMAGE, name="strange").model
        calibrate(profile, IMAGE, name="strange")
    except SimulationError:
        return
    assert mean_time(model.sources[0].arrivals.between) > 0
    times = [time for each in model.functions for time in (each.cpu, each.io)]
    assert all(0 <= mean_time(time) < 1e11 for time in times)
