"""Processes that tests start: none outlives its use, whatever becomes of the test."""

import subprocess
from contextlib import contextmanager


@contextmanager
def started(command, **options):
    """A process, which is killed in the end if it still runs."""
    with subprocess.Popen(command, **options) as process:
        try:
            yield process
        finally:
            process.kill()
