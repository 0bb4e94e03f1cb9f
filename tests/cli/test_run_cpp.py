"""`flux run` of programs in C++: whole processes, with one engine for all of them."""

import os
import shutil
import signal
import subprocess
import sys

import pytest
from processes import started

FLUX = [sys.executable, "-m", "flux.cli"]

# The engine is compiled once for all of these tests; with a busy machine that takes its time.
pytestmark = [pytest.mark.usefixtures("flux_cache"), pytest.mark.timeout(400)]

PROGRAM = """\
ReadLine () -> (int number);
Show (int number) -> ();
source ReadLine => Line;
Line = Show;
"""

FUNCTIONS = """\
#include "lines.h"

static int number = 0;

int flux_init(int argc, char **argv) {
  printf("init");
  for (int i = 1; i < argc; ++i) printf(" %s", argv[i]);
  printf("\\n");
  return 0;
}

int ReadLine(int *next) {
  *next = ++number;
  return number > 2 ? FLUX_END : 0;
}

int Show(int number) {
  printf("%d\\n", number);
  return 0;
}
"""

# Each waits for the other, in a way that no fiber can be parked in.
HELD_UP = """
static const auto home = std::this_thread::get_id();
static std::promise<void> other[2];

int Show(int number) {
  other[number - 1].set_value();
  other[2 - number].get_future().wait();
  puts(std::this_thread::get_id() == home ? "at home" : "elsewhere");
  return 0;
}
"""


@pytest.fixture
def tmp_path(tmp_path_factory):
    """One place for all of these tests: what one had compiled there need not be compiled again."""
    place = tmp_path_factory.getbasetemp() / "place"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    return place


@pytest.fixture
def functions(tmp_path):
    """The functions of a program; the program is beside them."""
    (tmp_path / "lines.flux").write_text(PROGRAM, encoding="utf-8")
    path = tmp_path / "lines.cpp"
    path.write_text(FUNCTIONS, encoding="utf-8")
    return path


@pytest.fixture
def run(functions, tmp_path):  # noqa: ARG001 - they must be there
    def call(*arguments):
        command = [*FLUX, "run", "lines.flux", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return call


@pytest.mark.parametrize(
    "runtime",
    [
        (),
        ("--runtime", "pool", "--threads", "2", "--queue", "1"),
        ("--runtime", "event", "--cores", "2", "--stack", "64"),
    ],
)
def test_a_program_runs_until_its_sources_end(run, runtime):
    result = run(*runtime, "--max-flows", "1", "--drain", "0", "--", "--port", "0")
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == ["init --port 0", "1", "2"]


def test_what_is_compiled_is_told_the_first_time_only(run, functions):
    functions.with_suffix(".flux").write_text(PROGRAM.replace("Line;", "Told;\nTold = Line;"))
    functions.write_text(f"{FUNCTIONS}// to be told\n", encoding="utf-8")
    first, second = run(), run()
    told = [line for line in first.stderr.splitlines() if "engine" not in line]
    assert sorted(told) == [
        "compiling lines.cpp ...",
        "compiling lines_flux.cpp ...",
        "compiling lines_paths.cpp ...",
    ]
    assert second.stderr == ""
    assert sorted(second.stdout) == sorted(first.stdout)


def test_a_change_is_compiled(run, functions):
    run()
    functions.write_text(FUNCTIONS.replace('"%d', '"<%d>'), encoding="utf-8")
    result = run("--max-flows", "1")
    assert result.stderr == "compiling lines.cpp ...\n"
    assert result.stdout.splitlines() == ["init", "<1>", "<2>"]


def test_a_changed_program_is_compiled(run, functions):
    run()
    program = functions.with_suffix(".flux")
    program.write_text(PROGRAM.replace("Line = Show;", "Line = Show;\n\n"), encoding="utf-8")
    assert run().returncode == 0
    program.write_text("source A => B;", encoding="utf-8")
    result = run()
    assert result.returncode == 1
    assert "error[undefined-source]" in result.stderr


def test_functions_in_c_and_in_several_files_are_linked(run, functions):
    functions.unlink()
    functions.with_suffix(".c").write_text(
        '// flux: files=show.c libs=m cxxflags=-DMOST=1\n#include "lines.h"\n'
        "static int number = 0;\n"
        "int ReadLine(int *next) { *next = ++number; return number > MOST ? FLUX_END : 0; }\n",
        encoding="utf-8",
    )
    functions.with_name("show.c").write_text(
        '#include "lines.h"\nint Show(int number) { printf("in C %d\\n", number); return 0; }\n',
        encoding="utf-8",
    )
    result = run()
    assert result.stdout == "in C 1\n", result.stderr


def test_functions_may_stand_elsewhere_and_in_several_files(run, functions):
    reading, showing = FUNCTIONS.split("int Show")
    functions.unlink()
    functions.with_name("reading.cpp").write_text(reading, encoding="utf-8")
    functions.with_name("showing.cpp").write_text(
        f'#include "lines.h"\nint Show{showing}', encoding="utf-8"
    )
    result = run("--nodes", "reading.cpp", "--nodes", "showing.cpp", "--max-flows", "1")
    assert result.stdout.splitlines() == ["init", "1", "2"], result.stderr


def test_python_goes_before_where_nothing_is_said(run, functions):
    functions.with_suffix(".py").write_text(
        'def read_line():\n    yield 1\ndef show(n):\n    print("Python", n)\n', encoding="utf-8"
    )
    assert run().stdout == "Python 1\n"
    assert run("--target", "cpp", "--max-flows", "1").stdout == "init\n1\n2\n"


def test_a_node_called_blocking_leaves_its_thread_to_other_flows(run, functions):
    own = '#include "lines.h"\n#include <future>\n#include <thread>\n'
    others = FUNCTIONS[: FUNCTIONS.index("int Show(")].replace('#include "lines.h"\n', own)
    functions.write_text(f"// flux: blocking=Show\n{others}{HELD_UP}", encoding="utf-8")
    result = run("--runtime", "event")
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == ["init", "elsewhere", "elsewhere"]


def test_flags_reach_the_compiler(run, functions):
    functions.write_text(FUNCTIONS.replace('"%d', 'MARK "%d'), encoding="utf-8")
    result = run("--cxxflags", """-DMARK='"a b"'""", "--max-flows", "1")
    assert result.stdout.splitlines() == ["init", "a b1", "a b2"], result.stderr


def test_mistakes_of_c_are_shown_as_the_compiler_tells_them(run, functions):
    functions.write_text(FUNCTIONS.replace("++number;", "++numer;"), encoding="utf-8")
    result = run()
    assert result.returncode == 1
    assert f"{functions}:13:13: error: " in result.stderr
    assert result.stderr.splitlines()[-1] == f"Error: {functions} does not compile"


def test_a_signature_that_only_the_compiler_understands_is_shown_beside_the_right_one(
    run, functions
):
    text = FUNCTIONS.replace("int Show(int", "using Number = long;\nint Show(Number")
    functions.write_text(text, encoding="utf-8")
    result = run()
    assert result.returncode == 1
    assert "no matches converting function" in result.stderr
    assert "int Show(Number)" in result.stderr
    assert "int Show(int)" in result.stderr


def test_missing_functions_are_mistakes(run, functions):
    functions.write_text('#include "lines.h"\n', encoding="utf-8")
    result = run()
    assert result.returncode == 1
    assert "error[missing-function]" in result.stderr


def test_no_functions_at_all_are_a_mistake(run, functions):
    functions.unlink()
    result = run("--target", "cpp")
    assert result.returncode == 1
    assert "error[nodes-file]" in result.stderr


def test_warnings_are_shown_each_time(run, functions):
    program = functions.with_suffix(".flux")
    program.write_text(f"{PROGRAM}constraint Show:{{screen}};\n", encoding="utf-8")
    for _ in range(2):
        assert "warning[lonely-constraint]" in run().stderr


def test_a_second_file_of_functions_is_not_overlooked(run, functions):
    run()
    functions.with_suffix(".c").write_text("", encoding="utf-8")
    result = run()
    assert result.returncode == 1
    assert "error[nodes-file]" in result.stderr


def test_a_signal_stops_a_server(functions, tmp_path):
    functions.write_text(
        FUNCTIONS.replace("*next = ++number;", "fflush(stdout); getchar();"), encoding="utf-8"
    )
    reader, writer = os.pipe()
    command = [*FLUX, "run", "lines.flux"]
    with started(command, cwd=tmp_path, stdin=reader, stdout=subprocess.PIPE) as server:
        assert server.stdout.readline() == b"init\n"
        server.send_signal(signal.SIGTERM)
        assert server.wait() == 0
    os.close(reader)
    os.close(writer)


def test_a_server_finds_signals_as_a_shell_leaves_them(run, functions):
    asked = "struct sigaction now; sigaction(SIGXFSZ, nullptr, &now);"
    told = 'printf("%s\\n", now.sa_handler == SIG_DFL ? "default" : "ignored");'
    functions.write_text(FUNCTIONS.replace('printf("init");', asked + told), encoding="utf-8")
    assert run().stdout.startswith("default\n")


def test_two_starts_at_a_time_build_once(functions, tmp_path):
    functions.write_text(f"{FUNCTIONS}// twice\n", encoding="utf-8")
    command = [*FLUX, "run", "lines.flux"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    starts = [subprocess.Popen(command, cwd=tmp_path, **pipes) for _ in range(2)]
    said = [start.communicate() for start in starts]
    assert [out.splitlines()[0] for out, _ in said] == ["init", "init"]
    assert sum(err.count("compiling lines.cpp") for _, err in said) == 1


def test_without_a_compiler_the_doctor_is_recommended(functions, tmp_path):  # noqa: ARG001
    done = subprocess.run(
        [*FLUX, "run", "lines.flux"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": "", "CXX": "", "CC": ""},
    )
    assert done.returncode == 1
    assert "no C++ compiler was found" in done.stderr
    assert "`flux doctor`" in done.stderr


def test_a_second_start_loads_nothing_of_the_compiler(run, functions, tmp_path):  # noqa: ARG001
    run()
    script = (
        "import os, sys\n"
        "os.execv = lambda *_: print(*(name for name in sys.modules if name.startswith('flux')))\n"
        "from flux.cli import main\n"
        "main(['run', 'lines.flux'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[1] for name in done.stdout.split() if "." in name}
    assert loaded == {"cli", "toolchain", "version"}
