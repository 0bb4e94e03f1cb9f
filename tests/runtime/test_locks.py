import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import pytest

from flux.runtime.gate import Gate
from flux.runtime.locks import ReaderWriterLock
from flux.runtime.parking import Parking


class Announced(deque):
    """A queue that says when somebody joins its end."""

    def __init__(self):
        super().__init__()
        self.joined = threading.Semaphore(0)

    def append(self, bed):
        super().append(bed)
        self.joined.release()


@pytest.fixture
def gate():
    """A gate at which everybody who was woken in vain is starving."""
    return Gate(patience=0, new_queue=Announced)


@pytest.fixture
def lock(gate):
    return ReaderWriterLock(gate)


@pytest.fixture
def entered():
    return []


@pytest.fixture
def visit(entered):
    """Start a thread that enters, notes its name, and leaves."""
    threads = []

    def start(name, pair):
        acquire, release = pair

        def run():
            acquire()
            entered.append(name)
            release()

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        return threads[-1]

    yield start
    for thread in threads:
        thread.join()


def test_readers_hold_it_together(lock):
    together = threading.Barrier(3)

    def read():
        lock.reader[0]()
        together.wait(timeout=10)
        lock.reader[1]()

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda _: read(), range(3)))


def test_writer_keeps_reader_out(lock, gate, visit, entered):
    lock.writer[0]()
    reader = visit("reader", lock.reader)
    gate.queue.joined.acquire()
    entered.append("writer leaves")
    lock.writer[1]()
    reader.join()
    assert entered == ["writer leaves", "reader"]


def test_reader_keeps_writer_out(lock, visit, entered):
    lock.reader[0]()
    writer = visit("writer", lock.writer)
    entered.append("reader leaves")
    lock.reader[1]()
    writer.join()
    assert entered == ["reader leaves", "writer"]


def test_writer_waits_for_every_reader_inside(lock, visit, entered):
    lock.reader[0]()
    lock.reader[0]()
    writer = visit("writer", lock.writer)
    lock.reader[1]()
    entered.append("last reader leaves")
    lock.reader[1]()
    writer.join()
    assert entered == ["last reader leaves", "writer"]


def test_those_who_wait_enter_in_their_order(lock, gate, visit, entered):
    lock.writer[0]()
    visit("first", lock.reader)
    gate.queue.joined.acquire()
    visit("second", lock.writer)
    gate.queue.joined.acquire()
    visit("third", lock.reader)
    gate.queue.joined.acquire()
    last = visit("fourth", lock.writer)
    gate.queue.joined.acquire()
    lock.writer[1]()
    last.join()
    assert entered == ["first", "second", "third", "fourth"]


def test_newcomer_may_pass_those_who_wait(lock, gate, visit, entered):
    bed = threading.Lock()
    bed.acquire()
    gate.queue.append(bed)
    visit("newcomer", lock.writer).join()
    assert entered == ["newcomer"]


def test_one_who_waits_is_woken_at_a_time(lock, gate):
    lock.writer[0]()
    first, second = threading.Lock(), threading.Lock()
    for bed in (first, second):
        bed.acquire()
        gate.queue.append(bed)
    lock.writer[1]()
    lock.reader[0]()  # passes the first, who is awake and hasn't tried yet
    assert [first.locked(), second.locked()] == [False, True]


def test_newcomer_does_not_pass_the_starving(lock, gate, visit, entered):
    gate.starving.append(threading.Lock())
    newcomer = visit("newcomer", lock.writer)
    gate.queue.joined.acquire()
    entered.append("starving one")
    gate.starving.clear()
    gate.wake()
    newcomer.join()
    assert entered == ["starving one", "newcomer"]


def test_who_was_woken_in_vain_too_long_is_starving_until_it_enters(lock, gate, visit):
    lock.writer[0]()
    visitor = visit("visitor", lock.writer)
    gate.queue.joined.acquire()
    gate.wake()
    gate.starving.joined.acquire()
    lock.writer[1]()
    visitor.join()
    assert not gate.starving
    assert not gate.queue


def test_who_was_woken_in_vain_is_the_first_again(lock, gate, visit, entered):
    lock.writer[0]()
    visit("first", lock.writer)
    gate.queue.joined.acquire()
    last = visit("second", lock.writer)
    gate.queue.joined.acquire()
    gate.wake()
    gate.starving.joined.acquire()
    lock.writer[1]()
    last.join()
    assert entered == ["first", "second"]


def test_writer_is_not_starved_by_a_stream_of_readers():
    lock = ReaderWriterLock()
    written = threading.Event()
    overlap = threading.Barrier(2)

    def read_until_written():
        overlap.wait()
        while not written.is_set():
            lock.reader[0]()
            lock.reader[1]()

    readers = [threading.Thread(target=read_until_written) for _ in range(2)]
    for reader in readers:
        reader.start()
    lock.writer[0]()
    written.set()
    lock.writer[1]()
    for reader in readers:
        reader.join()


def test_reader_is_not_starved_by_a_stream_of_writers():
    lock = ReaderWriterLock()
    read = threading.Event()
    overlap = threading.Barrier(2)

    def write_until_read():
        overlap.wait()
        while not read.is_set():
            lock.writer[0]()
            lock.writer[1]()

    writers = [threading.Thread(target=write_until_read) for _ in range(2)]
    for writer in writers:
        writer.start()
    lock.reader[0]()
    read.set()
    lock.reader[1]()
    for writer in writers:
        writer.join()


@pytest.mark.parametrize("patience", [0, 0.001])
def test_nothing_is_lost_under_contention(patience):
    lock = ReaderWriterLock(Gate(patience))
    shared = {"left": 0, "right": 0}

    def write(times):
        for _ in range(times):
            lock.writer[0]()
            shared["left"] += 1
            shared["right"] += 1
            lock.writer[1]()

    def read(times):
        torn = 0
        for _ in range(times):
            lock.reader[0]()
            torn += shared["left"] != shared["right"]
            lock.reader[1]()
        return torn

    with ThreadPoolExecutor(8) as threads:
        writers = [threads.submit(write, 500) for _ in range(4)]
        readers = [threads.submit(read, 500) for _ in range(4)]
    assert [writer.result() for writer in writers] == [None] * 4
    assert sum(reader.result() for reader in readers) == 0
    assert shared == {"left": 2000, "right": 2000}


def test_parked_thread_that_is_woken_for_nothing_waits_on():
    parking = Parking()
    looks = iter([True, True, True, True, False])
    looked_again = threading.Semaphore(0)

    def condition():
        looked_again.release()
        return next(looks)

    waiter = threading.Thread(target=parking.wait_while, args=(condition,))
    waiter.start()
    looked_again.acquire()
    looked_again.acquire()
    parking.notify()
    looked_again.acquire()
    looked_again.acquire()
    parking.notify()
    waiter.join()
    assert not parking.waiting


def test_parked_thread_that_sees_the_change_itself_leaves_nothing_behind():
    parking = Parking()
    looks = iter([True, False, False])
    parking.wait_while(lambda: next(looks))
    assert not parking.waiting


def test_notifying_nobody_does_nothing():
    Parking().notify()
