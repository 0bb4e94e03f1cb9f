"""What `flux simulate` answers to each question, and in which form."""

import csv
import json
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from itertools import product

import pytest
from cli.simulate.stand_ins import FAST

from flux.simulation.model import Constraint
from flux.simulation.prediction import wiring


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


@pytest.mark.parametrize("asked", [("--what-if", "cache=session"), ("--granularity",)])
def test_sessions_are_for_changes_that_need_them_too(flux, program, profile, monkeypatch, asked):
    def scoped(model, **_):
        return replace(model, constraints=(Constraint("cache", "session"),))

    monkeypatch.setattr(wiring, "edited", scoped)
    result = flux("simulate", program, "--profile", profile, *FAST, "--sessions", "10", *asked)
    assert result.exit_code == 0


def test_parameters_may_begin_with_a_mark_of_their_encoding(simulate, parameters):
    parameters.write_text("# by hand\n", encoding="utf-8-sig")
    assert simulate().exit_code == 0


def test_the_help_loads_no_engine():
    script = (
        "import sys; from flux.cli import main; main(['simulate', '--help'],"
        " standalone_mode=False); print('multiprocessing' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert result.stdout.decode().splitlines()[-1] == "False"
