"""TLS on the connections of a listener."""

import logging
import socket
import ssl
import threading
from contextlib import suppress

import pytest
from certificates import make_certificate, unfit_files

from flux.nodes.http import Disconnected, HttpError, read_request, response
from flux.nodes.tcp import UnveiledError
from flux.nodes.tls import BadCertificateError, Tls, TlsError


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("tls"), "first.example")


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("tls"), "second.example")


@pytest.fixture
def files(first, tmp_path):
    """Those of the first certificate, which a test may change."""
    own = type(first)(tmp_path / "site.pem", tmp_path / "site.key")
    own.replace_with(first)
    return own


@pytest.fixture
def tls(files):
    return Tls(str(files.certificate), str(files.key))


@pytest.fixture
def listener(make_listener, tls):
    return make_listener(tls=tls)


def trusting(certificate, **options):
    context = ssl.create_default_context(cafile=str(certificate.certificate))
    context.set_alpn_protocols(["h2", "http/1.1"])
    for name, value in options.items():
        setattr(context, name, value)
    return context


class Peer:
    """A client in a thread of its own, as handshakes need both sides; `said` is what it got."""

    def __init__(self, listener, context, say, host="127.0.0.1"):
        self.said = None
        self._say = say
        self._host = host
        self._context = context
        self._place = listener.host, listener.port
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        with socket.create_connection(self._place, timeout=30) as plain:
            try:
                with self._context.wrap_socket(plain, server_hostname=self._host) as client:
                    self.said = self._say(client)
            except OSError as error:
                self.said = error

    def end(self):
        self._thread.join()
        return self.said


def told(client):
    return client.version(), client.selected_alpn_protocol()


def hear(listener):
    """Do what a source does, until the listener is closed."""
    with suppress(StopIteration):
        listener.listen()


def exchange(client):
    client.sendall(b"hello")
    return client.recv(5), *told(client)


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


def name_of(listener, certificate, host="127.0.0.1"):
    """What a client is shown that trusts this certificate only."""

    def look(client):
        client.sendall(b"?")
        assert client.recv(1) == b"!"
        return client.getpeercert()["subject"]

    peer = Peer(listener, trusting(certificate), look, host)
    connection = listener.listen()
    assert connection.receive() == b"?"
    connection.send(b"!")
    return dict(peer.end()[0])["commonName"]


def test_files_that_change_are_read_again(make_listener, files, first, second):
    clock = Clock()
    listener = make_listener(tls=Tls(str(files.certificate), str(files.key), clock=clock))
    files.replace_with(second)
    assert name_of(listener, first) == "first.example"
    clock.now = 1.0
    assert name_of(listener, second) == "second.example"


def test_while_new_files_make_no_sense_the_old_ones_stay(make_listener, files, first, caplog):
    clock = Clock()
    listener = make_listener(tls=Tls(str(files.certificate), str(files.key), clock=clock))
    files.key.write_text("nonsense")
    clock.now = 1.0
    with caplog.at_level(logging.WARNING, "flux"):
        assert name_of(listener, first) == "first.example"
    assert "the old certificate stays: " in caplog.text
    files.replace_with(first)
    clock.now = 2.0
    assert name_of(listener, first) == "first.example"


def test_a_client_gets_the_certificate_of_the_host_that_it_asks_for(make_listener, first, second):
    tls = Tls(str(first.certificate), str(first.key))
    tls.add("Second.Example", str(second.certificate), str(second.key))
    listener = make_listener(tls=tls)
    assert name_of(listener, second, "second.example") == "second.example"
    assert name_of(listener, first, "first.example") == "first.example"
    assert name_of(listener, first) == "first.example"


@pytest.fixture(scope="module")
def unfit(first, second, tmp_path_factory):
    files = {"pem": first.certificate, "key": first.key, "other": second.key}
    return files | unfit_files(first, tmp_path_factory.mktemp("unfit"))


@pytest.mark.parametrize(
    ("certificate", "key", "told"),
    [
        ("key", "key", r"first\.example\.key holds no certificate in the form PEM"),
        ("pem", "pem", r"first\.example\.pem holds no private key in the form PEM"),
        ("broken", "key", r"cannot use .*broken\.pem with .*first\.example\.key: "),
        ("pem", "other", r"second\.example\.key is not the key of the first certificate in"),
        ("pem", "rsa", r"rsa\.key is not the key of the first certificate in"),
        ("pem", "locked", r"locked\.key is encrypted: write it without, by `openssl pkey"),
    ],
)
def test_files_that_make_no_sense_are_refused_with_a_remedy(unfit, certificate, key, told):
    with pytest.raises(BadCertificateError, match=told):
        Tls(str(unfit[certificate]), str(unfit[key]))


def test_a_file_that_is_not_there_is_refused_at_once(first, tmp_path):
    with pytest.raises(FileNotFoundError):
        Tls(str(first.certificate), str(tmp_path / "nowhere"))
