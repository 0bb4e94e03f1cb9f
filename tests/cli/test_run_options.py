"""Options of `flux run` that its target or runtime has no use for, and a binary that is damaged."""

import click
import pytest

from flux.bindings.cpp.directives import SUFFIXES
from flux.cli import run_cpp
from flux.cli.run import COUNT, POOL
from flux.cli.targets import NATIVE
from flux.runtime.options import FOR_POOLS, MOST
from flux.toolchain.manifest import Flags, Manifest

pytestmark = pytest.mark.usefixtures("flux_cache")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--cxxflags=-O3",), "--cxxflags is for the target cpp"),
        (("--ldflags=-lm",), "--ldflags is for the target cpp"),
        (("--debug",), "--debug is for the target cpp"),
        (("--sanitize=thread",), "--sanitize is for the target cpp"),
        (("--cores=2",), "--cores is for the target cpp"),
        (("--stack=64",), "--stack is for the target cpp"),
    ],
)
def test_options_for_c_are_no_options_for_python(flux, program, options, said):
    result = flux("run", program, "--target", "python", *options)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--cores=2",), "--cores is for --runtime event, and this is --runtime thread"),
        (("--runtime=event", "--threads=2"), "--threads is for --runtime pool"),
    ],
)
def test_an_option_that_the_runtime_has_no_use_for_is_refused(flux, program, options, said):
    result = flux("run", program, "--target", "cpp", *options)
    assert result.exit_code == 2
    assert said in result.stderr


def test_python_takes_one_file(flux, program, tmp_path):
    for name in ("a.py", "b.py"):
        (tmp_path / name).touch()
    result = flux("run", program, "--nodes", "a.py", "--nodes", "b.py")
    assert result.exit_code == 2
    assert "takes one --nodes file" in result.stderr


def test_flags_that_no_shell_would_take_are_a_mistake_of_usage(flux, program):
    result = flux("run", program, "--target", "cpp", "--cxxflags", "'")
    assert result.exit_code == 2
    assert "no closing quotation" in result.stderr


def test_bounds_are_those_of_the_runtime():
    assert (COUNT.min, COUNT.max) == (1, MOST)
    assert POOL == FOR_POOLS


def test_files_in_c_are_known_by_the_same_names_everywhere():
    assert NATIVE == SUFFIXES


def test_a_damaged_binary_is_an_error_with_advice(monkeypatch, tmp_path):
    binary = tmp_path / "lines"
    binary.write_bytes(b"\x7fELF")
    binary.chmod(0o755)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr(run_cpp, "built", lambda *_: Manifest(str(binary), {}, (), ""))
    with pytest.raises(
        click.ClickException, match=r"Exec format error\n`flux doctor --clean-cache`"
    ):
        run_cpp.run_cpp(tmp_path / "lines.flux", (), Flags(), {}, ())
