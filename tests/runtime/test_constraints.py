import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from flux.runtime import Constraints


@pytest.fixture
def constraints():
    return Constraints()


@pytest.fixture
def cart(constraints):
    return constraints.session_writer("cart")


def entering(pair, entered, *session):
    acquire, release = pair

    def run():
        acquire(*session)
        entered.set()
        release(*session)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_reader_and_writer_of_one_name_are_one_lock(constraints):
    acquire, release = constraints.writer("cache")
    entered = threading.Event()
    acquire()
    thread = entering(constraints.reader("cache"), entered)
    assert not entered.is_set()
    release()
    thread.join()
    assert entered.is_set()


def test_two_names_are_two_locks(constraints):
    constraints.writer("cache")[0]()
    constraints.writer("index")[0]()


def test_sessions_do_not_wait_for_each_other(cart):
    acquire, release = cart
    acquire("ann")
    acquire("bob")
    release("ann")
    release("bob")


def test_one_session_excludes_its_own_flows(cart):
    acquire, release = cart
    entered = threading.Event()
    acquire("ann")
    thread = entering(cart, entered, "ann")
    assert not entered.is_set()
    release("ann")
    thread.join()
    assert entered.is_set()


def test_readers_of_one_session_are_together(constraints):
    acquire, release = constraints.session_reader("cart")
    acquire("ann")
    acquire("ann")
    release("ann")
    release("ann")


def test_session_locks_live_only_while_held_or_awaited(constraints, cart):
    acquire, release = cart
    acquire("ann")
    assert list(constraints.sessions["cart"].live) == ["ann"]
    release("ann")
    assert not constraints.sessions["cart"].live


def test_sessions_exclude_under_contention_and_leave_nothing(constraints, cart):
    acquire, release = cart
    counts = [0, 0, 0]

    def work(turn):
        acquire(turn % 3)
        counts[turn % 3] += 1
        release(turn % 3)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(3000)))
    assert counts == [1000, 1000, 1000]
    assert not constraints.sessions["cart"].live


def test_observer_may_wrap_every_pair():
    seen = []

    def observe(kind, name, pair):
        seen.append((kind, name))
        return pair

    constraints = Constraints(observe)
    constraints.reader("a")
    constraints.writer("a")
    constraints.session_reader("b")
    constraints.session_writer("b")
    assert seen == [
        ("reader", "a"),
        ("writer", "a"),
        ("session_reader", "b"),
        ("session_writer", "b"),
    ]
