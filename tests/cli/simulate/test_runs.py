"""The runs of `flux simulate`: how far they are, and what comes of them if they end early."""

import sys
from dataclasses import replace
from io import StringIO

import pytest
from cli.simulate.stand_ins import WrongError
from predicted.engine import ENGINE, SaturatedError

from flux.cli import simulating
from flux.simulation.prediction import wiring


def test_runs_in_processes_say_the_same(simulate):
    assert simulate("--jobs", "2").stdout == simulate().stdout


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


def test_progress_is_for_terminals_only(simulate):
    assert simulate("--rate", "20,40").stderr == ""


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
