"""`flux fibers`, and the event runtime of programs in Python."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from flux import load
from flux.cli import main
from flux.runtime import MissingFibersError
from flux.toolchain import fibers as started

pytestmark = pytest.mark.timeout(400)

FUNCTIONS = """
    import threading

    begun, seen = threading.Barrier(2), set()


    def read_line():
        yield from ["one", "two"]


    def show(line):
        begun.wait()
        seen.add(threading.get_native_id())
        begun.wait()
        if line == "one":
            print(len(seen), threading.get_native_id() == threading.main_thread().native_id)
"""

PROGRAM = """
ReadLine () -> (str line);
Show (str line) -> ();
source ReadLine => Line;
Line = Show;
"""


@pytest.fixture
def program(tmp_path, script):
    (tmp_path / script(FUNCTIONS)).rename(tmp_path / "lines.py")
    (tmp_path / "lines.flux").write_text(PROGRAM, encoding="utf-8")
    return "lines.flux"


def test_flows_share_a_thread_of_the_system(flux, program):
    done = flux("run", program, "--runtime", "event")
    assert (done.returncode, done.stdout) == (0, "1 False\n"), done.stderr


def test_a_built_program_starts_its_interpreter_anew(flux, program, tmp_path):
    assert flux("build", program, "-o", "build").returncode == 0
    command = [sys.executable, "-m", "flux.runtime", "build/lines_flux.py", "--nodes", "lines.py"]
    done = subprocess.run(
        [*command, "--runtime", "event"],
        cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "1 False\n"), done.stderr


def test_a_built_program_tells_why_it_cannot_be_event_driven(program, flux, tmp_path):
    assert flux("build", program, "-o", "build").returncode == 0
    command = [sys.executable, "-m", "flux.runtime", "build/lines_flux.py", "--nodes", "lines.py"]
    done = subprocess.run(
        [*command, "--runtime", "event"],
        cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False,
        env=os.environ | {"PATH": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 1
    assert "`flux doctor` says what to install" in done.stderr
    assert "--runtime pool" in done.stderr


def test_the_program_gets_its_arguments(fibers):
    assert fibers("import sys; print(sys.argv[1:])", "-x", "--help") == "['-x', '--help']\n"


def test_a_module_can_be_run(flux, script):
    script("import sys; print(__name__, sys.argv[1:])")
    assert flux("fibers", "-m", "program", "-m", "y").stdout == "__main__ ['-m', 'y']\n"


def test_a_server_of_ones_own_can_be_event_driven(fibers, program):
    told = fibers(f"import flux; flux.load({program!r}).run(runtime='event')")
    assert told == "1 False\n"


def test_the_runtime_says_how_the_interpreter_is_to_be_started(program, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["program.py"])
    with pytest.raises(MissingFibersError, match=r"`flux fibers program\.py`"):
        load(tmp_path / program).run(runtime="event")


def test_a_program_must_be_named():
    result = CliRunner().invoke(main, ["fibers"])
    assert result.exit_code == 2
    assert "name a PROGRAM" in result.stderr


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sys": SimpleNamespace(platform="darwin")}, "on Linux only, and this is darwin"),
        ({"platform": SimpleNamespace(libc_ver=lambda: ("", ""))}, "C library is glibc"),
        ({"sysconfig": SimpleNamespace(get_config_var=bool)}, "runs threads at the same time"),
    ],
)
def test_where_threads_cannot_be_fibers_the_reason_is_told(monkeypatch, changes, reason):
    for name, value in changes.items():
        monkeypatch.setattr(started, name, value)
    result = CliRunner().invoke(main, ["fibers", "program.py"])
    assert result.exit_code == 1
    assert reason in result.stderr
    assert "--runtime pool" in result.stderr


def test_without_a_compiler_what_to_do_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    result = CliRunner().invoke(main, ["fibers", "program.py"])
    assert result.exit_code == 1
    assert "`flux doctor` says what to install" in result.stderr


def test_a_cache_in_which_nothing_can_be_locked_will_do_where_all_is_compiled(
    flux, script, flux_cache, tmp_path
):
    assert flux("fibers", script("print(1)")).returncode == 0  # now it is compiled
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "engines").symlink_to(flux_cache / "engines")
    (tmp_path / "cache" / "locks").touch()
    done = flux("fibers", script("print(1)"), FLUX_CACHE=str(tmp_path / "cache"))
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr


def test_a_cache_that_is_no_folder_is_told_and_what_to_do(flux, script, tmp_path):
    (tmp_path / "cache").touch()
    done = flux("fibers", script("print(1)"), FLUX_CACHE=str(tmp_path / "cache"))
    assert done.returncode == 1
    assert done.stderr.endswith("Not a directory; FLUX_CACHE names another folder\n")
