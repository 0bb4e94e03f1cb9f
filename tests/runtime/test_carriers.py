import threading
import time
import weakref
from queue import SimpleQueue

import pytest

from flux.runtime import Flow, Outcome, Program, Source
from flux.runtime.admission import Places
from flux.runtime.event import FiberPerFlow
from flux.runtime.pool import Pool
from flux.runtime.thread import ThreadPerFlow


class Carrier:
    """Carries flows whose only input is a function, by calling it."""

    def __init__(self):
        self.idle = threading.Event()

    def carry(self, _source, _flow, inputs):
        inputs[0]()
        return Outcome.FINISHED

    def pool(self, threads, queue=10):
        return Pool(self.carry, self.idle.set, threads, queue)

    def thread(self, wait):
        return ThreadPerFlow(self.carry, self.idle.set, wait)

    def event(self, wait=None):
        return FiberPerFlow(self.carry, self.idle.set, wait)


@pytest.fixture
def carrier():
    return Carrier()


SOURCE = Source("Listen", turn=Program, gives=1, opening=None, flow=Program)


def submit(runtime, function):
    runtime.submit(SOURCE, Flow(), (function,))


def test_pool_carries_flows_in_their_order(carrier):
    carried = []
    pool = carrier.pool(threads=1)
    submit(pool, lambda: carried.append(1))
    submit(pool, lambda: carried.append(2))
    submit(pool, lambda: carried.append(3))
    pool.start()
    pool.close()
    carrier.idle.wait()
    assert carried == [1, 2, 3]


def test_full_queue_makes_the_source_wait(carrier):
    pool = carrier.pool(threads=1, queue=2)
    submitted, carried = threading.Semaphore(0), threading.Event()

    def source():
        submit(pool, lambda: None)
        submit(pool, lambda: None)
        submitted.release()
        submit(pool, carried.set)
        submitted.release()

    thread = threading.Thread(target=source)
    thread.start()
    submitted.acquire()
    assert not submitted.acquire(blocking=False)
    pool.start()
    thread.join()
    carried.wait()
    pool.close()
    carrier.idle.wait()


def test_queued_flows_can_be_cut(carrier):
    carried = []
    pool = carrier.pool(threads=1)
    submit(pool, lambda: carried.append(1))
    pool.close()
    pool.cut()
    pool.start()
    carrier.idle.wait()
    assert carried == []


@pytest.mark.parametrize("kind", ["pool", "event"])
def test_waiting_worker_keeps_nothing_of_its_last_flow_alive(carrier, kind):
    class Connection:
        def __call__(self):
            pass

    connection = Connection()
    closed = threading.Event()
    weakref.finalize(connection, closed.set)
    runtime = carrier.pool(threads=1) if kind == "pool" else carrier.event()
    runtime.start()
    submit(runtime, connection)
    del connection
    assert closed.wait(timeout=60)
    runtime.close()
    carrier.idle.wait()


@pytest.mark.parametrize("kind", ["thread", "event"])
def test_source_waits_while_no_thread_can_be_made(carrier, monkeypatch, kind):
    start = threading.Thread.start
    refusals = iter([True, True, True])
    waits = []

    def refuse(thread):
        if next(refusals, False):
            raise RuntimeError("can't start new thread")
        start(thread)

    runtime = getattr(carrier, kind)(waits.append)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    carried = threading.Event()
    submit(runtime, carried.set)
    carried.wait()
    assert waits == [0.001, 0.002, 0.004]


@pytest.mark.parametrize("kind", ["thread", "event"])
def test_closed_runtime_starts_no_flow(carrier, kind):
    carried = []
    runtime = getattr(carrier, kind)(wait=None)
    runtime.close()
    submit(runtime, lambda: carried.append(1))
    assert carrier.idle.is_set()
    assert carried == []


def ident_of_next(runtime):
    """The thread that carries another flow, once the last one's waits for it."""
    idents = SimpleQueue()
    submit(runtime, lambda: idents.put(threading.get_ident()))
    return idents.get()


def test_spare_fiber_carries_the_next_flow(carrier):
    runtime = carrier.event()
    first = ident_of_next(runtime)
    while not runtime._spare:
        time.sleep(0)
    assert ident_of_next(runtime) == first
    runtime.close()


def test_no_flow_waits_for_another_to_end(carrier):
    runtime = carrier.event()
    second = threading.Event()
    submit(runtime, second.wait)
    submit(runtime, second.set)
    runtime.close()
    assert carrier.idle.wait(timeout=60)
    assert runtime.tallies == [[2, 0, 0]]


def test_spare_fibers_go_when_the_runtime_is_closed(carrier):
    runtime = carrier.event()
    carriers = []
    submit(runtime, lambda: carriers.append(threading.current_thread()))
    while not runtime._spare:
        time.sleep(0)
    runtime.close()
    carriers[0].join(timeout=60)
    assert not carriers[0].is_alive()


def test_place_given_back_goes_to_the_one_who_waits():
    places = Places(1)
    places.take()
    taker = threading.Thread(target=places.take)
    taker.start()
    places.give_back()
    taker.join()


def test_who_waits_for_several_places_waits_until_enough_are_free():
    places = Places(2, enough=2)
    places.take()
    places.take()
    taken = threading.Event()
    looked = threading.Event()

    class Watched(type(places._free)):
        def __len__(self):
            looked.set()
            return super().__len__()

    places._free = Watched()
    taker = threading.Thread(target=lambda: (places.take(), taken.set()))
    taker.start()
    looked.wait()
    assert not taken.is_set()
    places.give_back()
    places.give_back()
    taker.join()
    assert taken.is_set()


@pytest.mark.parametrize("takers", [2, 8])
def test_no_wake_up_is_lost_among_many_takers(takers):
    places = Places(1)

    def run():
        for _ in range(300):
            places.take()
            places.give_back()

    threads = [threading.Thread(target=run) for _ in range(takers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    places.take()
