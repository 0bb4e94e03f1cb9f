import errno
import gc
import os
import resource
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from flux.nodes.tcp import Connection, Listener
from flux.nodes.tcp.polling import make_poller
from flux.nodes.tcp.polling_epoll import EpollPoller


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def echo_until_closed(listener: Listener) -> None:
    """A server in miniature: answers what it reads and keeps the connection."""
    for connection in iter_connections(listener):
        answer(listener, connection)


def iter_connections(listener: Listener):
    while True:
        try:
            yield listener.listen()
        except StopIteration:
            return


def descriptors_in_use() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def has_ended(client: socket.socket) -> bool:
    """Waits for the server's end of the connection."""
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


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


def test_client_that_speaks_and_shuts_its_side_is_served(listener, connect):
    client = connect(listener, b"last words")
    client.shutdown(socket.SHUT_WR)
    connection = listener.listen()
    assert connection.receive() == b"last words"
    assert connection.receive() == b""
    connection.send(b"answer")
    assert client.recv(10) == b"answer"


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


def test_accepted_connections_do_not_delay_small_packets(listener, connect):
    connect(listener, b"hello")
    connection = listener.listen()
    assert connection.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.fixture
def no_more_descriptors():
    """Sets the limit so that the next descriptors can't be had, until called again."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)

    def forbid() -> None:
        lowest_free = os.dup(0)
        os.close(lowest_free)
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, limits[1]))

    yield forbid
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)


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


def test_without_descriptors_new_clients_are_closed_and_others_served(
    listener, connect, no_more_descriptors
):
    client = connect(listener, b"first")
    connection = listener.listen()
    connection.receive()
    refused = connect(listener, b"refused")
    no_more_descriptors()
    listener.keep(connection)
    client.sendall(b"second")
    assert listener.listen().receive() == b"second"
    listener.keep(connection)
    client.sendall(b"third")
    assert listener.listen().receive() == b"third"
    assert has_ended(refused)


def failing_first(accept, *failures: int):
    """An accept that fails so, and then does what it did."""
    left = list(failures)

    def failing():
        if left:
            raise OSError(left.pop(0), "on purpose")
        return accept()

    return failing


def test_client_that_has_gone_before_accept_is_passed_over(listener, connect):
    entrance = listener._reception._entrance
    entrance._accept = failing_first(entrance._accept, errno.ECONNABORTED, errno.EPROTO)
    connect(listener, b"hello")
    assert listener.listen().receive() == b"hello"


def test_failure_of_the_system_is_raised_and_the_next_turn_goes_on(listener, connect):
    entrance = listener._reception._entrance
    entrance._accept = failing_first(entrance._accept, errno.ENOBUFS)
    connect(listener, b"hello")
    with pytest.raises(OSError, match="on purpose"):
        listener.listen()
    assert listener.listen().receive() == b"hello"


def test_descriptor_reserve_that_is_lost_is_an_error_until_it_is_refilled(listener, connect):
    entrance = listener._reception._entrance
    failures = [errno.EMFILE, errno.EMFILE]
    entrance._accept = failing_first(entrance._accept, *failures)
    connect(listener, b"hello")
    with pytest.raises(OSError, match="on purpose"):
        listener.listen()
    assert listener.listen().receive() == b"hello"


def test_linux_waits_with_epoll():
    poller = make_poller()
    assert isinstance(poller, EpollPoller)
    poller.close()


def test_ipv6_is_a_host_as_any_other(make_listener, connect):
    listener = make_listener(host="::1")
    connect(listener, b"hello")
    assert listener.listen().receive() == b"hello"
