"""The commands of `engine/gdb/flux.py`, on a server of two flows that both wait."""

import re
import subprocess
from pathlib import Path

import pytest

from flux import resources
from flux.cli.run_cpp import built
from flux.toolchain.manifest import Flags

# The engine is compiled once for all of these tests; with a busy machine that takes its time.
pytestmark = [pytest.mark.usefixtures("flux_cache"), pytest.mark.timeout(400)]

PROGRAM = """\
Next () -> (int number);
Read (int number) -> (int byte);
Show (int byte) -> ();
source Next => Reading;
Reading = Read -> Show;
atomic Read: {table};
"""

FUNCTIONS = """\
#include "reading.h"

#include <unistd.h>

static int number = 0;
static int ends[2];

// Each flow has run until it waits when the source goes on.
[[gnu::noinline]] static int both_wait() {
  asm("");
  return FLUX_END;
}

int flux_init(int, char **) { return pipe(ends); }

int Next(int *next) {
  *next = ++number;
  return number > 2 ? both_wait() : 0;
}

int Read(int, int *byte) {
  char got = 0;
  const ssize_t count = read(ends[0], &got, 1);
  *byte = got;
  return count == 1 ? 0 : 1;
}

int Show(int) { return 0; }
"""


@pytest.fixture(scope="module")
def binary(tmp_path_factory, flux_cache):  # noqa: ARG001 - where the engine is compiled
    folder = tmp_path_factory.mktemp("reading")
    (folder / "reading.flux").write_text(PROGRAM, encoding="utf-8")
    (folder / "reading.cpp").write_text(FUNCTIONS, encoding="utf-8")
    return Path(built(folder / "reading.flux", (), Flags()).binary)


@pytest.fixture(scope="module")
def gdb(binary):
    """What gdb tells when both flows wait."""
    flux = resources.folder("engine") / "gdb" / "flux.py"
    start = [f"source {flux}", "break both_wait", "run --runtime event"]

    def call(*commands):
        script = [part for line in (*start, *commands) for part in ("-ex", line)]
        command = ["gdb", "-nx", "-batch", *script, str(binary)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return call


def test_flows_are_listed_with_what_they_hold_and_await(gdb):
    listed = re.findall(r"^\d: .*", gdb("flux flows").stdout, re.MULTILINE)
    told = [re.sub(r"\d+\.\d{3} s", "0 s", line) for line in listed]
    assert told[0] == "1: loop 0: Next => Reading, after Next, 0 s old, awaits table"
    reading = "2: loop 0: Next => Reading, in Read, 0 s old, holds table, awaits read of descriptor"
    assert told[1].startswith(reading)
    assert told[2].startswith("3: loop 0: ")
    assert told[2].endswith(", runs")


def test_the_backtrace_of_a_flow_leads_from_its_wait_to_its_begin(gdb):
    frames = re.findall(r"^#.*", gdb("flux flow 2 bt").stdout, re.MULTILINE)
    functions = "\n".join(frames)
    assert frames[0].startswith("#0 ")
    assert "Loop::leave" in frames[0]
    assert functions.index(" read ") < functions.index(" Read ")
    assert functions.index(" Read ") < functions.index("flux_start_context")
    assert "both_wait" not in functions


def test_the_thread_is_where_it_was_after_a_backtrace(gdb):
    before, after = (gdb(*first, "backtrace 1").stdout for first in ((), ("flux flow 2 bt",)))
    frame = re.search(r"^#0 .*both_wait.*", before, re.MULTILINE)
    assert frame
    assert after.count(frame[0]) == 1


def test_a_flow_that_runs_has_the_backtrace_of_its_thread(gdb):
    assert "it runs: its backtrace is that of the thread of loop 0" in gdb("flux flow 3 bt").stderr


def test_wrong_commands_say_what_is_right(gdb):
    assert "there is no flow 9" in gdb("flux flow 9 bt").stderr
    assert "say `flux flow N bt`" in gdb("flux flow bt").stderr
