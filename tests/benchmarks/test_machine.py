"""What others use while something is measured."""

import subprocess
import sys

from measuring.machine import Interval

BURN = "import time\nwhile time.process_time() < {}: pass"


def test_what_an_ended_child_used_is_known():
    before = Interval()
    subprocess.run([sys.executable, "-c", BURN.format(0.3)], check=True)
    seconds = before.seconds()
    assert before.others(0.0) * seconds >= 0.28
    assert before.others(1e9) == 0.0


def test_what_another_process_uses_counts_as_others():
    with subprocess.Popen([sys.executable, "-c", BURN.format(0.3)]) as other:
        before = Interval()
        other.wait()
        assert before.others(0.0) * before.seconds() >= 0.2
