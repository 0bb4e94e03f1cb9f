"""The web server: the same answers in Python and in C++, on every runtime."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import WEB
from hypothesis import given
from hypothesis import strategies as st
from image_client import FLUX, POOL, serving
from web_cases import read_cases
from web_root import SMALL

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


@pytest.fixture(scope="module")
def servers(start_web):
    """A server of each language on each of its runtimes."""
    return [start_web(*carrier) for carrier in CARRIERS]


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


def test_a_file_that_changes_is_seen(web_root, server):
    name = f"changing-{server.port}.txt"
    for content in (b"before", b"after"):
        (web_root / "new").write_bytes(content)
        (web_root / "new").rename(web_root / name)
        bodies = (server.ask(f"/{name}").body for _ in range(PATIENCE))
        assert content in bodies
    (web_root / name).unlink()
    assert 404 in (server.ask(f"/{name}").status for _ in range(PATIENCE))


def test_a_file_that_becomes_shorter_ends_its_answer(web_root, server):
    """The client has been told a length, and must not take the next answer for the rest."""
    path = web_root / f"shrinking-{server.port}.bin"
    path.write_bytes(b"s" * 10_000_000)
    with server.connect() as client:
        client.send(b"GET /%s HTTP/1.1\r\nHost: h\r\n\r\n" % path.name.encode())
        assert b"10000000" in b"".join(client.file.readline() for _ in range(9))
        path.write_bytes(b"")
        assert client.rest() < 10_000_000


LINKED = {"link within the root", "link to a folder within the root"}
LINKED |= {"link within the root, by way of a folder above"}


@pytest.mark.parametrize("target", ["python", "cpp"])
def test_an_old_kernel_gives_the_same_but_follows_no_link(web_root, web_languages, target):  # noqa: ARG001 - ready
    flux = (sys.executable, str(WITHOUT_OPENAT2), *FLUX)
    with serving(web_root, *SMALL, target=target, program=WEB, flux=flux) as server:
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
