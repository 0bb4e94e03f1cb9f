"""What is generated for a model."""

import subprocess
from pathlib import Path

import pytest
from simulation.small import model, queue

from flux.resources import folder
from flux.simulation.engines.cpp.text import emit_program
from flux.simulation.engines.features import features_of
from flux.simulation.engines.python.text import emit_loop
from flux.simulation.model import Constraint, Function, Give, Open, Run, Take
from flux.simulation.times import Exponential

ONE = Exponential(1.0)
WARNINGS = ("-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror")

EVERYTHING = model(
    Open(ONE, 2),
    [Function("Read", ONE, ONE, gil=0.5)],
    (Take(0, "reader"), Run(0), Give(0, "reader"), Take(1, "writer"), Run(0), Give(1, "writer")),
    [Constraint("cache"), Constraint("cart", "session")],
    threads=4, max_flows=8, policy="barging", wakeup=0.1, overhead=ONE, overhead_gil=0.5,
)  # fmt: skip


def python(whole):
    return emit_loop(whole.program, features_of(whole))


def cpp(whole):
    return emit_program(whole, features_of(whole))


PARTS = ("gil_queue", "model.pending", "model.outside", "patience", "HOLDERS", "wakeup")


def test_the_loop_in_python_has_only_what_the_model_uses():
    assert not [word for word in PARTS if word in python(queue(0.5, ONE))]
    assert [word for word in PARTS if word in python(EVERYTHING)] == [*PARTS]


def test_the_program_in_cpp_names_what_it_is_made_of():
    text = cpp(EVERYTHING)
    for line in (
        "// Listen/Serve",
        "{true, true, true},  // Read",
        "{Kind::read, 0, 2},  // cache",
        "{Kind::written, 1, 1},  // cart",
        "{0, 1, false},  // Listen",
    ):
        assert line in text


def test_the_program_in_cpp_has_nothing_that_changes_within_a_sweep():
    assert cpp(queue(0.5, ONE, processors=1)) == cpp(queue(0.7, Exponential(3.0), processors=8))


def test_names_cannot_leave_their_comments():
    wild = model(Open(ONE), [Function("A\\\n#error", ONE)], (Run(0),))
    assert "\n#error" not in cpp(wild)
    assert "\\" not in cpp(wild)


@pytest.mark.parametrize("discipline", ["hold", "fifo", "ps"])
@pytest.mark.parametrize("compiler", ["g++", "clang++"])
def test_the_program_in_cpp_compiles_without_warnings(tmp_path, compiler, discipline):
    source = tmp_path / "simulator.cpp"
    source.write_text(cpp(queue(0.5, ONE, discipline=discipline)))
    _compile_without_warnings(compiler, source)


@pytest.mark.parametrize("compiler", ["g++", "clang++"])
def test_all_of_the_engine_compiles_without_warnings(tmp_path, compiler):
    source = tmp_path / "simulator.cpp"
    source.write_text(cpp(EVERYTHING))
    _compile_without_warnings(compiler, source, *folder("engine").glob("simulator/*.cpp"))


def _compile_without_warnings(compiler: str, *sources: Path) -> None:
    include = folder("engine") / "include"
    command = [compiler, "-std=c++20", "-fsyntax-only", *WARNINGS, f"-I{include}", *sources]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
