import http.client
import json
import socket
import stat
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from runtime.profiler.profiles import decoded, program

from flux.runtime import ProfileError, ProfileOptions
from flux.runtime.profiler.addresses import of_worker
from flux.runtime.profiler.listener import MOST_CLIENTS, Listener


def waiting(given):
    """Give a source that ends when something is put into an event."""

    def listen():
        yield 1
        given.wait()

    return listen


@pytest.fixture
def over():
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def serve(tmp_path, over):
    """Serve a program that has carried one flow and waits for the next."""
    servers = []

    def start(address="127.0.0.1:0", *, on=True, token=None):
        ended = threading.Event()
        options = ProfileOptions(on=on, listen=address, token_file=token, file=str(tmp_path / "it"))
        server = program(tmp_path, Listen=waiting(over)).server(
            profile=options, on_end=lambda *_: ended.set()
        )
        servers.append(server.start())
        assert ended.wait(10)
        return server._profiling._listener.address

    yield start
    over.set()
    for server in servers:
        server.stop()


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("127.0.0.1:9100", "127.0.0.1:9102"),
        ("[::1]:9100", "[::1]:9102"),
        ("127.0.0.1:0", "127.0.0.1:0"),
        ("unix:/run/it.sock", "unix:/run/it.sock.2"),
        ("nowhere", "nowhere"),
    ],
)
def test_each_worker_has_an_address_of_its_own(address, own):
    assert of_worker(address, 2) == own


def ask(address, path="/profile", method="GET", **headers):
    host, _, port = address.rpartition(":")
    connection = http.client.HTTPConnection(host.strip("[]"), int(port), timeout=10)
    connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def connected(address):
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=10)


def said(client):
    with client:
        return b"".join(iter(lambda: client.recv(4096), b"")).decode()


@pytest.mark.parametrize("address", ["127.0.0.1:0", "[::1]:0", "localhost:0"])
def test_profile_is_answered_as_json(serve, address):
    status, text = ask(serve(address))
    assert status == 200
    assert [path.count for path in decoded(text).paths] == [1]


def test_profile_is_turned_on_and_off_and_forgotten(serve):
    address = serve(on=False)
    assert decoded(ask(address)[1]).on is False
    assert decoded(ask(address, "/start", "POST")[1]).on is True
    stopped = decoded(ask(address, "/stop", "POST")[1])
    assert (stopped.on, stopped.elapsed > 0) == (False, True)
    cleared = decoded(ask(address, "/clear", "POST")[1])
    assert (cleared.elapsed, cleared.began, cleared.paths) == (0, None, ())


def test_paths_are_answered_as_text(serve):
    _, text = ask(serve(), "/paths.txt")
    heading, line = text.splitlines()
    assert "total ms" in heading
    assert line.endswith("Listen: Listen -> First -> Choose:[_] -> Miss -> End")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"path": "/"}, 404),
        ({"path": "/stop"}, 405),
        ({"method": "POST"}, 405),
        ({"Origin": "http://evil.example"}, 403),
        ({"Host": "evil.example"}, 403),
        ({"Host": "evil.example:80"}, 403),
        ({"Content_Length": "3"}, 400),
        ({"Transfer_Encoding": "chunked"}, 400),
        ({"X": "y" * 9000}, 431),
        ({"Host": "localhost:9100"}, 200),
        ({"Host": "[::1]:9100"}, 200),
        ({"path": "/profile?pretty"}, 200),
    ],
)
def test_only_proper_requests_are_answered(serve, asked, status):
    assert ask(serve(), **asked)[0] == status


@pytest.mark.parametrize(
    "rubbish",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n",
        b"GET /profile\r\n\r\n",
        b"GET /profile HTTP/1.1\r\nno header\r\n\r\n",
        b"GET /profile HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n",
        b" \r\n\r\n",
        b"\r\n\r\n",
    ],
)
def test_rubbish_is_refused(serve, rubbish):
    client = connected(serve())
    client.sendall(rubbish)
    assert said(client).startswith("HTTP/1.1 400 ")


def test_endless_request_is_refused(serve):
    client = connected(serve())
    client.sendall(b"GET /" + b"x" * 9000)
    assert said(client).startswith("HTTP/1.1 431 ")


def test_clients_that_go_do_no_harm(serve):
    address = serve()
    for _ in range(3 * MOST_CLIENTS):
        client = connected(address)
        client.sendall(b"GET /profile HTTP/1.1\r\n")
        client.close()
    assert ask(address)[0] == 200


@contextmanager
def besieged(tmp_path, over, patience):
    """The address of a listener of such patience, and twice as many clients as it serves."""
    server = program(tmp_path, Listen=waiting(over)).server()
    listener = Listener("127.0.0.1:0", None, patience=patience)
    with server:
        listener.start(server.profiler)
        yield listener.address, [connected(listener.address) for _ in range(2 * MOST_CLIENTS)]
        over.set()
    listener.close()


def test_slow_clients_make_room_when_their_time_is_over(tmp_path, over):
    with besieged(tmp_path, over, 0.2) as (address, clients):
        assert ask(address)[0] == 200
        assert {said(client) for client in clients} == {""}


def test_clients_that_say_nothing_make_room_for_others(tmp_path, over):
    with besieged(tmp_path, over, 60.0) as (address, silent):
        assert ask(address)[0] == 200
        for client in silent:
            client.close()


def test_many_clients_are_all_answered(serve):
    address = serve()
    statuses = []
    threads = [threading.Thread(target=lambda: statuses.append(ask(address)[0])) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 50


def test_token_has_to_be_known(serve, tmp_path):
    file = tmp_path / "token"
    file.write_text("open sesame\n")
    address = serve(token=str(file))
    assert ask(address)[0] == 401
    assert ask(address, Authorization="Bearer wrong")[0] == 401
    assert ask(address, Authorization="Bearer open sesame")[0] == 200


def test_other_machines_may_ask_only_with_a_token(serve, tmp_path):
    with pytest.raises(ProfileError, match="needs a token file"):
        serve("0.0.0.0:0")
    file = tmp_path / "token"
    file.write_text("secret")
    assert ask(serve("0.0.0.0:0", token=str(file)), Authorization="Bearer secret")[0] == 200


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("9100", "an address is like 127.0.0.1:9100"),
        ("127.0.0.1:99999", "an address is like"),
        ("::1:80", "an address is like"),
        ("unix:", "a path is missing"),
        ("unix:/nowhere/it.sock", "No such file or directory"),
    ],
)
def test_what_is_no_address_is_told(tmp_path, address, why):
    server = program(tmp_path, Listen=waiting).server(profile=ProfileOptions(listen=address))
    with pytest.raises(ProfileError, match=why):
        server.start()


def test_empty_token_is_refused(serve, tmp_path):
    (tmp_path / "token").touch()
    with pytest.raises(ProfileError, match="is empty"):
        serve(token=str(tmp_path / "token"))


def test_unix_socket_is_for_its_user_and_goes_with_the_server(serve, tmp_path, over):
    file = tmp_path / "it.sock"
    serve(f"unix:{file}")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    client = socket.socket(socket.AF_UNIX)
    client.connect(str(file))
    client.sendall(b"GET /flows HTTP/1.1\r\n\r\n")
    head, _, body = said(client).partition("\r\n\r\n")
    assert "application/json" in head
    assert json.loads(body) == {"flows": [], "more": 0, "every": 1, "on": True}
    over.set()


def test_unix_socket_is_removed_at_the_end(tmp_path, over):
    file = tmp_path / "it.sock"
    options = ProfileOptions(listen=f"unix:{file}")
    with program(tmp_path, Listen=waiting(over)).server(profile=options):
        assert file.exists()
        over.set()
    assert not file.exists()


def test_stale_unix_socket_is_replaced_and_a_live_one_is_not(serve, tmp_path):
    file = tmp_path / "it.sock"
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(file))
    serve(f"unix:{file}")
    with pytest.raises(ProfileError, match="in use"):
        serve(f"unix:{file}")


def test_file_that_is_no_socket_is_left_alone(serve, tmp_path):
    file = tmp_path / "it.sock"
    file.write_text("mine")
    with pytest.raises(ProfileError, match="in use"):
        serve(f"unix:{file}")
    assert Path(file).read_text() == "mine"
