"""Whatever the program, each command answers soon, and never with a traceback."""

import subprocess
import sys

import pytest
from bad_input.programs import PROGRAMS

COMMANDS = ("check --locks", "plan", "paths", "graph", "fmt --check", "build --output out")

# Seconds of the processor, not of the clock: other work may slow the machine down.
LIMITED = ("sh", "-c", 'ulimit -t 10; exec "$@"', "sh", sys.executable, "-m", "flux.cli")


@pytest.fixture(params=PROGRAMS)
def program(request, tmp_path, monkeypatch):
    """A file of bad input."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "program.flux"
    path.write_bytes(PROGRAMS[request.param])
    return path


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_answers_within_ten_seconds(program, command):
    done = subprocess.run([*LIMITED, *command.split(), program], capture_output=True, check=False)
    assert done.returncode in {0, 1, 2}, done.stderr[-2000:]
    assert b"Traceback" not in done.stderr
