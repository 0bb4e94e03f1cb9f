"""Idle connections: they cost no flow when they end, expire, and make room for others."""

import math
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from nodes.connections import has_ended


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_client_that_closes_while_idle_costs_no_flow(listener, connect):
    client = connect(listener, b"one")
    connection = listener.listen()
    connection.receive()
    listener.keep(connection)
    client.close()
    connect(listener, b"other")
    other = listener.listen()
    assert other is not connection
    assert connection.closed
    assert listener.open_count == 1


def test_client_that_resets_while_idle_costs_no_flow(listener, connect):
    client = connect(listener, b"one")
    connection = listener.listen()
    connection.receive()
    listener.keep(connection)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.close()
    connect(listener, b"other")
    assert listener.listen() is not connection
    assert connection.closed


@pytest.mark.parametrize("seconds", [3e6, 1e300, math.inf])
def test_time_outs_may_be_longer_than_the_system_knows(make_listener, connect, asleep, seconds):
    listener = make_listener(idle_timeout=seconds, timeout=seconds)
    client = connect(listener, b"now")
    connection = listener.listen()
    assert connection.receive() == b"now"
    with ThreadPoolExecutor() as threads:
        receiving = threads.submit(connection.receive)
        client.sendall(b"later")
        assert receiving.result() == b"later"
        listener.keep(connection)
        asleep.clear()
        listening = threads.submit(listener.listen)
        asleep.wait()
        client.sendall(b"again")
        assert listening.result() is connection


def test_idle_connection_is_closed_after_its_time(make_listener, connect):
    clock = Clock()
    listener = make_listener(idle_timeout=60, clock=clock)
    old = connect(listener, b"old")
    connection = listener.listen()
    connection.receive()
    listener.keep(connection)
    clock.now += 59.0
    connect(listener, b"in time")
    in_time = listener.listen()
    assert not connection.closed
    listener.keep(in_time)
    clock.now += 2.0
    connect(listener, b"too late")
    listener.listen()
    listener.listen()
    assert connection.closed
    assert not in_time.closed
    assert has_ended(old)


def test_listen_wakes_by_itself_when_an_idle_connection_expires(make_listener, connect):
    listener = make_listener(idle_timeout=0.05)
    client = connect(listener)
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(listener.listen)
        assert has_ended(client)
        listener.close()
        assert isinstance(waiting.exception(), StopIteration)


def test_connection_kept_during_a_wait_without_end_expires_all_the_same(
    make_listener, connect, asleep
):
    listener = make_listener(idle_timeout=0.05)
    client = connect(listener, b"hello")
    connection = listener.listen()
    connection.receive()
    asleep.clear()
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(listener.listen)
        asleep.wait()
        listener.keep(connection)
        assert has_ended(client)
        listener.close()
        assert isinstance(waiting.exception(), StopIteration)


def test_longest_idle_connection_makes_room(make_listener, connect):
    listener = make_listener(max_connections=2)
    oldest, older = connect(listener), connect(listener)
    connect(listener, b"hello")
    newest = listener.listen()
    assert newest.receive() == b"hello"
    assert has_ended(oldest)
    assert listener.open_count == 2
    older.sendall(b"still here")
    assert listener.listen().receive() == b"still here"


def test_new_connection_is_closed_when_all_places_are_in_use(make_listener, connect):
    listener = make_listener(max_connections=1)
    first = connect(listener, b"first")
    connection = listener.listen()
    connection.receive()
    refused = connect(listener)
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(listener.listen)
        assert has_ended(refused)
        listener.keep(connection)
        first.sendall(b"second")
        assert waiting.result() is connection
