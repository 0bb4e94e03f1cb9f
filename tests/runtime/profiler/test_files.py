"""Profiles in files: at the end of a server, and on SIGUSR2."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from runtime.profiler.profiles import PROGRAM, decoded, program

import flux
from flux.runtime import ProfileOptions

SOURCES = str(Path(flux.__file__).parent.parent)

NODES = """
import sys

def listen():
    for line in sys.stdin:
        print("given", flush=True)
        yield int(line)

def first(item): return item
hit = miss = first
def end(item): print("ended", flush=True)
sorry = end
def by(item): return item
def is_even(item): return item % 2 == 0
"""


@pytest.fixture
def run(tmp_path):
    """Run the program as a command; it gives flows for the lines of its input."""
    (tmp_path / "image.flux").write_text(PROGRAM)
    (tmp_path / "image.py").write_text(NODES)
    processes = []

    def start(*options):
        process = subprocess.Popen(
            [sys.executable, "-m", "flux.cli", "run", "image.flux", *options],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": SOURCES},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


ONE_WORKER = ("--runtime", "pool", "--threads", "1")


def carry(process, item):
    """Let one flow run to its last node; with one worker, the flow before it has ended then."""
    process.stdin.write(f"{item}\n")
    process.stdin.flush()
    assert [process.stdout.readline() for _ in range(2)] == ["given\n", "ended\n"]


def written(path):
    """The profile in a file, as soon as it is there."""
    deadline = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < deadline
    return decoded(path.read_text())


def flows(profile):
    return sum(path.count for path in profile.paths)


@pytest.mark.parametrize(
    ("options", "name"),
    [
        (["--profile"], "image.profile.json"),
        (["--profile", "--profile-file", "mine.json"], "mine.json"),
    ],
)
def test_profile_is_written_when_the_server_ends(run, tmp_path, options, name):
    server = run(*options)
    carry(server, 1)
    said = server.communicate()[1]
    assert server.returncode == 0
    assert said.endswith(f"\nflux: profile: written to {name}\n")
    assert flows(decoded((tmp_path / name).read_text())) == 1


def test_without_options_nothing_is_written(run, tmp_path):
    server = run()
    carry(server, 1)
    server.communicate()
    assert not list(tmp_path.glob("*.json"))


def test_signal_says_that_the_profile_is_on(run):
    server = run(*ONE_WORKER)
    carry(server, 1)
    server.send_signal(signal.SIGUSR2)
    assert "flux: profile: on\n" in iter(server.stderr.readline, "")


def test_signal_turns_the_profile_off_and_writes_it(run, tmp_path):
    server = run("--profile", *ONE_WORKER)
    carry(server, 1)
    carry(server, 1)
    server.send_signal(signal.SIGUSR2)
    profile = written(tmp_path / "image.profile.json")
    assert not profile.on
    assert flows(profile) in (1, 2)


def test_signal_turns_the_profile_on_in_a_plain_server(run, tmp_path):
    server = run("--profile-listen", f"unix:{tmp_path}/it.sock", *ONE_WORKER)
    carry(server, 2)
    server.send_signal(signal.SIGUSR2)
    wait_until_on(tmp_path / "it.sock")
    carry(server, 2)
    carry(server, 2)
    server.send_signal(signal.SIGUSR2)
    profile = written(tmp_path / "image.profile.json")
    assert not profile.on
    assert flows(profile) in (1, 2)


def wait_until_on(path):
    answer = b""
    while b'"on": true' not in answer:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
            client.sendall(b"GET /flows HTTP/1.1\r\n\r\n")
            answer = b"".join(iter(lambda client=client: client.recv(4096), b""))


def test_file_that_cannot_be_written_is_told_and_harms_nothing(tmp_path, capsys):
    options = ProfileOptions(file=str(tmp_path / "none" / "it.json"))
    with program(tmp_path, Listen=lambda: next(iter(()))).server(profile=options) as server:
        server.wait()
    assert "the profile is not written" in capsys.readouterr().err


def test_file_keeps_its_permissions_and_a_link_its_aim(tmp_path):
    file, link = tmp_path / "it.json", tmp_path / "link.json"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    options = ProfileOptions(file=str(link))
    with program(tmp_path, Listen=lambda: next(iter(()))).server(profile=options) as server:
        server.wait()
    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o640
    assert decoded(file.read_text()).on is False
    assert {path.name for path in tmp_path.iterdir()} == {"image.flux", "it.json", "link.json"}
