"""Reports as text, JSON and CSV."""

import csv
import json
from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from predicted.engine import run
from predicted.models import image_model, single
from predicted.reports import FAST, REPORTS, grid, sweep

from flux.render.paint import colored, plain
from flux.simulation.model import Closed
from flux.simulation.prediction.alternatives import Alternative, ranking
from flux.simulation.prediction.bottleneck import verdict
from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.objectives import objective
from flux.simulation.prediction.replications import Subject
from flux.simulation.prediction.reports.contents import Ranked, Sized, Sweep
from flux.simulation.prediction.reports.csv import as_csv
from flux.simulation.prediction.reports.data import as_json
from flux.simulation.prediction.reports.text import as_text
from flux.simulation.prediction.reports.words import part_within, rate_within, time_within
from flux.simulation.prediction.settings import Setting, applied
from flux.simulation.prediction.sizing import sized
from flux.simulation.times import Constant

GOLDEN = Path(__file__).parent / "reports"


def test_reports_are_shown_like_this(report, golden):
    name, shown = report
    golden(GOLDEN / f"{name}.txt", as_text(shown, 100, plain))


@pytest.mark.parametrize("width", [60, 80, 120])
def test_sentences_are_as_wide_as_the_terminal(report, width):
    _, shown = report
    sentences = [line for line in as_text(shown, width, plain).splitlines() if line[:1].isalpha()]
    assert max(map(len, sentences)) <= width


def test_colours_are_all_that_colours_add(report):
    _, shown = report
    text = as_text(shown, 100, lambda text, _: f"\0{text}\0")
    assert text.replace("\0", "") == as_text(shown, 100, plain)


def test_json_is_told_with_its_version(report):
    name, shown = report
    found = json.loads(as_json(shown))
    assert (found["format"], found["version"]) == ("flux-prediction", 1)
    kinds = {"size", "speedup", "granularity", "what-if", "check"}
    assert found["kind"] == ({"no-size": "size"} | {each: each for each in kinds}).get(
        name, "settings"
    )


def test_json_is_like_this(golden):
    shown = sweep(image_model(100, threads=8))
    golden(GOLDEN / "one.json", as_json(shown).decode())


def test_csv_has_a_line_for_each_row(report):
    _, shown = report
    rows = list(csv.DictReader(StringIO(as_csv(shown))))
    assert rows
    assert all(None not in row and None not in row.values() for row in rows)


def test_csv_is_like_this(golden):
    golden(GOLDEN / "grid.csv", as_csv(grid()))


def test_csv_can_be_read_as_observations():
    from flux.simulation.prediction.observations import observations  # noqa: PLC0415

    found = observations(as_csv(grid()), "grid.csv")
    assert len(found) == sum(not point.prediction.is_saturated for point in grid().points)


def test_a_name_is_no_formula_in_csv():
    text = as_csv(REPORTS["what-if"]()).replace("threads=32", "=1+1")
    assert "=1+1" in text
    gain = REPORTS["what-if"]()
    first = gain.ranking.gains[0]
    named = replace(first, alternative=replace(first.alternative, name="=1+1"))
    shown = replace(gain, ranking=replace(gain.ranking, gains=(named,)))
    assert "\n'=1+1," in as_csv(shown)


def test_control_characters_of_a_program_reach_no_terminal():
    model = replace(image_model(100), program="\x1b[31mred.flux")
    assert "\x1b" not in as_text(sweep(model), 80, plain)


def test_the_bottleneck_is_bold():
    assert "\x1b[1mprocessors\x1b[0m" in as_text(sweep(), 100, colored)


def test_nothing_at_all_can_be_shown():
    nothing = Sweep((), 3)
    assert as_text(nothing, 80, plain) == "Nothing was simulated.\n"
    assert as_csv(nothing) == ""
    assert json.loads(as_json(nothing))["settings"] == []


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Estimate(0.0123, 0.0119, 0.0128), "12.3 ms (11.9 to 12.8)"),
        (Estimate(0.0009996, 0.0009, 0.0011), "1.00 ms (0.90 to 1.10)"),
        (Estimate(2.0, 1.0, float("inf")), "2.00 s (1.00 to no bound)"),
        (Estimate(0.0, 0.0, 0.0), "0 (0 to 0)"),
        (Estimate(0.001, -0.001, 0.003), "1.00 ms (0 to 3.00)"),
    ],
)
def test_an_interval_has_the_unit_of_its_value(found, text):
    assert time_within(found) == text


def test_rates_and_parts_have_intervals_too():
    assert rate_within(Estimate(320, 318, 322)) == "320/s (318 to 322)"
    assert part_within(Estimate(0.451, 0.44, 0.462)) == "45.1% (44.0 to 46.2)"


@pytest.mark.parametrize(
    ("threads", "told"),
    [(1, "the mean latency is"), (2, "nothing changes beyond chance")],
)
def test_what_a_change_does_is_told_for_better_or_worse(threads, told):
    change = Alternative(f"threads={threads}", partial(applied, setting=Setting(threads=threads)))
    found = ranking(Subject(image_model(60, threads=2)), run, FAST, [change])
    text = as_text(Ranked("what-if", found, "What if"), 200, plain)
    assert f"`threads={threads}`: {told}" in text
    assert ("longer" in text) == (threads == 1)


def test_what_holds_flows_up_after_a_change_is_told():
    change = Alternative("threads=1", partial(applied, setting=Setting(threads=1)))
    found = ranking(Subject(image_model(60, threads=8)), run, FAST, [change])
    text = " ".join(as_text(Ranked("what-if", found, "What if"), 200, plain).split())
    assert verdict(found.gains[0].outcome.usual) in text
    assert verdict(found.before.usual) not in text


def test_changes_that_gain_nothing_are_not_praised():
    change = Alternative("nothing", lambda model: model)
    found = ranking(Subject(image_model(60)), run, FAST, [change])
    text = as_text(Ranked("speedup", found, "Each node 25% faster"), 200, plain)
    assert "None of these changes gains anything beyond chance." in text


def test_a_machine_for_clients_has_no_rate():
    model = single(service=0.01, threads=4)
    source = replace(model.sources[0], arrivals=Closed(1, Constant(0.1)))
    tried = []
    subject = Subject(replace(model, sources=(source,)))
    found = sized(subject, run, FAST, objective("mean=100ms"), tried.append)
    assert "hold mean within 100 ms for these clients" in as_text(
        Sized(found, tuple(tried)), 200, plain
    )
