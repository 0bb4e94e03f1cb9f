"""Runs a module of CPython's tests case by case, in processes of its own.

A case that says nothing for too long is killed with its process, and so is one that crashes; what
was to come after it is run by the next process. So every case has its own outcome.
"""

import json
import os
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

DRIVER = Path(__file__).with_name("cases.py")
PATIENCE = 100.0  # seconds for one case: the machine may be busy, and some sleep for long
MOST_PROCESSES = 30  # for one module
LOOK = 0.1  # seconds
ENOUGH = 3000  # characters of what a process wrote before it ended


def outcomes_of(interpreter, environment, work):
    """What became of each case, by its name: passed, failed, skipped, hung or crashed, and why.

    `work` is for the driver: a `module`, the `resources` it may use, and the names of the `only`
    cases to run, or of those to `omit`.
    """
    outcomes = {}
    for _ in range(MOST_PROCESSES):
        left = work | {"omit": sorted({*work["omit"], *outcomes})}
        told, last = _run([interpreter, DRIVER], left, environment)
        outcomes |= told | last
        if not last:
            return outcomes
    raise AssertionError(f"each of {MOST_PROCESSES} processes was ended, the last one in {last}")


def _run(command, work, environment):
    """What one process tells; and of the case that ended it, if one did."""
    with tempfile.TemporaryDirectory(prefix="flux-cpython-") as name:
        told, output, folder = (Path(name, each) for each in ("told", "output", "work"))
        told.touch()
        folder.mkdir()
        options = {
            "cwd": folder,
            "env": environment | {"TMPDIR": str(folder)},
            "stdin": subprocess.DEVNULL,
            "start_new_session": True,
        }
        words = [*command, json.dumps(work | {"tell": str(told)})]
        with output.open("wb") as log, _group(words, stdout=log, stderr=log, **options) as process:
            hangs = _hangs(process, told)
        return _understand(told.read_text(encoding="utf-8"), _end_of(output), hangs=hangs)


class _group(subprocess.Popen):  # noqa: N801 - used like a function
    """A process which is killed in the end, with all that it has started and not taken along."""

    def __exit__(self, *exception):
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        super().__exit__(*exception)


def _hangs(process, told):
    """Wait for its end; whether that doesn't come, and nothing is told meanwhile."""
    size, since = -1, time.monotonic()
    while process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(LOOK)
        if (now := told.stat().st_size) != size:
            size, since = now, time.monotonic()
        if time.monotonic() - since > PATIENCE:
            return True
    return False


def _end_of(output):
    return output.read_text(encoding="utf-8", errors="replace")[-ENOUGH:]


def _understand(lines, output, *, hangs):
    outcomes, begun, has_ended = {}, "before the first case", False
    for outcome, name, why in map(json.loads, lines.splitlines()):
        if outcome == "began":
            begun = name
        elif outcome == "ended":
            begun, has_ended = "after the last case", True
        else:
            outcomes[name] = (outcome, why)
            begun = f"after {name}"
    if has_ended and not hangs:
        return outcomes, {}
    return outcomes, {begun: ("hung" if hangs else "crashed", output)}
