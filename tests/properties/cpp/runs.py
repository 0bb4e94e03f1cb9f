"""Runs of random programs in C++, compared with the model as those in Python are.

A run that makes no progress fails with the program and with what was told of each flow.
"""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from processes import started
from properties.checker import flows_of
from properties.cpp.comparison import check_all
from properties.cpp.dictation import Dictation
from properties.cpp.harness import plan_of, sources
from properties.cpp.records import Values, told_by
from properties.reading import read

from flux.conformance.cpp.build import QUICK, build

PATIENCE = 20.0

# All runtimes, and more than one loop.
RUNTIMES = ("thread", "pool --threads 3 --queue 2", "event", "event --cores 2")
OPTIONS = ("--max-flows", "8", "--drain", "0")


class StalledError(AssertionError):
    """A run that makes no progress."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program, and the seed and number of turns that its scripts come from."""

    text: str
    seed: int
    turns: int


class Binary:
    """Programs that were compiled together."""

    def __init__(
        self, folder: Path, programs: Sequence[Program], flags: Sequence[str] = QUICK
    ) -> None:
        self._path = folder / "programs"
        self._programs = programs
        self._plans = [plan_of(program.text) for program in programs]
        build(self._path, sources(self._plans), flags)

    def check(self, number: int, runtime: str, patience: float = PATIENCE) -> None:
        """Assert that a program does what the model says."""
        program, plan = self._programs[number], self._plans[number]
        reading, dictation = read(program.text), Dictation(program.seed, program.turns)
        expected = {s.node: list(flows_of(reading, s, dictation)) for s in reading.sources}
        order = [loop.source for loop in plan.sources]
        command = [str(self._path), str(number), "--runtime", *runtime.split(), *OPTIONS]
        with _noted(program):
            output = _output(command, dictation.text(order), patience)
            check_all(plan, expected, told_by(output, Values(program.seed, order)))


@contextmanager
def _noted(program: Program) -> Iterator[None]:
    """Let whatever goes wrong name the program."""
    try:
        yield
    except Exception as error:
        error.add_note(f"the program of seed {program.seed}:\n{program.text}")
        raise


def _output(command: Sequence[str], scripts: str, patience: float) -> str:
    """What a program tells on its standard output."""
    with started(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            output, errors = process.communicate(scripts, timeout=patience)
        except subprocess.TimeoutExpired:
            raise StalledError(_last_words(process)) from None
    assert process.returncode == 0, f"status {process.returncode}\n{errors}"
    return output


def _last_words(process: "subprocess.Popen[str]") -> str:
    """What a program that makes no progress tells when it is stopped."""
    process.terminate()
    try:
        output, errors = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
    return f"no progress\n{output}\n{errors}"
