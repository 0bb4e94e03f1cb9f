"""One construct a program, and what each stage makes of it (tests/golden).

`pytest --update-golden` rewrites the files; they are reviewed as diffs.
"""

import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from flux.diagnostics import Level
from flux.driver import compile_program, generate
from flux.plan.contract import as_json
from flux.plan.dump import as_text
from flux.plan.locks import lock_report
from flux.plan.paths import path_count, path_names
from flux.source import SourceFile
from flux.syntax.format import format_program

GOLDEN = Path(__file__).parents[1] / "golden"
CASES = sorted(path.parent for path in GOLDEN.glob("*/program.flux"))
GENERATED = sorted(GOLDEN.glob("*/python.py"))


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request):
    """The folder of a program and its golden files."""
    return request.param


@pytest.fixture
def compilation(case):
    """The program, compiled."""
    text = (case / "program.flux").read_text(encoding="utf-8")
    return compile_program(SourceFile("program.flux", text))


def test_the_program_is_right(compilation):
    assert not [d for d in compilation.diagnostics if d.level is Level.ERROR]


def test_formatting(case, compilation, golden):
    golden(case / "format.flux", format_program(compilation.program))


def test_plan_for_people(case, compilation, golden):
    golden(case / "plan.txt", as_text(compilation.plan))


def test_plan_for_programs(case, compilation, golden):
    golden(case / "plan.json", as_json(compilation.plan))


def test_paths(case, compilation, golden):
    golden(case / "paths.txt", "".join(path_list(compilation.plan)))


def test_locks(case, compilation, golden):
    golden(case / "locks.txt", lock_report(compilation.plan))


def test_generated_program(case, compilation, golden):
    artifact = generate(compilation.plan)
    golden(case / "python.py", artifact.files[artifact.main])


def test_generated_cpp_program(case, compilation, golden):
    artifact = generate(compilation.plan, "cpp")
    golden(case / "cpp.cpp", artifact.files[artifact.main])
    golden(case / "cpp.h", artifact.files["program.h"])


@pytest.mark.parametrize("name", ["cpp.cpp", "cpp.h"])
def test_clang_format_leaves_a_generated_cpp_program_alone(case, name):
    formatted = subprocess.run(
        ["clang-format", case / name], capture_output=True, text=True, check=True
    )
    assert formatted.stdout == (case / name).read_text()


def path_list(plan):
    """The paths from each source, by number."""
    for loop in plan.sources:
        count = path_count(plan, loop.source)
        yield f"{loop.source}: {count} paths\n"
        for number, name in path_names(plan, loop.source, count):
            yield f"{number:>3}  {name}\n"


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.parent.name)
def test_a_generated_program_compiles_without_a_warning(path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compile(path.read_text(encoding="utf-8"), path, "exec")


@pytest.mark.parametrize(
    "tool",
    [
        ("ruff", "format", "--isolated", "--check"),
        ("ruff", "check", "--isolated", "--select", "F,E9"),
    ],
    ids=" ".join,
)
def test_tools_find_generated_programs_in_order(tool):
    done = subprocess.run(
        [sys.executable, "-m", *tool, *GENERATED], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_mypy_agrees_with_generated_programs(tmp_path):
    config = tmp_path / "mypy.ini"
    config.write_text("[mypy]\n", encoding="utf-8")
    flags = ["--config-file", config, "--scripts-are-modules", "--cache-dir", tmp_path]
    for number, path in enumerate(GENERATED):
        (tmp_path / f"program{number}.py").write_bytes(path.read_bytes())
    programs = sorted(tmp_path.glob("program*.py"))
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *flags, *programs],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
