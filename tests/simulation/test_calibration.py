import json
import os
import re
from dataclasses import replace
from pathlib import Path
from random import Random
from statistics import stdev
from types import SimpleNamespace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured.image import MS, SECOND, WAYS, image_profile, same, spread

from flux.api import LoadedProgram
from flux.driver import compile_program
from flux.plan.contract import fingerprint
from flux.profile.histogram import EMPTY, Histogram, bucket_of, together
from flux.profile.model import Gil, Node, Served, Source
from flux.profile.model import Path as ProfiledPath
from flux.profile.reading import read_profile
from flux.runtime import ProfileOptions
from flux.simulation.arithmetic import mean_time
from flux.simulation.arrivals import with_clients
from flux.simulation.calibration.bootstrap import binomial, multinomial, redrawn, resampled
from flux.simulation.calibration.calibrate import calibrate
from flux.simulation.calibration.contention import waiting_share
from flux.simulation.calibration.costs import Calls
from flux.simulation.calibration.lock import busiest, sample_time
from flux.simulation.calibration.measured import measured, remainder
from flux.simulation.errors import SimulationError
from flux.simulation.model import Closed, Open
from flux.simulation.routes.steps import Routes
from flux.simulation.times import NOTHING, Constant, Exponential
from flux.source import SourceFile

EXAMPLE = Path(__file__).parents[2] / "examples" / "image" / "image.flux"


def routes_of(text, name="image.flux"):
    plan = compile_program(SourceFile(name, text)).plan
    assert plan is not None
    return Routes(plan)


IMAGE = routes_of(EXAMPLE.read_text())
CALM = {"fingerprint": fingerprint(IMAGE.plan), "elapsed": 1000 * SECOND}
SERVED = Served("cpp", "pool", 2, 4711, threads=8, queue=1024)


def calibrated(profile=None, **changes):
    profile = profile or image_profile(**(CALM | changes))
    return calibrate(profile, IMAGE, name="image.profile.json")


def function(model, name):
    return next(each for each in model.functions if each.name == name)


def test_routes_are_weighted_by_the_flows_that_took_them():
    (source,) = calibrated().model.sources
    assert [route.weight for route in source.routes] == [way.count for way in WAYS]
    assert [route.path for route in source.routes] == [way.path for way in WAYS]


def test_functions_with_io_need_what_those_calls_did_that_were_asked():
    read = function(calibrated().model, "ReadInFromDisk")
    assert mean_time(read.cpu) == pytest.approx(spread(30, MS // 2).mean / 1e9)


def test_functions_that_only_compute_need_what_all_of_their_calls_took():
    compress = function(calibrated(cpu=100 * SECOND).model, "Compress")
    assert mean_time(compress.cpu) == pytest.approx(spread(1_280, 33 * MS).mean / 1e9)


def test_what_functions_need_is_near_to_what_those_calls_did_that_were_asked():
    asked = spread(20, 32 * MS)
    compress = function(calibrated(cpu=0).model, "Compress")
    assert mean_time(compress.cpu) == pytest.approx((asked.mean - 2 * asked.error) / 1e9)


def test_io_is_the_rest_of_the_time_of_calls():
    model = calibrated(server=SERVED).model
    read = function(model, "ReadInFromDisk")
    load = waiting_share(2, 17 / 2000)
    expected = spread(1920, 4 * MS).mean - spread(30, MS // 2).mean * (1 + load)
    assert mean_time(read.io) == pytest.approx(expected / 1e9)


def test_calls_that_only_compute_have_no_io():
    assert function(calibrated().model, "CheckCache").io == NOTHING


def test_processor_time_is_never_longer_than_the_time_of_calls():
    nodes = {each.node: each for each in image_profile().nodes}
    short = msgspec.structs.replace(nodes["CheckCache"], wall=spread(8_320, 100))
    check = function(calibrated(nodes=(short,)).model, "CheckCache")
    assert mean_time(check.cpu) == pytest.approx(short.wall.mean / 1e9)


def test_what_the_load_explains_is_no_io():
    busy = calibrated(elapsed=60 * SECOND).model
    calm = calibrated().model
    assert mean_time(function(busy, "Compress").io) == 0
    assert mean_time(function(calm, "Compress").io) < 0.0015


def test_calls_and_overhead_are_all_of_the_processor_time():
    nodes = tuple(each for each in image_profile().nodes if each.kind != "opening")
    model = calibrated(cpu=80 * SECOND, nodes=nodes).model
    inside = sum(mean_time(function(model, each.node).cpu) * each.calls for each in nodes)
    overhead = mean_time(model.machine.overhead) * sum(way.count for way in WAYS)
    assert overhead > 0
    assert inside + overhead == pytest.approx(80)


def test_overhead_is_never_negative():
    assert calibrated(cpu=0).model.machine.overhead == Constant(0)


def test_arrivals_keep_the_measured_times_between_flows():
    (source,) = calibrated().model.sources
    gaps = image_profile().sources[0].gaps
    assert mean_time(source.arrivals.between) == pytest.approx(gaps.mean / 1e9)


def test_arrivals_of_one_flow_are_as_rare_as_it():
    alone = (Source("Listen", "Image", 1, 0, EMPTY),)
    (source,) = calibrated(sources=alone).model.sources
    assert source.arrivals == Open(Exponential(pytest.approx(1000)))


def test_pool_has_its_threads_and_room_for_its_queue():
    machine = calibrated().model.machine
    assert (machine.threads, machine.max_flows, machine.policy) == (8, 1032, "barging")


def test_event_runtime_has_a_loop_for_each_core():
    machine = calibrated(server=Served("cpp", "event", 4, 1, cores=2)).model.machine
    assert (machine.processors, machine.loops, machine.threads) == (2, True, None)


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


def test_profile_of_another_program_is_refused():
    with pytest.raises(SimulationError, match=r"another program: of image.flux with .*4f2a"):
        calibrated(fingerprint="sha256:4f2a")


def test_unknown_program_is_taken_on_trust():
    assert "doesn't say which program it is of" in calibrated(fingerprint=None).warnings[0]


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


SHOP = routes_of(
    """
    source Listen {session: ById} => Buy;
    constraint Buy:{cart(session)};
    Listen () -> (int n);
    Buy (int n) -> ();
    """,
    "shop.flux",
)


def shop_profile():
    """A profile of a server that served five flows."""
    numbers = iter(range(5))
    compilation = compile_program(
        SourceFile(
            "shop.flux",
            """
            source Listen {session: ById} => Buy;
            constraint Buy:{cart(session)};
            Listen () -> (int n);
            Buy (int n) -> ();
            """,
        )
    )
    nodes = SimpleNamespace(Listen=numbers.__next__, ById=lambda n: n, Buy=lambda _n: None)
    profile = ProfileOptions(on=True, file=os.devnull)
    server = LoadedProgram(compilation, nodes, "python").server(profile=profile)
    assert server.run() == 0
    return read_profile(json.dumps(server.profiler.read()).encode(), "shop")


def test_profile_of_a_server_becomes_a_model():
    model = calibrate(shop_profile(), SHOP, name="shop", sessions=7).model
    (source,) = model.sources
    (route,) = source.routes
    assert (route.weight, route.name, model.sessions) == (5, "Listen -> Buy", 7)
    assert [each.name for each in model.functions] == ["Buy", "ById"]


def test_number_of_sessions_has_to_be_said():
    with pytest.raises(
        SimulationError, match=r"`cart` is a constraint of sessions.*--sessions 100"
    ):
        calibrate(shop_profile(), SHOP, name="shop")


def test_remainder_keeps_its_mean_and_is_never_negative():
    histogram = together([same(70, 3 * MS), same(30, 9 * MS)])
    left = remainder(histogram, 0.002)
    assert mean_time(left) == pytest.approx(0.002)
    assert min(left.bounds) >= 0


def test_measured_times_keep_the_exact_mean():
    histogram = Histogram(10, 10 * 1_015_000, 1_015_000, ((bucket_of(1_015_000), 10),))
    assert mean_time(measured(histogram)) == pytest.approx(0.001015)


def test_waiting_share_is_erlangs():
    assert waiting_share(1, 0.5) == pytest.approx(1.0)
    assert waiting_share(2, 0.5) == pytest.approx(1 / 3)
    assert waiting_share(2, 0.0) == 0


def test_clients_wait_for_their_flows():
    (source,) = with_clients(calibrated().model, 20, Constant(1.0)).sources
    assert source.arrivals == Closed(20, Constant(1.0))


def test_resampled_profile_has_as_many_flows():
    again = resampled(image_profile(), Random(1))
    assert sum(path.count for path in again.paths) == sum(way.count for way in WAYS)
    assert again != image_profile()


def test_resampled_means_vary_by_their_standard_error():
    histogram = spread(400, 10 * MS)
    random = Random(2)
    means = [redrawn(histogram, random).mean for _ in range(2000)]
    middle = sum(means) / len(means)
    error = (sum((each - middle) ** 2 for each in means) / len(means)) ** 0.5
    assert middle == pytest.approx(histogram.mean, rel=0.002)
    assert error == pytest.approx(histogram.error, rel=0.06)


def weighed(histogram, weight):
    """As a profile holds it in which each value counts for so many."""
    buckets = tuple((bucket, count * weight) for bucket, count in histogram.buckets)
    return Histogram(histogram.count * weight, histogram.total * weight, histogram.max, buckets)


@st.composite
def times(draw):
    """Some values."""
    filled = st.tuples(st.integers(1, 50), st.integers(1_000, 100 * MS))
    return together(same(count, value) for count, value in draw(st.lists(filled, min_size=1)))


WEIGHTS = st.sampled_from([2, 8, 64])


@settings(deadline=None)
@given(times(), WEIGHTS, st.integers(0, 2**32))
def test_calls_are_drawn_as_often_as_they_were_timed(timed, weight, seed):
    drawn = redrawn(weighed(timed, weight), Random(seed), 1 / weight)
    expected = weighed(redrawn(timed, Random(seed)), weight)
    assert drawn.buckets == expected.buckets
    assert drawn.count == expected.count
    assert drawn.total == pytest.approx(expected.total, abs=weight)


@settings(deadline=None)
@given(times(), times(), WEIGHTS, st.floats(0, 2))
def test_io_is_more_than_chance_if_it_is_for_those_calls_that_were_timed(wall, cpu, weight, load):
    alone = Calls("Node", wall.count, wall, cpu)
    counted = Calls("Node", wall.count * weight, weighed(wall, weight), cpu, share=1 / weight)
    assert counted.left(load) == pytest.approx(alone.left(load))


@pytest.mark.parametrize("weight", [4, 64])
def test_intervals_are_as_wide_as_for_a_profile_of_those_flows_that_were_timed(weight):
    profile = image_profile(**CALM)
    flows = sum(path.count for path in profile.paths)
    profile = msgspec.structs.replace(profile, timed=flows // weight)
    drawn = [resampled(profile, Random(seed)).nodes for seed in range(300)]
    for place, node in enumerate(profile.nodes):
        means = [nodes[place].wall.mean for nodes in drawn]
        if node.wall.count > 10 * weight:
            assert stdev(means) == pytest.approx(node.wall.error * weight**0.5, rel=0.25)


@pytest.mark.parametrize(("n", "p"), [(20, 0.3), (10**6, 1e-6), (10**6, 0.4), (50, 0.97)])
def test_binomial_numbers_have_their_mean_and_variance(n, p):
    random = Random(3)
    drawn = [binomial(n, p, random) for _ in range(4000)]
    middle = sum(drawn) / len(drawn)
    variance = sum((each - middle) ** 2 for each in drawn) / len(drawn)
    assert middle == pytest.approx(n * p, rel=0.1, abs=0.05)
    assert variance == pytest.approx(n * p * (1 - p), rel=0.1, abs=0.05)


def test_multinomial_counts_add_up():
    assert sum(multinomial([1_000_000, 3, 0, 500_000], Random(4))) == 1_500_003
    assert multinomial([0, 5], Random(4)) == [0, 5]


def test_unknown_functions_use_no_more_than_the_process_did():
    nodes = {each.node: each for each in image_profile().nodes}
    compress = msgspec.structs.replace(nodes["Compress"], cpu=EMPTY)
    used = 0.25 * compress.wall.total
    model = calibrated(nodes=(compress,), cpu=round(used)).model
    guessed = function(model, "Compress")
    assert mean_time(guessed.cpu) == pytest.approx(0.25 * compress.wall.mean / 1e9)
    assert mean_time(guessed.io) == pytest.approx(0.75 * compress.wall.mean / 1e9)
    assert mean_time(model.machine.overhead) == pytest.approx(0, abs=1e-9)


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
