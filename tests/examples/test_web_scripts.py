"""Scripts of the web server, run by a stand-in for PHP and by PHP itself."""

import hashlib
import queue
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import pytest
from conftest import WEB
from image_client import POOL, serving
from processes import started

from fastcgi import encode

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler

EVENT = ("--runtime", "event")
CARRIERS = [("python", POOL), ("cpp", POOL), ("cpp", EVENT)]
OUTPUTS = {
    "plain": (b"Content-Type: text/plain\r\n\r\nhello", 200, b"hello"),
    "lines": (b"Content-Type: text/plain\n\nhello", 200, b"hello"),
    "status": (b"Status: 201 Made\r\nX: y\r\n\r\nmade", 201, b"made"),
    "missing": (b"Status: 404\r\n\r\nnot here", 404, b"not here"),
    "elsewhere": (b"Location: /x\r\n\r\n", 302, b""),
    "moved": (b"Status: 301\r\nLocation: /x\r\n\r\n", 301, b""),
    "nothing": (b"Status: 204\r\nX: y\r\n\r\nignored", 204, b""),
    "ours": (b"Content-Length: 99\r\nConnection: close\r\nA: b\r\n\r\nshort", 200, b"short"),
    "large": (b"A: b\r\n\r\n" + b"x" * 200_000, 200, b"x" * 200_000),
    "no-end": (b"Content-Type: text/plain\r\n", 502, None),
    "empty": (b"", 502, None),
    "no-field": (b"nonsense\r\n\r\nhello", 502, None),
    "folded": (b"A: b\r\n c\r\n\r\nhello", 502, None),
    "return": (b"A: b\rc\r\n\r\nhello", 502, None),
    "long-head": (b"A: " + b"a" * 5000 + b"\r\n\r\nhello", 502, None),
    "no-status": (b"Status: fine\r\n\r\nhello", 502, None),
    "unknown-status": (b"Status: 299\r\n\r\nhello", 502, None),
    "early-status": (b"Status: 100\r\n\r\nhello", 502, None),
}


OTHERS = ["noise", "busy", "silent", "slow", "cut", "early-cut", "last", "fickle", "upload"]
LARGE = bytes(range(256)) * 4000  # more than a body in memory may have


def record(kind, content=b"", padding=0):
    head = bytes([1, kind, 0, 1]) + len(content).to_bytes(2) + bytes([padding, 0])
    return head + content + b"." * padding


def records(data):
    """What records of each kind say together."""
    told = {}
    while data:
        size = int.from_bytes(data[4:6])
        told[data[1]] = told.get(data[1], b"") + data[8 : 8 + size]
        data = data[8 + size + data[6] :]
    return told


def pairs(data):
    """Parameters out of their stream."""
    found = {}
    while data:
        sizes = []
        for _ in range(2):
            wide = data[0] >> 7
            sizes.append(int.from_bytes(data[: 4 if wide else 1]) & 0x7FFFFFFF)
            data = data[4 if wide else 1 :]
        found[data[: sizes[0]].decode()] = data[sizes[0] : sum(sizes)].decode("latin-1")
        data = data[sum(sizes) :]
    return found


class StandIn:
    """A FastCGI server whose answer depends on the name of the script."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(path))
        self.socket.listen()
        self.asked = {}
        self.body = b""
        self.come = queue.SimpleQueue()  # how much of a request there is; None: it breaks off
        self.may_go_on = threading.Semaphore(0)
        self.clients = []
        self.threads = [threading.Thread(target=self.accept)]
        self.threads[0].start()

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.threads[0].join()
        for client in self.clients:
            with suppress(OSError):  # it has ended already
                client.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join()
        for each in [self.socket, *self.clients]:
            each.close()

    def accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:  # closed
                return
            self.clients.append(client)
            self.threads.append(threading.Thread(target=self.serve, args=[client]))
            self.threads[-1].start()

    def serve(self, client):
        with suppress(ConnectionError):  # who asks may go when he has heard enough
            self.answer_all(client)
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)

    def answer_all(self, client):
        """All requests of a connection; nothing may be left of one when the next comes."""
        is_new = True
        while told := self.read(client):
            assert told[1] == b"\0\1\1\0\0\0\0\0"
            self.asked, self.body = pairs(told[4]), told[5]
            name = self.asked["SCRIPT_NAME"][1:-4]
            if name == "silent":
                continue
            if name == "fickle" and not is_new:
                return
            is_new = False
            for part in self.answer(name):
                client.sendall(part)
            if name in {"last", "cut", "early-cut"}:
                return

    def read(self, client):
        data = b""
        while not data.endswith(record(5)):
            more = client.recv(1 << 20)
            if not more:
                if data:
                    assert b"/upload.php" in data
                    self.come.put(None)
                return {}
            data += more
            self.come.put(len(data))
        return records(data)

    def answer(self, name):
        """The parts of an answer, each sent when it is there."""
        if name == "noise":
            yield b"HTTP/1.1 200 OK\r\n\r\n"
        elif name == "busy":
            yield record(3, b"\0\0\0\0\2\0\0\0")
        elif name == "cut":
            yield record(6, b"A: b\r\n\r\n" + b"x" * 10)
        elif name == "early-cut":
            yield record(6, b"A: b\r\n\r\n")
        elif name == "slow":
            yield record(6, b"A: b\r\n\r\nfirst")
            self.may_go_on.acquire()
            yield record(6, b"second") + record(6) + record(3, bytes(8))
        else:
            output = OUTPUTS.get(name, OUTPUTS["plain"])[0]
            parts = [output[i : i + 50_000] for i in range(0, len(output), 50_000)]
            stream = b"".join(record(6, part, padding=3) for part in parts)
            yield record(7, b"complaint") + stream + record(6) + record(3, bytes(8))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scripts")
    root = folder / "root"
    (root / "folder").mkdir(parents=True)
    for name in [*OUTPUTS, *OTHERS]:
        (root / f"{name}.php").write_bytes(b"<?php secret")
    (root / "folder.php").mkdir()
    (root / "folder.php" / "inner.php").write_bytes(b"<?php secret")
    (root / "LOUD.PHP").write_bytes(b"<?php secret")
    (root / "out.php").symlink_to("/etc/passwd")
    (root / "folder" / "index.php").write_bytes(b"<?php echo 'index of ', $_GET['a'];")
    (root / "sum.php").write_bytes(b"<?php echo md5(file_get_contents('php://input'));")
    return folder


@pytest.fixture(scope="module")
def stand_in(place):
    server = StandIn(place / "socket")
    yield server
    server.close()


@pytest.fixture(scope="module")
def servers(place, stand_in, web_languages):  # noqa: ARG001 - both ready
    options = ("--php", str(place / "socket"), "--php-timeout", "0.5")
    options += ("--body-bytes", "300000", "--upload-bytes", "3000000")
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                serving(place / "root", *options, target=target, runtime=runtime, program=WEB)
            )
            for target, runtime in CARRIERS
        ]


def seen(reply):
    """What must be the same; a body's end is told as it comes, whole or not."""
    fields = reply.fields.keys() - {"date", "content-length", "transfer-encoding"}
    return reply.status, {name: reply.fields[name] for name in fields}, reply.body


def check_output(name, replies):
    """All have made of an output what they should."""
    _, status, body = OUTPUTS[name]
    assert replies[0].status == status
    assert body in {None, replies[0].body}
    assert [seen(reply) for reply in replies] == [seen(replies[0])] * len(replies)


@pytest.mark.parametrize("name", OUTPUTS)
def test_output_of_a_script_becomes_a_reply(servers, name):
    check_output(name, [server.ask(f"/{name}.php") for server in servers])


@pytest.mark.parametrize(
    ("name", "status"), [("noise", 502), ("busy", 502), ("silent", 504), ("early-cut", 502)]
)
def test_a_server_of_scripts_that_fails_is_told(servers, name, status):
    assert [server.ask(f"/{name}.php").status for server in servers] == [status] * len(servers)


def test_a_connection_goes_on_after_scripts_that_succeed_and_fail(servers):
    for server in servers:
        with server.connect() as client:
            names = ["plain", "noise", "nothing", "large", "plain"]
            statuses = [client.ask(f"/{name}.php").status for name in names]
        assert statuses == [200, 502, 204, 200, 200]


def test_a_script_is_told_of_its_request(servers, stand_in, place):
    told = []
    for server in servers:
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
    root = str((place / "root").resolve())
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
    ] * len(servers)


def test_large_bodies_and_long_fields_reach_a_script_whole(servers, stand_in):
    body = bytes(range(256)) * 1000
    for server in servers:
        with server.connect() as client:
            client.send(b"POST /plain.php HTTP/1.1\r\nHost: h\r\nX: " + b"x" * 1000 + b"\r\n")
            client.send(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            assert client.reply().status == 200
        assert (stand_in.body, stand_in.asked["HTTP_X"]) == (body, "x" * 1000)


def begin_upload(client, path, size, fields=b""):
    head = b"POST %s HTTP/1.1\r\nHost: h\r\n%sContent-Length: %d\r\n\r\n"
    client.send(head % (path, fields, size))


def upload_half(client, stand_in):
    """Send half of a body, until the script has it."""
    begin_upload(client, b"/upload.php", 2 * len(LARGE))
    client.send(LARGE)
    while stand_in.come.get(timeout=30) < len(LARGE):
        pass


def test_a_large_body_reaches_a_script_as_it_comes(servers, stand_in):
    for server in servers:
        stand_in.come = queue.SimpleQueue()
        with server.connect() as client:
            upload_half(client, stand_in)
            client.send(LARGE)
            reply = client.reply()
            assert (reply.status, reply.fields["connection"]) == (200, "close")
            assert client.has_ended()
        assert stand_in.asked["CONTENT_LENGTH"] == str(2 * len(LARGE))
        assert stand_in.body == 2 * LARGE


def test_a_script_is_left_alone_when_the_client_breaks_off(servers, stand_in):
    for server in servers:
        stand_in.come = queue.SimpleQueue()
        with server.connect() as client:
            upload_half(client, stand_in)
        assert stand_in.come.get(timeout=30) is None
        assert server.ask("/plain.php").status == 200


def test_a_large_body_is_only_asked_for_where_a_script_reads_it(servers):
    expecting = b"Expect: 100-continue\r\n"
    for server in servers:
        with server.connect() as client:
            begin_upload(client, b"/upload.php", len(LARGE), expecting)
            assert client.reply().status == 100
            client.send(LARGE)
            assert client.reply().status == 200
        with server.connect() as client:
            begin_upload(client, b"/page.html", len(LARGE), expecting)
            assert client.reply().status == 405
            assert client.has_ended()


def test_a_body_above_the_bound_is_refused(servers):
    for server in servers:
        with server.connect() as client:
            begin_upload(client, b"/upload.php", 3_000_001)
            assert client.reply().status == 413
            assert client.has_ended()


def test_a_large_body_in_chunks_is_refused_until_its_length_is_told(servers):
    chunks = b"POST /upload.php HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n"
    for server in servers:
        with server.connect() as client:
            client.send(chunks % len(LARGE))
            assert client.reply().status == 411
            assert client.has_ended()


@pytest.mark.parametrize(
    "path",
    [
        *("/absent.php", "/out.php", "/plain.php%00.txt", "/%2e%2e/a.php"),
        *("/absent.php/more", "/out.php/more", "/plain.php/.hidden", "/folder.php/absent"),
    ],
)
def test_what_is_no_script_is_not_run(servers, path):
    for server in servers:
        assert server.ask(path).status in {400, 404}


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
def test_a_script_is_told_what_follows_its_name(servers, stand_in, path, name, rest):
    for server in servers:
        assert server.ask(path).status == 200
        root = stand_in.asked["DOCUMENT_ROOT"]
        asked = {key: value.encode("latin-1").decode() for key, value in stand_in.asked.items()}
        assert (asked["SCRIPT_NAME"], asked["SCRIPT_FILENAME"]) == (name, root + name)
        assert asked.get("PATH_INFO") == rest
        assert asked.get("PATH_TRANSLATED") == (rest and root + rest)


def test_what_a_script_says_is_passed_on_as_it_comes(servers, stand_in):
    for server in servers:
        with server.connect() as client:
            client.send(b"GET /slow.php HTTP/1.1\r\nHost: h\r\n\r\n")
            fields = b"".join(iter(client.file.readline, b"\r\n"))
            assert b"\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n" in fields
            assert client.chunk() == b"first"
            stand_in.may_go_on.release()
            assert [client.chunk(), client.chunk()] == [b"second", b""]
            assert client.ask("/plain.php").status == 200


def test_an_old_client_gets_what_comes_until_the_end(servers, stand_in):
    for server in servers:
        with server.connect() as client:
            client.send(b"GET /slow.php HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            fields = b"".join(iter(client.file.readline, b"\r\n"))
            assert client.file.read(5) == b"first"
            stand_in.may_go_on.release()
            assert client.file.read() == b"second"
        assert fields.endswith(b"\r\nA: b\r\nConnection: close\r\n")
        assert b"Content-Length" not in fields


def test_a_script_that_breaks_off_has_no_whole_answer(servers):
    for server in servers:
        with server.connect() as client:
            client.send(b"GET /cut.php HTTP/1.1\r\nHost: h\r\n\r\n")
            text = client.file.read()
        assert text.endswith(b"\r\n\r\na\r\nxxxxxxxxxx\r\n")


def test_an_old_client_knows_that_an_answer_broke_off_by_a_reset(servers):
    """Where the body ends with the connection an ordinary end would make it whole."""
    for server in servers:
        with server.connect() as client:
            client.send(b"GET /cut.php HTTP/1.0\r\n\r\n")
            with pytest.raises(ConnectionResetError):
                client.file.read()


def test_an_answer_to_head_has_no_body_and_no_length(servers):
    for server in servers:
        with server.connect() as client:
            reply = client.ask("/large.php", "HEAD")
            assert (reply.status, "content-length" in reply.fields) == (200, False)
            assert client.ask("/plain.php").body == b"hello"


def test_connections_to_the_server_of_scripts_are_kept(servers, stand_in):
    for server in servers:
        server.ask("/plain.php")
        before = len(stand_in.clients)
        names = ["plain", "nothing", "large", "no-end"]
        assert [server.ask(f"/{name}.php").status for name in names] == [200, 204, 200, 502]
        assert len(stand_in.clients) == before


def test_where_a_kept_connection_has_ended_there_is_another(servers):
    for server in servers:
        for _ in range(3):
            assert server.ask("/last.php").status == 200


def test_a_request_is_only_repeated_where_that_does_no_harm(servers):
    """The server of scripts ends kept connections when it is asked for this one."""
    for server in servers:
        for method, status in [("GET", 200), ("PUT", 200), ("POST", 502)]:
            server.ask("/plain.php")
            assert server.ask("/fickle.php", method, Content_Length="0").status == status


@pytest.mark.parametrize("target", ["python", "cpp"])
@pytest.mark.usefixtures("web_languages")
def test_without_a_server_of_scripts_their_texts_are_not_given_away(place, target):
    with serving(place / "root", target=target, program=WEB) as server:
        for path in ("/plain.php", "/LOUD.PHP", "/folder/"):
            assert server.ask(path).status == 404


def test_a_long_length_takes_four_bytes():
    asked = encode({b"n" * 128: b"v" * 127}, b"")
    assert record(4, b"\x80\0\0\x80\x7f" + b"n" * 128 + b"v" * 127) in asked


def test_php_itself_runs_scripts_and_one_process_of_it_is_enough_for_many_clients(
    place, web_languages
):
    for target in web_languages:
        path = place / f"php-{target}"
        with (
            started(["php-cgi", "-b", str(path)]),
            serving(place / "root", "--php", str(path), target=target, program=WEB) as server,
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
