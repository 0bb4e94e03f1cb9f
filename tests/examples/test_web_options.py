"""Options of the web server: its log, its patience, and the room of its cache."""

import json
import re
import subprocess

import pytest
from conftest import WEB
from image_client import FLUX, POOL, serving
from web_root import FILES

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler


@pytest.fixture
def logged(start_web, tmp_path):
    """The lines of a log of three requests, the last of which is none, sorted."""

    def run(target, form):
        path = tmp_path / "log"
        server = start_web(target, POOL, "--access-log", str(path), "--log-format", form)
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
def test_a_log_that_cannot_be_written_any_more_ends_no_server(start_web, tmp_path, target):
    folder = tmp_path / "logs"
    folder.mkdir()
    server = start_web(target, POOL, "--access-log", str(folder / "log"))
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
def test_a_slow_request_is_given_up_and_answered(start_web, target):
    with start_web(target, POOL, "--timeout", "0.2").connect() as client:
        client.send(b"GET / HTTP/1.1\r\n")
        assert client.reply().status == 408
        assert client.has_ended()


@pytest.mark.parametrize("target", ["python", "cpp"])
def test_a_connection_ends_after_its_last_request_and_when_nobody_asks(start_web, target):
    server = start_web(target, POOL, "--requests", "3", "--idle-timeout", "0.2")
    with server.connect() as client:
        assert client.ask("/page.html").fields["connection"] == "keep-alive"
        client.send(b"GET /page.html HTTP/1.1\r\nHost: h\r\n\r\n" * 3)
        assert [client.reply().fields["connection"] for _ in range(2)] == ["keep-alive", "close"]
        assert client.has_ended()
    with server.connect() as client, server.connect() as silent:
        assert client.ask("/page.html").fields["connection"] == "keep-alive"
        assert client.has_ended()
        assert silent.has_ended()


@pytest.mark.parametrize("target", ["python", "cpp"])
def test_a_cache_without_room_keeps_nothing_and_answers_all_the_same(start_web, target):
    server = start_web(target, POOL, "--cache-bytes", "0")
    assert [server.ask("/page.html").body for _ in range(2)] == [b"<p>page</p>\n"] * 2


@pytest.mark.parametrize("target", ["python", "cpp"])
def test_a_cache_with_little_room_gives_every_page_its_own_content(start_web, target):
    server = start_web(target, POOL, "--cache-bytes", "2200")
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
