"""`flux profile` and `flux profile diff`."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace

import msgspec
import pytest
from measured.decoded import pprof
from measured.image import HIT, SECOND, WAYS, image_profile
from measured.server import FakeServer
from processes import started

from flux.cli import profile as command

SECRET = "open-sesame"  # noqa: S105 - it protects nothing
LATER = image_profile(
    [replace(way, count=2 * way.count) for way in WAYS],
    elapsed=30 * SECOND,
    nodes=(),
    constraints=(),
    cases=(),
    sources=(),
)


@pytest.fixture
def profile(tmp_path):
    path = tmp_path / "image.profile.json"
    path.write_bytes(msgspec.json.encode(image_profile()))
    return path


@pytest.fixture
def never():
    """A server that has never been profiled."""
    return FakeServer(image_profile((), began=None, elapsed=0), on=False)


def test_the_profile_of_a_file_is_shown(flux, profile):
    result = flux("profile", profile)
    assert result.exit_code == 0
    assert result.stdout.startswith("image.flux\nPython, runtime pool, 8 threads")


def test_a_profile_may_come_from_the_standard_input(flux, profile):
    assert "Hot paths" in flux("profile", "-", stdin=profile.read_bytes()).stdout


def test_the_profile_of_a_server_is_shown(flux):
    with FakeServer(image_profile()).listening() as address:
        assert "Hot paths, by count" in flux("profile", address, "--by", "count").stdout


def test_a_server_that_was_never_profiled_tells_what_to_do(flux, never):
    with never.listening() as address:
        result = flux("profile", address)
    assert result.exit_code == 2
    assert f"`flux profile {address} --for 10s`" in result.stderr


def test_a_server_is_profiled_for_a_while(flux):
    fake = FakeServer(image_profile(), LATER)
    with fake.listening() as address:
        result = flux("profile", address, "--for", "10ms")
    assert "measured for 20.0 s; 8,384 flows, 419/s" in result.stdout
    assert fake.asked == ["GET /profile", "GET /profile"]


def test_profiles_of_several_workers_are_shown_as_one(flux, profile):
    with FakeServer(image_profile()).listening() as address:
        result = flux("profile", profile, address)
    assert "queue of 1,024, 2 workers, Flux" in result.stdout
    assert "measured for 10.0 s; 16,768 flows, 1,677/s" in result.stdout


def test_several_workers_are_profiled_at_the_same_time(flux):
    fakes = [
        FakeServer(image_profile(), LATER),
        FakeServer(image_profile(), image_profile(), LATER, on=False),
    ]
    with fakes[0].listening() as one, fakes[1].listening() as other:
        result = flux("profile", one, other, "--for", "10ms")
    assert "measured for 20.0 s; 16,768 flows, 838/s" in result.stdout
    assert [fake.on for fake in fakes] == [True, False]


def test_profiles_of_different_servers_are_not_shown_as_one(flux, profile):
    with FakeServer(image_profile(program="other.flux")).listening() as address:
        result = flux("profile", profile, address)
    assert result.exit_code == 2
    assert f"{profile} and {address} are profiles of different programs" in result.stderr


def test_a_server_that_is_off_is_on_for_a_while(flux):
    fake = FakeServer(image_profile(), image_profile(), LATER, on=False)
    with fake.listening() as address:
        result = flux("profile", address, "--for", "10ms")
    assert "8,384 flows" in result.stdout
    assert fake.asked == ["GET /profile", "POST /start", "GET /profile", "POST /stop"]
    assert not fake.on


def test_an_interrupt_shows_what_there_is(flux, monkeypatch):
    def interrupted(_seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(command.time, "sleep", interrupted)
    fake = FakeServer(image_profile(), image_profile(), LATER, on=False)
    with fake.listening() as address:
        result = flux("profile", address, "--for", "1h")
    assert "8,384 flows" in result.stdout
    assert not fake.on


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_ended_turns_the_profile_off(number):
    fake = FakeServer(image_profile(), on=False)
    with fake.listening() as address:
        words = [sys.executable, "-m", "flux.cli", "profile", address, "--for", "1h"]
        with started(words) as process:
            fake.wait_for("POST /start")
            process.send_signal(number)
            assert process.wait() == 128 + number
    assert fake.asked[-1] == "POST /stop"


def test_a_server_that_was_started_again_meanwhile_is_told(flux):
    fake = FakeServer(LATER, image_profile())
    with fake.listening() as address:
        result = flux("profile", address, "--for", "10ms")
    assert result.exit_code == 2
    assert "started again, or its profile was cleared; ask it again" in result.stderr


def test_a_server_that_ends_meanwhile_is_told(flux):
    fake = FakeServer(image_profile())
    fake.answers["GET /profile"] = (503, b"")
    with fake.listening() as address:
        result = flux("profile", address, "--for", "10ms")
    assert result.exit_code == 2
    assert "ask again" in result.stderr


def test_a_secret_is_read_from_a_file(flux, tmp_path):
    (tmp_path / "token").write_text(f"{SECRET}\n", encoding="ascii")
    with FakeServer(image_profile(), token=SECRET).listening() as address:
        assert flux("profile", address, "--token-file", "token").exit_code == 0
        assert flux("profile", address).exit_code == 2


def test_the_progress_is_shown_on_a_terminal_only():
    with FakeServer(image_profile(), LATER).listening() as address:
        terminal, end = os.openpty()
        words = [sys.executable, "-m", "flux.cli", "profile", address, "--for", "100ms"]
        shown = subprocess.run(words, stderr=end, stdout=subprocess.PIPE, check=True).stdout
        assert b"profiling" in os.read(terminal, 65536)
        os.close(terminal)
        os.close(end)
    assert b"profiling" not in shown


@pytest.mark.parametrize(
    ("form", "start"),
    [
        ("json", '{\n "format": "flux-profile"'),
        ("speedscope", '{"$schema": "https://www.speedscope.app'),
        ("collapsed", "Listen;Handler:[_, hit];ReadRequest "),
    ],
)
def test_other_programs_get_their_format(flux, profile, form, start):
    assert flux("profile", profile, "--format", form).stdout.startswith(start)


def test_pprof_goes_to_a_file(flux, profile, tmp_path):
    assert flux("profile", profile, "--format", "pprof", "-o", "image.pb.gz").stdout == ""
    assert pprof((tmp_path / "image.pb.gz").read_bytes())[2]["shown"] == "time"


def test_pprof_never_goes_to_a_terminal(profile):
    terminal, end = os.openpty()
    words = [sys.executable, "-m", "flux.cli", "profile", profile, "--format", "pprof"]
    result = subprocess.run(words, stdout=end, stderr=subprocess.PIPE, check=False)
    os.close(terminal)
    os.close(end)
    assert result.returncode == 2
    assert b"say where to with -o" in result.stderr


def test_json_is_a_profile_again(flux, profile, tmp_path):
    flux("profile", profile, "--format", "json", "-o", "again.json")
    assert flux("profile", "again.json").stdout == flux("profile", profile).stdout
    assert json.loads((tmp_path / "again.json").read_bytes())["program"] == "image.flux"


def test_the_width_is_that_of_the_terminal(flux, profile, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    assert f"  {HIT}\n" in flux("profile", profile).stdout


@pytest.mark.parametrize(("environment", "colored"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colors_are_for_terminals_that_want_them(profile, environment, colored):
    terminal, end = os.openpty()
    environment = os.environ | {"TERM": "xterm", "NO_COLOR": ""} | environment
    words = [sys.executable, "-m", "flux.cli", "profile", profile]
    subprocess.run(words, stdout=end, env=environment, check=True)
    assert (b"\x1b[" in os.read(terminal, 65536)) == colored
    os.close(terminal)
    os.close(end)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["missing.json"], "missing.json is neither a file nor an address"),
        (["\x1b[2J"], "␛[2J is neither a file nor an address"),
        (["image.profile.json", "--for", "10s"], "--for is for servers"),
        (["127.0.0.1:1", "image.profile.json", "--for", "10s"], "--for is for servers"),
        (["image.profile.json", "image.profile.json"], "image.profile.json is named twice"),
        (["image.profile.json", "./image.profile.json"], "./image.profile.json is named twice"),
        (["127.0.0.1:1", "--for", "soon"], "'soon' is no duration such as 10s"),
        (["127.0.0.1:1", "--for", "0s"], "0s isn't between 10ms and 24h"),
        (["127.0.0.1:1", "--for", "25h"], "25h isn't between 10ms and 24h"),
        (["127.0.0.1:1"], "nobody listens at 127.0.0.1:1"),
        (["image.profile.json", "--by", "weight"], "'weight' is not one of"),
        (["image.profile.json", "-o", "missing/a"], "there is no folder missing to write to"),
        (["image.profile.json", "-o", "."], "is a directory"),
        (["."], "Is a directory"),
        (["a" * 5_000], "File name too long"),
        (["image.profile.json", "--token-file", "missing"], "does not exist"),
        (["diff", "image.profile.json"], "Missing argument 'B'"),
        (["diff", "image.profile.json", "missing"], "neither a file nor an address"),
    ],
)
@pytest.mark.usefixtures("profile")
def test_mistakes_are_told(flux, words, message):
    result = flux("profile", *words)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_file_that_is_no_profile_is_told(flux, tmp_path):
    (tmp_path / "a.json").write_bytes(b"\x1b[2J")
    result = flux("profile", "a.json")
    assert result.exit_code == 2
    assert "Error: a.json is no profile" in result.stderr


def test_a_socket_is_told_from_a_file(flux, tmp_path):
    with FakeServer(image_profile()).listening(tmp_path / "socket"):
        result = flux("profile", "socket")
        assert result.exit_code == 2
        assert "its address is unix:socket" in result.stderr
        assert flux("profile", "unix:socket").exit_code == 0


def test_two_profiles_are_compared(flux, profile):
    with FakeServer(LATER).listening() as address:
        result = flux("profile", "diff", profile, address, "--by", "count")
    assert result.exit_code == 0
    assert "Paths: flows a second\n   ratio" in result.stdout


def test_a_comparison_may_be_json(flux, profile):
    result = flux("profile", "diff", profile, profile, "--format", "json")
    assert json.loads(result.stdout)["same_program"] is True


@pytest.mark.parametrize("words", [["profile"], ["profile", "diff"]])
def test_help_has_an_example(flux, words):
    result = flux(*words, "--help")
    assert result.exit_code == 0
    assert f"Usage: flux {' '.join(words)} " in result.stdout.replace("main", "flux")
    assert f"Example: flux {' '.join(words)} " in result.stdout
