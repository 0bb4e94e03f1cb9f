"""What only a real process shows: terminals, pipes, signals."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FLUX = [sys.executable, "-m", "flux.cli"]


@pytest.fixture
def errors_on_a_terminal():
    """Runs `flux` on a wrong program with its errors on a terminal, and gives what it shows."""
    terminal, end = os.openpty()

    def call(**environment):
        wrong = b"source A => B;"
        environment = {"TERM": "xterm", "PATH": os.environ["PATH"]} | environment
        subprocess.run([*FLUX, "check", "-"], input=wrong, stderr=end, env=environment, check=False)
        return os.read(terminal, 65536)

    yield call
    os.close(terminal)
    os.close(end)


def test_diagnostics_are_colored_on_a_terminal(errors_on_a_terminal):
    assert errors_on_a_terminal().startswith(b"\x1b[1;31merror[")


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_nobody_gets_colors_who_wants_none(errors_on_a_terminal, environment):
    assert b"\x1b" not in errors_on_a_terminal(**environment)


def test_a_reader_that_leaves_early_is_no_crash():
    reader, writer = os.pipe()
    os.close(reader)
    result = subprocess.run([*FLUX, "--help"], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert result.stderr == b""


def test_a_terminal_that_lacks_characters_is_no_crash(tmp_path):
    (tmp_path / "ü\udcff.flux").write_text("A -> \x1b日", encoding="utf-8")
    environment = {"PYTHONIOENCODING": "latin-1", "PATH": os.environ["PATH"]}
    result = subprocess.run(
        [*FLUX, "check", tmp_path / "ü\udcff.flux", "--format", "github"],
        capture_output=True,
        env=environment,
        check=False,
    )
    assert result.returncode == 1
    assert b"Traceback" not in result.stderr
    assert result.stdout.startswith(b"::")


def test_a_full_disk_is_no_crash():
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [*FLUX, "explain", "arity"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert result.returncode == 2
    assert result.stderr == b"Error: standard output: No space left on device\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_standard_streams_may_be_closed(tmp_path, closed):
    program = tmp_path / "a.flux"
    program.write_text("source A => B; A () -> (); B () -> ();", encoding="utf-8")
    words = ["sh", "-c", f'"$@" {closed}', "sh", *FLUX, "check", program, "-"]
    assert subprocess.run(words, stdin=subprocess.DEVNULL, check=False).returncode == 0
