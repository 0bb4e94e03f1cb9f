"""`flux top`: text where it is piped, a live view on a terminal."""

import os
import pty
import select
import signal
import subprocess
import sys
import termios
from dataclasses import replace
from time import monotonic

import pytest
from measured.image import SECOND, WAYS, image_profile
from measured.server import BusyServer, FakeServer

LATER = image_profile([replace(way, count=3 * way.count) for way in WAYS], elapsed=11 * SECOND)
FLUX = [sys.executable, "-m", "flux.cli"]


class Screen:
    """`flux top` on a terminal, and what it has shown."""

    def __init__(self, words, **environment):
        self._keyboard, end = pty.openpty()
        termios.tcsetwinsize(end, (40, 80))
        self.settings = termios.tcgetattr(end)
        self._end = end
        environment = os.environ | {"TERM": "xterm", "NO_COLOR": "1"} | environment
        self.process = subprocess.Popen(
            [*FLUX, "top", *words],
            stdin=end,
            stdout=end,
            stderr=end,
            env=environment,
            start_new_session=True,
        )
        self.shown = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self._keyboard)
        os.close(self._end)

    def press(self, keys):
        os.write(self._keyboard, keys)

    def read_until(self, text):
        self.shown, deadline = b"", monotonic() + 30
        while text not in self.shown:
            left = max(deadline - monotonic(), 0)
            assert select.select([self._keyboard], [], [], left)[0], self.shown
            self.shown += os.read(self._keyboard, 65536)

    def is_as_before(self):
        return termios.tcgetattr(self._end) == self.settings


def test_each_interval_is_printed_where_there_is_no_terminal(flux):
    fake = FakeServer(image_profile(), LATER)
    with fake.listening() as address:
        result = flux("top", address, "--every", "100ms", "--count", "2", "--by", "count")
    assert result.exit_code == 0
    first, second = result.stdout.split("image.flux\n")[1:]
    assert "measured for 1.00 s; 16,768 flows, 16,768/s" in first
    assert "Hot paths, by count" in first
    assert "No flow has ended yet" in second


def test_a_server_that_is_off_is_off_again_at_the_end(flux):
    fake = FakeServer(image_profile(), on=False)
    with fake.listening() as address:
        flux("top", address, "--every", "100ms", "--count", "1")
    assert "POST /start" in fake.asked
    assert not fake.on


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["127.0.0.1:1"], "nobody listens at 127.0.0.1:1"),
        (["image.profile.json"], "neither a file nor an address"),
        (["127.0.0.1:1", "127.0.0.1:1"], "127.0.0.1:1 is named twice"),
        (["127.0.0.1:1", "--every", "1ms"], "1ms isn't between 100ms and 1h"),
        (["127.0.0.1:1", "--count", "0"], "0 is not in the range"),
        ([], "Missing argument 'ADDRESS...'"),
    ],
)
def test_mistakes_are_told(flux, words, message):
    result = flux("top", *words)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_terminal_has_a_live_view_until_q():
    fake = BusyServer(on=False)
    with fake.listening() as address, Screen([address, "--every", "100ms"]) as screen:
        screen.read_until(b"Hot paths, by time")
        screen.press(b"w")
        screen.read_until(b"Hot paths, by waiting")
        screen.press(b"q")
        assert screen.process.wait(30) == 0
        assert screen.is_as_before()
    assert not fake.on


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, 128 + signal.SIGTERM)]
)
def test_a_signal_ends_a_live_view_in_order(number, status):
    fake = BusyServer(on=False)
    with fake.listening() as address, Screen([address, "--every", "100ms"]) as screen:
        screen.read_until(b"Hot paths")
        screen.process.send_signal(number)
        assert screen.process.wait(30) == status
        assert screen.is_as_before()
    assert not fake.on


def test_a_server_that_goes_away_and_comes_back_is_watched_on():
    fake = BusyServer()
    with fake.listening() as address, Screen([address, "--every", "100ms"]) as screen:
        screen.read_until(b"Hot paths")
        fake.answers["GET /profile"] = (503, b"")
        screen.read_until(b"as many clients as it can")
        del fake.answers["GET /profile"]
        screen.read_until(b"measured for")


def test_a_terminal_without_rich_is_told_what_to_install(tmp_path):
    (tmp_path / "rich.py").write_text("raise ImportError", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    fake = FakeServer(image_profile())
    with fake.listening() as address, Screen([address], PYTHONPATH=path) as screen:
        screen.read_until(b"pip install 'flux-servers[terminal]'")
        assert screen.process.wait(30) == 2


def test_a_dumb_terminal_gets_text():
    fake = FakeServer(image_profile(), LATER)
    with fake.listening() as address:
        words = [address, "--every", "100ms", "--count", "1"]
        with Screen(words, TERM="dumb") as screen:
            screen.read_until(b"Hot paths")
            assert b"\x1b" not in screen.shown


def test_help_has_an_example(flux):
    assert "Example: flux top 127.0.0.1:9100" in flux("top", "--help").stdout
