"""Pictures of what `flux simulate` predicts, and of what was observed."""

import os

import pytest


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
