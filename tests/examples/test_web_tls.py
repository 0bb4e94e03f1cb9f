"""The web server with TLS: the same answers, and whom it refuses."""

import ssl
import subprocess
from contextlib import ExitStack

import pytest
from certificates import make_certificate, unfit_files
from conftest import WEB
from image_client import FLUX, POOL, Client, serving

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler

CARRIERS = [
    ("python", POOL),
    ("python", ("--runtime", "thread")),
    ("python", ("--runtime", "event")),
    ("cpp", POOL),
    ("cpp", ("--runtime", "thread")),
    ("cpp", ("--runtime", "event", "--cores", "2")),
]
FILE = """
root = "root"
certificate = "web.example.pem"
key = "web.example.key"
timeout = 0.5

[hosts."other.example"]
root = "other"
certificate = "other.example.pem"
key = "other.example.key"
"""
LARGE = bytes(range(256)) * 8000
MEDIUM = LARGE[:100_001]  # in memory
PAGES = {"/page.html": b"page of root", "/medium.bin": MEDIUM, "/large.bin": LARGE}


class TlsClient(Client):
    """A client that trusts one certificate."""

    def __init__(self, port, certificate, host="127.0.0.1"):
        super().__init__(port)
        context = ssl.create_default_context(cafile=str(certificate.certificate))
        context.set_alpn_protocols(["h2", "http/1.1"])
        self.file.close()
        self.socket = context.wrap_socket(self.socket, server_hostname=host)
        self.file = self.socket.makefile("rb")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a file of settings, and what it tells of."""
    folder = tmp_path_factory.mktemp("tls")
    for name in ("root", "other"):
        (folder / name).mkdir()
        (folder / name / "page.html").write_text(f"page of {name}")
    (folder / "root" / "large.bin").write_bytes(LARGE)
    (folder / "root" / "medium.bin").write_bytes(MEDIUM)
    (folder / "web.toml").write_text(FILE)
    return folder


@pytest.fixture(scope="module")
def certificate(place):
    return make_certificate(place, "web.example")


@pytest.fixture(scope="module")
def other(place):
    return make_certificate(place, "other.example")


@pytest.fixture(scope="module")
def servers(place, certificate, other, web_languages, fibers):  # noqa: ARG001 - ready
    options = ("--config", str(place / "web.toml"), "--access-log", str(place / "log"))
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                serving(None, *options, target=target, runtime=runtime, program=WEB)
            )
            for target, runtime in CARRIERS
        ]


def test_requests_on_one_connection_are_answered(servers, certificate):
    for server in servers:
        with TlsClient(server.port, certificate) as client:
            assert client.socket.selected_alpn_protocol() == "http/1.1"
            for path, body in [*PAGES.items()] * 2:
                assert client.ask(path).body == body
            client.send(b"GET /page.html HTTP/1.1\r\nHost: h\r\n\r\n" * 3)
            assert [client.reply().body for _ in range(3)] == [b"page of root"] * 3
            client.send(b"GET /page.html HTTP/1.0\r\n\r\n")
            assert client.reply().body == b"page of root"
            assert client.has_ended()


def test_a_request_may_come_in_many_records(servers, certificate):
    for server in servers:
        with TlsClient(server.port, certificate) as client:
            for byte in b"GET /page.html HTTP/1.1\r\nHost: h\r\n\r\n":
                client.send(bytes([byte]))
            assert client.reply().body == b"page of root"


def test_a_host_has_a_certificate_of_its_own(servers, certificate, other):
    for server in servers:
        with TlsClient(server.port, other, "other.example") as client:
            client.send(b"GET /page.html HTTP/1.1\r\nHost: other.example\r\n\r\n")
            assert client.reply().body == b"page of other"
        with TlsClient(server.port, certificate, "web.example") as client:
            assert client.ask("/page.html").body == b"page of root"


def test_who_speaks_no_tls_is_told_so_and_others_get_their_answers(servers, certificate):
    for server in servers:
        with server.connect() as plain, TlsClient(server.port, certificate) as client:
            reply = plain.ask("/page.html")
            assert (reply.status, reply.body) == (400, b"400 this is HTTPS: ask for https://\n")
            assert plain.has_ended()
            assert client.ask("/page.html").body == b"page of root"


def test_an_old_version_is_refused(servers, certificate):
    for server in servers:
        with server.connect() as plain, pytest.raises(ssl.SSLError):
            with_old_tls(certificate).wrap_socket(plain.socket, server_hostname="127.0.0.1")


def with_old_tls(certificate):
    context = ssl.create_default_context(cafile=str(certificate.certificate))
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def test_a_handshake_that_is_never_whole_is_given_up(servers):
    for server in servers:
        with server.connect() as client:
            client.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
            assert b"HTTP" not in client.file.read()


def test_a_client_that_takes_leave_leaves_no_trace_in_the_log(servers, certificate, place):
    for number, server in enumerate(servers):
        for _ in range(5):
            with TlsClient(server.port, certificate) as client:
                assert client.ask(f"/leave-{number}").status == 404
                client.socket.unwrap().close()
        server.ask_to_stop()
        assert server.end() == 0
    lines = (place / "log").read_text(encoding="ascii").splitlines()
    assert sum("/leave-" in line for line in lines) == 5 * len(servers)
    others = 2 * len(servers)  # who spoke no TLS, or were too slow
    assert sum('"-" 400' in line for line in lines) < others + 5


@pytest.mark.usefixtures("web_languages")
@pytest.mark.parametrize("target", ["python", "cpp"])
def test_a_certificate_that_is_none_ends_the_program_with_a_remedy(place, target, certificate):
    files = unfit_files(certificate, place)
    pem, key = certificate.certificate, certificate.key
    for words, told in [
        (["--certificate", pem], "name both, or none"),
        (["--certificate", key, "--key", key], f"{key} holds no certificate in the form PEM"),
        (["--certificate", pem, "--key", pem], f"{pem} holds no private key in the form PEM"),
        (["--certificate", files["broken"], "--key", key], f"cannot use {files['broken']} with"),
        (["--certificate", pem, "--key", files["rsa"]], "rsa.key is not the key of the first cert"),
        (["--certificate", pem, "--key", files["locked"]], "locked.key is encrypted: write it"),
    ]:
        command = [*FLUX, "run", WEB, "--target", target, "--", "--port", "0", *words]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert ran.returncode != 0
        assert ran.stdout == ""
        assert told in ran.stderr
