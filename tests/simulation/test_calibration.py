"""What a profile says becomes a model: routes, times, arrivals, and the machine."""

import json
import os
from types import SimpleNamespace

import msgspec
import pytest
from measured.image import MS, SECOND, WAYS, image_profile, same, spread
from simulation.calibrated import SERVED, calibrated, function, routes_of

from flux.api import LoadedProgram
from flux.driver import compile_program
from flux.profile.histogram import EMPTY, Histogram, bucket_of, together
from flux.profile.model import Served, Source
from flux.profile.reading import read_profile
from flux.runtime import ProfileOptions
from flux.simulation.arithmetic import mean_time
from flux.simulation.arrivals import with_clients
from flux.simulation.calibration.calibrate import calibrate
from flux.simulation.calibration.contention import waiting_share
from flux.simulation.calibration.measured import measured, remainder
from flux.simulation.errors import SimulationError
from flux.simulation.model import Closed, Open
from flux.simulation.times import NOTHING, Constant, Exponential
from flux.source import SourceFile


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


def test_unknown_functions_use_no_more_than_the_process_did():
    nodes = {each.node: each for each in image_profile().nodes}
    compress = msgspec.structs.replace(nodes["Compress"], cpu=EMPTY)
    used = 0.25 * compress.wall.total
    model = calibrated(nodes=(compress,), cpu=round(used)).model
    guessed = function(model, "Compress")
    assert mean_time(guessed.cpu) == pytest.approx(0.25 * compress.wall.mean / 1e9)
    assert mean_time(guessed.io) == pytest.approx(0.75 * compress.wall.mean / 1e9)
    assert mean_time(model.machine.overhead) == pytest.approx(0, abs=1e-9)


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
