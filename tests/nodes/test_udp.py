import math
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from flux.nodes import udp
from flux.nodes.udp import UdpSocket


@pytest.fixture
def make_socket():
    with ExitStack() as sockets:
        yield lambda **settings: sockets.enter_context(UdpSocket(**settings))


@pytest.fixture
def server(make_socket):
    return make_socket()


@pytest.fixture
def client(make_socket):
    return make_socket()


@pytest.fixture
def asleep(monkeypatch):
    """Is set when somebody begins to wait for a socket."""
    begun = threading.Event()
    poll = udp._poll

    def telling_poll(timeout, *awaited):
        begun.set()
        return poll(timeout, *awaited)

    monkeypatch.setattr(udp, "_poll", telling_poll)
    return begun


def address(own: UdpSocket) -> tuple[str, int]:
    return own.host, own.port


def descriptors_in_use() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_datagram_comes_with_its_sender_who_can_be_answered(server, client):
    client.send_to(b"question", address(server))
    data, peer = server.receive()
    assert (data, peer) == (b"question", address(client))
    server.send_to(b"answer", peer)
    assert client.receive() == (b"answer", address(server))


def test_receive_waits_for_a_datagram(server, client, asleep):
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(server.receive)
        asleep.wait()
        client.send_to(b"late", address(server))
        assert waiting.result()[0] == b"late"


def test_batch_arrives_in_order(server, client):
    texts = [b"%d" % number for number in range(50)]
    client.send_batch((text, address(server)) for text in texts)
    assert [server.receive()[0] for _ in texts] == texts


def test_empty_datagram_is_a_datagram(server, client):
    client.send_to(b"", address(server))
    assert server.receive()[0] == b""


def test_longest_datagram_arrives_whole_and_a_longer_one_cannot_be_sent(server, client):
    longest = bytes(65_507)
    client.send_to(longest, address(server))
    assert server.receive()[0] == longest
    with pytest.raises(OSError, match="too long"):
        client.send_to(longest + b"x", address(server))


def test_datagrams_above_the_bound_are_dropped_and_counted(make_socket, client):
    server = make_socket(max_size=4)
    client.send_batch((text, address(server)) for text in (b"12345", b"1234", b"123456", b"1"))
    assert [server.receive()[0], server.receive()[0]] == [b"1234", b"1"]
    assert server.dropped == 2


def test_interrupt_ends_a_waiting_receive_and_sending_goes_on(server, client, asleep):
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(server.receive)
        asleep.wait()
        server.interrupt()
        assert isinstance(waiting.exception(), StopIteration)
    with pytest.raises(StopIteration):
        server.receive()
    server.send_to(b"bye", address(client))
    assert client.receive()[0] == b"bye"


def test_close_ends_a_waiting_receive_and_holds_no_descriptor(asleep):
    before = descriptors_in_use()
    server = UdpSocket().open()
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(server.receive)
        asleep.wait()
        server.close()
        assert isinstance(waiting.exception(), StopIteration)
    server.close()
    assert descriptors_in_use() == before
    with pytest.raises(RuntimeError, match="closed"):
        server.send_to(b"x", ("127.0.0.1", 9))


def test_closed_socket_is_not_opened(server):
    never = UdpSocket()
    never.close()
    with pytest.raises(StopIteration):
        never.receive()
    with pytest.raises(RuntimeError, match="closed"):
        never.open()
    server.close()
    with pytest.raises(RuntimeError, match="closed"):
        server.open()


def test_dropped_socket_holds_no_descriptor():
    before = descriptors_in_use()
    UdpSocket().open()
    assert descriptors_in_use() == before


def test_send_gives_up_after_its_time(server, monkeypatch):
    monkeypatch.setattr(udp, "_try_to_send", lambda *_: False)
    server.timeout = -1.0
    with pytest.raises(TimeoutError, match="too slow"):
        server.send_to(b"x", ("127.0.0.1", 9))


@pytest.mark.parametrize("seconds", [3e6, 1e300, math.inf])
def test_time_to_send_may_be_longer_than_the_system_knows(server, client, monkeypatch, seconds):
    tries = iter([False, True])
    monkeypatch.setattr(udp, "_try_to_send", lambda *_: next(tries))
    server.timeout = seconds
    server.send_to(b"x", address(client))
    assert next(tries, None) is None


def test_receive_and_sending_open_a_socket_that_nobody_opened(server):
    with UdpSocket() as client:
        client.send_to(b"hello", address(server))
    assert server.receive()[0] == b"hello"
    unopened = UdpSocket()
    unopened.send_to(b"hello", address(server))
    assert server.receive() == (b"hello", address(unopened))
    unopened.close()


def test_interrupt_before_opening_ends_receive_all_the_same(server):
    client = UdpSocket()
    client.interrupt()
    client.send_to(b"hello", address(server))
    with pytest.raises(StopIteration):
        client.receive()
    client.close()


@pytest.mark.parametrize("port", [-1, 65_536])
def test_port_that_does_not_exist_is_refused(port):
    with pytest.raises(ValueError, match="there is no port"):
        UdpSocket(port=port).open()


def test_port_in_use_is_an_error(server):
    with pytest.raises(OSError, match="in use"):
        UdpSocket(port=server.port).open()


def test_ipv6_is_a_host_as_any_other(make_socket):
    server, client = make_socket(host="::1"), make_socket(host="::1")
    client.send_to(b"hello", address(server))
    data, peer = server.receive()
    assert (data, peer[:2]) == (b"hello", address(client))
