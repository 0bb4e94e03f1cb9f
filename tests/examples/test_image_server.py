"""The image server on every runtime: requests sound and unsound, until it is stopped."""

import re
import resource
from contextlib import ExitStack
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from image_client import POOL, serving
from image_root import PICTURE, make_pictures
from PIL import Image

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler

THREAD = ("--runtime", "thread")
EVENT = ("--runtime", "event")
CARRIERS = [
    ("python", POOL),
    ("python", THREAD),
    ("python", EVENT),
    ("cpp", POOL),
    ("cpp", THREAD),
    ("cpp", EVENT),
    ("cpp", (*EVENT, "--cores", "2")),
]


@pytest.fixture(scope="module", autouse=True)
def _thousands_of_descriptors():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_pictures(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module", params=CARRIERS, ids=lambda each: f"{each[0]} {each[1][1:]}")
def carrier(request):
    """A target and a runtime, ready to start."""
    target, runtime = request.param
    if target == "cpp":
        request.getfixturevalue("languages")
    elif runtime == EVENT:
        request.getfixturevalue("fibers")
    return {"target": target, "runtime": runtime}


@pytest.fixture(scope="module")
def server(root, carrier):
    with serving(root, **carrier) as running:
        yield running


def size(reply):
    return Image.open(BytesIO(reply.body)).size


def test_a_picture_comes_as_a_jpeg_and_then_from_the_cache(server):
    first, second = server.ask("/small.jpg?quality=50"), server.ask("/small.jpg?quality=50")
    assert (first.status, first.fields["content-type"], size(first)) == (
        200,
        "image/jpeg",
        (60, 40),
    )
    assert (first.fields["x-cache"], second.fields["x-cache"]) == ("miss", "hit")
    assert first.body == second.body


def test_a_picture_comes_in_the_size_that_was_asked_for(server):
    assert size(server.ask("/small.jpg?width=30")) == (30, 20)


def test_head_is_answered_without_a_body(server):
    with server.connect() as client:
        head, whole = client.ask("/small.jpg", "HEAD"), client.ask("/small.jpg")
    assert head.fields["content-length"] == str(len(whole.body))


def test_a_client_that_has_the_picture_is_told_so(server):
    with server.connect() as client:
        tag = client.ask("/small.jpg").fields["etag"]
        again = client.ask("/small.jpg", If_None_Match=tag)
        after = client.ask("/small.jpg")
    assert (again.status, again.fields["etag"], after.status) == (304, tag, 200)


def test_a_connection_is_kept_after_a_picture_and_after_a_refusal(server):
    with server.connect() as client:
        statuses = [
            client.ask("/small.jpg").status,
            client.ask("/nowhere.jpg").status,
            client.ask("/nowhere.jpg", "HEAD").status,
            client.ask("/small.jpg?width=0", "HEAD").status,
            client.ask("/small.jpg", "DELETE").status,
            client.ask("/small.jpg").status,
        ]
    assert statuses == [200, 404, 404, 400, 405, 200]


def test_a_client_that_wants_no_more_is_closed_upon(server):
    with server.connect() as client:
        assert client.ask("/small.jpg", Connection="close").fields["connection"] == "close"
        assert client.has_ended()


def test_a_client_of_http_1_0_is_closed_upon(server):
    with server.connect() as client:
        client.send(b"GET /small.jpg HTTP/1.0\r\n\r\n")
        assert client.reply().status == 200
        assert client.has_ended()


def test_requests_sent_ahead_are_answered_in_order(server):
    with server.connect() as client:
        client.send(
            b"GET /small.jpg?width=10 HTTP/1.1\r\nHost: here\r\n\r\n"
            b"GET /nowhere.jpg HTTP/1.1\r\nHost: here\r\n\r\n"
            b"HEAD /small.jpg HTTP/1.1\r\nHost: here\r\n\r\n"
            b"GET /small.jpg?width=20 HTTP/1.1\r\nHost: here\r\n\r\n"
        )
        assert size(client.reply()) == (10, 7)
        assert client.reply().status == 404
        assert client.reply(has_body=False).status == 200
        assert size(client.reply()) == (20, 13)


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/", 404),
        ("/nowhere.jpg", 404),
        ("/small.ppm", 404),
        ("/junk.jpg", 500),
        ("/outside.jpg", 404),
        ("/../../../etc/passwd.jpg", 404),
        ("/%2e%2e/%2e%2e/etc/passwd.jpg", 404),
        ("/..%2f..%2fetc%2fpasswd.jpg", 404),
        ("/..%5c..%5cetc.jpg", 404),
        ("//etc/passwd.jpg", 404),
        ("/small%00.jpg", 400),
        ("/" + "n" * 300 + ".jpg", 404),
        ("/small.jpg?width=65500&height=65500", 400),
        ("/small.jpg?width=65500", 400),
        ("/small.jpg?quality=100", 400),
        ("/" + "n" * 10_000, 414),
    ],
)
def test_a_target_that_leads_nowhere_gets_its_status(server, target, status):
    assert server.ask(target).status == status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (b"junk\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET /small.jpg HTTP/1.1\r\n\r\n", 400),
        (b"GET /small.jpg HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET /sm\0ll.jpg HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nHost: a\r\nA: " + b"a" * 40_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"A: a\r\n" * 200 + b"\r\n", 431),
    ],
)
def test_what_is_no_sound_request_gets_its_status_and_an_end(server, text, status):
    with server.connect() as client:
        client.send(text)
        assert client.reply().status == status
        assert client.has_ended()


def test_a_request_may_come_split_at_any_byte(server):
    text = b"GET /small.jpg HTTP/1.1\r\nHost: here\r\nX: y\r\n\r\n"
    with server.connect() as client:
        for end in range(1, len(text)):
            client.send(text[:end])
            client.send(text[end:])
            assert client.reply().status == 200


def test_a_request_may_come_byte_by_byte(server):
    with server.connect() as client:
        for byte in b"GET /small.jpg HTTP/1.1\r\nHost: here\r\n\r\n":
            client.send(bytes([byte]))
        assert client.reply().status == 200


@given(st.binary(max_size=200) | st.binary(max_size=50).map(b"GET /small.jpg HTTP/1.1\r\n".__add__))
def test_arbitrary_bytes_get_a_refusal_or_nothing(server, data):
    with server.connect() as client:
        client.send(data)
        client.finish()
        assert re.match(rb"HTTP/1.1 (4|50[15])|$", client.file.read())


def test_headers_that_never_end_are_cut_off(server):
    with server.connect() as client:
        client.send(b"GET /small.jpg HTTP/1.1\r\nHost: here\r\n")
        client.send(b"Name: value\r\n" * 4000)
        assert client.reply().status == 431


def test_a_thousand_idle_clients_cost_no_thread(server):
    before = server.threads()
    clients = [server.connect() for _ in range(1000)]
    try:
        served = [client.ask("/small.jpg").status for client in clients[::100]]
        during = server.threads()
    finally:
        for client in clients:
            client.close()
    assert served == [200] * 10
    assert during < before + 10


def test_a_picture_that_changes_is_seen(root, server):
    (root / "changing.ppm").write_bytes(PICTURE)
    before = server.ask("/changing.jpg")
    (root / "changing.ppm").write_bytes(b"P5 3 3 255\n123456789")
    after = server.ask("/changing.jpg")
    (root / "changing.ppm").unlink()
    assert (size(before), size(after), after.fields["x-cache"]) == ((60, 40), (3, 3), "miss")
    assert server.ask("/changing.jpg").status == 404


def test_a_stopped_server_parts_from_everybody_and_exits_with_0(root, carrier):
    with serving(root, **carrier) as server, server.connect() as idle:
        assert idle.ask("/small.jpg").status == 200
        server.ask_to_stop()
        assert idle.has_ended()
        assert server.end() == 0


def test_no_request_is_lost_that_came_before_the_server_stops(root, carrier):
    with serving(root, **carrier) as server, ExitStack() as clients:
        asking = [clients.enter_context(server.connect()) for _ in range(32)]
        for client in asking:
            client.ask("/small.jpg")
        for client in asking:
            client.send(b"GET /small.jpg HTTP/1.1\r\nHost: here\r\n\r\n")
        server.ask_to_stop()
        assert [client.reply().status for client in asking] == [200] * 32
        assert server.end() == 0


def test_a_request_in_flight_when_the_server_stops_is_answered(root, carrier):
    with (
        serving(root, **carrier) as server,
        server.connect() as idle,
        server.connect() as client,
    ):
        idle.ask("/small.jpg")
        client.send(b"GET /small.jpg HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\n")
        client.send(b"Content-Length: 1\r\n\r\n")
        assert client.reply().status == 100  # its flow has begun, and waits for one byte more
        server.ask_to_stop()
        assert idle.has_ended()
        client.send(b".")
        reply = client.reply()
        assert (reply.status, reply.fields["connection"]) == (200, "close")
        assert server.end() == 0
