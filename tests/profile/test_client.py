"""Asking servers: those that answer, and whatever else may listen at an address."""

import socket

import pytest
from measured.image import image_profile
from measured.server import FakeServer, saying

from flux.profile import client
from flux.profile.client import Address, Server, UnreachableError, parsed_address
from flux.profile.errors import ProfileError

SECRET = "open-sesame"  # noqa: S105 - it protects nothing


def at(address, token=None):
    return Server(parsed_address(address), token)


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(client, "PATIENCE", 0.05)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:9100", Address("127.0.0.1", 9100)),
        ("localhost:80", Address("localhost", 80)),
        ("image-1.example.org:65535", Address("image-1.example.org", 65535)),
        ("[::1]:9100", Address("::1", 9100)),
        ("unix:/run/image.sock", Address("localhost", path="/run/image.sock")),
        ("unix:image.sock", Address("localhost", path="image.sock")),
    ],
)
def test_addresses_are_read_and_shown_as_they_are_written(text, address):
    assert parsed_address(text) == address
    assert str(address) == text


@pytest.mark.parametrize(
    "text",
    ["", "image", "9100", ":9100", "a:0", "a:65536", "a:b", "::1:9100", "a b:1", "unix:", "a:1\n"],
)
def test_what_is_no_address_is_none(text):
    assert parsed_address(text) is None


def test_a_server_is_asked_over_tcp():
    with FakeServer(image_profile()).listening() as address:
        assert at(address).profile() == image_profile()


def test_a_server_is_asked_over_a_unix_socket(tmp_path):
    with FakeServer(image_profile()).listening(tmp_path / "socket") as address:
        assert at(address).profile() == image_profile()


def test_a_server_is_turned_on_and_off():
    fake = FakeServer(image_profile(), on=False)
    with fake.listening() as address:
        server = at(address)
        assert [server.start().on, server.stop().on] == [True, False]
    assert fake.asked == ["POST /start", "POST /stop"]


def test_the_name_of_the_host_is_not_told():
    fake = FakeServer(image_profile())
    with fake.listening() as address:
        port = address.partition(":")[2]
        assert at(f"localhost:{port}").profile().on


def test_the_flows_that_live_are_read():
    flow = {
        "source": "Listen",
        "target": "Image",
        "node": None,
        "state": "queued",
        "holds": ["cache?"],
        "awaits": None,
        "age": 7,
    }
    with FakeServer(
        image_profile(), flows={"flows": [flow], "more": 2, "on": True}
    ).listening() as a:
        found = at(a).flows()
    assert (found.flows[0].holds, found.more) == (("cache?",), 2)


def test_a_token_is_shown():
    with FakeServer(image_profile(), token=SECRET).listening() as address:
        assert at(address, SECRET).profile().on


@pytest.mark.parametrize(("token", "wanted"), [(None, "a token"), ("wrong", "another token")])
def test_a_refused_token_is_told_with_the_remedy(token, wanted):
    with (
        FakeServer(image_profile(), token=SECRET).listening() as address,
        pytest.raises(ProfileError, match=f"wants {wanted}: .* with --token-file"),
    ):
        at(address, token).profile()


@pytest.mark.parametrize("token", ["", "a\r\nHost: b", "\x00"])
def test_a_token_cannot_add_a_header(token):
    with pytest.raises(ProfileError, match="a token is a line of text"):
        at("127.0.0.1:1", token)


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def test_nobody_may_listen(free_port):
    with pytest.raises(
        UnreachableError, match=r"nobody listens at .* `--profile-listen 127.0.0.1:"
    ):
        at(f"127.0.0.1:{free_port}").profile()


def test_there_may_be_no_such_socket(tmp_path):
    with pytest.raises(UnreachableError, match="nobody listens at unix:"):
        at(f"unix:{tmp_path}/none").profile()


def test_a_path_may_be_too_long_for_a_socket(tmp_path):
    with pytest.raises(ProfileError, match="path too long"):
        at(f"unix:{tmp_path}/{'a' * 200}").profile()


def test_a_host_may_be_unknown():
    with pytest.raises(UnreachableError, match="no machine is called"):
        at("no-such-machine.invalid:1").profile()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "hung up without an answer"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "is no Flux server"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "is no profile"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello", "hung up in the middle"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "is no Flux server"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "no profile is so large"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "is no Flux server"),
        (b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", "is no Flux server"),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "refuses to be asked"),
        (b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", "failed to answer"),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "ask again"),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", "is no Flux server"),
        (b"HTTP/1.1 200 OK\r\nA: " + b"b" * 70_000 + b"\r\n\r\n", "is no Flux server"),
    ],
)
def test_whatever_listens_is_no_traceback(data, message):
    with saying(data) as address, pytest.raises(ProfileError, match=message):
        at(address).profile()


def test_more_than_a_profile_is_not_read(monkeypatch):
    monkeypatch.setattr(client, "MOST_BYTES", 100)
    with (
        saying(b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * 200) as address,
        pytest.raises(ProfileError, match="no profile is so large"),
    ):
        at(address).profile()


@pytest.mark.usefixtures("impatient")
def test_a_server_that_says_nothing_is_not_waited_for():
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(UnreachableError, match="doesn't answer within"),
    ):
        at(f"127.0.0.1:{silent.getsockname()[1]}").profile()
