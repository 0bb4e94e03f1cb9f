import subprocess
import sys

import pytest

from flux.runtime.flow import Flow
from flux.runtime.profiler.flows import how_many
from flux.runtime.profiler.marks import BEGAN, Kind, Mark, Marks
from flux.runtime.program import Source

# Just before it looks at the threads there is garbage enough for a collection. That of Python 3.11
# wants a lock of the interpreter which is held meanwhile.
PROGRAM = """
import gc
import threading
from flux.runtime.profiler import flows
from flux.runtime.profiler.marks import Marks

def litter():
    gc.disable()
    garbage = [threading.local() for _ in range(1000)]
    for each in garbage:
        each.itself = each
    del garbage, each
    [{} for _ in range(100)]  # memory for dictionaries, which are then no reason to collect
    COLLECTS
    return 0

flows.clock = litter
print(flows.living((), Marks()), gc.isenabled())
"""


@pytest.mark.parametrize(("collects", "is_on"), [("gc.enable()", True), ("", False)])
def test_a_collection_while_threads_are_looked_at_hangs_nothing(collects, is_on):
    words = [sys.executable, "-c", PROGRAM.replace("COLLECTS", collects)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == f"([], 0) {is_on}\n"


def test_live_flows_that_are_timed_count_for_those_for_which_they_stand():
    marks, source = Marks(), Source("Listen", len, 1, None, len)
    flows = []
    for mark in (BEGAN, marks.number(Mark(Kind.BEGAN, stands_for=8))):
        flow = Flow()
        flow.record = [mark, 1]
        flows.append((flow, source))
    assert how_many(flows, marks) == 9
