"""`python -m flux.runtime` runs what `flux build` wrote, without the compiler."""

import json
import subprocess
import sys

import pytest
from measured.receiver import Receiver
from measured.traced import flows

from flux.driver import compile_program, generate
from flux.runtime.__main__ import main
from flux.source import SourceFile

PROGRAM = """
Count () -> (int number);
Show (int number) -> ();
source Count => Show;
"""

NODES = """
import sys

def init(args):
    global numbers
    numbers = iter(args)

def count():
    return next(numbers)

def show(number):
    if number == "bad":
        raise ValueError("a bad number")
    sys.stdout.write(f"{number}\\n")
"""


def built(folder):
    artifact = generate(compile_program(SourceFile("count.flux", PROGRAM)).plan)
    for name, text in artifact.files.items():
        (folder / name).write_text(text)
    (folder / "count.py").write_text(NODES)
    return [str(folder / "count_flux.py"), "--nodes", str(folder / "count.py")]


def run(*arguments):
    command = [sys.executable, "-m", "flux.runtime", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_built_program_gets_the_arguments_behind_the_dashes(tmp_path):
    done = run(*built(tmp_path), "--runtime", "pool", "--threads", "1", "--", "1", "2")
    assert (done.returncode, done.stdout) == (0, "1\n2\n")


@pytest.mark.parametrize("option", ["--threads", "--queue"])
def test_built_program_refuses_what_its_runtime_would_ignore(tmp_path, option):
    done = run(*built(tmp_path), option, "1")
    assert done.returncode == 2
    assert f"{option} is for --runtime pool, and this is --runtime thread" in done.stderr


def test_built_program_runs_in_workers(tmp_path):
    done = run(*built(tmp_path), "--workers", "2", "--", "1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n1\n", "")


@pytest.mark.parametrize("workers", ["0", "65"])
def test_built_program_refuses_as_many_workers_as_there_cannot_be(tmp_path, workers):
    done = run(*built(tmp_path), "--workers", workers)
    assert done.returncode == 2
    assert "must be from 1 to 64" in done.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--workers", "2", "--start-timeout", "0"), "must be more than 0 seconds"),
        (("--workers", "2", "--start-timeout", "nan"), "must be more than 0 seconds"),
        (("--start-timeout", "9"), "--start-timeout is for --workers, which is not given"),
    ],
)
def test_built_program_refuses_a_time_to_start_that_is_none(tmp_path, options, message):
    done = run(*built(tmp_path), *options)
    assert done.returncode == 2
    assert message in done.stderr


def test_built_program_names_the_path_of_a_failure(tmp_path):
    done = run(*built(tmp_path), "--", "bad")
    assert "Count -> Show fails: ValueError: a bad number" in done.stderr


def test_built_program_runs_without_the_plan_beside_it(tmp_path):
    arguments = built(tmp_path)
    (tmp_path / "count_flux.json").unlink()
    done = run(*arguments, "--", "bad")
    assert "ValueError: a bad number" in done.stderr


def test_missing_file_is_named(tmp_path, capsys):
    assert main([str(tmp_path / "none.py"), "--nodes", "none.py"]) == 2
    assert "there is no file" in capsys.readouterr().err


def test_built_program_is_profiled(tmp_path):
    file = tmp_path / "it.json"
    run(*built(tmp_path), "--profile", "--profile-file", str(file), "--", "1", "bad")
    paths = json.loads(file.read_text())["paths"]
    assert {(path["name"], path["count"]) for path in paths} == {
        ("Count -> Show", 1),
        ("Count -> Show fails", 1),
    }


def test_profile_that_could_not_be_written_is_refused_at_once(tmp_path):
    done = run(*built(tmp_path), "--profile-file", str(tmp_path / "none" / "it.json"))
    assert done.returncode == 2
    assert f"there is no folder {tmp_path / 'none'} to write to" in done.stderr


def test_built_program_tells_why_it_cannot_listen(tmp_path):
    done = run(*built(tmp_path), "--profile-listen", "9100")
    assert done.returncode == 2
    assert done.stderr.startswith("flux: no profile at 9100: `9100` is no address")


def test_built_program_is_traced(tmp_path):
    receiver = Receiver()
    with receiver.listening() as url:
        run(*built(tmp_path), "--trace", url, "--trace-every", "1", "--", "1", "bad")
    assert {flow.path for flow in flows(receiver.spans)} == {
        "Count -> Show",
        "Count -> Show fails",
    }


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--trace", "here"], "flux: no traces to here: a URL is http://127.0.0.1:4318, say"),
        (["--trace-every", "7"], "--trace-every is for --trace, which is not given"),
        (["--trace", "http://here", "--trace-every", "0"], "must be from 1 to 1,000,000,000"),
    ],
)
def test_built_program_refuses_traces_that_cannot_be(tmp_path, options, told):
    done = run(*built(tmp_path), *options)
    assert done.returncode == 2
    assert told in done.stderr
