"""Samples of Python's lock: what threads do without it is found, what they do with it isn't."""

import hashlib
import sys
import threading

import pytest
from runtime.profiler.profiles import program, read

from flux.runtime import ProfileOptions
from flux.runtime.profiler import gil
from flux.runtime.profiler.marks import Marks
from flux.runtime.profiler.tasks import Tasks, gave_up, is_supported

PROGRAM = """
Listen () -> (int item);
Loop (int item) -> (int item);
Hash (int item) -> ();
source Listen => Image;
Image = Loop -> Hash;
"""
MEGABYTE = bytes(1 << 20)
ENOUGH = 40
MOST_FLOWS = 3_000

pytestmark = pytest.mark.skipif(not is_supported(), reason="there is no lock, or no /proc")


def loop(item):
    """About as long as hashing takes."""
    for _ in range(20_000):
        pass
    return item


def hash_all(_item):
    hashlib.sha256(MEGABYTE)


@pytest.fixture(scope="module")
def profile(tmp_path_factory):
    """A server ends when it has been seen hashing often enough."""
    servers = []

    def listen():
        for item in range(MOST_FLOWS):
            nodes = servers[0].profiler.read()["nodes"]
            if sum(each["released"] for each in nodes if each["node"] == "Hash") >= ENOUGH:
                return
            yield item

    functions = {"Listen": listen, "Loop": loop, "Hash": hash_all}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gil, "EVERY", 0.002)
        folder = tmp_path_factory.mktemp("served")
        servers.append(
            program(folder, PROGRAM, **functions).server(
                runtime="pool",
                threads=1,
                queue=1,
                profile=ProfileOptions(on=True, file=str(folder / "it.json")),
            )
        )
        with servers[0]:
            servers[0].wait()
    return read(servers[0])


def test_a_node_that_computes_in_c_is_found_without_the_lock(profile):
    released = {each.node: each.released for each in profile.nodes}
    assert released["Hash"] > 3 * released["Loop"]


def test_a_node_that_computes_in_python_is_found_with_the_lock(profile):
    assert profile.gil.held > profile.gil.released / 4
    assert profile.gil.samples >= profile.gil.held + ENOUGH


def test_a_profile_that_is_cleared_forgets_its_samples():
    counts = gil.GilCounts(None, ())
    counts.add_held(3)
    counts.add_released([])
    counts.add_cost(5)
    assert counts.read() == (4, 3, {}, 5)
    counts.clear()
    assert counts.read() == (0, 0, {}, 0)


def test_flows_of_another_profile_in_the_process_are_not_counted(tmp_path):
    found = {}

    def listen():
        yield 1

    def hash_all(_item):
        profiler, thread = server.profiler, [threading.get_ident()]
        for name, live in (("own", profiler._twins.live), ("other", ())):
            counts = gil.GilCounts(profiler._marks, live)
            counts.add_released(thread)
            found[name] = sum(counts.read().nodes.values())
        gil.GilCounts(Marks(), ()).add_released(thread)

    functions = {"Listen": listen, "Loop": loop, "Hash": hash_all}
    options = ProfileOptions(on=True, file=str(tmp_path / "it.json"))
    server = program(tmp_path, PROGRAM, **functions).server(profile=options)
    with server:
        server.wait()
    assert found == {"own": 1, "other": 0}


def test_a_wait_is_counted():
    before = gave_up()
    assert not threading.Event().wait(0.001)
    assert gave_up() > before


def test_this_thread_runs_and_one_that_waits_does_not():
    over = threading.Event()
    other = threading.Thread(target=over.wait)
    other.start()
    with Tasks() as tasks:
        assert tasks.runs(threading.get_native_id())
        while tasks.runs(other.native_id):  # until it waits
            pass
        over.set()
        other.join()
        while tasks.runs(other.native_id):  # until the system has forgotten it
            pass


def test_with_fibers_nothing_is_sampled(monkeypatch):
    monkeypatch.setattr(gil, "has_fibers", lambda: True)
    assert gil.sampler(gil.GilCounts(None, ())) is None


def test_without_the_lock_nothing_is_sampled(monkeypatch):
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)
    assert gil.sampler(gil.GilCounts(None, ())) is None
