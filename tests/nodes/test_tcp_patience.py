import socket
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import pytest


@pytest.fixture
def pairs(make_listener, connect):
    """Two clients and their connections, of which one may wait."""
    listener = make_listener(max_waiting=1)
    found = []
    for _ in range(2):
        client = connect(listener, b"hello")
        connection = listener.listen()
        assert connection.receive() == b"hello"
        found.append((client, connection))
    return found


@pytest.fixture
def threads():
    with ThreadPoolExecutor() as pool:
        yield pool


def test_above_the_bound_the_receive_that_waits_longest_is_too_slow_and_may_be_told_so(
    pairs, threads
):
    waits = {threads.submit(connection.receive): pair for pair in pairs for connection in pair[1:]}
    (given_up,), (going_on,) = wait(waits, return_when=FIRST_COMPLETED)
    with pytest.raises(TimeoutError):
        given_up.result()
    waits[going_on][0].sendall(b"more")
    assert going_on.result() == b"more"
    client, connection = waits[given_up]
    connection.send(b"too slow")
    connection.close()
    assert client.recv(100, socket.MSG_WAITALL) == b"too slow"


def test_above_the_bound_the_send_that_waits_longest_is_too_slow(pairs, threads):
    (_, slow), (client, other) = pairs
    sending = threads.submit(slow.send, b"x" * 50_000_000)
    while not slow._home.patience._waits:
        assert not sending.done()
    receiving = threads.submit(other.receive)
    with pytest.raises(TimeoutError):
        sending.result()
    client.sendall(b"more")
    assert receiving.result() == b"more"


def test_who_waits_alone_waits_as_long_as_without_a_bound(pairs, threads):
    client, connection = pairs[0]
    for _ in range(3):
        receiving = threads.submit(connection.receive)
        client.sendall(b"more")
        assert receiving.result() == b"more"
