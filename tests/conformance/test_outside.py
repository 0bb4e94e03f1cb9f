import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import flux

HERE = Path(__file__).parent
BACK_END = HERE / "outside" / "flux_table.py"
GUIDE = HERE.parent.parent / "docs" / "how-to" / "write-a-backend.md"

PROGRAM = """
Count () -> (int n);
Show (int n) -> ();
source Count => Show;
"""
NODES = """
def count():
    yield 42

def show(n):
    print("shown:", n)
"""


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "counter.flux"
    path.write_text(PROGRAM)
    path.with_suffix(".py").write_text(NODES)
    return path


@pytest.fixture
def run_module(site, tmp_path):
    """Run a module of Python where the package `flux-table` is installed."""

    def run(*arguments):
        places = os.pathsep.join([str(tmp_path), str(site)])
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            env=os.environ | {"PYTHONPATH": places},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_installed_target_runs_a_program(run_module, program):
    ran = run_module("flux.cli", "run", program, "--target", "table")
    assert (ran.returncode, ran.stdout) == (0, "shown: 42\n")


def test_installed_target_builds_a_program(run_module, program, tmp_path):
    built = run_module("flux.cli", "build", program, "--target", "table", "-o", "out")
    assert built.returncode == 0
    assert (tmp_path / "out" / "counter_table.py").read_text().startswith("import flux_table\n")


@pytest.mark.usefixtures("outside")
def test_installed_target_is_loaded_by_name(program, capsys):
    assert flux.load(program, target="table").run() == 0
    assert capsys.readouterr().out == "shown: 42\n"


@pytest.mark.parametrize("command", ["run", "build"])
def test_unknown_target_is_told_the_known_ones(run_module, program, command):
    ran = run_module("flux.cli", command, program, "--target", "tabel")
    assert ran.returncode == 2
    assert "no target `tabel`: known are python, cpp, table" in ran.stderr


def test_suite_tells_that_an_installed_target_conforms(run_module):
    judged = run_module("flux.conformance", "--target", "table", "--runtime", "pool")
    assert judged.returncode == 0
    assert "ok  table pool: writers are alone\n" in judged.stdout
    assert "no  " not in judged.stdout


def test_suite_tells_how_a_target_fails(run_module, tmp_path):
    wrong = BACK_END.read_text().replace('raise flow.no_match(step["node"])', "return values")
    (tmp_path / "flux_table.py").write_text(wrong)
    judged = run_module("flux.conformance", "--target", "table", "--first")
    assert judged.returncode == 1
    assert (
        "no  table thread: a node none of whose cases matches fails\n      counts: "
        in judged.stdout
    )


def test_back_end_takes_fewer_than_eighty_lines_of_code():
    assert len(re.findall(r"^ *[^ \n\"]", BACK_END.read_text(), re.MULTILINE)) < 80


def test_guide_shows_the_tested_back_end():
    assert f"```python\n{BACK_END.read_text()}```\n" in GUIDE.read_text()
