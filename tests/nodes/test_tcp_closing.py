"""Listeners that are opened and closed, and connections that end in the hands of a flow."""

import gc
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from nodes.connections import has_ended, iter_connections

from flux.nodes.tcp import Connection, Listener


def descriptors_in_use() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_close_ends_a_waiting_listen(listener, asleep):
    server = threading.Thread(target=list, args=[iter_connections(listener)])
    server.start()
    asleep.wait()
    listener.close()
    server.join()
    assert listener.closed


def test_close_closes_idle_and_ready_connections_but_not_those_in_use(listener, connect):
    used, idle, ready = connect(listener, b"used"), connect(listener), connect(listener, b"ready")
    connection = listener.listen()
    connection.receive()
    listener.interrupt()
    assert has_ended(idle)
    assert has_ended(ready)
    connection.send(b"bye")
    assert used.recv(3) == b"bye"
    listener.keep(connection)
    assert has_ended(used)
    assert listener.open_count == 0


def test_close_may_come_twice_and_before_opening():
    listener = Listener()
    assert (listener.open_count, listener.idle_count) == (0, 0)
    listener.close()
    listener.close()
    with pytest.raises(StopIteration):
        listener.listen()
    with pytest.raises(RuntimeError, match="closed"):
        listener.open()


def test_listener_that_was_open_before_is_not_opened_again(listener):
    listener.close()
    with pytest.raises(RuntimeError, match="closed"):
        listener.open()


@pytest.mark.parametrize("port", [-1, 65_536])
def test_port_that_does_not_exist_is_refused(port):
    with pytest.raises(ValueError, match="there is no port"):
        Listener(port=port).open()


def test_closed_listener_refuses_clients_and_holds_no_descriptor(poller):
    before = descriptors_in_use()
    with Listener(poller=poller) as listener:
        address = listener.host, listener.port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)
    assert descriptors_in_use() == before


def test_listen_opens_a_listener_that_nobody_opened(poller, connect):
    listener = Listener(poller=poller)
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(listener.listen)
        connect(listener.open(), b"hello")
        assert waiting.result().receive() == b"hello"
    listener.close()


def test_dropped_connection_is_closed_and_counted_out(listener, connect):
    client = connect(listener, b"hello")
    with pytest.raises(ZeroDivisionError):
        fail_with(listener.listen())
    gc.collect()
    assert has_ended(client)
    assert listener.open_count == 0


def fail_with(connection: Connection) -> None:
    raise ZeroDivisionError(connection.receive().decode())


def test_closed_connection_is_not_kept(listener, connect):
    connect(listener, b"hello")
    connection = listener.listen()
    connection.abort()
    listener.keep(connection)
    assert (listener.open_count, listener.idle_count) == (0, 0)
