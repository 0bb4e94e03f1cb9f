"""A listener that finishes: no client that has spoken goes unheard."""

import socket
import threading

import pytest
from nodes.connections import has_ended


def all_called(listener):
    """Hand out until the end; how many there were."""
    count = 0
    while True:
        try:
            listener.listen().close()
        except StopIteration:
            return count
        count += 1


def test_clients_that_have_spoken_are_called(listener, connect):
    clients = [connect(listener, b"hello") for _ in range(100)]
    listener.finish()
    assert all_called(listener) == len(clients)


def test_silent_clients_are_closed(listener, connect):
    speaking, silent = connect(listener, b"hello"), connect(listener)
    connection = listener.listen()
    listener.finish()
    source = threading.Thread(target=all_called, args=[listener])
    source.start()
    assert has_ended(silent)
    connection.close()
    source.join()
    assert has_ended(speaking)


@pytest.mark.parametrize(("more", "calls"), [(b"two", 1), (b"", 0)])
def test_connection_in_use_comes_back_if_its_client_has_spoken_meanwhile(
    listener, connect, more, calls
):
    client = connect(listener, b"one")
    connection = listener.listen()
    assert connection.receive() == b"one"
    listener.finish()
    client.send(more)
    listener.keep(connection)
    assert all_called(listener) == calls


def test_source_waits_for_connections_in_use(listener, connect, asleep):
    connect(listener, b"one")
    connection = listener.listen()
    source = threading.Thread(target=all_called, args=[listener])
    source.start()
    assert asleep.wait(30)
    listener.finish()
    connection.abort()
    source.join(30)
    assert not source.is_alive()


def test_new_clients_are_refused(listener):
    listener.finish()
    assert listener.closed
    assert all_called(listener) == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((listener.host, listener.port))
