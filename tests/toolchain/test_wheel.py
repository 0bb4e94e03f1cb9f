"""What is installed from a wheel is enough to build servers in C++."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PROGRAM = "Count () -> (int number);\nShow (int number) -> ();\nsource Count => Show;\n"
FUNCTIONS = """\
#include "count.h"

int Count(int *number) {
  static int last = 0;
  *number = ++last;
  return last > 3 ? FLUX_END : 0;
}

int Show(int number) { return printf("%d\\n", number) < 0; }
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (file,) = folder.glob("*.whl")
    return file


def test_the_engine_is_in_the_wheel_without_its_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    engine = {
        name.removeprefix("flux/engine/").partition("/")[0] for name in names if "/engine/" in name
    }
    assert engine == {"Makefile", "include", "simulator", "src"}
    assert "flux/engine/include/flux/program.hpp" in names
    assert "flux/bindings/cpp/functions.txt" in names


@pytest.mark.timeout(400)
@pytest.mark.usefixtures("flux_cache")
def test_an_installed_wheel_runs_a_program_in_c(wheel, tmp_path):
    packages = tmp_path / "packages"
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet"]
    subprocess.run([*install, "--target", packages, wheel], check=True)
    (tmp_path / "count.flux").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "count.cpp").write_text(FUNCTIONS, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(packages)}
    where = "import flux; print(flux.__file__)"
    call = {"cwd": tmp_path, "env": environment, "capture_output": True, "text": True}
    found = subprocess.run([sys.executable, "-c", where], check=True, **call)
    assert found.stdout.startswith(str(packages))
    run = [sys.executable, "-m", "flux.cli", "run", "count.flux", "--max-flows", "1"]
    done = subprocess.run(run, check=False, **call)
    assert done.stdout == "1\n2\n3\n", done.stderr
