"""What becomes of what scripts of the web server say: those of a stand-in, and of PHP itself."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from cgi_outputs import OUTPUTS, check_output
from conftest import WEB
from image_client import serving
from processes import started
from web_scripts import LARGE, begin_upload

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler


@pytest.mark.parametrize("name", OUTPUTS)
def test_output_of_a_script_becomes_a_reply(script_servers, name):
    check_output(name, [server.ask(f"/{name}.php") for server in script_servers])


@pytest.mark.parametrize(
    ("name", "status"), [("noise", 502), ("busy", 502), ("silent", 504), ("early-cut", 502)]
)
def test_a_server_of_scripts_that_fails_is_told(script_servers, name, status):
    assert [server.ask(f"/{name}.php").status for server in script_servers] == [status] * len(
        script_servers
    )


def test_a_connection_goes_on_after_scripts_that_succeed_and_fail(script_servers):
    for server in script_servers:
        with server.connect() as client:
            names = ["plain", "noise", "nothing", "large", "plain"]
            statuses = [client.ask(f"/{name}.php").status for name in names]
        assert statuses == [200, 502, 204, 200, 200]


def test_what_a_script_says_is_passed_on_as_it_comes(script_servers, stand_in):
    for server in script_servers:
        with server.connect() as client:
            client.send(b"GET /slow.php HTTP/1.1\r\nHost: h\r\n\r\n")
            fields = b"".join(iter(client.file.readline, b"\r\n"))
            assert b"\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n" in fields
            assert client.chunk() == b"first"
            stand_in.may_go_on.release()
            assert [client.chunk(), client.chunk()] == [b"second", b""]
            assert client.ask("/plain.php").status == 200


def test_an_old_client_gets_what_comes_until_the_end(script_servers, stand_in):
    for server in script_servers:
        with server.connect() as client:
            client.send(b"GET /slow.php HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            fields = b"".join(iter(client.file.readline, b"\r\n"))
            assert client.file.read(5) == b"first"
            stand_in.may_go_on.release()
            assert client.file.read() == b"second"
        assert fields.endswith(b"\r\nA: b\r\nConnection: close\r\n")
        assert b"Content-Length" not in fields


def test_a_script_that_breaks_off_has_no_whole_answer(script_servers):
    for server in script_servers:
        with server.connect() as client:
            client.send(b"GET /cut.php HTTP/1.1\r\nHost: h\r\n\r\n")
            text = client.file.read()
        assert text.endswith(b"\r\n\r\na\r\nxxxxxxxxxx\r\n")


def test_an_old_client_knows_that_an_answer_broke_off_by_a_reset(script_servers):
    """Where the body ends with the connection an ordinary end would make it whole."""
    for server in script_servers:
        with server.connect() as client:
            client.send(b"GET /cut.php HTTP/1.0\r\n\r\n")
            with pytest.raises(ConnectionResetError):
                client.file.read()


def test_an_answer_to_head_has_no_body_and_no_length(script_servers):
    for server in script_servers:
        with server.connect() as client:
            reply = client.ask("/large.php", "HEAD")
            assert (reply.status, "content-length" in reply.fields) == (200, False)
            assert client.ask("/plain.php").body == b"hello"


def test_connections_to_the_server_of_scripts_are_kept(script_servers, stand_in):
    for server in script_servers:
        server.ask("/plain.php")
        before = len(stand_in.clients)
        names = ["plain", "nothing", "large", "no-end"]
        assert [server.ask(f"/{name}.php").status for name in names] == [200, 204, 200, 502]
        assert len(stand_in.clients) == before


def test_where_a_kept_connection_has_ended_there_is_another(script_servers):
    for server in script_servers:
        for _ in range(3):
            assert server.ask("/last.php").status == 200


def test_a_request_is_only_repeated_where_that_does_no_harm(script_servers):
    """The server of scripts ends kept connections when it is asked for this one."""
    for server in script_servers:
        for method, status in [("GET", 200), ("PUT", 200), ("POST", 502)]:
            server.ask("/plain.php")
            assert server.ask("/fickle.php", method, Content_Length="0").status == status


def test_php_itself_runs_scripts_and_one_process_of_it_is_enough_for_many_clients(
    scripts, web_languages
):
    for target in web_languages:
        path = scripts / f"php-{target}"
        with (
            started(["php-cgi", "-b", str(path)]),
            serving(scripts / "root", "--php", str(path), target=target, program=WEB) as server,
        ):
            answers = (server.ask("/folder/?a=b") for _ in range(10_000))
            first = next(reply for reply in answers if reply.status != 502)
            assert (first.status, first.body) == (200, b"index of b")
            with server.connect() as client:
                begin_upload(client, b"/sum.php", 3 * len(LARGE))
                client.send(3 * LARGE)
                assert client.reply().body.decode() == hashlib.md5(3 * LARGE).hexdigest()  # noqa: S324
            with ThreadPoolExecutor(4) as clients:
                paths = [f"/folder/index.php/x?a={number}" for number in range(40)]
                bodies = [reply.body for reply in clients.map(server.ask, paths)]
        assert bodies == [b"index of %d" % number for number in range(40)]
