"""Servers of tests/profile/planted, in each language on each of its runtimes."""

import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from processes import started

from flux.profile.client import Server, parsed_address

PROGRAM = Path(__file__).resolve().parents[1] / "profile" / "planted" / "planted.flux"
KINDS = ("python thread", "python pool", "cpp thread", "cpp pool", "cpp event")
HEAVY, SLOW, REFUSED = 1200, 400, 2400
FLOWS = HEAVY + SLOW + REFUSED
PATIENCE = 60.0  # seconds: the machine may be busy


def numbers():
    """Three in ten are heavy, one is slow, the others are refused; twenty of each in a row."""
    return bytes(sorted(bytes(range(10)) * 20)) * (FLOWS // 200)


def command(kind, binary):
    """How a server of a kind is started; options may follow."""
    target, runtime = kind.split()
    python = [sys.executable, "-m", "flux.cli", "run", str(PROGRAM), "--target=python"]
    return [*({"python": python, "cpp": [binary]}[target]), f"--runtime={runtime}"]


class Running:
    """A server that takes its numbers from a pipe, and can be asked for its profile."""

    def __init__(self, process):
        self.process = process
        self.address = _address(process)
        self.asked = Server(parsed_address(self.address))

    def give(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def toggle(self):
        self.process.send_signal(signal.SIGUSR2)

    def wait_for(self, is_so):
        """The first profile of which something is so."""
        deadline = monotonic() + PATIENCE
        while not is_so(profile := self.asked.profile()):
            assert monotonic() < deadline, profile
        return profile


@contextmanager
def running(kind, binary, *options, source=subprocess.PIPE):
    """A server that listens for questions, until it isn't needed any more."""
    words = [*command(kind, binary), *options, "--profile-listen=127.0.0.1:0"]
    pipes = {"stdin": source, "stderr": subprocess.PIPE}
    with started(words, **pipes) as process:
        yield Running(process)


def _address(process):
    for line in process.stderr:
        if found := re.fullmatch(rb"flux: profile at (\S+)\n", line):
            return found[1].decode()
    raise AssertionError("the server tells no address")
