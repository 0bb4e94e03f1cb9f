"""The sockets that the parent of workers lends, without any workers."""

import errno
import socket

import pytest

from flux.runtime.workers.sockets import Sockets, Wish


def wish(port=0, kind=socket.SOCK_STREAM):
    return Wish(socket.AF_INET, kind, ("127.0.0.1", port), 8)


@pytest.fixture
def sockets():
    lent = Sockets()
    lent.begin(0)
    lent.begin(1)
    yield lent
    lent.close()


def lend(sockets, worker, asked):
    """A copy, as a worker has it."""
    with sockets.lent(worker, asked) as made:
        return made.dup()


def port_of(own):
    with own:
        return own.getsockname()[1]


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_all_workers_get_the_same_port_where_any_will_do(sockets, kind):
    ports = [port_of(lend(sockets, worker, wish(kind=kind))) for worker in (0, 1)]
    assert ports[0] == ports[1] != 0


def test_several_free_ports_are_told_apart_by_their_order(sockets):
    first = [port_of(lend(sockets, 0, wish())) for _ in range(2)]
    second = [port_of(lend(sockets, 1, wish())) for _ in range(2)]
    assert first == second
    assert first[0] != first[1]


def test_a_client_that_waits_is_there_for_the_worker_that_comes_next(sockets):
    own = lend(sockets, 0, wish())
    with socket.create_connection(own.getsockname()) as client:
        own.close()
        sockets.begin(0)
        with lend(sockets, 0, wish()) as again:
            found, address = again.accept()
            found.close()
        assert address == client.getsockname()


def test_what_is_let_go_of_is_the_workers_alone(sockets):
    own = lend(sockets, 0, wish())
    address = own.getsockname()
    sockets.close()
    own.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)


def test_a_second_socket_of_a_worker_is_another_one(sockets):
    with lend(sockets, 0, wish()) as first, lend(sockets, 0, wish(port_of(first.dup()))) as second:
        assert first.getsockname() == second.getsockname()
        second.settimeout(0.0)
        with socket.create_connection(first.getsockname()):
            waiting = [each for each in (first, second) if has_client(each)]
    assert len(waiting) == 1


def has_client(own):
    own.settimeout(0.0)
    try:
        own.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def test_an_address_that_another_server_shares_with_its_own_is_refused(sockets):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(OSError, match="in use") as refused:
            lend(sockets, 0, wish(other.getsockname()[1]))
    assert refused.value.errno == errno.EADDRINUSE
