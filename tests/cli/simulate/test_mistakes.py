"""What `flux simulate` refuses, and with which words."""

import msgspec
import pytest
from cli.simulate.stand_ins import FAST, WrongError
from predicted.profiles import measured_profile

from flux.profile.model import Served
from flux.simulation.errors import SimulationError
from flux.simulation.prediction import wiring

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


def test_parameters_that_are_no_text_are_refused(simulate, parameters):
    parameters.write_bytes(b"a\xff")
    result = simulate()
    assert result.exit_code == 2
    assert "is no UTF-8 text: byte 1" in result.stderr


def test_a_program_with_mistakes_is_shown_them(flux, tmp_path, parameters):
    (tmp_path / "wrong.flux").write_text("source A => B;\n")
    result = flux("simulate", "wrong.flux", "--parameters", parameters)
    assert result.exit_code == 1
    assert "error[" in result.stderr


def test_the_profile_of_nobody_is_an_error(flux, program):
    result = flux("simulate", program, "--profile", "nothing.json")
    assert result.exit_code == 2
