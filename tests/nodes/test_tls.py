"""TLS on the connections of a listener."""

import ssl
import threading
from contextlib import suppress

import pytest
from certificates import make_certificate
from nodes.tls_peer import Peer, exchange, trusting

from flux.nodes.http import Disconnected, HttpError, read_request, response
from flux.nodes.tcp import UnveiledError
from flux.nodes.tls import Tls, TlsError


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("tls"), "first.example")


@pytest.fixture
def tls(first):
    return Tls(str(first.certificate), str(first.key))


@pytest.fixture
def listener(make_listener, tls):
    return make_listener(tls=tls)


def hear(listener):
    """Do what a source does, until the listener is closed."""
    with suppress(StopIteration):
        listener.listen()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_what_is_sent_comes_decrypted_and_the_other_way_round(listener, first, version):
    peer = Peer(listener, trusting(first, maximum_version=version), exchange)
    connection = listener.listen()
    assert connection.receive() == b"hello"
    connection.send(b"wor", bytearray(b"l"), memoryview(b"d"))
    assert peer.end() == (b"world", version.name.replace("_", "."), "http/1.1")
    assert connection.receive() == b""


def test_a_client_without_our_protocols_is_served_all_the_same(listener, first):
    context = trusting(first)
    context.set_alpn_protocols(["h2"])
    peer = Peer(listener, context, exchange)
    connection = listener.listen()
    connection.send(connection.receive())
    assert peer.end() == (b"hello", "TLSv1.3", None)


def test_large_data_go_both_ways(listener, first):
    data = bytes(range(256)) * 4000

    def echo(client):
        client.sendall(data)
        return b"".join(iter(lambda: client.recv(1 << 20), b""))

    peer = Peer(listener, trusting(first), echo)
    connection = listener.listen()
    received = b""
    while len(received) < len(data):
        received += connection.receive(10_000)
    connection.send(received[:500_000], received[500_000:])
    connection.close()
    assert peer.end() == data


def test_what_was_decrypted_and_not_used_is_handed_out_at_once(listener, first):
    peer = Peer(listener, trusting(first), exchange)
    connection = listener.listen()
    assert connection.receive(2) == b"he"
    listener.keep(connection)
    connection = listener.listen()
    assert connection.receive() == b"llo"
    connection.send(b"world")
    assert peer.end()[0] == b"world"


def test_a_client_that_takes_leave_is_nobody_s_work(make_listener, tls, first):
    """The next connection that is handed out is the next client's."""
    listener = make_listener(tls=tls)
    peer = Peer(listener, trusting(first), exchange)
    connection = listener.listen()
    connection.send(connection.receive())
    listener.keep(connection)
    del connection
    assert peer.end()[0] == b"hello"
    other = Peer(listener, trusting(first), exchange)
    connection = listener.listen()
    assert connection.receive() == b"hello"
    assert listener.open_count == 1
    connection.send(b"world")
    assert other.end()[0] == b"world"


def test_a_farewell_is_answered(listener, first):
    def part(client):
        client.sendall(b"hello")
        client.unwrap()  # waits for the other side's
        return "parted"

    peer = Peer(listener, trusting(first), part)
    connection = listener.listen()
    assert connection.receive() == b"hello"
    listener.keep(connection)
    del connection
    source = threading.Thread(target=hear, args=[listener])
    source.start()
    said = peer.end()
    listener.close()
    source.join()
    assert said == "parted"


def test_requests_are_read_and_answered(listener, first):
    def ask(client):
        client.sendall(b"GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n")
        return b"".join(iter(lambda: client.recv(1 << 20), b""))

    peer = Peer(listener, trusting(first), ask)
    for path in ("/a", "/b"):
        connection = listener.listen()
        assert read_request(connection).path == path
        connection.send(*response(200, body=path.encode()))
        listener.keep(connection)
    connection.close()
    assert [text[-2:] for text in peer.end().split(b"HTTP/1.1 200 OK")] == [b"", b"/a", b"/b"]


@pytest.mark.parametrize("words", [b"nonsense", b"\0" * 20])
def test_who_speaks_no_tls_is_refused(listener, connect, words):
    connect(listener, words)
    connection = listener.listen()
    with pytest.raises(TlsError, match=r"no TLS with 127\.0\.0\.1: "):
        connection.receive()


def test_who_speaks_http_without_tls_may_be_told_so(listener, connect):
    client = connect(listener, b"GET / HTTP/1.1\r\n\r\n")
    connection = listener.listen()
    with pytest.raises(UnveiledError, match=r"no TLS with 127\.0\.0\.1: HTTP_REQUEST"):
        connection.receive()
    connection.send(b"no", b"!")
    connection.close()
    assert client.makefile("rb").read() == b"no!"


def test_a_request_without_tls_is_a_bad_one(listener, connect):
    connect(listener, b"GET / HTTP/1.1\r\n\r\n")
    with pytest.raises(HttpError, match="this is HTTPS: ask for https://") as caught:
        read_request(listener.listen())
    assert caught.value.status == 400


def test_an_old_version_is_refused_and_told_so(listener, first):
    context = trusting(first)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    peer = Peer(listener, context, exchange)
    with pytest.raises(Disconnected, match="UNSUPPORTED_PROTOCOL"):
        read_request(listener.listen())
    assert "ALERT_PROTOCOL_VERSION" in str(peer.end())


def test_a_handshake_has_the_time_of_a_call_and_holds_up_nobody(make_listener, tls, first, connect):
    listener = make_listener(tls=tls, timeout=0.05)
    connect(listener, b"\x16\x03\x01")
    slow = listener.listen()
    peer = Peer(listener, trusting(first), exchange)
    connection = listener.listen()
    with pytest.raises(TimeoutError):
        slow.receive()
    with pytest.raises(TlsError):  # at once
        slow.send(b"too late", deadline=None)
    connection.send(connection.receive(deadline=None))
    assert peer.end()[0] == b"hello"
