"""What bounds clients of the image server: time, room, and what may be on its log."""

import subprocess
import sys

import pytest
from image_client import PROGRAM, serving
from image_root import make_pictures

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_pictures(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module")
def impatient(root, language):
    """A server with a pool of four threads that waits half a second for anybody."""
    with serving(root, "--timeout", "0.5", "--idle-timeout", "0.5", target=language) as running:
        yield running


def test_a_slow_request_is_given_up_and_answered(impatient):
    with impatient.connect() as client:
        client.send(b"GET /small.jpg HTTP/1.1\r\n")
        assert client.reply().status == 408
        assert client.has_ended()


def test_an_idle_client_is_parted_from_without_a_word(impatient):
    with impatient.connect() as client:
        assert client.ask("/small.jpg").status == 200
        assert client.has_ended()


def test_clients_that_leave_half_way_cost_no_thread(impatient):
    before = impatient.threads()
    for _ in range(50):
        with impatient.connect() as client:
            client.send(b"GET /large.jpg HTTP/1.1\r\nHo")
    for _ in range(20):
        with impatient.connect() as client:
            client.send(b"GET /large.jpg HTTP/1.1\r\nHost: here\r\n\r\n")
    assert impatient.ask("/small.jpg").status == 200
    assert impatient.threads() == before


def test_readers_too_slow_for_their_pictures_are_cut_off_and_cost_no_thread(impatient):
    before = impatient.threads()
    slow = [impatient.connect(SO_RCVBUF=4096) for _ in range(8)]
    for client in slow:
        client.send(b"GET /large.jpg?quality=95 HTTP/1.1\r\nHost: here\r\n\r\n" * 1000)
    assert [client.is_cut_off() for client in slow] == [True] * 8
    for client in slow:
        client.close()
    assert impatient.ask("/small.jpg").status == 200
    assert impatient.threads() == before


def test_clients_cannot_fill_the_log(root, language, tmp_path):
    path = tmp_path / "log"
    with path.open("wb") as log, serving(root, target=language, log=log) as server:
        assert server.ask("here:1", "CONNECT").status == 501
        server.ask_to_stop()
        server.end()
    assert path.read_text(encoding="utf-8").startswith("flux: drained")


def test_a_cache_without_room_keeps_nothing(root, language):
    with serving(root, "--cache-bytes", "0", target=language) as server:
        replies = [server.ask("/small.jpg"), server.ask("/small.jpg")]
    assert [reply.fields["x-cache"] for reply in replies] == ["miss", "miss"]


def test_too_many_clients_drive_out_the_one_that_is_idle_longest(root, language):
    with (
        serving(root, "--connections", "2", target=language) as server,
        server.connect() as first,
        server.connect() as second,
        server.connect() as third,
    ):
        assert third.ask("/small.jpg").status == 200
        assert first.has_ended()
        assert second.ask("/small.jpg").status == 200


def test_the_demonstration_gets_nothing_but_right_answers(language):
    command = [sys.executable, PROGRAM.with_name("demo.py"), "--target", language]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "All 14 answers were right" in ran.stdout
