"""The web server: the same answers in Python and in C++, on every runtime."""

import json
import os
import re
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from conftest import WEB
from hypothesis import given
from hypothesis import strategies as st
from image_client import FLUX, POOL, serving
from web_cases import read_cases
from web_root import FILES, make_root

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler

THREAD = ("--runtime", "thread")
CARRIERS = [
    ("python", POOL),
    ("python", THREAD),
    ("cpp", POOL),
    ("cpp", THREAD),
    ("cpp", ("--runtime", "event", "--cores", "2")),
]
CASES = read_cases()
STAYING = [case for case in CASES if not case.closes]
WITHOUT_OPENAT2 = Path(__file__).with_name("without_openat2.py")
# The system's master reads what he may not, unless he gives up that power.
POWERLESS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if not os.geteuid() else ()
PATIENCE = 10_000  # tries
SMALL = ("--largest", "100000", "--body-bytes", "65536")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_root(tmp_path_factory.mktemp("web"))


@pytest.fixture(scope="module")
def start(root, web_languages):  # noqa: ARG001 - compiled before
    """Starts a server, of small files in memory only, and stops it after the tests."""
    with ExitStack() as stack:

        def started(target, runtime, *options):
            server = serving(root, *SMALL, *options, target=target, runtime=runtime, program=WEB)
            return stack.enter_context(server)

        yield started


@pytest.fixture(scope="module")
def servers(start):
    """A server of each language on each of its runtimes."""
    return [start(*carrier) for carrier in CARRIERS]


@pytest.fixture(scope="module", params=["python", "cpp"])
def server(request, servers):
    """One of each language."""
    return servers[0 if request.param == "python" else -1]


def test_the_program_is_sound_and_no_longer_than_that_of_the_paper():
    ran = subprocess.run([*FLUX, "check", WEB], capture_output=True, text=True, check=True)
    assert ran.stdout + ran.stderr == ""
    assert len(WEB.read_text().splitlines()) <= 36


def answer(server, case):
    with server.connect() as client:
        client.send(case.request)
        reply = client.reply(has_body=case.has_body)
        assert not case.closes or client.has_ended()
        return reply


def seen(reply):
    """What must be the same, and is not of its time; why a request is bad has no fixed words."""
    if reply.status == 400:
        return reply.status, reply.fields.keys()
    return reply.status, {**reply.fields, "date": "now"}, reply.body


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case_is_answered_as_the_table_says_by_every_server(servers, case):
    replies = [answer(server, case) for server in servers]
    assert case.faults(replies[0]) == []
    assert [seen(reply) for reply in replies] == [seen(replies[0])] * len(replies)


def test_requests_sent_ahead_are_answered_in_order(server):
    with server.connect() as client:
        for start in range(0, len(STAYING), 20):
            ahead = STAYING[start : start + 20]
            client.send(b"".join(case.request for case in ahead))
            for case in ahead:
                assert case.faults(client.reply(has_body=case.has_body)) == []


def test_a_request_may_come_split_at_any_byte(server):
    text = b"GET /style.css HTTP/1.1\r\nHost: h\r\nAccept-Encoding: br\r\nRange: bytes=-2\r\n\r\n"
    with server.connect() as client:
        for end in range(1, len(text)):
            client.send(text[:end])
            client.send(text[end:])
            reply = client.reply()
            assert (reply.status, reply.body) == (206, b"li")


def test_a_client_that_waits_for_leave_gets_it(server):
    with server.connect() as client:
        client.send(
            b"PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"
        )
        assert client.reply().status == 100
        client.send(b".")
        assert client.reply().status == 405


def test_a_client_that_ends_within_its_request_is_told_so(server):
    with server.connect() as client:
        client.send(b"GET / HTTP/1.1\r\nHo")
        client.finish()
        assert client.reply().status == 400
        assert client.has_ended()


@given(st.binary(max_size=100).map(lambda end: b"GET /" + end))
def test_arbitrary_bytes_get_an_answer_or_nothing(server, data):
    with server.connect() as client:
        client.send(data)
        client.finish()
        assert re.match(rb"HTTP/1.1 (200|4|50[15])|$", client.file.read())


pieces = st.sampled_from(["0", "1", "5", "11", "12", "-", ",", " ", "bytes=", "x", "99999999999"])


@given(st.lists(pieces, max_size=8).map("".join))
def test_every_range_gets_the_same_answer(servers, text):
    ranges = f"bytes={text}"
    replies = [server.ask("/page.html", Range=ranges) for server in (servers[0], servers[-1])]
    assert seen(replies[0]) == seen(replies[1])


words = st.sampled_from(["gzip", "br", "identity", "*", ";", "q=", "0", "1", ".", "5", ",", " "])


@given(st.lists(words, max_size=12).map("".join))
def test_every_wish_for_a_coding_gets_the_same_answer(servers, text):
    replies = [
        server.ask("/style.css", Accept_Encoding=text) for server in (servers[0], servers[-1])
    ]
    assert seen(replies[0]) == seen(replies[1])


parts = st.sampled_from(["/", ".", "..", "%2e", "%2f", "folder", "outer", "page.html", "%5c", "a"])


@given(st.lists(parts, max_size=8).map("".join))
def test_no_path_leads_out_of_the_root(servers, text):
    replies = [server.ask(f"/{text}") for server in (servers[0], servers[-1])]
    assert b"secret" not in replies[0].body
    assert seen(replies[0]) == seen(replies[1])


def test_a_file_that_changes_is_seen(root, server):
    name = f"changing-{server.port}.txt"
    for content in (b"before", b"after"):
        (root / "new").write_bytes(content)
        (root / "new").rename(root / name)
        bodies = (server.ask(f"/{name}").body for _ in range(PATIENCE))
        assert content in bodies
    (root / name).unlink()
    assert 404 in (server.ask(f"/{name}").status for _ in range(PATIENCE))


def test_a_file_that_becomes_shorter_ends_its_answer(root, server):
    """The client has been told a length, and must not take the next answer for the rest."""
    path = root / f"shrinking-{server.port}.bin"
    path.write_bytes(b"s" * 10_000_000)
    with server.connect() as client:
        client.send(b"GET /%s HTTP/1.1\r\nHost: h\r\n\r\n" % path.name.encode())
        assert b"10000000" in b"".join(client.file.readline() for _ in range(9))
        path.write_bytes(b"")
        assert client.rest() < 10_000_000


@pytest.fixture
def logged(start, tmp_path):
    """The lines of a log of three requests, the last of which is none, sorted."""

    def run(target, form):
        path = tmp_path / "log"
        server = start(target, POOL, "--access-log", str(path), "--log-format", form)
        server.ask("/page.html?a", Referer='http://h/"\\', User_Agent="a\tb\xe9")
        server.ask("/nowhere", "HEAD")
        with server.connect() as client:
            client.send(b"nonsense\r\n\r\n")
            assert client.reply().status == 400
            assert client.has_ended()
        server.ask_to_stop()
        assert server.end() == 0
        return sorted(path.read_text(encoding="ascii").splitlines())

    return run


@pytest.mark.parametrize("target", ["python", "cpp"])
def test_the_log_has_a_line_for_each_request(logged, target):
    first, second, third = logged(target, "combined")
    time = r"127\.0\.0\.1 - - \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\] "
    assert re.fullmatch(time + r'"-" 400 27 "-" "-"', first)
    rest = re.escape(r'"http://h/\x22\x5c" "a\x09b\xc3\xa9"')
    assert re.fullmatch(time + r'"GET /page\.html\?a HTTP/1\.1" 200 12 ' + rest, second)
    assert re.fullmatch(time + r'"HEAD /nowhere HTTP/1\.1" 404 - "-" "-"', third)


@pytest.mark.parametrize("target", ["python", "cpp"])
def test_the_log_may_be_common_and_end_before_the_referrer(logged, target):
    assert logged(target, "common")[1].endswith('"GET /page.html?a HTTP/1.1" 200 12')


@pytest.mark.parametrize("target", ["python", "cpp"])
def test_a_log_that_cannot_be_written_any_more_ends_no_server(start, tmp_path, target):
    folder = tmp_path / "logs"
    folder.mkdir()
    server = start(target, POOL, "--access-log", str(folder / "log"))
    folder.rmdir()
    assert server.ask("/page.html").status == 200
    server.ask_to_stop()
    assert server.end() == 0


@pytest.mark.parametrize("target", ["python", "cpp"])
def test_the_log_may_be_json(logged, target):
    entries = [json.loads(line) for line in logged(target, "json")]
    entry = next(entry for entry in entries if entry["status"] == 200)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entry.pop("time"))
    assert 0 <= entry.pop("microseconds") < 60_000_000
    assert entry == {
        "peer": "127.0.0.1",
        "method": "GET",
        "target": "/page.html?a",
        "version": "1.1",
        "status": 200,
        "sent": 12,
        "referer": 'http://h/"\\',
        "agent": "a\tb\xc3\xa9",
    }


@pytest.mark.parametrize("target", ["python", "cpp"])
def test_a_slow_request_is_given_up_and_answered(start, target):
    with start(target, POOL, "--timeout", "0.2").connect() as client:
        client.send(b"GET / HTTP/1.1\r\n")
        assert client.reply().status == 408
        assert client.has_ended()


@pytest.mark.parametrize("target", ["python", "cpp"])
def test_a_connection_ends_after_its_last_request_and_when_nobody_asks(start, target):
    server = start(target, POOL, "--requests", "3", "--idle-timeout", "0.2")
    with server.connect() as client:
        assert client.ask("/page.html").fields["connection"] == "keep-alive"
        client.send(b"GET /page.html HTTP/1.1\r\nHost: h\r\n\r\n" * 3)
        assert [client.reply().fields["connection"] for _ in range(2)] == ["keep-alive", "close"]
        assert client.has_ended()
    with server.connect() as client, server.connect() as silent:
        assert client.ask("/page.html").fields["connection"] == "keep-alive"
        assert client.has_ended()
        assert silent.has_ended()


LINKED = {"link within the root", "link to a folder within the root"}
LINKED |= {"link within the root, by way of a folder above"}


@pytest.mark.parametrize("target", ["python", "cpp"])
def test_an_old_kernel_gives_the_same_but_follows_no_link(root, web_languages, target):  # noqa: ARG001 - ready
    flux = (sys.executable, str(WITHOUT_OPENAT2), *FLUX)
    with serving(root, *SMALL, target=target, program=WEB, flux=flux) as server:
        for case in CASES:
            reply = answer(server, case)
            if case.name in LINKED:
                assert reply.status == 404
            else:
                assert case.faults(reply) == []


@pytest.mark.parametrize("target", ["python", "cpp"])
def test_what_may_not_be_read_is_not_there(tmp_path, web_languages, target):  # noqa: ARG001 - ready
    for name in ("closed/page.html", "folder/index.html", "a.css", "a.css.gz", "secret.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"secret" if name != "a.css" else b"plain")
    for name in ("closed", "folder/index.html", "a.css.gz", "secret.txt"):
        (tmp_path / name).chmod(0)
    with serving(tmp_path, target=target, program=WEB, flux=(*POWERLESS, *FLUX)) as server:
        for path in ("/closed/page.html", "/closed/", "/folder/", "/secret.txt"):
            assert server.ask(path).status == 404
        assert server.ask("/a.css", Accept_Encoding="gzip").body == b"plain"
    (tmp_path / "closed").chmod(0o700)


@pytest.mark.parametrize("target", ["python", "cpp"])
def test_a_cache_without_room_keeps_nothing_and_answers_all_the_same(start, target):
    server = start(target, POOL, "--cache-bytes", "0")
    assert [server.ask("/page.html").body for _ in range(2)] == [b"<p>page</p>\n"] * 2


@pytest.mark.parametrize("target", ["python", "cpp"])
def test_a_cache_with_little_room_gives_every_page_its_own_content(start, target):
    server = start(target, POOL, "--cache-bytes", "2200")
    names = ["page.html", "README", "data.unknown", "PHOTO.JPG", "page.html", "leak.txt"] * 3
    assert [server.ask(f"/{name}").body for name in names] == [FILES[name] for name in names]


@pytest.mark.usefixtures("web_languages")
@pytest.mark.parametrize("target", ["python", "cpp"])
def test_what_the_cache_gives_up_is_sent_to_its_end(tmp_path, target):
    for name in "abc":
        (tmp_path / name).write_bytes(name.encode() * 1_000_000)
    options = ("--cache-bytes", "1100000")
    with (
        serving(tmp_path, *options, target=target, program=WEB) as server,
        server.connect(SO_RCVBUF=65536) as slow,
    ):
        slow.send(b"GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
        first = slow.file.read(1)
        assert server.ask("/b").body + server.ask("/c").body == b"b" * 1_000_000 + b"c" * 1_000_000
        slow.finish()
        assert (first + slow.file.read()).endswith(b"\r\n\r\n" + b"a" * 1_000_000)


@pytest.mark.usefixtures("web_languages")
@pytest.mark.parametrize("target", ["python", "cpp"])
@pytest.mark.parametrize(
    "words", [["--root", "/nowhere"], ["--types", "/"], ["--log-format", "x"], ["--cgi", "bin"]]
)
def test_a_wrong_option_ends_the_program_with_a_word(target, words):
    command = [*FLUX, "run", WEB, "--target", target, "--", *words]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert f"web.flux: error: argument {words[0]}: " in ran.stderr
