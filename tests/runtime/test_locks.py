import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import pytest

from flux.runtime.locks import ReaderWriterLock
from flux.runtime.parking import Parking


class Announced(deque):
    """A line that says when somebody joins it."""

    def __init__(self):
        super().__init__()
        self.joined = threading.Semaphore(0)

    def append(self, turn):
        super().append(turn)
        self.joined.release()


@pytest.fixture
def line():
    return Announced()


@pytest.fixture
def lock(line):
    """A lock without patience: who finds the gate shut joins the line."""
    return ReaderWriterLock(patience=0, line=line)


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


def test_writer_keeps_reader_out(lock, line, visit, entered):
    lock.writer[0]()
    reader = visit("reader", lock.reader)
    line.joined.acquire()
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


def test_those_who_lost_patience_enter_in_their_order(lock, line, visit, entered):
    lock.writer[0]()
    visit("first", lock.reader)
    line.joined.acquire()
    visit("second", lock.writer)
    line.joined.acquire()
    visit("third", lock.reader)
    line.joined.acquire()
    visit("fourth", lock.writer)
    line.joined.acquire()
    lock.writer[1]()
    visit("newcomer", lock.writer).join()
    assert entered[:4] == ["first", "second", "third", "fourth"]


def test_newcomer_joins_the_line_even_when_the_gate_is_open(line, visit, entered):
    lock = ReaderWriterLock(patience=60, line=line)
    line.append(threading.Lock())
    line.joined.acquire()
    newcomer = visit("newcomer", lock.writer)
    line.joined.acquire()
    entered.append("line moves")
    line.popleft()
    line[0].release()
    newcomer.join()
    assert entered == ["line moves", "newcomer"]


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
    lock = ReaderWriterLock(patience)
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
