"""The web server with TLS: the same answers, and whom it refuses."""

import ssl
import subprocess
from contextlib import ExitStack

import pytest
from certificates import make_certificate
from conftest import WEB
from image_client import FLUX, POOL, Client, serving

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler

CARRIERS = [
    ("python", POOL),
    ("cpp", POOL),
    ("cpp", ("--runtime", "event", "--cores", "2")),
]
LARGE = bytes(range(256)) * 8000


class TlsClient(Client):
    """A client that trusts one certificate."""

    def __init__(self, port, certificate):
        super().__init__(port)
        context = ssl.create_default_context(cafile=str(certificate.certificate))
        context.set_alpn_protocols(["h2", "http/1.1"])
        self.file.close()
        self.socket = context.wrap_socket(self.socket, server_hostname="127.0.0.1")
        self.file = self.socket.makefile("rb")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("tls"), "web.example")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("root")
    (folder / "page.html").write_text("page")
    (folder / "large.bin").write_bytes(LARGE)
    return folder


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return tmp_path_factory.mktemp("log") / "access"


@pytest.fixture(scope="module")
def servers(root, log, certificate, web_languages):  # noqa: ARG001 - ready
    files = ("--certificate", str(certificate.certificate), "--key", str(certificate.key))
    options = (*files, "--access-log", str(log), "--timeout", "0.5")
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                serving(root, *options, target=target, runtime=runtime, program=WEB)
            )
            for target, runtime in CARRIERS
        ]


def test_requests_on_one_connection_are_answered(servers, certificate):
    for server in servers:
        with TlsClient(server.port, certificate) as client:
            assert client.socket.selected_alpn_protocol() == "http/1.1"
            for path, body in [("/page.html", b"page"), ("/large.bin", LARGE)] * 2:
                assert client.ask(path).body == body
            client.send(b"GET /page.html HTTP/1.1\r\nHost: h\r\n\r\n" * 3)
            assert [client.reply().body for _ in range(3)] == [b"page"] * 3
            client.send(b"GET /page.html HTTP/1.0\r\n\r\n")
            assert client.reply().body == b"page"
            assert client.has_ended()


def test_a_request_may_come_in_many_records(servers, certificate):
    for server in servers:
        with TlsClient(server.port, certificate) as client:
            for byte in b"GET /page.html HTTP/1.1\r\nHost: h\r\n\r\n":
                client.send(bytes([byte]))
            assert client.reply().body == b"page"


def test_who_speaks_no_tls_gets_no_answer_and_others_theirs(servers, certificate):
    for server in servers:
        with server.connect() as plain, TlsClient(server.port, certificate) as client:
            plain.send(b"GET /page.html HTTP/1.1\r\nHost: h\r\n\r\n")
            assert b"HTTP" not in plain.file.read()
            assert client.ask("/page.html").body == b"page"


def test_a_handshake_that_is_never_whole_is_given_up(servers):
    for server in servers:
        with server.connect() as client:
            client.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
            assert b"HTTP" not in client.file.read()


def test_a_client_that_takes_leave_leaves_no_trace_in_the_log(servers, certificate, log):
    for number, server in enumerate(servers):
        for _ in range(5):
            with TlsClient(server.port, certificate) as client:
                assert client.ask(f"/leave-{number}").status == 404
                client.socket.unwrap().close()
        server.ask_to_stop()
        assert server.end() == 0
    lines = log.read_text(encoding="ascii").splitlines()
    assert sum("/leave-" in line for line in lines) == 15
    assert sum('"-" 400' in line for line in lines) <= len(servers)  # who spoke no TLS


@pytest.mark.usefixtures("web_languages")
@pytest.mark.parametrize("target", ["python", "cpp"])
def test_a_certificate_that_is_none_ends_the_program_with_its_name(root, target, certificate):
    for words, told in [
        (["--certificate", str(root / "page.html"), "--key", str(certificate.key)], "page.html"),
        (["--certificate", str(certificate.certificate)], "name both, or none"),
    ]:
        command = [*FLUX, "run", WEB, "--target", target, "--", "--port", "0", *words]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert ran.returncode != 0
        assert ran.stdout == ""
        assert told in ran.stderr
