"""`flux simulate`, with a stand-in for the engines and for what makes models."""

import csv
import json
import os
import subprocess
import sys
from dataclasses import replace
from functools import partial
from io import StringIO
from itertools import product

import msgspec
import pytest
from predicted.engine import ENGINE, SaturatedError
from predicted.models import image_model
from predicted.profiles import measured_profile

from flux.cli import simulating
from flux.profile.model import Served
from flux.simulation.errors import SimulationError
from flux.simulation.model import Constraint
from flux.simulation.prediction import wiring
from flux.simulation.prediction.alternatives import Alternative
from flux.simulation.prediction.replications import Subject
from flux.simulation.prediction.settings import Setting, applied
from flux.simulation.prediction.wiring import Finer

FAST = ("--runs", "4", "--flows", "500", "--jobs", "1")


class WrongError(Exception):
    """Parameters that can't be used."""


def edited(model, changes, program):
    """The model with a larger pool, whatever is asked for."""
    assert program.statements
    if "nonsense" in changes:
        raise WrongError("`nonsense` is no change: write cache=reader")
    return applied(model, Setting(threads=32))


@pytest.fixture(autouse=True)
def stand_in(monkeypatch):
    model = image_model(100, threads=8)
    more = Alternative("cache=reader", partial(applied, setting=Setting(cpus=2)), "{cache?}")
    for name, function in {
        "engine": lambda: ENGINE,
        "troubles": lambda: (WrongError,),
        "template": lambda plan: f"# {plan.name}\n",
        "by_hand": by_hand(model),
        "measured": lambda _profiles, _plan, names, sessions: Subject(
            replace(model, sessions=sessions or 1), None, (f"{names[0]} is short",)
        ),
        "edited": edited,
        "finer": lambda *_: Finer((more,), ("no cache: too bold",)),
    }.items():
        monkeypatch.setattr(wiring, name, function)


def by_hand(model):
    def read(text, _plan, name):
        if "wrong" in text:
            raise WrongError(f"{name}, line 1: `wrong` is no table")
        return Subject(model)

    return read


@pytest.fixture
def parameters(tmp_path):
    path = tmp_path / "lines.toml"
    path.write_text("# by hand\n")
    return path


@pytest.fixture
def profile(tmp_path):
    path = tmp_path / "lines.profile.json"
    path.write_bytes(msgspec.json.encode(measured_profile()))
    return path


@pytest.fixture
def simulate(flux, program, parameters):
    """The command with parameters written by hand, and little to simulate."""
    return partial(flux, "simulate", program, "--parameters", parameters, *FAST)


def test_one_setting_is_predicted(simulate):
    result = simulate()
    assert result.exit_code == 0
    assert result.stdout.startswith("image.flux, predicted\n1 processor, a pool of 8 threads")
    assert "The processor is the bottleneck" in result.stdout


def test_settings_are_swept(simulate):
    asked = ("--cpus", "1,2", "--rate", "50:150:50", "--slo", "p95=50ms")
    rows = list(csv.DictReader(StringIO(simulate(*asked, "--format", "csv").stdout)))
    assert [(row["cpus"], row["rate"]) for row in rows] == list(product("12", ("50", "100", "150")))
    text = " ".join(simulate(*asked).stdout.split())
    assert "2 processors: p95 within 50.0 ms up to 150/s" in text


def test_a_profile_gives_its_doubts(flux, program, profile, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    result = flux("simulate", program, "--profile", profile, *FAST)
    assert f"warning: {profile} is short" in result.stdout


def test_a_template_is_written(flux, program):
    assert flux("simulate", program, "--template").stdout == "# lines.flux\n"


def test_a_template_goes_to_a_file(flux, program, tmp_path):
    assert flux("simulate", program, "--template", "-o", "a.toml").exit_code == 0
    assert (tmp_path / "a.toml").read_text() == "# lines.flux\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--speedup",), "`Compress` gains most"),
        (("--speedup", "--faster", "50"), "Each node 50% faster"),
        (("--granularity",), "{cache?}"),
        (("--size", "--slo", "p95=50ms", "--rate", "300"), "hold p95 within 50.0 ms at 300/s"),
        (("--what-if", "threads=32"), "`threads=32`: "),
        (("--what-if", "threads=32", "--what-if", "no cache"), "`threads=32, no cache`: "),
    ],
)
def test_each_question_is_answered(simulate, arguments, told):
    result = simulate(*arguments)
    assert result.exit_code == 0
    assert told in " ".join(result.stdout.split())


def test_an_objective_is_judged_after_a_change(simulate):
    asked = ("--what-if", "threads=32", "--slo", "p95=1us")
    text = " ".join(simulate(*asked).stdout.split())
    assert "The objective, p95 within 1.00 µs, doesn't hold." in text
    (row,) = csv.DictReader(StringIO(simulate(*asked, "--format", "csv").stdout))
    (change,) = json.loads(simulate(*asked, "--format", "json").stdout)["changes"]
    assert row["holds"] == change["holds"] == "no"


def test_a_changed_program_can_be_swept(simulate):
    result = simulate("--what-if", "threads=32", "--rate", "50,100")
    assert "a pool of 32 threads" in result.stdout


def test_a_prediction_is_checked_against_its_profile(flux, program, profile):
    result = flux("simulate", program, "--profile", profile, "--check", *FAST)
    assert result.exit_code == 0
    assert "throughput" in result.stdout
    assert "Paths, those that are furthest off first" in result.stdout


def test_json_and_csv_go_to_files(simulate, tmp_path):
    assert simulate("--format", "json", "-o", "p.json").exit_code == 0
    assert json.loads((tmp_path / "p.json").read_text())["format"] == "flux-prediction"
    assert simulate("--format", "csv").stdout.startswith("cpus,threads,max_flows,rate,")


def test_runs_in_processes_say_the_same(simulate):
    assert simulate("--jobs", "2").stdout == simulate().stdout


def test_a_picture_is_drawn(simulate, tmp_path):
    result = simulate("--rate", "50,100", "--plot", "p.svg")
    assert result.exit_code == 0
    assert "wrote p.svg" in result.stderr
    assert "mean latency over rate" in (tmp_path / "p.svg").read_text()


def test_a_picture_shows_what_was_observed(simulate, tmp_path):
    (tmp_path / "seen.csv").write_text("cpus,rate,p95\n1,50,0.05\n1,100,0.1\n")
    asked = ("--rate", "50,100", "--slo", "p95=90ms", "--observed", "seen.csv")
    assert simulate(*asked, "--plot", "p.svg").exit_code == 0
    assert "observed" in (tmp_path / "p.svg").read_text()


def test_a_picture_may_be_of_pixels(simulate, tmp_path, monkeypatch):
    converter = tmp_path / "rsvg-convert"
    converter.write_text("#!/bin/sh\ngrep -q '</svg>' && echo \"pixels $*\"\n")
    converter.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert simulate("--rate", "50,100", "--plot", "p.png").exit_code == 0
    assert (tmp_path / "p.png").read_text() == "pixels --zoom 2 --format png\n"


def test_pixels_without_a_converter_name_the_remedy(simulate, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    result = simulate("--rate", "50,100", "--plot", "p.png")
    assert result.exit_code == 2
    assert "PNG needs rsvg-convert" in result.stderr


WRONG = [
    (("--rate", "fast"), "'fast' in 'fast' is no number"),
    (("--cpus", "1.5"), "isn't a whole number"),
    (("--cpus", "5000"), "5,000 is more than 1,024"),
    (("--slo", "p95"), "such as p95=50ms"),
    (("--slo", "p95=1s", "--slo", "mean=1s"), "--slo is given 2 times, and one objective is"),
    (("--size",), "--size needs an objective"),
    (("--size", "--speedup"), "--speedup and --size can't be used together"),
    (("--speedup", "--rate", "5,6"), "--speedup is about one setting: give one --rate"),
    (("--size", "--slo", "p95=1s", "--cpus", "2"), "--cpus has no use with --size"),
    (("--check",), "--check compares with a profile"),
    (("--faster", "10"), "--faster is for --speedup"),
    (("--speedup", "--faster", "nan"), "'nan' is no number"),
    (("--rate", "-5"), "-5 in '-5' is too small"),
    (("--sessions", "10"), "--sessions has no use with --parameters"),
    (("--plot", "p.gif", "--rate", "5,6"), "writes .svg and .png, and p.gif is neither"),
    (("--plot", "p.svg"), "--plot draws latency over rate: give a range"),
    (("--plot", "no/p.svg", "--rate", "5,6"), "there is no folder no"),
    (("--cpus", "1:200", "--threads", "1:200"), "that is 40,000 settings"),
    (("--template",), "--parameters and --template can't be used together"),
    (("--runs", "1"), "1 is not in the range"),
    (("--what-if", "nonsense"), "`nonsense` is no change: write cache=reader"),
]


@pytest.mark.parametrize(("arguments", "told"), WRONG)
def test_what_makes_no_sense_is_refused(simulate, arguments, told):
    result = simulate(*arguments)
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())
    assert not result.stdout


def test_times_must_come_from_somewhere(flux, program):
    result = flux("simulate", program)
    assert result.exit_code == 2
    assert "--template writes a file to fill in" in " ".join(result.stderr.split())


def test_a_template_needs_nothing_else(flux, program):
    result = flux("simulate", program, "--template", "--rate", "5")
    assert result.exit_code == 2
    assert "--rate has no use with --template" in result.stderr


def test_a_check_is_of_one_profile(flux, program, profile):
    result = flux("simulate", program, "--profile", profile, "--profile", profile, "--check")
    assert result.exit_code == 2
    assert "--check compares with one profile" in " ".join(result.stderr.split())


def test_a_check_is_of_what_was_measured(flux, program, profile):
    result = flux("simulate", program, "--profile", profile, "--check", "--rate", "5")
    assert "--rate has no use with --check" in result.stderr


def test_pythons_lock_is_no_matter_of_servers_in_cpp(flux, program, tmp_path, monkeypatch):
    served = Served("cpp", "pool", 2, 1, threads=8)
    (tmp_path / "cpp.json").write_bytes(msgspec.json.encode(measured_profile(server=served)))
    monkeypatch.setattr(wiring, "troubles", lambda: (SimulationError,))
    asked = ("--profile", "cpp.json", *FAST, "--what-if", "Compress.gil=0.5")
    result = flux("simulate", program, *asked)
    assert result.exit_code == 2
    assert "what if 'Compress.gil=0.5': cpp.json is of a server in C++" in result.stderr


def test_sessions_are_for_constraints_of_them(flux, program, profile):
    result = flux("simulate", program, "--profile", profile, *FAST, "--sessions", "10")
    assert result.exit_code == 2
    assert "--sessions is for constraints of sessions, and lines.flux has none: leave it" in (
        " ".join(result.stderr.split())
    )


@pytest.mark.parametrize("asked", [("--what-if", "cache=session"), ("--granularity",)])
def test_sessions_are_for_changes_that_need_them_too(flux, program, profile, monkeypatch, asked):
    def scoped(model, **_):
        return replace(model, constraints=(Constraint("cache", "session"),))

    monkeypatch.setattr(wiring, "edited", scoped)
    result = flux("simulate", program, "--profile", profile, *FAST, "--sessions", "10", *asked)
    assert result.exit_code == 0


def test_wrong_parameters_are_told_with_their_place(simulate, parameters):
    parameters.write_text("wrong\n")
    result = simulate()
    assert result.exit_code == 2
    assert f"{parameters}, line 1: `wrong` is no table" in result.stderr


def test_each_mistake_of_a_file_has_a_line(simulate, monkeypatch):
    def read(*_):
        raise WrongError("a.toml:1: no\x1b table\n" + 200 * "a.toml:2: no number\n")

    monkeypatch.setattr(wiring, "by_hand", read)
    lines = simulate().stderr.splitlines()
    assert lines[:2] == ["Error: a.toml:1: no␛ table", "a.toml:2: no number"]
    assert len(lines) > 200


def test_parameters_may_begin_with_a_mark_of_their_encoding(simulate, parameters):
    parameters.write_text("# by hand\n", encoding="utf-8-sig")
    assert simulate().exit_code == 0


def test_parameters_that_are_no_text_are_refused(simulate, parameters):
    parameters.write_bytes(b"a\xff")
    result = simulate()
    assert result.exit_code == 2
    assert "is no UTF-8 text: byte 1" in result.stderr


def test_observations_that_can_not_be_read_are_told_before_the_runs(simulate, tmp_path):
    (tmp_path / "seen.csv").write_text("speed\n1\n")
    result = simulate("--rate", "50,100", "--plot", "p.svg", "--observed", "seen.csv")
    assert result.exit_code == 2
    assert "seen.csv, line 1: there is no column `rate`" in result.stderr
    assert not result.stdout


@pytest.mark.parametrize(
    ("asked", "column", "told"),
    [
        ((), "p95", "has no `mean`, which --plot draws: add a column `mean`, or draw what it has,"),
        (("--slo", "p99=1s"), "mean", "has no `p99`, which --plot draws: add a column `p99`, or"),
    ],
)
def test_observations_that_would_not_be_drawn_are_refused(simulate, tmp_path, asked, column, told):
    (tmp_path / "seen.csv").write_text(f"rate,{column}\n50,0.05\n100,0.1\n")
    result = simulate("--rate", "50,100", "--plot", "p.svg", "--observed", "seen.csv", *asked)
    assert result.exit_code == 2
    error = " ".join(result.stderr.split())
    assert f"seen.csv {told}" in error
    assert f"as with --slo {column}=50ms" in error
    assert not (tmp_path / "p.svg").exists()


def test_a_program_with_mistakes_is_shown_them(flux, tmp_path, parameters):
    (tmp_path / "wrong.flux").write_text("source A => B;\n")
    result = flux("simulate", "wrong.flux", "--parameters", parameters)
    assert result.exit_code == 1
    assert "error[" in result.stderr


def test_ctrl_c_shows_what_there_is(simulate, monkeypatch):
    monkeypatch.setattr(wiring, "engine", lambda: replace(ENGINE, simulate=impatient(9)))
    result = simulate("--rate", "20,40,60")
    assert result.exit_code == 130
    assert "interrupted: 2 settings left out" in result.stdout
    assert "20.0/s come" in result.stdout


def test_ctrl_c_shows_the_changes_that_are_done(simulate, monkeypatch):
    # Three pilots and four runs for each of a program's two states, and for those of a change.
    monkeypatch.setattr(wiring, "engine", lambda: replace(ENGINE, simulate=impatient(29)))
    result = simulate("--speedup")
    assert result.exit_code == 130
    assert "(as it is)" in result.stdout
    assert "Compress\n" not in result.stdout


@pytest.mark.parametrize("asked", [("--size", "--slo", "p95=50ms"), ("--speedup",)])
def test_ctrl_c_before_anything_is_known_says_so(simulate, monkeypatch, asked):
    monkeypatch.setattr(wiring, "engine", lambda: replace(ENGINE, simulate=impatient(0)))
    result = simulate(*asked)
    assert result.exit_code == 130
    assert result.stderr == "interrupted before anything was known\n"
    assert not result.stdout


def impatient(runs):
    """An engine that is interrupted after so many runs."""
    left = [runs]

    def simulate(*job):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return ENGINE.simulate(*job)

    return simulate


def test_an_engine_that_finds_a_model_wrong_is_quoted(simulate, monkeypatch):
    def refuse(*_job):
        raise WrongError("a machine needs a processor")

    monkeypatch.setattr(wiring, "engine", lambda: replace(ENGINE, simulate=refuse))
    result = simulate()
    assert result.exit_code == 2
    assert result.stderr == "Error: a machine needs a processor\n"


def test_a_server_that_is_saturated_is_no_failure(simulate, monkeypatch):
    def pile(*_job):
        raise SaturatedError

    monkeypatch.setattr(wiring, "engine", lambda: replace(ENGINE, simulate=pile))
    result = simulate()
    assert result.exit_code == 0
    assert "Flows pile up" in result.stdout


def test_the_profile_of_nobody_is_an_error(flux, program):
    result = flux("simulate", program, "--profile", "nothing.json")
    assert result.exit_code == 2


def test_progress_is_for_terminals_only(simulate):
    assert simulate("--rate", "20,40").stderr == ""


def test_the_help_loads_no_engine():
    script = (
        "import sys; from flux.cli import main; main(['simulate', '--help'],"
        " standalone_mode=False); print('multiprocessing' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert result.stdout.decode().splitlines()[-1] == "False"


def test_processors_are_counted():
    assert simulating._processors() >= 1


class Terminal(StringIO):
    """What is written to a terminal."""

    def isatty(self):
        return True


def test_progress_is_shown_on_a_terminal(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with simulating._progress(2) as step:
        step()
    assert "simulating" in terminal.getvalue()
    assert "50%" in terminal.getvalue()
