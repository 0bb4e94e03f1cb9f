import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from flux.nodes.tcp import connection as tcp_connection
from flux.nodes.tcp import reception


@pytest.fixture
def client(listener, connect):
    return connect(listener, b"hello")


@pytest.fixture
def connection(listener, client):
    assert client.fileno() >= 0
    connection = listener.listen()
    assert connection.receive() == b"hello"
    return connection


def receive_all(client: socket.socket) -> bytes:
    return b"".join(iter(lambda: client.recv(65536), b""))


def send_repeatedly(send) -> None:
    """The first bytes to a broken connection meet its reset, the next ones fail."""
    for _ in range(3):
        send(b"x")


def test_receive_waits_for_the_client(connection, client):
    with ThreadPoolExecutor() as threads:
        received = threads.submit(connection.receive, 3)
        client.sendall(b"abcdef")
        assert received.result() == b"abc"
    assert connection.receive() == b"def"


def test_receive_gives_up_at_its_deadline(connection):
    with pytest.raises(TimeoutError, match=r"127\.0\.0\.1 is too slow"):
        connection.receive(deadline=time.monotonic() + 0.01)
    with pytest.raises(TimeoutError):
        connection.receive(deadline=time.monotonic() - 1)


def test_without_a_deadline_the_time_out_of_the_listener_holds(make_listener, connect):
    listener = make_listener(timeout=0.01)
    connect(listener, b"hello")
    connection = listener.listen()
    connection.receive()
    with pytest.raises(TimeoutError):
        connection.receive()


def test_parts_arrive_in_order_whatever_their_number(connection, client):
    parts = [b"%d," % number for number in range(3000)]
    connection.send(*parts, b"", bytearray(b"end"), memoryview(b"."))
    connection.close()
    assert receive_all(client) == b"".join(parts) + b"end."


def test_parts_larger_than_any_socket_buffer_are_sent_whole(connection, client):
    parts = [bytes([number]) * 3_000_000 for number in range(5)]
    with ThreadPoolExecutor() as threads:
        received = threads.submit(receive_all, client)
        connection.send(*parts)
        connection.close()
        assert received.result() == b"".join(parts)


def test_send_gives_up_on_a_client_that_does_not_read(connection):
    with pytest.raises(TimeoutError):
        connection.send(bytes(50_000_000), deadline=time.monotonic() + 0.01)


def test_send_fails_when_the_client_has_gone(connection, client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.close()
    with pytest.raises(ConnectionError):
        send_repeatedly(connection.send)


def test_reply_survives_closing_while_the_client_still_sends(listener, connection, client):
    client.sendall(b"x" * 100_000)
    connection.send(b"enough")
    connection.close()
    assert connection.closed
    assert receive_all(client) == b"enough"
    assert listener.open_count == 1
    client.sendall(b"x" * 100_000)
    reception_of(listener)._gather()
    assert listener.open_count == 1
    client.close()
    end_with(listener, connection)
    assert listener.open_count == 0


def end_with(listener, connection):
    """Run the listener until a lingering connection is gone."""
    while connection.socket.fileno() >= 0:
        reception_of(listener)._gather()


def reception_of(listener) -> reception.Reception:
    return listener._reception


def test_closing_after_the_client_takes_no_lingering(listener, connection, client):
    client.close()
    connection.close()
    connection.close()
    assert listener.open_count == 0


def test_closing_after_a_reset_takes_no_lingering(listener, connection, client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.close()
    connection.close()
    assert listener.open_count == 0


def test_a_reset_is_an_error_for_the_client_where_an_abort_is_an_end(listener, connect):
    ends = []
    for leave in ("abort", "reset"):
        client = connect(listener, b"hello")
        connection = listener.listen()
        connection.receive()
        connection.send(b"part")
        assert client.recv(4) == b"part"
        getattr(connection, leave)()
        try:
            ends.append(client.recv(1))
        except ConnectionResetError:
            ends.append("reset")
    assert ends == [b"", "reset"]
    assert listener.open_count == 0


def test_what_is_closed_already_is_not_reset(connection, client):
    connection.send(b"whole")
    connection.close()
    connection.reset()
    assert receive_all(client) == b"whole"


def test_client_that_sends_for_ever_is_cut_off(listener, connection, client, monkeypatch):
    monkeypatch.setattr(tcp_connection, "LINGER_BYTES", 1000)
    connection.close()
    client.sendall(b"x" * 2000)
    end_with(listener, connection)
    with pytest.raises(ConnectionError):
        send_repeatedly(client.sendall)
    assert listener.open_count == 0


def test_client_that_never_closes_is_cut_off(make_listener, connect, monkeypatch):
    monkeypatch.setattr(reception, "LINGER_SECONDS", 0.01)
    listener = make_listener()
    client = connect(listener, b"hello")
    connection = listener.listen()
    connection.close()
    end_with(listener, connection)
    assert listener.open_count == 0
    client.close()


def test_lingering_begun_by_another_thread_shortens_the_wait(
    make_listener, connect, monkeypatch, asleep
):
    monkeypatch.setattr(reception, "LINGER_SECONDS", 0.01)
    listener = make_listener()
    client = connect(listener, b"hello")
    connection = listener.listen()
    with ThreadPoolExecutor() as threads:
        asleep.clear()
        ended = threads.submit(end_with, listener, connection)
        asleep.wait()
        connection.close()
        ended.result()
    assert listener.open_count == 0
    client.close()


def test_lingering_connections_make_room_first(make_listener, connect):
    listener = make_listener(max_connections=1)
    client = connect(listener, b"first")
    lingering = listener.listen()
    lingering.close()
    connect(listener, b"second")
    second = listener.listen()
    assert second.receive() == b"second"
    assert listener.open_count == 1
    client.close()


def test_closing_the_listener_ends_lingering(listener, connection, client):
    connection.close()
    listener.close()
    assert listener.open_count == 0
    assert receive_all(client) == b""


def test_connection_in_use_closes_properly_after_its_listener(listener, connection, client):
    listener.close()
    connection.send(b"bye")
    connection.close()
    assert receive_all(client) == b"bye"
    assert listener.open_count == 0
