"""`flux run --reload` with real files, real watches and real servers: it is waited for output."""

import os
import pty
import subprocess
import sys
from contextlib import contextmanager

import pytest

from flux.toolchain.cache import Cache
from flux.toolchain.fibers import shared_object

FLUX = [sys.executable, "-m", "flux.cli"]
PATIENCE = 60.0  # seconds: a server that drains, on a busy machine

FUNCTIONS = """\
import sys
import helper


def init(args):
    print("serving", helper.WORD, *args, flush=True)


def read_line():
    sys.stdin.read()


def show(line):
    pass
"""

NATIVE = """\
#include "helper.h"
#include "lines.h"

int flux_init(int, char **) {
  fprintf(stderr, "serving %s\\n", WORD);
  return 0;
}
int ReadLine(const char **) {
  getchar();
  return FLUX_END;
}
int Show(const char *) { return 0; }
"""


class Said:
    """What a supervisor and its servers write; a test waits for what it needs to see."""

    def __init__(self, process):
        self.process = process
        self.lines = []

    def until(self, text):
        for line in self.process.stdout:
            self.lines.append(line)
            if text in line:
                return
        pytest.fail(f"never said {text!r}:\n{''.join(self.lines)}")


@contextmanager
def reloading(program, *options):
    """A supervisor; its server's input stays open, and empty."""
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [*FLUX, "run", program, "--reload", *options],
        cwd=program.parent,
        stdin=reader,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Said(process)
    finally:
        process.terminate()
        try:
            process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
            process.stdout.close()
        os.close(reader)
        os.close(writer)


@pytest.fixture
def helper(program):
    """A module that the functions of a program import."""
    program.with_suffix(".py").write_text(FUNCTIONS, encoding="utf-8")
    path = program.with_name("helper.py")
    path.write_text('WORD = "one"\n', encoding="utf-8")
    return path


@pytest.mark.parametrize("runtime", ["thread", "pool"])
def test_a_change_restarts_a_server_with_the_same_options(program, helper, runtime):
    with reloading(program, "--runtime", runtime, "--", "--reload") as said:
        said.until("serving one --reload")
        helper.write_text('WORD = "two"\n', encoding="utf-8")
        said.until("flux: helper.py has changed: restarting")
        said.until("serving two --reload")
    assert said.process.returncode == 0


@pytest.fixture
def _fibers(flux_cache):
    """What `--runtime event` needs, compiled before a server waits for it."""
    shared_object(Cache(flux_cache), print)


@pytest.mark.timeout(400)
@pytest.mark.usefixtures("_fibers")
@pytest.mark.parametrize(
    "options",
    [("--workers", "2"), ("--runtime", "event"), ("--runtime", "event", "--workers", "2")],
)
def test_servers_that_are_other_processes_are_restarted_too(program, helper, options):
    text = FUNCTIONS.replace("sys.stdin.read()", "threading.Event().wait()")
    text = text.replace("print(", "flux.announce(").replace(
        '"serving", helper.WORD, *args', "WORDS"
    )
    text = text.replace("WORDS, flush=True", 'f"serving {helper.WORD}"')
    program.with_suffix(".py").write_text(f"import flux, threading\n{text}", encoding="utf-8")
    with reloading(program, *options) as said:
        said.until("serving one")
        helper.write_text('WORD = "two"\n', encoding="utf-8")
        said.until("flux: helper.py has changed: restarting")
        said.until("serving two")
    assert said.process.returncode == 0


def test_mistakes_keep_the_old_server(program, helper):
    with reloading(program) as said:
        said.until("serving one")
        right = program.read_text(encoding="utf-8")
        program.write_text(right.replace("= Show", "= Shew"), encoding="utf-8")
        said.until("error[undefined-node]")
        said.until("flux: lines.flux has changed, and there are mistakes: the server goes on")
        helper.write_text("WORD = unknown\n", encoding="utf-8")
        said.until("there are mistakes")
        program.write_text(right, encoding="utf-8")
        said.until("NameError: name 'unknown' is not defined")
        said.until("lines.py can't be imported")
        helper.write_text('WORD = "three"\n', encoding="utf-8")
        said.until("serving three")
    assert not any("serving two" in line for line in said.lines)


def test_functions_that_exit_when_they_are_imported_are_a_mistake(program, helper):
    helper.write_text("raise SystemExit(0)\n", encoding="utf-8")
    with reloading(program) as said:
        said.until("lines.py can't be imported")
        said.until("flux: waiting for a change")
        helper.write_text('WORD = "two"\n', encoding="utf-8")
        said.until("flux: helper.py has changed: starting")
        said.until("serving two")


def test_a_server_that_fails_at_its_start_waits_for_a_change(program, helper):
    text = FUNCTIONS.replace("print(", "raise SystemExit(7)\n    print(")
    program.with_suffix(".py").write_text(text, encoding="utf-8")
    with reloading(program) as said:
        said.until("flux: the server has ended with 7: waiting for a change")
    assert said.process.returncode == 7
    assert helper.exists()


def test_impossible_options_end_it_at_once(program, helper):  # noqa: ARG001 - it is imported
    command = [*FLUX, "run", program, "--reload", "--drain", "nan"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "0 seconds or more" in done.stderr


def test_ctrl_c_on_a_terminal_drains_the_server(program, helper):  # noqa: ARG001 - it is imported
    text = FUNCTIONS.replace("sys.stdin.read()", "threading.Event().wait()")
    program.with_suffix(".py").write_text(f"import threading\n{text}", encoding="utf-8")
    child, terminal = pty.fork()
    if not child:
        os.chdir(program.parent)
        os.execv(sys.executable, [*FLUX, "run", "lines.flux", "--reload"])  # noqa: S606
    said = b""
    while b"serving one" not in said:
        said += os.read(terminal, 1024)
    os.write(terminal, b"\x03")
    _, status = os.waitpid(child, 0)
    said = os.read(terminal, 1024)
    os.close(terminal)
    assert b"drained: 0 finished, 0 cut" in said
    assert os.waitstatus_to_exitcode(status) == 0


def test_without_watchfiles_the_extra_is_named(program, helper, tmp_path):  # noqa: ARG001
    script = (
        "import sys\n"
        "sys.modules['watchfiles'] = None\n"
        "from flux.cli import main\n"
        "main(['run', 'lines.flux', '--reload'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == "Error: --reload needs watchfiles: pip install 'flux-servers[reload]'\n"


@pytest.mark.usefixtures("flux_cache")
@pytest.mark.timeout(400)
def test_programs_in_c_are_compiled_before_the_old_server_ends(program):
    text = program.read_text(encoding="utf-8").replace("str line", "const char *line")
    program.write_text(text, encoding="utf-8")
    program.with_suffix(".cpp").write_text(NATIVE, encoding="utf-8")
    helper = program.with_name("helper.h")
    helper.write_text('#define WORD "one"\n', encoding="utf-8")
    for runtime in ("thread", "pool", "event"):
        with reloading(program, "--runtime", runtime) as said:
            said.until("serving one")
    with reloading(program, "--runtime", "event") as said:
        said.until("serving one")
        helper.write_text("#define WORD 1 +\n", encoding="utf-8")
        said.until("Error: ")
        said.until("flux: helper.h has changed, and there are mistakes: the server goes on")
        helper.write_text('#define WORD "two"\n', encoding="utf-8")
        said.until("flux: helper.h has changed: restarting")
        said.until("serving two")
    assert said.process.returncode == 0
