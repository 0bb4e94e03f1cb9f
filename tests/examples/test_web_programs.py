"""Programs of the web server (CGI): in both languages, also on fibers."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from cgi_outputs import OUTPUTS, check_output
from cgi_programs import children, is_gone, make_programs
from conftest import WEB
from image_client import POOL, serving

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler

EVENT = ("--runtime", "event")
CARRIERS = [("python", POOL), ("python", EVENT), ("cpp", POOL), ("cpp", EVENT)]
MOST = 3
BUSY = 503
OPTIONS = ("--cgi", "cgi-bin/", "--cgi-timeout", "1", "--cgi-most", str(MOST))
OPTIONS += ("--body-bytes", "300000")
LARGE = bytes(range(256)) * 1200  # more than a body in memory may have


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_programs(tmp_path_factory.mktemp("programs"))


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    with (tmp_path_factory.mktemp("log") / "log").open("a+") as file:
        yield file


@pytest.fixture(scope="module")
def servers(root, web_languages, fibers, log):  # noqa: ARG001 - all ready
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                serving(root, *OPTIONS, target=target, runtime=runtime, program=WEB, log=log)
            )
            for target, runtime in CARRIERS
        ]


@pytest.fixture
def gate(root):
    """A pipe at which programs wait."""
    path = root / "said" / "gate"
    os.mkfifo(path)
    yield path
    path.unlink()


@pytest.mark.parametrize("name", OUTPUTS)
def test_output_of_a_program_becomes_a_reply(servers, name):
    check_output(name, [server.ask(f"/cgi-bin/say/said/{name}") for server in servers])


def test_program_is_told_of_its_request_and_nothing_else(servers, root):
    for server in servers:
        with server.connect() as client:
            client.send(b"POST /cgi-bin/tell/a%20b/%C3%A4?c=%20d HTTP/1.1\r\nHost: [::1]:80\r\n")
            client.send(b"X-Y: z\r\nX_Y: no\r\nProxy: no\r\nAuthorization: no\r\n")
            client.send(b"Content-Type: text/x\r\nContent-Length: 3\r\n\r\nabc")
            told, folder, words, body, is_leader = eval(client.reply().body)  # noqa: S307 - our own
            port = str(client.socket.getsockname()[1])
        assert (folder, words, body) == (bytes(root / "cgi-bin"), [f"{root}/cgi-bin/tell"], "abc")
        assert is_leader
        assert told == {
            b"GATEWAY_INTERFACE": b"CGI/1.1",
            b"SERVER_SOFTWARE": b"flux",
            b"SERVER_PROTOCOL": b"HTTP/1.1",
            b"SERVER_NAME": b"[::1]",
            b"SERVER_ADDR": b"127.0.0.1",
            b"SERVER_PORT": str(server.port).encode(),
            b"REMOTE_ADDR": b"127.0.0.1",
            b"REMOTE_PORT": port.encode(),
            b"REQUEST_METHOD": b"POST",
            b"REQUEST_URI": b"/cgi-bin/tell/a%20b/%C3%A4?c=%20d",
            b"QUERY_STRING": b"c=%20d",
            b"DOCUMENT_ROOT": bytes(root),
            b"SCRIPT_NAME": b"/cgi-bin/tell",
            b"SCRIPT_FILENAME": bytes(root / "cgi-bin" / "tell"),
            b"PATH_INFO": "/a b/ä".encode(),
            b"PATH_TRANSLATED": bytes(root) + "/a b/ä".encode(),
            b"CONTENT_TYPE": b"text/x",
            b"CONTENT_LENGTH": b"3",
            b"REDIRECT_STATUS": b"200",
            b"HTTP_HOST": b"[::1]:80",
            b"HTTP_X_Y": b"z",
            b"PATH": b"/usr/local/bin:/usr/bin:/bin",
        }


def test_program_without_a_body_and_a_query_has_an_empty_query(servers):
    for server in servers:
        told = eval(server.ask("/cgi-bin/tell").body)[0]  # noqa: S307 - our own
        assert told[b"QUERY_STRING"] == b""
        assert not {b"CONTENT_LENGTH", b"CONTENT_TYPE", b"PATH_INFO"} & told.keys()


@pytest.mark.parametrize(("name", "reply"), [("echo", None), ("ignore", b"hello")])
def test_body_is_there_for_a_program_that_wants_it(servers, name, reply):
    body = bytes(range(256)) * 1000
    for server in servers:
        with server.connect() as client:
            for _ in range(2):
                client.send(b"POST /cgi-bin/%s HTTP/1.1\r\nHost: h\r\n" % name.encode())
                client.send(b"Content-Length: %d\r\n\r\n" % len(body) + body)
                assert client.reply().body == (body if reply is None else reply)


def begin_upload(client, name):
    client.send(b"POST /cgi-bin/%s HTTP/1.1\r\nHost: h\r\n" % name)
    client.send(b"Content-Length: %d\r\n\r\nhello" % (5 + len(LARGE)))


def test_large_body_reaches_a_program_as_it_comes(servers, gate):
    for server in servers:
        with server.connect() as client:
            begin_upload(client, b"begin/said/gate")
            assert gate.read_text().split()[1] == "hello"
            client.send(LARGE)
            reply = client.reply()
            assert reply.body.split()[0].decode() == hashlib.md5(LARGE).hexdigest()  # noqa: S324
            assert client.has_ended()


def test_program_ends_whose_client_breaks_off_its_body(servers, gate):
    for server in servers:
        with server.connect() as client:
            begin_upload(client, b"begin/said/gate")
            number = int(gate.read_text().split()[0])
        assert is_gone(number)
        assert server.ask("/cgi-bin/name").status == 200


def test_client_that_breaks_off_its_body_is_told_so_while_nothing_is_said(servers, gate):
    """The program has said its fields, and reads what there is behind the gate."""
    for server in servers:
        with server.connect() as client:
            begin_upload(client, b"ponder/said/gate")
            client.send(LARGE[:150_000])  # more than a pipe holds
            client.finish()
            gate.write_bytes(b"go on")
            assert client.reply().status == 400
            assert client.has_ended()


def test_program_that_wants_no_large_body_is_heard(servers):
    for server in servers:
        with server.connect() as client:
            begin_upload(client, b"ignore")
            client.send(LARGE)
            assert client.reply().body == b"hello"
            assert client.has_ended()


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/cgi-bin/name", b"/cgi-bin/name "),
        ("/cgi-bin/name/", b"/cgi-bin/name /"),
        ("/cgi-bin/name/a//b/./c", b"/cgi-bin/name /a/b/c"),
        ("//cgi-bin/./deep/say.sh/x.cgi?q", b"/cgi-bin/deep/say.sh /x.cgi"),
    ],
)
def test_program_is_told_its_name_and_what_follows_it(servers, path, told):
    assert [server.ask(path).body for server in servers] == [told] * len(servers)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/cgi-bin/text", 404),
        ("/cgi-bin/text/name", 404),
        ("/cgi-bin/absent", 404),
        ("/cgi-bin/out", 404),
        ("/cgi-bin/", 404),
        ("/cgi-bin/deep/", 404),
        ("/cgi-bin/name/.hidden", 404),
        ("/cgi-bin/deep", 301),
        ("/cgi-bin/no-program", 502),
        ("/cgi-bin/fail", 502),
    ],
)
def test_what_is_no_program_is_not_run_and_its_text_is_not_given_away(servers, path, status):
    replies = [server.ask(path) for server in servers]
    assert [reply.status for reply in replies] == [status] * len(servers)
    assert b"secret" not in b"".join(reply.body for reply in replies)


@pytest.mark.parametrize("method", ["POST", "OPTIONS", "DELETE"])
@pytest.mark.parametrize("path", ["/cgi-bin/absent", "/cgi-bin/text/name", "/Absent.php/more"])
def test_script_that_is_not_there_is_not_found_by_any_method(servers, method, path):
    replies = [server.ask(path, method, Content_Length="0") for server in servers]
    assert [reply.status for reply in replies] == [404] * len(servers)


def test_file_takes_no_other_method_there_or_not(servers):
    for path in ("/plain.cgi", "/absent.cgi", "/cgi-bin"):
        replies = [server.ask(path, "POST", Content_Length="0") for server in servers]
        assert [reply.status for reply in replies] == [405] * len(servers)
        assert {reply.fields["allow"] for reply in replies} == {"GET, HEAD, OPTIONS"}


@pytest.mark.parametrize("target", ["python", "cpp"])
def test_programs_may_be_named_by_their_ending(root, web_languages, target):  # noqa: ARG001 - ready
    with serving(root, "--cgi", ".cgi", target=target, program=WEB) as server:
        assert server.ask("/other/name.cgi/a").body == b"/other/name.cgi /a"
        assert [server.ask(path).status for path in ("/plain.cgi", "/cgi-bin/text")] == [404, 200]


@pytest.mark.parametrize("target", ["python", "cpp"])
def test_time_outs_may_be_longer_than_the_system_knows(root, web_languages, target):  # noqa: ARG001 - ready
    names = ("timeout", "idle-timeout", "cgi-timeout")
    long = [word for name in names for word in (f"--{name}", "1e9")]
    with serving(root, "--cgi", "cgi-bin/", *long, target=target, program=WEB) as server:
        assert server.ask("/cgi-bin/name").status == 200


def test_what_a_program_says_is_passed_on_as_it_comes(servers, gate):
    for server in servers:
        with server.connect() as client:
            client.send(b"GET /cgi-bin/wait/said/gate HTTP/1.1\r\nHost: h\r\n\r\n")
            fields = b"".join(iter(client.file.readline, b"\r\n"))
            assert b"\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n" in fields
            assert client.chunk() == b"first"
            gate.write_bytes(b"second")
            assert [client.chunk(), client.chunk()] == [b"second", b""]
            assert client.ask("/cgi-bin/linger").body == b"hello"


def test_no_more_programs_run_at_once_than_may(servers, gate):
    for server in servers:
        with ExitStack() as stack:
            clients = [stack.enter_context(server.connect()) for _ in range(MOST)]
            for client in clients:
                client.send(b"GET /cgi-bin/wait/said/gate HTTP/1.1\r\nHost: h\r\n\r\n")
                assert b"200" in client.file.readline()
            reply = server.ask("/cgi-bin/name")
            assert (reply.status, reply.fields["retry-after"]) == (503, "1")
            with gate.open("wb"):
                pass
            assert all(client.file.read(1) for client in clients)
        assert 200 in (server.ask("/cgi-bin/name").status for _ in range(1000))


def test_program_that_says_nothing_is_killed_with_what_it_has_started(servers, root):
    def ask(server):
        """Once there is a place: programs before may still be ending."""
        path = f"/cgi-bin/stubborn/said/pids-{server.port}"
        statuses = (server.ask(path).status for _ in range(1000))
        return next(status for status in statuses if status != BUSY)

    with ThreadPoolExecutor(len(servers)) as clients:
        assert list(clients.map(ask, servers)) == [504] * len(servers)
    for server in servers:
        numbers = (root / "said" / f"pids-{server.port}").read_text().split()
        assert [is_gone(int(number)) for number in numbers] == [True, True]
        assert children(server) == []


def test_program_whose_client_has_gone_ends(servers, root):
    for server in servers:
        with server.connect() as client:
            client.send(b"GET /cgi-bin/endless/said/%d HTTP/1.1\r\nHost: h\r\n\r\n" % server.port)
            assert b"200" in client.file.readline()
        number, _ = (root / "said" / str(server.port)).read_text().split()
        assert is_gone(int(number))


def test_answer_to_head_has_no_body_and_its_program_ends(servers):
    for server in servers:
        with server.connect() as client:
            assert client.ask("/cgi-bin/say/said/large", "HEAD").status == 200
            assert client.ask("/cgi-bin/name").status == 200
        assert all(is_gone(int(number)) for number in children(server))


def test_what_a_program_complains_of_is_on_the_log(servers, log):
    for server in servers:
        with server.connect() as client:
            assert client.ask("/cgi-bin/complain").body == b"hello"
            assert client.ask("/cgi-bin/name").status == 200
    log.seek(0)
    assert log.read().count("complaint") == len(servers)
