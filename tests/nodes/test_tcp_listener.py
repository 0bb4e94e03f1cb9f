"""Whom a listener hands out, and when: connections whose clients speak, and those that are kept."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

from nodes.connections import iter_connections

from flux.nodes.tcp import Connection, Listener
from flux.nodes.tcp.polling import make_poller
from flux.nodes.tcp.polling_epoll import EpollPoller


def echo_until_closed(listener: Listener) -> None:
    """A server in miniature: answers what it reads and keeps the connection."""
    for connection in iter_connections(listener):
        answer(listener, connection)


def test_client_that_speaks_is_handed_out(listener, connect):
    client = connect(listener, b"hello")
    connection = listener.listen()
    assert connection.receive() == b"hello"
    assert connection.peer == client.getsockname()
    assert (listener.open_count, listener.idle_count) == (1, 0)


def test_a_connection_tells_how_often_it_was_handed_out(listener, connect):
    client = connect(listener, b"once")
    connection = listener.listen()
    assert (connection.receive(), connection.uses) == (b"once", 1)
    listener.keep(connection)
    client.sendall(b"again")
    assert listener.listen().uses == 2


def test_silent_client_is_not_handed_out(listener, connect):
    connect(listener)
    connect(listener, b"speaks")
    connection = listener.listen()
    assert connection.receive() == b"speaks"
    assert (listener.open_count, listener.idle_count) == (2, 1)


def test_kept_connection_comes_back_when_its_client_speaks_again(listener, connect):
    client = connect(listener, b"one")
    first = listener.listen()
    assert first.receive() == b"one"
    listener.keep(first)
    assert listener.idle_count == 1
    client.sendall(b"two")
    assert listener.listen() is first
    assert first.receive() == b"two"


def test_what_arrived_before_keeping_is_not_missed(listener, connect):
    client = connect(listener, b"one")
    connection = listener.listen()
    connection.receive()
    client.sendall(b"two")
    listener.keep(connection)
    assert listener.listen().receive() == b"two"


def test_connection_with_bytes_in_its_buffer_is_ready_at_once(listener, connect):
    connect(listener, b"first second")
    connection = listener.listen()
    connection.buffer += connection.receive()
    listener.keep(connection)
    assert listener.idle_count == 0
    assert listener.listen() is connection


def test_client_with_much_in_its_buffer_does_not_keep_others_from_being_heard(listener, connect):
    connect(listener, b"much")
    connection = listener.listen()
    other = connect(listener, b"little").getsockname()
    for _ in range(200):
        connection.buffer += b"more"
        listener.keep(connection)
        connection = listener.listen()
        if connection.peer == other:
            break
    assert connection.peer == other


def test_keeping_with_a_buffer_wakes_a_waiting_listen(listener, connect, asleep):
    connect(listener, b"first")
    connection = listener.listen()
    connection.buffer += b"second"
    asleep.clear()
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(listener.listen)
        asleep.wait()
        listener.keep(connection)
        assert waiting.result() is connection


def test_all_of_one_wait_are_handed_out_one_by_one(listener, connect):
    connect(listener, b"a")
    connect(listener, b"b")
    connect(listener, b"c")
    heard = {listener.listen().receive(), listener.listen().receive(), listener.listen().receive()}
    assert heard == {b"a", b"b", b"c"}


def test_thousand_idle_connections_cost_no_thread_and_a_busy_one_is_served(listener, connect):
    threads_before = threading.active_count()
    server = threading.Thread(target=echo_until_closed, args=[listener])
    server.start()
    idle = [connect(listener, b"once") for _ in range(1000)]
    assert {client.recv(4) for client in idle} == {b"once"}
    busy = connect(listener)
    for _ in range(100):
        busy.sendall(b"again")
        assert busy.recv(5) == b"again"
    assert listener.open_count == 1001
    assert threading.active_count() == threads_before + 1
    listener.close()
    server.join()


def test_connections_are_kept_from_many_threads(listener, connect):
    clients = [connect(listener) for _ in range(8)]
    with ThreadPoolExecutor(10) as threads:
        server = threads.submit(serve_in_threads, listener, threads)
        assert all(threads.map(speak_and_hear, clients))
        listener.close()
        assert server.result() == 8 * 50


def serve_in_threads(listener: Listener, threads: ThreadPoolExecutor) -> int:
    handled = [threads.submit(answer, listener, one) for one in iter_connections(listener)]
    return sum(flow.result() for flow in handled)


def answer(listener: Listener, connection: Connection) -> int:
    connection.send(connection.receive())
    listener.keep(connection)
    return 1


def speak_and_hear(client: socket.socket) -> bool:
    for number in range(50):
        client.sendall(b"%02d" % number)
        assert client.recv(2) == b"%02d" % number
    return True


def test_client_that_speaks_and_shuts_its_side_is_served(listener, connect):
    client = connect(listener, b"last words")
    client.shutdown(socket.SHUT_WR)
    connection = listener.listen()
    assert connection.receive() == b"last words"
    assert connection.receive() == b""
    connection.send(b"answer")
    assert client.recv(10) == b"answer"


def test_accepted_connections_do_not_delay_small_packets(listener, connect):
    connect(listener, b"hello")
    connection = listener.listen()
    assert connection.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_linux_waits_with_epoll():
    poller = make_poller()
    assert isinstance(poller, EpollPoller)
    poller.close()


def test_ipv6_is_a_host_as_any_other(make_listener, connect):
    listener = make_listener(host="::1")
    connect(listener, b"hello")
    assert listener.listen().receive() == b"hello"
