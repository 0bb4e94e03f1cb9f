"""Which scripts the web server has run, and what they are told and sent."""

import queue

import pytest
from conftest import WEB
from fastcgi_server import record
from image_client import serving
from web_scripts import LARGE, begin_upload

from fastcgi import encode

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler


@pytest.mark.parametrize(
    "path",
    [
        *("/absent.php", "/out.php", "/plain.php%00.txt", "/%2e%2e/a.php"),
        *("/absent.php/more", "/out.php/more", "/plain.php/.hidden", "/folder.php/absent"),
    ],
)
def test_what_is_no_script_is_not_run(script_servers, path):
    for server in script_servers:
        assert server.ask(path).status in {400, 404}


@pytest.mark.parametrize("target", ["python", "cpp"])
@pytest.mark.usefixtures("web_languages")
def test_without_a_server_of_scripts_their_texts_are_not_given_away(scripts, target):
    with serving(scripts / "root", target=target, program=WEB) as server:
        for path in ("/plain.php", "/LOUD.PHP", "/folder/"):
            assert server.ask(path).status == 404


def test_a_script_is_told_of_its_request(script_servers, stand_in, scripts):
    told = []
    for server in script_servers:
        with server.connect() as client:
            client.send(
                b"POST /plain.php?a=%20b HTTP/1.1\r\nHost: [::1]:80\r\nX-Y: z\r\nx-y: \xe9\r\n"
                b"X_Y: evil\r\nProxy: evil\r\nContent-Type: text/x\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
            )
            assert client.reply().status == 200
            own = {"REMOTE_PORT": str(client.socket.getsockname()[1])}
        own["SERVER_PORT"] = str(server.port)
        assert own.items() <= stand_in.asked.items()
        told.append({key: stand_in.asked[key] for key in stand_in.asked.keys() - own.keys()})
        assert stand_in.body == b"abc"
    root = str((scripts / "root").resolve())
    assert told == [
        {
            "GATEWAY_INTERFACE": "CGI/1.1",
            "SERVER_SOFTWARE": "flux",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "SERVER_NAME": "[::1]",
            "SERVER_ADDR": "127.0.0.1",
            "REMOTE_ADDR": "127.0.0.1",
            "REQUEST_METHOD": "POST",
            "REQUEST_URI": "/plain.php?a=%20b",
            "QUERY_STRING": "a=%20b",
            "DOCUMENT_ROOT": root,
            "SCRIPT_NAME": "/plain.php",
            "SCRIPT_FILENAME": f"{root}/plain.php",
            "CONTENT_TYPE": "text/x",
            "CONTENT_LENGTH": "3",
            "REDIRECT_STATUS": "200",
            "HTTP_HOST": "[::1]:80",
            "HTTP_X_Y": "z, \xe9",
            "HTTP_TRANSFER_ENCODING": "chunked",
        }
    ] * len(script_servers)


@pytest.mark.parametrize(
    ("path", "name", "rest"),
    [
        ("/plain.php/a/b", "/plain.php", "/a/b"),
        ("/plain.php/", "/plain.php", "/"),
        ("/plain.php/x.php/y", "/plain.php", "/x.php/y"),
        ("/LOUD.PHP/%c3%a4?q", "/LOUD.PHP", "/\xe4"),
        ("/folder.php/inner.php/a", "/folder.php/inner.php", "/a"),
        ("/plain.php", "/plain.php", None),
    ],
)
def test_a_script_is_told_what_follows_its_name(script_servers, stand_in, path, name, rest):
    for server in script_servers:
        assert server.ask(path).status == 200
        root = stand_in.asked["DOCUMENT_ROOT"]
        asked = {key: value.encode("latin-1").decode() for key, value in stand_in.asked.items()}
        assert (asked["SCRIPT_NAME"], asked["SCRIPT_FILENAME"]) == (name, root + name)
        assert asked.get("PATH_INFO") == rest
        assert asked.get("PATH_TRANSLATED") == (rest and root + rest)


def test_a_long_length_takes_four_bytes():
    asked = encode({b"n" * 128: b"v" * 127}, b"")
    assert record(4, b"\x80\0\0\x80\x7f" + b"n" * 128 + b"v" * 127) in asked


def test_large_bodies_and_long_fields_reach_a_script_whole(script_servers, stand_in):
    body = bytes(range(256)) * 1000
    for server in script_servers:
        with server.connect() as client:
            client.send(b"POST /plain.php HTTP/1.1\r\nHost: h\r\nX: " + b"x" * 1000 + b"\r\n")
            client.send(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            assert client.reply().status == 200
        assert (stand_in.body, stand_in.asked["HTTP_X"]) == (body, "x" * 1000)


def upload_half(client, stand_in):
    """Send half of a body, until the script has it."""
    begin_upload(client, b"/upload.php", 2 * len(LARGE))
    client.send(LARGE)
    while stand_in.come.get(timeout=30) < len(LARGE):
        pass


def test_a_large_body_reaches_a_script_as_it_comes(script_servers, stand_in):
    for server in script_servers:
        stand_in.come = queue.SimpleQueue()
        with server.connect() as client:
            upload_half(client, stand_in)
            client.send(LARGE)
            reply = client.reply()
            assert (reply.status, reply.fields["connection"]) == (200, "close")
            assert client.has_ended()
        assert stand_in.asked["CONTENT_LENGTH"] == str(2 * len(LARGE))
        assert stand_in.body == 2 * LARGE


def test_a_script_is_left_alone_when_the_client_breaks_off(script_servers, stand_in):
    for server in script_servers:
        stand_in.come = queue.SimpleQueue()
        with server.connect() as client:
            upload_half(client, stand_in)
        assert stand_in.come.get(timeout=30) is None
        assert server.ask("/plain.php").status == 200


def test_a_large_body_is_only_asked_for_where_a_script_reads_it(script_servers):
    expecting = b"Expect: 100-continue\r\n"
    for server in script_servers:
        with server.connect() as client:
            begin_upload(client, b"/upload.php", len(LARGE), expecting)
            assert client.reply().status == 100
            client.send(LARGE)
            assert client.reply().status == 200
        with server.connect() as client:
            begin_upload(client, b"/page.html", len(LARGE), expecting)
            assert client.reply().status == 405
            assert client.has_ended()


def test_a_body_above_the_bound_is_refused(script_servers):
    for server in script_servers:
        with server.connect() as client:
            begin_upload(client, b"/upload.php", 3_000_001)
            assert client.reply().status == 413
            assert client.has_ended()


def test_a_large_body_in_chunks_is_refused_until_its_length_is_told(script_servers):
    chunks = b"POST /upload.php HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n"
    for server in script_servers:
        with server.connect() as client:
            client.send(chunks % len(LARGE))
            assert client.reply().status == 411
            assert client.has_ended()
