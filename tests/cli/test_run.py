import os
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest
from processes import started

FLUX = [sys.executable, "-m", "flux.cli"]

FUNCTIONS = """\
import sys


def init(args):
    print("init", *args, flush=True)


def read_line():
    yield from ["one", "two"]


def show(line):
    sys.stdout.write(f"{line}\\n")
"""


@pytest.fixture
def run(program):
    program.with_suffix(".py").write_text(FUNCTIONS, encoding="utf-8")

    def call(*arguments):
        return subprocess.run(
            [*FLUX, "run", program, *arguments], capture_output=True, text=True, check=False
        )

    return call


@pytest.mark.parametrize("runtime", [(), ("--runtime", "pool", "--threads", "2", "--queue", "1")])
def test_a_program_runs_until_its_sources_end(run, runtime):
    result = run(*runtime, "--max-flows", "1")
    assert result.returncode == 0
    assert result.stdout.splitlines() == ["init", "one", "two"]


def test_workers_run_the_program_and_are_warned_of_once(run, program):
    with program.open("a", encoding="utf-8") as text:
        text.write("constraint Show:{log};\n")
    result = run("--workers", "2", "--", "--port", "0")
    assert (result.returncode, result.stderr.count("warning[per-worker]")) == (0, 1)
    assert result.stderr.count("warning[") == 2  # the other is of the program
    assert sorted(result.stdout.split()) == sorted(2 * ["init", "--port", "0", "one", "two"])


def test_one_worker_alone_is_not_warned_of(run, program):
    with program.open("a", encoding="utf-8") as text:
        text.write("constraint Show:{log};\n")
    assert "per-worker" not in run("--workers", "1").stderr


def test_arguments_are_handed_to_the_program(run):
    assert run("--", "--port", "0").stdout.splitlines()[0] == "init --port 0"


def test_functions_may_stand_elsewhere(run, program, tmp_path):
    (tmp_path / "mine.py").write_text(FUNCTIONS.replace("init", "other"), encoding="utf-8")
    program.with_suffix(".py").unlink()
    result = run("--nodes", tmp_path / "mine.py", "--max-flows", "1")
    assert result.stdout.splitlines() == ["one", "two"]


def test_a_signal_stops_a_server(program):
    functions = FUNCTIONS.replace('yield from ["one", "two"]', "sys.stdin.read()")
    program.with_suffix(".py").write_text(functions, encoding="utf-8")
    reader, writer = os.pipe()
    with started([*FLUX, "run", program], stdin=reader, stdout=subprocess.PIPE) as server:
        assert server.stdout.readline() == b"init\n"
        server.send_signal(signal.SIGTERM)
        assert server.wait() == 0
    os.close(reader)
    os.close(writer)


def test_missing_functions_are_mistakes(flux, program):
    program.with_suffix(".py").write_text("def show(line): ...\n", encoding="utf-8")
    result = flux("run", program)
    assert result.exit_code == 1
    assert "error[missing-function]" in result.stderr


def test_functions_that_turn_out_to_be_missing_are_a_clear_error(flux, program):
    functions = "def show(line): ...\nif not show:\n    def read_line(): ...\n"
    program.with_suffix(".py").write_text(functions, encoding="utf-8")
    result = flux("run", program)
    assert result.exit_code == 1
    assert result.stderr == "Error: the implementation lacks `ReadLine` or `read_line`\n"


def test_no_functions_at_all_are_a_mistake(flux, program):
    result = flux("run", program)
    assert result.exit_code == 1
    assert "error[nodes-file]" in result.stderr


def test_a_program_with_mistakes_does_not_run(flux, program):
    program.write_text("source A => B;", encoding="utf-8")
    result = flux("run", program)
    assert result.exit_code == 1
    assert "error[undefined-source]" in result.stderr


@pytest.mark.parametrize(
    "option",
    [
        ("--runtime", "warp"),
        ("--threads", "0"),
        ("--max-flows", "0"),
        ("--runtime", "pool", "--queue", "1000001"),
        ("--drain", "-1"),
        ("--workers", "2", "--start-timeout", "0"),
        ("--workers", "2", "--start-timeout", "nan"),
        ("--start-timeout", "9"),
    ],
)
def test_impossible_options_are_mistakes_of_usage(flux, program, option):
    assert flux("run", program, *option).exit_code == 2


@pytest.mark.parametrize("option", ["--threads", "--queue"])
def test_an_option_that_the_runtime_has_no_use_for_is_refused(flux, program, option):
    result = flux("run", program, option, "7")
    assert result.exit_code == 2
    assert f"{option} is for --runtime pool, and this is --runtime thread" in result.stderr


def test_warnings_are_shown_and_the_program_runs(run, program):
    program.write_text(f"{program.read_text()}\nconstraint Show:{{screen}};\n", encoding="utf-8")
    done = run()
    assert "warning[lonely-constraint]" in done.stderr
    assert sorted(done.stdout.split()) == ["init", "one", "two"]


def test_drain_that_is_no_number_of_seconds_is_an_error_of_usage(run):
    done = run("--drain", "nan")
    assert done.returncode == 2
    assert "0 seconds or more" in done.stderr


def test_a_token_without_anybody_to_ask_for_it_is_refused(flux, program):
    result = flux("run", program, "--profile-token-file", program)
    assert result.exit_code == 2
    assert "--profile-token-file is for --profile-listen" in result.stderr


def test_a_profile_that_cannot_be_listened_for_is_a_clear_error(run):
    result = run("--profile-listen", "9100")
    assert result.returncode == 2
    assert "an address is like 127.0.0.1:9100" in result.stderr


def test_options_of_profiles_are_handed_to_servers_in_cpp(monkeypatch, flux, program):
    handed = []
    monkeypatch.setattr(
        "flux.cli.run_cpp.built", lambda *_: SimpleNamespace(warnings="", binary="")
    )
    monkeypatch.setattr("flux.cli.run_cpp._become", lambda _binary, words: handed.extend(words))
    options = ["--profile", "--profile-listen", "127.0.0.1:0", "--profile-file", "it.json"]
    options += ["--trace", "http://here", "--trace-every", "7"]
    flux("run", program, "--target", "cpp", *options)
    assert {"--profile", "--profile-listen=127.0.0.1:0", "--profile-file=it.json"} < set(handed)
    assert {"--trace=http://here", "--trace-every=7"} < set(handed)


def test_a_profile_that_could_not_be_written_is_refused_at_once(flux, program):
    result = flux("run", program, "--profile-file", "none/it.json")
    assert result.exit_code == 2
    assert "there is no folder none to write to" in result.stderr


def test_a_number_of_traces_without_a_receiver_is_refused(flux, program):
    result = flux("run", program, "--trace-every", "7")
    assert result.exit_code == 2
    assert "--trace-every is for --trace, which is not given" in result.stderr


def test_traces_without_what_they_need_are_a_clear_error(program):
    program.with_suffix(".py").write_text(FUNCTIONS, encoding="utf-8")
    without = "import sys; sys.modules['opentelemetry'] = None; from flux.cli import main; main()"
    command = [sys.executable, "-c", without, "run", program, "--trace", "http://here"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install 'flux-servers[traces]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
