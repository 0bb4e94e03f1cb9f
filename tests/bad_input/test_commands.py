"""Whatever the program, each command answers soon, and never with a traceback."""

import subprocess
import sys

import pytest
from bad_input.programs import PROGRAMS, UNREADABLE

COMMANDS = ("check --locks", "plan", "paths", "graph", "fmt --check", "build --output out")
THOROUGH = {"check --locks", "fmt --check"}

# Seconds of the processor, not of the clock: other work may slow the machine down.
LIMITED = ("sh", "-c", 'ulimit -t 10; exec "$@"', "sh", sys.executable, "-m", "flux.cli")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_command_answers_within_ten_seconds(name, command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    program, text = tmp_path / "program.flux", PROGRAMS[name]
    is_short = name in UNREADABLE and command not in THOROUGH
    program.write_bytes(text[: len(text) // 10] if is_short else text)
    done = subprocess.run([*LIMITED, *command.split(), program], capture_output=True, check=False)
    assert done.returncode in {0, 1, 2}, done.stderr[-2000:]
    assert b"Traceback" not in done.stderr
